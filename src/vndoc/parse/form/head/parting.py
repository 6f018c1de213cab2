"""The head of a dispatch: letterhead, title and subject, Kính gửi, and the marks stamped among them (boxes 1 to 5, 9a).

Its lines are cut into columns in every way that may be right; :mod:`vndoc.parse.form.head.labelling` finds the
likeliest roles, and with them the cuts and the line at which the body begins.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from vndoc.parse.form import anchors
from vndoc.parse.form.columns import MAX_LINE, cut_at_words, split_header, wide_gaps
from vndoc.parse.form.head.features import PageFrame, frame_of, is_bare_number, is_half_date, is_stamped
from vndoc.parse.form.head.labelling import Labelled, label
from vndoc.parse.form.zones import Collector, ZoneName
from vndoc.parse.knowledge import is_capitals
from vndoc.parse.lines import TextLine
from vndoc.trace import note

logger = logging.getLogger(__name__)

HEAD_LINES = 40
"""The head of a dispatch, stamps and overlays included, ends within so many lines."""

_LETTERHEAD = 20
"""The letterhead ends within so many lines."""

_LONGEST = 100
"""Lines of the longest head with a list of addressees."""

_CLOSE = 0.9
"""Below this a label is close enough to its rival to be noted."""


@dataclass(slots=True, frozen=True)
class Head:
    """The labelled lines of a head, one list of pieces per line of the document from its first."""

    lines: tuple[tuple[Labelled, ...], ...]

    @property
    def letterhead(self) -> int:
        """Index of the last line with a national title, number or place and date; -1: none."""
        zones = {"national_title", "number", "place_date"}
        return max((i for i, row in enumerate(self.lines) if any(p.zone in zones for p in row)), default=-1)

    @property
    def end(self) -> int:
        """Index of the line behind the head: what stands from there on is the body."""
        return max((i + 1 for i, row in enumerate(self.lines) if any(p.zone != "body" for p in row)), default=0)


def label_head(lines: Sequence[TextLine]) -> Head:
    """The roles of the first lines of a document, which are in reading order from top to bottom."""
    first: list[TextLine] = []
    for line in lines[:_LONGEST]:
        if len(line.text) > MAX_LINE:
            break
        first.append(line)
    if not first:
        return Head(())
    page = [line for line in first if line.page == first[0].page]
    columns = [split_header(line) for line in page[:_LETTERHEAD]]
    frame = frame_of(page, [piece for pieces in columns for piece in pieces])
    stamped = any(is_stamped(line.text) for line in page[:HEAD_LINES])
    split = chain(columns, map(split_header, first[len(columns) :]))
    rows = label((_ways(line, pieces, frame, stamped) for line, pieces in zip(first, split, strict=True)), frame)
    for row in rows:
        for piece in row:
            if piece.sure < _CLOSE and piece.rival:
                note(logger, "/zones", f"{piece.role} at {piece.sure:.2f}, or {piece.rival}", piece.piece.text)
    return Head(tuple(map(tuple, rows)))


def read_head(head: Head, lines: Sequence[TextLine], form: Collector) -> int:
    """Fills the zones of the head; returns the index at which the body goes on without a break."""
    end = min(head.end, len(lines))
    found: dict[ZoneName, list[TextLine]] = {}
    for row in head.lines[:end]:
        for labelled in row:
            found.setdefault(labelled.zone, []).append(replace(labelled.piece, sure=labelled.sure))
    dates = [piece for piece in found.get("recipients", ()) if anchors.is_place_date(piece.text)]
    if dates and "place_date" not in found:  # read behind the label of the addressees, it is still the dispatch's own
        found["place_date"] = [replace(piece, sure=1.0) for piece in dates]  # its words leave no doubt
        found["recipients"] = [piece for piece in found["recipients"] if piece not in dates]
    for zone, pieces in found.items():
        form.put(zone, *_mended(zone, pieces))
    return end


# --- ways to cut a line -------------------------------------------------------------------------------------


def _ways(line: TextLine, columns: list[TextLine], frame: PageFrame, stamped: bool) -> list[list[TextLine]]:
    """The ways to cut a line of the head: not at all, into its two columns, or a stamp off it."""
    ways = [[line], columns, _leading_mark(line)]
    if stamped and not anchors.is_number_line(line.text):
        ways += [_off_axis(line, frame.axis), _off_gap(line)]
    found: dict[tuple[str, ...], list[TextLine]] = {}
    for way in ways:
        found.setdefault(tuple(piece.text for piece in way), way)
    return [way for way in found.values() if way]


def _leading_mark(line: TextLine) -> list[TextLine]:
    """An urgency mark stamped beside the title and read into its line: 'HỎA TỐC | KẾ HOẠCH'."""
    for size in (1, 2, 3) if is_capitals(line.text) else ():
        pieces = cut_at_words(line, [size])
        if len(pieces) == 2 and anchors.mark_of(pieces[0].text) and anchors.type_of_title(pieces[1].text):
            return pieces
    return []


def _off_axis(line: TextLine, axis: float) -> list[TextLine]:
    """Takes a stamp at the left margin off a centred line: the words that have no counterpart right of the axis."""
    boxes = [w.box for w in line.words if w.box]
    if len(boxes) < len(line.words) or not boxes or boxes[-1].x1 < axis:
        return []
    left = 2 * axis - boxes[-1].x1
    if boxes[0].x0 > left - 0.06 * line.page_width:
        return []
    return cut_at_words(line, [min(range(len(boxes)), key=lambda k: abs(boxes[k].x0 - left))])


def _off_gap(line: TextLine) -> list[TextLine]:
    """Takes a stamp off a line at the white behind it."""
    gaps = [k for k in wide_gaps(line, 1.2) if (box := line.words[k].box) and 0.2 < box.x0 / line.page_width < 0.5]
    return cut_at_words(line, gaps[:1]) if gaps else []


# --- values broken over two lines ---------------------------------------------------------------------------


def _mended(zone: ZoneName, pieces: list[TextLine]) -> list[TextLine]:
    """The pieces of a zone, halves of one date or number joined: 'Hà Nội, ngày 27' and 'tháng 11 năm 2025'."""
    half = {"place_date": is_half_date, "number": is_bare_number}.get(zone)
    if half is None:
        return pieces
    joined: list[TextLine] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and half(last.text) and last.page == piece.page:
            joined[-1] = replace(last, text=f"{last.text} {piece.text}", words=last.words + piece.words)
        else:
            joined.append(piece)
    return joined
