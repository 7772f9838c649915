"""What the habits of a source say of persons of whom the county has few, and of villages."""

import duckdb
import pytest

from linkage.habits import write_habits
from linkage.id_number import install_number_macros

# Of a hundred households' heads, known to registry (bit 0) and housing (bit 1), and a hundred others, known to the registry
# alone; one is known to the disabled persons' federation (bit 2) too, and to no dwelling. The first forty sign in a school
# roll (bit 3) for a child: ten as father, of their own village, thirty as grandmother: twenty of another village of the
# township, ten of another township.
_COUNTY = """
create temp table source_bit as
select * from (values ('persons', 0), ('dwellings', 1), ('disability', 2), ('students:guardian', 3)) t(source, bit);

create temp table profiled as
select i || 'p' as mention_key, i as record_no, 'persons' as source, null::text as relation, 'id_exact' as match_method,
    '519901100201' as village_code
from range(201) r(i)
union all
select i || 'd', i, 'dwellings', null, 'id_exact', '519901100201' from range(100) r(i)
union all
select '200c', 200, 'disability', null, 'id_exact', '519901100201'
union all
select i || 'g', i, 'students:guardian', case when i < 10 then '父亲' else '外祖母' end, 'id_exact',
    case when i < 10 then '519901100201' when i < 30 then '519901100202' else '519901101203' end
from range(40) r(i);
alter table profiled add column id_number text;
alter table profiled add column birth_date date;

create temp table profile as
select record_no, true as proven, date '1970-01-01' as birth_date, '男' as sex, null::text as id_number, count(*) as mentions,
    bit_or(1::bigint << bit) as sources, list(distinct village_code) as villages
from profiled join source_bit using (source) group by record_no;
"""


@pytest.fixture
def county() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    install_number_macros(con)
    con.execute(_COUNTY)
    write_habits(con)
    return con


def bits(con: duckdb.DuckDBPyConnection, others: int) -> float:
    row = con.execute(
        "select bits from habit_sources where source = 'dwellings' and has_other = 0 and others = ?", [others]
    ).fetchone()
    assert row is not None
    return float(row[0])


def test_one_person_is_no_habit(county: duckdb.DuckDBPyConnection) -> None:
    """Prevents a disabled man from losing his house because nobody else is known to just the same offices."""
    assert bits(county, 5) > -2


def test_many_persons_are_a_habit(county: duckdb.DuckDBPyConnection) -> None:
    """Prevents the doubt about few from hiding what a hundred rows say."""
    assert bits(county, 1) > 0.8


def test_villages_are_a_habit_of_a_relation(county: duckdb.DuckDBPyConnection) -> None:
    """Prevents a grandmother of another village from being nobody because fathers are of their children's."""
    rows = county.execute(
        "select relation, told, same, same_township from habit_village where source = 'students:guardian' order by relation"
    ).fetchall()
    assert rows == [("外祖母", 30, 0, 20), ("父亲", 10, 10, 0)]
