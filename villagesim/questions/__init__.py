"""What can be asked: every question is a frozen value with ``ask``, which gives an answer."""
