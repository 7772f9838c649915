"""What a household's gaps say, as columns that policies about other policies' gaps may use.

Here: one row per household from a table of gaps, as `subjects.yaml` declares the columns. Not here: the life of a gap
(`lifecycle`), how the columns are joined to the household (`compile`).
"""

import duckdb

from expectations.compile import GAP_FACT_TABLES
from expectations.subjects import Column, GapFact, catalogue


def gather(con: duckdb.DuckDBPyConnection, gaps: str, day: str) -> None:
    """Write the table of the day's gap facts: household_key and one column per declared fact.

    Args:
        con: The run's database.
        gaps: Table of gaps (policy_id, household_key, severity, kind, status, opened_on).
        day: `today` or `before`.
    """
    columns = [
        (column, fact)
        for subject in catalogue().subjects.values()
        for column in subject.columns.values()
        if (fact := column.gap_fact) is not None and fact.day == day
    ]
    chosen = "".join(f", {_sql(column, fact)}" for column, fact in columns)
    con.execute(f"""
        CREATE OR REPLACE TABLE {GAP_FACT_TABLES[day]} AS
        SELECT household_key{chosen} FROM {gaps} WHERE household_key IS NOT NULL GROUP BY household_key
    """)


def fact_test(fact: GapFact) -> str:
    """Condition on a row of a table of gaps: whether the fact speaks of it."""
    tests = [f"status IN ({_quoted(fact.statuses)})"]
    if fact.policies:
        tests.append(f"policy_id IN ({_quoted(fact.policies)})")
    if fact.severity is not None:
        tests.append(f"severity = '{fact.severity}'")
    if fact.kinds:
        tests.append(f"kind IN ({_quoted(fact.kinds)})")
    return " AND ".join(tests)


def _sql(column: Column, fact: GapFact) -> str:
    test = fact_test(fact)
    value = f"min(opened_on) FILTER (WHERE {test})" if fact.give == "since" else f"bool_or({test})"
    return f"{value} AS {column.name}"


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
