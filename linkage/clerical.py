"""Decisions of people about pairs of rows: same person or different persons. They override numbers, keys and weights.

Reads the decisions delivered by `hulian review` (columns of `staging.stg_linkage__decisions`); forbids pairs before they
are weighed and changes `assigned` afterwards. The latest decision about a pair counts.
"""

import duckdb

from linkage.keys import key_sql

DECISIONS = "staging.stg_linkage__decisions"

# A pair is told by two rows, or by a row and a person key (the key that this person has by himself).
_LATEST = """
create or replace temp table decision as
select a as mention_key, b as other, decision = '同一人' as same
from (
    select left_record_key || ':' || left_role as a,
        coalesce(right_record_key || ':' || right_role, right_person_key) as b, decision, decided_on, decision_no
    from {decisions}
)
where a is not null and b is not null and a <> b
qualify row_number() over (partition by least(a, b), greatest(a, b) order by decided_on desc, decision_no desc) = 1
"""

# `placed` holds every mention with the identity it has so far.
_FORBIDDEN = """
create or replace temp table forbidden as
with placed_row as (select p.mention_no, m.mention_key, p.identity from placed p join key_of_mention m using (mention_no))
select own.mention_no, coalesce(o.mention_no, p.mention_no) as other_mention
from decision d
join placed_row own using (mention_key)
left join placed_row o on o.mention_key = d.other
left join (select identity, arg_min(mention_no, mention_key) as mention_no from placed_row group by identity) p
    on o.mention_no is null and d.other = {person_key}
where not d.same and coalesce(o.mention_no, p.mention_no) is not null
"""

_TOLD = """
create or replace temp table told as
with assigned_row as (select a.*, m.mention_key from assigned a join key_of_mention m using (mention_no))
select a.mention_no, d.same, a.identity, a.match_method, o.mention_no as other_mention,
    coalesce(o.identity, p.identity) as other, coalesce(o.match_method, '') as other_method
from decision d
join assigned_row a using (mention_key)
left join assigned_row o on o.mention_key = d.other
left join (select distinct identity from assigned) p on d.other = {person_key}
where coalesce(o.identity, p.identity) is not null
order by d.mention_key, d.other
"""

_JOIN = """
update assigned set identity = merged.target,
    match_method = case when mention_no in (select mention_no from told where same)
        or match_method = 'unmatched' then 'decision' else match_method end,
    match_score = coalesce(match_score, 1.0)
from merged where merged.identity = assigned.identity;

update assigned set match_method = 'decision', match_score = 1.0, model_version = null
where match_method not in ('id_exact', 'id_upgraded') and mention_no in (select mention_no from told where same);
"""

# The weaker of two rows that must not be together leaves; a row that the number itself placed stays.
_PART = """
update assigned set identity = 'mention:' || m.mention_key, match_method = 'decision', match_score = 1.0,
    model_version = null
from key_of_mention m where m.mention_no = assigned.mention_no and assigned.mention_no in (
    select case
        when t.other_mention is not null and t.match_method in ('id_exact', 'id_upgraded')
            and t.other_method not in ('id_exact', 'id_upgraded') then t.other_mention
        else t.mention_no end
    from told t
    join assigned a on a.mention_no = t.mention_no
    left join assigned o on o.mention_no = t.other_mention
    where not t.same and a.identity = coalesce(o.identity, t.other)
)
"""


def read_decisions(con: duckdb.DuckDBPyConnection, decisions: str = DECISIONS) -> bool:
    """Write the temp table `decision` (mention_key, other, same); False where nobody has decided anything."""
    schema, table = decisions.split(".")
    exists = con.execute(
        "select 1 from information_schema.tables where table_schema = ? and table_name = ?", [schema, table]
    ).fetchone()
    if exists is None:
        return False
    con.execute(_LATEST.format(decisions=decisions))
    return con.execute("select 1 from decision limit 1").fetchone() is not None


def forbid_pairs(con: duckdb.DuckDBPyConnection, secret: bytes, decided: bool) -> None:
    """Write the temp table `forbidden` (mention_no, other_mention): whom people called different; empty without decisions."""
    if not decided:
        con.execute("create or replace temp table forbidden (mention_no int, other_mention int)")
        return
    con.execute(_FORBIDDEN.format(person_key=_key_of_identity("p.identity", secret)))


def apply_decisions(con: duckdb.DuckDBPyConnection, secret: bytes) -> None:
    """Join and part what people decided in `assigned`; joining first, so that a parting has the last word."""
    con.execute(_TOLD.format(person_key=_key_of_identity("p.identity", secret)))
    pairs = con.execute("select identity, other from told where same and identity <> other").fetchall()
    con.execute("create or replace temp table merged (identity text, target text)")
    merged = sorted(_targets(pairs).items())
    if merged:
        con.executemany("insert into merged values (?, ?)", merged)
    con.execute(_JOIN)
    con.execute(_PART)


def _key_of_identity(column: str, secret: bytes) -> str:
    text = f"case when {column} like 'id:%' then substr({column}, 4) else {column} end"
    return key_sql("p", text, secret)


def _targets(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Identity → the identity that its decided group is named by: a number before a department key before a row."""
    target: dict[str, str] = {}

    def find(identity: str) -> str:
        while identity in target:
            identity = target[identity]
        return identity

    for pair in pairs:
        low, high = sorted((find(pair[0]), find(pair[1])))
        if low != high:
            target[high] = low
    return {identity: find(identity) for identity in target}
