"""Numbers that are another's and people who are alike: one table of mentions, linked together among 900 others.

Not merged by number and told as a conflict; the person whom the row names is found where the rest of the row finds him.
"""

from collections.abc import Iterator

import duckdb
import pytest

from tests.spec.linkage.conftest import Linked, same_person

TABLE = """
    mention_key | record_key | role      | extract   | name   | id_number          | sex | birth_date | village_code | key_kind   | key_no | household_source  | household_no | relation
    pf          |            | self      | enrolment | 端木山 | 519901198003051236 | 男  | 1980-03-05 | 519901100201 | insured_no | p1     | medical_insurance | p            |
    pb          |            | self      | settlements | 端木山 | 519901198003051236 |   |            |              | insured_no | p1     |                   |              |
    ps          | ps         | self      | students  | 端木宝 | 519901198003051236 | 男  | 2012-05-06 | 519901100201 |            |        | education         | ps           |
    pg          | ps         | guardian1 | students  | 端木山 | 519901198003051236 |     |            | 519901100201 |            |        | education         | ps           | 父亲
    yc          |            | self      | enrolment | 司徒苗 | 519901201405061234 | 女  | 2014-05-06 | 519901100202 | insured_no | y2     | medical_insurance | y            |
    yf          |            | self      | enrolment | 司徒岳 |                    | 男  | 1985-01-02 | 519901100202 | insured_no | y1     | medical_insurance | y            |
    ys          | ys         | self      | students  | 司徒苗 |                    | 女  | 2014-05-06 | 519901100202 |            |        | education         | ys           |
    yg          | ys         | guardian1 | students  | 司徒岳 | 519901201405061234 |     |            | 519901100202 |            |        | education         | ys           | 父亲
    t1          |            | self      | enrolment | 上官春 | 519901201603120128 | 女  | 2016-03-12 | 519901100203 | insured_no | t1     | medical_insurance | t            |
    t2          |            | self      | enrolment | 上官夏 | 519901201603120144 | 女  | 2016-03-12 | 519901100203 | insured_no | t2     | medical_insurance | t            |
    t2s         |            | self      | students  | 上官夏 |                    | 女  | 2016-03-12 | 519901100203 |            |        |                   |              |
    b1          |            | self      | enrolment | 诸葛明远 | 519901199001011234 | 男 | 1990-01-01 | 519901100204 | insured_no | b1     | medical_insurance | b            |
    b2          |            | self      | enrolment | 诸葛明达 | 519901199001011234 | 男 | 1993-04-15 | 519901100204 | insured_no | b2     | medical_insurance | b            |
    n1          |            | self      | enrolment | 夏侯明 | 519901197006061236 | 男  | 1970-06-06 | 519901100205 | insured_no | n1     | medical_insurance | n1           |
    n2          |            | self      | enrolment | 夏侯明 | 519901197009091234 | 男  | 1970-09-09 | 519901100205 | insured_no | n2     | medical_insurance | n2           |
    nd          |            | self      | dwellings | 夏侯明 |                    |     |            | 519901100205 |            |        |                   |              |
    k1          |            | self      | enrolment | 慕容兰 | 519901196805051222 | 女  | 1968-05-05 | 519901100206 | insured_no | k1     | medical_insurance | k            |
    k2          |            | self      | coverage_ledger | 慕容兰 | 519901196805051222 | |        |              |            |        |                   |              |
    kb          |            | self      | settlements | 慕容兰 | 519901195512241239 |   |            |              | insured_no | k1     |                   |              |
    d1          |            | self      | enrolment | 曲比·伍果 | 519901198901280229 | 女 | 1989-01-28 | 519901100206 | insured_no | d1   | medical_insurance | d            |
    d2          |            | self      | settlements | 曲比·伍果 | 519901198901280229 |  |            |              | insured_no | d1     |                   |              |
    d3          |            | self      | settlements | 伍果   | 519901198901280229 |    |            |              | insured_no | d1     |                   |              |
    uc          |            | self      | enrolment | 公西敏 | 519901201505061238 | 男  | 2015-05-06 | 519901100207 | insured_no | u1     | medical_insurance | u            |
    us          | us         | self      | students  | 公西敏 | 519901201505061238 | 男  | 2015-05-06 | 519901100207 |            |        | education         | us           |
    ug          | us         | guardian1 | students  | 公西海 | 519901201505061238 |     |            | 519901100207 |            |        | education         | us           | 其他
    r1          |            | self      | enrolment | 钟离仁昧 | 519901197703151232 | 男 | 1977-03-15 | 519901100207 | insured_no | r1     | medical_insurance | r            |
    r2          |            | self      | settlements | 钟离昧 | 519901197703151000 |   |            |              |            |        |                   |              |
    r3          |            | self      | settlements | 申离昧 | 519901197703151000 |   |            |              |            |        |                   |              |
    v1          |            | self      | dwellings | 闻人珏 | 519901196611111231 |     |            | 519901100208 |            |        |                   |              |
    v2          |            | self      | settlements | 阳佟立 | 519901196611111231 |   |            |              | insured_no | v2     |                   |              |
    v3          |            | self      | enrolment | 阳佟立 | 519901196812121239 | 男  | 1968-12-12 | 519901100208 | insured_no | v2     | medical_insurance | v            |
    o1          |            | self      | enrolment | 令狐雨 |                    | 女  | 2025-01-02 | 519901100201 | insured_no | o1     | medical_insurance | o            |
    o2          |            | self      | settlements | 令狐宇 |                  |     |            |              | insured_no | o1     |                   |              |
    a1          |            | self      | enrolment | 宗政慧 | 519901199102031248 | 女  | 1991-02-03 | 519901100201 | insured_no | a1     | medical_insurance | a            |
    a2          |            | self      | disability | 宗政丽颖 | 519901199102031248 | 女 | 1991-02-03 | 519901100201 |          |        |                   |              |
    a3          |            | self      | settlements | 宗政丽颖 | 519901199102031248 | |            |              |            |        |                   |              |
    a4          |            | self      | coverage_ledger | 宗政明月 | 519901199102031248 | |          |              |            |        |                   |              |
    a5          |            | self      | enrolment | 宗政明月 |                    | 女  | 1995-05-05 | 519901100208 | insured_no | a5     |                   |              |
    t3          |            | self      | disability | 上官夏 | 519901201603120128 | 女 | 2016-03-12 | 519901100203 |            |        |                   |              |
    e1          |            | self      | enrolment | 东里·彭措 | 519901201608251237 | 男 | 2016-08-25 | 519901100204 | insured_no | e1   | medical_insurance | e            |
    es          | es         | self      | students  | 东里·彭措 | 519901201608251237 | 男 | 2016-08-25 | 519901100204 |          |        | education         | es           |
    eg          | es         | guardian1 | students  | 东里彭措 | 519901201608251237 |   |            | 519901100204 |            |        | education         | es           | 祖父
    c1          |            | self      | enrolment | 轩辕山 | 519901197709091231 | 男  | 1977-09-09 | 519901100203 | insured_no | c1     | medical_insurance | c            |
    c2          |            | self      | dwellings | 鲜于天宝 | 519901197709091231 |   |            | 519901100201 |            |        |                   |              |
    c3          |            | self      | coverage_ledger | 鲜于天宝 | 519901197709091231 | |        |              |            |        |                   |              |
    w1          |            | self      | enrolment | 东郭玉春 | 519901201707070121 | 女 | 2017-07-07 | 519901100205 | insured_no | w1    | medical_insurance | w            |
    w2          |            | self      | enrolment | 东郭玉椿 |                  | 女  | 2017-07-07 |              | insured_no | w2     | medical_insurance | w            |
    g1          |            | self      | enrolment | 巫马洪 | 519901201510311231 | 男  | 2015-10-31 | 519901100206 | insured_no | g1     | medical_insurance | g            |
    gs          | gs         | self      | students  | 巫马琪 | 519901201209211228 | 女  | 2012-09-21 | 519901100206 |            |        | education         | gs           |
    gd          |            | self      | enrolment | 巫马晨 | 519901195810037471 | 男  | 1958-10-03 | 519901100206 | insured_no | gd     | medical_insurance | g            |
    gg          | gs         | guardian1 | students  | 巫马绍洪 | 519901195810037471 |   |            | 519901100206 |            |        | education         | gs           | 祖父
    m1          |            | self      | enrolment | 濮阳莲 | 519901196208081225 | 女  | 1962-08-08 | 519901100202 | insured_no | m1     | medical_insurance | m            |
    m2          |            | self      | dwellings | 濮阳连 | 519901199901010019 |     |            | 519901100202 |            |        |                   |              |
    m3          |            | self      | dwellings | 淳于川 | 519901199901010019 |     |            | 519901100203 |            |        |                   |              |
    m4          |            | self      | dwellings | 单于海 | 519901199901010019 |     |            | 519901100204 |            |        |                   |              |
    m5          |            | self      | dwellings | 太叔河 | 519901199901010019 |     |            | 519901100205 |            |        |                   |              |
    m6          |            | self      | dwellings | 申屠江 | 519901199901010019 |     |            | 519901100206 |            |        |                   |              |
"""


