"""What is seen typed over a scan, in place of what an engine reads there."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from vndoc.ocr.tables import with_tables
from vndoc.ocr.text_layer.notes import part_notes
from vndoc.ocr.text_layer.opinion import SURE, fold, plain
from vndoc.ocr.text_layer.verdict import Verdict
from vndoc.page import BlockKind, Box, Line, Origin, Page, Word

_PART_WIDTH = 0.4  # of a word's height: so far it must reach out of a typed word to have letters of its own there
_PRINT = (BlockKind.TEXT, BlockKind.TABLE)
_ALIKE = 0.5  # similarity of two readings of one word


def with_typed(page: Page, verdict: Verdict, scale: float) -> Page:
    """The page with the typed words in place of what was read of them, and without signatures' marks.

    A word that was read surely and differs stays: two things are printed there. ``scale`` leads from the layer's
    pixels to those of the page.
    """
    if not verdict.typed and not verdict.marks:
        return page
    typed = [Line(tuple(_placed(w, page, scale) for w in line.words)) for line in verdict.typed]
    known = [w for line in typed for w in line.words] + [_placed(w, page, scale) for w in verdict.marks]
    read = (line for block in page.blocks if block.kind in _PRINT for line in block.lines)
    kept = [part for line in read for part in _line_besides(line, known)]
    stamps = tuple(block for block in page.blocks if block.kind not in _PRINT)
    grids = [block.grid for block in page.blocks if block.grid]
    own, notes = part_notes(typed, kept)
    return replace(page, blocks=(*stamps, *notes, *with_tables([*kept, *own], grids)))


def _placed(word: Word, page: Page, scale: float) -> Word:
    """A word of the layer where it is on the page as it was read."""
    assert word.box is not None
    corners = [(x * scale, y * scale) for x in (word.box.x0, word.box.x1) for y in (word.box.y0, word.box.y1)]
    across, up = zip(*(page.from_source(x, y) for x, y in corners), strict=True)
    box = Box(*(round(n) for n in (min(across), min(up), max(across), max(up))))
    return replace(word, box=box, origin=Origin.TYPED)


def _line_besides(line: Line, known: Sequence[Word]) -> list[Line]:
    """What of a line no known words replace, parted where one of them goes in between."""
    groups: list[list[Word]] = []
    for word in (part for read in line.words for part in _besides(read, known)):
        if groups and not any(_between(groups[-1][-1].box, other.box, word.box) for other in known):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [replace(line, words=tuple(words)) for words in groups]


def _between(left: Box | None, box: Box | None, right: Box | None) -> bool:
    """Whether a box lies between two words of a line."""
    if left is None or box is None or right is None:
        return False
    return left.x_center < box.x_center < right.x_center and left.y0 < box.y_center < left.y1


def _besides(read: Word, known: Sequence[Word]) -> list[Word]:
    """What of a word that was read no known word replaces: all of it, nothing, or its beginning and its end.

    Engines run print and what was typed closely after it together: of "Số:77", where "77" was typed, "Số:" stays.
    """
    same = [word for word in known if _same(read, word)]
    if not same or read.box is None:
        return [read]
    left, right = min(w.box.x0 for w in same if w.box), max(w.box.x1 for w in same if w.box)
    typed = "".join(plain(w.text) for w in sorted(same, key=lambda w: w.box.x0 if w.box else 0))
    start, end = _typed_part(read, typed, left, right)
    least = _PART_WIDTH * read.box.height
    before = replace(read, text=read.text[:start], box=read.box._replace(x1=min(left, read.box.x1)))
    after = replace(read, text=read.text[end:], box=read.box._replace(x0=max(right, read.box.x0)))
    room = (left - read.box.x0 >= least, read.box.x1 - right >= least)
    return [part for part, wide in zip((before, after), room, strict=True) if wide and _has_letters(part.text)]


def _typed_part(read: Word, typed: str, left: int, right: int) -> tuple[int, int]:
    """From which letter to which the word is what was typed from ``left`` to ``right``: by its letters, or by width."""
    assert read.box is not None
    at = plain(read.text).find(typed)
    if at >= 0:
        return at, at + len(typed)
    letters = len(read.text)
    start, end = (round(letters * (x - read.box.x0) / max(read.box.width, 1)) for x in (left, right))
    return max(0, min(start, letters)), max(0, min(end, letters))


def _has_letters(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _same(read: Word, known: Word) -> bool:
    """Whether a word was read where a known word stands, and is not surely another one."""
    if read.box is None or known.box is None:
        return False
    # Slanted letters have boxes many lines high: what lies under them is the page's own text.
    if known.box.height >= 2 * max(read.box.height, 1) or not _centred(read.box, known.box):
        return False
    return read.confidence < SURE or _alike(fold(read.text), fold(known.text))


def _centred(one: Box, other: Box) -> bool:
    """Whether the centre of either box lies in the other."""
    return any(b.x0 <= a.x_center < b.x1 and b.y0 <= a.y_center < b.y1 for a, b in ((one, other), (other, one)))


def _alike(one: str, other: str) -> bool:
    return one in other or other in one or SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE
