"""The rows that a digitisation contractor hands over, of the documents of an archive: :mod:`vndoc.export.luutru`.

In the order of their files, numbers in names by their value: 2.pdf before 10.pdf.
"""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

import regex

from vndoc.archive.database import path_from_sql
from vndoc.archive.search import Filters
from vndoc.archive.stored import dispatch_of
from vndoc.export.luutru import Place, Row, row_of
from vndoc.filenames import readable

_PLACES = """
    SELECT document.id, first_page, (SELECT min(path) FROM location WHERE document_id = document.id) AS path,
      (SELECT count(*) FROM document AS before WHERE before.bundle_id = document.bundle_id
       AND before.first_page <= document.first_page) AS part
    FROM dispatch JOIN document ON document.id = dispatch.document_id WHERE path IS NOT NULL AND {}"""
_DIGITS = regex.compile(r"(\d+)")


class _Place(NamedTuple):
    order: tuple[tuple[int, str], ...]
    part: int
    document: int
    path: str


def rows(db: sqlite3.Connection, filters: Filters) -> Iterator[Row]:
    """The documents that pass the filters."""
    where, values = filters.where()
    found = db.execute(_PLACES.format(where), values).fetchall()
    paths = ((path_from_sql(row["path"]), row) for row in found)
    places = sorted(_Place(_natural(path), row["part"], row["id"], path) for path, row in paths)
    for place in places:
        row = db.execute("SELECT json FROM dispatch WHERE document_id = ?", (place.document,)).fetchone()
        if row is not None:  # read anew meanwhile
            yield row_of(dispatch_of(row["json"]), Place(place.path, place.part or None))


def _natural(path: str) -> tuple[tuple[int, str], ...]:
    parts = _DIGITS.split(readable(path).casefold())
    return tuple((int(part) if at % 2 else -1, part) for at, part in enumerate(parts))
