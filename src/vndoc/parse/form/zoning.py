"""Cuts the lines of a document into the zones of its form.

Three passes, each over what the one before has left: the furniture and whatever stands behind the signature are put
aside; the signature and Nơi nhận are found from the bottom; the head is read from the top until the body begins.
Where words have boxes, columns and gaps decide; where they have none, the words alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from vndoc.page import BlockKind, Box
from vndoc.parse.form import anchors
from vndoc.parse.form.columns import MAX_LINE, split_header
from vndoc.parse.form.foot.closing import closing_start, read_closing
from vndoc.parse.form.foot.copies import part_copy
from vndoc.parse.form.foot.signing import is_signing_line
from vndoc.parse.form.head.consolidated import authentication
from vndoc.parse.form.head.parting import HEAD_LINES, label_head, read_head
from vndoc.parse.form.plain_text.relining import relined
from vndoc.parse.form.running import running_lines
from vndoc.parse.form.stamps.arrival import find_stamp, is_own_number, is_typed_stamp
from vndoc.parse.form.zones import Collector, Zones
from vndoc.parse.knowledge import is_capitals, likeness
from vndoc.parse.lines import TextLine

_SAME_TITLE = 0.8
"""Least likeness of the national titles of two documents on one sheet."""
_WIDEST, _TALLEST = 95, 52
"""Millimetres of the largest arrival stamp."""


def find_zones(lines: Sequence[TextLine]) -> Zones:
    """The zones of a document from all its lines in reading order; every line, or part of one, ends in one zone."""
    form = Collector()
    lines, tables = _part_tables(lines)
    lines = relined(lines)
    kept, beside = _part_neighbour(_without_furniture(lines, form))
    kept, annex = _part_second_head(kept)
    kept, copy = part_copy(kept)
    kept = _head_in_rows(_without_arrival_stamp(_without_overlays(kept, form), form))
    issued = authentication(kept)
    taken = {line.start for pieces in issued.values() for line in pieces}
    kept = [line for line in kept if line.start not in taken]
    head = label_head(kept)
    closing = closing_start(kept, head.letterhead)
    if closing < head.end:
        head = label_head(kept[:closing])
    behind = read_closing(kept, closing, form)
    body = read_head(head, kept[:closing], form)
    for zone, pieces in issued.items():
        form.put(zone, *pieces)
    form.put("body", *kept[body:closing])
    form.in_order("body")
    form.put("copy", *copy)
    own, sent = _tables_of_body(tables, kept[:behind], [*kept[behind:], *annex], signed=closing < behind)
    form.put("tables", *own)
    form.put("annex", *_in_order([*kept[behind:], *beside], sent, annex))
    return form.zones()


def _part_tables(lines: Sequence[TextLine]) -> tuple[list[TextLine], list[TextLine]]:
    """The lines outside tables and those of tables; a letterhead or a signature set as a table with rules is none."""
    tables = [line for line in lines if line.kind is BlockKind.TABLE]
    if not tables:
        return list(lines), []
    layout = {block for block, own in groupby(tables, key=lambda line: line.block) if _is_layout(list(own))}
    loose = [
        replace(line, kind=BlockKind.TEXT) if line.block in layout else line
        for line in lines
        if line.kind is not BlockKind.TABLE or line.block in layout
    ]
    return loose, [line for line in tables if line.block not in layout]


def _is_layout(lines: Sequence[TextLine]) -> bool:
    """Whether what looks like a table sets parts of the form side by side: a letterhead, or who signs."""
    signing = sum(is_capitals(line.text) and is_signing_line(line.text) for line in lines)
    form = (anchors.is_national_title, anchors.is_motto, anchors.is_to_places)
    return 3 * signing >= len(lines) or any(is_part(line.text) for line in lines for is_part in form)


def _tables_of_body(
    tables: Sequence[TextLine], before: Sequence[TextLine], behind: Sequence[TextLine], *, signed: bool
) -> tuple[list[TextLine], list[TextLine]]:
    """The lines of tables of the body, and of those that stand behind the signature or in an annex."""
    first = min((line.start for line in behind), default=None)
    if first is None and signed:
        first = max((line.end for line in before), default=None)
    own = [line for line in tables if first is None or line.start < first]
    return own, list(tables[len(own) :])


def _in_order(lines: list[TextLine], tables: Sequence[TextLine], annex: Sequence[TextLine]) -> list[TextLine]:
    """What stands behind the signature, tables among it."""
    if not tables:
        return [*lines, *annex]
    return sorted([*lines, *annex, *tables], key=lambda line: line.start)


def _without_furniture(lines: Sequence[TextLine], form: Collector) -> list[TextLine]:
    """The lines but for specks, page numbers, running heads, and what electronic signatures print."""
    kept, running = [], running_lines(lines)
    for i, line in enumerate(lines):
        edge = i == 0 or i + 1 == len(lines) or lines[i - 1].page != line.page or lines[i + 1].page != line.page
        number = anchors.is_page_number(line.text)
        if (
            (len(line.text) <= MAX_LINE and anchors.is_overlay(line.text))
            or (number and edge and line.page > lines[0].page)
            or (anchors.is_noise(line.text) and not number)
            or i in running
        ):
            form.put("furniture", line)
        else:
            kept.append(line)
    return kept


def _without_overlays(lines: list[TextLine], form: Collector) -> list[TextLine]:
    """The lines but for notes typed over the page; an arrival stamp among them is one, a line of the form stays."""
    gone: set[int] = set()
    notes = [line for line in lines if line.kind is BlockKind.NOTE]
    for block, own in groupby(notes, key=lambda line: line.block):
        note = list(own)
        if not any(_is_of_form(line) for line in note):
            form.put("stamps" if is_typed_stamp(note) else "overlays", *note)
            gone.add(block)
    return [line for line in lines if line.block not in gone]


def _is_of_form(line: TextLine) -> bool:
    """Whether a line is one of the letterhead: national title, motto, place and date, or number."""
    return (
        anchors.is_national_title(line.text)
        or anchors.is_motto(line.text)
        or anchors.is_place_date(line.text)
        or is_own_number(line.text)
    )


def _without_arrival_stamp(lines: list[TextLine], form: Collector) -> list[TextLine]:
    """The lines but for those wholly inside an arrival stamp on the first page.

    A stamp that was read by itself is a block of that kind. Of one that was read with the page: the decree's stamp is
    35 by 50 mm (Appendix IV, V), others are wider; around the word 'ĐẾN' it reaches 40 mm to either side, 14 mm up and
    24 mm down. Lines of the title and body beside it reach farther.
    """
    typed = [line for line in lines if line.kind is BlockKind.ARRIVAL_STAMP]
    form.put("stamps", *typed)
    lines = [line for line in lines if line.kind is not BlockKind.ARRIVAL_STAMP]
    arrived = find_stamp(lines[:HEAD_LINES])
    if arrived is None or arrived.box is None or arrived.page != lines[0].page:
        return lines
    millimetre = arrived.page_width / 210
    across = (arrived.box.x_center - 40 * millimetre, arrived.box.x_center + 40 * millimetre)
    # A stamp right below the letterhead may be read into one block with it: down to the own number it is none.
    own_numbers = [line for line in lines if line.page == arrived.page and is_own_number(line.text)]
    ends = [box.y1 for line in own_numbers if (box := line.box) and box.y1 < arrived.box.y_center]
    above = max(ends, default=0.0)
    along = (max(above, arrived.box.y0 - 14 * millimetre), arrived.box.y1 + 24 * millimetre)
    block = [line for line in lines if line.block == arrived.block and line.box and line.box.y_center > above]
    own = Box.around([box for line in block if (box := line.box)])
    alone = own.width < _WIDEST * millimetre and own.height < _TALLEST * millimetre

    def is_stamp(line: TextLine) -> bool:
        box = line.box if line.page == arrived.page else None
        inside = box and across[0] <= box.x0 and box.x1 <= across[1] and along[0] <= box.y0 and box.y1 <= along[1]
        return (bool(inside) or (alone and line in block)) and not is_own_number(line.text)

    form.put("stamps", *filter(is_stamp, lines))
    return [line for line in lines if not is_stamp(line)]


def _head_in_rows(lines: list[TextLine]) -> list[TextLine]:
    """The lines of the head from top to bottom; read column by column, 'Kính gửi' may come before the national title.

    The head ends with the lowest line of the letterhead. Without boxes the order stays.
    """
    head = [i for i, line in enumerate(lines[:HEAD_LINES]) if line.page == lines[0].page and _in_letterhead(line)]
    first = lines[: head[-1] + 1] if head else []
    if not first or any(line.box is None for line in first):
        return lines
    placed = [(box.y_center, box.x0, line) for line in first if (box := line.box)]
    return [line for _, _, line in sorted(placed, key=lambda row: row[:2])] + lines[len(first) :]


def _in_letterhead(line: TextLine) -> bool:
    """Whether the line holds the national title, motto or place and date, high on its page."""
    high = line.box is not None and line.box.y1 < 0.4 * line.page_height
    return high and any(
        anchors.is_national_title(piece.text) or anchors.is_motto(piece.text) or anchors.is_place_date(piece.text)
        for piece in split_header(line)
    )


def _part_neighbour(lines: list[TextLine]) -> tuple[list[TextLine], list[TextLine]]:
    """Cuts off a document laid beside the first on one sheet: right of the middle, with a national title of its own."""
    first = [line for line in lines if lines[0].page == line.page]
    middle = first[0].page_width / 2 if first else 0.0
    pieces = [piece for line in first for piece in split_header(line) if anchors.is_national_title(piece.text)]
    left = [piece.text for piece in pieces if (box := piece.box) and box.x1 < middle]
    right = [piece.text for piece in pieces if (box := piece.box) and box.x0 > middle]
    # 'ĐOÀN TNCS HỒ CHÍ MINH' left of the state's title is who issues the document.
    if not any(likeness(a, b) >= _SAME_TITLE for a in left for b in right):
        return lines, []
    beside = [line for line in first if (box := line.box) and box.x0 > middle]
    return [line for line in lines if all(line is not other for other in beside)], beside


def _part_second_head(lines: list[TextLine]) -> tuple[list[TextLine], list[TextLine]]:
    """Cuts off an attached document: a page with a national title, or 'Phụ lục', of its own after the first page."""
    first = 0
    for i, line in enumerate(lines):
        if i and lines[i - 1].page != line.page:
            first = i
        if first == 0 or i - first > 6:
            continue
        headed = any(anchors.is_national_title(piece.text) for piece in split_header(line))
        if headed or (i == first and anchors.is_annex_title(line.text)) or anchors.is_attached_to(line.text):
            return lines[:first], lines[first:]
    return lines, []
