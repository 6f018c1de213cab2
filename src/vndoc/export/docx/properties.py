"""What a Word file says of itself: the fields of the dispatch. Nothing of the machine that made it, and no time."""

from docx.document import Document as WordFile

from vndoc.dispatch import Dispatch
from vndoc.export.docx.writing import clean
from vndoc.export.markdown import printed_code
from vndoc.export.metadata import title_of

_LONGEST = 255  # characters of a property that python-docx takes


def describe(word: WordFile, dispatch: Dispatch) -> None:
    """Write title, subject, issuer, code and type into the core properties."""
    properties = word.core_properties
    properties.title = _short(title_of(dispatch))
    properties.subject = _short(dispatch.subject)
    properties.author = _short(dispatch.organ_name)
    properties.category = _short(dispatch.type_name)
    properties.language = "vi-VN"
    if dispatch.code_number and dispatch.code_notation:
        properties.identifier = _short(printed_code(dispatch.code_number, dispatch.code_notation))


def _short(text: str | None) -> str:
    return clean(" ".join((text or "").split()))[:_LONGEST]
