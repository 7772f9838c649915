"""Fingerprints of tables: equal content gives equal text, whatever the order of rows or the thread count."""

import duckdb

_FIELD = "chr(31)"
_NULL = "chr(30)"


def fingerprint(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """`<rows>:<sum of a 64-bit MD5 part over rows>` of a table given as `schema.name` or `catalog.schema.name`.

    MD5 and not DuckDB's `hash()`, which may change between versions. A sum, so that doubled rows count.
    """
    columns = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
    fields = ", ".join(f'coalesce("{column}"::varchar, {_NULL})' for column in columns)
    row = connection.execute(
        f"select count(*), coalesce(sum(md5_number_lower(concat_ws({_FIELD}, {fields}))::hugeint), 0) from {table}"
    ).fetchone()
    assert row is not None
    return f"{row[0]}:{row[1]:x}"
