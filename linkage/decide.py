"""Which scored pairs become links: the best candidate must be likely among all its rivals, and the doubtful are kept.

Each open record is one of the persons known by number, one of the other open records, or nobody else. Weights, the
habits of its source and the chance that its source speaks of somebody unknown give one probability each (Bayes over the
rivals), so a near tie lowers both and a margin needs no rule of its own. Reads `scored` and the habits; writes the temp
tables `weighed` (every pair) and `chosen` (the links).
"""

import duckdb

from linkage.habits import HABIT_DOUBT
from linkage.score import Model

_ODDS = """
create or replace temp table odds as
with
told as (
    select s.*, list_contains(k.names, o.name) as same_name, o.identity, o.source, k.identity as known_identity, k.proven,
        coalesce(a.bits, 0) + coalesce(h.bits, t.bits, 0) + coalesce(w.bits, 0) + coalesce(c.bits, 0)
            -- brothers live in one group and are nearly called alike
            + coalesce(case when v.bits < 0 or list_contains(k.names, o.name) then v.bits end, 0)
            -- a birth date that the form has read in somebody else's number says little against others
            + case when o.birth_date = birth_in(o.claimed_number) and k.id_number is distinct from o.claimed_number
                then greatest(0, y.bits - s.mw_birth_date) else 0 end
            -- the model's chance of a village is all sources' alike
            + coalesce(case when s.mw_village <> 0 and g.told > 0 then greatest(-{most_against}, log2((
                case when list_has_any(o.villages, k.villages) then g.same / {village_same}
                    when list_has_any(o.townships, k.townships) then g.same_township / {village_township}
                    else (g.told - g.same - g.same_township) / {village_other} end + {doubt}) / (g.told + {doubt}))) end, 0) as habit_weight,
        least(0.998, greatest(0.5, coalesce(n.known_share, 0.5))) as known_share,
        coalesce(n.several_share, 1) < {single} as single_source,
        -- number and name of a couple: so often, as the county's rows that tell say, it is the name that is wrong
        coalesce(d.share, 0) as slip_share,
        -- nothing but the name: no birth date, village, phone, household or digits beside it, nor where a bill was made
        s.mw_birth_date + s.mw_village + s.mw_phone + s.mw_ward_phone + s.mw_household + s.mw_damaged_number + s.mw_number
            + s.mw_department_key + coalesce(c.bits, 0) < {alone} as name_alone,
        -- no name, and nothing that is the person's own: whoever lives there could be meant
        o.name is null and s.mw_birth_date + s.mw_damaged_number + s.mw_number + s.mw_department_key < {alone} as nameless
    from scored s
    join profile o on o.record_no = s.record_no
    join profile k on k.record_no = s.known
    join source_bit b on b.source = o.source
    cross join habit_filled y
    left join habit_known n on n.source = o.source
    left join habit_age a on a.source = o.source and a.relation = coalesce(o.relation, '')
        and a.band = birth_band(k.birth_date) and a.sex is not distinct from k.sex
    left join habit_sources h on h.source = o.source and h.has_other = has_source(k.sources, b.bit)
        and h.others = sources_but(k.sources, b.bit) and h.age = birth_band(k.birth_date) // 7
    left join habit_other t on t.source = o.source and t.has_other = has_source(k.sources, b.bit)
    left join provider_pair c on c.record_no = s.record_no and c.known = s.known
    left join group_pair v on v.record_no = s.record_no and v.known = s.known
    left join office_pair w on w.record_no = s.record_no and w.known = s.known
    left join spouse_doubt d on d.id_number = o.claimed_number and d.bare = o.name and d.other = k.id_number
    left join habit_village g on g.source = o.source and g.relation = coalesce(o.relation, '')
)
select *,
    case when proven then known_share / {persons} else (1 - known_share) * {open_share} / {open} end
        * pow(2, least(weight + habit_weight, 200))
        -- in a clan's village many names are one slip away; of all slips, hardly one makes just a neighbour's whole name
        * case when namesake_near and not same_name then {slip_to_namesake} else 1 end as odds,
    (1 - known_share) * (1 - {open_share}) as nobody
from (
    select *, bool_or(same_name and (mw_village > 0 or mw_household > 0)) over (partition by record_no) as namesake_near
    from told
);
"""

