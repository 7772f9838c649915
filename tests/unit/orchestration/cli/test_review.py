"""`hulian review`: questions from the restricted file, answers as a delivery that ingest takes in."""

import csv
import io
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from ingest.contract import load_contracts
from ingest.deliver import take_in
from orchestration.cli import review as verb
from orchestration.cli.messages import Messages
from orchestration.cli.review_decisions import Decision, decided_pairs, write_decisions
from orchestration.cli.review_pairs import doubtful, sampled
from orchestration.cli.review_waterfall import waterfall_svg
from orchestration.engine import encrypted_database
from orchestration.home import Home
from orchestration.keyring import Keyring

DAY = date(2026, 11, 23)
NAME, NUMBER = "欧阳建国", "519901198003051239"
_ROW = (
    "mention_key, record_key, role, person_key, match_method, match_score, model_version, department, extract, delivery_id,"
    " row_number, name, id_raw, id_quality, sex, birth_date, village_code, phone, household_source, household_no, relation,"
    " key_kind, key_no, township_name, village_name, file_name"
)


def _key(number: int) -> str:
    return f"{number:032x}"


def _row(number: int, person: str, method: str, score: float | None, name: str = NAME, number_text: str | None = None) -> str:  # fmt: skip
    told = "null" if score is None else str(score)
    text = f"'{number_text}'" if number_text else "null"
    return (
        f"('{_key(number)}:self', '{_key(number)}', 'self', '{person}', '{method}', {told}, null, 'education', 'students',"
        f" 'd1', {number}, '{name}', {text}, 'absent', '男', null::date, '519901100201', null, 'education', 'x', null,"
        " null, null, '甲乡', '新村', 'students_20261110.xls')"
    )


@pytest.fixture
def reviewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose published day has two doubtful pairs and accepted links of three methods."""
    monkeypatch.setenv("HULIAN_KEY", "key of the tests")
    home = Home(tmp_path / "home")
    home.make()
    rows = [
        _row(1, "q1", "unmatched", None),
        _row(2, "p1", "id_exact", 1.0, number_text=NUMBER),
        _row(3, "q3", "unmatched", None, name="俄木·木牛"),
    ]
    for number in range(10, 40):
        method = ("probabilistic", "damaged_id", "department_key")[number % 3]
        rows += [_row(number, f"p{number}", method, 0.97), _row(number + 100, f"p{number}", "id_exact", 1.0)]
    bars = "[{'comparison': 'prior', 'weight': -12.0}, {'comparison': 'name', 'weight': 10.5}, {'comparison': 'rivals', 'weight': 1.5}]"
    key = Keyring.open(home).restricted_database
    with encrypted_database(home.published / "restricted.duckdb", key, "r", read_only=False) as con:
        con.execute(f"create table r.review_record as select * from (values {', '.join(rows)}) t({_ROW})")
        con.execute(f"""
            create table r.review_pair as select * from (values
                ('{_key(1)}:self', 'p1', 0.5, 0.2, -1.5, 'name_alone', {bars}),
                ('{_key(3)}:self', 'p1', 0.2, 0.1, -3.0, 'rivals', {bars})
            ) t(mention_key, person_key, probability, margin, weight, reason, evidence)""")
        con.execute(
            f"create table r.identity as select 'p1' as person_key, '{NAME}' as name, date '1980-03-05' as birth_date, '男' as sex"
        )
    return home


def _answer(home: Home, monkeypatch: pytest.MonkeyPatch, answers: str, **asked: object) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    return verb.review(home, home.root / "landing", DAY, verb.Asked(**asked), "en")


def _decisions(home: Home) -> dict[str, list[dict[str, str]]]:
    folder = home.root / "landing" / "linkage"
    return {
        path.name: list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
        for path in sorted(folder.glob("*"))
    }


def test_answers_become_a_delivery_that_ingest_takes_in(
    reviewed: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prevents decisions that never reach linking: asked at the terminal, written, taken in by the contract."""
    assert _answer(reviewed, monkeypatch, "1\nwhat?\n2\n") == 0
    said = capsys.readouterr().out
    assert NAME in said, "the operator sees the two records"
    assert "1980-03-05" in said, "what the person's number says stands where no row does"
    assert "-12.0" in said and "+10.5" in said
    (rows,) = _decisions(reviewed).values()
    assert [(row["左侧记录键"], row["右侧人员键"], row["核定结果"], row["核定事由"]) for row in rows] == [
        (_key(1), "p1", "同一人", "存疑"), (_key(3), "p1", "不同人", "存疑"),
    ]  # fmt: skip
    (delivery,) = take_in(
        reviewed.root, reviewed.root / "landing", datetime(2026, 11, 23, tzinfo=UTC), b"k", load_contracts()
    )
    assert (delivery.verdict, delivery.rows_loaded, delivery.field_issues) == ("accepted", 2, 0)
    loaded = duckdb.sql(
        f"select decision_no, left_role, decision, decided_on, match_score from '{reviewed.root / delivery.folder}/rows.parquet'"
    ).fetchall()
    assert loaded[0] == ("20261123-00001", "self", "同一人", DAY, 0.5)


