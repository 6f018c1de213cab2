"""What became of a file that was looked through for documents: the JSON of ``vndoc split``, and names for its parts."""

from dataclasses import dataclass, field
from typing import Any

import regex

from vndoc.bundles.cutting import Part
from vndoc.dispatch import Dispatch

_LONGEST = 120
"""Characters of a file name, with its suffix."""
_UNSAFE = regex.compile(r"[^\p{L}\p{N}.()&-]+")


@dataclass(slots=True)
class FileReport:
    """The documents of a file, its blank pages, and the cuts that were not made."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    blank_pages: list[int] = field(default_factory=list)
    doubtful: list[dict[str, Any]] = field(default_factory=list)

    def add(self, part: Part, dispatch: Dispatch) -> None:
        """Take in the next document of the file."""
        self.documents.append(
            {
                "pages": list(part.pages),
                "confidence": part.confidence,
                "type_name": dispatch.type_name,
                "code": code_of(dispatch),
            }
        )
        self.blank_pages += part.blank_pages
        self.doubtful += [
            {"before_page": found.before_page, "probability": found.probability, "why": found.why}
            for found in part.doubtful
        ]

    def as_json(self) -> dict[str, Any]:
        """Plain values, as documented."""
        return {"documents": self.documents, "blank_pages": self.blank_pages, "doubtful": self.doubtful}


def code_of(dispatch: Dispatch) -> str | None:
    """Number and notation as they are printed, '815/UBND', of the Party '254-KH/TU'; None where one is open."""
    number, notation = dispatch.code_number, dispatch.code_notation
    if not number or not notation:
        return None
    return f"{number}-{notation}" if "/" in notation and not notation[:1].isdigit() else f"{number}/{notation}"


def file_name(place: int, dispatch: Dispatch, suffix: str) -> str:
    """A name that any file system takes, by the document's place in its file, its type and its code.

    >>> from vndoc.dispatch import Source
    >>> source = Source(name="a.pdf", sha256="", media_type="application/pdf", page_amount=1)
    >>> file_name(2, Dispatch(source=source, type_name="Kế hoạch", code_number="58", code_notation="KH-UBND"), ".pdf")
    '002 Kế hoạch 58-KH-UBND.pdf'
    """
    said = " ".join(filter(None, (dispatch.type_name, code_of(dispatch) or dispatch.code_notation)))
    safe = " ".join(_UNSAFE.sub(" ", said.replace("/", "-")).split())
    return f"{place:03d} {safe}"[: _LONGEST - len(suffix)].strip(" .-") + suffix
