"""The books to files in the landing folder, and the truth of every mention in them.

Belongs here: which rows go into which file, under which name, and where each mention stands. Cells and file formats
are `cells` and `layout`.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from ingest.county.calibration import FOLDER, data_file
from ingest.county.cells import add_noise, render
from ingest.county.draw import Bools, Ints, Texts, stream, texts
from ingest.county.facts import Facts
from ingest.county.layout import Sheet, shuffled, with_serial, write_sheet
from ingest.county.mess import write_people
from ingest.county.world import World

CONTRACTS = FOLDER.parent / "contracts"
SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Contract:
    """What the writer needs of a contract: its title, its columns as they stand in the YAML, key and required names."""

    title: str
    columns: list[dict[str, Any]]
    key: list[str]
    required: list[str]
    is_append: bool


@dataclass(frozen=True)
class Part:
    """One file to be written: its data date, number, rows (positions in the frame) and which of them are in force."""

    data_date: datetime.date
    number: int
    rows: Ints
    in_force: Bools


def read_contract(extract: str) -> Contract:
    """Read what the writer needs of `department/extract` from the contract's YAML."""
    with (CONTRACTS / f"{extract}.yaml").open(encoding="utf-8") as file:
        table = yaml.safe_load(file)["schema"][0]
    mode = {item["property"]: item["value"] for item in table["customProperties"]}["deliveryMode"]
    columns = [column for column in table["properties"] if "transformSourceObjects" not in column]
    return Contract(
        title=table["businessName"],
        columns=columns,
        key=[column["name"] for column in columns if column.get("primaryKey")],
        required=[column["name"] for column in columns if column.get("required")],
        is_append=mode == "append",
    )


