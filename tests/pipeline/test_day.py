"""A whole day: what `hulian demo` publishes, and what it says."""

import subprocess
import threading
from pathlib import Path

import duckdb
import pytest

from tests.conftest import RUN_DATE, Installation

Demo = tuple[Installation, subprocess.CompletedProcess[str]]

PUBLISHED = {
    "marts": {
        "linked_person", "linked_household", "household_member", "village", "policy_gap", "policy_result",
        "warning_card", "visit_due", "township_scorecard", "fund_progress", "asset_ledger", "report_figure", "key_redirect",
    },
    "lineage": {"delivery", "link_quality", "source_record", "field_issue", "quarantined_row", "run", "run_input"},
    "quality": {"expectation_result"},
}  # fmt: skip


@pytest.mark.parametrize("schema", PUBLISHED)
def test_tables_stand_under_the_promised_names(demo: Demo, schema: str) -> None:
    """Prevents a downstream tool from losing a table after a rename."""
    with demo[0].read() as con:
        rows = con.execute(
            "select table_name from information_schema.tables where table_schema = ?", [schema]
        ).fetchall()
    assert PUBLISHED[schema] <= {name for (name,) in rows}


def test_rows_read_are_loaded_or_quarantined(demo: Demo) -> None:
    """Prevents a delivered row from vanishing."""
    with demo[0].read() as con:
        deliveries, wrong, read = con.sql(
            "select count(*), count(*) filter (rows_read <> rows_loaded + rows_quarantined), sum(rows_read)"
            " from lineage.delivery"
        ).fetchone()
    assert deliveries >= 20
    assert wrong == 0
    assert read > 4_000


def test_every_named_person_is_traced_to_a_file_and_row(demo: Demo) -> None:
    """Prevents a figure that no auditor can follow: compared with the truth's own list of rows and roles."""
    installation = demo[0]
    truth = installation.truth / "mentions.parquet"
    with installation.read() as con:
        missing = con.execute(
            f"select count(*) from '{truth}' t anti join lineage.source_record s"
            " on (t.department = s.department and t.extract = s.extract and t.file_name = s.file_name"
            " and t.row_number = s.row_number and t.role = s.role)"
            " where t.in_force"
        ).fetchone()
        extra = con.execute(
            f"select count(*) from lineage.source_record s anti join '{truth}' t"
            " on (t.department = s.department and t.extract = s.extract and t.file_name = s.file_name"
            " and t.row_number = s.row_number and t.role = s.role)"
        ).fetchone()
    assert (missing, extra) == ((0,), (0,))


def test_planted_gaps_of_soundly_linked_people_are_found(demo: Demo) -> None:
    """Prevents a family in need that nobody sees: every planted gap of a person known by number is a clue."""
    installation = demo[0]
    with installation.read() as con:
        missed = con.execute(f"""
            with link as (
                select distinct t.true_person, s.person_key
                from '{installation.truth}/mentions.parquet' t
                join lineage.source_record s using (department, extract, file_name, row_number, role)
                where s.match_method in ('id_exact', 'id_upgraded') and t.own_number in ('valid', 'upgraded')
            ),
            planted as (
                select g.policy_id, l.person_key from '{installation.truth}/gaps.parquet' g
                join link l using (true_person)
                where g.subject_kind = 'person' and g.policy_id in (select policy_id from marts.policy_result)
            )
            select policy_id, count(*) from planted
            anti join marts.policy_gap using (policy_id, person_key) group by policy_id
        """).fetchall()
        found = con.execute("select count(distinct policy_id) from marts.policy_gap").fetchone()
    assert missed == []
    assert found is not None and found[0] >= 10


def test_both_counts_of_every_policy_agree(demo: Demo) -> None:
    """Prevents Great Expectations and the gap rows from telling two stories."""
    with demo[0].read() as con:
        rows = con.sql("""
            select r.policy_id, r.gap, e.unexpected_count, count(g.gap_id) filter (g.status = 'open')
            from marts.policy_result r
            join quality.expectation_result e on e.column_name = r.policy_id and e.expectation = 'policy_holds'
            left join marts.policy_gap g using (policy_id)
            group by all
        """).fetchall()
    assert len(rows) >= 14
    assert all(ours == theirs == listed for _, ours, theirs, listed in rows)


def test_every_gap_in_hand_stands_on_one_card(demo: Demo) -> None:
    """Prevents a household that nobody visits because it is on no list, and doubt that comes after the ranking."""
    with demo[0].read() as con:
        listed = con.sql("""
            select count(*) filter (household_key is not null), count(*) filter (household_key is not null and doubt is not null),
                count(*) filter (is_doubtful is distinct from (doubt is not null)) from marts.policy_gap where status = 'open'
        """).fetchone()
        cards = con.sql("""
            select sum(gaps + doubtful_gaps), sum(doubtful_gaps), min(rank_in_county) + max(rank_in_county) - count(*) - 1
            from marts.household_clue_card
        """).fetchone()
    assert listed is not None and cards is not None
    assert listed[0] > 0
    assert cards == (*listed[:2], 0)
    assert listed[2] == 0


def test_summary_tells_a_person_what_was_found(demo: Demo) -> None:
    """Prevents an end of the run that only a programmer understands."""
    said = demo[1].stdout
    for words in ("EDU-01", "hulian gaps", "peak memory", "registered persons"):
        assert words.lower() in said.lower()


