"""Publishing on a small built database: what readers see, before, during and after."""

import os
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration import engine, ledger, published
from orchestration.home import Home
from orchestration.publish import publish

DAY = date(2026, 11, 23)
KEY = "ab" * 32
_PUBLISHES = 40


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty installation."""
    home = Home(tmp_path / "home")
    home.make()
    return home


def _built(home: Home, run_id: str, value: int) -> Path:
    folder = home.work / run_id
    folder.mkdir()
    with engine.work_database(folder / "work.duckdb") as con:
        con.execute(f"""
            create schema marts; create schema lineage; create schema linkage; create schema raw; create schema staging;
            create schema intermediate; create schema policies;
            create table policies.contact as select 'c1' as contact_key, '甲乡' as township_name, '李建军' as name, '村干部' as title,
                null::text as phone;
            create table marts.linked_person as select {value} as person_key;
            create table staging.secret as select 'never published' as name;
            create table lineage.run as select '{run_id}' as run_id;
            create table raw.field_issue as select 1 as row_number, 'raw' as raw_text;
            create table raw.quarantined_row as select 1 as row_number, 'raw' as raw_row;
            create table linkage.person as select 'p1' as person_key, 'valid' as identity_quality,
                '519901198003051239' as id_number, '王建国' as name, '男' as sex, date '1980-03-05' as birth_date,
                '519901100201' as village_code, null::text as phone;
            create table linkage.review_pair as select 'r1:self' as mention_key, 'p1' as person_key;
            create table linkage.review_record as select 'r1:self' as mention_key, 'd1' as delivery_id,
                '519901100201' as village_code, '王建国' as name;
            create table intermediate.int_issue__linked as select 'd1' as delivery_id, 2 as row_number, 'name' as column_name,
                'name_differs' as rule, '王建国' as own_value;
            create table marts.village as select '519901100201' as village_code, '甲乡' as township_name, '新村' as village_name;
            create table raw.delivery as select 'd1' as delivery_id, 'students_20261123.csv' as file_name;
        """)
    return folder / "work.duckdb"


def _publish(home: Home, run_id: str, day: date, value: int) -> None:
    publish(home, _built(home, run_id, value), run_id, day, KEY, {"inputs": {}})


def test_pages_are_swapped_and_swept_with_their_tables(home: Home) -> None:
    """Prevents the checks of one run beside the tables of another, pages that nobody may read, and pages kept for ever."""
    for number in (1, 2, 3):
        pages = home.work / f"pages-{number}"
        (pages / "suites").mkdir(parents=True, mode=0o700)
        (pages / "index.html").write_text(f"day {number}")
        (pages / "suites" / "a.html").write_text("a")
        (pages / "index.html").chmod(0o600)
        built = _built(home, f"run-{number}", number)
        publish(home, built, f"run-{number}", DAY, KEY, {"inputs": {}}, pages)
        assert home.data_docs.read_text() == f"day {number}"
    assert home.data_docs.stat().st_mode & 0o777 == 0o644
    files = published.current(home).manifest["files"]
    assert set(files) == {
        "warehouse.duckdb",
        "restricted.duckdb",
        "data_docs/index.html",
        "data_docs/suites/a.html",
    }
    # the state just replaced stays for one run
    assert sorted(path.read_text() for path in home.versions.glob("*/data_docs/index.html")) == [
        "day 2",
        "day 3",
    ]


def _seen(home: Home) -> int:
    with engine.published_database(home.warehouse) as con:
        return con.sql("select person_key from marts.linked_person").fetchone()[0]


def test_open_reader_keeps_the_old_state(home: Home) -> None:
    """Prevents a reader from meeting a lock, a half state or a change under its feet."""
    _publish(home, "run-1", DAY, 1)
    with engine.published_database(home.warehouse) as reader:
        _publish(home, "run-2", date(2026, 11, 24), 2)
        assert reader.sql("select person_key from marts.linked_person").fetchone() == (1,)
    assert _seen(home) == 2


def test_no_identity_in_the_open_file_and_none_readable_without_the_key(home: Home) -> None:
    """Prevents names and numbers from leaving the restricted zone."""
    _publish(home, "run-1", DAY, 1)
    content = home.warehouse.read_bytes() + (home.published / "restricted.duckdb").read_bytes()
    for text in ("王建国", "519901198003051239", "never published"):
        assert text.encode() not in content
    with pytest.raises(duckdb.Error):
        duckdb.connect(str(home.published / "restricted.duckdb"))
    with engine.encrypted_database(home.published / "restricted.duckdb", KEY, "r", read_only=True) as con:
        assert con.sql("select name from r.identity").fetchone() == ("王建国",)
    restricted = (home.published / "restricted.duckdb").resolve()
    assert restricted.stat().st_mode & 0o777 == 0o600


def test_an_older_day_does_not_move_readers_back(home: Home) -> None:
    """Prevents a rerun of a closed day from replacing today's truth."""
    _publish(home, "run-1", DAY, 1)
    _publish(home, "run-0", date(2026, 11, 20), 0)
    assert _seen(home) == 1
    before = published.latest_before(home, DAY)
    assert before is not None and before.run_date == date(2026, 11, 20)


