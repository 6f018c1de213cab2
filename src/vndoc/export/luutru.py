"""The rows that a digitisation contractor hands over: the input data of Circular 05/2025/TT-BNV on digital records.

One row for each document, one column for each field of ``data/luutru.json``, which names the annex of the circular that
each is from; behind them stand what contracts ask for besides, such as pages by paper size. What print does not tell
(thời hạn lưu trữ, ký hiệu thông tin, từ khóa, tình trạng vật lý …) stays empty. A value that was read with too little
confidence is left out of its cell, and the row says so and names the candidates.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import regex

from vndoc.dispatch import Dispatch
from vndoc.export.cells import Value, as_text
from vndoc.export.doubts import doubts
from vndoc.export.paper import PageCount
from vndoc.export.reviews import kind_of_paper
from vndoc.filenames import readable
from vndoc.page import Method

DOUBTS = "Cần kiểm tra"
"""Heading of the last column: what a clerk must look at."""

_CODE = regex.compile(
    r"(?P<file>(?:[\p{Lu}\d]+\.)*?[A-Z]\d{2,}\.(?:[\p{Lu}\d]+\.)*?(?:19|20)\d\d(?:\.[\p{Lu}\d-]+)+?)(?:\.(?P<ordinal>\d{1,7}))?"
)
"""Mã hồ sơ: that of the office (with a letter and two digits in it, as Decision 20/2020/QĐ-TTg gives them), the year,
number and notation of the hồ sơ; behind it the number of a document."""
_SIGNED = regex.compile(r"[_.-]signed$", regex.I)
_DRAWN = frozenset({Method.TEXT_LAYER.value, Method.PLAIN_TEXT.value})
"""How pages were read that were letters in the file, not the picture of a sheet."""
_NEITHER = frozenset({Method.BLANK.value, Method.FAILED.value})


class Field(NamedTuple):
    """A column."""

    name: str
    """The circular's own, such as ``codeNumber``; or ours for what it does not name."""
    heading: str
    length: int | None
    """Characters that the circular allows."""
    clause: str | None
    """The annex or article it is from; None for what contracts ask for besides."""
    value: str | None = None
    """What fills it; None for what nobody can read from a page."""
    pointers: tuple[str, ...] = ()
    note: str | None = None


class Place(NamedTuple):
    """Where a document lies: the path of its file, and for one of several in it its number from 1."""

    path: str
    part: int | None = None


@dataclass(slots=True, frozen=True)
class Row:
    """A document: its cells under the names of :func:`document_fields`, and by column what is in doubt, and why."""

    cells: Mapping[str, Value]
    doubts: Mapping[str, str]
    place: Place
    count: PageCount

    @property
    def file_code(self) -> str | None:
        """Mã hồ sơ, where the name of the file tells it."""
        code = self.cells.get("fileCode")
        return None if code is None else str(code)


@cache
def _data() -> Any:
    return json.loads(resources.files("vndoc.export").joinpath("data/luutru.json").read_text(encoding="utf-8"))


def _fields(*names: str) -> tuple[Field, ...]:
    records = (record for name in names for record in _data()[name])
    return tuple(Field(**{**record, "pointers": tuple(record.get("pointers", ()))}) for record in records)


@cache
def document_fields() -> tuple[Field, ...]:
    """The columns of a document, in their order."""
    return _fields("document", "document_added")


@cache
def file_fields() -> tuple[Field, ...]:
    """The columns of a hồ sơ, in their order."""
    return _fields("file", "file_added")


def codes(name: str) -> Mapping[str, str]:
    """The codes that the circular gives a field's values, each with its meaning; none where the value is free."""
    listed: Mapping[str, str] = _data()["codes"].get(name, {})
    return listed


def file_code(path: str) -> tuple[str | None, int | None]:
    """Mã hồ sơ and the document's number in it, as Article 8, 1 d has them in the name of a file.

    >>> file_code("in/H49.64.33.2001.160.1.pdf"), file_code("000.00.00.G09.2010.01.TH.pdf"), file_code("scan.pdf")
    (('H49.64.33.2001.160', 1), ('000.00.00.G09.2010.01.TH', None), (None, None))
    """
    stem = _SIGNED.sub("", PurePosixPath(path).stem)
    found = _CODE.fullmatch(stem)
    if not found:
        return None, None
    return found["file"], int(found["ordinal"]) if found["ordinal"] else None


