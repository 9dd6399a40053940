"""A study of one's own county: what ``villagesim new`` finds in the rolls, takes for granted, and writes into a folder."""