def test_no_identity_outside_the_restricted_zone(demo: Demo) -> None:
    """Prevents names and numbers in the warehouse, Dagster's event log, dbt's artefacts, the ledger and the output."""
    installation, done = demo
    people = duckdb.sql(
        f"select name, id_number from '{installation.truth}/persons.parquet' where length(name) >= 3 and id_number is not null"
        " order by true_person limit 400"
    ).fetchall()
    numbers = [number.encode() for _, number in people]
    names = [name for name, _ in people]
    restricted = {"archive", "raw", "work", "demo"}
    files = [
        path
        for path in installation.home.rglob("*")
        if path.is_file()
        and path.relative_to(installation.home).parts[0] not in restricted
        and path.name not in ("restricted.duckdb", "secret.key")
    ]
    assert len(files) > 5
    for path in files:
        content = path.read_bytes()
        assert not any(number in content for number in numbers), path
        if path.suffix in (".json", ".jsonl", ".db", ".log", ".yaml"):
            assert not any(name.encode() in content for name in names), path
    assert not any(number.decode() in done.stdout + done.stderr for number in numbers)
    with installation.read() as con:
        con.execute("create temp table canary (value text)")
        con.executemany("insert into canary values (?)", [[value] for person in people for value in person])
        for schema, table, column in con.execute(
            "select table_schema, table_name, column_name from information_schema.columns"
            " where data_type = 'VARCHAR' and table_schema in ('marts', 'lineage', 'quality')"
        ).fetchall():
            hits = con.execute(
                f'select count(*) from {schema}.{table} where "{column}" in (select value from canary)'
            ).fetchone()
            assert hits == (0,), f"{schema}.{table}.{column} holds a name or number"


def test_query_of_every_report_figure_gives_the_figure(demo: Demo) -> None:
    """Prevents a figure that an auditor cannot find again in the published file by the query that stands beside it."""
    with demo[0].read() as con:
        figures = con.sql("select figure_id, query, found from marts.report_figure").fetchall()
        given = {figure: con.execute(query).fetchone() for figure, query, _ in figures}
    assert len(figures) >= 30
    assert given == {figure: (found,) for figure, _, found in figures}


def test_every_monitored_household_has_a_visitor_by_key(demo: Demo) -> None:
    """Prevents an officer's name in the published file, and a household that no officer is sent to unseen."""
    with demo[0].read() as con:
        keys = con.sql(
            "select distinct visitor_key from marts.visit_due where visitor_key is not null"
        ).fetchall()
        households, listed = con.sql(
            "select (select count(*) from marts.visit_due), (select sum(households) from marts.visit_load)"
        ).fetchone()
        scored = con.sql(
            "select count(*) from marts.township_scorecard where score between 0 and 100"
        ).fetchone()
    assert keys
    assert all(key.startswith("c") and len(key) == 21 for (key,) in keys)
    assert households == listed > 0
    assert scored is not None and scored[0] >= 2


def test_same_day_again_gives_equal_tables_while_a_reader_reads(demo: Demo) -> None:
    """Prevents a rerun from changing anything, and a reader from meeting a lock, a half state or an error."""
    installation = demo[0]
    before = len(installation.fingerprints())
    stop, seen, errors = threading.Event(), [], []

    def read_all_the_time() -> None:
        while not stop.is_set():
            try:
                with installation.read() as con:
                    persons = con.sql("select count(*) from marts.linked_person").fetchone()
                    members = con.sql("select count(*) from marts.household_member").fetchone()
                seen.append((persons, members))
            except duckdb.Error as error:
                errors.append(type(error).__name__)

    reader = threading.Thread(target=read_all_the_time)
    reader.start()
    done = installation.hulian("run", "--date", RUN_DATE.isoformat(), "--landing", str(installation.landing))
    stop.set()
    reader.join()
    assert done.returncode == 0, done.stderr
    assert errors == []
    assert len(seen) > 20
    assert all(persons == members and persons[0] > 0 for persons, members in seen)
    after = installation.fingerprints()
    assert len(after) == before + 1
    assert {table for table in after[0] if after[0][table] != after[-1][table]} == set()


def test_a_torn_file_and_an_unknown_one_cost_nobody_else(demo: Demo, tmp_path: Path) -> None:
    """Prevents one department's bad file from ending the day of all others; the next day keeps its clues' first day."""
    installation = demo[0].copy(tmp_path / "home")
    landing = tmp_path / "landing"
    (landing / "education").mkdir(parents=True)
    (landing / "education" / "students_20261124.xlsx").write_bytes(b"PK\x03\x04 torn in the middle")
    (landing / "education" / "recipes_20261124.csv").write_text("菜,价\n面,5\n")
    done = installation.hulian("run", "--date", "2026-11-24", "--landing", str(landing))
    assert done.returncode == 0, done.stderr
    with installation.read() as con:
        refused = dict(
            con.sql("select file_name, status from lineage.delivery where status = 'rejected'").fetchall()
        )
        reasons = con.sql("select reason from lineage.delivery where status = 'rejected'").fetchall()
        old, new = con.sql(
            "select count(*) filter (first_seen = date '2026-11-23'), count(*) filter (first_seen = date '2026-11-24')"
            " from marts.policy_gap where status = 'open'"
        ).fetchone()
        days = con.sql("select distinct run_date from marts.policy_result").fetchall()
    assert refused == {"students_20261124.xlsx": "rejected", "recipes_20261124.csv": "rejected"}
    assert all(reason for (reason,) in reasons)
    assert old > 0
    assert old > new
    assert len(days) == 2, "results of the day before stay beside today's"
