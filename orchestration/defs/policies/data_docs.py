"""The Data Docs as an asset: every suite, policy and registry rule of the day as pages to read, counts only."""

import shutil

import dagster as dg

from expectations.data_docs.kept import kept
from ingest.contract import load_contracts
from orchestration.cli.messages import LANGUAGES, Messages
from orchestration.partitions import days
from orchestration.pools import WRITER
from orchestration.resources import Day, run_date_of


@dg.asset(
    key=dg.AssetKey(["quality", "data_docs"]),
    # After the registry rules, the last to be judged.
    deps=[["quality", "expectation_result"], ["policies", "rule_result"]],
    description="Great Expectations' Data Docs of every suite, policy and registry rule: counts, never values.",
    group_name="quality",
    owners=["team:data"],
    kinds={"greatexpectations"},
    partitions_def=days,
    pool=WRITER,
)
def data_docs(context: dg.AssetExecutionContext, day: Day) -> dg.MaterializeResult[None]:
    """Make the pages that are published beside the warehouse."""
    from expectations.data_docs.site import build  # Great Expectations is slow to import

    pages = kept(day.results_folder)
    with day.step("make the Data Docs") as timing:
        shutil.rmtree(day.pages_folder, ignore_errors=True)  # a step tried again begins afresh
        timing.rows = build(pages, run_date_of(context), _offices(), day.pages_folder)
    return dg.MaterializeResult(
        metadata={
            "pages": timing.rows,
            "expectations": sum(len(page.results) for page in pages),
            "failed": sum(page.failed for page in pages),
        }
    )


def _offices() -> dict[str, dict[str, str]]:
    """Names of the offices by code and language."""
    codes = {contract.department for contract in load_contracts().values()}
    return {code: {language: Messages(language).department(code) for language in LANGUAGES} for code in codes}
