"""Estimated precision and recall, what they rest on, and when a day is unfit to be published."""

from datetime import date

import duckdb
import pytest

from linkage.drift import breaches
from linkage.interval import wilson
from linkage.names import install_name_macros
from linkage.quality import COLUMNS, estimate_precision, settings, write_quality

DAY = date(2026, 11, 23)
NEXT = date(2026, 11, 24)


def _database() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    install_name_macros(con)
    con.execute("""
        create schema intermediate; create schema linkage; create schema staging;
        create table intermediate.int_mention (mention_key text, record_key text, role text, extract text, name text,
            id_quality text, birth_date date, village_code text);
        create table linkage.mention_link (mention_key text, person_key text, match_method text, match_score double);
        create table linkage.person (person_key text, birth_date date, village_code text);
        create table linkage.review_pair (mention_key text, person_key text, probability double);
        create table staging.stg_linkage__decisions (decision_no text, left_record_key text, left_role text,
            decision text, decided_on date, purpose text, match_method text);
    """)
    return con


def _mention(
    con: duckdb.DuckDBPyConnection, key: str, person: str, method: str, score: float | None = 1.0, extract: str = "students",
    name: str = "王建国", quality: str = "valid",
) -> None:  # fmt: skip
    con.execute(
        "insert into intermediate.int_mention values (?, ?, 'self', ?, ?, ?, date '2015-01-01', '519901100201')",
        [f"{key}:self", key, extract, name, quality],
    )
    con.execute(
        "insert into linkage.mention_link values (?, ?, ?, ?)", [f"{key}:self", person, method, score]
    )


def _decide(con: duckdb.DuckDBPyConnection, key: str, decision: str, purpose: str, method: str) -> None:
    con.execute(
        "insert into staging.stg_linkage__decisions values (?, ?, 'self', ?, date '2026-11-22', ?, ?)",
        [f"no-{key}", key, decision, purpose, method],
    )


def _write(con: duckdb.DuckDBPyConnection, day: date = DAY, previous: str | None = None) -> None:
    con.execute(
        "create or replace table linkage.person as"
        " select distinct person_key, date '1940-01-01' as birth_date, '519901100201' as village_code from linkage.mention_link"
    )
    write_quality(con, day, previous=previous)


def _row(con: duckdb.DuckDBPyConnection, kind: str, scope: str, day: date = DAY) -> dict[str, object]:
    found = con.execute(
        "select * from linkage.quality where run_date = ? and scope_kind = ? and scope = ?",
        [day, kind, scope],
    ).fetchone()
    assert found is not None, (kind, scope)
    return dict(zip(COLUMNS, found, strict=True))


def test_wilson_is_told_by_its_book() -> None:
    """Prevents an interval of another formula: 95 of 100 by Wilson is 0.888 to 0.978; no trials say nothing."""
    assert wilson(0.95, 100) == pytest.approx((0.8882, 0.9785), abs=1e-4)
    assert wilson(1.0, 30)[0] == pytest.approx(0.8865, abs=1e-4)
    assert wilson(1.0, 0) == (0.0, 1.0)


def test_without_review_the_model_speaks_and_says_so() -> None:
    """Prevents match probabilities from being shown as if people had checked them."""
    con = _database()
    for number in range(8):
        _mention(con, f"a{number}", f"p{number}", "id_exact")
    _mention(con, "b1", "p1", "probabilistic", 0.9)
    _mention(con, "b2", "p2", "probabilistic", 0.7)
    _mention(con, "c1", "p9", "unmatched", None)
    con.execute("insert into linkage.review_pair values ('c1:self', 'p3', 0.4), ('c1:self', 'p4', 0.3)")
    _write(con)
    whole = _row(con, "all", "all")
    assert (whole["mentions"], whole["linked"], whole["persons"]) == (11, 10, 9)
    assert whole["estimated_precision"] == pytest.approx(0.96)
    assert whole["precision_basis"] == "model"
    # 9.6 right links are expected, and the open row is one more with a chance of 0.4
    assert whole["estimated_recall"] == pytest.approx(9.6 / 10.0)
    assert _row(con, "method", "probabilistic")["estimated_precision"] == pytest.approx(0.8)
    assert _row(con, "method", "unmatched")["estimated_precision"] is None


def test_a_reviewed_stratum_counts_people_and_not_the_model() -> None:
    """Prevents a model that is sure of itself from hiding what the sample found; confirmed links stay in their stratum."""
    con = _database()
    for number in range(60):
        _mention(con, f"a{number}", f"p{number}", "id_exact")
    for number in range(40):
        confirmed = number < 30
        _mention(con, f"b{number}", f"p{number}", "decision" if confirmed else "probabilistic", 1.0 if confirmed else 0.99)  # fmt: skip
        if number < 33:
            _decide(con, f"b{number}", "同一人" if confirmed else "不同人", "抽样", "probabilistic")
    _write(con)
    whole = _row(con, "all", "all")
    assert whole["precision_basis"] == "mixed"
    assert whole["estimated_precision"] == pytest.approx(0.6 + 0.4 * 30 / 33)
    assert whole["precision_low"] < whole["estimated_precision"] < whole["precision_high"]
    assert whole["reviewed"] == 33


