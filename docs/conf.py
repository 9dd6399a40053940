"""Settings of Sphinx: ``pip install -e ".[docs]"``, then ``sphinx-build docs docs/_build``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import generate
from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

import villagesim

generate.write()

project = "villagesim"
author = "the villagesim developers"
project_copyright = "2026, the villagesim developers"
release = version = villagesim.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx_copybutton",
    "sphinx_design",
    "numpydoc",
]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb", ".rst": "restructuredtext"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_fence_as_directive = ["math"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
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
html_js_files = [("own.js", {"defer": "defer"})]
html_show_sourcelink = False
html_math_renderer = "mathml"


def inline_formula(writer, node):
    """MathML, which browsers show by themselves: no script, nothing to load."""
    writer.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def formula(writer, node):
    """The same, in lines of its own."""
    writer.body.append(f'<div class="formula">{tex2mathml(node.astext(), as_block=True)}</div>')
    raise nodes.SkipNode


def setup(app):
    """Make formulas MathML."""
    app.add_html_math_renderer("mathml", (inline_formula, None), (formula, None))
