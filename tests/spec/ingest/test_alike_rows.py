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
