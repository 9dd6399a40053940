"""A page to play with: sliders, and what strategies change, drawn while pairs of runs come in; on this machine alone."""
