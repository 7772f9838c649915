"""Candidate pairs: which known persons could an open identity be? Blocking, cheap and wide.

Reads `profile` and `profiled`; writes the temp tables `profile_group` (the source households that name a record),
`number_home` (who lives with the owner of a number that an open record claims), `context` (open record → persons of its
co-members' households) and `candidate` (open record, known record). Belongs here: blocking rules. Weights are `score`.
"""

import duckdb

# A name on more known persons than this cannot be told by the name alone: it needs another agreeing part.
_MOST_NAMESAKES = 60

# A source's number on more people than live in any house is no household (a village's own number, a clerk's 0).
_MOST_IN_GROUP = 30

# A longer name is no name: it would have too many places for a slip.
_LONGEST_NAME = 30

_HOMES = """
create or replace temp table profile_group as
select record_no, group_no
from (select distinct record_no, group_no from profiled where group_no is not null)
qualify count(*) over (partition by group_no) <= {most_in_group};

create or replace temp table number_home as
select distinct c.record_no, theirs.record_no as known  -- several sources may say so
from profile c
join profile owner on owner.id_number = c.claimed_number
join profile_group home on home.record_no = owner.record_no
join profile_group theirs on theirs.group_no = home.group_no
where theirs.record_no not in (c.record_no, owner.record_no);
"""

_CONTEXT = """
create or replace temp table open_record as select * from profile where not proven;
create or replace temp view known_record as select * from profile where {known};

-- persons who live with the people whom the open row's household names
create or replace temp table co_member as
select distinct o.record_no, g.record_no as co_member  -- two sources may name the same pair
from open_record o join profile_group mine using (record_no)
join profile_group g on g.group_no = mine.group_no and g.record_no <> o.record_no
semi join known_record k on k.record_no = g.record_no;

create or replace temp table context as
select distinct c.record_no, theirs.record_no as known  -- a person may be reached through several co-members
from co_member c
join profile_group home on home.record_no = c.co_member
join profile_group theirs on theirs.group_no = home.group_no
semi join known_record k on k.record_no = theirs.record_no
where theirs.record_no <> c.co_member and theirs.record_no <> c.record_no;
"""

# Of all names once: rounds move rows between identities and bring no new name.
_NAMES = """
create or replace temp table known_name as
select record_no, unnest(names) as name, birth_date from profile;

create or replace temp table known_place as
select record_no, name, birth_date, unnest(villages) as village
from (select record_no, unnest(names) as name, birth_date, villages from profile);

create or replace temp table rare_name as
select name from known_name group by name having count(*) <= {most_namesakes};

-- a name with one place left open: names that differ in one character share it, and so do a name and its short form;
-- and its characters in order of themselves, which a name and one with swapped characters share. Hashed: they are only
-- compared, and a million numbers are joined in a fraction of the time of texts
create or replace temp table slipped_name as
with
written as (select name, length(name) as characters from spelled where length(name) between 2 and {longest}),
place as (select unnest(range(1, {longest} + 2))::int as place)
select name, hash(left(name, place - 1) || '_' || substr(name, place + 1)) as slip from written join place on place <= characters
union all
select name, hash(left(name, place - 1) || '_' || substr(name, place)) from written join place on place <= characters + 1
union all
select name, hash(array_to_string(list_sort(string_split(name, '')), '')) from written;
"""

_MOVED_NAMES = """
delete from known_name where record_no in (select record_no from stale);
delete from known_place where record_no in (select record_no from stale);
insert into known_name select record_no, unnest(names), birth_date from profile semi join stale using (record_no);
insert into known_place select record_no, name, birth_date, unnest(villages)
from (select record_no, unnest(names) as name, birth_date, villages from profile semi join stale using (record_no));
"""

_BLOCKS = """
create or replace temp table open_village as
select record_no, name, sound, birth_date, unnest(villages) as village from open_record;

create or replace temp table candidate as
with
pair as (
    select o.record_no, k.record_no as known from open_record o join known_name k using (name)
    semi join rare_name r on r.name = k.name
    where not births_apart(o.birth_date, k.birth_date)
    union all
    select o.record_no, k.record_no from open_record o
    join known_name k on k.name = o.name and year(k.birth_date) = year(o.birth_date)
    union all
    select o.record_no, k.record_no from open_record o
    join known_name k on k.name = o.name
        and month(k.birth_date) = month(o.birth_date) and day(k.birth_date) = day(o.birth_date)
    union all
    select o.record_no, k.record_no from open_village o join known_place k on k.name = o.name and k.village = o.village
    union all
    select o.record_no, k.record_no from open_village o
    join slipped_name a on a.name = o.name
    join slipped_name b on b.slip = a.slip and b.name <> a.name
    join known_place k on k.name = b.name and k.village = o.village
    where not births_apart(o.birth_date, k.birth_date)
    union all
    select o.record_no, k.record_no from open_village o
    join spelled s on s.sound = o.sound and s.name <> o.name
    join known_place k on k.name = s.name and k.village = o.village
    where not births_apart(o.birth_date, k.birth_date)
    union all
    -- born on one day: of one village with a syllable in common, elsewhere with nearly the name
    select o.record_no, k.record_no from open_record o join known_record k using (birth_date)
    where o.sound is null or k.sound is null or syllable_in_common(o.syllables, o.sound, k.syllables, k.sound)
        and case when list_has_any(o.villages, k.villages) or o.sound = k.sound then true else any_name_alike(k.names, o.name) end
    union all
    select o.record_no, k.record_no
    from (select record_no, sound, syllables, birth_date, unnest(list_concat(phones, ward_phones)) as phone from open_record) o
    join (select record_no, sound, syllables, birth_date, unnest(phones) as phone from known_record) k using (phone)
    where syllable_in_common(o.syllables, o.sound, k.syllables, k.sound) and not births_apart(o.birth_date, k.birth_date)
    union all
    select c.record_no, c.known from context c join open_record o using (record_no) join known_record k on k.record_no = c.known
    where not births_apart(o.birth_date, k.birth_date) or list_contains(k.names, o.name)
    union all
    select record_no, known from number_home
    union all
    select o.record_no, k.record_no from open_record o join known_record k on k.id_number = o.claimed_number
    union all
    select o.record_no, k.record_no
    from open_record o join known_record k on left(k.id_number, 12) = left(coalesce(surviving_digits(o.damaged_number), o.damaged_number), 12)
    where case when syllable_in_common(o.syllables, o.sound, k.syllables, k.sound)
        then number_survives(o.damaged_number, k.id_number) else false end
)
-- two people named in one row or family list are two people, and so are those whom people called different
select distinct p.record_no, p.known
from pair p
where p.record_no <> p.known
    and not exists (
        select 1 from row_mate w where w.record_no = p.record_no and w.other = p.known
    )
    and not exists (
        select 1 from forbidden_record f
        where (f.record_no = p.record_no and f.known = p.known) or (f.record_no = p.known and f.known = p.record_no)
    )
    and not exists (
        select 1 from forebear f join profile k on k.record_no = p.known
        where f.record_no = p.record_no and k.birth_date > f.born_before
    );
"""

