"""The report's figures again by the queries that are published beside them, before anything is published.

What a figure is stands in `dbt_project/macros/report_figures.sql`; here only that each query gives its figure.
"""

import duckdb


def write_differences(connection: duckdb.DuckDBPyConnection) -> None:
    """Write `policies.figure_difference` (figure_id): figures whose query gives another value. The audit counts them."""
    connection.execute("create or replace table policies.figure_difference (figure_id text)")
    figures = connection.execute("select figure_id, query, found from marts.report_figure").fetchall()
    for figure_id, query, found in figures:
        given = connection.execute(f"select cast(({query}) as double)").fetchone()
        if given != (found,):
            connection.execute("insert into policies.figure_difference values (?)", [figure_id])
