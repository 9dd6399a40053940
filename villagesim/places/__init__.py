"""Where a run takes place: rolls of villages, the map of the merger, people, income, land and debt at the start."""
