"""Mentions as small text tables: one line per mention, linked for real in DuckDB."""

from collections.abc import Callable

import duckdb
import pytest

from linkage.link import link

COLUMNS = {
    "mention_key": "text", "record_key": "text", "department": "text", "extract": "text", "role": "text",
    "name": "text", "id_number": "text", "id_quality": "text", "id_raw": "text", "sex": "text", "birth_date": "date",
    "village_code": "text", "phone": "text", "key_kind": "text", "key_no": "text", "household_source": "text",
    "household_no": "text", "relation": "text", "unique_source": "bool",
}  # fmt: skip
DEFAULTS = {
    "department": "registry", "extract": "persons", "role": "self", "id_quality": "absent", "unique_source": "false"
}  # fmt: skip

Linked = Callable[[str], duckdb.DuckDBPyConnection]


def parse(table: str) -> list[dict[str, str | None]]:
    """Rows of a text table `a | b` with a header line; an empty cell is null."""
    lines = [line.strip() for line in table.strip().splitlines()]
    header = [name.strip() for name in lines[0].split("|")]
    rows = [[cell.strip() or None for cell in line.split("|")] for line in lines[1:]]
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture
def linked() -> Linked:
    """Link a text table of mentions; returns the connection with schema `linkage`."""

    def run(table: str) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        con.execute("create schema intermediate")
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        con.execute(f"create table intermediate.int_mention ({columns})")
        for given in parse(table):
            row = {**dict.fromkeys(COLUMNS), **DEFAULTS, **{k: v for k, v in given.items() if v is not None}}
            row["record_key"] = row["record_key"] or row["mention_key"]
            if row["id_number"] and "id_quality" not in given:
                row["id_quality"] = "valid"
            con.execute(
                f"insert into intermediate.int_mention values ({', '.join('?' * len(COLUMNS))})",
                [row[c] for c in COLUMNS],
            )
        link(con, b"secret of the tests")
        return con

    return run


def groups(con: duckdb.DuckDBPyConnection) -> set[frozenset[str]]:
    """Which mentions are one person."""
    rows = con.execute(
        "select list(mention_key order by mention_key) from linkage.mention_link group by person_key"
    ).fetchall()
    return {frozenset(row[0]) for row in rows}


def methods(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """How each mention was linked."""
    return dict(con.execute("select mention_key, match_method from linkage.mention_link").fetchall())


def homes(con: duckdb.DuckDBPyConnection) -> set[frozenset[str]]:
    """Which mentions stand in one household."""
    rows = con.execute(
        "select list(mention_key order by mention_key) from linkage.mention_link"
        " join linkage.household_member using (person_key) group by household_key"
    ).fetchall()
    return {frozenset(row[0]) for row in rows}
