"""The files read back: every mention's row number, the formats, the figures, the same bytes twice."""

import csv
import datetime
import gzip
import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import python_calamine

from ingest.county.calibration import data_file
from ingest.county.deliver import read_contract
from ingest.county.draw import texts
from ingest.county.identity import check_digits, id_numbers
from ingest.county.make import CountySummary, make_county
from ingest.county.roles import ROLES

DAY = datetime.date(2026, 11, 23)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> CountySummary:
    return make_county(tmp_path_factory.mktemp("county"), persons=3000, seed=7, run_date=DAY)


def _sheet_rows(path: Path) -> dict[int, list[str]]:
    sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    return {
        number: [str(cell) for cell in row]
        for number, row in enumerate(sheet.to_python(skip_empty_area=False), start=1)
    }


def _text_rows(path: Path, encoding: str) -> dict[int, list[str]]:
    """Rows by the physical line they begin on; a byte the encoding lacks is replaced."""
    data = path.read_bytes()
    if path.name.endswith(".gz"):
        data = gzip.decompress(data)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read(archive.namelist()[0])
    text = data.decode(encoding, errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if path.suffix == ".xls" else ",")
    rows, line = {}, 1
    for row in reader:
        rows[line] = row
        line = reader.line_num + 1
    return rows


def read_rows(path: Path, extract: str) -> dict[int, list[str]]:
    layout = data_file("deliveries")[extract]
    return _sheet_rows(path) if layout["format"] == "xlsx" else _text_rows(path, layout["encoding"])


def mention_cells(
    county: CountySummary,
) -> Iterator[tuple[str, pd.DataFrame, dict[int, list[str]], dict[str, int]]]:
    """Per delivered file with people: extract, its mentions, its rows by number, the position of each contract column."""
    mentions = pd.read_parquet(county.truth / "mentions.parquet")
    for (department, name, file_name), group in mentions.groupby(["department", "extract", "file_name"]):
        extract = f"{department}/{name}"
        rows = read_rows(county.landing / department / file_name, extract)
        headers = {
            column["name"]: column["businessName"] for column in read_contract(extract).columns
        } | data_file("deliveries")[extract].get("headers", {})
        header = next(
            row for row in rows.values() if headers["name" if "name" in headers else "head_name"] in row
        )
        yield (
            extract,
            group,
            rows,
            {column: header.index(word) for column, word in headers.items() if word in header},
        )


def test_every_mention_stands_where_the_truth_says(county: CountySummary) -> None:
    """A row number off by the title rows, a blank line or a quoted line break would send the auditor to another person."""
    persons = pd.read_parquet(county.truth / "persons.parquet").set_index("true_person")
    asked = 0
    for extract, group, rows, order in mention_cells(county):
        for role in ROLES[extract]:
            if role.id_number is None:
                continue
            own = group[(group["role"] == role.role) & (group["own_number"] == "valid")]
            cells = [rows[number][order[role.id_number]] for number in own["row_number"]]
            found = pd.Series(cells, dtype="str").str.normalize("NFKC").str.strip(" '\u00a0").str.upper()
            assert found.tolist() == persons["id_number"].reindex(own["true_person"]).tolist(), (
                extract,
                role.role,
            )
            asked += len(own)
    assert asked > 9_000


def test_damaged_numbers_are_not_sound(county: CountySummary) -> None:
    """A ruined number that passes the check digit would be another person's: the truth would call a right link wrong."""
    for extract, group, rows, order in mention_cells(county):
        for role in ROLES[extract]:
            if role.id_number is None:
                continue
            damaged = group[(group["role"] == role.role) & (group["own_number"] == "damaged")]
            cells = [
                rows[number][order[role.id_number]].strip(" '\u00a0　") for number in damaged["row_number"]
            ]
            whole = texts([cell for cell in cells if len(cell) == 18 and cell[:17].isdigit()])
            sound = check_digits(texts([cell[:17] for cell in whole])) == texts([cell[17] for cell in whole])
            assert not np.asarray(sound).any(), (extract, role.role)


def test_ordinary_mess_is_about_five_percent(county: CountySummary) -> None:
    """Too little mess would make linking look easy; too much would make the demo a fiction."""
    mentions = pd.read_parquet(county.truth / "mentions.parquet")
    unusable = mentions["own_number"].isin(["damaged", "absent", "other_person"]).mean()
    assert 0.03 < unusable < 0.07
    assert set(mentions["own_number"]) == {"valid", "upgraded", "damaged", "absent", "other_person"}


def test_mess_multiplies(tmp_path: Path) -> None:
    """An argument without effect would let every stress test run on clean data."""
    share = {}
    for mess in (0.0, 3.0):
        made = make_county(tmp_path / str(mess), persons=1000, seed=1, run_date=DAY, mess=mess)
        mentions = pd.read_parquet(made.truth / "mentions.parquet")
        share[mess] = mentions["own_number"].isin(["damaged", "other_person"]).mean()
    assert share[0.0] == 0.0
    assert share[3.0] > 0.06


