"""A dispatch as Markdown that reads like the document: head, body as a tree, duties, signer, places to send."""

from collections.abc import Iterator

from vndoc.dispatch import Dispatch, Reference, Section, Task

_MAX_HEADING = 6
_HEADED = frozenset({"phan", "chuong", "muc", "tieu_muc", "dieu", "la_ma", "khoan"})


def to_markdown(dispatch: Dispatch) -> str:
    """Markdown text of the dispatch; what is not known is left out, doubtful values are marked with a question mark."""
    parts = [
        *_head(dispatch),
        *_body(dispatch),
        *_duties(dispatch.tasks),
        *_cited(dispatch.references),
        *_foot(dispatch),
    ]
    return "\n\n".join(parts) + "\n"


def _head(dispatch: Dispatch) -> Iterator[str]:
    organs = [organ for organ in (dispatch.parent_organ_name, dispatch.organ_name) if organ]
    if organs:
        yield f"**{' / '.join(organs)}**"
    number, notation = dispatch.code_number or "…", dispatch.code_notation or "…"
    when = _vietnamese_date(dispatch)
    yield f"Số: {printed_code(number, notation)}" + (f" — {dispatch.place or '…'}, {when}")
    title = dispatch.type_name or "Văn bản"
    yield f"# {title}" + (f": {dispatch.subject}" if dispatch.subject else "")
    marks = [mark for mark in (dispatch.urgency, dispatch.secrecy) if mark]
    if marks:
        yield "**" + " · ".join(mark.upper() for mark in marks) + "**"
    if dispatch.recipients:
        yield "Kính gửi:\n" + "\n".join(f"- {name}" for name in dispatch.recipients)


def printed_code(number: str, notation: str) -> str:
    """Number and notation as one: 815/UBND, or in the Party's form 254-KH/TU, joined by a hyphen."""
    return f"{number}-{notation}" if "/" in notation and not notation[:1].isdigit() else f"{number}/{notation}"


def _vietnamese_date(dispatch: Dispatch) -> str:
    day = dispatch.issued_date
    if day:
        return f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"
    evidence = dispatch.evidence.get("/issued_date")
    candidates = [value for value, _ in evidence.candidates] if evidence else []
    return "ngày … (?)" + (f" [{' hoặc '.join(candidates[:3])}]" if candidates else "")


def _body(dispatch: Dispatch) -> Iterator[str]:
    if dispatch.sections:
        lead = dispatch.text[: dispatch.sections[0].start].rstrip().rsplit("\n\n", 1)[-1]
        if lead and lead[-1] in ":;,.":
            yield _one_line(lead)
        for section in dispatch.sections:
            yield from _section(section, 2)
    else:
        yield from (_one_line(page.text) for page in dispatch.pages)


def _section(section: Section, level: int) -> Iterator[str]:
    label = section.label if section.style in {"phan", "chuong", "muc", "tieu_muc", "dieu"} else f"{section.label}."
    label = f"{section.label})" if section.style == "diem" else label
    heading = section.style in _HEADED and section.title
    if heading:
        yield f"{'#' * min(level, _MAX_HEADING)} {label} {section.title}"
        if section.text:
            yield _one_line(section.text)
    else:
        yield f"**{label}** " + " ".join(filter(None, (section.title, _one_line(section.text))))
    for child in section.children:
        yield from _section(child, level + 1)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _duties(tasks: list[Task]) -> Iterator[str]:
    if not tasks:
        return
    yield "## Nhiệm vụ và thời hạn"
    rows = ["| Mục | Đơn vị | Nhiệm vụ | Thời hạn |", "| --- | --- | --- | --- |"]
    for task in tasks:
        due = task.due_date.strftime("%d/%m/%Y") if task.due_date else task.recurrence or ""
        cells = (task.section or "", task.assignee or "", task.text, due)
        rows.append("| " + " | ".join(_one_line(cell).replace("|", "\\|") for cell in cells) + " |")
    yield "\n".join(rows)


def _cited(references: list[Reference]) -> Iterator[str]:
    if not references:
        return
    yield "## Văn bản được dẫn"
    lines = []
    for reference in references:
        when = f" ngày {reference.issued_date:%d/%m/%Y}" if reference.issued_date else ""
        whose = f" của {reference.organ_name}" if reference.organ_name else ""
        lines.append(f"- {reference.type_name or 'Văn bản'} {reference.notation}{when}{whose}")
    yield "\n".join(lines)


def _foot(dispatch: Dispatch) -> Iterator[str]:
    signer = dispatch.signer
    lines = [*signer.authority, signer.position, signer.full_name]
    if any(lines):
        yield "\\\n".join(f"**{line}**" for line in lines if line)
    if dispatch.to_places:
        yield "*Nơi nhận:*\n" + "\n".join(f"- {place}" for place in dispatch.to_places)
