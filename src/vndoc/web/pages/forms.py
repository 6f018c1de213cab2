"""What a form of the page of a document says, as facts."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from vndoc.errors import VndocError
from vndoc.facts import CHOICES, EntryFact, ValueFact, WordFact
from vndoc.web.pages.posted import number_of
from vndoc.web.pages.typed import typed_day, typed_list
from vndoc.web.pages.units import DAYS, LISTS, PART_DAYS, PART_LISTS, PART_YEARS, PARTS


class FormError(VndocError):
    """What was typed cannot be taken. ``key`` names the text that tells why, ``typed`` is what it is about."""

    def __init__(self, key: str, typed: str = "") -> None:
        super().__init__(key)
        self.key, self.typed = key, typed


def fact_of(form: Mapping[str, str], near: date) -> ValueFact | EntryFact | WordFact:
    """The fact that a form states; ``near``: a day whose year is meant where none is typed.

    Raises:
        FormError: something is missing, or no such value can be.
    """
    try:
        match form.get("kind"):
            case "value":
                return _value(form, near)
            case "entry":
                return _entry(form, near)
            case "word":
                return _word(form)
    except (ValidationError, json.JSONDecodeError):
        raise FormError("error.form") from None
    raise FormError("error.form")


def _value(form: Mapping[str, str], near: date) -> ValueFact:
    pointer, do = form.get("pointer", ""), form.get("do", "save")
    if do in ("unreadable", "absent"):
        return ValueFact.model_validate({"pointer": pointer, "unreadable": do == "unreadable"})
    typed = " ".join((form.get("pick") or form.get("value", "")).split())
    value: str | None = typed or None
    if pointer in DAYS:
        value = _iso(typed, near)
    if value and pointer in CHOICES and value not in CHOICES[pointer]:
        raise FormError("error.form")
    return ValueFact.model_validate({"pointer": pointer, "value": value})


def _entry(form: Mapping[str, str], near: date) -> EntryFact:
    pointer, do = form.get("pointer", ""), form.get("do", "save")
    before = _stored(form["before"]) if form.get("before") else None
    after: str | dict[str, Any] | None = None
    if do != "remove":
        after = _text(form) if pointer in LISTS else _parts(form, pointer, before, near)
        if not after:
            raise FormError("error.empty")
    at = form.get("at", "")
    return EntryFact.model_validate({"pointer": pointer, "before": before, "after": after, "at": number_of(at)})


def _stored(text: str) -> Any:
    """An entry as the page had it; what no page has had is refused, however deep or long it is."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise FormError("error.form") from None


def _text(form: Mapping[str, str]) -> str:
    return " ".join((form.get("pick") or form.get("value", "")).split())


def _parts(form: Mapping[str, str], pointer: str, before: Any, near: date) -> dict[str, Any]:
    """The entry with the parts that were typed; nothing where what it is known by was left out."""
    names = PARTS.get("/sections" if pointer.startswith("/sections") else pointer)
    if names is None:
        raise FormError("error.form")
    after: dict[str, Any] = dict(before) if isinstance(before, dict) else {}
    for name in names:
        typed = form.get(name, "").replace("\r\n", "\n").strip()
        value: Any = typed or None
        if name in PART_DAYS:
            value = _iso(typed, near)
        elif name in PART_LISTS:
            value = typed_list(typed)
        elif name in PART_YEARS and typed:
            value = _year(typed)
        if value or name in after:
            after[name] = value
    if isinstance(before, dict) and before.get("recurrence") != after.get("recurrence"):
        after["recurrence_rules"] = []  # they say what the old words said
    needed = _NEEDED.get(pointer, "label")
    return after if after.get(needed) else {}


_NEEDED = {"/tasks": "text", "/references": "notation", "/named_references": "type_name"}
"""The part without which an entry is none; of sections their label."""


def _year(typed: str) -> int:
    if not (typed.isascii() and typed.isdecimal() and len(typed) == 4):
        raise FormError("error.year", typed)
    return int(typed)


def _word(form: Mapping[str, str]) -> WordFact:
    return WordFact.model_validate(
        {
            "page": form.get("page"),
            "box": form.get("box", "").split(","),
            "before": form.get("before", ""),
            "after": " ".join(form.get("after", "").split()),
        }
    )


def _iso(typed: str, near: date) -> str | None:
    try:
        day = typed_day(typed, near)
    except ValueError:
        raise FormError("error.day", typed) from None
    return day.isoformat() if day else None
