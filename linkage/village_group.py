"""Groups of a village: a house stands where its owner is registered and where his children come to school from.

Where two of a name live in one village, the group (组) that the row names tells them apart, as far as two sources number
groups alike: counted on the county's own proven persons, source by source, so that numbers that mean nothing weigh nothing.
Reads `profiled`, `profile`, `profile_group` and `candidate`; writes the temp tables `group_habit` (source, other_source, agrees,
bits) and `group_pair` (record_no, known, bits).
"""

import duckdb

from linkage.habits import HABIT_DOUBT, MOST_BITS

# What the rows of the records in `asked` say, and those of the people with whom they live (the source '').
_SAID = """
create or replace temp table group_said as
with own as (
    select record_no, source, village_code, village_group, count(*) as n from profiled
    where village_group is not null and village_code is not null
    group by all
)
from own semi join asked using (record_no)
union all
select distinct mine.record_no, ''::source_word, o.village_code, o.village_group, 1
from (from profile_group semi join asked using (record_no)) mine
join profile_group theirs on theirs.group_no = mine.group_no and theirs.record_no <> mine.record_no
join own o on o.record_no = theirs.record_no;
"""

_HABIT = """
create or replace temp table asked as
select record_no from profile where proven and record_no in (select record_no from profiled where village_group is not null);
{said}
create or replace temp table group_habit as
with
kin_said as (select s.*, left(p.name, 1) as surname from group_said s join profile p using (record_no)),
-- what agrees of one person; of one source, two rows of his
told as (
    select source, other_source, sum(n) as told, coalesce(sum(n) filter (agrees), 0) as same
    from (
        select a.source, b.source as other_source, a.village_group = b.village_group as agrees,
            case when a.source <> b.source then 1 when a.village_group = b.village_group then a.n * (a.n - 1) else a.n * b.n end as n
        from group_said a join group_said b using (record_no, village_code)
    )
    group by all
),
-- and of two people of one surname and village: clans live together
kin as (select source, village_code, surname, village_group, count(*) as n from kin_said group by all),
kin_all as (select source, village_code, surname, sum(n) as n from kin group by all),
chance as (
    select p.source, p.other_source, coalesce(s.same, 0) / p.pairs as share
    from (
        select a.source, b.source as other_source, sum(a.n * b.n) as pairs
        from kin_all a join kin_all b using (village_code, surname) group by all
    ) p
    left join (
        select a.source, b.source as other_source, sum(a.n * b.n) as same
        from kin a join kin b using (village_code, surname, village_group) group by all
    ) s using (source, other_source)
),
habit as (
    select source, other_source, least(0.99, greatest(0.01, c.share)) as share, o.told, o.same
    from chance c join told o using (source, other_source)
    where o.told >= {doubt} and (source <> '' or other_source <> '')
)
select source, other_source, agrees, greatest(-{most}, least({most}, log2(
    (case when agrees then same else told - same end + {doubt} * chance) / (told + {doubt}) / chance))) as bits
from (
    select *, case when agrees then share else 1 - share end as chance
    from habit cross join (select unnest([true, false]) as agrees)
);
"""

# What both say themselves, else those with whom they live. What agrees with one of a person's groups agrees: he may have moved,
# or own two houses.
_PAIRS = """
create or replace temp table asked as select record_no from candidate union select known from candidate;
{said}
create or replace temp table group_pair as
select c.record_no, c.known, coalesce(max(h.bits) filter (o.source <> '' and k.source <> ''), max(h.bits)) as bits
from candidate c
join group_said o on o.record_no = c.record_no
join group_said k on k.record_no = c.known and k.village_code = o.village_code
join group_habit h on h.source = o.source and h.other_source = k.source and h.agrees = (o.village_group = k.village_group)
group by all;
"""


def write_group_habit(con: duckdb.DuckDBPyConnection) -> None:
    """Count how often two sources agree on the group of a person and of any two (`group_habit`), on the proven rows."""
    con.execute(_HABIT.format(said=_SAID, doubt=HABIT_DOUBT, most=MOST_BITS))


def write_group_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """What the groups of an open record and a candidate say (`group_pair`, in bits), in villages that both name."""
    con.execute(_PAIRS.format(said=_SAID))
