"""Text that flows, as word processors keep it: paragraphs and tables, and the pages of lines that they become."""

from vndoc.sources.flow.blocks import Block, Cell, Edge, Row, Table, by_edges, merged
from vndoc.sources.flow.lines import text_of
from vndoc.sources.flow.opening import Picture, flowing
from vndoc.sources.flow.pages import pages_of, pages_of_text

__all__ = [
    "Block",
    "Cell",
    "Edge",
    "Picture",
    "Row",
    "Table",
    "by_edges",
    "flowing",
    "merged",
    "pages_of",
    "pages_of_text",
    "text_of",
]
