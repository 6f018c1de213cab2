"""Full text of the archive: FTS5 over folded words, so that a query with and without diacritics finds the same.

All words must occur. Words between quotation marks must stand together; a word that ends in an asterisk stands for all
that begin like it; a code such as 57-KL/TW is one phrase.

First come the documents that hold all words in their number, type and subject, then those that hold them in their
people and offices too, then those whose text holds them side by side as typed, then the rest; of equals the newer ones.
That can be explained in a sentence, and it can stop early: BM25 must look at every document that holds a word. In an
archive of one office a hundred thousand of them hold "ủy", "ban" and "nhân dân".
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

from vndoc.archive.codes import printed_code
from vndoc.archive.database import day_from_sql, path_from_sql
from vndoc.archive.results import fields
from vndoc.archive.stored import loading, plain_of
from vndoc.parse.fold import fold

CANDIDATES = 500
"""Of the documents of one rank, so many that came last are put in the order of their dates."""

_FOLDED = "{0} IN (SELECT {0} FROM (SELECT DISTINCT {0} FROM dispatch) WHERE fold({0}) = :{0})"
"""The few values that a column has are folded, not those of each row."""

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
            _FOLDED.format("type_name"): fold(self.type_name) if self.type_name else None,
            "instr(organ_folded, :organ)": fold(self.organ) if self.organ else None,
            "substr(issued_date, 1, 4) = :year": str(self.year) if self.year else None,
            _FOLDED.format("urgency"): fold(self.urgency) if self.urgency else None,
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
    rank: int
    """0: all words in number, type and subject; 1: in people and offices too; 2: together in the text; 3: anywhere."""


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
        return " AND ".join(map(_quoted, self.phrases))

    @property
    def ranks(self) -> Iterator[tuple[int, str]]:
        """What the documents of each rank match, the best first."""
        yield 0, f"{{code subject}} : ({self.match})"
        yield 1, f"{{code subject people}} : ({self.match})"
        if len(self.phrases) > 1:
            yield 2, _quoted([word for phrase in self.phrases for word in phrase])
        yield 3, self.match

    def spans(self, folded: str) -> list[tuple[int, int]]:
        """Where the phrases stand in a folded text, in its order."""
        return sorted(m.span() for pattern in self.patterns for m in pattern.finditer(folded))

    @property
    def patterns(self) -> list[re.Pattern[str]]:
        """What finds each phrase in a folded text."""
        return [_pattern(phrase) for phrase in self.phrases]


def _quoted(phrase: Sequence[str]) -> str:
    beginning = "*" if phrase[-1].endswith("*") else ""
    return f'"{" ".join(word.rstrip("*") for word in phrase)}"{beginning}'


@lru_cache(256)
def _pattern(phrase: tuple[str, ...]) -> re.Pattern[str]:
    words = [re.escape(word.rstrip("*")) for word in phrase]
    end = r"[^\W_]*" if phrase[-1].endswith("*") else ""
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(words) + end + r"(?![^\W_])")


def find(db: sqlite3.Connection, typed: str, filters: Filters, limit: int) -> Iterator[Hit]:
    """The best ``limit`` documents that hold all words and pass the filters; without words, the newest that pass."""
    query = Query.parse(typed)
    where, values = filters.where()
    where = f"{where} AND EXISTS (SELECT 1 FROM location WHERE location.document_id = dispatch.document_id)"
    ranked: dict[int, int] = {}
    if query.phrases:
        for rank, match in query.ranks:
            if len(ranked) < limit:
                for number in _matching(db, match, where, values):
                    ranked.setdefault(number, rank)
    else:
        newest = f"SELECT id FROM dispatch WHERE {where} ORDER BY issued_date DESC, id DESC LIMIT :limit"
        ranked = {row["id"]: 0 for row in db.execute(newest, {**values, "limit": limit})}
    for number, rank in list(ranked.items())[:limit]:
        row = db.execute(
            """SELECT document_id, json,
               (SELECT min(path) FROM location WHERE location.document_id = dispatch.document_id) AS path
               FROM dispatch WHERE id = ?""",
            (number,),
        ).fetchone()
        if row:  # it may have been read anew meanwhile
            yield _hit(row, query, rank)


def _matching(db: sqlite3.Connection, match: str, where: str, values: Mapping[str, object]) -> list[int]:
    """The latest documents that match, newest first."""
    rows = db.execute(
        f"""SELECT dispatch.id, issued_date FROM words JOIN dispatch ON dispatch.id = words.rowid
            WHERE words MATCH :match AND {where} ORDER BY words.rowid DESC LIMIT {CANDIDATES}""",
        {**values, "match": match},
    ).fetchall()
    return [row["id"] for row in sorted(rows, key=lambda row: (row["issued_date"] or "", row["id"]), reverse=True)]


def _hit(row: sqlite3.Row, query: Query, rank: int) -> Hit:
    plain = plain_of(row["json"])
    with loading():
        return _told(row, plain, _Place.best(plain, query), rank)


def _told(row: sqlite3.Row, plain: Mapping[str, Any], place: "_Place", rank: int) -> Hit:
    return Hit(
        row["document_id"],
        path_from_sql(row["path"]),
        printed_code(plain["code_number"], plain["code_notation"]),
        plain["type_name"],
        plain["organ_name"],
        day_from_sql(plain["issued_date"]),
        day_from_sql(plain["due_date"]),
        plain["subject"],
        place.field,
        place.page,
        place.snippet,
        place.marks,
        rank,
    )


@dataclass(frozen=True)
class _Place:
    """The value of one field, or the text of one page, and where the words stand in it."""

    field: str
    page: int | None
    text: str
    spans: list[tuple[int, int]]

    @classmethod
    def best(cls, plain: Mapping[str, Any], query: Query) -> "_Place":
        """The place that holds most of the phrases; of equals the first: fields before pages."""
        if not query.phrases:
            return cls("text", None, "", [])
        pages = [("text", page["number"], page["text"]) for page in plain["pages"]] or [("text", None, plain["text"])]
        values = [(field, _page_of(plain, field), value) for _, field, value in fields(plain)]
        best, most = cls(*pages[0], []), 0
        for field, page, text in (*values, *pages):
            folded = fold(text)
            held = sum(bool(pattern.search(folded)) for pattern in query.patterns)
            if held > most:
                best, most = cls(field, page, text, query.spans(folded)), held
            if most == len(query.phrases):
                break
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


def _page_of(plain: Mapping[str, Any], field: str) -> int | None:
    pointer = {"code": "/code_number", "signer": "/signer/full_name"}.get(field, f"/{field}")
    page: int | None = plain["evidence"].get(pointer, {}).get("page")
    return page


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
