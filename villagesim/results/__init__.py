"""From many runs to intervals, verdicts and tables."""
