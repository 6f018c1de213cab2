"""Several signatures on one document: bodies that issue it together, parties to a contract, chair and secretary.

They stand side by side, which OCR and plain text read as one line, or below each other. A second signer counts only
where a name of his own stands under a title of his own, or where each signs for somebody ('KT. BỘ TRƯỞNG', 'KT. CHÁNH
ÁN'): seals and stamps leave much that looks like half of one.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from vndoc.page import Box
from vndoc.parse.evidence import FieldValue
from vndoc.parse.fold import fold
from vndoc.parse.form.columns import cut_at_words, cut_signers
from vndoc.parse.form.foot.copies import copy_type
from vndoc.parse.form.foot.names import is_name
from vndoc.parse.form.foot.signature import MOST_LINES, SignatureBlock, read_signature
from vndoc.parse.form.foot.signing import is_deputy, read_signing_line
from vndoc.parse.knowledge import likeness, load
from vndoc.parse.lines import TextLine

Column = list[TextLine]

_SAME = 0.95
"""Least likeness of a position and a title."""

_SPECK = 3
"""Letters of the longest line that may be a speck."""


def read_signers(
    lines: Sequence[TextLine], text: str, lead: str | None = None, organ: str | None = None
) -> list[SignatureBlock]:
    """Every signer of the signature zone, the leading body's first, the secretary last; one at least.

    Members of a council stand behind its chair. Where nothing else tells which body leads, it is the one that signs on
    the right.

    Args:
        lines: the lines of the zone.
        text: the document's text.
        lead: name of the body that issues the document, the first of several.
        organ: name of the body that issues the document alone.
    """
    lines = _above_copy(lines[:MOST_LINES])
    columns = _columns(lines, text)
    groups = [group for column in columns for group in _stacked(column)]
    if len(columns) > 1 and all(map(_is_empowered, columns)) and not all(map(_is_signed, groups)):
        groups = columns if lead else columns[::-1]
    elif len(groups) < 2 or not all(map(_is_signed, groups)):
        found = _but_minutes(read_signature(lines, text, organ), lines)
        return [replace(found, full_name=_in_column(found))] if len(columns) > 1 else [found]
    signers = [(read_signature(group, text, organ), group) for group in groups]
    return [signer for signer, _ in sorted(signers, key=lambda found: _rank(found[0], found[1], lead))]


def _above_copy(lines: Sequence[TextLine]) -> Sequence[TextLine]:
    """The lines above 'SAO Y', below which the copying office signs."""
    ends = [i for i, line in enumerate(lines) if i and copy_type([line])]
    signed = [i for i in ends[:1] if any(read_signing_line(line.text) for line in lines[:i])]
    return lines[: signed[0]] if signed else lines


def _but_minutes(found: SignatureBlock, lines: Sequence[TextLine]) -> SignatureBlock:
    """The signature, withheld if it is of who kept the minutes and somebody, unread, signs to the right of it."""
    title = found.position.box
    if title is None or found.position.value not in load("signing")["minor"]:
        return found
    beside = [line for line in lines if line.box and line.box.x0 > title.x1 + title.width and len(line.text) > _SPECK]
    doubtful = replace(found, position=found.position.doubted(), full_name=found.full_name.doubted())
    return doubtful if beside else found


def _in_column(found: SignatureBlock) -> FieldValue[str]:
    """The name, withheld where it stands in another column than the title; a text without boxes has no columns."""
    title, name = found.position.box, found.full_name.box
    if name is None:
        return found.full_name
    apart = title is None or abs(title.x_center - name.x_center) > max(title.width, name.width)
    return found.full_name.doubted() if apart else found.full_name


def _columns(lines: Sequence[TextLine], text: str) -> list[Column]:
    """The lines by column; all in one where no line holds two titles side by side."""
    rows: list[list[TextLine]] = []
    placed = [(line.page, box.y_center, box.x0, line) for line in lines if (box := line.box)]
    by_row = [row[-1] for row in sorted(placed, key=lambda row: row[:3])] if len(placed) == len(lines) else lines
    for line in by_row:
        if rows and _beside(rows[-1][-1], line, text):
            rows[-1].append(line)
        else:
            rows.append([line])
    titled = [row for row in rows if sum(read_signing_line(piece.text) is not None for piece in row) > 1]
    if not titled:
        return [list(lines)]
    columns: list[Column] = [[] for _ in titled[0]]
    middles = sorted(box.x_center for piece in titled[0] if (box := piece.box))
    for row in rows:
        pieces = [part for piece in row for part in cut_signers(piece, side_by_side=True)]
        pieces = [part for piece in pieces for part in _cut_between(piece, middles)]
        for i, piece in enumerate(pieces):
            at = _nearest(piece, middles) if middles else i if len(pieces) > 1 else _fitting(piece, columns)
            columns[min(at, len(columns) - 1)].append(piece)
    return columns


def _cut_between(piece: TextLine, middles: Sequence[float]) -> list[TextLine]:
    """The piece cut before each word that is nearer to another column's middle than the word before it."""
    boxes = [word.box for word in piece.words]
    if len(middles) < 2 or any(box is None for box in boxes) or is_name(piece.text):
        return [piece]
    near = [_nearest_of(box, middles) for box in boxes if box]
    starts = [i for i, (a, b) in enumerate(pairwise(near), 1) if a != b]
    return cut_at_words(piece, starts) if starts else [piece]


