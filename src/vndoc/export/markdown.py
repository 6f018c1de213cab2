"""A dispatch as Markdown that reads like the document: head, body, signatures, then what was found in it."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

import regex

from vndoc.dispatch import Annex, CertifiedCopy, Dispatch, Reference, Signer, Table, Task
from vndoc.export.order import Heading, Paragraph, annex_of, body_of
from vndoc.export.tables import table_markdown

_MAX_HEADING = 6
_MARKUP = regex.compile(r"[\\`*_<\[\]]|&(?=#?\w+;)|^(?=[#>]|[+](?=\s)|\d+[.)]\s)|(?<=\s)(?=#+\s*$)")
_DASH = regex.compile(r"^[-–+]\s*(?=\S)")


def to_markdown(dispatch: Dispatch) -> str:
    """Markdown text of the dispatch; what is not known is left out, doubtful values are marked with a question mark."""
    parts = [
        *_head(dispatch),
        *_body(dispatch),
        *_foot(dispatch),
        *_copy(dispatch.certified_copy),
        *_overlays(dispatch),
        *_annexes(dispatch),
        *_duties(dispatch.tasks),
        *_cited(dispatch.references),
    ]
    return "\n\n".join(parts) + "\n"


def _head(dispatch: Dispatch) -> Iterator[str]:
    organs = [organ for organ in (dispatch.parent_organ_name, dispatch.organ_name) if organ]
    if organs:
        yield f"**{_plain(' / '.join(organs))}**"
    number, notation = dispatch.code_number or "…", dispatch.code_notation or "…"
    place = f"{dispatch.place or '…'}, {_vietnamese_date(dispatch)}"
    yield _plain(f"Số: {printed_code(number, notation)} — {place}")
    title = dispatch.type_name or "Văn bản"
    yield f"# {_plain(title + (f': {dispatch.subject}' if dispatch.subject else ''))}"
    marks = [mark for mark in (dispatch.urgency, dispatch.secrecy, dispatch.circulation) if mark]
    marks += ["Dự thảo"] if dispatch.draft else []
    if marks:
        yield "**" + " · ".join(mark.upper() for mark in marks) + "**"
    if dispatch.recipients:
        yield "Kính gửi:\n\n" + _list(dispatch.recipients)


def printed_code(number: str, notation: str) -> str:
    """Number and notation as one: 815/UBND, or in the Party's form 254-KH/TU, joined by a hyphen."""
    return f"{number}-{notation}" if "/" in notation and not notation[:1].isdigit() else f"{number}/{notation}"


def _vietnamese_date(dispatch: Dispatch) -> str:
    if dispatch.issued_date:
        return printed_date(dispatch.issued_date)
    evidence = dispatch.evidence.get("/issued_date")
    candidates = [value for value, _ in evidence.candidates] if evidence else []
    return "ngày … (?)" + (f" [{' hoặc '.join(candidates[:3])}]" if candidates else "")


def printed_date(day: date) -> str:
    """A day as it stands in the letterhead: 'ngày 05 tháng 9 năm 2024'."""
    # A 0 stands before days under 10 and the months 1 and 2 (Decree 30/2020/NĐ-CP, Appendix I, II.4).
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _body(dispatch: Dispatch) -> Iterator[str]:
    yield from _in_order(body_of(dispatch))


def _in_order(found: Iterable[Heading | Paragraph | Table]) -> Iterator[str]:
    """Headings, paragraphs and tables; paragraphs that follow one another may be a list."""
    for kind, parts in groupby(found, type):
        if kind is Paragraph:
            yield from _paragraphs(part.text for part in parts if isinstance(part, Paragraph))
            continue
        for part in parts:
            if isinstance(part, Heading):
                yield from _heading(part)
            elif isinstance(part, Table):
                yield table_markdown(part, _plain)


def _heading(heading: Heading) -> Iterator[str]:
    """The label of a unit with its title; one without a title goes on with its first paragraph."""
    label, level = _plain(heading.label), min(heading.depth + 2, _MAX_HEADING)
    behind = heading.run_in.text if heading.run_in else ""
    if heading.title and heading.section.style != "diem":
        yield f"{'#' * level} {label} {_plain(heading.title)}"
        yield from _paragraphs([behind])
    else:
        yield " ".join(filter(None, (f"**{label}**", _plain(heading.title), _plain(behind))))


def _paragraphs(rows: Iterable[str]) -> Iterator[str]:
    """Paragraphs; those that begin with dashes, one after the other, are one list."""
    items: list[str] = []
    for row in rows:
        if _DASH.match(row):
            items.append(_DASH.sub("", row))
            continue
        if items:
            yield _list(items)
            items = []
        if row.strip():
            yield _plain(row)
    if items:
        yield _list(items)


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {_plain(item)}" for item in items)


def _plain(text: str) -> str:
    """Text on one line in which nothing is markup."""
    return str(_MARKUP.sub(lambda found: f"\\{found.group()}", " ".join(text.split())))


def _foot(dispatch: Dispatch) -> Iterator[str]:
    for signer in dispatch.signers:
        yield _signer(signer)
    if dispatch.to_places:
        yield "*Nơi nhận:*\n\n" + _list(dispatch.to_places)


def _signer(signer: Signer) -> str:
    lines = [*signer.authority, signer.position, signer.full_name]
    return "\\\n".join(f"**{_plain(line)}**" for line in lines if line)


def _copy(copy: CertifiedCopy | None) -> Iterator[str]:
    if copy is None:
        return
    code = printed_code(copy.code_number or "…", copy.code_notation or "…")
    when = f", ngày {copy.issued_date:%d/%m/%Y}" if copy.issued_date else ""
    origin = f"{copy.type_name}: {copy.organ_name or '…'}, số {code}{when}"
    yield f"*{_plain(origin)}*"
    if copy.signer != Signer():
        yield _signer(copy.signer)


def _overlays(dispatch: Dispatch) -> Iterator[str]:
    """Notes set over the page, as quotations: they are not the document's words."""
    for note in dispatch.overlays:
        yield "\n".join(f"> {_plain(line)}\\" for line in note.text.split("\n")).removesuffix("\\")


def _annexes(dispatch: Dispatch) -> Iterator[str]:
    for annex in dispatch.annexes:
        yield f"## {_plain(_annex_name(annex))}"
        yield from _in_order(annex_of(dispatch, annex))


def _annex_name(annex: Annex) -> str:
    name = annex.label or annex.type_name or "Kèm theo"
    draft = "Dự thảo " if annex.draft else ""
    return f"{draft}{name}: {annex.title}" if annex.title else f"{draft}{name}"


def _duties(tasks: list[Task]) -> Iterator[str]:
    if not tasks:
        return
    yield "## Nhiệm vụ và thời hạn"
    rows = ["| Mục | Đơn vị | Nhiệm vụ | Thời hạn |", "| --- | --- | --- | --- |"]
    for task in tasks:
        due = task.due_date.strftime("%d/%m/%Y") if task.due_date else task.recurrence or ""
        cells = (task.section or "", task.assignee or "", task.text, due)
        rows.append("| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in cells) + " |")
    yield "\n".join(rows)


def _cited(references: list[Reference]) -> Iterator[str]:
    if not references:
        return
    yield "## Văn bản được dẫn"
    lines = []
    for reference in references:
        when = f" ngày {reference.issued_date:%d/%m/%Y}" if reference.issued_date else ""
        whose = f" của {reference.organ_name}" if reference.organ_name else ""
        lines.append(f"{reference.type_name or 'Văn bản'} {reference.notation}{when}{whose}")
    yield _list(lines)
