"""DuckDB connections of a run, locked down: its own folders, no extension download, memory limit from the machine.

Every connection of the house is made here. Queries belong to the rooms.
"""

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psutil

from orchestration.failures import HulianError

# Half of the machine, at most 4 GiB: the run as a whole has to stay under 6 GiB with Python's share.
_MEMORY_SHARE = 0.5
_MEMORY_CAP_BYTES = 4 * 2**30
_MEMORY_VARIABLE = "HULIAN_MEMORY_MIB"


def memory_limit_bytes() -> int:
    """Bytes that DuckDB may use before it spills; HulianError where HULIAN_MEMORY_MIB is not a whole number of MiB."""
    told = os.environ.get(_MEMORY_VARIABLE)
    if told:
        if not told.isdecimal() or int(told) == 0:
            raise HulianError(f"{_MEMORY_VARIABLE} has to be a whole number of MiB, such as 2048")
        return int(told) * 2**20
    return int(min(psutil.virtual_memory().total * _MEMORY_SHARE, _MEMORY_CAP_BYTES))


def settings(spill_folder: Path) -> dict[str, str]:
    """Settings every connection to a work database shares; one process may open a file with one set only."""
    return {
        "memory_limit": f"{memory_limit_bytes() // 2**20}MiB",
        "threads": str(os.cpu_count() or 1),
        "temp_directory": str(spill_folder),
        "temp_file_encryption": "true",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "preserve_insertion_order": "false",
        # a work database lives for one run: packing its text costs more than writing it as it is (a million mentions:
        # 2.6 s against 6.0); what is published is packed again
        "force_compression": "uncompressed",
        # nor is it set in order in the middle of a run: the changed rows of its temporary tables alone took a second
        "checkpoint_threshold": "4GiB",
    }


@contextmanager
def work_database(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a run's private database for writing; may read Parquet below its home only."""
    connection = duckdb.connect(str(path), config=dict(settings(path.parent / "spill")))
    try:
        load_encryption(connection)  # what does not fit into memory is spilled encrypted
        yield connection
    finally:
        connection.close()


@contextmanager
def published_database(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a published file read-only, without access to anything else on the machine."""
    connection = duckdb.connect(str(path), read_only=True, config={"enable_external_access": "false"})
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def encrypted_database(
    path: Path, key: str, alias: str, read_only: bool
) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory connection with one encrypted file attached as `alias`."""
    connection = duckdb.connect(config={"temp_file_encryption": "true"})
    try:
        load_encryption(connection)
        mode = ", READ_ONLY" if read_only else ""
        connection.execute(f"attach {sql_text(str(path))} as {alias} (ENCRYPTION_KEY {sql_text(key)}{mode})")
        yield connection
    finally:
        connection.close()


def load_encryption(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the signed httpfs extension, which DuckDB needs to write encrypted files, from its installed package."""
    spec = importlib.util.find_spec("duckdb_extension_httpfs")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("package duckdb-extension-httpfs is not installed: run `make env`")
    folder = Path(next(iter(spec.submodule_search_locations)))
    file = folder / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    connection.execute(f"load {sql_text(str(file))}")


def sql_text(value: str) -> str:
    """A SQL string literal, for statements that take no parameters (ATTACH, LOAD)."""
    return "'" + value.replace("'", "''") + "'"
