"""Why a policy was not asked, in the reader's language: the published table says it in Chinese.

Here: saying it again in English from the same facts (the policy's file, the deliveries in force, the parameters).
"""

from collections.abc import Sequence
from datetime import date

import duckdb


def reasons_in_english(
    connection: duckdb.DuckDBPyConnection, run_date: date, policies: Sequence[str]
) -> dict[str, str]:
    """Policy id → why it was not asked on the published day, for those of `policies` that have a reason today."""
    from expectations.parameters import resolve
    from expectations.policy import load_policies
    from ingest.contract import load_contracts
    from orchestration.freshness import too_old

    parameters = resolve(run_date)
    newest = dict(
        connection.execute("""
            select department || '/' || extract, max(data_date) from lineage.delivery
            where status = 'accepted' group by all
        """).fetchall()
    )
    stale = too_old(newest, load_contracts(), parameters, "en")
    found = ((p.id, p.not_evaluated(parameters, stale, "en")) for p in load_policies() if p.id in policies)
    return {policy: why for policy, why in found if why is not None}