# Two candidates that are surely one person (two rows of a child without number) are no rivals of each other.
_WEIGHED = """
create or replace temp table short_list as
select * from odds where odds / (odds + nobody) >= {worth_a_look}
    or odds >= {worth_a_look} * (select max(b.odds) from odds b where b.record_no = odds.record_no);

create or replace temp table friend as
select record_no as a, known as b from odds where odds / (odds + nobody) >= {accept}
union
select known, record_no from odds where odds / (odds + nobody) >= {accept};

create or replace temp table friendly as
select k.record_no, k.known, list_sum(list(f.odds order by f.known)) as odds
from short_list k
join short_list f on f.record_no = k.record_no and f.known <> k.known
join friend on friend.a = k.known and friend.b = f.known
where not (k.proven and f.proven)  -- two sound numbers are two persons
group by k.record_no, k.known;

create or replace temp table weighed as
select s.*,
    -- sums are taken in order of the rivals: threads that add as they come change the last digits, and a score with them
    round((1 - s.slip_share) * s.odds / (s.nobody + greatest(t.odds - coalesce(f.odds, 0), s.odds)), 9) as probability
from short_list s
join (select record_no, list_sum(list(odds order by known)) as odds from odds group by record_no) t using (record_no)
left join friendly f on f.record_no = s.record_no and f.known = s.known;
"""

_BEST = """
create or replace temp table best as
select *, probability - coalesce(second, 0) as margin
from (
    select *, lead(probability) over rivals as second, row_number() over rivals as place
    from (
        select w.*, w.probability >= case when w.nameless then {nameless} when w.name_alone then {accept_by_name} else {accept} end as accepted,
            -- the same for both directions, so that three equals do not point at one another in a circle
            case when not w.proven then round(w.weight + w.habit_weight + coalesce(back.weight + back.habit_weight, 0), 9) end
                as mutual_weight
        from weighed w left join weighed back on back.record_no = w.known and back.known = w.record_no
    )
    window rivals as (
        partition by record_no
        order by accepted and proven desc, accepted desc, case when accepted and not proven then mutual_weight end desc,
            probability desc, least(record_no, known), greatest(record_no, known)
    )
)
where place = 1;

-- a source that has one row per person gives a known person one open record at most; equals get none, unless each has
-- his whole name and birth date: a pupil who stands in two rolls
create or replace temp table chosen as
select record_no, identity, known_identity, probability, margin, proven
from (
    select *,
        count(*) over same_person as contenders,
        row_number() over (same_person order by probability desc, record_no) as turn,
        lead(probability) over (same_person order by probability desc, record_no) as next_probability
    from (
        select b.*, coalesce(o.birth_date = k.birth_date and list_contains(k.names, o.name), false) as is_whole
        from best b join profile o using (record_no) join profile k on k.record_no = b.known
        where b.accepted and b.proven
    )
    window same_person as (partition by known, case when single_source then source else record_no::text end)
)
where turn = 1 and (contenders = 1 or probability > next_probability) or is_whole and probability >= {surely};

-- two open records that are each other's best are one person; others whose best is one of the two follow them, so
-- that nothing hangs on a chain
create or replace temp table open_pair as
select a.record_no, a.known as other,
    case when a.record_no < a.known then a.identity else a.known_identity end as person,
    least(a.probability, b.probability) as probability
from best a join best b on a.known = b.record_no and b.known = a.record_no
where not a.proven and a.accepted and b.accepted;

insert into chosen
select p.record_no, b.identity, p.person, p.probability, b.margin, false
from open_pair p join best b using (record_no) where b.identity <> p.person;

insert into chosen
select record_no, identity, person, probability, margin, false
from (
    select b.*, p.person, row_number() over (
            partition by p.person, case when b.single_source then b.source else b.record_no::text end
            order by b.probability desc, b.record_no
        ) as turn
    from best b join open_pair p on p.record_no = b.known
    join profile mine on mine.record_no = b.record_no
    join profile known on known.record_no = p.record_no join profile theirs on theirs.record_no = p.other
    where not b.proven and b.accepted and b.record_no not in (select record_no from open_pair)
        and not births_apart(mine.birth_date, theirs.birth_date)  -- its best may be a row without one
        -- a bill with a name alone may be anybody's: whose row it follows must not be somebody else
        and (b.record_no, p.other) not in (select (record_no, known) from odds where odds < nobody)
        and not (b.single_source and b.source in (known.source, theirs.source))
)
where turn = 1;
"""

