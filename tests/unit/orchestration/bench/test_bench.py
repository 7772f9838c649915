"""The bench: what it counts, and that a changed day changes what it says it does."""

import json
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from ingest.county.make import CountySummary, make_county
from orchestration.bench import accuracy
from orchestration.bench.changed import deliver_changed
from orchestration.bench.jobs import link_exact, link_ours
from orchestration.bench.measure import JobFailed, run_command
from orchestration.cli.bench import render
from orchestration.cli.messages import LANGUAGES, Messages

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> CountySummary:
    """A small demo county."""
    return make_county(tmp_path_factory.mktemp("county"), 600, 5, DAY)


def test_the_next_day_changes_the_share_it_tells(county: CountySummary) -> None:
    """Prevents a ratio of linking times over another share of changed rows than is printed beside it."""
    changed, rows = deliver_changed(county.landing, date(2026, 11, 24), 0.05, seed=1)
    assert rows == sum(county.rows.values())
    assert changed == pytest.approx(0.05 * rows, rel=0.1)
    names = {path.name for path in county.landing.rglob("*_20261124.csv")}
    assert names == {"enrolment_20261124.csv", "students_20261124.csv", "coverage_ledger_20261124.csv"}


def test_a_jobs_own_seconds_and_memory_are_read(tmp_path: Path) -> None:
    """Prevents one job's peak memory from being told as another's, and a dead job as a fast one."""
    script = (
        "x = bytearray({}); import json, sys; from orchestration.bench.measure import own_peak_bytes as peak; print('noise');"
        " open(sys.argv[-1], 'w').write(json.dumps({{'seconds': 1.5, 'peak_bytes': peak(), 'found': {{'a': 1}}}}))"
    )
    small = run_command("small", [sys.executable, "-c", script.format(1)], tmp_path, {})
    large = run_command("large", [sys.executable, "-c", script.format(200 * 2**20)], tmp_path, {})
    again = run_command("again", [sys.executable, "-c", script.format(1)], tmp_path, {})
    assert (small.seconds, small.found) == (1.5, {"a": 1})
    assert large.peak_bytes - small.peak_bytes > 150 * 2**20
    assert abs(again.peak_bytes - small.peak_bytes) < 50 * 2**20
    with pytest.raises(JobFailed, match=r"dead\.log"):
        run_command("dead", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path, {})


def _mentions(folder: Path) -> tuple[Path, Path]:
    """Three rows of one person with the number in two writings, one of another without a number; and their truth."""
    mentions, truth = folder / "mentions.parquet", folder / "truth.parquet"
    duckdb.sql(f"""
        copy (
            select key as mention_key, key as record_key, 'education' as department, 'students' as extract, 'self' as role, name,
                case when quality = 'valid' then upper(trim(raw)) end as id_number, quality as id_quality, raw as id_raw,
                null::text as sex, null::date as birth_date, '519901100201' as village_code, null::text as phone,
                null::text as key_kind, null::text as key_no, null::text as household_source, null::text as household_no,
                null::text as relation, false as unique_source
            from (values
                ('a', '王建国', '51990119800305123x', 'valid'), ('b', '王建国', ' 51990119800305123X', 'valid'),
                ('c', '李小明', '无', 'absent'), ('d', '张华', '无', 'absent')
            ) t(key, name, raw, quality)
        ) to '{mentions}';
        copy (
            select *, 'students' as extract
            from (values ('a', 1, 1, 'valid'), ('b', 1, 1, 'valid'), ('c', 2, 2, 'absent'), ('d', 3, 3, 'absent'))
            t(mention_key, true_person, true_household, own_number)
        ) to '{truth}';
    """)
    return mentions, truth


def test_the_exact_join_joins_numbers_and_no_words(tmp_path: Path) -> None:
    """Prevents a straw man: two writings of one number are joined, `无` on two rows joins nobody."""
    mentions, truth = _mentions(tmp_path)
    seconds, _ = link_exact(str(mentions), str(tmp_path / "exact.parquet"), "2026-11-23")
    quality = accuracy.links(tmp_path / "exact.parquet", truth)
    assert seconds > 0
    assert quality["all"]["precision"]["value"] == quality["all"]["recall"]["value"] == 1.0
    assert "households" not in quality


