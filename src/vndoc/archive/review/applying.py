"""A dispatch with what a person has said of it: words in the pages, values that are certain, entries of lists."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from vndoc.archive.review.entries import with_entries
from vndoc.archive.review.words import mended
from vndoc.dispatch import Dispatch, Evidence, Notice
from vndoc.facts import EntryFact, Fact, ValueFact, WordFact
from vndoc.parse.confirmed import HUMAN
from vndoc.parse.tasks.duties import earliest
from vndoc.pipeline import parse_again
from vndoc.reading import Reading

UNREADABLE = "unreadable"
"""The method in the evidence of a value that a person could not read either."""

_SETTLES = frozenset(
    {"number-unsure", "number-missing", "date-unsure", "value-withheld", "arrival-unsure", "signature-missing"}
)
"""Notices on a field that have no reason left once a person has settled it."""

_FIELDS_OF = {"/arrival": ("/arrival/number", "/arrival/date"), "/signer": ("/signer/full_name",)}
"""Notices on a group of fields: those that must be settled."""


def corrected(read: Reading | Dispatch, facts: Sequence[Fact]) -> Dispatch:
    """The dispatch of a reading with the facts; of a bare dispatch what depends on them does not follow."""
    values = {fact.pointer: fact for fact in facts if isinstance(fact, ValueFact)}
    if isinstance(read, Reading):
        pages = mended(read.pages, (fact for fact in facts if isinstance(fact, WordFact)))
        dispatch = parse_again(replace(read, pages=pages), {p: fact.value for p, fact in values.items()})
    else:
        dispatch = read
    dispatch, said = with_entries(dispatch, (fact for fact in facts if isinstance(fact, EntryFact)))
    for fact in values.values():
        dispatch = _with_value(dispatch, fact)
    if "/due_date" not in values and any(isinstance(fact, EntryFact) and fact.pointer == "/tasks" for fact in facts):
        dispatch = dispatch.model_copy(update={"due_date": earliest(dispatch.tasks)})
    evidence = dispatch.evidence | {p: _certain(dispatch, p, unreadable=fact.unreadable) for p, fact in values.items()}
    evidence |= {pointer: _certain(dispatch, pointer) for pointer in said}
    left = [notice for notice in dispatch.warnings if not _is_settled(notice, values, dispatch)]
    return dispatch.model_copy(update={"evidence": evidence, "warnings": left})


def _with_value(dispatch: Dispatch, fact: ValueFact) -> Dispatch:
    """The value itself, wherever it stands; of a reading most have theirs already."""
    _, *path = fact.pointer.split("/")
    value: Any = fact.value
    if value is not None and path[-1] in ("issued_date", "due_date", "date"):
        value = date.fromisoformat(value)
    changed: Dispatch = _set(dispatch, path, value)
    if path[0] == "signer":
        changed = changed.model_copy(update={"signers": [changed.signer, *changed.signers[1:]]})
    if path[0] == "organ_name" and value != dispatch.organ_name:
        changed = changed.model_copy(update={"joint_issuers": []})
    return changed


def _set(model: Any, path: Sequence[str], value: Any) -> Any:
    name, *rest = path
    return model.model_copy(update={name: _set(getattr(model, name), rest, value) if rest else value})


def _certain(dispatch: Dispatch, pointer: str, *, unreadable: bool = False) -> Evidence:
    """The evidence of what a person said; where it is on the page and what had been read there stays."""
    method = UNREADABLE if unreadable else HUMAN
    found = dispatch.evidence.get(pointer)
    if found is None:
        return Evidence(confidence=1.0, method=method)
    return found.model_copy(update={"confidence": 1.0, "reading": None, "rule": None, "method": method})


def _is_settled(notice: Notice, values: Iterable[str], dispatch: Dispatch) -> bool:
    if notice.code not in _SETTLES or notice.pointer is None:
        return False
    known = set(values)
    if dispatch.arrival.number is not None:
        known.add("/arrival/number")
    if dispatch.arrival.date is not None:
        known.add("/arrival/date")
    return all(pointer in known for pointer in _FIELDS_OF.get(notice.pointer, (notice.pointer,)))
