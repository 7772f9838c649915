"""Scratch tables of the cascade: a million mentions are laid out many times, and what is done with is let go.

Belongs here: forgetting temp tables between stages. What a stage needs of an earlier one, `link` names.
"""

import duckdb

_TEMPORARY = "select table_name from duckdb_tables() where temporary"


def temporary_tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Names of the temp tables on this connection."""
    return {name for (name,) in con.execute(_TEMPORARY).fetchall()}


def forget(con: duckdb.DuckDBPyConnection, keep: set[str]) -> None:
    """Drop the temp tables that are not in `keep`."""
    for name in sorted(temporary_tables(con) - keep):
        con.execute(f'drop table temp."{name}"')
