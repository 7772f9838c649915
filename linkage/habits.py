"""Habits of sources: what persons a source's rows speak of, counted on the rows that a sound number proves.

A bill speaks of the insured, a school row of a child whom no other school row has, a guardian is of his ward's parents'
age, a grandmother may live in another village. Writes the temp tables `habit_age`, `habit_sources`, `habit_other`,
`habit_known`, `habit_village` and `habit_filled`. No rule about a source is written here: the county's own proven rows tell it, so a new
extract needs no code.
"""

import duckdb

# A source of few rows says little: this many imagined rows, of everybody alike, pull it towards "says nothing".
HABIT_DOUBT = 20
# So does a cell of few persons: a disabled man's house is not another's because nobody else is known to just his offices.
# A tenth of a row in each cell: a whole one hid what several rows say (of five counties by other hands, and of the deaths).
_CELL_DOUBT = 0.1
# Rows whose number is another's are few: on six counties by two hands none of 1,160 had its birth date, on three by a third 207 of 938.
_FILLED, _FILLED_DOUBT = 0.5, 10
MOST_BITS = 7.0  # no habit outweighs a name and a birth date together

_HABITS = """
create or replace temp macro birth_band(birth_date) as coalesce(year(birth_date) // 3, 0);
create or replace temp macro sources_but(sources, own) as sources & ~(1::bigint << own);
create or replace temp macro has_source(sources, own) as (sources >> own) & 1;

create or replace temp table proven_row as
select f.source, coalesce(f.relation, '') as relation, p.record_no, b.bit, p.sources, p.sex,
    birth_band(p.birth_date) as band, p.mentions, f.village_code,
    -- without this row: has the person another row of this source?
    (count(*) over (partition by p.record_no, f.source) > 1)::int as has_other
from profiled f join profile p using (record_no) join source_bit b on b.source = f.source
where p.proven and f.match_method in ('id_exact', 'id_upgraded');

create or replace temp table habit_age as
with
person as (
    select band, sex, count(*) / sum(count(*)) over () as share from (
        select birth_band(birth_date) as band, sex from profile where proven
    ) group by all
),
told as (select source, relation, band, sex, count(*) as n from proven_row group by all),
total as (select source, relation, sum(n) as n from told group by all)
select t.source, t.relation, p.band, p.sex,
    greatest(-{most}, least({most}, log2((coalesce(d.n, 0) + {doubt} * p.share) / (t.n + {doubt}) / p.share))) as bits
from total t cross join person p
left join told d on d.source = t.source and d.relation = t.relation and d.band = p.band
    and d.sex is not distinct from p.sex;

create or replace temp table habit_sources as
with
person as (
    select b.source, has_source(p.sources, b.bit) as has_other, sources_but(p.sources, b.bit) as others,
        p.band // 7 as age, count(*) as n
    from (select sources, birth_band(birth_date) as band from profile where proven) p cross join source_bit b
    group by all
),
told as (
    select source, has_other, sources_but(sources, bit) as others, band // 7 as age, count(*) as n
    from proven_row group by all
),
share as (
    select p.*, coalesce(d.n, 0) as told, sum(coalesce(d.n, 0)) over (partition by source, age) as told_all,
        p.n / sum(p.n) over (partition by source, age) as person_share,
        sum(coalesce(d.n, 0)) over same_number as told_of_number,
        sum(p.n) over same_number / sum(p.n) over (partition by source, age) as share_of_number
    from person p left join told d using (source, has_other, others, age)
    window same_number as (partition by source, age, has_other)
),
expected as (
    select source, has_other, others, age, told + {doubt} * person_share as told, (told_all + {doubt}) * person_share as expected,
        (told_of_number + {doubt} * share_of_number + {cell}) / ((told_all + {doubt}) * share_of_number + {cell}) as ratio
    from share
)
-- which other extracts know a person is a small cell as a rule: it is drawn towards those who have as many rows here
select source, has_other, others, age,
    greatest(-{most}, least({most}, log2((told + {cell} * ratio) / (expected + {cell})))) as bits
from expected;

-- the same without the other sources: for persons whom no number proves, whose other rows may not have been found yet
create or replace temp table habit_other as
with
person as (
    select b.source, has_source(p.sources, b.bit) as has_other, count(*) as n
    from profile p cross join source_bit b where p.proven group by all
),
told as (select source, has_other, count(*) as n from proven_row group by all),
share as (
    select p.source, p.has_other, p.n / sum(p.n) over (partition by p.source) as person_share,
        coalesce(d.n, 0) as told, sum(coalesce(d.n, 0)) over (partition by p.source) as told_all
    from person p left join told d using (source, has_other)
)
select source, has_other,
    greatest(-{most}, least({most}, log2((told + {doubt} * person_share) / (told_all + {doubt}) / person_share))) as bits
from share;

-- how often a row of this source speaks of a person whom other rows know by number, and how often it is his only one
create or replace temp table habit_known as
select source, (count(*) filter (mentions > 1) + 1) / (count(*) + 2) as known_share,
    (count(*) filter (has_other = 1) + 1) / (count(*) + 2) as several_share
from proven_row group by source;

-- how often a row names a village or township that another row of its person names: a grandmother who signs for her
-- daughter's child lives in another village, and the row names the child's
create or replace temp table several_villages as
select record_no, village_code, count(*) as n from profiled
where village_code is not null and record_no in (select record_no from profile where len(villages) > 1) group by all;

create or replace temp table habit_village as
with
told as (select record_no, count(village_code) as n from profiled group by record_no having count(village_code) > 1),
township as (select record_no, left(village_code, 9) as township_code, sum(n) as n from several_villages group by all)
select p.source, p.relation, count(*) as told, count(*) filter (v.n is null or v.n > 1) as same,
    count(*) filter (v.n = 1 and t.n > 1) as same_township
from proven_row p
semi join told using (record_no)
left join several_villages v on v.record_no = p.record_no and v.village_code = p.village_code
left join township t on t.record_no = p.record_no and t.township_code = left(p.village_code, 9)
where p.village_code is not null
group by all;

-- how often a form has filled the birth date in from a number that is another's, as far as rows tell whose department key is known
-- by another number; few do, and without them this is taken to be rare
create or replace temp table habit_filled as
select log2((count(*) filter (f.birth_date = birth_in(f.id_number)) + {filled}) / (count(*) + {filled_doubt})) as bits
from profiled f join profile p using (record_no)
where f.match_method = 'department_key' and p.proven and birth_in(f.id_number) <> birth_in(p.id_number) and f.birth_date is not null;
"""


def write_habits(con: duckdb.DuckDBPyConnection) -> None:
    """Count the habits of every source on the rows of persons known by number (`profile`, `profiled`)."""
    con.execute(
        _HABITS.format(
            doubt=HABIT_DOUBT, cell=_CELL_DOUBT, most=MOST_BITS, filled=_FILLED, filled_doubt=_FILLED_DOUBT
        )
    )
