"""Keys over the days: a person or household found again keeps its key, and a key that has changed leaves a redirect.

Reads the last published day (an attached catalog with `lineage.source_record`, `marts.household_member` and, where it
has one, `marts.key_redirect`); writes `linkage.key_redirect`. Keys are hashes of what identifies somebody (`keys`), so
they change when a number turns up or is corrected; rows that did not change tell who became whom, and where no row is
left as it was, a department key under which nobody knew a number.
"""

from datetime import date

import duckdb

from linkage.keys import key_sql

_TABLE = """
create or replace table linkage.key_redirect (old_key text, new_key text, kind text, since date, reason text)
"""

# Somebody whose number has vanished again would fall back to the key of his department key, retired when the number
# turned up: he keeps the later key, unless somebody else bears it today.
_KEEP = """
update {table} set {key} = r.new_key
from {previous}.marts.key_redirect r
where r.kind = '{kind}' and r.old_key = {table}.{key}
    and r.new_key not in (select {key} from {table})
    and r.old_key in (
        -- two retired keys of one target: the first of them keeps it, the other stands for himself
        select min(s.old_key) from {previous}.marts.key_redirect s
        where s.kind = '{kind}' and s.old_key in (select {key} from {table}) group by s.new_key
    )
"""

_PERSONS = """
create or replace temp table became as
with
yesterday as (select record_key || ':' || role as mention_key, person_key from {previous}.lineage.source_record),
gone as (select person_key from yesterday except select person_key from linkage.person),
-- the key that a changed row's person would have had without a number
changed as (
    select {person_key} as person_key, mention_key
    from (
        select mention_key, 'key:' || key_kind || ':' || key_no || ':' || coalesce(bare_name(name), '') as key_text
        from intermediate.int_mention anti join yesterday using (mention_key) where key_no is not null
    )
)
select y.person_key as old_key, t.person_key as new_key, count(*) as votes
from (select person_key, mention_key from yesterday union all select person_key, mention_key from changed) y
semi join gone on gone.person_key = y.person_key
join linkage.mention_link t using (mention_key)
group by all;

create or replace temp table known_before as select distinct person_key as key from {previous}.lineage.source_record;
"""

_HOUSEHOLDS = """
create or replace temp table became as
with
yesterday as (
    select m.household_key, coalesce(r.new_key, m.person_key) as person_key
    from {previous}.marts.household_member m
    left join linkage.key_redirect r on r.kind = 'person' and r.old_key = m.person_key
),
gone as (select household_key from yesterday except select household_key from linkage.household)
select y.household_key as old_key, t.household_key as new_key, count(*) as votes
from yesterday y semi join gone on gone.household_key = y.household_key
join linkage.household_member t using (person_key)
group by all;

create or replace temp table known_before as select distinct household_key as key from {previous}.marts.household_member;
"""

_REDIRECTS = """
insert into linkage.key_redirect
select old_key, new_key, '{kind}', date '{since}',
    case
        when keys > 1 then 'split'
        when new_key in (select key from known_before) or count(*) over (partition by new_key) > 1 then 'merged'
        else 'renumbered'
    end
from (
    select *, count(*) over (partition by old_key) as keys,
        row_number() over (partition by old_key order by votes desc, new_key) as place
    from became
)
where place = 1;
"""

# Redirects of earlier days lead to where the key is today; a key that is alive again needs none.
_CARRY = """
insert into linkage.key_redirect
select r.old_key, coalesce(t.new_key, r.new_key), r.kind, r.since, r.reason
from {previous}.marts.key_redirect r
left join linkage.key_redirect t on t.kind = r.kind and t.old_key = r.new_key
where r.old_key not in (select old_key from linkage.key_redirect)
    and r.old_key not in (select person_key from linkage.person union all select household_key from linkage.household)
"""


def has_redirects(con: duckdb.DuckDBPyConnection, previous: str | None) -> bool:
    """Whether a last day is attached under this name and has `marts.key_redirect`."""
    found = con.execute(
        "select 1 from duckdb_tables() where database_name = ? and schema_name = 'marts' and table_name = 'key_redirect'",
        [previous or ""],
    ).fetchone()
    return found is not None


def keep_keys(con: duckdb.DuckDBPyConnection, previous: str | None, kind: str, table: str, key: str) -> None:
    """Replace keys of a table that were retired before by the keys they led to (`kind`: person or household)."""
    if has_redirects(con, previous):
        con.execute(_KEEP.format(previous=previous, kind=kind, table=table, key=key))


def write_redirects(
    con: duckdb.DuckDBPyConnection, secret: bytes, previous: str | None, run_date: date | None
) -> None:
    """Write `linkage.key_redirect`: old_key, new_key, kind, since, reason (`renumbered`, `merged`, `split`).

    Every key of the last day that nobody bears today leads to whoever has most of its unchanged rows, and of the changed
    ones whose department key it was made of with `secret` (a household: most of its persons); a key without any has left
    with its rows. Empty on a first day (`previous` None).
    Raises ValueError when there is a last day and no run date.
    """
    con.execute(_TABLE)
    if previous is None:
        return
    if run_date is None:
        raise ValueError("redirects need the run date from which they count")
    for kind, became in (("person", _PERSONS), ("household", _HOUSEHOLDS)):
        con.execute(became.format(previous=previous, person_key=key_sql("p", "key_text", secret)))
        con.execute(_REDIRECTS.format(kind=kind, since=run_date.isoformat()))
    if has_redirects(con, previous):
        con.execute(_CARRY.format(previous=previous))
