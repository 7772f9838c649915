"""The day's mentions as the cascade reads them: laid out once, with the name in the form that is compared.

Reads `intermediate.int_mention`; writes the temp table `mention` and the view `key_of_mention` (mention_no, mention_key, record_key). Every stage goes over all mentions several times, and
a table in memory is read faster than one that is packed on disk, and joined faster by a number than by a long key. The
number is of this run alone and says nothing of order. Belongs here: no judgement about any mention.
"""

import duckdb

from linkage.id_number import install_number_macros
from linkage.latin_name import read_latin_names
from linkage.names import install_name_macros
from linkage.relations import install_relation_macros

_IS_NAME = "(not n.is_none or n.is_listed and not n.of_child and not starts_with(m.role, 'guardian'))"
_IS_MOTHERS = "coalesce(case when n.of_child then m.birth_date = birth_in(m.id_number) end, false)"

_MENTION = """
-- names are made bare once each, not in every row; 高爸爸, 妈妈: two children's are not one; 程梅之女: a newborn, and the number
-- is the mother's, and so are birth date and sex that a form has read in it. Who stands as 韦家长 in a list of persons, with a
-- number, is called so, unless he signs for a child
create or replace temp table written_name as
with distinct_name as (select distinct name from intermediate.int_mention where name is not null)
select name, bare_name(name) as bare, is_no_name(name) as is_none, is_no_name(name) and is_childs_name(name) as of_child,
    is_no_name(name) and length(name) > 2 and name in (
        select name from intermediate.int_mention where role = 'self' and unique_source and id_number is not null
    ) as is_listed
from distinct_name;

create or replace temp table mention as
select m.rowid::int as mention_no, hash(record_key) as row_hash, role::role_word as role, department::department_word as department,
    extract::extract_word as extract, case when {is_name} then n.bare end as bare,
    case when {is_name} and n.bare is not null then m.name end as name,
    case when n.of_child then null else id_number end as id_number, id_quality::id_quality_word as id_quality,
    number_part(id_raw) as id_raw, (case when not {is_mothers} then sex end)::sex_word as sex,
    coalesce(case when not {is_mothers} then birth_date end, given_birth(id_raw)) as birth_date, village_code::village_code_word as village_code,
    village_group::village_group_word as village_group,
    coalesce(phone, case when length(id_raw) = 11 and is_telephone(id_raw) then id_raw end) as phone, key_kind::key_kind_word as key_kind,
    key_no, household_source::household_source_word as household_source, household_no, relation::relation_word as relation,
    provider::provider_word as provider, unique_source
from (select rowid, * from intermediate.int_mention) m left join written_name n using (name);

-- family numbers are reused between villages
create or replace temp macro household_hash(source, number, village) as
    hash(source, number, case when source = 'medical_insurance' then village end);

create or replace temp view key_of_mention as select rowid::int as mention_no, mention_key, record_key from intermediate.int_mention;
"""

# Columns of few words: a number for each word is copied, hashed and compared faster than the word. Numbered in the order of
# the words, which is that in which they sort.
_OF_FEW_WORDS = (
    "role",
    "department",
    "extract",
    "id_quality",
    "sex",
    "village_code",
    "village_group",
    "key_kind",
    "household_source",
    "relation",
    "provider",
)

_WORDS = """
create or replace temp type {column}_word as enum (
    select distinct {column} from intermediate.int_mention where {column} is not null
    union select ''  -- a type of no words is none
    order by {column}
);
"""


def lay_out_mentions(con: duckdb.DuckDBPyConnection) -> None:
    """Write the temp table `mention`, one row per mention, and create the macros that the stages ask it with.

    `mention_no` numbers a mention for this run (its place in `intermediate.int_mention`, which has to be a table), `bare`
    is its bare name, `row_hash` is the same for all who stand in one row, `id_raw` leaves out what a certificate writes behind the number. A kin word in place of a name is no
    name, a newborn called after the mother has not her number, and a telephone or birth date in place of a number, or the
    birth date in one that a system gave, stands where the row has none.
    """
    install_name_macros(con, "intermediate.int_mention")
    install_number_macros(con)
    install_relation_macros(con)
    for column in _OF_FEW_WORDS:
        con.execute(_WORDS.format(column=column))
    con.execute(_MENTION.format(is_name=_IS_NAME, is_mothers=_IS_MOTHERS))
    read_latin_names(con)
