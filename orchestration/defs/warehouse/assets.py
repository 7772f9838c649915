"""One asset per dbt model, built in three steps; a model's tests are one check on its asset."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from expectations.parameters import Parameters
from expectations.scorecard import scorecard_variables
from orchestration import dbt
from orchestration.home import Home
from orchestration.partitions import days
from orchestration.place import parameters_on
from orchestration.pools import WRITER
from orchestration.resources import Day, run_date_of

TESTS = "dbt_tests"
_REGISTER = dg.AssetKey(["raw", "delivery"])
_MANIFEST = dbt.load_manifest(Home.from_environment())
_MODELS: dict[str, dict[str, Any]] = {
    unique_id: node for unique_id, node in _MANIFEST["nodes"].items() if node["resource_type"] == "model"
}


def _asset_key(unique_id: str) -> dg.AssetKey:
    """`[schema, name]` of a model or source, as the warehouse names it."""
    node = _MODELS.get(unique_id) or _MANIFEST["sources"].get(unique_id) or _MANIFEST["nodes"][unique_id]
    return dg.AssetKey([node["schema"], node["name"]])


def _spec(unique_id: str, node: Mapping[str, Any]) -> dg.AssetSpec:
    return dg.AssetSpec(
        _asset_key(unique_id),
        deps=_parents(node),
        description=node["description"],
        group_name=node["schema"],
        owners=["team:data"],
        kinds={"dbt", "duckdb"},
        tags={"hulian/step": _step_of(node)},
        metadata={"dagster/column_schema": _column_schema(node)},
        partitions_def=days,
    )


def _parents(node: Mapping[str, Any]) -> list[dg.AssetKey]:
    """What a model selects from; a model over raw views also waits for the register that opens them."""
    parents = [_asset_key(parent) for parent in node["depends_on"]["nodes"]]
    reads_raw = any(key.path[0] == "raw" for key in parents)
    return [*parents, _REGISTER] if reads_raw and _REGISTER not in parents else parents


def _column_schema(node: Mapping[str, Any]) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column["name"],
                type=column.get("data_type") or "unknown",
                description=" · ".join(filter(None, [column["meta"].get("label_zh"), column["description"]])),
            )
            for column in node["columns"].values()
        ]
    )


def _step_of(node: Mapping[str, Any]) -> str:
    return next(step for step in dbt.STEPS if step in node["tags"])


def _tested(models: Mapping[str, Any]) -> list[str]:
    """Models of a step that have at least one data test."""
    tests = (node for node in _MANIFEST["nodes"].values() if node["resource_type"] == "test")
    return sorted({test["attached_node"] for test in tests if test.get("attached_node") in models})


def dbt_variables(parameters: Parameters) -> dict[str, Any]:
    """What the models are told of the day; nothing in them reads the clock or repeats a parameter."""
    return {
        "run_date": parameters["run_date"],
        "premium_year": parameters["premium_year"],
        "term": parameters["term"],
        "visit_interval_days": {
            colour: parameters[f"visit_interval_days_{colour}"] for colour in ("red", "yellow", "blue")
        },
        "visit_list_days": parameters["visit_list_days"],
        "scorecard": scorecard_variables(parameters.run_date),
    }


def _step_asset(step: str) -> dg.AssetsDefinition:
    models = {unique_id: node for unique_id, node in _MODELS.items() if _step_of(node) == step}
    tested = _tested(models)

    @dg.multi_asset(
        name=f"dbt_{step}",
        specs=[_spec(unique_id, node) for unique_id, node in models.items()],
        check_specs=[
            dg.AssetCheckSpec(
                TESTS, asset=_asset_key(model), description="The model's dbt data tests.", blocking=True
            )
            for model in tested
        ],
        pool=WRITER,
    )
    def dbt_step(context: dg.AssetExecutionContext, day: Day) -> Any:
        variables = dbt_variables(parameters_on(day.home, run_date_of(context)))
        with day.step(f"dbt {step}") as timing, day.database_named_for_dbt():
            results = dbt.build(day.home, day.work_folder, step, variables)
            timing.rows = len(results)
        yield from _materializations(results, models)
        yield from _check_results(results, tested)

    return dbt_step


def _materializations(
    results: list[dbt.NodeResult], models: Mapping[str, Any]
) -> Iterator[dg.MaterializeResult[None]]:
    """In the order in which dbt built them."""
    for result in results:
        if result.unique_id in models:
            yield dg.MaterializeResult(
                asset_key=_asset_key(result.unique_id), metadata={"seconds": result.seconds}
            )


def _check_results(results: list[dbt.NodeResult], tested: list[str]) -> Iterator[dg.AssetCheckResult]:
    by_model: dict[str, list[dbt.NodeResult]] = defaultdict(list)
    for result in results:
        if result.resource_type == "test" and result.tested_model:
            by_model[result.tested_model].append(result)
    for model in tested:
        failed = [result for result in by_model[model] if result.status != "pass"]
        yield dg.AssetCheckResult(
            check_name=TESTS,
            asset_key=_asset_key(model),
            passed=not failed,
            severity=dg.AssetCheckSeverity.WARN,  # error-severity tests have ended the step before
            metadata={
                "tests": len(by_model[model]),
                "rows_failed": sum(result.failures for result in failed),
            },
        )


@dg.definitions
def defs() -> dg.Definitions:
    """The three dbt steps."""
    return dg.Definitions(assets=[_step_asset(step) for step in dbt.STEPS])
