"""Names of files by a template: ``{issued_date} {organ} {code}`` with the values of a dispatch.

A field is a word in braces and nothing else: no attribute, index or format stands in it, so that a template cannot
reach what is not meant for names.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import PurePath
from string import Formatter
from typing import NamedTuple

from vndoc.dispatch import Dispatch
from vndoc.export.markdown import printed_code

_APART = ("/", "\\")


class Named(NamedTuple):
    """What a name may tell: a document and its place in its file."""

    dispatch: Dispatch
    pages: Sequence[int]
    """Numbers of its pages in the file."""
    place: int = 1
    """Of the document among those of its file."""


def _code(named: Named) -> str | None:
    number, notation = named.dispatch.code_number, named.dispatch.code_notation
    if number and notation:
        return printed_code(number, notation)
    return f"không số {notation}" if notation else number


def _pages(named: Named) -> str | None:
    """'1-3' or '1,4'."""
    pages = list(named.pages)
    if len(pages) > 1 and all(after == page + 1 for page, after in pairwise(pages)):
        return f"{pages[0]}-{pages[-1]}"
    return ",".join(map(str, pages)) or None


def _day(value: object) -> str | None:
    return str(value) if value else None


_VALUES: Mapping[str, tuple[Callable[[Named], str | None], str]] = {
    "type_name": (lambda of: of.dispatch.type_name, "văn bản"),
    "code": (_code, "không số"),
    "code_number": (lambda of: of.dispatch.code_number, "không số"),
    "code_notation": (lambda of: of.dispatch.code_notation, "không ký hiệu"),
    "issued_date": (lambda of: _day(of.dispatch.issued_date), "không ngày"),
    "organ": (lambda of: of.dispatch.organ_name, "không rõ cơ quan"),
    "organ_name": (lambda of: of.dispatch.organ_name, "không rõ cơ quan"),
    "subject": (lambda of: of.dispatch.subject, "không trích yếu"),
    "signer": (lambda of: of.dispatch.signer.full_name, "không rõ người ký"),
    "arrival_number": (lambda of: of.dispatch.arrival.number, "không số đến"),
    "arrival_date": (lambda of: _day(of.dispatch.arrival.date), "không ngày đến"),
    "stem": (lambda of: PurePath(of.dispatch.source.name).stem, "văn bản"),
    "pages": (_pages, "không rõ trang"),
    "place": (lambda of: f"{of.place:03d}", "001"),
}

FIELDS = tuple(_VALUES)
"""What may stand in braces."""


class NameTemplate:
    """A template that was checked.

    Raises:
        ValueError: a field is not known, or more than a word stands in braces; the message says which and names all.

    >>> NameTemplate("{issued_date} {code.__class__}")
    Traceback (most recent call last):
    ValueError: {code.__class__} is no field; those known are {type_name}, {code}, {code_number}, {code_notation}, \
{issued_date}, {organ}, {organ_name}, {subject}, {signer}, {arrival_number}, {arrival_date}, {stem}, {pages}, {place}
    """

    def __init__(self, template: str) -> None:
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        try:
            parts = list(Formatter().parse(template))
        except ValueError:
            raise ValueError(f"a brace is left open, or closed twice; fields are {known}") from None
        for _, name, form, conversion in parts:
            if name is not None and (name not in _VALUES or form or conversion):
                written = name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
                raise ValueError(f"{{{written}}} is no field; those known are {known}")
        if any(mark in literal for literal, *_ in parts for mark in _APART):
            raise ValueError("it names a file in the folder, so no / or \\ can stand in it")
        if not template.strip():
            raise ValueError(f"it is empty; fields are {known}")
        self._parts = [(literal, name) for literal, name, *_ in parts]

    def fill(self, named: Named) -> str:
        """The words of the name; a value that is not known is a word that says so."""
        return "".join(literal + (_value(name, named) if name else "") for literal, name in self._parts)


def _value(name: str, named: Named) -> str:
    read, instead = _VALUES[name]
    return (read(named) or "").strip() or instead
