"""Numbers in, numbers out: intervals, selection, indices and the like. Knows no scenario, and can be used alone."""