def test_ours_is_measured_with_its_households(tmp_path: Path) -> None:
    """Prevents the bench from measuring something else than the linking of a run."""
    mentions, truth = _mentions(tmp_path)
    link_ours(str(mentions), str(tmp_path / "ours.parquet"), "2026-11-23")
    quality = accuracy.links(tmp_path / "ours.parquet", truth)
    assert quality["clusters"]["f1"] == 1.0
    assert quality["households"]["precision"]["value"] == 1.0


def test_planted_and_found_gaps_are_matched_by_whom_they_are_about(tmp_path: Path) -> None:
    """Prevents a policy's precision from being counted over gaps that are somebody else's."""
    duckdb.sql(f"""
        copy (select * from (values ('education', 'students', 'f.csv', 2, 'self', 7, 70), ('education', 'students', 'f.csv', 3, 'self', 8, 80))
            t(department, extract, file_name, row_number, role, true_person, true_household)) to '{tmp_path}/mentions.parquet';
        copy (select * from (values ('EDU-01', 'person', 7, 70, null), ('EDU-01', 'person', 8, 80, null), ('WAT-01', 'household', null, 70, null),
            ('TEA-01', 'village', null, null, 'v1'), ('NOT-ASKED', 'person', 7, 70, null))
            t(policy_id, subject_kind, true_person, true_household, subject_no)) to '{tmp_path}/gaps.parquet';
    """)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("""
            create schema lineage; create schema marts;
            create table lineage.source_record as select * from (values ('education', 'students', 'f.csv', 2, 'self', 'p7'), ('education', 'students', 'f.csv', 3, 'self', 'p8'))
                t(department, extract, file_name, row_number, role, person_key);
            create table marts.household_member as select * from (values ('h70', 'p7'), ('h80', 'p8')) t(household_key, person_key);
            create table marts.policy_result as select unnest(['EDU-01', 'WAT-01', 'TEA-01']) as policy_id;
            create table marts.policy_gap as select * from (values ('EDU-01', 'p7', 'open'), ('EDU-01', 'p9', 'open'), ('EDU-01', 'p8', 'resolved'),
                ('WAT-01', 'h70', 'open'), ('TEA-01', 'v1', 'open')) t(policy_id, subject_key, status);
        """)
    found = {one.policy_id: one for one in accuracy.policies(tmp_path / "warehouse.duckdb", tmp_path)}
    assert set(found) == {"EDU-01", "TEA-01", "WAT-01"}
    edu = found["EDU-01"]
    assert (edu.planted, edu.found, edu.both, edu.precision, edu.recall) == (2, 2, 1, 0.5, 0.5)
    assert found["WAT-01"].recall == found["TEA-01"].precision == 1.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_ratios_stand_first_and_what_was_left_out_is_told(language: str) -> None:
    """Prevents a table that hides a peer that could not be measured."""
    share = {"value": 0.9}
    quality = {
        group: {"precision": share, "recall": share, "f1": 0.9} for group in ("all", "hard", "clusters")
    }
    document = {
        "persons": 600, "seed": 1, "mess": 1.0, "mentions": 2000, "changed": {"changed": 20, "rows": 2000},
        "ratios": {"same_again_to_first": 0.8, "next_to_first": 0.9, "next_linking_to_first": 0.4},
        "county": {"seconds": 1.0, "peak_bytes": 2**20},
        "days": [
            {"day": day, "seconds": 2.0, "link_seconds": 1.0, "ingest_rows_per_second": 10.0, "peak_bytes": 2**20}
            for day in ("first", "same_again", "next")
        ],
        "linking": [
            {"method": "Hulian", "size": "all", "ours": True, "seconds": 2.0, "peak_bytes": 2**20, "quality": quality},
            {"method": "Splink", "size": "all", "ours": False, "seconds": 5.0, "peak_bytes": 2**20, "quality": quality},
            {"method": "recordlinkage", "size": "few", "left_out": "no index"},
        ],
        "policies": [{"policy_id": "EDU-01", "planted": 2, "found": 0, "both": 0, "precision": None, "recall": 0.0}],
    }  # fmt: skip
    console = Console(record=True, width=160, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115 the record is read
    render(console, json.loads(json.dumps(document)), Messages(language))
    said = console.export_text()
    assert said.index("2.50") < said.index("EDU-01")
    assert "no index" in said
