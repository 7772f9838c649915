"""ID numbers and department keys on so many rows that they are nobody's: an office's own, a form's example, a cell pulled down."""

import duckdb
import pytest

from linkage.contested_number import list_contested_numbers
from linkage.mention import lay_out_mentions
from linkage.placeholder import take_out_placeholders
from tests.spec.linkage.conftest import COLUMNS, Linked, groups, same_person

_OFFICES_OWN = "51990119990101001X"
_HEADER = "mention_key | extract | name | id_number | village_code | key_kind | key_no"


def _rows(people: int = 20, name: str = "", number: str = _OFFICES_OWN, key: str = "") -> str:
    """People, each with a sound row and a bill that has this name, number and key, or their own."""
    own_name, own_number = "欧阳{}", "5199011968{:02}{:02}{}0"
    lines = []
    for i in range(people):
        his_name, his_number = (
            own_name.format(chr(0x4E00 + 7 * i)),
            own_number.format(1 + i % 12, 1 + i % 28, 100 + 2 * i),
        )
        lines.append(f"k{i} | enrolment | {his_name} | {his_number} | 519901100201 | insured_no | {i}")
        lines.append(
            f"x{i} | settlements | {name or his_name} | {number or his_number} | | insured_no | {key or i}"
        )
    return "\n".join([_HEADER, *lines])


def test_an_offices_own_number_on_many_rows_is_nobodys(linked: Linked) -> None:
    """Prevents everybody whose bills one office filled in with its own number from becoming one person, or nobody."""
    con = linked(_rows(people=250))
    assert groups(con) == {frozenset({f"k{i}", f"x{i}"}) for i in range(250)}
    conflicts = {key for (key,) in con.sql("select mention_key from linkage.id_conflict").fetchall()}
    assert conflicts == {f"x{i}" for i in range(250)}


@pytest.mark.parametrize("people", [6, 250])
def test_a_clerk_keeps_the_number_that_he_typed_for_all(linked: Linked, people: int) -> None:
    """Prevents a village clerk from standing nowhere because he typed his own number for everybody who had none."""
    others = "\n".join(
        f"x{i} | settlements | {chr(0x4E00 + 7 * i)}{chr(0x6E00 + i)} | {_OFFICES_OWN} | | | |"
        for i in range(people)
    )
    con = linked(f"""{_HEADER} | birth_date
        c1 | enrolment | 司马林 | {_OFFICES_OWN} | 519901100201 | insured_no | c | 1999-01-01
        c2 | dwellings | 司马林 | {_OFFICES_OWN} | 519901100201 |            |   |
        {others}""")
    assert same_person(con, "c1", "c2")
    assert not any(same_person(con, "c1", f"x{i}") for i in range(people))
    told = dict(con.sql("select mention_key, match_method from linkage.mention_link").fetchall())
    assert told["c1"] == told["c2"] == "id_exact"
    assert con.sql("select count(*) from linkage.id_conflict").fetchone() == (people,)


def test_a_name_pulled_down_the_column_with_its_number_is_nobodys(linked: Linked) -> None:
    """Prevents one man from having twenty people's hospital bills because a clerk pulled his cells down the sheet."""
    con = linked(_rows(name="司马林"))
    assert not any(same_person(con, "x0", f"x{i}") for i in range(1, 20))


@pytest.mark.parametrize("people", [60, 250])
def test_a_name_on_everybodys_number_is_no_name(linked: Linked, people: int) -> None:
    """Prevents everybody's bills from being told as another's because an office wrote its own name in all of them."""
    con = linked(_rows(people=people, name="司马林", number=""))
    assert groups(con) == {frozenset({f"k{i}", f"x{i}"}) for i in range(people)}
    conflicts = {key for (key,) in con.sql("select mention_key from linkage.id_conflict").fetchall()}
    assert conflicts == {f"x{i}" for i in range(people)}  # the office is told


def test_a_department_key_pulled_down_the_column_is_nobodys(linked: Linked) -> None:
    """Prevents bills from losing the number that they have because their key is on everybody's."""
    con = linked(_rows(number="", key="a"))
    assert groups(con) == {frozenset({f"k{i}", f"x{i}"}) for i in range(20)}


def test_a_dozen_houses_are_one_mans(linked: Linked) -> None:
    """Prevents a landlord from losing his number because he owns many houses."""
    con = linked(
        _HEADER
        + "".join(
            f"\nd{i} | dwellings | 司马林 | {_OFFICES_OWN} | 519901100201 | dwelling_no | {i}"
            for i in range(20)
        )
    )
    assert groups(con) == {frozenset(f"d{i}" for i in range(20))}


_HIS_OWN = {
    "name": "'欧阳' || chr((19968 + i)::int)",
    "id_number": "'519901' || strftime(date '1950-01-01' + i::int, '%Y%m%d') || '001X'",
    "key_no": "i::text",
}


def _thousands(copied: dict[str, str]) -> duckdb.DuckDBPyConnection:
    """Five thousand bills of as many people, with something copied into all of them."""
    con = duckdb.connect()
    con.execute("create schema intermediate")
    con.execute(
        f"create table intermediate.int_mention ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})"
    )
    said = ", ".join(f"{text} as {column}" for column, text in (_HIS_OWN | copied).items())
    con.execute(f"""
        insert into intermediate.int_mention by name
        select 'x' || i as mention_key, 'x' || i as record_key, 'settlements' as extract, 'self' as role,
            'valid' as id_quality, 'insured_no' as key_kind, {said}
        from range(5000) r(i)
    """)
    return con


@pytest.mark.parametrize(
    ("copied", "beside"),
    [
        ({"id_number": f"'{_OFFICES_OWN}'"}, 5000),
        ({"id_number": f"'{_OFFICES_OWN}'", "name": "'司马林'"}, 5000),
        (
            {
                "id_number": f"'{_OFFICES_OWN}'",
                "name": "case when i % 10 > 0 then '欧阳' || chr((19968 + i)::int) end",
            },
            5000,
        ),
        ({"id_number": f"'{_OFFICES_OWN}'", "name": "null::text"}, 5000),
        ({"key_no": "'a'"}, 0),
    ],
)
def test_nothing_is_asked_of_what_thousands_bear(copied: dict[str, str], beside: int) -> None:
    """Prevents a run from never ending: what is asked of contested numbers grows with the square of their rows."""
    con = _thousands(copied)
    lay_out_mentions(con)
    take_out_placeholders(con)
    list_contested_numbers(con)
    assert con.execute("select count(*) from id_mention").fetchone() == (0,)
    assert con.execute("select count(*) from beside_placeholder").fetchone() == (beside,)


def test_a_name_on_thousands_of_numbers_is_laid_beside_nobody() -> None:
    """Prevents the same for names: namesakes are asked about in pairs."""
    con = _thousands({"name": "'司马林'"})
    lay_out_mentions(con)
    take_out_placeholders(con)
    assert con.execute("select count(bare) from mention").fetchone() == (0,)
