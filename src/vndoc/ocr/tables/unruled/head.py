"""The head of a table without rules.

Headings stand in the middle of the head's height; those over several columns lie above theirs.
"""

from collections.abc import Iterator, Sequence
from statistics import median

from vndoc.ocr.tables.unruled.contents import Contents, Texts, head_end
from vndoc.ocr.tables.unruled.levels import Level, Piece
from vndoc.page import Box, GridCell

_LOW = 0.25  # text heights that a heading stands lower than the middle of the head where another is above it
_ASIDE = 1.0  # text heights that a heading over several columns may be off their middle


def has_title(table: Contents, body: int) -> bool:
    """Whether the first level is no part of the head, but a title above the table.

    Headings stand in the middle of the head's height, those below a common one lower. A line above them that is none of
    theirs leaves all of them in the middle of what is below it.
    """
    end = head_end(table, body)
    if end < 2 or len(table.levels[0].pieces) > 1:
        return False
    (piece,) = table.levels[0].pieces
    own = {n for n, column in enumerate(table.columns) if piece.box.x0 < column.x1 and column.x0 < piece.box.x1}
    below = _headings(table.texts[1:end])
    beside = [box.y_center for at, box in below.items() if at not in own]
    within = [box for at, box in below.items() if at in own]
    if not beside or not within:
        return True
    middle = median(beside)
    if len(own) > 1:
        return min(box.y_center for box in within) < middle + _LOW * table.height
    together = Box.around([piece.box, *within]).y_center
    return abs(together - middle) > abs(within[0].y_center - middle)


def _headings(texts: Sequence[Texts]) -> dict[int, Box]:
    """The boxes around the headings of single columns."""
    boxes: dict[int, list[Box]] = {}
    for placed in (placed for text in texts for placed in text.values()):
        if placed.first == placed.last:
            boxes.setdefault(placed.first, []).append(placed.piece.box)
    return {at: Box.around(own) for at, own in boxes.items()}


def between(levels: Sequence[Level], number: int) -> float:
    """y between a level and the one above it."""
    above, below = levels[number - 1].box, levels[number].box
    return (above.y_center + below.y_center) / 2


def head_of(table: Contents, body: int) -> tuple[list[float], list[GridCell]]:
    """Edges below the rows of the head, and the cells of it that go over several rows or columns."""
    if body == 0:
        return [], []
    numbering = head_end(table, body)
    foot = [between(table.levels, at) for at in ([numbering] if numbering < body else [])]
    groups = _groups(table, numbering)
    if not groups:
        return foot, []
    upper = max(bottom for _, _, bottom, _ in groups)
    lower = min(top for *_, top in groups)
    spans = [GridCell(0, first, 1, last - first + 1) for first, last, _, _ in groups]
    grouped = {at for first, last, _, _ in groups for at in range(first, last + 1)}
    spans += [GridCell(0, at, 2) for at in range(len(table.columns)) if at not in grouped]
    return [(upper + lower) / 2, *foot], spans


def _groups(table: Contents, end: int) -> list[tuple[int, int, float, float]]:
    """Headings over several columns: the first and the last one, the y of their last line and of the first below."""
    own: list[list[Piece]] = [[] for _ in table.columns]
    over: dict[tuple[int, int], list[float]] = {}
    for text in table.texts[:end]:
        for placed in text.values():
            if placed.last > placed.first:
                over.setdefault((placed.first, placed.last), []).append(placed.piece.box.y_center)
            else:
                own[placed.first].append(placed.piece)
    groups: list[tuple[int, int, float, float]] = []
    taken: set[int] = set()
    for (first, last), ys in over.items():
        if taken & set(range(first, last + 1)):
            continue
        below = [p.box.y_center for pieces in own[first : last + 1] for p in pieces if p.box.y_center > ys[-1]]
        if below:
            groups.append((first, last, ys[-1], min(below)))
        elif len(ys) > 1:  # headings of single columns that run into each other
            groups.append((first, last, ys[-2], ys[-1]))
        taken.update(at for group in groups for at in range(group[0], group[1] + 1))
    return groups + list(_narrow_groups(table, own, taken))


def _narrow_groups(
    table: Contents, own: Sequence[Sequence[Piece]], taken: set[int]
) -> Iterator[tuple[int, int, float, float]]:
    """Headings over two columns that stand above one of them alone: the other's own heading is lower than the rest."""
    boxes = [p.box for pieces in own for p in pieces]
    if not boxes:
        return
    middle = (min(b.y0 for b in boxes) + max(b.y1 for b in boxes)) / 2
    for at, pieces in enumerate(own):
        if at in taken or not pieces or at == 0:
            continue
        top = min(p.box.y_center for p in pieces)
        centre = (top + max(p.box.y_center for p in pieces)) / 2
        if centre - middle < _LOW * table.height:
            continue
        for beside in (at - 1, at + 1):
            if not 0 < beside < len(own) or beside in taken:
                continue
            above = [p.box for p in own[beside] if p.box.y_center < top - 0.5 * table.height]
            first, last = min(at, beside), max(at, beside)
            centre_x = (table.columns[first].x0 + table.columns[last].x1) / 2
            off = [abs(box.x_center - centre_x) for box in above]
            if above and len(above) < len(own[beside]) and max(off) <= _ASIDE * table.height:
                taken |= {first, last}
                yield first, last, max(b.y_center for b in above), top
                break
