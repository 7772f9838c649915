"""The door to Great Expectations: judges tables by their suites and subjects by their policies, counts only.

Here: suites and compiled policies turned into Great Expectations, run inside the run's open DuckDB file, and their
counts. Not here: which rows have a gap (`ask`), what is expected (`suites`, `policies`). No result carries a value of
a row: Great Expectations is told to keep no unexpected value, and only its counts are read.
"""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from expectations.compile import outcomes_query
from expectations.data_docs.kept import SENTENCE_EN, SENTENCE_ZH, Keep, Page
from expectations.data_docs.pages import policy_pages, policy_sentences
from expectations.deliveries import NEVER_DAYS, Bounds, Deliveries
from expectations.parameters import Parameters
from expectations.policy import Policy, load_policies
from expectations.quality import ExpectationResult
from expectations.suites import Expectation, Suite, load_suites

# BASIC tells counts; asked for no examples of unexpected values it holds none.
COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}


class JudgementError(RuntimeError):
    """Great Expectations could not evaluate an expectation, and nothing is known."""


def validate_suites(
    database: duckdb.DuckDBPyConnection | Path,
    run_date: date,
    parameters: Parameters,
    suites: Sequence[Suite] | None = None,
    keep: Keep | None = None,
) -> list[ExpectationResult]:
    """Judge every suite's table, and the deliveries' age and volume, by count.

    Args:
        database: Open connection of the run, or a DuckDB file; has the suites' tables and `raw.delivery`
            (department, extract, data_date, number, status, rows_loaded).
        run_date: The day judged.
        parameters: Values of that day (how old an extract may be).
        suites: All suites of the house unless given.
        keep: Called with one page of results per suite, for the Data Docs.

    Raises:
        JudgementError: an expectation could not be evaluated; names suite, expectation and column.
    """
    suites = load_suites() if suites is None else suites
    results = []
    pages: dict[str, list[dict[str, Any]]] = {suite.name: [] for suite in suites}
    with _connection(database) as con:
        deliveries = Deliveries(con, run_date, suites)
        with _datasource(con) as datasource:
            for suite in suites:
                on_table = [e for e in suite.expectations if e.kind not in ("fresh", "volume")]
                asset = datasource.add_query_asset(suite.name, query=f"SELECT * FROM {suite.table}")
                batch = asset.add_batch_definition_whole_table("day").get_batch()
                judged = _judge(batch, suite.name, [_to_gx(e) for e in on_table])
                for expectation, result in zip(on_table, judged, strict=True):
                    row = _row(run_date, suite, expectation, parameters, result)
                    results.append(row)
                    pages[suite.name].append(_as_json(result, row.sentence_zh, row.sentence_en))
            asset = datasource.add_query_asset("deliveries", query=deliveries.query())
            batch = asset.add_batch_definition_whole_table("day").get_batch()
            on_deliveries = [
                (suite, e) for suite in suites for e in suite.expectations if e.kind in ("fresh", "volume")
            ]
            judged = _judge(
                batch, "deliveries", [_bounded(deliveries.bounds(s, e, parameters)) for s, e in on_deliveries]
            )
            for (suite, expectation), result in zip(on_deliveries, judged, strict=True):
                row = _row(run_date, suite, expectation, parameters, result)
                results.append(row)
                pages[suite.name].append(_as_json(result, row.sentence_zh, row.sentence_en))
    if keep:
        for suite in suites:
            keep(
                Page(
                    "suites",
                    suite.name,
                    suite.title,
                    suite.title_en,
                    suite.table,
                    suite.owner,
                    pages[suite.name],
                )
            )
    return sorted(results, key=lambda r: (r.suite, r.expectation, r.column_name or ""))


