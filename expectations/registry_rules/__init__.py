"""The registry's quality rules: checks that county offices run on the registry's own export, as data, asked in one pass."""
