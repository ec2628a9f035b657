"""How the pages are built: Sphinx reads Markdown, and the result refers to nothing on a network."""

from posada import __version__

project = "Posada"
author = "The Posada contributors"
copyright = "the Posada contributors, Apache-2.0"
version = release = __version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["decisions/template.md"]
myst_heading_anchors = 4
myst_enable_extensions = ["deflist"]

html_theme = "furo"
html_title = f"Posada {__version__}"
html_copy_source = False
html_show_sphinx = False
