"""A simple random sample of an archive's documents, and the values of each that are to be checked."""

import random
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal, NamedTuple, Self

from vndoc.archive.database import path_from_sql
from vndoc.archive.stored import dispatch_of
from vndoc.dispatch import WITHHELD_BELOW, Dispatch
from vndoc.errors import EmptyFileError, FormatError
from vndoc.export.doubts import candidates_in_words
from vndoc.filenames import readable

FIELDS = (
    "/type_name",
    "/code_number",
    "/code_notation",
    "/issued_date",
    "/organ_name",
    "/subject",
    "/signer/position",
    "/signer/full_name",
    "/urgency",
    "/secrecy",
)
"""The fields that are checked of each document: what a register or an archive's catalogue holds of it."""

State = Literal["given", "absent", "withheld"]
"""Whether there is a value, the document is said to have none, or what was read was too doubtful to be given."""

_BATCH = re.compile(r"seed=(\d+) n=(\d+) N=(\d+)")
_SHORT = 16
"""Hexadecimal digits of a document's key in the table."""


class Sample(NamedTuple):
    """Which sample it is: the same seed draws the same documents of the same archive."""

    seed: int
    drawn: int
    population: int

    def __str__(self) -> str:
        """'seed=7 n=50 N=1240': text that no spreadsheet takes for a number."""
        return f"seed={self.seed} n={self.drawn} N={self.population}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Inverse of :meth:`__str__`; None for other text."""
        found = _BATCH.fullmatch(text.strip())
        return cls(*map(int, found.groups())) if found else None

    @property
    def row_amount(self) -> int:
        """Values to be checked."""
        return self.drawn * len(FIELDS)


@dataclass(slots=True, frozen=True)
class Item:
    """One value to be checked."""

    number: int
    """Of the row, from 1."""
    key: str
    """The beginning of the document's key, with its first page if it is a part of a file."""
    pointer: str
    state: State
    value: str | date | None
    remark: str | None
    """Of a value that was withheld: its candidates."""
    page: int | None
    path: str

    def check(self, sample: Sample) -> str:
        """What the row is known by when it comes back: other documents, fields and samples have another."""
        said = "|".join((str(sample), str(self.number), self.key, self.pointer, self.state))
        return f"D{self.number:04d}-{sha256(said.encode()).hexdigest()[:8]}"


def draw(db: sqlite3.Connection, amount: int, seed: int) -> tuple[Sample, Iterator[Item]]:
    """Draw so many documents, or all where there are not more, in random order.

    Raises:
        EmptyFileError: no document has been read.
    """
    rows = db.execute(
        """SELECT min(key) AS key, document_id FROM location JOIN dispatch USING (document_id)
           GROUP BY document_id ORDER BY 1"""
    ).fetchall()
    if not rows:
        raise EmptyFileError("the archive has no document that was read; fill it with 'vndoc batch' first")
    drawn = random.Random(seed).sample([tuple(row) for row in rows], min(amount, len(rows)))
    return Sample(seed, len(drawn), len(rows)), _items(db, drawn)


def _items(db: sqlite3.Connection, drawn: list[tuple[str, int]]) -> Iterator[Item]:
    number = 0
    for key, document in drawn:
        (text,) = db.execute("SELECT json FROM dispatch WHERE document_id = ?", (document,)).fetchone()
        (path,) = db.execute("SELECT min(path) FROM location WHERE document_id = ?", (document,)).fetchone()
        dispatch = dispatch_of(text)
        for pointer in FIELDS:
            number += 1
            yield _item(number, short_key(key), dispatch, pointer, readable(path_from_sql(path)))


def short_key(key: str) -> str:
    """A document's key as far as the table has it: the beginning of the SHA-256, the first page of a part.

    >>> short_key("0123456789abcdef0123.4"), short_key("0123456789abcdef0123")
    ('#0123456789abcdef.4', '#0123456789abcdef')
    """
    digest, dot, page = key.partition(".")
    return f"#{digest[:_SHORT]}{dot}{page}"


def _item(number: int, key: str, dispatch: Dispatch, pointer: str, path: str) -> Item:
    value: object = dispatch
    for name in pointer.split("/")[1:]:
        value = getattr(value, name)
    evidence = dispatch.evidence.get(pointer)
    withheld = value is None and evidence is not None and evidence.confidence < WITHHELD_BELOW
    remark = candidates_in_words(evidence) if withheld and evidence else None
    page = evidence.page if evidence and evidence.page else dispatch.pages[0].number if dispatch.pages else None
    state: State = "withheld" if withheld else "absent" if value is None else "given"
    shown = value if isinstance(value, str | date) else None
    return Item(number, key, pointer, state, shown, remark, page, path)


def check_known(db: sqlite3.Connection, keys: set[str]) -> None:
    """Whether these documents are in the archive, by the keys of :func:`short_key`.

    Raises:
        FormatError: one is not.
    """
    known = {short_key(str(row["key"])) for row in db.execute("SELECT DISTINCT key FROM location")}
    strange = sorted(keys - known)
    if strange:
        raise FormatError(
            f"{len(strange)} of the {len(keys)} documents ({', '.join(strange[:3])} …) are not in this archive; give "
            "the archive that the sample was drawn from"
        )