def _beside(left: TextLine, right: TextLine, text: str) -> bool:
    """Whether two lines stand on one row of a page."""
    if left.page != right.page:
        return False
    if left.box and right.box:
        return abs(left.box.y_center - right.box.y_center) < 0.5 * min(left.box.height, right.box.height)
    return "\n" not in text[left.end : right.start]


def _nearest(piece: TextLine, middles: Sequence[float]) -> int:
    return _nearest_of(piece.box, middles) if piece.box else 0


def _nearest_of(box: Box, middles: Sequence[float]) -> int:
    return min(range(len(middles)), key=lambda i: abs(middles[i] - box.x_center))


def _fitting(piece: TextLine, columns: Sequence[Column]) -> int:
    """The column that lacks what the piece is: a deputy's title below the head's, or a name."""
    stated = read_signing_line(piece.text)
    for i, column in enumerate(columns):
        above = read_signing_line(column[-1].text) if column else None
        if stated and above and above.power in {"KT.", "K/T"} and is_deputy(stated.rest, above.rest):
            return i
        if not stated and not any(is_name(line.text) for line in column):
            return i
    return len(columns) - 1


def _stacked(column: Column) -> list[Column]:
    """A column cut behind each name that another title follows."""
    groups: list[Column] = [[]]
    for line in column:
        if read_signing_line(line.text) and any(is_name(above.text) for above in groups[-1]):
            groups.append([])
        groups[-1].append(line)
    return groups


def _is_signed(group: Column) -> bool:
    return any(read_signing_line(line.text) for line in group) and any(is_name(line.text) for line in group)


def _is_empowered(column: Column) -> bool:
    """Whether the column says for whom its signer signs."""
    return any((found := read_signing_line(line.text)) and found.power for line in column)


def _rank(signer: SignatureBlock, group: Column, lead: str | None) -> int:
    """0 for who signs for the leading body, 1 for others, 2 for members and witnesses, 3 for who keeps the minutes."""
    stated = " ".join([*(found.value or "" for found in signer.authority), *(line.text for line in group)])
    position = signer.position.value or ""
    for rank, kind in ((3, "minor"), (2, "members")):
        if any(
            likeness(position, title) > _SAME or position.startswith(f"{title} CUỘC") for title in load("signing")[kind]
        ):
            return rank
    return 0 if lead and fold(lead) in fold(stated) else 1
