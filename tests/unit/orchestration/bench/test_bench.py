"""The bench: what it counts, and that a changed day changes what it says it does."""

import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from ingest.county.make import CountySummary, make_county
from linkage.evaluate import differing_links
from orchestration.bench import accuracy
from orchestration.bench.changed import deliver_changed
from orchestration.bench.jobs import link_exact, link_featured, link_ours, train_featured
from orchestration.bench.measure import JobFailed, run_command
from orchestration.bench.run import PARTS, Plan, run_bench
from orchestration.bench.targets import judge
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


def test_a_county_that_fails_is_told_beside_the_others(tmp_path: Path) -> None:
    """Prevents an hour of measuring from being lost with the last county's last job."""
    plan = Plan((0,), seed=1, mess=1.0, peers=False, repeats=0, parts=frozenset(PARTS))
    steps: list[str] = []
    found = run_bench(tmp_path / "bench", plan, steps.append)
    assert (found["sizes"], found["targets"], steps) == ([], [], ["0: make the county"])
    assert [county["persons"] for county in found["failed"]] == [0]
    assert "county.log" in found["failed"][0]["reason"]


def _mentions(folder: Path) -> tuple[Path, Path]:
    """Three rows of one person with the number in two writings, one of another without a number; and their truth."""
    mentions, truth = folder / "mentions.parquet", folder / "truth.parquet"
    duckdb.sql(f"""
        copy (
            select key as mention_key, key as record_key, 'education' as department, 'students' as extract, 'self' as role, name,
                case when quality = 'valid' then upper(trim(raw)) end as id_number, quality as id_quality, raw as id_raw,
                null::text as sex, null::date as birth_date, '519901100201' as village_code, null::text as phone,
                null::text as key_kind, null::text as key_no, null::text as household_source, null::text as household_no,
                null::text as relation, null::text as provider, null::text as village_group, false as unique_source
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


def test_the_featured_peer_joins_what_its_number_proves(tmp_path: Path) -> None:
    """Prevents a peer that is measured and links nothing: it trains, and joins two writings of one number and no words."""
    mentions, truth = _mentions(tmp_path)
    train_featured(str(mentions), str(tmp_path / "model.json"))
    _, found = link_featured(
        str(mentions), str(tmp_path / "f.parquet"), "2026-11-23", str(tmp_path / "model.json")
    )
    quality = accuracy.links(tmp_path / "f.parquet", truth)
    assert quality["all"]["precision"]["value"] == quality["all"]["recall"]["value"] == 1.0
    assert found["cpu_seconds"] > 0


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


def _size(persons: int = 100_000, **more: Any) -> dict[str, Any]:
    """What one county of a bench is told to have found: ours in 3 + 1 s, a Splink in 8 s, its featured brother in 3 s."""
    share = {"value": 0.99}
    quality = {
        group: {"precision": share, "recall": share, "f1": 0.99} for group in ("all", "hard", "clusters")
    }
    row = {"size": "all", "peak_bytes": 2**31, "quality": quality, "persons_seconds": 2.0}
    linking = [
        {**row, "method": method, "seconds": seconds, "cpu_seconds": seconds}
        for method, seconds in (("ours", 3.0), ("splink", 8.0), ("featured", 3.0))
    ]
    day = {"seconds": 2.0, "link_seconds": 1.0, "ingest_rows_per_second": 10.0, "peak_bytes": 2**20}
    policies = [
        {"policy_id": "EDU-01", "planted": 20, "found": 19, "both": 18, "precision": 18 / 19, "recall": 0.9},
        {"policy_id": "EDU-02", "planted": 19, "found": 0, "both": 0, "precision": None, "recall": 0.0},
    ]
    return {
        "persons": persons, "mentions": 300_000, "county": {"seconds": 1.0, "peak_bytes": 2**20},
        "first_day": {"day": "first", **day}, "normalise_seconds": 1.0, "normalise_cpu_seconds": 1.0,
        "linking": linking, "policies": policies, "asking": {"ask every policy": 12.0, "judge the policies": 9.0}, **more,
    }  # fmt: skip


def test_every_figure_is_judged_by_its_own_limit() -> None:
    """Prevents a missed target from being printed as met, and one that nobody measured from being printed at all."""
    later = {"ratios": {"next_linking_to_first": 0.3}, "next_links": {"differing": 0}}
    runs = [
        {"threads": 1, "mention_link": "a"},
        {"threads": 2, "mention_link": "a"},
        {"threads": None, "mention_link": "b"},
    ]
    document = {"mess": 1.0, "sizes": [_size(**later, steady={"runs": runs}), _size(1_000_000, policies=[])]}
    judged = {
        (row["target"], row["group"], row["persons"]): (row["value"], row["met"]) for row in judge(document)
    }
    small = {
        name: judged[(name, None, 100_000)]
        for name, group, persons in judged
        if group is None and persons == 100_000
    }
    assert small["linking_to_splink"] == (0.5, True)
    assert small["linking_to_featured"] == (pytest.approx(4 / 3), False)
    assert small["f1_above_peers"] == (0.0, False)
    assert small["linking_memory"] == (2.0, True)
    assert small["next_linking_to_first"] == (0.3, False)
    assert small["differing_links"] == (0, True)
    assert small["different_fingerprints"] == (2, False)
    assert small["policies_below"] == (1, False)
    assert small["asking_seconds"] == (21.0, False)
    assert judged[("recall", "hard", 100_000)] == (0.99, True)
    assert judged[("precision", "all", 100_000)] == (0.99, False)
    assert ("linking_memory", None, 1_000_000) not in judged
    assert not [key for key in judged if key[0] == "growth"]
    both = {"mess": 1.0, "sizes": [_size(367_500), _size(1_000_000)]}
    assert [row["value"] for row in judge(both) if row["target"] == "growth"] == [1.0]


def test_links_differ_where_rows_stand_with_others_and_not_where_keys_do() -> None:
    """Prevents an incremental day from passing with other links, and other keys of the same persons from failing it."""
    with duckdb.connect() as con:
        con.execute(
            "create table a as select * from (values ('1', 'p'), ('2', 'p'), ('3', 'q'), ('4', 'q')) t(mention_key, person_key)"
        )
        con.execute(
            "create table b as select * from (values ('1', 'x'), ('2', 'x'), ('3', 'y'), ('4', 'z')) t(mention_key, person_key)"
        )
        assert differing_links(con, "a", "a") == (0, 4)
        assert differing_links(con, "a", "b") == (2, 4)
        assert differing_links(con, "a", "(select * from a where mention_key <> '1')") == (2, 4)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ways_to_link_stand_first_and_what_was_left_out_is_told(language: str) -> None:
    """Prevents a table that hides a peer that could not be measured, or a target that was missed."""
    first = _size()
    first["linking"].append({"method": "recordlinkage", "size": "few", "left_out": "no index"})
    days = [{**first["first_day"], "day": day} for day in ("first", "same_again", "next")]
    later = {
        "days": days, "changed": {"changed": 20, "rows": 2000}, "ratios": {"next_to_first": 0.9, "next_linking_to_first": 0.4},
        "next_links": {"differing": 7, "mentions": 300_000, "differing_households": 8},
    }  # fmt: skip
    document = {"seed": 1, "mess": 1.0, "sizes": [{**first, **later}]}
    document["targets"] = judge(document)
    console = Console(record=True, width=170, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115 the record is read
    say = Messages(language)
    render(console, json.loads(json.dumps(document)), say)
    said = console.export_text()
    assert said.index(say("bench.method.ours")) < said.index(say("bench.not_met")) < said.index("EDU-01")
    assert "no index" in said
    assert said.count(say("bench.low")) >= 1


def test_it_says_beforehand_how_long_it_takes() -> None:
    """Prevents a bench that is started for a minute and takes an hour: more counties and more parts take longer."""
    parts = frozenset(PARTS)
    small = Plan((100_000,), 1, 1.0, False, 5, parts)
    assert (
        0
        < replace(small, parts=frozenset({"policies"})).minutes()
        < small.minutes()
        < replace(small, peers=True).minutes()
    )
    assert replace(small, sizes=(100_000, 367_500)).minutes() > 2 * small.minutes()
