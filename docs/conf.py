"""How Sphinx builds the site; ``make docs`` runs it with warnings as errors. Nothing is fetched from a network."""

import os
import sys
from pathlib import Path

os.environ["TYPER_USE_RICH"] = "0"  # before typer is imported: help texts without boxes
sys.path.insert(0, str(Path(__file__).parent))

import generated

import vndoc

project = "vndoc"
author = "the makers of vndoc"
version = release = vndoc.__version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 3

autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
napoleon_use_ivar = False

html_theme = "furo"
html_title = f"vndoc {version}"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_extra_path = ["dispatch.schema.json"]


def setup(app: object) -> None:
    """Called by Sphinx: what pages take from the code."""
    generated.connect(app)