def row_of(dispatch: Dispatch, place: Place) -> Row:
    """The row of one document."""
    count = PageCount.of(dispatch.pages)
    marked = doubts(dispatch, {f.name: f.pointers for f in document_fields() if f.pointers}, "description")
    known = _values(dispatch, place, count) | {"description": "; ".join(_remarks(dispatch, marked)) or None}
    cells = {f.name: _cut(known.get(f.value), f.length) if f.value else None for f in document_fields()}
    return Row(cells, {column: "\n".join(notes) for column, notes in marked.items()}, place, count)


def _values(dispatch: Dispatch, place: Place, count: PageCount) -> dict[str, Value]:
    """What is known of a document, by what fills the columns."""
    code, ordinal = file_code(place.path)
    ordinal = place.part if ordinal is None else ordinal
    bodies = [body.organ_name for body in dispatch.joint_issuers]
    return {
        "file_code": code,
        "ordinal": ordinal if code else None,
        "doc_id": f"{code}.{ordinal}" if code and ordinal else None,
        "doc_code": f"{code}.{ordinal:07d}" if code and ordinal else None,
        "type_code": _type_code(dispatch.type_name),
        "type_name": dispatch.type_name,
        "code_number": dispatch.code_number,
        "code_notation": dispatch.code_notation,
        "issued_date": dispatch.issued_date,
        "organ_name": " - ".join(bodies) or dispatch.organ_name,
        "subject": dispatch.subject,
        "language": "01",  # vndoc reads Vietnamese; what else stands in the document, nobody has counted
        "page_amount": _amount(dispatch, place),
        "mode": "03" if dispatch.secrecy else None,
        "confidence_level": _confidence_level(dispatch),
        "autograph": "\n".join(note.text for note in dispatch.overlays) or None,
        "A5": count.A5,
        "A4": count.A4,
        "A3": count.A3,
        "other": count.other,
        "unknown": count.unknown,
        "a4_equivalent": count.a4_equivalent,
        "pages": _span([page.number for page in dispatch.pages]) if place.part is not None else None,
        "path": readable(place.path),
    }


def _amount(dispatch: Dispatch, place: Place) -> int:
    return dispatch.source.page_amount if place.part is None else len(dispatch.pages)


def _type_code(type_name: str | None) -> str | None:
    """The circular's code of a type, 'Khác' for one that it does not list; None where no type is known."""
    if type_name is None:
        return None
    by_name = {name: code for code, name in codes("typeName").items()}
    return by_name.get(type_name, by_name["Khác"])


def _confidence_level(dispatch: Dispatch) -> str | None:
    """01: letters in the file as a program wrote them; 02: the picture of a sheet; 03: pages of both kinds.

    None for a bare text, which may have come from anywhere.
    """
    if dispatch.source.media_type == "text/plain":
        return None
    kinds = {page.method in _DRAWN for page in dispatch.pages if page.method not in _NEITHER}
    return {(True,): "01", (False,): "02", (False, True): "03"}.get(tuple(sorted(kinds)))


def _span(numbers: Sequence[int]) -> str | None:
    return f"{numbers[0]}-{numbers[-1]}" if len(numbers) > 1 else str(numbers[0]) if numbers else None


def _remarks(dispatch: Dispatch, marked: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Ghi chú: what there is no column for, and what must be looked at."""
    yield from kind_of_paper(dispatch)
    if reasons := marked.get("description"):
        yield f"Cần xem lại: {'; '.join(reasons)}"


def _cut(value: Value, length: int | None) -> Value:
    """The value, text no longer than the circular allows."""
    return value[: length - 1] + "…" if isinstance(value, str) and length is not None and len(value) > length else value


def to_luutru(rows: Iterable[Row]) -> Iterator[str]:
    """CSV (RFC 4180) line by line: the Vietnamese headings, a line for each document; doubts in the last column."""
    names = [field.name for field in document_fields()]
    yield _line([*(field.heading for field in document_fields()), DOUBTS])
    for row in rows:
        notes = [note.replace("\n", "; ") for note in row.doubts.values()]
        yield _line([*(as_text(row.cells[name]) for name in names), " | ".join(notes)])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
