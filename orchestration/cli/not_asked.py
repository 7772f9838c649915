"""Why a policy was not asked, in the reader's language: the published table says it in Chinese.

Here: saying it again in English from the same facts (the policy's file, the deliveries in force, the parameters).
"""

from collections.abc import Sequence

import duckdb

from expectations.parameters import Parameters


def reasons_in_english(
    connection: duckdb.DuckDBPyConnection, parameters: Parameters, policies: Sequence[str]
) -> dict[str, str]:
    """Policy id → why it was not asked on the day of the parameters, for those of `policies` that have a reason."""
    from expectations.policy import load_policies
    from ingest.contract import load_contracts
    from orchestration.freshness import too_old

    newest = dict(
        connection.execute("""
            select department || '/' || extract, max(data_date) from lineage.delivery
            where status = 'accepted' group by all
        """).fetchall()
    )
    stale = too_old(newest, load_contracts(), parameters, "en")
    found = ((p.id, p.not_evaluated(parameters, stale, "en")) for p in load_policies() if p.id in policies)
    return {policy: why for policy, why in found if why is not None}
