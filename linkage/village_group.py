"""Groups of a village: a house stands where its owner is registered and where his children come to school from.

Where two of a name live in one village, the group (组) that the row names tells them apart, as far as two sources number
groups alike: counted on the county's own proven persons, source by source, so that numbers that mean nothing weigh nothing.
Reads `mention`, `profiled`, `profile` and `candidate`; writes the temp tables `group_habit` (source, other_source, agrees,
bits) and `group_pair` (record_no, known, bits).
"""

import duckdb

from linkage.habits import HABIT_DOUBT, MOST_BITS

_HABIT = """
create or replace temp table own_group as
select distinct f.record_no, f.source, m.village_code, m.village_group
from mention m join profiled f using (mention_no)
where m.village_group is not null and m.village_code is not null;

-- of those who live with them ('' for a source)
create or replace temp table home_group as
select distinct mine.record_no, ''::source_word as source, o.village_code, o.village_group
from own_group o
join profile_group theirs using (record_no)
join profile_group mine on mine.group_no = theirs.group_no and mine.record_no <> o.record_no;

create or replace temp table group_habit as
with
said as (
    select o.*, left(p.name, 1) as surname from (from own_group union all from home_group) o join profile p using (record_no) where p.proven
),
-- what agrees of one person
own as (
    select a.source, b.source as other_source, count(*) as told, count(*) filter (a.village_group = b.village_group) as same
    from said a join said b using (record_no, village_code)
    where a.source <> b.source
    group by all
),
-- and of two people of one surname and village: clans live together
kin as (select source, village_code, surname, village_group, count(*) as n from said group by all),
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
    select source, other_source, least(0.99, greatest(0.01, c.share)) as share, coalesce(o.told, 0) as told, coalesce(o.same, 0) as same
    from chance c left join own o using (source, other_source)
    where source <> other_source
)
select source, other_source, agrees, greatest(-{most}, least({most}, log2(
    (case when agrees then same else told - same end + {doubt} * chance) / (told + {doubt}) / chance))) as bits
from (
    select *, case when agrees then share else 1 - share end as chance
    from habit cross join (select unnest([true, false]) as agrees)
);
"""

# What agrees with one of a person's groups agrees: he may have moved, or own two houses.
_PAIRS = """
create or replace temp table group_pair as
with said as (
    select * from (from own_group union all from home_group)
    where record_no in (select record_no from candidate union select known from candidate)
)
select c.record_no, c.known, max(h.bits) as bits
from candidate c
join said o on o.record_no = c.record_no
join said k on k.record_no = c.known and k.village_code = o.village_code
join group_habit h on h.source = o.source and h.other_source = k.source and h.agrees = (o.village_group = k.village_group)
group by all;
"""


def write_group_habit(con: duckdb.DuckDBPyConnection) -> None:
    """Count how often two sources agree on the group of a person and of any two (`group_habit`), on the proven rows."""
    con.execute(_HABIT.format(doubt=HABIT_DOUBT, most=MOST_BITS))


def write_group_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """What the groups of an open record and a candidate say (`group_pair`, in bits), in villages that both name."""
    con.execute(_PAIRS)
