"""The text of a document as lines with offsets, boxes and pages: what every parser reads.

``Dispatch.text`` is the page texts joined with :data:`PAGE_BREAK`. Each :class:`TextLine` knows where it starts in
that text, so any span found by a parser can be led back to the words and their boxes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vndoc.page import BlockKind, Box, Page, Word

PAGE_BREAK = "\n\n"


@dataclass(slots=True, frozen=True)
class TextLine:
    """A line, or a column's part of a line, of the document.

    ``start`` is the offset of its first character in the document's text; ``words`` are those of the page;
    ``block`` numbers the page block it is in, over the whole document; ``kind`` is that block's. ``base_line`` and
    ``em`` are the line's, in pixels, where they were measured.
    """

    text: str
    start: int
    page: int
    words: tuple[Word, ...]
    block: int
    page_width: int = 0
    page_height: int = 0
    kind: BlockKind = BlockKind.TEXT
    base_line: float | None = None
    em: float | None = None
    sure: float = 1.0
    """How sure it is that the line belongs to its zone of the form."""

    @property
    def end(self) -> int:
        """Offset one past the last character."""
        return self.start + len(self.text)

    @property
    def box(self) -> Box | None:
        """Box around the words, None for plain text."""
        boxes = [w.box for w in self.words if w.box]
        return Box.around(boxes) if boxes else None

    def on_page(self, box: Box) -> Box:
        """What of a box lies on the line's page, where its size is known."""
        return box.within(self.page_width, self.page_height) if self.page_width > 0 and self.page_height > 0 else box

    def part(self, start: int, end: int) -> "TextLine":
        """The piece between two offsets of this line's text, with the words that touch it."""
        piece = self.text[start:end]
        start += len(piece) - len(piece.lstrip())
        piece = piece.strip()
        return replace(self, text=piece, start=self.start + start, words=self._touched(start, start + len(piece)))

    def _touched(self, start: int, end: int) -> tuple[Word, ...]:
        if self.text.count(" ") + 1 == len(self.words):  # words hold no blanks: counting these is fast on long lines
            first = self.text.count(" ", 0, start)
            return self.words[first : first + self.text.count(" ", start, end) + 1] if start < end else ()
        words, at = [], 0
        for word in self.words:
            if at < end and at + len(word.text) > start:
                words.append(word)
            at += len(word.text) + 1
        return tuple(words)


def document_text(pages: Sequence[Page]) -> str:
    """Text of the whole document: page texts joined with :data:`PAGE_BREAK`."""
    return PAGE_BREAK.join(page.text for page in pages)


def document_lines(pages: Sequence[Page]) -> list[TextLine]:
    """All lines of all pages with their offsets in :func:`document_text`."""
    lines, at, number = [], 0, 0
    for page in pages:
        for block in page.blocks:
            for line in block.lines:
                text = line.text
                lines.append(
                    TextLine(
                        text,
                        at,
                        page.number,
                        line.words,
                        number,
                        page.width,
                        page.height,
                        block.kind,
                        line.base_line,
                        line.em,
                    )
                )
                at += len(text) + 1
            at += 1
            number += 1
        if page.blocks:
            at -= 2
        at += len(PAGE_BREAK)
    return lines
