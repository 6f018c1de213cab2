"""The lines of a plan that lay a task on somebody: 'Đơn vị chủ trì: …', 'Đơn vị phối hợp: …', 'Thời gian: …'.

They belong to what stands before them: the title of their unit, or the paragraph they follow.
"""

from collections.abc import Sequence
from datetime import date

from vndoc.dispatch import Task
from vndoc.parse.tasks.actors import listed
from vndoc.parse.tasks.deadlines import Deadline, find_deadlines
from vndoc.parse.tasks.passages import Passage


def with_plan(host: Passage | None, tasks: Sequence[Task], lines: Sequence[Passage], day: date | None) -> list[Task]:
    """The tasks of ``host``, the last of them completed by the ``lines`` of a plan behind it; ``day`` is the reference.

    Where the host by itself lays no duty on anybody, the lines do.
    """
    leads = [name for line in lines if line.role == "leads" for name in listed(line.text)]
    helps = [name for line in lines if line.role == "helps" for name in listed(line.text)]
    due = _due(lines, bool(leads), day)
    if not lines or not (leads or due):
        return list(tasks)
    if tasks:
        last = tasks[-1]
    else:
        first = (host or lines[0]).part()
        last = Task(section=first.section, assignee=first.owner, text=first.text, start=first.start, end=first.end)
    known: dict[str, object] = {
        "start": min(last.start, lines[0].start),
        "end": max(last.end, *(line.end for line in lines)),
        "coordinators": [*last.coordinators, *helps],
    }
    if leads:
        known["assignee"] = ", ".join(leads)
    if due and not (last.due_date or last.term):
        known |= {"due_date": due.day, "due_time": due.clock, "term": due.term}
    return [*tasks[:-1], last.model_copy(update=known)]


def _due(lines: Sequence[Passage], led: bool, day: date | None) -> Deadline | None:
    """The last deadline of the lines; a bare 'Thời gian: …' is one only in a plan that names who leads."""
    for line in reversed(lines):
        if line.role == "time":
            label = "Thời gian hoàn thành" if led else line.label
            if dues := find_deadlines(f"{label}: {line.text}", day):
                return dues[-1]
    return None