def judge_policies(
    database: duckdb.DuckDBPyConnection | Path,
    run_date: date,
    parameters: Parameters,
    stale: Mapping[str, str],
    policies: Sequence[Policy] | None = None,
    keep: Keep | None = None,
) -> list[ExpectationResult]:
    """Judge every evaluated policy by count, with the predicate that made its gap rows.

    Returns one result per policy: `unexpected_count` is the number of gaps. Asks the same tables as `ask`, which must
    have dealt the cards before. `keep` is called with one page per area of policies, for the Data Docs.

    Raises:
        JudgementError: a policy could not be evaluated.
    """
    policies = load_policies() if policies is None else policies
    evaluated = [policy for policy in policies if policy.not_evaluated(parameters, stale) is None]

    def together(policy: Policy) -> tuple[str, bool]:
        return policy.subject.kind, policy.after_cards

    groups = [list(group) for _, group in groupby(sorted(evaluated, key=together), key=together)]
    questions = [
        Question(
            f"policies__{group[0].subject.kind}" + ("__cards" if group[0].after_cards else ""),
            outcomes_query(group, parameters, stale),
            tuple(policy.column for policy in group),
            "gap",
            tuple(policy_sentences(policy) for policy in group),
        )
        for group in groups
    ]
    answers = {
        policy.id: answer
        for group, given in zip(groups, judge_outcomes(database, questions), strict=True)
        for policy, answer in zip(group, given, strict=True)
    }
    results = [
        ExpectationResult(
            run_date,
            f"policies__{policy.subject.kind}",
            policy.subject.table,
            "policy_holds",
            policy.id,
            "warn",
            answers[policy.id].refused == 0,
            answers[policy.id].rows,
            answers[policy.id].refused,
            answers[policy.id].rows,
            policy.name_zh,
            policy.name_en,
            policy.owner,
        )
        for policy in evaluated
    ]
    found = {policy_id: answer.result for policy_id, answer in answers.items()}
    if keep:
        for page in policy_pages(policies, found, parameters, stale):
            keep(page)
    return sorted(results, key=lambda r: r.column_name or "")


@dataclass(frozen=True)
class Question:
    """A query with one row per subject, its outcome columns, and the outcome that none of them should have.

    `sentences` says in Chinese and English what each column asks.
    """

    name: str
    query: str
    columns: tuple[str, ...]
    refused: str
    sentences: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Answer:
    """Of one outcome column: its rows, those with the refused outcome, and Great Expectations' result as JSON."""

    rows: int
    refused: int
    result: dict[str, Any]


def judge_outcomes(
    database: duckdb.DuckDBPyConnection | Path, questions: Sequence[Question]
) -> list[list[Answer]]:
    """Have every outcome column counted: per question, the answer of each column.

    Raises:
        JudgementError: a column could not be evaluated.
    """
    import great_expectations.expectations as gxe

    counted = []
    with _connection(database) as con, _answers(con) as table, _datasource(con) as datasource:
        for question in questions:
            con.execute(
                f"CREATE OR REPLACE TABLE {table} AS SELECT {', '.join(question.columns)} FROM ({question.query})"
            )
            asset = datasource.add_query_asset(question.name, query=f"SELECT * FROM {table}")
            batch = asset.add_batch_definition_whole_table("day").get_batch()
            expected = [
                gxe.ExpectColumnValuesToNotBeInSet(column=column, value_set=[question.refused])
                for column in question.columns
            ]
            results = _judge(batch, question.name, expected)
            counted.append(
                [
                    # A table without rows has no count of the unexpected.
                    Answer(
                        found.result["element_count"],
                        found.result.get("unexpected_count") or 0,
                        _as_json(found, zh, en),
                    )
                    for found, (zh, en) in zip(results, question.sentences, strict=True)
                ]
            )
    return counted


@contextmanager
def _connection(database: duckdb.DuckDBPyConnection | Path) -> Iterator[duckdb.DuckDBPyConnection]:
    if isinstance(database, Path):
        with duckdb.connect(str(database), read_only=True) as con:
            yield con
    else:
        yield database


