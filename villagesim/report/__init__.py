"""One page of an answer that opens anywhere: no script, nothing loaded from elsewhere, on paper and on a phone."""
