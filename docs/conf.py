"""Settings of Sphinx: ``pip install -e ".[docs]"``, then ``sphinx-build docs docs/_build``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import generate

import villagesim

generate.write()

project = "villagesim"
author = "the villagesim developers"
project_copyright = "2026, the villagesim developers"
release = version = villagesim.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx_copybutton",
    "sphinx_design",
    "numpydoc",
]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3
default_role = "code"
smartquotes = False  # they would turn --out into a dash

autosummary_generate = False
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
numpydoc_show_class_members = False
copybutton_prompt_text = "$ "

html_theme = "furo"
html_title = "villagesim"
html_static_path = ["static"]
html_css_files = ["own.css"]
html_show_sourcelink = False