def deliver(world: World, facts: Facts, landing: Path, mess: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write every extract's files.

    Returns mentions (department, extract, file_name, row_number, role, true_person, true_household, own_number,
    in_force) and deliveries (department, extract, file_name, data_date, number, loaded, quarantined, in_force).
    """
    mentions, deliveries = [], []
    for extract, layout in data_file("deliveries").items():
        found, written = _deliver_extract(world, facts, extract, layout, landing, mess)
        mentions.append(found)
        deliveries += written
    return pd.concat(mentions, ignore_index=True), pd.DataFrame(deliveries)


def _deliver_extract(
    world: World, facts: Facts, extract: str, layout: dict[str, Any], landing: Path, mess: float
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    rng, contract = stream(world.seed, f"deliver {extract}"), read_contract(extract)
    department, name = extract.split("/")
    folder = landing / department
    folder.mkdir(parents=True, exist_ok=True)
    people = write_people(world, facts, extract, rng, mess)
    frame = facts.frames[extract]
    clean = {column["name"]: render(frame[column["name"]], column, layout) for column in contract.columns}
    noise = data_file("calibration")["mess"]["cell_noise"] * mess
    cells = {
        column["name"]: add_noise(clean[column["name"]], column, rng, noise) for column in contract.columns
    }
    key = pd.Series(sum((clean[column] + SEPARATOR for column in contract.key), texts([""] * len(frame))))
    # Two namesakes without a number are two people: a key with a blank part repeats nothing.
    is_whole = pd.Series(np.all([clean[column] != "" for column in contract.key], axis=0))
    county = data_file("places")["county"]
    mentions, deliveries = [], []
    for part in _parts(world, frame, contract, layout, key, rng):
        sheet = _sheet(contract, layout, cells, part.rows, rng)
        path = folder / _file_name(name, contract.title, part, layout)
        written = write_sheet(path, sheet, layout, contract.required, rng, county)
        repeated = (key.iloc[part.rows].duplicated(keep="last") & is_whole.iloc[part.rows]).to_numpy()
        at = pd.Series(written.row_numbers, index=part.rows)
        counts = pd.Series(part.in_force & ~repeated, index=part.rows)
        here = people[people["row"].isin(part.rows[~repeated])]
        mentions.append(
            pd.DataFrame(
                {
                    "department": department,
                    "extract": name,
                    "file_name": path.name,
                    "row_number": at.reindex(here["row"]).to_numpy(dtype=np.int64),
                    "role": here["role"].to_numpy(),
                    "true_person": here["true_person"].to_numpy(dtype=np.int64),
                    "true_household": world.people["household"].to_numpy()[
                        here["true_person"].to_numpy(dtype=np.int64)
                    ],
                    "own_number": here["own_number"].to_numpy(),
                    "in_force": counts.reindex(here["row"]).to_numpy(dtype=bool),
                }
            )
        )
        deliveries.append(
            {
                "department": department,
                "extract": name,
                "file_name": path.name,
                "data_date": part.data_date,
                "number": part.number,
                "loaded": int((~repeated).sum()),
                "quarantined": written.quarantined + int(repeated.sum()),
                "in_force": bool(part.in_force.any()),
            }
        )
    return pd.concat(mentions, ignore_index=True), deliveries


def _parts(
    world: World,
    frame: pd.DataFrame,
    contract: Contract,
    layout: dict[str, Any],
    key: pd.Series,
    rng: np.random.Generator,
) -> list[Part]:
    """Split the rows into files: by date (append) or earlier states before the whole (snapshot), then re-deliveries."""
    days = [world.today.day - datetime.timedelta(days=days) for days in layout["days"]]
    everything = np.arange(len(frame))
    parts: list[Part] = []
    if contract.is_append:
        event = frame[layout["by"]].to_numpy().astype("datetime64[D]")
        file = np.searchsorted(np.array(days[:-1], dtype="datetime64[D]"), event)
        if "_late" in frame:
            file = np.where(frame["_late"].to_numpy(dtype=bool), len(days) - 1, file)
        order = pd.DataFrame({"key": key.to_numpy(), "file": file}).sort_values("file", kind="stable")
        last = (
            pd.Series(~order["key"].duplicated(keep="last").to_numpy(), index=order.index)
            .sort_index()
            .to_numpy()
        )
        parts = [
            Part(day, 1, everything[file == place], last[file == place]) for place, day in enumerate(days)
        ]
        parts = [part for part in parts if len(part.rows)]
    else:
        for day in days[:-1]:
            parts.append(Part(day, 1, _share(everything, layout, rng), np.zeros(0, dtype=bool)))
        parts.append(Part(days[-1], 1, everything, np.ones(len(everything), dtype=bool)))
    if layout.get("number", 1) == 2:
        whole = parts.pop()
        parts += [
            Part(whole.data_date, 1, _share(whole.rows, layout, rng), np.zeros(0, dtype=bool)),
            Part(whole.data_date, 2, whole.rows, whole.in_force),
        ]
    return [
        part
        if len(part.in_force)
        else Part(part.data_date, part.number, part.rows, np.zeros(len(part.rows), dtype=bool))
        for part in parts
    ]


def _share(rows: Ints, layout: dict[str, Any], rng: np.random.Generator) -> Ints:
    count = max(1, round(len(rows) * layout["earlier_share"]))
    return np.sort(rng.choice(rows, size=count, replace=False))


def _sheet(
    contract: Contract, layout: dict[str, Any], cells: dict[str, Texts], rows: Ints, rng: np.random.Generator
) -> Sheet:
    headers = {column["name"]: column["businessName"] for column in contract.columns} | layout.get(
        "headers", {}
    )
    names = [column["name"] for column in contract.columns]
    extra: list[str] = layout.get("extra_columns", [])
    sheet = Sheet(
        [headers[name] for name in names] + extra,
        names + [""] * len(extra),
        [cells[name][rows] for name in names] + [texts([""] * len(rows)) for _ in extra],
    )
    if layout.get("shuffle"):
        sheet = shuffled(sheet, rng)
    return with_serial(sheet) if layout.get("serial") else sheet


def _file_name(extract: str, title: str, part: Part, layout: dict[str, Any]) -> str:
    stem = title if layout.get("title_name") else extract
    number = f"_{part.number}" if part.number > 1 else ""
    extension = layout.get("ext", {"xlsx": "xlsx", "csv": "csv", "tsv": "txt"}[layout["format"]])
    return f"{stem}_{part.data_date:%Y%m%d}{number}{layout.get('copy_counter', '')}.{extension}"
