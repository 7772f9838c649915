"""The registry's quality rules on a whole day: published, placed, and equal to a plain reading of the delivered rows."""

import subprocess
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.conftest import Installation

Demo = tuple[Installation, subprocess.CompletedProcess[str]]


def delivered(installation: Installation, extract: str) -> list[dict[str, object]]:
    """Typed rows of an extract that was delivered once."""
    (rows,) = Path(installation.home / "raw" / "registry" / extract).glob("*/rows.parquet")
    return pq.read_table(rows).to_pylist()


def test_every_rule_has_its_counts_and_its_rows(demo: Demo) -> None:
    """Prevents a rule that silently drops out of the day, and counts that no row stands behind."""
    with demo[0].read() as con:
        rules, evaluated = con.sql(
            "select count(*), count(*) filter (evaluated) from marts.registry_rule_result"
        ).fetchone()
        different = con.sql("""
            select count(*) from marts.registry_rule_result r
            full join (select rule_id, count(*) as flags from marts.registry_rule_hit group by rule_id) h using (rule_id)
            where r.flagged is distinct from coalesce(h.flags, 0)
        """).fetchone()
        judged = con.sql("""
            select count(*) from quality.expectation_result e join marts.registry_rule_result r on e.column_name = r.rule_id
            where starts_with(e.suite, 'registry_rules__') and e.unexpected_count = r.flagged and e.run_date = r.run_date
        """).fetchone()
    assert (rules, evaluated) == (141, 141)
    assert different == (0,)
    assert judged == (141,)


def test_flags_are_placed_and_point_at_linked_people(demo: Demo) -> None:
    """Prevents flags that no township receives, and keys that lead nowhere."""
    with demo[0].read() as con:
        flags, unplaced, lost = con.sql("""
            select count(*), count(*) filter (h.township_name is null or h.household_key is null),
                count(*) filter (h.person_key is not null and p.person_key is null)
            from marts.registry_rule_hit h left join marts.linked_person p using (person_key)
            where h.subject_kind <> 'village'
        """).fetchone()
    assert flags > 100
    assert (unplaced, lost) == (0, 0)


@pytest.mark.parametrize(
    ("rule_id", "flagged"),
    [
        ("2_01_008 · 2_12_012", lambda row: not row["resident_insured"] and not row["employee_insured"]),
        ("4_01_003", lambda row: row["id_number_quality"] == "absent"),
        ("3_01_003 · 3_12_004", lambda row: row["education_level"] and row["student_status"]),
        ("1_01_002 · 1_12_002", lambda row: len(row["id_number_raw"] or "x" * 18) not in (15, 18, 20, 22)),
        ("1111_07", lambda row: row["student_status"] and row["labour_ability"] != "无劳动力"),
        ("2_01_016 · 2_12_016", lambda row: row["critical_illness_insured"] is False
            or (row["resident_insured"] is False and row["employee_insured"] is not True)),
    ],
)  # fmt: skip
def test_flagged_persons_are_those_of_a_plain_reading(demo: Demo, rule_id: str, flagged) -> None:
    """Prevents facts that lose or double rows between the delivery and the rules."""
    installation = demo[0]
    target = {
        row["household_no"]
        for row in delivered(installation, "persons")
        if row["household_kind"] == "脱贫户" or row["monitoring_category"]
    }
    expected = {
        f"{row['household_no']}/{row['person_no']}"
        for row in delivered(installation, "persons")
        if row["household_no"] in target and flagged(row)
    }
    with installation.read() as con:
        found = con.execute(
            "select subject_key from marts.registry_rule_hit where rule_id = ?", [rule_id]
        ).fetchall()
    assert {key for (key,) in found} == expected
    assert len(found) == len(expected)
