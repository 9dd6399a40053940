"""One function, one figure: arrays and axes in, axes out."""
