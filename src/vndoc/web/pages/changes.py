"""Changes of the audit in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vndoc.web.pages.texts import Translate, has_text
from vndoc.web.pages.typed import shown_day

if TYPE_CHECKING:
    from vndoc.archive.review import Change

_LONGEST = 160
_NAMED = ("label", "title", "type_name", "notation", "assignee", "text", "due_date", "issued_date", "organ_name")
_WORD = re.compile(r"^/pages/(\d+)/words")
_INDEX = re.compile(r"/\d+")


@dataclass(slots=True, frozen=True)
class ShownChange:
    """A change as a row of the audit."""

    id: int
    key: str | None
    at: str
    who: str
    what: str
    before: str
    after: str
    undone_by: int | None
    can_undo: bool


def shown(change: "Change", t: Translate) -> list[ShownChange]:
    """The change in words of the language of ``t``: a row for each value, the first of which can be undone."""
    rows = [(what(change.kind, one.pointer, t), one.before, one.after) for one in change.values]
    return [
        ShownChange(
            change.id,
            change.key,
            change.at,
            change.who,
            name,
            value_text(before),
            value_text(after),
            change.undone_by,
            k == 0,
        )
        for k, (name, before, after) in enumerate(rows or [(what(change.kind, None, t), None, None)])
    ]


def what(kind: str, pointer: str | None, t: Translate) -> str:
    """What was changed: the field, the page of a word, or what was done to the document."""
    if pointer is None or kind == "recut":
        return t(f"audit.kind.{kind}")
    word = _WORD.match(pointer)
    name = t("audit.word", page=word[1]) if word else field_name(pointer, t)
    return t("audit.undoing", what=name) if kind == "undo" else name


def field_name(pointer: str, t: Translate) -> str:
    """What a clerk calls the field of a pointer, also of an entry ('/recipients/0')."""
    plain = _INDEX.sub("", pointer.split(" ", maxsplit=1)[0])
    for name in (plain, "/" + plain.strip("/").split("/")[0]):
        if has_text(f"field.{name}"):
            return t(f"field.{name}")
    return plain


def value_text(value: Any) -> str:
    """A value before or after a change, in one line."""
    if isinstance(value, Mapping):
        value = " · ".join(value_text(value[name]) for name in _NAMED if value.get(name))
    elif isinstance(value, list):
        value = ", ".join(value_text(part) for part in value)
    return _short(shown_day(value) if isinstance(value, str) else "" if value is None else str(value))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
