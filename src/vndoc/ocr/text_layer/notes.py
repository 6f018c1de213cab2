"""Notes that were typed over a scan later: a chief's orders (bút phê), an electronic stamp of arrival.

A registry's program sets them as text over the image of the page, where there is room, often into its lines. What is
typed into a blank of the form (a number, a day) is shorter and stays with its line.
"""

from collections.abc import Sequence

from vndoc.page import Block, BlockKind, Box, Line

_WORDS = 5  # least words of a note
_LINE = 3  # least words of its longest line
_NEAR = 1.0  # line heights between two lines of a note
_MOST = 0.5  # of the page's words: where more is typed, that is the page itself


def part_notes(typed: Sequence[Line], read: Sequence[Line]) -> tuple[list[Line], list[Block]]:
    """The typed lines that belong to the page, and the notes, each a block; ``read`` is what else the page has."""
    words = sum(len(line.words) for line in typed)
    if words > _MOST * (words + sum(len(line.words) for line in read)):
        return list(typed), []
    own: list[Line] = []
    notes: list[Block] = []
    for group in _groups(typed):
        if _is_note(group):
            notes.append(Block(tuple(group), BlockKind.NOTE))
        else:
            own += group
    return own, notes


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines right below one another."""
    groups: list[list[Line]] = []
    for line in sorted((line for line in lines if line.box), key=lambda line: line.box.y0 if line.box else 0):
        group = next((g for g in groups if _follows(Box.around([b for one in g if (b := one.box)]), line.box)), None)
        if group is None:
            groups.append([line])
        else:
            group.append(line)
    return groups


def _follows(above: Box, box: Box | None) -> bool:
    if box is None:
        return False
    beside = min(above.x1, box.x1) - max(above.x0, box.x0)
    return beside > 0 and box.y0 - above.y1 < _NEAR * box.height


def _is_note(lines: Sequence[Line]) -> bool:
    spelt = [sum(any(map(str.isalpha, word.text)) for word in line.words) for line in lines]
    return sum(spelt) >= _WORDS and max(spelt) >= _LINE
