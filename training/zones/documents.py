"""Heads of documents whose fields are known, labelled by them: an office's corrections as examples to learn from.

A head is read first. A line that was taken for part of a value, and is none of it, becomes what the truth says that it
is; so does a line of body, stamp or specks that is part of a value of which the head has not all. A head in which a
line stays open is left out.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import regex
from rapidfuzz import fuzz

import vndoc
from training.zones.forms import Rows
from training.zones.learning import Example, example
from vndoc.page import Page
from vndoc.parse.form.head import label_head
from vndoc.parse.form.labelling import Labelled
from vndoc.parse.form.weighing import Role
from vndoc.parse.form.zoning import lines_of_head
from vndoc.parse.knowledge import bare
from vndoc.parse.lines import document_lines

_ALIKE, _WHOLE = 88, 90
"""Least likeness, of 100, of a line and its part of a value, and of all lines of a value and the value."""
_SHORT = 3  # letters of a line that may be part of anything
_BODY_LINES = 4
_LEAD = regex.compile(r"^\W{0,2}(?:V\s?/\s?v|Về\s?việc|Kính gửi|Về|Số)\W{0,3}\s?", regex.I)
_SAID: dict[Role, str] = {
    "issuer": "issuer",
    "number": "number",
    "type": "type",
    "about": "subject",
    "subject": "subject",
    "sent to": "addressees",
    "addressees": "addressees",
}
"""The value that the lines of a role give."""


def documents(folder: Path) -> Iterator[Example]:
    """The heads of a folder's documents, whose truth files (as ``samples/*/dispatch.json``) lie beside them."""
    for path in sorted({*folder.glob("*.json"), *folder.glob("*/dispatch.json")}):
        truth = json.loads(path.read_text(encoding="utf-8"))
        document = path.parent / truth.get("file", "") if isinstance(truth, dict) else path.parent
        found = head_of(vndoc.read(document).pages, truth) if document.is_file() else None
        if found:
            yield found


def head_of(pages: Sequence[Page], truth: dict[str, Any]) -> Example | None:
    """The head of pages that were read, its roles as its fields say; None where these leave a line open."""
    lines = lines_of_head(document_lines(pages))
    head = label_head(lines)
    read = [list(row) for row in head.lines[: head.end + _BODY_LINES]]
    values = _values(truth)
    open_ = {name for name, value in values.items() if not _is_whole(value, name, read)}
    rows: Rows = []
    for row in read:
        roles = [_role(one, values, open_, truth) for one in row]
        if None in roles:
            return None
        rows.append([(one.piece.text, role) for one, role in zip(row, roles, strict=True) if role])
    return example(bare(truth.get("organ_name") or ""), lines, rows)


def _values(truth: dict[str, Any]) -> dict[str, str]:
    """The values that lines give, in bare letters; without what the truth lacks or doubts."""
    given = {
        "issuer": f"{truth.get('parent_organ_name') or ''} {truth.get('organ_name') or ''}",
        "number": f"{truth.get('code_number') or ''} {truth.get('code_notation') or ''}",
        "type": truth.get("type_name") or "",
        "subject": truth.get("subject") or "",
        "addressees": " ".join(truth.get("recipients") or []),
    }
    doubtful = {"organ_name": "issuer", "code_notation": "number", "recipients": "addressees"}
    left_out = {doubtful.get(name, name) for name in truth.get("doubtful") or []}
    return {name: bare(value) for name, value in given.items() if value.strip() and name not in left_out}


def _is_whole(value: str, name: str, read: Sequence[Sequence[Labelled]]) -> bool:
    """Whether the lines that were taken for a value are all of it."""
    taken = [one.piece.text for row in read for one in row if _SAID.get(one.role) == name]
    text = " ".join(bare(_LEAD.sub("", line)) for line in taken)
    return bool(taken) and (name == "number" or fuzz.ratio(text, value) >= _WHOLE)


def _role(one: Labelled, values: dict[str, str], open_: set[str], truth: dict[str, Any]) -> Role | None:
    """The role that the fields give a piece, or leave to it; None where they contradict it and say nothing else."""
    text = bare(_LEAD.sub("", one.piece.text))
    name = _SAID.get(one.role)
    if name is None:
        fits = [other for other in open_ if len(text) > _SHORT and _is_part(text, values[other])]
        return _role_of(fits[0], truth) if len(fits) == 1 and one.role in ("body", "stamp", "furniture") else one.role
    if len(text) <= _SHORT or name not in values or _is_part(text, values[name]):
        return one.role
    fits = [other for other in values if _is_part(text, values[other])]
    return _role_of(fits[0], truth) if len(fits) == 1 else None


def _is_part(text: str, value: str) -> bool:
    return len(text) <= len(value) + _SHORT and fuzz.partial_ratio(text, value) >= _ALIKE


def _role_of(name: str, truth: dict[str, Any]) -> Role:
    """The role of a line of a value that was taken for something else."""
    roles: dict[str, Role] = {"issuer": "issuer", "number": "number", "type": "type", "addressees": "addressees"}
    return roles.get(name, "about" if truth.get("type_name") == "Công văn" else "subject")
