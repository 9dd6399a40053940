"""Runs on all cores or a cluster, kept in parts: which worker does what never shows in the results."""
