"""The tables of single pages with their lines, which of them are tables at all, and what of a cell is its text."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import regex

from vndoc.page import Box, Grid, GridCell, Page
from vndoc.parse.evidence import word_confidence
from vndoc.parse.fold import tidy
from vndoc.parse.lines import TextLine

_ITEM = regex.compile(r"[-–+•*]\s")


@dataclass(slots=True, frozen=True)
class Sheet:
    """What stands of a table on one page; ``lines`` are those of its block, in the order of the cells."""

    page: int
    grid: Grid
    lines: tuple[TextLine, ...]

    @property
    def start(self) -> int:
        """Offset of its first character in the document's text."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """Offset one past its last character."""
        return self.lines[-1].end

    @property
    def box(self) -> Box | None:
        """Box around it, None where there are none."""
        boxes = [box for line in self.lines if (box := line.box)]
        return self.grid.box or (Box.around(boxes) if boxes else None)

    def own_lines(self, cell: GridCell) -> tuple[TextLine, ...]:
        """The lines of a cell."""
        return self.lines[cell.first : cell.last]

    def text(self, cell: GridCell) -> str:
        """The text of a cell as it runs on; items of a list stay lines."""
        rows: list[str] = []
        for line in self.own_lines(cell):
            if rows and not _ITEM.match(line.text):
                rows[-1] = f"{rows[-1]}\n{line.text}"
            else:
                rows.append(line.text)
        return "\n".join(tidy(row) for row in rows)

    def confidence(self, cell: GridCell) -> float:
        """How well the words of a cell were read."""
        return word_confidence(word for line in self.own_lines(cell) for word in line.words)


def find_sheets(pages: Sequence[Page], lines: Sequence[TextLine]) -> list[Sheet]:
    """The tables that hold any text, in order; ``lines`` are all those of the ``pages``."""
    grids = [block.grid for page in pages for block in page.blocks]
    found = []
    for number, own in groupby(lines, key=lambda line: line.block):
        if (grid := grids[number]) is not None:
            of_table = tuple(own)
            found.append(Sheet(of_table[0].page, grid, of_table))
    return found
