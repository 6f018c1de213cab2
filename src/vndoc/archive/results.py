"""A dispatch into its tables: the JSON whole, typed columns beside it, references, duties, doubts, words."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from vndoc.archive.codes import code_key, printed_code
from vndoc.archive.stored import plain_of
from vndoc.dispatch import Dispatch
from vndoc.facts import OBJECT_LISTS
from vndoc.parse.confirmed import HUMAN
from vndoc.parse.evidence import SURE
from vndoc.parse.fold import fold

REVIEWED = 0.8
"""A value less sure than this is looked at by a person, whether it was given or withheld: fewer than one a document on
80 real scans."""

_LACKING = {"number-missing": "/code_number", "signature-missing": "/signer/full_name"}
"""Notices that nothing was found where every dispatch has something, and the field that is looked at then."""

COLUMNS = ("code", "subject", "people", "text")
"""Columns of the table ``words``, each folded."""


def store(db: sqlite3.Connection, document: int, dispatch: Dispatch, text: str, fingerprint: str) -> None:
    """Write the result of one document, ``text`` as JSON, in place of an earlier one; in the caller's transaction."""
    remove(db, document)
    code = printed_code(dispatch.code_number, dispatch.code_notation)
    values = {
        "document_id": document,
        "fingerprint": fingerprint,
        "json": text,
        "code": code_key(code) if code else None,
        "type_name": dispatch.type_name,
        "code_number": dispatch.code_number,
        "code_notation": dispatch.code_notation,
        "organ_name": dispatch.organ_name,
        "issued_date": _iso(dispatch.issued_date),
        "subject": dispatch.subject,
        "urgency": dispatch.urgency,
        "secrecy": dispatch.secrecy,
        "arrival_number": dispatch.arrival.number,
        "arrival_date": _iso(dispatch.arrival.date),
        "due_date": _iso(dispatch.due_date),
        "page_amount": dispatch.source.page_amount,
        "organ_folded": fold(" ".join(filter(None, (dispatch.parent_organ_name, dispatch.organ_name)))),
    }
    names = ", ".join(values)
    placed = ", ".join(f":{name}" for name in values)
    added = db.execute(f"INSERT INTO dispatch ({names}) VALUES ({placed})", values).lastrowid
    db.executemany("INSERT INTO citation VALUES (?, ?, ?, ?, ?, ?, ?)", _citations(document, dispatch))
    db.executemany(f"INSERT INTO task VALUES ({', '.join('?' * 12)})", _tasks(document, dispatch))
    found = doubts(dispatch)
    db.executemany("INSERT INTO doubt VALUES (?, ?, ?)", ((document, p, confidence) for p, confidence in found.items()))
    db.execute(
        """INSERT INTO review (document_id, doubts, due_date) VALUES (?, ?, ?)
           ON CONFLICT (document_id) DO UPDATE SET doubts = excluded.doubts, due_date = excluded.due_date""",
        (document, len(found), _iso(dispatch.due_date)),
    )
    db.executemany(
        """INSERT INTO name VALUES (?, ?, ?, ?)
           ON CONFLICT (pointer, value) DO UPDATE SET human = max(human, excluded.human)""",
        _sure_names(dispatch),
    )
    _index(db, added, plain_of(text))


def index_anew(db: sqlite3.Connection) -> None:
    """Write the index of words again from the results alone; in the caller's transaction.

    Words of results that were replaced stand in it otherwise, as they cannot be taken out one by one.
    """
    db.execute("INSERT INTO words (words) VALUES ('delete-all')")
    for number, text in db.execute("SELECT id, json FROM dispatch ORDER BY id"):
        _index(db, number, plain_of(text))


def _index(db: sqlite3.Connection, number: int | None, plain: Mapping[str, Any]) -> None:
    db.execute(f"INSERT INTO words (rowid, {', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?)", (number, *words_of(plain)))


