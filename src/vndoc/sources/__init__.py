"""Files and what is in them: a backend for each format, found by content."""

from vndoc.sources.backend import Backend, Layout, OpenFile, TextLayer
from vndoc.sources.file import SourceFile, load_file
from vndoc.sources.registry import BACKENDS, detect, open_file, suffixes

__all__ = [
    "BACKENDS",
    "Backend",
    "Layout",
    "OpenFile",
    "SourceFile",
    "TextLayer",
    "detect",
    "load_file",
    "open_file",
    "suffixes",
]
