"""What there is, in words: parameters, outcomes, policies, scenarios."""
