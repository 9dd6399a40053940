"""Which runs to make, on how many cores, and where their results are kept."""
