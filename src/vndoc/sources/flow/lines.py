"""Paragraphs and tables as the lines of a page.

Offices set their letterheads and signatures as tables of two columns without rules. Such a table is read column by
column, as a scan of it would be; any other row by row, also one whose first column only labels what stands beside it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from vndoc.sources.flow.blocks import Block, Cell

_GAP = re.compile(r"\t[\t ]*| {5,}\t*")
_PICTURE_FONT = re.compile(r"[\ue000-\uf8ff]")
"""Bullets of lists, boxes to tick."""
_WORD = re.compile(r"[^\W\d_]+")
_LABEL = re.compile(
    r"(?:Điều|Khoản|Mục|Phần|Chương|Bước)\s+(?:\d{1,3}|[IVX]{1,5})[.):]?|(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[a-zđ])[.)]?"
    r"|[-–+•*]|(?!Nơi nhận)[^\W\d_][^:]{1,39}:"
)
"""What stands in a column of its own before what it labels: 'Điều 1.', 'a)', 'Thời gian:'."""
_MOST_ROWS = 12
"""Rows up to which a table of two columns without rules may be a letterhead or a signature."""
_LEAST_PAIRS = 5

Lines = list[str]
"""Of a cell."""


def text_of(blocks: Sequence[Block]) -> str:
    """The blocks as lines of text, pages parted by form feeds.

    >>> head = Table(((Cell(("SỞ NỘI VỤ",)), Cell(("CỘNG HÒA",))), (Cell(("Số: 1/SNV",)), Cell(("Hà Nội",)))))
    >>> text_of([head, "Kính gửi:"])
    'SỞ NỘI VỤ\\nSố: 1/SNV\\nCỘNG HÒA\\nHà Nội\\nKính gửi:'
    """
    return "\n".join(line for block in blocks for line in lines_of(block))


def lines_of(block: Block) -> Iterator[str]:
    """The lines of a block; form feeds in them begin pages."""
    if isinstance(block, str):
        yield from (part for line in block.split("\n") for part in _side_by_side(line))
        return
    rows = [[cell_lines(cell) for cell in row] for row in block.rows]
    if is_layout(rows, ruled=block.ruled):
        # A row of one cell goes over both columns: what stands above it is read before it.
        for (_, labelled), group in groupby(
            zip(rows, _labelled(rows), strict=True), lambda row: (len(row[0]) == 1, row[1])
        ):
            own = [row for row, _ in group]
            if labelled:
                yield from (line for label, text in own for line in _behind_label(label, text))
            else:
                yield from (line for column in _columns(own) for cell in column for line in cell)
    else:
        for row in rows:
            yield from _row(row)


def cell_lines(cell: Cell) -> list[str]:
    """The lines of a cell; empty ones only part those of a page. A page never ends within a table."""
    return [line for block in cell.blocks for text in lines_of(block) if (line := text.replace("\f", " ").strip())]


def is_layout(rows: Sequence[Sequence[Lines]], *, ruled: bool) -> bool:
    """Whether a table with these lines in its cells only sets text side by side."""
    filled = {k for row in rows if len(row) > 1 for k, cell in enumerate(row) if cell}
    return not ruled and len(filled) <= 2 and len(rows) <= _MOST_ROWS and not _is_list_of_pairs(rows)


def _is_list_of_pairs(rows: Sequence[Sequence[Lines]]) -> bool:
    """Whether each row has a name and a value, as a registry's web page tells a document: a form has gaps."""
    pairs = all(len(row) == 2 and all(len(cell) == 1 for cell in row) for row in rows)
    return pairs and len(rows) >= _LEAST_PAIRS and not any(_labelled(rows))


def _labelled(rows: Sequence[Sequence[Lines]]) -> list[bool]:
    """Which rows of a table without rules hold a label and what it labels: two at least, one below the other."""
    found: list[bool] = []
    for row in rows:
        label, text = row if len(row) == 2 else ([], [])
        goes_on = not label and bool(text) and found[-1:] == [True]
        found.append(goes_on or (bool(text) and len(label) == 1 and _LABEL.fullmatch(label[0]) is not None))
    alone = [k for k in range(len(rows)) if not any(found[max(k - 1, 0) : k] + found[k + 1 : k + 2])]
    return [one and k not in alone for k, one in enumerate(found)]


def _behind_label(label: Lines, text: Lines) -> Iterator[str]:
    """The lines of a row, its label before the first of them."""
    yield " ".join([*label, *text[:1]])
    yield from text[1:]


def _side_by_side(line: str) -> list[str]:
    """The parts of a line that a tab or many blanks set side by side, if they are no label with what it labels.

    >>> _side_by_side("SỞ NỘI VỤ\\tCỘNG HÒA"), _side_by_side("1.\\tMục đích"), _side_by_side("Nơi nhận:\\tCHỦ TỊCH")
    (['SỞ NỘI VỤ', 'CỘNG HÒA'], ['1.\\tMục đích'], ['Nơi nhận:', 'CHỦ TỊCH'])
    """
    head = len(line) - len(line.lstrip(" \t\f"))
    line = _PICTURE_FONT.sub(lambda sign: "-" if sign.start() == head else "", line)
    parts = [part.strip() for part in _GAP.split(line) if part.strip()]
    apart = len(parts) == 2 and all(len(_WORD.findall(part)) > 1 for part in parts)
    return parts if apart and (parts[0][-1] != ":" or parts[1].isupper()) else [line.strip(" \t")]


def _columns(rows: Sequence[Sequence[Lines]]) -> list[list[Lines]]:
    width = max(len(row) for row in rows)
    return [[row[k] for row in rows if k < len(row)] for k in range(width)]


def _row(cells: Sequence[Lines]) -> Iterator[str]:
    """A row of figures is one line; cells of several lines follow one another."""
    if not any(cells):
        return
    if len(cells) > 2 and all(len(lines) <= 1 for lines in cells):
        yield " | ".join(line for lines in cells for line in lines or [""])
    else:
        yield from (line for lines in cells for line in lines)