@contextmanager
def _answers(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """The name of a table in memory for the answers to one question.

    Great Expectations sends the query of an asset anew for every column of which some row fails, and only to read a query
    of all rules takes longer than to count its answers. In a database of its own, since every cursor has other temp tables.
    """
    con.execute("ATTACH ':memory:' AS judging")
    try:
        yield "judging.answer"
    finally:
        con.execute("DETACH judging")


@contextmanager
def _datasource(con: duckdb.DuckDBPyConnection) -> Iterator[Any]:
    """A Great Expectations data source on a cursor of an open DuckDB connection.

    DuckDB has no data source of its own there. The generic one works through `duckdb-sqlalchemy` when one and the same
    connection is always handed out (StaticPool): no hook into private names is needed, and the file, which this
    process already has open with its own settings, is not opened again.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from sqlalchemy.pool import StaticPool

    # It tells of every context it makes, at a level that this module sets for itself.
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)

    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    cursor = con.cursor()
    try:
        yield context.data_sources.add_sql(
            "day",
            connection_string="duckdb:///:memory:",
            kwargs={"creator": lambda: cursor, "poolclass": StaticPool},
        )
    finally:
        cursor.close()


def _judge(batch: Any, name: str, expected: Sequence[Any]) -> list[Any]:
    """Results in the order of the expectations; each is found again by its number in `meta`."""
    import great_expectations as gx

    for number, expectation in enumerate(expected):
        expectation.meta = {"number": number}
    found = batch.validate(gx.ExpectationSuite(name, expectations=list(expected)), result_format=COUNTS_ONLY)
    by_number = {result.expectation_config.meta["number"]: result for result in found.results}
    for number, expectation in enumerate(expected):
        if by_number[number].exception_info.get("raised_exception", True):
            # Its own message may quote a row's value.
            column = getattr(expectation, "column", None) or getattr(expectation, "column_list", "")
            raise JudgementError(f"{name}: {type(expectation).__name__} on {column} could not be evaluated")
    return [by_number[number] for number in range(len(expected))]


def _as_json(result: Any, zh: str, en: str) -> dict[str, Any]:
    """A result for the Data Docs: what it says of itself beside its counts; without the batch, which tells the hour."""
    found: dict[str, Any] = result.to_json_dict()
    config = found["expectation_config"]
    kwargs = {name: value for name, value in config["kwargs"].items() if name != "batch_id"}
    return {
        "success": found["success"],
        "result": found["result"],
        "exception_info": {"raised_exception": False, "exception_traceback": None, "exception_message": None},
        "expectation_config": {
            "type": config["type"],
            "kwargs": kwargs,
            "meta": {SENTENCE_ZH: zh, SENTENCE_EN: en},
        },
    }


def _bounded(bounds: Bounds) -> Any:
    import great_expectations.expectations as gxe

    return gxe.ExpectColumnMaxToBeBetween(
        column=bounds.column, min_value=bounds.at_least, max_value=bounds.at_most
    )


def _to_gx(expectation: Expectation) -> Any:
    import great_expectations.expectations as gxe

    column = expectation.columns[0]
    match expectation.kind:
        case "key" if len(expectation.columns) > 1:
            return gxe.ExpectCompoundColumnsToBeUnique(column_list=list(expectation.columns))
        case "key":
            return gxe.ExpectColumnValuesToBeUnique(column=column)
        case "filled" | "place_known":
            return gxe.ExpectColumnValuesToNotBeNull(column=column, mostly=expectation.at_least)
        case "code":
            return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(expectation.values))
        case "id_valid":
            return gxe.ExpectColumnValuesToBeInSet(
                column=column, value_set=["valid", "upgraded"], mostly=expectation.at_least
            )
    raise ValueError(f"no expectation of kind {expectation.kind}")


def _row(
    run_date: date, suite: Suite, expectation: Expectation, parameters: Parameters, result: Any
) -> ExpectationResult:
    counts = result.result
    on_rows = "element_count" in counts
    observed = counts.get("observed_value", counts.get("element_count"))
    return ExpectationResult(
        run_date,
        suite.name,
        suite.table,
        expectation.kind,
        ", ".join(expectation.columns) or None,
        expectation.severity,
        bool(result.success),
        None if observed == NEVER_DAYS else observed,
        (counts.get("unexpected_count") or 0) if on_rows else None,  # a table without rows has no count
        counts.get("element_count"),
        suite.sentence(expectation, parameters, "zh"),
        suite.sentence(expectation, parameters, "en"),
        suite.owner,
    )
