"""Is the data fit, and does every policy hold: suites as checks on the extracts, policies as assets by area."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import dagster as dg
import duckdb

from expectations.ask import ask
from expectations.data_docs.kept import keeper
from expectations.doubt import write_doubt
from expectations.policy import Policy, load_policies
from expectations.quality import ExpectationResult, append_results, disagreements, write_results
from expectations.ranking import rank
from expectations.suites import Suite, load_suites
from ingest.contract import load_contracts
from ingest.crash import crash_point
from orchestration import previous, raw
from orchestration.freshness import stale_extracts
from orchestration.partitions import days
from orchestration.place import parameters_on
from orchestration.pools import WRITER
from orchestration.resources import Day, run_date_of

_CONTRACTS = load_contracts()
_SUITES = load_suites()
_POLICIES = load_policies()
_RESULTS = dg.AssetKey(["quality", "expectation_result"])
_TABLES = {
    "gap": "Every gap ever found, with its life: open, confirmed, refuted, exempt, resolved, unknown.",
    "result": "Counts of every policy on the run date, or why it was not evaluated.",
    "card": "The colour of every household that has a card, and since when.",
    "clue_order": "The place of every gap in hand on its household's card.",
    "household_order": "The place of every household with a gap in hand in the work list.",
}


def _asset_of(suite: Suite) -> dg.AssetKey:
    return dg.AssetKey(suite.table.split("."))


def _suite_specs() -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            "fit_for_use",
            asset=_asset_of(suite),
            description=f"{suite.title}: keys, codes, ID numbers, volume, freshness.",
            blocking=True,
        )
        for suite in _SUITES
    ]


@dg.multi_asset_check(name="fitness", specs=_suite_specs(), pool=WRITER)
def fitness(context: dg.AssetCheckExecutionContext, day: Day) -> Iterator[dg.AssetCheckResult]:
    """Judge every staged extract by its suite; an error-severity expectation that fails ends the day."""
    from expectations.run import validate_suites  # Great Expectations is slow to import

    run_date = run_date_of(context)
    with day.step("judge the extracts") as timing, day.connect() as connection:
        results = validate_suites(
            connection, run_date, parameters_on(day.home, run_date), keep=keeper(day.results_folder)
        )
        with previous.attached(connection, day.home, run_date) as before:
            write_results(connection, results, f"{before}.quality" if before else None)
        timing.rows = len(results)
    by_suite: dict[str, list[ExpectationResult]] = defaultdict(list)
    for result in results:
        by_suite[result.suite].append(result)
    for suite in _SUITES:
        yield _suite_result(suite, by_suite[suite.name])


def _suite_result(suite: Suite, results: Sequence[ExpectationResult]) -> dg.AssetCheckResult:
    failed = [result for result in results if not result.success]
    return dg.AssetCheckResult(
        check_name="fit_for_use",
        asset_key=_asset_of(suite),
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR
        if any(result.severity == "error" for result in failed)
        else dg.AssetCheckSeverity.WARN,
        metadata={"expectations": len(results), "failed": [result.sentence_zh for result in failed]},
    )


def _areas() -> dict[str, list[Policy]]:
    """Policies by the folder that their file stands in."""
    areas: dict[str, list[Policy]] = defaultdict(list)
    for policy in _POLICIES:
        areas[policy.document.path.parent.name].append(policy)
    return dict(sorted(areas.items()))


def _area_key(area: str) -> dg.AssetKey:
    return dg.AssetKey(["policies", f"area_{area}"])


@dg.multi_asset(
    name="ask",
    specs=[
        dg.AssetSpec(
            ["policies", table],
            description=description,
            deps=[
                ["marts", "linked_person"],
                ["marts", "village"],
                ["intermediate", "int_household__facts"],
                ["intermediate", "int_fund__project"],
                ["intermediate", "int_fund__asset"],
                ["staging", "stg_registry__verdicts"],
                ["linkage", "doubtful_candidate"],
                ["linkage", "weak_link"],
                ["raw", "quarantined_row"],
                ["staging", "stg_work_list__sent"],
            ],
            group_name="policies",
            owners=["team:data"],
            kinds={"duckdb"},
            partitions_def=days,
        )
        for table, description in _TABLES.items()
    ]
    + [
        dg.AssetSpec(
            _area_key(area),
            description="; ".join(f"{policy.id} {policy.name_zh}" for policy in policies),
            deps=[["policies", "result"]],
            group_name="policies",
            owners=["team:data"],
            kinds={"greatexpectations"},
            partitions_def=days,
        )
        for area, policies in _areas().items()
    ]
    + [
        dg.AssetSpec(
            _RESULTS,
            description="Every Great Expectations result of every run: counts, never values.",
            deps=[["policies", "result"]],
            group_name="quality",
            owners=["team:data"],
            kinds={"greatexpectations", "duckdb"},
            partitions_def=days,
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(policy.column, asset=_area_key(area), description=f"{policy.id} {policy.name_zh}")
        for area, policies in _areas().items()
        for policy in policies
    ],
    pool=WRITER,
)
def ask_policies(context: dg.AssetExecutionContext, day: Day) -> Any:
    """Ask every policy of every household, follow the gaps, deal the cards, and have the counts judged."""
    from expectations.run import judge_policies  # Great Expectations is slow to import

    run_date = run_date_of(context)
    parameters = parameters_on(day.home, run_date)
    stale = stale_extracts(raw.statuses_on(day.home, run_date, _CONTRACTS), _CONTRACTS, parameters)
    with day.connect() as connection:
        with (
            day.step("ask every policy") as timing,
            previous.attached(connection, day.home, run_date) as before,
        ):
            summary = ask(
                connection,
                run_date,
                parameters,
                stale,
                f"{before}.marts" if before else None,
                at=crash_point,
                redirects="linkage.key_redirect",
                sent_table="staging.stg_work_list__sent",
            )
            _write_earlier_results(connection, before, run_date)
            in_doubt = write_doubt(connection, _POLICIES, parameters)
            rank(connection, parameters)
            timing.rows = sum(result.applicable for result in summary.results)
        with day.step("judge the policies"):
            judged = judge_policies(connection, run_date, parameters, stale, keep=keeper(day.results_folder))
            append_results(connection, judged)
            _write_count_differences(connection, disagreements(connection, judged))
    yield dg.MaterializeResult(asset_key=["policies", "gap"], metadata={**summary.gaps, "in_doubt": in_doubt})
    yield dg.MaterializeResult(asset_key=["policies", "result"], metadata={"policies": len(summary.results)})
    yield dg.MaterializeResult(asset_key=["policies", "card"], metadata=dict(summary.cards))
    for table in ("clue_order", "household_order"):
        yield dg.MaterializeResult(asset_key=["policies", table])
    yield dg.MaterializeResult(asset_key=_RESULTS, metadata={"policies_judged": len(judged)})
    yield from _area_results({result.column_name or "": result for result in judged}, run_date)


def _area_results(judged: dict[str, ExpectationResult], run_date: date) -> Iterator[Any]:
    for area, policies in _areas().items():
        yield dg.MaterializeResult(asset_key=_area_key(area), metadata={"policies": len(policies)})
        for policy in policies:
            result = judged.get(policy.id)
            yield dg.AssetCheckResult(
                check_name=policy.column,
                asset_key=_area_key(area),
                passed=result is None or result.success,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={
                    "evaluated": result is not None,
                    "gaps": (result.unexpected_count or 0) if result else 0,
                },
            )


def _write_earlier_results(connection: duckdb.DuckDBPyConnection, before: str | None, run_date: date) -> None:
    """Results of other days from the last published warehouse, which `marts.policy_result` keeps beside today's."""
    connection.execute("create or replace table policies.earlier_result as from policies.result where false")
    if before:
        connection.execute(
            f"insert into policies.earlier_result by name select * from {before}.marts.policy_result where run_date <> ?",
            [run_date],
        )


def _write_count_differences(connection: duckdb.DuckDBPyConnection, lines: list[str]) -> None:
    """The audit before publishing counts these: any difference blocks."""
    connection.execute("create or replace table policies.count_difference (difference text)")
    for line in lines:
        connection.execute("insert into policies.count_difference values (?)", [line])
