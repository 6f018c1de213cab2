"""One field of many documents beside each other: what is alike is checked together (group verification)."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from vndoc.archive.review.sheet import value_at
from vndoc.archive.stored import dispatch_of


@dataclass(slots=True, frozen=True)
class GridItem:
    """The field of one document: what is proposed, and where it stands on the page (pixels of the page as read)."""

    document_id: int
    key: str
    revision: int
    pointer: str
    value: Any
    """As the dispatch has it; where that is withheld, the likeliest candidate."""
    confidence: float
    page: int | None
    box: tuple[int, int, int, int] | None
    candidates: tuple[tuple[str, float], ...]


def grid(db: sqlite3.Connection, pointer: str, limit: int = 30, after: int = 0) -> list[GridItem]:
    """Open documents in which the field is to be looked at and stands somewhere, in the order of their numbers.

    ``after`` is the ``document_id`` of the last one of the page before.
    """
    rows = db.execute(
        """SELECT doubt.document_id, json, revision,
           (SELECT min(key) FROM location WHERE location.document_id = doubt.document_id) AS "key"
           FROM doubt CROSS JOIN review USING (document_id) CROSS JOIN document ON document.id = doubt.document_id
           CROSS JOIN dispatch ON dispatch.document_id = doubt.document_id
           WHERE doubt.pointer = :pointer AND doubt.document_id > :after AND closed_at IS NULL AND "key" IS NOT NULL
           ORDER BY doubt.document_id""",
        {"pointer": pointer, "after": after},
    )
    found: list[GridItem] = []
    for row in rows:
        item = _item(row, pointer)
        if item.box is not None and item.value is not None:
            found.append(item)
        if len(found) == limit:
            break
    return found


def _item(row: sqlite3.Row, pointer: str) -> GridItem:
    dispatch = dispatch_of(row["json"])
    evidence = dispatch.evidence.get(pointer)
    candidates = tuple(evidence.candidates) if evidence else ()
    value = value_at(dispatch, pointer)
    return GridItem(
        row["document_id"],
        row["key"],
        row["revision"],
        pointer,
        value if value is not None else candidates[0][0] if candidates else None,
        evidence.confidence if evidence else 0.0,
        evidence.page if evidence else None,
        evidence.box if evidence else None,
        candidates,
    )