_FOLLOW = """
-- an open row without a birth date whose best is an open one of its whole name with one, which finds nobody itself,
-- follows it: a bill with a name alone says too little for the fuller row to choose it
insert into chosen
select record_no, identity, known_identity, probability, margin, false
from (
    select b.*, row_number() over (
            partition by b.known, case when b.single_source then b.source else b.record_no::text end
            order by b.probability desc, b.record_no
        ) as turn
    from best b
    left join best theirs on theirs.record_no = b.known
    join profile mine on mine.record_no = b.record_no and mine.birth_date is null
    join profile o on o.record_no = b.known and o.birth_date is not null
        and list_contains(o.names, mine.name)
    where b.accepted and not b.proven and not coalesce(theirs.accepted, false)
        and not (b.single_source and b.source = o.source)
        and b.record_no not in (select record_no from chosen)
        and b.identity not in (select known_identity from chosen)
        and b.known not in (select record_no from chosen)
)
where turn = 1;
"""

_ROW_MATES = """
-- of two people whom one row names only one is this person: whoever is called so
delete from chosen where record_no in (
    select c.record_no
    from chosen c join row_mate w using (record_no) join chosen d on d.record_no = w.other and d.known_identity = c.known_identity
    join best b on b.record_no = c.record_no join best e on e.record_no = d.record_no
    where (coalesce(b.same_name, false), c.probability, d.record_no) < (coalesce(e.same_name, false), d.probability, c.record_no)
);
"""

_ASSIGN = """
insert into assigned
select o.mention_no, c.known_identity, 'probabilistic', least(c.probability, 0.9999), '{version}'
from chosen c join open_identity o using (identity) where c.proven;

update open_identity set identity = c.known_identity, match_method = 'probabilistic',
    match_score = least(c.probability, 0.9999), model_version = '{version}'
from chosen c where c.identity = open_identity.identity and not c.proven;
"""

# A comparison that says less than this (bits) beside the name says nothing of its own.
_ALONE_BITS = 2.0
# Rows with a sound number are the better kept ones: that they never err in the village speaks this much, and no more, against
# a row that does (bits).
_VILLAGE_AGAINST = 2.0
# What is left of a nearly alike name where somebody of the village or home bears the whole name (odds).
_SLIP_TO_NAMESAKE = 1 / 32
# Two rows of a source are one person at this chance each, with name and birth date whole.
_SURELY = 0.99
# So likely has somebody without a name to be the one who lives there (of 25 such, on counties by another hand, 1 was not).
_NAMELESS = 0.99
# Candidates below this chance, against nobody and against the best, do not matter to anyone.
_WORTH_A_LOOK = 0.001


def weigh_rivals(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Give every scored pair its probability among its rivals (`weighed`)."""
    row = con.execute(
        "select greatest(1, count(*) filter (proven)), greatest(1, count(*) filter (not proven)) from profile"
    ).fetchone()
    assert row is not None
    con.execute(
        _ODDS.format(
            persons=row[0],
            open=row[1],
            open_share=model.thresholds["open_share"],
            single=model.thresholds["single_source_share"],
            alone=_ALONE_BITS,
            slip_to_namesake=_SLIP_TO_NAMESAKE,
            doubt=HABIT_DOUBT,
            most_against=_VILLAGE_AGAINST,
            village_same=model.weights["village"]["same"][0],
            village_township=model.weights["village"]["same township"][0],
            village_other=model.weights["village"]["other"][0],
        )
    )
    con.execute(_WEIGHED.format(accept=model.thresholds["accept"], worth_a_look=_WORTH_A_LOOK))


def choose(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Choose the winners (`chosen`): record_no, identity, known_identity, probability, margin, proven."""
    con.execute(_BEST.format(**model.thresholds, surely=_SURELY, nameless=_NAMELESS))
    con.execute(_FOLLOW)
    con.execute(_ROW_MATES)


def assign_chosen(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Give the mentions of the chosen open records their person: in `assigned`, or in `open_identity`."""
    con.execute(_ASSIGN.format(version=model.version))
