"""Two rows alike to the letter whose key has a blank: two people, not one lost."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from ingest.contract import load_contracts
from ingest.deliver import take_in


def test_two_namesakes_without_a_number_are_both_loaded(tmp_path: Path) -> None:
    """Prevents one of two namesakes from vanishing, or both from sharing one record key."""
    folder = tmp_path / "landing" / "medical_insurance"
    folder.mkdir(parents=True)
    text = "姓名,身份证号码,年度,参保情况\n李秀英,,2026,本地居民\n李秀英,,2026,本地居民\n王建国,,2026,参军\n"
    (folder / "coverage_ledger_20261101.csv").write_text(text)
    contracts = load_contracts()
    [delivery] = take_in(
        tmp_path / "home", tmp_path / "landing", datetime(2026, 11, 2, tzinfo=UTC), b"s", contracts
    )
    assert (delivery.data_date, delivery.rows_read, delivery.rows_loaded) == (date(2026, 11, 1), 3, 3)
    rows = duckdb.sql(
        f"select count(distinct record_key) from '{tmp_path / 'home' / delivery.folder / 'rows.parquet'}'"
    )
    assert rows.fetchone() == (3,)


def test_short_gb18030_file_whose_characters_pass_as_utf8(tmp_path: Path) -> None:
    """Prevents a whole delivery from being refused because 女 and 某 in GB18030 happen to be sound UTF-8."""
    folder = tmp_path / "landing" / "medical_insurance"
    folder.mkdir(parents=True)
    rows = "".join("某,,2026,\n" for _ in range(20))
    (folder / "coverage_ledger_20261101.csv").write_bytes(
        ("姓名,身份证号码,年度,参保情况\n" + rows).encode("gb18030")
    )
    [delivery] = take_in(
        tmp_path / "home", tmp_path / "landing", datetime(2026, 11, 2, tzinfo=UTC), b"s", load_contracts()
    )
    assert (delivery.verdict, delivery.encoding, delivery.rows_loaded) == ("accepted", "gb18030", 20)
