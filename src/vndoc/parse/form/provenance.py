"""Evidence for what is found in the running text: sections, tasks and the date when something is due.

They know their offsets in the document's text; the lines that these fall on tell page, box and raw reading.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from vndoc.dispatch import Evidence, Section, Task
from vndoc.parse.evidence import value_from
from vndoc.parse.lines import TextLine

_CLEAR, _REPAIRED, _DUTY = 0.95, 0.7, 0.9
"""How sure the rules are: a label as printed, one set right by its sequence, a duty with its parts."""


class Spans:
    """The lines of a document by their offsets."""

    def __init__(self, lines: Sequence[TextLine]) -> None:
        self.lines = sorted(lines, key=lambda line: line.start)
        self.starts = [line.start for line in self.lines]

    def parts(self, start: int, end: int) -> list[TextLine]:
        """The pieces of lines between two offsets."""
        near = self.lines[max(0, bisect_right(self.starts, start) - 1) : bisect_right(self.starts, end)]
        cut = [line.part(max(0, start - line.start), end - line.start) for line in near if line.end > start]
        return [piece for piece in cut if piece.text]


def content_evidence(sections: Sequence[Section], tasks: Sequence[Task], spans: Spans) -> dict[str, Evidence]:
    """Evidence of every section's label and of every task, by JSON pointer."""
    found = {}
    for pointer, section in _walk(sections, "/sections"):
        label = section.label_as_read or section.label
        rule = _REPAIRED if section.label_as_read else _CLEAR
        parts = spans.parts(section.start, section.start + len(label))
        found[pointer] = value_from(section.label, parts, rule).evidence()
    for i, task in enumerate(tasks):
        found[f"/tasks/{i}"] = value_from(task.text, spans.parts(task.start, task.end), _DUTY).evidence()
    return found


def due_date_evidence(tasks: Sequence[Task], due: date | None, evidence: Mapping[str, Evidence]) -> dict[str, Evidence]:
    """The evidence of ``/due_date``: that of the task it is taken from."""
    at = next((i for i, task in enumerate(tasks) if task.due_date == due), None) if due else None
    found = evidence.get(f"/tasks/{at}")
    return {"/due_date": found} if found else {}


def _walk(sections: Sequence[Section], above: str) -> Iterator[tuple[str, Section]]:
    for i, section in enumerate(sections):
        pointer = f"{above}/{i}"
        yield pointer, section
        yield from _walk(section.children, f"{pointer}/children")
