"""Pure, vectorised normalisers, one module per kind of cell."""
