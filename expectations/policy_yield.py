"""How often a policy's clues proved right: verdicts that confirmed one, of all verdicts that ever came.

Here: the counts beside each policy's result, and which policies a person should look at again. Not here: what a verdict
does to a gap (`lifecycle`).
"""

import duckdb

from expectations.parameters import Parameters

# Columns that this module adds to policies.result.
YIELD_COLUMNS = {
    "checked": "BIGINT",
    "confirmed": "BIGINT",
    "yield_share": "DOUBLE",
    "needs_review": "BOOLEAN",
}


def write_yield(con: duckdb.DuckDBPyConnection, parameters: Parameters, verdicts_table: str) -> None:
    """Fill the columns of `YIELD_COLUMNS` in `policies.result` from the verdicts up to the run date.

    A verdict is an answer 属实, 不属实 or 豁免 to a gap that was ever found, counted once per gap and day; 属实 confirms.
    `needs_review`: at least `yield_after_verdicts` came, and fewer than the share `yield_floor` of them confirmed.

    Args:
        con: Has `policies.result` and `policies.gap`.
        parameters: Values of the run date.
        verdicts_table: gap_id, verified_on, verdict.
    """
    con.execute(f"""
        UPDATE policies.result SET
            checked = counted.checked,
            confirmed = counted.confirmed,
            yield_share = counted.confirmed / nullif(counted.checked, 0),
            needs_review = counted.checked >= {parameters.integer("yield_after_verdicts")}
                AND counted.confirmed < {parameters["yield_floor"]} * counted.checked
        FROM (
            SELECT p.policy_id, count(v.gap_id) AS checked, count(v.gap_id) FILTER (WHERE v.confirmed) AS confirmed
            FROM policies.result p
            LEFT JOIN policies.gap g ON g.policy_id = p.policy_id
            LEFT JOIN (
                SELECT gap_id, verified_on, bool_or(verdict = '属实') AS confirmed
                FROM {verdicts_table}
                WHERE verdict IS NOT NULL AND verified_on <= DATE '{parameters.run_date}'
                GROUP BY gap_id, verified_on
            ) v ON v.gap_id = g.gap_id
            GROUP BY p.policy_id
        ) counted
        WHERE counted.policy_id = policies.result.policy_id
    """)
