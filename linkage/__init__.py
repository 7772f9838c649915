"""Rows to persons and persons to households; imports duckdb and splink, never dagster."""
