"""Damaged ID numbers: which known person's number was ruined by a spreadsheet or a finger.

Reads open mentions whose number is damaged and the persons known by a sound number; adds the unique winner to
`assigned` as `damaged_id`. The number itself is never rewritten: the row keeps what it carries.
Belongs here: digits that survive. Every other likeness is `score`.
"""

import duckdb

# 15 digits survive a spreadsheet's rounding (IEEE 754 doubles show 15 significant digits): all but the last three.
_SURVIVING = 15
# A prefix shorter than region, year and month says little; it is left to scoring.
_MIN_PREFIX = 12

_DIGITS = 18
SLIPPED = (_DIGITS - 1, _DIGITS + 1)
# Any single slip (wrong, missing, added, two swapped neighbours) leaves one of these fragments whole: so many first
# digits and so many last ones.
_WHOLE = ((15, 0), (14, 2), (12, 3), (10, 4), (9, 6), (0, 8))

_CANDIDATES = """
create or replace temp table damaged_number as
select m.mention_no, m.name, m.bare, m.sex, m.birth_date, m.id_raw, surviving_digits(m.id_raw) as prefix,
    hidden_digits(m.id_raw) as pattern, number_in_key(m.key_no) as key_number
from open_mention m anti join assigned a using (mention_no)
where (m.id_quality = 'damaged' or starts_with(m.id_raw, '999999')) and length(m.id_raw) >= {min_prefix}
    or m.id_number is null and number_in_key(m.key_no) is not null;

create or replace temp table sound_number as
select distinct substr(identity, 4) as id_number from assigned
where match_method in ('id_exact', 'id_upgraded');

create or replace temp table slipped_number as
select mention_no, id_raw from damaged_number where length(id_raw) between {shortest} and {longest};

create or replace temp table damaged_candidate as
select mention_no, id_number, true as is_nearly_whole from (
    {one_slip}
)
union
select mention_no, id_number, true
from damaged_number d join sound_number s on left(d.prefix, {min_prefix}) = left(s.id_number, {min_prefix})
where length(d.prefix) >= {min_prefix} and starts_with(s.id_number, left(d.prefix, {surviving}))
union
select mention_no, key_number, true from damaged_number semi join sound_number s on s.id_number = key_number
union
select d.mention_no, m.id_number, false
from (select * from damaged_number where pattern is not null) d join mention m on m.bare = d.bare
semi join sound_number s on s.id_number = m.id_number
where m.id_number like d.pattern
union
-- twelve to sixteen digits of a number, some skipped in one place: enough beside the whole name
select d.mention_no, m.id_number, false
from (select * from damaged_number where length(id_raw) between 12 and 16) d join mention m on m.bare = d.bare
semi join sound_number s on s.id_number = m.id_number
where digits_skipped(d.id_raw, m.id_number);
"""

# A damaged number that is one slip from another person's number is no evidence: the names must agree, and what the
# row says of birth and sex must not contradict the number. The better name wins; two equally good ones win nothing.
_WINNER = """
insert into assigned
with
known_name as (
    select distinct m.id_number, m.bare as name  -- a person's rows repeat his name
    from mention m join assigned a using (mention_no)
    where a.match_method in ('id_exact', 'id_upgraded') and m.id_number in (select id_number from damaged_candidate)
),
agreeing as (
    select c.mention_no, c.id_number, max((d.bare = k.name)::int) as same_name, bool_or(c.is_nearly_whole) as is_nearly_whole
    from damaged_candidate c
    join damaged_number d using (mention_no)
    join known_name k on k.id_number = c.id_number and names_agree(d.name, d.bare, k.name, k.name)
    where (d.birth_date is null or strftime(d.birth_date, '%Y%m%d') = substr(c.id_number, 7, 8)
           or (d.bare = k.name and left(strftime(d.birth_date, '%Y%m%d'), 4) = substr(c.id_number, 7, 4)))
        and (d.sex is null or (d.sex = '男') = (substr(c.id_number, 17, 1)::int % 2 = 1) or d.bare = k.name)
    group by c.mention_no, c.id_number
)
select mention_no, 'id:' || min(id_number), 'damaged_id', case when max(same_name) = 1 and bool_or(is_nearly_whole) then 0.999 else 0.99 end, null
from (select *, max(same_name) over (partition by mention_no) as best from agreeing)
where same_name = best
group by mention_no
having count(*) = 1;
"""


def one_slip_query(rows: str, key: str, numbers: str) -> str:
    """A query for `key` and id_number, each pair once: a damaged text and a sound number that are one slip apart.

    `rows` names a table of `key` and `id_raw` (`SLIPPED` characters, others find nothing), `numbers` one of `id_number`.
    Needs the macros of `id_number`.
    """
    # what stands between the whole fragments is compared alone: the rest is equal, and short texts are cheap to compare
    near = "\n    union all\n    ".join(
        f"select {key}, id_number, substr(id_raw, {first + 1}, length(id_raw) - {first + last}) as a,"
        f" substr(id_number, {first + 1}, {_DIGITS - first - last}) as b from {rows} join {numbers}"
        f" on left(id_raw, {first}) || right(id_raw, {last}) = left(id_number, {first}) || right(id_number, {last})"
        for first, last in _WHOLE
    )
    return f"select distinct {key}, id_number from (\n    {near}\n) where one_slip_apart(a, b)  -- several may be whole"


def identify_by_damaged_number(con: duckdb.DuckDBPyConnection) -> None:
    """Assign open mentions with a damaged number to the one known person whose number it was and whose name agrees."""
    shortest, longest = SLIPPED
    one_slip = one_slip_query("slipped_number", "mention_no", "sound_number")
    con.execute(
        _CANDIDATES.format(
            min_prefix=_MIN_PREFIX,
            surviving=_SURVIVING,
            shortest=shortest,
            longest=longest,
            one_slip=one_slip,
        )
    )
    con.execute(_WINNER)