def test_doubtful_pairs_that_people_joined_raise_the_missed_links() -> None:
    """Prevents the model from judging its own misses once people have looked at enough of them."""
    con = _database()
    for number in range(90):
        _mention(con, f"a{number}", f"p{number}", "id_exact")
    for number in range(10):
        _mention(con, f"u{number}", f"q{number}", "unmatched", None)
        con.execute("insert into linkage.review_pair values (?, 'p1', 0.1)", [f"u{number}:self"])
    for number in range(40):
        _decide(con, f"a{number}", "同一人" if number < 20 else "不同人", "存疑", "unmatched")
    _write(con)
    whole = _row(con, "all", "all")
    assert whole["recall_basis"] == "review"
    assert whole["estimated_recall"] == pytest.approx(90 / (90 + 10 * 0.5))


def test_nothing_linked_has_no_precision() -> None:
    """Prevents a share of nothing from being told as perfect."""
    assert estimate_precision([], 30).value is None


def test_subgroups_are_told_apart() -> None:
    """Prevents errors of minority names and of people without a number from drowning in the county's average."""
    con = _database()
    _mention(con, "a1", "p1", "id_exact", name="买买提·阿力")
    _mention(con, "a2", "p2", "unmatched", None, quality="damaged")
    _mention(con, "a3", "p3", "id_exact")
    _write(con)
    assert _row(con, "subgroup", "minority_name")["mentions"] == 1
    assert _row(con, "subgroup", "no_id")["linked_share"] == 0.0


def _day(
    con: duckdb.DuckDBPyConnection, day: date, extracts: dict[str, tuple[int, int]], **extremes: int
) -> None:
    """Figures of a day: extract → (mentions, linked)."""
    total, linked = (sum(column) for column in zip(*extracts.values(), strict=True))
    rows = [("all", "all", total, linked), *(("extract", name, n, k) for name, (n, k) in extracts.items())]
    for kind, scope, mentions, links in rows:
        values = {
            "run_date": day, "scope_kind": kind, "scope": scope, "mentions": mentions, "linked": links,
            "linked_share": links / mentions, "cluster_max": 9, "names_max": 3, **extremes,
        }  # fmt: skip
        marks = ", ".join("?" for _ in values)
        con.execute(
            f"insert into linkage.quality ({', '.join(values)}) values ({marks})", list(values.values())
        )


@pytest.fixture
def figures() -> duckdb.DuckDBPyConnection:
    """An empty `linkage.quality`."""
    con = duckdb.connect()
    con.execute("create schema linkage")
    con.execute(f"create table linkage.quality ({', '.join(f'{n} {kind}' for n, kind in COLUMNS.items())})")
    return con


def _broken(con: duckdb.DuckDBPyConnection, day: date) -> set[tuple[str, str]]:
    found = breaches(con, day, settings()["limits"])
    counted = con.execute("select count(*) from linkage.quality_breach").fetchone()
    assert counted == (len(found),), "the audit counts what the check tells"
    return {(breach.limit, breach.scope) for breach in found}


def test_a_fallen_link_rate_is_a_breach(figures: duckdb.DuckDBPyConnection) -> None:
    """Prevents a day whose numbers were ruined from replacing the last good one."""
    _day(figures, DAY, {"students": (5000, 4950), "deaths": (5000, 4950)})
    _day(figures, NEXT, {"students": (5000, 4940), "deaths": (5000, 4600)})
    assert _broken(figures, DAY) == set()
    assert _broken(figures, NEXT) == {("link_rate_drop", "all")}


def test_a_small_extract_cannot_lose_its_numbers_unseen(figures: duckdb.DuckDBPyConnection) -> None:
    """Prevents the county's rate from hiding one office whose numbers are all gone."""
    _day(figures, DAY, {"students": (500_000, 495_000), "deaths": (1500, 1490)})
    _day(figures, NEXT, {"students": (500_000, 495_000), "deaths": (1500, 900)})
    assert _broken(figures, NEXT) == {("extract_rate_drop", "deaths")}


def test_a_new_extract_is_no_drift(figures: duckdb.DuckDBPyConnection) -> None:
    """Prevents a department's first delivery, poor in numbers, from stopping the county."""
    _day(figures, DAY, {"students": (5000, 4950)})
    _day(figures, NEXT, {"students": (5000, 4950), "dwellings": (5000, 3500)})
    assert _broken(figures, NEXT) == set()


def test_a_giant_person_is_a_breach_on_any_day(figures: duckdb.DuckDBPyConnection) -> None:
    """Prevents thousands of rows with one typed-in number from being published as one person."""
    _day(figures, DAY, {"students": (5000, 4950)}, cluster_max=4000, names_max=300)
    assert _broken(figures, DAY) == {("largest_cluster", "all"), ("most_names", "all")}


def test_a_first_day_without_numbers_is_a_breach(figures: duckdb.DuckDBPyConnection) -> None:
    """Prevents a first day from being published when nothing could be linked, there being no day to compare with."""
    _day(figures, DAY, {"students": (5000, 900)})
    assert _broken(figures, DAY) == {("least_linked_share", "all")}


def test_days_before_stay_in_the_table() -> None:
    """Prevents the history of link quality from being lost, and a day run again from standing twice."""
    con = _database()
    _mention(con, "a1", "p1", "id_exact")
    _write(con)
    con.execute("create table yesterday as select * from linkage.quality")
    _write(con, NEXT, previous="yesterday")
    con.execute("create or replace table yesterday as select * from linkage.quality")
    _write(con, NEXT, previous="yesterday")
    days = con.execute(
        "select run_date, count(*) from linkage.quality where scope_kind = 'all' group by all order by all"
    ).fetchall()
    assert days == [(DAY, 1), (NEXT, 1)]
