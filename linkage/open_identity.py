"""Identities that nothing certain has found: which open rows are one person's, though nobody knows whose.

Reads `mention` and `assigned`; writes the temp table `open_identity` (mention → identity): `key:<kind>:<no>:<name>`,
`claim:<number>:<name>` or `mention:<key>`. Who they are is weighed in `probable`.
"""

import duckdb

from linkage.identify import POISONED_NAMES

# Two rows of one name that carry the same number of somebody else, or one ruined in the same way, are one person's, as good
# as sure (all of 2,900 pairs of the latter on four counties by another hand).
_CLAIMED_SCORE = 0.99
_DIGITS_LEFT = 14

# Rows of one department key and one name are one identity, though no number says whose; so are rows of one name under a
# number that is another's. Any other row stands alone.
# A name that is a slip of the key's main name counts as that name, unless somebody of the village bears it.
_OPEN = """
create or replace temp table open_keyed as
select m.mention_no, m.key_kind, m.key_no, coalesce(m.bare, '') as bare, m.unique_source, m.village_code
from open_mention m anti join assigned using (mention_no)
where m.key_no is not null;

create or replace temp table open_slip as
with
named as (
    select key_kind, key_no, bare, max(unique_source::int) as is_listed, count(*) as rows_named, min(village_code) as village_code
    from open_keyed group by all
),
main as (
    select *, first_value(bare) over (
            partition by key_kind, key_no order by is_listed desc, rows_named desc, bare
        ) as main, max(village_code) over (partition by key_kind, key_no) as home
    from named
)
select key_kind, key_no, bare, main from main
where bare <> main and bare_names_agree(bare, main) and not exists (
    select 1 from mention e
    where e.bare = main.bare and e.village_code = main.home and (e.key_kind, e.key_no) is distinct from (main.key_kind, main.key_no)
);

-- a ruined number of which enough is left, and which is not an office's own
create or replace temp table own_ruin as
select id_raw from open_mention anti join assigned using (mention_no)
where id_quality = 'damaged' and length(regexp_replace(id_raw, '[^0-9]', '', 'g')) >= {digits}
group by id_raw having count(distinct bare) < {poisoned};

create or replace temp table open_row as
select m.mention_no, k.mention_key, m.unique_source,
    concat_ws('|', m.extract, m.role, m.birth_date, m.village_code, m.id_raw) as said,  -- told before the key: that one is hashed with a secret
    case when m.id_number is null then case when m.id_raw in (from own_ruin) then m.id_raw end
        when m.id_number not in (select id_number from poisoned_number) then m.id_number end as claimed_number, m.bare,
    case when m.key_no is not null
        then 'key:' || m.key_kind || ':' || m.key_no || ':' || coalesce(s.main, m.bare, '') end as key_identity
from open_mention m anti join assigned using (mention_no)
join key_of_mention k using (mention_no)
left join open_slip s on s.key_kind = m.key_kind and s.key_no = m.key_no and s.bare = m.bare;

create or replace temp table open_identity as
with
claim as (
    select claimed_number, bare, case when max(key_identity) = min(key_identity) then min(key_identity) end as identity
    from open_row where claimed_number is not null and bare is not null group by all having count(*) > 1
)
select mention_no, identity,
    case when row_number() over same_identity = 1 then 'unmatched' when key_identity = identity then 'department_key'
        else 'probabilistic' end as match_method,
    case when row_number() over same_identity = 1 then null when key_identity = identity then 1.0
        else {claimed_score} end::double as match_score,
    null::text as model_version
from (
    select o.*, coalesce(key_identity, c.identity, 'claim:' || c.claimed_number || ':' || c.bare, 'mention:' || mention_key) as identity
    from open_row o left join claim c using (claimed_number, bare)
)
window same_identity as (partition by identity order by unique_source desc, said, mention_key);
"""

_UNMATCHED = """
insert into assigned
select mention_no, identity, match_method, match_score, model_version
from open_identity anti join assigned using (mention_no);
"""


def list_open_mentions(con: duckdb.DuckDBPyConnection) -> None:
    """Write the temp table `open_mention`: the mentions that no sound number has assigned, few beside all."""
    con.execute(
        "create or replace temp table open_mention as select * from mention anti join assigned using (mention_no)"
    )


def list_open_identities(con: duckdb.DuckDBPyConnection) -> None:
    """Write the temp table `open_identity` (mention_no, identity, match_method …): what no number and no key has assigned."""
    con.execute(_OPEN.format(claimed_score=_CLAIMED_SCORE, digits=_DIGITS_LEFT, poisoned=POISONED_NAMES))


def leave_unmatched(con: duckdb.DuckDBPyConnection) -> None:
    """Every identity still open becomes a person of its own: nobody vanishes because a form was filled in badly."""
    con.execute(_UNMATCHED)
