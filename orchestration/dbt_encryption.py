"""Lets dbt spill what does not fit into memory: DuckDB encrypts spilled data only with an extension that dbt does not load.

A plugin of dbt-duckdb, named in `dbt_project/profiles.yml`.
"""

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from orchestration.engine import load_encryption


class Plugin(BasePlugin):
    """Found by its name: dbt-duckdb looks for `Plugin` in the module that the profile names."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Load the extension when dbt has opened the run's database."""
        load_encryption(conn)
