"""A plain .xlsx writer: one sheet, columns of text written a column at a time, the same bytes every time.

Belongs here: the few parts of a workbook that a reader needs. Written here rather than by a library because a county's
72,000 x 80 registry export must take seconds (measured on 10,000 x 80 cells: xlsxwriter 3.9 s, PyExcelerate 3.0 s) and
because the fast native writers stamp the time of writing into the file.
"""

import io
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.county.draw import Bools, Texts

PARTS = {
    "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
}
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"
BATCH = 20_000


def column_letters(position: int) -> str:
    """Return the letters of a column counted from 0 (0 = A, 26 = AA)."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def write_xlsx(path: Path, columns: list[Texts], numeric: list[Bools]) -> None:
    """Write columns of equal length as rows of one sheet; '' is an empty cell, `numeric` marks cells stored as numbers."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in PARTS.items():
            archive.writestr(fixed_entry(name), text, compresslevel=1)
        with archive.open(fixed_entry("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            stream = io.BufferedWriter(sheet, 1 << 20)  # type: ignore[arg-type]  # typeshed wants RawIOBase; zip members write alike
            stream.write(HEAD.encode())
            for start in range(0, len(columns[0]), BATCH):
                part = slice(start, start + BATCH)
                stream.write(
                    _rows([column[part] for column in columns], [mask[part] for mask in numeric], start)
                )
            stream.write(TAIL.encode())
            stream.flush()
            stream.detach()


def fixed_entry(name: str) -> zipfile.ZipInfo:
    """Return a zip entry whose timestamp is always the same."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _rows(columns: list[Texts], numeric: list[Bools], start: int) -> bytes:
    count = len(columns[0])
    number = pc.cast(pa.array(np.arange(start + 1, start + count + 1)), pa.string())
    empty = pa.array([""] * count)
    parts = [pc.binary_join_element_wise('<row r="', number, '">', "")]
    for position, (column, is_number) in enumerate(zip(columns, numeric, strict=True)):
        text = pa.array(column, pa.string())
        filled = pc.not_equal(text, "")
        if not pc.any(filled).as_py():
            continue
        for plain, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            text = pc.replace_substring(text, plain, escaped)
        letters = column_letters(position)
        cell = pc.binary_join_element_wise(
            f'<c r="{letters}',
            number,
            '" t="inlineStr"><is><t xml:space="preserve">',
            text,
            "</t></is></c>",
            "",
        )
        if is_number.any():
            value = pc.binary_join_element_wise(f'<c r="{letters}', number, '"><v>', text, "</v></c>", "")
            cell = pc.if_else(pa.array(is_number), value, cell)
        parts.append(pc.if_else(filled, cell, empty))
    parts.append(pa.array(["</row>"] * count))
    joined = pc.binary_join_element_wise(*parts, "")
    return "".join(joined.to_pylist()).encode()
