"""What taking in survives: kills at every crash point, repeats, uploads under way, files cut anywhere."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ingest import landing
from tests.spec.ingest.delivered import Box, many_students, students

POINTS = ["land.before_copy", "land.mid_copy", "land.after_copy", "parse.mid_rows", "parse.before_accept"]
TAKE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ingest.contract import load_contracts
from ingest.deliver import take_in
home, landing = map(Path, sys.argv[1:])
take_in(home, landing, datetime(2099, 1, 1, tzinfo=UTC), b"secret of the tests", load_contracts())
"""


def content(home: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(home)): file.read_bytes() for file in sorted(home.rglob("*")) if file.is_file()
    }


@pytest.mark.parametrize("point", POINTS)
def test_killed(point: str, box: Box) -> None:
    """Prevents a killed run from leaving half a file under a final name, or from changing what the next run makes."""
    box.put("education/students_20261123.csv", students("G1|张三|", "G2|李四|519901199001011233", "坏行|"))
    command = [sys.executable, "-c", TAKE, str(box.home), str(box.landing)]
    killed = subprocess.run(command, env={**os.environ, "HULIAN_CRASH_AT": point}, check=False)
    assert killed.returncode == 137
    whole = [file for file in content(box.home) if "/.aside/" not in file and not file.startswith(".aside")]
    assert [file for file in whole if file.startswith("raw/")] == []
    box.take()
    after = content(box.home)
    box.home = box.home.with_name("never_killed")
    box.take()
    assert after == content(box.home)


def test_again_is_nothing_new(box: Box) -> None:
    """Prevents a second run of the same day from changing, parsing or adding anything."""
    box.put("education/students_20261123.csv", many_students(5))
    box.put("nobody/knows_20261123.csv", "a")
    first = box.take()
    before = {file: file.stat().st_mtime_ns for file in box.home.rglob("*") if file.is_file()}
    assert box.take() == first
    assert {file: file.stat().st_mtime_ns for file in box.home.rglob("*") if file.is_file()} == before


def test_only_one_extract(box: Box) -> None:
    """Prevents one extract's step from taking in another's files."""
    box.put("education/students_20261123.csv", many_students(5))
    box.put("nobody/knows_20261123.csv", "a")
    assert box.take("education/student_aid") == []
    assert [d.key for d in box.take("unclaimed")] == ["unclaimed"]
    assert [d.key for d in box.take("education/students")] == ["education/students"]


def test_growing_file_waits(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents a file that is still being uploaded from being judged."""
    path = box.put("education/students_20261123.csv", many_students(5))
    os.utime(path, (5e9, 5e9))

    def upload(_: float) -> None:
        path.write_text(many_students(9), encoding="utf-8")

    monkeypatch.setattr(landing.time, "sleep", upload)
    assert box.take() == []
    monkeypatch.undo()
    assert [d.rows_loaded for d in box.take()] == [9]


@pytest.mark.parametrize(
    "name", [".students_20261123.csv", "~$students_20261123.xlsx", "students_20261123.csv.part"]
)
def test_passing_files_are_no_delivery(name: str, box: Box) -> None:
    """Prevents lock and part files of office and upload programs from being listed as rejected every day."""
    box.put(f"education/{name}", "a")
    assert box.take() == []


def test_cut_anywhere(box: Box) -> None:
    """Prevents a torn file from being taken for a whole one: cut at every byte, no row is ever half read.

    A text that ends behind a whole cell cannot be told from a shorter file; its rows are then whole, or the cut is
    in the last cell of the last row.
    """
    whole = students("G1|张三|519901199001011233", "G2|李四|519901199001010003").encode()
    numbers = {"519901199001011233", "519901199001010003", None}
    contract = box.contracts["education/students"]
    for cut in range(len(whole)):
        path = box.put(f"cut/{cut}", whole[:cut])
        verdict = _rows(path, contract, box.home.parent)
        for row in verdict:
            assert row["name"] in ("张三", "李四")
            assert row["id_number"] in numbers


def _rows(path: Path, contract, folder: Path) -> list[dict[str, object]]:
    from datetime import date

    import pyarrow.parquet as pq

    from ingest.opening import open_table
    from ingest.parse import Job, parse
    from ingest.refused import Refused

    try:
        source, header = open_table(path, contract, folder)
        parse(source, Job(contract, header, "x", date(2026, 11, 23), 1, b"k"), folder)
    except Refused:
        return []
    return pq.read_table(folder / "rows.parquet").to_pylist()


def test_a_failure_of_ours_is_told_without_values(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents one file that our code cannot follow from ending the day of every other department."""

    def broken(*_: object) -> None:
        raise ValueError("欧阳金丝雀")

    monkeypatch.setattr("ingest.deliver.parse", broken)
    delivery = box.one("education/students_20261123.csv", many_students(5))
    assert delivery.verdict == "rejected"
    assert delivery.reason is not None
    assert delivery.reason.startswith("The file could not be read (ValueError at test_ingest_survives.py:")
    assert "欧阳" not in delivery.reason


def test_restricted_files(box: Box) -> None:
    """Prevents other accounts of the machine from reading what departments deliver."""
    box.put("education/students_20261123.csv", many_students(5))
    box.put("nobody/knows_20261123.csv", "a")
    box.take()
    for top in ("archive", "raw"):
        for path in [box.home / top, *(box.home / top).rglob("*")]:
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.parametrize(
    "name", ["'; drop table x; --_20261123.csv", "[ab]*?_20261123.csv", "{{ 7*7 }}_20261123.csv"]
)
def test_hostile_names(name: str, box: Box) -> None:
    """Prevents a delivered name from reaching a path, a pattern or SQL."""
    delivery = box.one(f"education/{name}", many_students(5))
    assert delivery.key == "unclaimed"
    assert all(part.isascii() and "'" not in part for part in delivery.folder.parts)
    assert delivery.file_name == name


def test_overwritten_file_is_noticed(box: Box) -> None:
    """Prevents a file of the same size and time from being taken for the one that was hashed before."""
    path = box.put("education/students_20261123.csv", many_students(5))
    times = path.stat()
    box.take()
    path.write_text(many_students(5).replace("G0", "G9"), encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert [d.rule for d in box.take()] == ["second_file"]
