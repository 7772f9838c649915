"""Planted policy gaps, one module per policy area, and the book that records them."""
