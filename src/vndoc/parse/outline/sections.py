"""The numbered units of the body as a tree: phần, chương, mục, điều, khoản, điểm (Decree 30/2020/NĐ-CP, Appendix I)."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from vndoc.dispatch import Notice, Section
from vndoc.parse.fold import tidy
from vndoc.parse.form.zones import Zones
from vndoc.parse.outline.labels import find_candidates, label_end
from vndoc.parse.outline.numbering import numbering_error
from vndoc.parse.outline.paragraphs import Piece, closing_index, items_of, line_width, paragraphs, split_title, text_of
from vndoc.parse.outline.sequence import Step, best_path


@dataclass(slots=True, frozen=True)
class Unit:
    """A unit with its path of labels ('6.d'), those above it, and its own paragraphs, label and title aside."""

    section: Section
    path: str
    ancestors: tuple[Section, ...]
    paragraphs: list[list[Piece]]


def find_sections(text: str, zones: Zones) -> tuple[list[Section], list[Notice]]:
    """Numbered units of the body, top level first, and notices on labels that were mended, stand twice or leave gaps.

    ``Section.start`` counts in ``text``, the whole ``Dispatch.text``. Quoted articles and numbers that begin wrapped
    lines are no units. Linear in the length of the body.
    """
    lines = zones.body
    steps = best_path(list(find_candidates(lines)))
    pieces = _pieces(zones)
    width = line_width(pieces)
    roots: list[Section] = []
    notices: list[Notice] = []
    open_units: list[tuple[Section, str]] = []
    counted: list[Step] = []  # the last unit of every open level
    closing = closing_index(pieces, steps[-1].candidate.line) if steps else len(pieces)
    for step, following in zip_longest(steps, steps[1:]):
        last_line = following.candidate.line if following else closing
        own = pieces[step.candidate.line : last_line]
        own[0] = own[0].after(step.candidate.end)
        del open_units[step.depth :], counted[step.depth + 1 :]
        siblings, pointer = (open_units[-1][0].children, open_units[-1][1]) if open_units else (roots, "")
        pointer += f"/{'children' if open_units else 'sections'}/{len(siblings)}"
        title, groups = split_title(own, step.form.style, bool(following and following.depth > step.depth), width)
        label, notice = _label(step, open_units[-1][0].label if open_units else "")
        section = Section(
            label=label,
            label_as_read=step.candidate.label if notice else None,
            style=step.form.style,
            title=title,
            text=text_of(groups),
            start=step.candidate.start,
            items=items_of(groups),
        )
        notices += [
            found.model_copy(update={"pointer": pointer + "/label"})
            for found in (notice, numbering_error(step, counted))
            if found
        ]
        counted[step.depth :] = [step]
        siblings.append(section)
        open_units.append((section, pointer))
    return roots, notices


def lay_out(zones: Zones, sections: Sequence[Section]) -> tuple[list[Unit], list[list[Piece]]]:
    """All units in reading order, and the paragraphs of the body outside them (before the first, closing words)."""
    flat = list(_walk(sections, (), ()))
    pieces = _pieces(zones)
    width = line_width(pieces)
    if not flat:
        return [], paragraphs(pieces, width)
    stops = [piece.end for piece in pieces]
    rows = [min(bisect_right(stops, section.start), len(pieces) - 1) for section, _, _ in flat]
    rows.append(closing_index(pieces, rows[-1]))
    found = []
    for (section, path, ancestors), (row, end) in zip(flat, pairwise(rows), strict=True):
        own = [pieces[row].after(label_end(zones.body[row])), *pieces[row + 1 : end]]
        _, groups = split_title(own, section.style, bool(section.children), width)
        found.append(Unit(section, path, ancestors, groups))
    return found, [*paragraphs(pieces[: rows[0]], width), *paragraphs(pieces[rows[-1] :], width)]


def paths_of(sections: Sequence[Section]) -> list[tuple[int, str]]:
    """Offset and path of labels ('6.d') of every unit, in reading order."""
    return [(section.start, path) for section, path, _ in _walk(sections, (), ())]


def _walk(
    nodes: Sequence[Section], path: tuple[str, ...], above: tuple[Section, ...]
) -> Iterator[tuple[Section, str, tuple[Section, ...]]]:
    for node in nodes:
        here = (*path, node.label)
        yield node, ".".join(here), above
        yield from _walk(node.children, here, (*above, node))


def _pieces(zones: Zones) -> list[Piece]:
    return [Piece(line.text, line.start, line.block, line.page) for line in zones.body]


def _label(step: Step, parent: str) -> tuple[str, Notice | None]:
    """The label in full, and a notice where it was not read so."""
    read, kind = tidy(step.candidate.label), step.form
    if step.read and kind.style == "dieu" and read[-1].isalpha():
        return read, None  # 'Điều 12a'
    label = kind.spell(step.ordinal, parent)
    if read.casefold() == label.casefold() or kind.name == "phan":
        return label, None
    if kind.numeral == "decimal" and step.read:
        return read, None
    message = f"label read as '{read}', taken for '{label}' by its place in the sequence"
    return label, Notice(code="label-repaired", message=message)
