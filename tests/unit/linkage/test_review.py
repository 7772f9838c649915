"""Doubtful pairs: what linking leaves open is kept with weights that add up to its probability."""

from math import log2

import duckdb
import pytest

from linkage.link import link
from linkage.review import write_review

_COLUMNS = (
    "mention_key text, record_key text, department text, extract text, data_date date, delivery_id text, row_number integer,"
    " role text, name text, id_number text, id_quality text, id_raw text, sex text, birth_date date, village_code text,"
    " phone text, key_kind text, key_no text, household_source text, household_no text, relation text, provider text,"
    " village_group text,"
    " unique_source boolean"
)


def _mention(
    con: duckdb.DuckDBPyConnection, key: str, extract: str, name: str, number: str | None = None
) -> None:
    values = {
        "mention_key": f"{key}:self", "record_key": key, "department": "registry", "extract": extract, "delivery_id": "d",
        "row_number": 1, "role": "self", "name": name, "id_number": number, "id_raw": number,
        "id_quality": "valid" if number else "absent", "village_code": "519901100201", "unique_source": False,
    }  # fmt: skip
    marks = ", ".join("?" for _ in values)
    con.execute(
        f"insert into intermediate.int_mention ({', '.join(values)}) values ({marks})", list(values.values())
    )


def _number(body: str) -> str:
    """The 18-character number of 17 digits."""
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


@pytest.fixture
def namesakes() -> duckdb.DuckDBPyConnection:
    """Two namesakes with numbers in one village, forty others, and one row that says the name and the village only."""
    con = duckdb.connect()
    con.execute("create schema intermediate")
    con.execute(f"create table intermediate.int_mention ({_COLUMNS})")
    first, second = _number("51990119800305123"), _number("51990119600712111")
    for extract in ("persons", "enrolment"):
        _mention(con, f"a{extract}", extract, "王建国", first)
        _mention(con, f"b{extract}", extract, "王建国", second)
        for other in range(40):
            name = "".join(chr(0x4E10 + (other * 7 + place * 13) % 400) for place in range(3))
            _mention(con, f"c{other}{extract}", extract, name, _number(f"5199011970010{100 + other * 7:03d}2"[:17].ljust(17, "0")))  # fmt: skip
    _mention(con, "open", "enrolment", "王建国")
    link(con, b"secret of the tests")
    return con


def test_a_row_that_fits_two_people_is_asked_about(namesakes: duckdb.DuckDBPyConnection) -> None:
    """Prevents doubt from being decided by nobody: the row is linked to neither, and kept as a question with its reason."""
    methods = dict(namesakes.execute("select mention_key, match_method from linkage.mention_link").fetchall())
    assert methods["open:self"] == "unmatched"
    assert write_review(namesakes, 0.01) == 1
    mention, person, probability, margin, reason = namesakes.execute(
        "select mention_key, person_key, probability, margin, reason from linkage.review_pair"
    ).fetchone()
    candidates = namesakes.execute(
        "select distinct person_key from linkage.mention_link where mention_key in ('apersons:self', 'bpersons:self')"
    ).fetchall()
    assert mention == "open:self"
    assert (person,) in candidates
    assert 0.05 < probability < 0.95
    assert margin < 0.3
    assert reason == "rivals"


def test_weights_add_up_to_the_probability(namesakes: duckdb.DuckDBPyConnection) -> None:
    """Prevents a waterfall that explains another number than the one that decided."""
    write_review(namesakes, 0.01)
    probability, evidence = namesakes.execute(
        "select probability, evidence from linkage.review_pair"
    ).fetchone()
    names = [bar["comparison"] for bar in evidence]
    assert names[0] == "prior" and names[-1] == "rivals"
    assert names.index("tf_adj_name") == names.index("name") + 1
    assert sum(bar["weight"] for bar in evidence) == pytest.approx(
        log2(probability / (1 - probability)), abs=1e-6
    )


def test_a_review_holds_the_rows_of_everybody_concerned(namesakes: duckdb.DuckDBPyConnection) -> None:
    """Prevents a question without the records to decide it by, and rows of people whom no question is about."""
    write_review(namesakes, 0.01)
    rows = {key for (key,) in namesakes.execute("select mention_key from linkage.review_record").fetchall()}
    assert "open:self" in rows
    assert rows & {"apersons:self", "bpersons:self"}
    assert not any(key.startswith("c") for key in rows)


def test_a_day_without_doubt_has_empty_tables() -> None:
    """Prevents a day on which every row has its number from failing for want of something to weigh."""
    con = duckdb.connect()
    con.execute("create schema intermediate")
    con.execute(f"create table intermediate.int_mention ({_COLUMNS})")
    _mention(con, "a", "persons", "王建国", _number("51990119800305123"))
    link(con, b"secret of the tests")
    assert write_review(con, 0.1) == 0
    assert con.execute("select count(*) from linkage.review_record").fetchone() == (0,)
