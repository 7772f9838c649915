"""Write, audit, publish: the day's tables into a fresh versioned folder, then one swapped link.

A reader opens the old state or the new one, never a half: the files are built aside, checked, forced to disk
and renamed before any link moves. What goes into the tables is the business of dbt and the rooms.
"""

import hashlib
import itertools
import json
import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from ingest.crash import crash_point
from orchestration import engine, ledger
from orchestration.durable import fsync_file, fsync_folder, swap_link
from orchestration.engine import sql_text
from orchestration.fingerprint import fingerprint
from orchestration.home import DATA_DOCS, PRIVATE_FILE, Home
from orchestration.published import MANIFEST, current, sweep

_OPEN_SCHEMAS = ("marts", "lineage", "quality")
_FINGERPRINTED_APART = (
    "lineage.run",
    "lineage.run_input",
)  # they tell of the run itself, which differs each time
_KEEP_DAYS = 62  # two months of history: the quarter's scorecard looks back at most so far in daily steps

# Identities, and the raw text of issues and quarantined rows: the restricted file.
_RESTRICTED = {
    "identity": "select person_key, identity_quality, id_number, name, sex, birth_date, village_code, phone from linkage.person",
    "field_issue": "select * from raw.field_issue",
    "quarantined_row": "select * from raw.quarantined_row",
    # officers who look after households, by the keys of marts.visit_due
    "contact": "select contact_key, township_name, name, title, phone from policies.contact",
    # the cells that linking found wrong, each with its own file's text and nobody else's
    "issue_cell": "select delivery_id, row_number, column_name, rule, own_value from intermediate.int_issue__linked",
    # what `hulian review` shows: pairs in doubt and the rows they speak of
    "review_pair": "select * from linkage.review_pair",
    "review_record": (
        "select r.*, v.township_name, v.village_name, d.file_name from linkage.review_record r"
        " left join marts.village v using (village_code)"
        " left join (select delivery_id, any_value(file_name) as file_name from raw.delivery group by all) d using (delivery_id)"
    ),
}


@dataclass(frozen=True)
class Published:
    """A published state: its folder and the fingerprints of its tables."""

    folder: Path
    fingerprints: dict[str, str]


def publish(
    home: Home,
    work_database: Path,
    run_id: str,
    run_date: date,
    key: str,
    entry: dict[str, Any],
    pages: Path | None = None,
) -> Published:
    """Publish the day held in `work_database`; `entry` is what the ledger says of the run besides fingerprints.

    `pages` is the folder of the day's Data Docs, which are published beside the warehouse as `data_docs`.

    An older day than the current one is added to the history without moving readers back.
    """
    # Before and not after: a reader who has just followed the link must still find the state it led to.
    sweep(home, _KEEP_DAYS)
    building = home.versions / f".building-{run_id}"
    shutil.rmtree(building, ignore_errors=True)  # a step tried again begins afresh
    building.mkdir(mode=0o755)
    fingerprints = _build(work_database, building, key)
    if pages is not None:
        _copy_pages(pages, building / DATA_DOCS)
    crash_point("publish.before_fsync")
    body = {**entry, "run_id": run_id, "run_date": run_date.isoformat(), "fingerprints": fingerprints}
    files = {
        file.relative_to(building).as_posix(): _sha256(file)
        for file in sorted(building.rglob("*"))
        if file.is_file()
    }
    (building / MANIFEST).write_text(
        json.dumps(
            {"run_id": run_id, "run_date": run_date.isoformat(), "files": files, "ledger": body},
            ensure_ascii=False,
        )
    )
    for path in sorted(building.rglob("*")):
        fsync_folder(path) if path.is_dir() else fsync_file(path)
    fsync_folder(building)
    crash_point("publish.before_rename")
    folder = _fresh_name(home, f"{run_date.isoformat()}-{run_id[:8]}")
    building.rename(folder)
    fsync_folder(home.versions)
    _move_links(home, folder, run_date)
    crash_point("publish.before_ledger")
    ledger.append(home.ledger, body)
    return Published(folder, fingerprints)


def _copy_pages(pages: Path, folder: Path) -> None:
    """Everybody who may read the warehouse may read its pages, whatever the mask of the run's private folder."""
    shutil.copytree(pages, folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _fresh_name(home: Home, name: str) -> Path:
    """A version folder that no earlier try of this run has taken."""
    tries = (home.versions / (name if number == 0 else f"{name}-{number}") for number in itertools.count())
    return next(folder for folder in tries if not folder.exists())


def _move_links(home: Home, folder: Path, run_date: date) -> None:
    seen = current(home)
    if seen is None or seen.run_date <= run_date:
        swap_link(home.current, folder)
        crash_point("publish.after_rename")
    swap_link(home.history / run_date.isoformat(), folder)
    for name in ("warehouse.duckdb", "restricted.duckdb"):
        link = home.published / name
        if not link.is_symlink():
            swap_link(link, home.current / name)


def _build(work_database: Path, folder: Path, key: str) -> dict[str, str]:
    """Copy the published schemas into `warehouse.duckdb` and identities into an encrypted `restricted.duckdb`."""
    mask = os.umask(0o777 & ~PRIVATE_FILE)
    try:
        with engine.work_database(work_database) as connection:
            connection.execute("set force_compression = 'auto'")
            fingerprints = _copy_open_schemas(connection, folder / "warehouse.duckdb")
            crash_point("publish.mid_build")
            _copy_restricted(connection, folder / "restricted.duckdb", key)
    finally:
        os.umask(mask)
    (folder / "warehouse.duckdb").chmod(0o644)
    return fingerprints


def _copy_open_schemas(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    connection.execute(f"attach {sql_text(str(path))} as new")
    tables = connection.execute(
        "select table_schema, table_name from information_schema.tables where table_catalog = current_database()"
        f" and table_schema in {_OPEN_SCHEMAS} order by table_schema, table_name"
    ).fetchall()
    fingerprints = {}
    for schema in sorted({schema for schema, _ in tables}):
        connection.execute(f'create schema new."{schema}"')
    for schema, table in tables:
        name = f'"{schema}"."{table}"'
        # sorted, so that the same day gives the same file order whatever the thread count
        connection.execute(f"create table new.{name} as select * from {name} order by all")
        _copy_comments(connection, schema, table)
        if f"{schema}.{table}" not in _FINGERPRINTED_APART:
            fingerprints[f"{schema}.{table}"] = fingerprint(connection, f"new.{name}")
    connection.execute("checkpoint new")
    connection.execute("detach new")
    return fingerprints


def _copy_comments(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> None:
    """Take over the descriptions that dbt keeps on columns, so that readers find them in the file."""
    comments = connection.execute(
        "select column_name, comment from duckdb_columns()"
        " where database_name = current_database() and schema_name = ? and table_name = ? and comment is not null",
        [schema, table],
    ).fetchall()
    for column, comment in comments:
        connection.execute(f'comment on column new."{schema}"."{table}"."{column}" is {sql_text(comment)}')


def _copy_restricted(connection: duckdb.DuckDBPyConnection, path: Path, key: str) -> None:
    connection.execute(f"attach {sql_text(str(path))} as identities (ENCRYPTION_KEY {sql_text(key)})")
    for table, query in _RESTRICTED.items():
        connection.execute(f"create table identities.{table} as {query} order by all")
    connection.execute("checkpoint identities")
    connection.execute("detach identities")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
