"""The day's mentions as the cascade reads them: laid out once, with the name in the form that is compared.

Reads `intermediate.int_mention`; writes the temp table `mention`. Every stage goes over all mentions several times, and
a table in memory is read faster than one that is packed on disk, and joined faster by a number than by a long key. The
number is of this run alone and says nothing of order. Belongs here: no judgement about any mention.
"""

import duckdb

from linkage.damaged import install_number_macros
from linkage.names import install_name_macros
from linkage.relations import install_relation_macros

_MENTION = """
-- 高爸爸, 妈妈: two children's are not one
create or replace temp table no_name as
select name from (select distinct name from intermediate.int_mention where name is not null) where is_no_name(name);

create or replace temp table mention as
select rowid::int as mention_no, mention_key, record_key, role, department, extract,
    case when name not in (from no_name) then name end as name, bare_name(case when name not in (from no_name) then name end) as bare,
    id_number, id_quality, number_part(id_raw) as id_raw, sex, coalesce(birth_date, given_birth(id_raw)) as birth_date, village_code, phone, key_kind, key_no,
    household_source, household_no, relation, unique_source
from intermediate.int_mention;
"""


def lay_out_mentions(con: duckdb.DuckDBPyConnection) -> None:
    """Write the temp table `mention`, one row per mention, and create the macros that the stages ask it with.

    `mention_no` numbers a mention for this run (its place in `intermediate.int_mention`, which has to be a table), `bare`
    is its bare name, `id_raw` leaves out what a certificate writes behind the number. A kin word in place of a name is no
    name, and the birth date in a number that a system gave stands where the row has none.
    """
    install_name_macros(con, "intermediate.int_mention")
    install_number_macros(con)
    install_relation_macros(con)
    con.execute(_MENTION)
