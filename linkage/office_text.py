"""What an office has typed in place of a number, it repeats: its bill and its ledger have the same blank, stars or 5.19906E+17.

A row without a sound number fits a person the better if the same office has the same text for him elsewhere, and the less
if it has his number. How often an office repeats itself is counted on rows of one department key in two of its extracts, how
often a text stands for anybody on all its rows. Reads `mention`, `profiled` and `candidate`; writes the temp tables
`office`, `office_habit` and `office_pair` (record_no, known, bits).
"""

import duckdb

from linkage.habits import HABIT_DOUBT, MOST_BITS

_HABIT = """
create or replace temp table office as select distinct extract as source, department from mention;

-- a guardian's number is typed for the pupil's row, and nowhere else in the office: his source has another name
create or replace temp table office_typed as
select department, coalesce(id_raw, '') as typed, count(*) as n
from mention where id_number is null and not starts_with(role, 'guardian') group by all;

create or replace temp table office_habit as
with
open_row as (
    select mention_no, department, extract, key_kind, key_no, bare, coalesce(id_raw, '') as typed
    from mention where id_number is null and key_no is not null and not starts_with(role, 'guardian')
),
beside as (
    select r.mention_no, r.department, bool_or(coalesce(o.id_raw, '') = r.typed) as is_same
    from open_row r join mention o on o.key_kind = r.key_kind and o.key_no = r.key_no and o.bare = r.bare
    where o.extract <> r.extract and o.department = r.department
    group by all
),
seen as (select department, count(*) filter (is_same) as same, count(*) as n from beside group by department),
size as (select department, count(*) as n from mention where not starts_with(role, 'guardian') group by department)
select t.department, t.typed, t.n / s.n as by_chance,
    (coalesce(h.same, 0) + {doubt} * t.n / s.n) / (coalesce(h.n, 0) + {doubt}) as repeated
from office_typed t join size s using (department) left join seen h using (department);
"""

_PAIR = """
create or replace temp table office_pair as
with
open_row as (
    select distinct record_no, department, coalesce(id_raw, '') as typed
    from profiled semi join (select distinct record_no from candidate) using (record_no) join office using (source)
    where id_number is null
),
known_row as (
    select distinct record_no, department, coalesce(id_raw, '') as typed
    from profiled semi join (select distinct known as record_no from candidate) using (record_no) join office using (source)
),
pair as (
    select c.record_no, c.known, o.department, bool_or(o.typed = k.typed) as is_same, min(o.typed) as typed
    from candidate c
    join open_row o on o.record_no = c.record_no
    join known_row k on k.record_no = c.known and k.department = o.department
    group by all
)
select record_no, known, sum(greatest(-{most}, least({most},
        case when is_same then log2(repeated / by_chance) else log2((1 - repeated) / (1 - by_chance)) end))) as bits
from pair join office_habit using (department, typed)
group by record_no, known;
"""


def write_office_habit(con: duckdb.DuckDBPyConnection) -> None:
    """Count how often every office repeats what it typed in place of a number."""
    con.execute(_HABIT.format(doubt=HABIT_DOUBT))


def write_office_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """Weigh what the same office typed for both records of every pair of `candidate`, in bits."""
    con.execute(_PAIR.format(most=MOST_BITS))
