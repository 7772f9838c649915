"""The registry's quality rules as an asset: which rows of the registry's own export cannot be right."""

from typing import Any

import dagster as dg
import duckdb

from expectations.data_docs.kept import keeper
from expectations.quality import ExpectationResult, append_results
from expectations.registry_rules.ask import ask_rules
from expectations.registry_rules.judge import SUITE, judge_rules, rule_disagreements
from expectations.registry_rules.rule import load_rules
from expectations.registry_rules.subjects import rule_parameters, rule_subjects
from ingest.contract import load_contracts
from orchestration import place, raw
from orchestration.freshness import stale_extracts
from orchestration.partitions import days
from orchestration.pools import WRITER
from orchestration.resources import Day, run_date_of

_TABLES = {
    "rule_hit": "One row per flag: a rule, and the row of the registry that it found.",
    "rule_result": "Counts of every rule on the run date, or why it was not evaluated.",
}


@dg.multi_asset(
    name="registry_rules",
    specs=[
        dg.AssetSpec(
            ["policies", table],
            description=description,
            # After the policies: both append to the results of Great Expectations.
            deps=[
                ["quality", "expectation_result"],
                *(subject.table.split(".") for subject in rule_subjects().values()),
            ],
            group_name="policies",
            owners=["team:data"],
            kinds={"duckdb", "greatexpectations"},
            partitions_def=days,
        )
        for table, description in _TABLES.items()
    ],
    pool=WRITER,
)
def registry_rules(context: dg.AssetExecutionContext, day: Day) -> Any:
    """Ask every registry rule in one pass per kind of subject, and have the counts judged."""
    run_date = run_date_of(context)
    rules, parameters, contracts = (
        load_rules(),
        rule_parameters(run_date, place.load(day.home)),
        load_contracts(),
    )
    # What is stale is the policies' own question: one list of days for both.
    stale = stale_extracts(
        raw.statuses_on(day.home, run_date, contracts), contracts, place.parameters_on(day.home, run_date)
    )
    with day.connect() as connection:
        with day.step("ask the registry rules") as timing:
            results = ask_rules(connection, parameters, stale, rules)
            timing.rows = sum(result.applicable for result in results)
        with day.step("judge the registry rules"):
            judged = judge_rules(connection, parameters, stale, rules, keeper(day.results_folder))
            _write_judged(connection, judged)
    flags = sum(result.flagged for result in results)
    yield dg.MaterializeResult(asset_key=["policies", "rule_hit"], metadata={"flags": flags})
    yield dg.MaterializeResult(
        asset_key=["policies", "rule_result"],
        metadata={"rules": len(results), "evaluated": sum(result.evaluated for result in results)},
    )


def _write_judged(connection: duckdb.DuckDBPyConnection, judged: list[ExpectationResult]) -> None:
    """Results, once however often the step is tried, and where both counts differ: the audit blocks on any."""
    connection.execute(
        "delete from quality.expectation_result where starts_with(suite, ?) and run_date = ?",
        [SUITE, judged[0].run_date if judged else None],
    )
    append_results(connection, judged)
    connection.execute("create or replace table policies.rule_count_difference (difference text)")
    for line in rule_disagreements(connection, judged):
        connection.execute("insert into policies.rule_count_difference values (?)", [line])
