"""What stands for a record, and in which order records stand: of what their rows say, never of a home's secret."""

from hashlib import md5

import duckdb
import pytest

from linkage.damaged import identify_by_damaged_number
from linkage.department_key import identify_by_department_key
from linkage.identify import identify_by_number
from linkage.mention import lay_out_mentions
from linkage.open_identity import list_open_identities, list_open_mentions
from linkage.probable import place_mentions
from linkage.profile import write_profiles
from tests.spec.linkage.conftest import COLUMNS

# One person under one key in two files, and five people who are known by one row each; two of these are guardians who say
# the same of different wards.
_ROWS = """
    row | record | role      | extract     | name   | birth_date | key_kind   | key_no | relation
    a   | a      | self      | enrolment   | 罗昌德 |            | insured_no | k1     |
    b   | b      | self      | settlements | 罗昌德 |            | insured_no | k1     |
    c   | c      | self      | settlements | 王建国 |            |            |        |
    d   | d      | self      | settlements | 李秀英 |            |            |        |
    e   | e      | self      | settlements | 赵一鸣 |            |            |        |
    s   | s      | self      | students    | 高一鸣 | 2015-01-02 | student_no | s1     |
    f   | s      | guardian1 | students    | 高志远 |            |            |        | 父亲
    t   | t      | self      | students    | 高长远 | 2016-03-04 | student_no | s2     |
    g   | t      | guardian1 | students    | 高志远 |            |            |        | 父亲
"""


def _laid_out(salt: str) -> tuple[str, list[str]]:
    """The source that stands for the keyed person, and the lone rows in the order of their records."""

    def key(name: str) -> str:
        return md5(f"{salt}{name}".encode()).hexdigest()

    con = duckdb.connect()
    con.execute("create schema intermediate")
    con.execute(
        f"create table intermediate.int_mention ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})"
    )
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in _ROWS.strip().splitlines())
    for row in rows:
        said = {name: cell or None for name, cell in zip(header, row, strict=True)}
        mention, record = said.pop("row"), said.pop("record")
        assert mention and record
        said |= {"mention_key": key(mention), "record_key": key(record), "id_quality": "absent"}
        said |= {"household_source": "education", "household_no": key(record)} if record in "st" else {}
        con.execute(
            f"insert into intermediate.int_mention ({', '.join(said)}) values ({', '.join('?' * len(said))})",
            list(said.values()),
        )
    lay_out_mentions(con)
    identify_by_number(con)
    list_open_mentions(con)
    identify_by_department_key(con)
    identify_by_damaged_number(con)
    list_open_identities(con)
    place_mentions(con)
    write_profiles(con)
    keyed = con.execute("select source from profile where starts_with(identity, 'key:insured_no')").fetchone()
    assert keyed is not None
    names = {key(name): name for name, *_ in rows}
    lone = con.execute(
        "select mention_key from profile join key_of_mention using (mention_no)"
        " where starts_with(identity, 'mention:') order by record_no"
    ).fetchall()
    return keyed[0], [names[mention] for (mention,) in lone]


@pytest.mark.parametrize("salt", list("bcdefghi"))
def test_a_homes_secret_decides_nothing(salt: str) -> None:
    """Prevents two homes from counting other persons in the same files: a row's key is hashed with the home's secret."""
    source, order = _laid_out(salt)
    assert source == "enrolment"
    assert order == _laid_out("a")[1] and sorted(order) == ["c", "d", "e", "f", "g"]
