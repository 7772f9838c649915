"""One asset per dbt model."""