def _citations(document: int, dispatch: Dispatch) -> Iterator[tuple[object, ...]]:
    for r in dispatch.references:
        relations = json.dumps(r.relations)
        yield document, code_key(r.notation), r.notation, r.type_name, _iso(r.issued_date), r.organ_name, relations


def _tasks(document: int, dispatch: Dispatch) -> Iterator[tuple[object, ...]]:
    for position, t in enumerate(dispatch.tasks):
        who = (t.section, t.assignee, json.dumps(t.coordinators, ensure_ascii=False))
        when = (_iso(t.due_date), _iso(t.due_time), t.recurrence, json.dumps(t.recurrence_rules))
        yield document, position, *who, t.text, *when, t.report_to, t.via


def _sure_names(dispatch: Dispatch) -> Iterator[tuple[str, str, str, int]]:
    """Values that the next document may have too, with whether a person has confirmed them."""
    values = {
        "/type_name": dispatch.type_name,
        "/code_notation": dispatch.code_notation,
        "/organ_name": dispatch.organ_name,
        "/parent_organ_name": dispatch.parent_organ_name,
        "/place": dispatch.place,
        "/signer/position": dispatch.signer.position,
        "/signer/full_name": dispatch.signer.full_name,
    }
    for pointer, value in values.items():
        evidence = dispatch.evidence.get(pointer)
        if value and evidence and evidence.confidence >= REVIEWED:
            yield pointer, value, fold(value), int(evidence.method == HUMAN)


def remove(db: sqlite3.Connection, document: int) -> None:
    """Take a result away. Its words stay in the index, under a number that no result has any more."""
    for table in ("citation", "task", "doubt", "dispatch"):
        db.execute(f"DELETE FROM {table} WHERE document_id = ?", (document,))


def doubts(dispatch: Dispatch) -> dict[str, float]:
    """Pointers of what a person should look at, with how sure each was read: 0 where nothing was found at all.

    Single values and short lists are looked at from :data:`REVIEWED` down, what the running text holds only where it
    is withheld; there is too much of it.
    """
    evidence = {p: e.confidence for p, e in dispatch.evidence.items() if e.confidence < _limit(p)}
    lacking = {
        _LACKING[notice.code]: 0.0
        for notice in dispatch.warnings
        if notice.code in _LACKING and _LACKING[notice.code] not in dispatch.evidence
    }
    return evidence | lacking


def _limit(pointer: str) -> float:
    return SURE if pointer.startswith(OBJECT_LISTS) else REVIEWED


def fields(plain: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What is searched beside the text: the column of ``words``, the field's name, its value.

    ``plain`` is the dispatch as JSON has it: a search reads twenty of them, and checking their types takes most of
    its time.
    """
    code = printed_code(plain["code_number"], plain["code_notation"])
    joint = (body["organ_name"] for body in plain["joint_issuers"])
    people = (
        ("organ_name", plain["organ_name"]),
        *(("organ_name", name) for name in joint if name != plain["organ_name"]),
        ("parent_organ_name", plain["parent_organ_name"]),
        *(("signer", signer["full_name"]) for signer in plain["signers"] or [plain["signer"]]),
        ("place", plain["place"]),
        *(("recipients", name) for name in plain["recipients"]),
        *(("to_places", name) for name in plain["to_places"]),
    )
    yield from (("code", "code", value) for value in (code, plain["type_name"]) if value)
    yield from (("subject", "subject", value) for value in (plain["subject"],) if value)
    yield from (("people", field, value) for field, value in people if value)


def words_of(plain: Mapping[str, Any]) -> list[str]:
    """The folded text of each of :data:`COLUMNS`; ``plain`` is the dispatch as JSON has it."""
    columns: dict[str, list[str]] = {name: [] for name in COLUMNS}
    for column, _, value in fields(plain):
        columns[column].append(value)
    columns["text"].append(plain["text"])
    return [fold("\n".join(values)) for values in columns.values()]


def _iso(when: object) -> str | None:
    return str(when) if when else None