@pytest.fixture(scope="module")
def county(linked: Linked) -> Iterator[duckdb.DuckDBPyConnection]:
    """All cases linked in one run."""
    yield linked(TABLE, crowd=True)


def in_conflict(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Mentions whose number is told to be another's."""
    return {key for (key,) in con.execute("select mention_key from linkage.id_conflict").fetchall()}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("pf", "pg", True, id="a father's number in his own cells"),
        pytest.param("ps", "pf", False, id="a father's number in his child's row"),
        pytest.param("yg", "yc", False, id="a child's number in the father's cell"),
        pytest.param("yg", "yf", True, id="the father is found by name and home"),
        pytest.param("t1", "t2", False, id="twins"),
        pytest.param("t2", "t2s", True, id="a twin's row without number"),
        pytest.param("t1", "t2s", False, id="a twin's row is not the other twin's"),
        pytest.param("b1", "b2", False, id="one number on two brothers with two insured numbers"),
        pytest.param("n1", "n2", False, id="same name, village and birth year"),
        pytest.param("nd", "n1", False, id="a dwelling of one of two namesakes"),
        pytest.param("nd", "n2", False, id="a dwelling of one of two namesakes, the other"),
        pytest.param("kb", "k1", True, id="another's number beside one's own key"),
        pytest.param("d1", "d3", True, id="one part of a name of two"),
        pytest.param("us", "uc", True, id="a child's own number, repeated in the guardian's cell"),
        pytest.param("ug", "uc", False, id="the guardian's cell with the child's number"),
        pytest.param(
            "r1", "r2", True, id="three digits lost, the check digit fits by chance, a character missing"
        ),
        pytest.param("r1", "r3", False, id="the same under another surname"),
        pytest.param("v1", "v2", False, id="one number on two names, one of whom has another"),
        pytest.param("v2", "v3", True, id="who has another number under his key is he"),
        pytest.param("o1", "o2", True, id="one key, no number, a slip of the name"),
        pytest.param("a1", "a2", True, id="a former name beside number, birth date and village"),
        pytest.param("a1", "a3", True, id="a former name that another row has borne out"),
        pytest.param("a1", "a4", False, id="another name that another row bears"),
        pytest.param("t3", "t1", False, id="a twin's row with the other twin's number"),
        pytest.param("eg", "e1", False, id="a grandfather of his ward's name with his ward's number"),
        pytest.param("c2", "c3", True, id="two rows of one name under a stranger's number"),
        pytest.param("c2", "c1", False, id="and that stranger"),
        pytest.param("w1", "w2", False, id="twins of one family number, one row without its village"),
        pytest.param("gg", "g1", False, id="a grandfather is older than his ward"),
        pytest.param("m1", "m2", True, id="an office's own number says nothing against her"),
        pytest.param("m2", "m3", False, id="two people under an office's own number"),
    ],
)
def test_what_becomes_of_a_conflict(
    county: duckdb.DuckDBPyConnection, one: str, other: str, same: bool
) -> None:
    """Prevents one person's benefits from being counted for another whose number, name or birthday he shares."""
    assert same_person(county, one, other) == same


def test_rows_of_one_name_under_one_strangers_number_need_no_weighing(
    county: duckdb.DuckDBPyConnection,
) -> None:
    """Prevents what two rows say together from hanging on how common their name is."""
    scores = county.execute(
        "select match_method, match_score from linkage.mention_link where mention_key in ('c2', 'c3') order by all"
    ).fetchall()
    assert scores == [("probabilistic", 0.99), ("unmatched", None)]


def test_conflicts_are_told(county: duckdb.DuckDBPyConnection) -> None:
    """Prevents a number that is another's from passing in silence."""
    assert {"ps", "yg", "b2", "kb", "ug"} <= in_conflict(county)
    assert not {"uc", "us", "v1"} & in_conflict(county)
