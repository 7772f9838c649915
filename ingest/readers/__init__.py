"""Readers that turn delivered bytes into batches of text cells."""
