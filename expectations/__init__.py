"""Is the data fit for use, and does every policy hold."""
