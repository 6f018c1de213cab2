"""Entries of lists (recipients, references, tasks, sections) that a person has added, changed, removed or confirmed."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz

from vndoc.dispatch import Dispatch, NamedReference, Reference, Section, Task
from vndoc.facts import OBJECT_LISTS, STRING_LISTS, EntryFact
from vndoc.parse.fold import fold

_ALIKE = 85.0
"""Likeness (0–100) from which on an entry is the one that a fact speaks of, read a little differently."""

_MODELS: dict[str, type[Reference] | type[NamedReference] | type[Task] | type[Section]] = {
    "/references": Reference,
    "/named_references": NamedReference,
    "/tasks": Task,
    "/sections": Section,
}
_NAMES = {
    "/references": ("notation",),
    "/named_references": ("type_name", "title", "number", "year"),
    "/tasks": ("text",),
    "/sections": ("label", "title", "text"),
}
"""What an entry is known by."""


def with_entries(dispatch: Dispatch, facts: Iterable[EntryFact]) -> tuple[Dispatch, dict[str, str]]:
    """The dispatch with the entries, and the pointer of each that a person has said, with the key of its fact."""
    facts = list(facts)
    if not facts:
        return dispatch, {}
    plain = dispatch.model_dump(mode="json")
    said: list[tuple[list[Any], Any, str]] = []
    for fact in facts:
        entries = _list_at(plain, fact.pointer)
        if entries is not None:
            entry = _applied(entries, fact, _kind(fact.pointer))
            said += [(entries, entry, fact.key)] if entry is not None else []
    before = dispatch.model_dump(mode="json")
    plain["evidence"] = _moved_evidence(before, plain)
    cited = ("/references", "/named_references")
    _repoint(plain, {f"{name}/{i}": at for name in cited for i, at in _moves(before, plain, name)})
    checked = Dispatch.model_validate(plain)
    pointers = {_pointer(plain, entries, entry): key for entries, entry, key in said}
    return checked, {pointer: key for pointer, key in pointers.items() if pointer}


def normalised(fact: EntryFact, dispatch: Dispatch) -> EntryFact:
    """The fact with a whole entry behind it: what the person left out of an object has its default.

    Raises:
        ValueError: the dispatch has no such list.
        pydantic.ValidationError: the entry is none of its list.
    """
    if _list_at(dispatch.model_dump(mode="json", include={_kind(fact.pointer).split("/")[1]}), fact.pointer) is None:
        raise ValueError(f"the document has no {fact.pointer}")
    if not isinstance(fact.after, dict):
        return fact
    model = _MODELS[_kind(fact.pointer)]
    entry = dict(fact.after)
    if model in (Task, Section):
        start = max(0, dispatch.text.find(str(entry.get("text") or "\0")))
        entry.setdefault("start", start)
    if model is Task:
        entry.setdefault("end", entry["start"])
    if model is Section:
        entry.setdefault("style", "khoan")
    whole = model.model_validate(entry).model_dump(mode="json")
    return fact.model_copy(update={"after": whole})


def _kind(pointer: str) -> str:
    return "/sections" if pointer.startswith("/sections") else pointer


def _list_at(plain: dict[str, Any], pointer: str) -> list[Any] | None:
    found: Any = plain
    for key in pointer.split("/")[1:]:
        try:
            found = found[int(key)] if isinstance(found, list) else found[key]
        except (KeyError, IndexError):
            return None
    return found if isinstance(found, list) else None


def _applied(entries: list[Any], fact: EntryFact, kind: str) -> Any:
    """The entry as it now stands in the list; None where it was taken out."""
    place = _find(entries, fact.before, kind) if fact.before is not None else None
    if fact.after is None:
        if place is not None:
            del entries[place]
        return None
    after = _copied(fact.after)
    if place is None and (again := _find(entries, after, kind, least=100.0)) is not None:
        place = again  # the page is now read as the person said
    if place is not None:
        entries[place] = after
    else:
        entries.insert(min(fact.at if fact.at is not None else len(entries), len(entries)), after)
    return after


def _copied(entry: Any) -> Any:
    """An object of its own, so that it is known by its identity; text as an object of its own likewise."""
    return json.loads(json.dumps(entry))


def _find(entries: Sequence[Any], wanted: Any, kind: str, least: float = _ALIKE) -> int | None:
    """The entry itself, else the one most like it."""
    if wanted in entries:
        return entries.index(wanted)
    name = _name(wanted, kind)
    likeness = [fuzz.ratio(_name(entry, kind), name) for entry in entries]
    best = max(range(len(entries)), key=likeness.__getitem__, default=None)
    return best if best is not None and likeness[best] >= least else None


def _name(entry: Any, kind: str) -> str:
    if isinstance(entry, str):
        return fold(entry)
    return fold(" ".join(str(entry.get(key) or "") for key in _NAMES[kind]))


def _pointer(plain: dict[str, Any], entries: list[Any], entry: Any) -> str | None:
    """The pointer of an entry in a list of the dispatch; None where a later fact took it out again."""
    place = next((i for i, other in enumerate(entries) if other is entry), None)
    if place is None:
        return None
    path = _path_of(plain, entries)
    return f"{path}/{place}" if path is not None else None


def _path_of(plain: Any, wanted: list[Any], path: str = "") -> str | None:
    if plain is wanted:
        return path
    inner = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    for key, value in inner:
        if isinstance(value, (dict, list)) and (found := _path_of(value, wanted, f"{path}/{key}")) is not None:
            return found
    return None


def _moves(before: dict[str, Any], plain: dict[str, Any], pointer: str) -> Iterator[tuple[int, str | None]]:
    """For each entry of a list its number before and its pointer now; None for one that is no longer there as it was.

    An entry that a person has changed keeps its place.
    """
    old, new = _list_at(before, pointer) or [], list(_list_at(plain, pointer) or [])
    same = len(old) == len(new)
    for i, entry in enumerate(old):
        if entry in new:
            at = new.index(entry)
            new[at] = None  # each is taken once
            yield i, f"{pointer}/{at}"
        else:
            yield i, f"{pointer}/{i}" if same else None


def _moved_evidence(before: dict[str, Any], plain: dict[str, Any]) -> dict[str, Any]:
    """The evidence of entries under the pointers that they have now; of what is no longer there, none."""
    evidence: dict[str, Any] = before["evidence"]
    moved = {p: e for p, e in evidence.items() if not p.startswith(_LISTS)}
    for pointer in _LISTS:
        for i, at in _moves(before, plain, pointer):
            if at is not None:
                moved |= _below(evidence, f"{pointer}/{i}", at)
    return moved


def _repoint(plain: dict[str, Any], moves: Mapping[str, str | None]) -> None:
    """Set the pointers right that mentions and provisions have to cited documents; to what is gone there is none."""
    mentions = [mention for cited in plain["references"] for mention in cited["mentions"]]
    mentions += [mention for cited in plain["named_references"] for mention in cited["mentions"]]
    for mention in (*mentions, *plain["self_mentions"]):
        mention["relation_of"] = moves.get(mention["relation_of"], mention["relation_of"])
        mention["alternatives"] = [at for p in mention["alternatives"] if (at := moves.get(p, p)) is not None]
    for provision in plain["provisions"]:
        provision["document"] = moves.get(provision["document"], provision["document"])


_LISTS = (*STRING_LISTS, *OBJECT_LISTS)


def _below(evidence: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new + p[len(old) :]: e for p, e in evidence.items() if p == old or p.startswith(f"{old}/")}
