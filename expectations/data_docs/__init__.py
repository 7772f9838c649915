"""Great Expectations' Data Docs: what was expected and what was found, as pages to read, counts only."""
