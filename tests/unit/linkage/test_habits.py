"""What the habits of a source say of persons of whom the county has few."""

import duckdb
import pytest

from linkage.habits import write_habits

# Of a hundred households' heads, known to registry (bit 0) and housing (bit 1), and a hundred others, known to the registry
# alone; one is known to the disabled persons' federation (bit 2) too, and to no dwelling.
_COUNTY = """
create temp table source_bit as select * from (values ('persons', 0), ('dwellings', 1), ('disability', 2)) t(source, bit);

create temp table profile as
select i as record_no, true as proven, date '1970-01-01' as birth_date, '男' as sex, 2 as mentions,
    case when i < 100 then 3 when i < 200 then 1 else 5 end::bigint as sources
from range(201) r(i);

create temp table profiled as
select i || 'p' as mention_key, i as record_no, 'persons' as source, null::text as relation, 'id_exact' as match_method from range(201) r(i)
union all
select i || 'd', i, 'dwellings', null, 'id_exact' from range(100) r(i)
union all
select '200c', 200, 'disability', null, 'id_exact';
"""


@pytest.fixture
def county() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
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
    assert abs(bits(county, 5)) < 1


def test_many_persons_are_a_habit(county: duckdb.DuckDBPyConnection) -> None:
    """Prevents the doubt about few from hiding what a hundred rows say."""
    assert bits(county, 1) > 0.8