def test_replaced_versions_and_half_built_ones_are_swept(home: Home) -> None:
    """Prevents the disk from filling with states that nobody can reach."""
    _publish(home, "run-1", DAY, 1)
    (home.versions / ".building-dead").mkdir()
    _publish(home, "run-2", DAY, 2)
    assert not (home.versions / ".building-dead").exists()
    assert (
        len(list(home.versions.iterdir())) == 2
    )  # the replaced one stays for readers who are just opening it
    _publish(home, "run-3", DAY, 3)
    assert sorted(folder.name[-5:] for folder in home.versions.iterdir()) == ["run-2", "run-3"]
    assert _seen(home) == 3


def test_readers_during_many_publishes_meet_no_error(home: Home) -> None:
    """Prevents a reader between following the link and opening the file from finding it swept away."""
    _publish(home, "run-0", DAY, 0)
    reader = os.fork()
    if reader == 0:
        failed, last = 0, 0
        while last < _PUBLISHES:
            try:
                value = _seen(home)
                failed += value < last  # going back
                last = value
            except duckdb.Error:
                failed += 1
        os._exit(min(failed, 100))
    for number in range(1, _PUBLISHES + 1):
        _publish(home, f"run-{number}", DAY, number)
    assert os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1]) == 0


def test_same_content_same_fingerprints(home: Home) -> None:
    """Prevents a day run twice from looking like two different days."""
    _publish(home, "run-1", DAY, 1)
    _publish(home, "run-2", DAY, 1)
    first, second = ledger.read(home.ledger)
    assert first["fingerprints"] == second["fingerprints"]
    assert "lineage.run" not in first["fingerprints"]


CRASHES = [
    "publish.mid_build",
    "publish.before_fsync",
    "publish.before_rename",
    "publish.after_rename",
    "publish.before_ledger",
    "ledger.mid_line",
]


@pytest.mark.parametrize("point", CRASHES)
def test_killed_while_publishing(home: Home, point: str) -> None:
    """Prevents a kill at any point from leaving readers without a whole state or the ledger broken."""
    _publish(home, "run-1", DAY, 1)
    database = _built(home, "run-2", 2)
    child = os.fork()
    if child == 0:
        os.environ["HULIAN_CRASH_AT"] = point
        publish(home, database, "run-2", DAY, KEY, {"inputs": {}})
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 137
    assert _seen(home) in (1, 2)
    state = published.current(home)
    assert state is not None
    ledger.complete(home.ledger, state.manifest["ledger"])
    _publish(home, "run-3", DAY, 3)
    assert _seen(home) == 3
    assert ledger.broken_at(home.ledger) is None
