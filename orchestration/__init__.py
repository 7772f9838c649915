"""Dagster definitions, the command line, publishing and the ledger; no domain logic."""
