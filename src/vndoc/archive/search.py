"""Full text of the archive: FTS5 over folded words, so that a query with and without diacritics finds the same.

All words must occur, those of the number and the subject weigh more than those of the text (BM25). Words between
quotation marks must stand together; a word that ends in an asterisk stands for all that begin like it; a code such as
57-KL/TW is one phrase.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from vndoc.archive.codes import printed_code
from vndoc.archive.database import path_from_sql
from vndoc.archive.results import fields
from vndoc.dispatch import Dispatch
from vndoc.parse.fold import fold

WEIGHTS = {"code": 12.0, "subject": 6.0, "people": 3.0, "text": 1.0}

MANY = 20_000
"""Words that stand in more documents than this rank nothing, and ranking so many takes long: newest first instead."""

_TERM = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"[^\W_]+")
_AROUND = 90  # characters of a snippet on each side of the first word found
_GAP = 60  # words further apart than this are not shown together


@dataclass(slots=True, frozen=True)
class Filters:
    """What the documents found must be; None: anything. Days are included in their ranges."""

    type_name: str | None = None
    organ: str | None = None
    """Part of the issuer's name or of its superior's, with or without diacritics."""
    year: int | None = None
    urgency: str | None = None
    due_before: date | None = None
    since: date | None = None
    until: date | None = None

    def where(self) -> tuple[str, dict[str, object]]:
        """Conditions on the table ``dispatch`` and their values."""
        clauses: dict[str, object] = {
            "fold(type_name) = :type_name": fold(self.type_name) if self.type_name else None,
            "instr(organ_folded, :organ)": fold(self.organ) if self.organ else None,
            "substr(issued_date, 1, 4) = :year": str(self.year) if self.year else None,
            "fold(urgency) = :urgency": fold(self.urgency) if self.urgency else None,
            "due_date <= :due_before": _iso(self.due_before),
            "coalesce(arrival_date, issued_date) >= :since": _iso(self.since),
            "coalesce(arrival_date, issued_date) <= :until": _iso(self.until),
        }
        used = [clause for clause, value in clauses.items() if value is not None]
        return " AND ".join(used) or "TRUE", {c.rpartition(":")[2].rstrip(")"): v for c, v in clauses.items()}


@dataclass(slots=True, frozen=True)
class Hit:
    """A document found: where the words stand in it, and the passage around the first of them."""

    document_id: int
    path: str
    code: str | None
    type_name: str | None
    organ_name: str | None
    issued_date: date | None
    due_date: date | None
    subject: str | None
    field: str
    """``"code"``, ``"subject"``, ``"organ_name"`` …, or ``"text"``."""
    page: int | None
    snippet: str
    marks: tuple[tuple[int, int], ...]
    """Start and end of the words found, in ``snippet``."""
    score: float
    """Higher is better; 0 where the words are too common to rank by."""


@dataclass(slots=True, frozen=True)
class Query:
    """What a person typed, as phrases of folded words; the last word of a phrase may be the beginning of one."""

    phrases: tuple[tuple[str, ...], ...]

    @classmethod
    def parse(cls, typed: str) -> "Query":
        """Read a query: words, "phrases", beginnings*."""
        phrases = []
        for match in _TERM.finditer(fold(unicodedata.normalize("NFC", typed))):
            text = match[1] if match[1] is not None else match[2]
            words = _WORD.findall(text)
            if words and text.endswith("*"):
                words[-1] += "*"
            if words:
                phrases.append(tuple(words))
        return cls(tuple(dict.fromkeys(phrases)))

    @property
    def match(self) -> str:
        """As FTS5 takes it; what was typed cannot be taken for its syntax."""
        return " AND ".join(f'"{" ".join(p).rstrip("*")}"{"*" if p[-1].endswith("*") else ""}' for p in self.phrases)

    def spans(self, folded: str) -> list[tuple[int, int]]:
        """Where the phrases stand in a folded text, in its order."""
        found = (m.span() for pattern in map(_pattern, self.phrases) for m in pattern.finditer(folded))
        return sorted(found)


def _pattern(phrase: tuple[str, ...]) -> re.Pattern[str]:
    words = [re.escape(word.rstrip("*")) for word in phrase]
    end = r"[^\W_]*" if phrase[-1].endswith("*") else ""
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(words) + end + r"(?![^\W_])")


def find(db: sqlite3.Connection, typed: str, filters: Filters, limit: int) -> Iterator[Hit]:
    """The best ``limit`` documents that hold all words and pass the filters; without words, the newest that pass."""
    query = Query.parse(typed)
    where, values = filters.where()
    db.create_function("fold", 1, lambda text: None if text is None else fold(text), deterministic=True)
    listed = "EXISTS (SELECT 1 FROM file WHERE file.document_id = dispatch.document_id)"
    source, order, score = "dispatch", "coalesce(issued_date, '') DESC, dispatch.id DESC", "0.0"
    if query.phrases:
        source = "words JOIN dispatch ON dispatch.id = words.rowid"
        where = f"words MATCH :match AND {where}"
        values["match"] = query.match
        order = "words.rowid DESC"
        if _count(db, query) <= MANY:
            score = f"-bm25(words, {', '.join(map(str, WEIGHTS.values()))})"
            order = "score DESC, words.rowid DESC"
    rows = db.execute(
        f"""SELECT dispatch.document_id, json, {score} AS score,
            (SELECT min(path) FROM file WHERE file.document_id = dispatch.document_id) AS path
            FROM {source} WHERE {where} AND {listed} ORDER BY {order} LIMIT :limit""",
        {**values, "limit": limit},
    )
    for row in rows.fetchall():
        yield _hit(row, query)


def _count(db: sqlite3.Connection, query: Query) -> int:
    counted = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
    return int(db.execute(counted, (query.match, MANY + 1)).fetchone()[0])


def _hit(row: sqlite3.Row, query: Query) -> Hit:
    dispatch = Dispatch.model_validate_json(row["json"])
    place = _Place.best(dispatch, query)
    return Hit(
        row["document_id"],
        path_from_sql(row["path"]),
        printed_code(dispatch.code_number, dispatch.code_notation),
        dispatch.type_name,
        dispatch.organ_name,
        dispatch.issued_date,
        dispatch.due_date,
        dispatch.subject,
        place.field,
        place.page,
        place.snippet,
        place.marks,
        round(row["score"], 4),
    )


@dataclass(frozen=True)
class _Place:
    """The value of one field, or the text of one page, and where the words stand in it."""

    field: str
    page: int | None
    text: str
    spans: list[tuple[int, int]]

    @classmethod
    def best(cls, dispatch: Dispatch, query: Query) -> "_Place":
        """The place that holds most of the phrases; of equals the first: fields before pages."""
        values = [(field, _page_of(dispatch, field), value) for _, field, value in fields(dispatch)]
        values += [("text", page.number, page.text) for page in dispatch.pages] or [("text", None, dispatch.text)]
        best, most = cls("text", None, "", []), -1
        for field, page, text in values:
            spans = query.spans(fold(text))
            held = len({fold(text)[start:end] for start, end in spans})
            if held > most:
                best, most = cls(field, page, text, spans), held
        return best

    @cached_property
    def window(self) -> tuple[int, int]:
        """Start and end of the passage to show: where the most words stand close together."""
        if not self.spans:
            return 0, min(len(self.text), 2 * _AROUND)
        start, end = max(self._groups(), key=lambda group: group[2])[:2]
        left, right = max(0, start - _AROUND), min(len(self.text), max(end, start + _AROUND) + _AROUND)
        return _at_blank(self.text, left, start), _at_blank(self.text, right, end)

    def _groups(self) -> Iterator[tuple[int, int, int]]:
        start, end, count = *self.spans[0], 1
        for before, span in pairwise(self.spans):
            if span[0] - before[1] > _GAP:
                yield start, end, count
                start, count = span[0], 0
            end, count = max(end, span[1]), count + 1
        yield start, end, count

    @property
    def snippet(self) -> str:
        """The passage, its line feeds made blanks, so that offsets stay."""
        return re.sub(r"\s", " ", self.text[slice(*self.window)])

    @property
    def marks(self) -> tuple[tuple[int, int], ...]:
        """The words found, in the snippet."""
        left, right = self.window
        return tuple((a - left, b - left) for a, b in self.spans if left <= a and b <= right)


def _page_of(dispatch: Dispatch, field: str) -> int | None:
    pointer = {"code": "/code_number", "signer": "/signer/full_name"}.get(field, f"/{field}")
    evidence = dispatch.evidence.get(pointer)
    return evidence.page if evidence else None


def _at_blank(text: str, cut: int, towards: int) -> int:
    """The first blank from ``cut`` on the way to ``towards``, so that no word is cut; ``cut`` where there is none."""
    if cut in (0, len(text)):
        return cut
    if cut < towards:
        found = text.find(" ", cut, towards)
        return found + 1 if found >= 0 else cut
    found = text.rfind(" ", towards, cut)
    return found if found >= 0 else cut


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
