"""Names of Dagster pools."""

WRITER = "warehouse_writer"  # limit 1: one run writes at a time
