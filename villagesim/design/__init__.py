"""Which points to run: grids, samples, tables, and what a factor sets."""
