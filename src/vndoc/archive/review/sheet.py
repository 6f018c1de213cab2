"""All that a person needs to check one document: its values, what is doubtful about them, its pages and words."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from vndoc.archive.database import path_from_sql
from vndoc.archive.results import doubts
from vndoc.archive.review.bundle import Part, parts_of
from vndoc.archive.review.facts import facts_of, reading_of
from vndoc.archive.review.words import mended
from vndoc.archive.stored import dispatch_of
from vndoc.dispatch import Dispatch
from vndoc.errors import MissingFileError
from vndoc.export.labels import labels
from vndoc.facts import VALUES, Fact, WordFact
from vndoc.filenames import readable
from vndoc.page import Origin, Page

_Box = tuple[int, int, int, int]


@dataclass(slots=True, frozen=True)
class Doubt:
    """A field to look at: how sure it was read (0–1), where it is (pixels of the page as read), what it may be."""

    pointer: str
    label: str
    """In Vietnamese."""
    value: Any
    """As the dispatch has it; None where it is withheld."""
    confidence: float
    page: int | None
    box: _Box | None
    raw: str | None
    candidates: tuple[tuple[str, float], ...]


@dataclass(slots=True, frozen=True)
class WordView:
    """A word of a page; ``human``: a person has said it."""

    text: str
    box: _Box
    confidence: float
    human: bool


@dataclass(slots=True, frozen=True)
class PageView:
    """A page with its words in reading order; boxes are in pixels of the page as read, at ``dpi``."""

    number: int
    width: int
    height: int
    dpi: int
    words: tuple[WordView, ...]


@dataclass(slots=True, frozen=True)
class Sheet:
    """One document as a person checks it."""

    document_id: int
    key: str
    name: str
    """Of its file."""
    state: str
    revision: int
    closed_at: str | None
    closed_by: str | None
    dispatch: Dispatch
    facts: tuple[Fact, ...]
    doubts: tuple[Doubt, ...]
    """In the order of the form, then of the pages."""
    pages: tuple[PageView, ...]
    """Empty where an older vndoc has read the document."""
    parts: tuple[Part, ...]
    """The documents of its file; one where it was never cut."""

    @property
    def closed(self) -> bool:
        """A person is done with it."""
        return self.closed_at is not None


def sheet(db: sqlite3.Connection, document: int) -> Sheet:
    """The sheet of a document that has been read; MissingFileError of any other."""
    row = db.execute(
        """SELECT json, state, revision, closed_at, closed_by,
           (SELECT min(path) FROM location WHERE location.document_id = document.id) AS path,
           (SELECT min(key) FROM location WHERE location.document_id = document.id) AS "key"
           FROM dispatch JOIN document ON document.id = document_id LEFT JOIN review USING (document_id)
           WHERE document_id = ?""",
        (document,),
    ).fetchone()
    if row is None or row["path"] is None:
        raise MissingFileError(f"no document {document} has been read")
    dispatch = dispatch_of(row["json"])
    facts = facts_of(db, document)
    reading = reading_of(db, document)
    words = [fact for fact in facts if isinstance(fact, WordFact)]
    return Sheet(
        document,
        row["key"],
        readable(path_from_sql(row["path"]).rpartition("/")[2]),
        row["state"],
        row["revision"],
        row["closed_at"],
        row["closed_by"],
        dispatch,
        tuple(facts),
        doubts_of(dispatch),
        tuple(_view(page) for page in mended(reading.pages, words)) if reading else (),
        tuple(parts_of(db, document)),
    )


def doubts_of(dispatch: Dispatch) -> tuple[Doubt, ...]:
    """What a person should look at, in the order of the form, then of the pages."""
    found = [_doubt(dispatch, pointer, confidence) for pointer, confidence in doubts(dispatch).items()]
    return tuple(sorted(found, key=_order))


def value_at(dispatch: Dispatch, pointer: str) -> Any:
    """The value that a JSON pointer names, as JSON has it; None where there is none."""
    found: Any = dispatch
    for key in pointer.split("/")[1:]:
        try:
            found = found[int(key)] if isinstance(found, list) else getattr(found, key)
        except (AttributeError, IndexError, ValueError):
            return None
    return _plain(found)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    return value.isoformat() if hasattr(value, "isoformat") else value


def _doubt(dispatch: Dispatch, pointer: str, confidence: float) -> Doubt:
    evidence = dispatch.evidence.get(pointer)
    return Doubt(
        pointer,
        label_of(pointer),
        value_at(dispatch, pointer),
        confidence,
        evidence.page if evidence else None,
        evidence.box if evidence else None,
        evidence.raw if evidence else None,
        tuple(evidence.candidates) if evidence else (),
    )


@cache
def _labels() -> dict[str, str]:
    return dict(labels()["fields"])


def label_of(pointer: str) -> str:
    """What a clerk calls the field, or the list that an entry is in."""
    return next((name for field, name in _labels().items() if _is_in(pointer, field)), pointer)


def _is_in(pointer: str, field: str) -> bool:
    return pointer == field or pointer.startswith(f"{field}/")


def _order(doubt: Doubt) -> tuple[int, int, Sequence[int]]:
    rank = next((i for i, field in enumerate(VALUES) if _is_in(doubt.pointer, field)), len(VALUES))
    place = (doubt.box[1], doubt.box[0]) if doubt.box else (0, 0)
    return rank, doubt.page or 0, place


def _view(page: Page) -> PageView:
    return PageView(page.number, page.width, page.height, page.dpi, tuple(_words(page)))


def _words(page: Page) -> Iterator[WordView]:
    for word in page.words:
        if word.box:
            x0, y0, x1, y1 = word.box
            yield WordView(word.text, (x0, y0, x1, y1), word.confidence, word.origin is Origin.HUMAN)
