"""How right a bench's links and gaps are, against the demo county's truth.

Links are counted by `linkage.evaluate`; here stand the truth's tables and the planted gaps of every policy.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from linkage.evaluate import HARD, Quality, clusters, co_membership, pairwise

# A true person is the found person who holds most of his mentions. A found household is the true one that most of its
# members are of: who is sent to a part of a family is sent to the right door.
_SUBJECTS = """
create temp table linked as
select t.true_person, t.true_household, s.person_key, m.household_key
from true_mention t
join warehouse.lineage.source_record s using (department, extract, file_name, row_number, role)
join warehouse.marts.household_member m using (person_key);

create temp table person_of as
select true_person, arg_max(person_key, (n, person_key)) as person_key
from (select true_person, person_key, count(*) as n from linked group by all) group by true_person;

create temp table household_of as
select household_key, arg_max(true_household, (n, true_household)) as true_household
from (
    select true_household, household_key, count(distinct true_person) as n
    from linked where true_household is not null group by all
) group by household_key;

create temp table planted as
select distinct g.policy_id, coalesce(  -- one subject may be planted for two reasons
    case g.subject_kind when 'person' then p.person_key when 'household' then g.true_household::text end, g.subject_no
) as subject_key
from true_gap g left join person_of p using (true_person);

create temp table found as
select distinct policy_id, coalesce(h.true_household::text, subject_key) as subject_key  -- parts of a family are one
from warehouse.marts.policy_gap left join household_of h on h.household_key = subject_key
where status = 'open';
"""

_LIVING = """
create table living as
select *, bool_or(extract = 'persons') over (partition by true_household) as registered
from truth
where true_person not in (select true_person from truth where extract = 'deaths' and true_person is not null)
"""

_COUNTS = """
select policy_id, count(p.subject_key), count(f.subject_key), count(*) filter (p.subject_key is not null and f.subject_key is not null)
from (select policy_id, subject_key, subject_key as subject from planted where policy_id in (select policy_id from warehouse.marts.policy_result)) p
full join (select policy_id, subject_key, subject_key as subject from found) f using (policy_id, subject)
group by policy_id order by policy_id
"""


@dataclass(frozen=True)
class PolicyAccuracy:
    """Planted gaps, open gaps and those that are both, of one policy."""

    policy_id: str
    planted: int
    found: int
    both: int

    @property
    def precision(self) -> float | None:
        """Share of found gaps that were planted; None where none was found."""
        return self.both / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Share of planted gaps that were found; None where none was planted."""
        return self.both / self.planted if self.planted else None


def policies(warehouse: Path, truth: Path) -> list[PolicyAccuracy]:
    """Planted against open gaps by policy, of a published warehouse and the county's truth folder.

    A policy that the project does not ask is left out. What a policy finds beyond the planted may be real too: random
    facts of a county break rules by themselves, and wrong links make false gaps.
    """
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")  # bars would stand between the bench's own lines
        con.execute(f"attach '{warehouse}' as warehouse (read_only)")
        for table, file in (("true_mention", "mentions"), ("true_gap", "gaps")):
            con.execute(
                f"create temp table {table} as select * from read_parquet(?)",
                [str(truth / f"{file}.parquet")],
            )
        con.execute(_SUBJECTS)
        return [PolicyAccuracy(*row) for row in con.execute(_COUNTS).fetchall()]


def links(found: Path, truth: Path) -> dict[str, Any]:
    """Quality of a links file by group: all, hard (no sound number of the person himself), clusters, households.

    Households are counted over pairs of living persons who share a true household: over all of them, and over those of
    the registry (one member stands in its extract). Whoever stands in the register of deaths lives with nobody.

    Each is precision, recall and f1 with `low`/`high` 95 % ends; households only where a members file stands beside.
    """
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")  # bars would stand between the bench's own lines
        con.execute("create table link as select * from read_parquet(?)", [str(found)])
        con.execute("create table truth as select * from read_parquet(?)", [str(truth)])
        qualities = [
            pairwise(con, "link", "truth"),
            pairwise(con, "link", "truth", HARD, "hard"),
            clusters(con, "link", "truth"),
        ]
        members = Path(f"{found}.members.parquet")
        if members.exists():
            con.execute("create table member as select * from read_parquet(?)", [str(members)])
            con.execute(_LIVING)
            qualities.append(co_membership(con, "link", "member", "living"))
            qualities.append(
                co_membership(con, "link", "member", "living", "registered", "registry_households")
            )
    return {quality.group: _plain(quality) for quality in qualities}


def _plain(quality: Quality) -> dict[str, Any]:
    return {
        "precision": {**asdict(quality.precision), "value": quality.precision.value},
        "recall": {**asdict(quality.recall), "value": quality.recall.value},
        "f1": quality.f1,
    }