_ROW_MATES = """
create or replace temp table row_mate as
select distinct a.record_no, b.record_no as other
from profiled b
join (select row_hash, record_no from profiled where not proven) a using (row_hash)
where a.record_no <> b.record_no
union
-- a family list names nobody twice under two names: twins differ in one character, and in nothing else
select a.record_no, b.record_no
from profiled a join profiled b on b.group_no = a.group_no and b.source = a.source
where not a.proven and a.record_no <> b.record_no and a.name <> b.name
    -- the same department key or number under two spellings is one person in a file of two years
    and coalesce(a.key_no <> b.key_no, true) and coalesce(a.id_number <> b.id_number, true)
    and a.group_no in (select group_no from profile_group);

-- a blank village hides which of a number's families a row is of; in a list of one number two keys are two people
insert into row_mate
with
keyed as (select * from profiled where list_no is not null and key_no is not null),
-- the few blank ones first: a number that every village has is on thousands
beside as (
    select a.record_no, a.name, a.key_no, a.id_number, b.record_no as other, b.name as other_name, b.key_no as other_key,
        b.id_number as other_number
    from (select * from keyed where not proven and village_code is null) a
    join keyed b on b.list_no = a.list_no and b.source = a.source and b.key_kind = a.key_kind
    union all
    select a.record_no, a.name, a.key_no, a.id_number, b.record_no, b.name, b.key_no, b.id_number
    from (select * from keyed where not proven and village_code is not null) a
    join (select * from keyed where village_code is null) b
        on b.list_no = a.list_no and b.source = a.source and b.key_kind = a.key_kind
)
select distinct record_no, other from beside
where record_no <> other and name <> other_name and key_no <> other_key and coalesce(id_number <> other_number, true)
    and (record_no, other) not in (select (record_no, other) from row_mate);

-- nor does a list have one number under two names and two keys for one person: brothers, one of whom was given the other's (of
-- 38 such pairs of names on eight counties by two hands 27)
insert into row_mate
select distinct a.record_no, b.record_no
from profiled a join profiled b on b.id_number = a.id_number and b.source = a.source and b.key_kind = a.key_kind
where not a.proven and a.record_no <> b.record_no and a.name <> b.name and a.key_no <> b.key_no and a.key_kind <> 'dwelling_no'
    and (a.record_no, b.record_no) not in (select (record_no, other) from row_mate);

create or replace temp table forebear as
select g.record_no, min(greatest(s.birth_date, birth_in(s.id_number)) - forebear_years(g.relation) * interval 1 year) as born_before
from profiled g join profiled s on s.row_hash = g.row_hash and not contains(s.source, ':guardian')
where not g.proven and contains(g.source, ':guardian') and forebear_years(g.relation) is not null
group by g.record_no;

create or replace temp table forbidden_record as
select distinct a.record_no, b.record_no as known  -- two decisions may say so
from forbidden f
join profiled a on a.mention_no = f.mention_no
join profiled b on b.mention_no = f.other_mention;
"""


def write_names(con: duckdb.DuckDBPyConnection) -> None:
    """Lay the names of `profile` out for blocking, by record, by village and by one differing character."""
    con.execute(_NAMES.format(most_namesakes=_MOST_NAMESAKES, longest=_LONGEST_NAME))


def move_names(con: duckdb.DuckDBPyConnection) -> None:
    """Follow the records that `move_profiles` has just laid together."""
    con.execute(_MOVED_NAMES)


def write_context(con: duckdb.DuckDBPyConnection, known: str = "true") -> None:
    """Find for every open record the known persons who live with its known co-members (`context`).

    `known` is the condition on `profile` that makes a record known: open ones are rivals of the proven, unless it says
    otherwise.
    """
    con.execute(_HOMES.format(most_in_group=_MOST_IN_GROUP))
    con.execute(_CONTEXT.format(known=known))


def write_candidates(con: duckdb.DuckDBPyConnection) -> None:
    """Pair the records that no number proves with all others; needs `write_names`."""
    write_context(con)
    con.execute(_ROW_MATES)
    con.execute(_BLOCKS)
