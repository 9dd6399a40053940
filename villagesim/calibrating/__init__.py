"""Calibration on all published numbers that may set values: runs of their places, emulators, a posterior, and its rank test."""
