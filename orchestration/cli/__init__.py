"""The hulian command: thin verbs over the same job that Dagster schedules."""
