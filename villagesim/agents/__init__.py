"""Who and what exists: the state of a run in columns, one array an attribute, one row a constituent village.

Rows stay from the first day to the last. A village after the decree is the row of its host constituent, an account is
the row that holds it; two pointers say which (``world.village_of``, ``world.account_of``).
"""