def test_a_pair_is_asked_once(
    reviewed: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prevents the same question from coming back before the next run, and a skipped one from being lost."""
    _answer(reviewed, monkeypatch, "1\n3\n")
    assert decided_pairs(reviewed.root / "landing") == {(f"{_key(1)}:self", "p1")}
    capsys.readouterr()
    _answer(reviewed, monkeypatch, "", listed=True)
    said = capsys.readouterr().out
    assert _key(3)[:12] in said
    assert "1 pairs" in said


def test_the_next_file_of_a_day_carries_the_earlier_answers(reviewed: Home, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Prevents a second session from undoing the first: a later number of a day replaces the earlier one whole."""
    _answer(reviewed, monkeypatch, "1\nq\n")
    take_in(
        reviewed.root, reviewed.root / "landing", datetime(2026, 11, 23, tzinfo=UTC), b"k", load_contracts()
    )
    (reviewed.root / "landing" / "linkage" / "decisions_20261123.csv").unlink()  # cleared away after the run
    _answer(reviewed, monkeypatch, "3\n2\n")
    (name, rows), *others = _decisions(reviewed).items()
    assert (name, others) == ("decisions_20261123_2.csv", [])
    assert [row["核定编号"] for row in rows] == ["20261123-00001", "20261123-00002"]


def test_an_ended_session_keeps_its_answers_and_no_answer_writes_nothing(
    reviewed: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prevents work from being lost at the end of the input, and empty deliveries."""
    assert _answer(reviewed, monkeypatch, "3\n3\n") == 0
    assert not (reviewed.root / "landing" / "linkage").exists()
    _answer(reviewed, monkeypatch, "1\n")
    assert [len(rows) for rows in _decisions(reviewed).values()] == [1]


def test_the_sample_is_even_over_methods_and_drawn_by_seed(reviewed: Home) -> None:
    """Prevents a sample that nobody can draw again, and one that holds the commonest method only."""
    say = Messages("en")
    drawn = sampled(reviewed, say, 9, seed=1)
    assert Counter(question.left.match_method for question in drawn) == {
        "probabilistic": 3, "damaged_id": 3, "department_key": 3,
    }  # fmt: skip
    assert [q.pair for q in sampled(reviewed, say, 9, seed=1)] == [q.pair for q in drawn]
    assert [q.pair for q in sampled(reviewed, say, 9, seed=2)] != [q.pair for q in drawn]
    assert all(question.purpose == "抽样" and question.right for question in drawn)
    assert len(sampled(reviewed, say, 999, seed=1)) == 30


def test_lists_hold_keys_only_unless_names_are_asked_for(
    reviewed: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Prevents names in a terminal's scrollback, a pipe or a file that everybody may read."""
    assert _answer(reviewed, monkeypatch, "", listed=True) == 0
    assert _answer(reviewed, monkeypatch, "", file_format="csv") == 0
    said = capsys.readouterr().out
    assert _key(1) in said
    assert NAME not in said and NUMBER not in said
    assert _answer(reviewed, monkeypatch, "", file_format="csv", names=True) == 2
    file = tmp_path / "named.csv"
    assert _answer(reviewed, monkeypatch, "", file_format="csv", names=True, output=file) == 0
    assert NAME in file.read_text("utf-8-sig")
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_waterfall_adds_up_and_names_nobody(
    reviewed: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Prevents a picture whose bars do not lead to its total, or that shows who it is about."""
    file = tmp_path / "pair.svg"
    assert _answer(reviewed, monkeypatch, "", pair=_key(1)[:32], waterfall=file) == 0
    svg = file.read_text("utf-8")
    ElementTree.fromstring(svg)
    assert re.findall(r">([+-][0-9.]+)<", svg) == ["-12.0", "+10.5", "+1.5", "+0.0"]
    assert NAME not in svg
    assert _answer(reviewed, monkeypatch, "", pair="0", waterfall=file) == 2, "both pairs begin so"
    assert _answer(reviewed, monkeypatch, "", waterfall=file) == 2


def test_waterfall_bars_lie_end_to_end() -> None:
    """Prevents bars that float: each begins where the one before ended."""
    svg = waterfall_svg("a < b", "c", [("x", 4.0), ("y", -6.0)], "total")
    bars = [
        (float(bar.get("x")), float(bar.get("width")))
        for bar in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}rect")
        if bar.get("rx")
    ]
    (x_left, x_width), (y_left, y_width), (total_left, total_width) = bars
    assert x_left + x_width == pytest.approx(y_left + y_width, abs=0.2)
    assert (total_left, total_width) == pytest.approx((y_left, y_width / 3), abs=0.2)


def test_a_wrong_key_is_told_in_one_sentence(
    reviewed: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prevents an engine's message, which may quote the key, in front of the operator."""
    monkeypatch.setenv("HULIAN_KEY", "another key")
    assert _answer(reviewed, monkeypatch, "", listed=True) == 1
    assert "HULIAN_KEY" in capsys.readouterr().err


def test_a_decision_on_a_rejected_number_takes_the_next(reviewed: Home) -> None:
    """Prevents a file under a number that another file of the day already has in landing."""
    landing = reviewed.root / "landing"
    decision = Decision(_key(1), "self", "p1", "同一人", "存疑", "unmatched", None)
    names = [write_decisions(reviewed, landing, DAY, "somebody", [decision]).name for _ in range(3)]
    assert names == ["decisions_20261123.csv", "decisions_20261123_2.csv", "decisions_20261123_3.csv"]
    assert len(doubtful(reviewed, Messages("en"))) == 2