def test_rows_in_the_files_are_those_of_the_truth(county: CountySummary) -> None:
    """Bad rows must be extra rows: a lost good one would be a gap that nobody planted."""
    deliveries = pd.read_parquet(county.truth / "deliveries.parquet")
    for row in deliveries.itertuples():
        extract = f"{row.department}/{row.extract}"
        layout = data_file("deliveries")[extract]
        rows = read_rows(county.landing / row.department / row.file_name, extract)
        around = len(layout.get("titles", [])) + 1 + len(layout.get("footers", []))
        contract = read_contract(extract)
        headers = {contract.columns[0]["businessName"]} | set(layout.get("headers", {}).values())
        again = (
            sum(bool(headers & set(cells)) for number, cells in rows.items() if number > around)
            if "header_again" in layout.get("bad", [])
            else 0
        )
        blank = sum(not any(cells) for cells in rows.values())
        assert len(rows) - around - again - blank == row.loaded + row.quarantined, row.file_name
        assert row.quarantined <= 0.2 * (row.loaded + row.quarantined), row.file_name


def test_all_extracts_and_the_messy_formats_are_there(county: CountySummary) -> None:
    """A format that no department delivers would be tried by nobody before the first real county."""
    names = [path.name for path in county.landing.rglob("*") if path.is_file()]
    assert len(county.rows) == 19, (
        "all contracts but registry/verdicts, linkage/decisions and work_list/sent, which people write later"
    )
    for ending in (".csv", ".csv.gz", ".zip", ".xlsx", ".xls", ".txt"):
        assert any(name.endswith(ending) for name in names), ending
    assert any("_2." in name for name in names), "a corrected re-delivery"
    assert any(name.startswith("残疾人证_") for name in names), "a Chinese title as the name"
    assert any("（2）" in name for name in names), "a browser's copy counter"
    roll = next(county.landing.glob("education/students_*.xls")).read_bytes()
    assert roll.count(b"\xff") >= 1
    assert next(county.landing.glob("registry/visits_*.csv")).read_bytes().startswith(b"\xef\xbb\xbf")


def test_same_arguments_give_the_same_bytes(county: CountySummary, tmp_path: Path) -> None:
    """A clock or an unordered set in the generator would change every fingerprint downstream."""
    again = make_county(tmp_path, persons=3000, seed=7, run_date=DAY)
    first = {
        path.relative_to(county.landing.parent): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in county.landing.parent.rglob("*")
        if path.is_file()
    }
    second = {
        path.relative_to(again.landing.parent): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in again.landing.parent.rglob("*")
        if path.is_file()
    }
    assert first == second


def test_real_deliveries_are_never_touched(tmp_path: Path) -> None:
    """Writing beside real deliveries would mix synthetic people with a county's own; removing them would be worse."""
    real = tmp_path / "landing" / "registry" / "persons_20261101.xlsx"
    real.parent.mkdir(parents=True)
    real.write_bytes(b"a county's own")
    with pytest.raises(FileExistsError, match="no demo county's"):
        make_county(tmp_path, persons=500, seed=7, run_date=DAY)
    assert real.read_bytes() == b"a county's own"


def test_an_earlier_county_is_replaced_whole(tmp_path: Path) -> None:
    """A file left from another day or seed would be one more delivery of the demo."""
    make_county(tmp_path, persons=500, seed=1, run_date=datetime.date(2026, 9, 1))
    second = make_county(tmp_path, persons=500, seed=2, run_date=DAY)
    written = set(pd.read_parquet(second.truth / "deliveries.parquet")["file_name"])
    assert {path.name for path in second.landing.rglob("*") if path.is_file()} == written


def test_numbers_are_different_and_sound() -> None:
    """Two people with one number, or a wrong check digit, would be conflicts that nobody planted."""
    birth = np.repeat(np.array(["1970-01-01", "2020-02-29"], dtype="datetime64[D]"), 900)
    male = np.tile([True, False], 900)
    made = id_numbers(texts(["519901"] * 1800), birth, male)
    assert len(set(made)) == 1800
    assert (
        check_digits(texts([number[:17] for number in made])) == texts([number[17] for number in made])
    ).all()
    assert all(int(number[16]) % 2 == is_male for number, is_male in zip(made, male, strict=True))


def test_check_digit_of_the_standard() -> None:
    """GB 11643's own worked example, so that the generator and the reader cannot share one mistake."""
    assert check_digits(texts(["11010519491231002"])).tolist() == ["X"]


def test_people_bear_unassigned_regions_and_phones(county: CountySummary) -> None:
    """A region that exists or a phone that rings would make a synthetic person somebody."""
    persons = pd.read_parquet(county.truth / "persons.parquet")
    numbers = persons.loc[persons["id_number"] != "", "id_number"]
    assert numbers.str.startswith("5199").all()
    assert not numbers.duplicated().any()
    assert (persons["id_number"] == "").sum() >= 3


def test_claims_are_the_report_in_the_warehouse_units(county: CountySummary) -> None:
    """A growth claimed as a fraction beside one found in per cent would look like a false report."""
    claims = pd.read_csv(county.report_claims).set_index("figure_id")["claimed"]
    assert len(claims) == 28
    assert claims["lifted_out_income_growth"] == 21.8
    assert claims["county_funds_growth"] == 1.4
    assert claims["lifted_out_insured_share"] == 100
    assert claims["registered_persons"] == 3000
