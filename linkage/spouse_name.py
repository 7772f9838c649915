"""The name of husband or wife beside a number: rows that are the number's all the same, and couples whose rows do not tell.

A clerk who has the couple before him picks the wrong name as easily as the wrong number. What else the row says tells: the
sex, the birth date, a department key, or that the one who is named stands beside under his own number. Where nothing tells,
the county's rows that do say how often it is the name that is wrong. Reads `mention`, `id_verdict` and `id_name`; writes the temp
tables `spouse_row` (rows that are the number's) and `spouse_doubt` (couples whose rows do not tell). How sure: docs/decisions/0034.
"""

import duckdb

# A couple is hardly ever further apart in age, a mother and her son hardly ever nearer.
_YEARS_APART = 15
# A county with few such rows says little: so many imagined ones whose number is wrong, as it is on the demo county.
_DOUBT = 20

_COUPLES = """
create or replace temp table beside_number as
select v.mention_no, v.id_number, v.bare, m.key_kind, m.key_no, m.birth_date, m.row_hash, m.household_source, m.household_no, m.village_code,
    coalesce(m.sex, sex_of_relation(m.relation)) as sex
from id_verdict v join mention m using (mention_no)
join id_name n on n.id_number = v.id_number and n.votes > 0 and n.id_name <> v.bare
where not v.agrees and v.id_number not in (select id_number from poisoned_number);

-- who bears the name under a number of his own, of the other sex and of the same age
create or replace temp table named_spouse as
select distinct b.id_number, b.bare, m.id_number as other
from (select distinct id_number, bare from beside_number) b join mention m using (bare)
left join id_name n on n.id_number = m.id_number
where sex_in(m.id_number) <> sex_in(b.id_number) and abs(year(birth_in(m.id_number)) - year(birth_in(b.id_number))) <= {years_apart}
    and coalesce(n.id_name = m.bare, true);

create or replace temp table spouse_home as
with
one as (select id_number from named_spouse union select other from named_spouse),
own_row as (
    select m.* from mention m semi join one using (id_number) left join id_name n using (id_number)
    where coalesce(n.id_name = m.bare, true)
)
select id_number, household_hash(household_source, household_no, village_code) as home
from own_row where household_no is not null
union
select id_number, row_hash from own_row
union
select id_number, hash(phone, village_code) from own_row where phone is not null;

create or replace temp table couple as
select distinct s.* from named_spouse s
join spouse_home x using (id_number) join spouse_home y on y.id_number = s.other and y.home = x.home;
"""

_TELL = """
create or replace temp table spouse_told as
with
key_of_number as (
    select distinct id_number, key_kind, key_no from mention m semi join (select id_number from couple union select other from couple) using (id_number)
    anti join beside_number using (mention_no)
    where key_no is not null and key_kind <> 'dwelling_no'
),
told as (
    select b.mention_no, b.id_number, b.bare, c.other,
        sex = sex_in(b.id_number) as has_numbers_sex,
        sex <> sex_in(b.id_number) or b.birth_date = birth_in(c.other) or theirs.key_no is not null as says_name,
        mine.key_no is not null as has_numbers_key
    from beside_number b join couple c using (id_number, bare)
    left join key_of_number mine on mine.id_number = b.id_number and mine.key_kind = b.key_kind and mine.key_no = b.key_no
    left join key_of_number theirs on theirs.id_number = c.other and theirs.key_kind = b.key_kind and theirs.key_no = b.key_no
),
-- a row or a family list names nobody twice
beside as (
    select distinct b.mention_no
    from beside_number b join couple c using (id_number, bare)
    join mention m on m.id_number = c.other and m.bare = c.bare and (m.row_hash = b.row_hash
        or m.household_source = b.household_source and m.household_no = b.household_no
            and (b.household_source <> 'medical_insurance' or m.village_code = b.village_code))
)
select mention_no, id_number, bare, other, coalesce(has_numbers_sex, false) as has_numbers_sex, coalesce(says_name, false) as says_name,
    coalesce(has_numbers_sex, false) or has_numbers_key or mention_no in (from beside) as says_number
from told;

-- what one row tells holds for all rows of the number under this name
create or replace temp table spouse_row as
select distinct mention_no from spouse_told  -- two may bear the name
where (id_number, bare) in (
    select (id_number, bare) from spouse_told group by id_number, bare having bool_or(says_number) and not bool_or(says_name)
);

create or replace temp table spouse_doubt as
with county as (
    select (count(*) filter (has_numbers_sex and not says_name) + 0.5) / (count(*) filter (has_numbers_sex or says_name) + {doubt}) as share from spouse_told
)
select id_number, bare, other, any_value(share) as share
from spouse_told cross join county
group by id_number, bare, other having not bool_or(says_number) and not bool_or(says_name);
"""


def tell_spouse_names(con: duckdb.DuckDBPyConnection) -> None:
    """Write `spouse_row` (mention_no: the number's own, under the spouse's name) and `spouse_doubt` (id_number, bare, other, share).

    `other` is the number of the one who is named; `share` (0 to 1) of the county's rows of couples that tell are the number's.
    """
    con.execute(_COUPLES.format(years_apart=_YEARS_APART))
    con.execute(_TELL.format(doubt=_DOUBT))
