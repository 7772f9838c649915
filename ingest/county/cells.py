"""Typed values to the text of cells, as each office writes dates, money and yes/no, with stray spaces and full-width digits.

Belongs here: the form of a cell. Which file holds it is `layout`; errors of content are `mess`.
"""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ingest.county.draw import Texts, texts

DATE_FORMATS = {
    "iso": "%Y-%m-%d",
    "slash": "%Y/%m/%d",
    "compact": "%Y%m%d",
    "chinese": "%Y年%m月%d日",
    "dotted": "%Y.%m.%d",
    "iso_time": "%Y-%m-%d 00:00:00",
}
MONTH_FORMATS = {"compact": "%Y%m", "iso": "%Y-%m", "chinese": "%Y年%m月"}
BOOLS = {"words": ("是", "否"), "10": ("1", "0"), "YN": ("Y", "N")}
EXCEL_EPOCH = np.datetime64("1899-12-30", "D")
NOISY = {"text", "name", "id_number", "phone", "code", "village", "int", "date"}
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def render(values: pd.Series, column: dict[str, Any], layout: dict[str, Any]) -> Texts:
    """Return the text of each cell of a column by its contract type and the file's habits; blank is ''."""
    kind, name = column["physicalType"], column["name"]
    if kind in ("date", "month"):
        return _dates(values, kind, name, layout)
    if kind in ("money", "decimal"):
        return _amounts(values, 2 if kind == "money" else 1, layout.get("money", "plain"))
    if kind == "bool" and values.dtype == bool:
        yes, no = ("√", "") if name in layout.get("tick", []) else BOOLS[layout.get("bools", "words")]
        return np.where(values.to_numpy(), yes, no).astype(object)
    if kind == "int":
        number = pd.to_numeric(values).astype("Int64").astype("str")
        return texts(number.replace({"<NA>": ""}).fillna("").tolist())
    text = values.astype(object).where(values.notna(), "")
    if kind == "name" and layout.get("dot", "·") != "·":
        text = text.astype("str").str.replace("·", layout["dot"], regex=False)
    for option, of in (("sexes", "sex"), ("grades", "safety_grade")):
        if name == of and option in layout:
            text = text.map(layout[option])
    if name in layout.get("apostrophe", []):
        text = text.where(text == "", "'" + text.astype("str"))
    if name in layout.get("null", []):
        text = text.where(text != "", "NULL")
    if name in layout.get("blanks", {}):
        text = text.where(text != "", layout["blanks"][name])
    return texts(text.tolist())


def _dates(values: pd.Series, kind: str, name: str, layout: dict[str, Any]) -> Texts:
    """Format each distinct day once; blank where there is none."""
    day = values.to_numpy().astype("datetime64[D]")
    codes, distinct = pd.factorize(day)
    stamps = pd.DatetimeIndex(distinct)
    if name in layout.get("serial_dates", []):
        words = (distinct - EXCEL_EPOCH).astype(np.int64).astype(str).tolist()
    elif kind == "month":
        words = stamps.strftime(MONTH_FORMATS[layout.get("months", "iso")]).tolist()
    elif layout.get("dates") == "slash_short":
        words = [f"{stamp.year}/{stamp.month}/{stamp.day}" for stamp in stamps]
    else:
        words = stamps.strftime(DATE_FORMATS[layout.get("dates", "iso")]).tolist()
    return texts([*words, ""])[codes]


def _amounts(values: pd.Series, places: int, style: str) -> Texts:
    number = pd.to_numeric(values).to_numpy(dtype=float)
    if style == "thousands":
        return texts(["" if np.isnan(value) else f"{value:,.{places}f}" for value in number])
    exact = pc.cast(pc.round(pa.array(number, from_pandas=True), places), pa.decimal128(18, places))
    word = texts(pc.fill_null(pc.cast(exact, pa.string()), "").to_pylist())
    return np.where(word == "", "", word + "元") if style == "yuan" else word


def add_noise(cells: Texts, column: dict[str, Any], rng: np.random.Generator, rate: float) -> Texts:
    """Give a few cells stray spaces, NBSP, full-width digits or an apostrophe: the value stays the same."""
    if column["physicalType"] not in NOISY or not len(cells):
        return cells
    rows = rng.choice(len(cells), size=rng.binomial(len(cells), rate), replace=False)
    rows = np.sort(rows[cells[rows] != ""])
    kind = rng.integers(0, 4, len(rows))
    cells = cells.copy()
    for row, way in zip(rows.tolist(), kind.tolist(), strict=True):
        value = str(cells[row])
        if way == 0:
            cells[row] = f" {value}　"
        elif way == 1:
            cells[row] = f"{value}\u00a0"
        elif way == 2 and column["physicalType"] in ("id_number", "phone", "int"):
            cells[row] = value.translate(FULL_WIDTH)
        elif way == 3 and column["physicalType"] == "id_number":
            cells[row] = "'" + value.lstrip("'")
    return cells
