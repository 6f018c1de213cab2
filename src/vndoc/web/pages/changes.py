"""Changes of the audit in words."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vndoc.web.pages.texts import Translate, has_text
from vndoc.web.pages.typed import shown_day

if TYPE_CHECKING:
    from vndoc.archive.review import Change

_LONGEST = 160
_WORD = re.compile(r"^/pages/(\d+)/words")
_INDEX = re.compile(r"/\d+")


@dataclass(slots=True, frozen=True)
class ShownChange:
    """A change as a row of the audit."""

    id: int
    key: str
    at: str
    who: str
    what: str
    before: str
    after: str
    undone_by: int | None
    can_undo: bool


def shown(change: "Change", t: Translate) -> ShownChange:
    """The change in words of the language of ``t``."""
    return ShownChange(
        change.id,
        change.key,
        str(change.at),
        change.who,
        what(change.kind, change.pointer, t),
        value_text(change.before, t),
        value_text(change.after, t),
        change.undone_by,
        change.undoes is None,
    )


def what(kind: str, pointer: str | None, t: Translate) -> str:
    """What was changed: the field, the page of a word, or what was done to the document."""
    known = f"audit.kind.{kind}"
    if word := _WORD.match(pointer or ""):
        return t("audit.kind.word", page=word[1])
    if kind in ("value", "entry") or not has_text(known):
        return field_name(pointer, t) if pointer else t("audit.kind.other")
    return t(known, page="", field=field_name(pointer, t) if pointer else "")


def field_name(pointer: str, t: Translate) -> str:
    """What a clerk calls the field of a pointer, also of an entry ('/recipients/0')."""
    plain = _INDEX.sub("", pointer.split(" ")[0])
    for name in (plain, "/" + plain.strip("/").split("/")[0]):
        if has_text(f"field.{name}"):
            return t(f"field.{name}")
    return plain


def value_text(value: Any, t: Translate) -> str:
    """A value before or after a change, in one line."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return _short(shown_day(value))
    if isinstance(value, Mapping):
        if value.get("unreadable"):
            return t("unit.unreadable")
        value = value.get("value", value.get("after", value)) if "kind" in value else value
    if isinstance(value, Mapping):
        value = " · ".join(value_text(part, t) for part in value.values() if part)
    elif isinstance(value, list):
        value = "; ".join(value_text(part, t) for part in value)
    return _short(shown_day(value) if isinstance(value, str) else "" if value is None else str(value))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
