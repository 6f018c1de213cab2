"""Paragraphs and tables as pages of blocks: plain lines, and between them the tables in their cells."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from vndoc.page import Block as PageBlock
from vndoc.page import Page, page_from_text
from vndoc.sources.flow.blocks import Block, Table
from vndoc.sources.flow.grids import table_block
from vndoc.sources.flow.lines import lines_of


@dataclass(slots=True)
class _Pages:
    """The pages that are finished, and the blocks and lines of the one that is being filled."""

    done: list[Page] = field(default_factory=list)
    blocks: list[PageBlock] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def end_lines(self) -> None:
        self.blocks += page_from_text("\n".join(self.lines)).blocks
        self.lines = []

    def end_page(self) -> None:
        self.end_lines()
        if self.blocks:
            self.done.append(Page(len(self.done) + 1, tuple(self.blocks)))
        self.blocks = []


def pages_of(blocks: Sequence[Block]) -> list[Page]:
    """The pages of a text from 1 on, in composed letters (NFC); form feeds part them, blank ones are left out."""
    pages = _Pages()
    for block in blocks:
        table = table_block(block) if isinstance(block, Table) else None
        if table:
            pages.end_lines()
            pages.blocks.append(table)
            continue
        for line in lines_of(block):
            first, *rest = unicodedata.normalize("NFC", line).split("\f")
            pages.lines.append(first)
            for part in rest:
                pages.end_page()
                pages.lines.append(part)
    pages.end_page()
    return pages.done


def pages_of_text(text: str) -> list[Page]:
    """The pages of a plain text, as :func:`pages_of` has them."""
    pages = (page for page in unicodedata.normalize("NFC", text).split("\f") if page.strip())
    return [page_from_text(page, number) for number, page in enumerate(pages, 1)]
