"""Who became what: a history of units between two editions of the division codes.

It reads rolls and knows nothing of scenarios: use it alone. The door is :func:`villagesim.places.units.history.history`.
"""
