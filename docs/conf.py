"""Settings of Sphinx: ``pip install -e ".[docs]"``, then ``sphinx-build docs docs/_build``."""

import villagesim

project = "villagesim"
author = "the villagesim developers"
project_copyright = "2026, the villagesim developers"
release = version = villagesim.__version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_heading_anchors = 3

html_theme = "pydata_sphinx_theme"
html_title = "villagesim"
html_theme_options = {"show_prev_next": True, "navigation_with_keys": False}
html_show_sourcelink = False
