"""What was not read for certain, as the comments say it: the doubtful words of the text, and the doubtful fields."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from vndoc.dispatch import Dispatch, Evidence
from vndoc.export.docx.writing import Piece
from vndoc.export.labels import DOUBTFUL, candidate_text, labels, percent
from vndoc.export.order import Paragraph
from vndoc.page import Page, Word

_MOST = 4
"""Candidates that a comment names."""
_PROBE = 8
"""Letters that must agree where the words of a paragraph go on behind a page number."""


class Doubts:
    """Finds what is doubtful in a dispatch.

    Args:
        dispatch: what was read.
        pages: the repaired pages, whose words may be doubtful; none where only fields are told.
    """

    def __init__(self, dispatch: Dispatch, pages: Sequence[Page] = ()) -> None:
        self._dispatch = dispatch
        self._words = list(_doubtful(pages)) if "\n\n".join(page.text for page in pages) == dispatch.text else []
        self._starts = [start for start, _ in self._words]
        self._names = dict(labels()["fields"])

    def field(self, pointer: str, value: object = None) -> str | None:
        """What is to be said of a field; None where it is sure.

        Args:
            pointer: its JSON pointer.
            value: what is printed for it, if anything.
        """
        evidence = self._dispatch.evidence.get(pointer)
        if evidence is None or (value is not None and evidence.confidence >= DOUBTFUL):
            return None
        return ": ".join(filter(None, (self._name(pointer), _said(evidence, value))))

    def pieces(self, paragraph: Paragraph, skip: int = 0) -> list[Piece]:
        """The words of a paragraph behind its first ``skip`` letters, the doubtful ones with what else they may be."""
        text, at = paragraph.text, skip
        first, last = bisect_left(self._starts, paragraph.start), bisect_left(self._starts, paragraph.end)
        if first == last:
            return [Piece(text[at:])]
        places = _places(text, self._dispatch.text, paragraph)
        pieces = []
        for start, word in self._words[first:last]:
            if (here := places.get(start)) is not None and here >= at and text.startswith(word.text, here):
                pieces += [Piece(text[at:here]), Piece(word.text, _of_word(word))]
                at = here + len(word.text)
        return [*pieces, Piece(text[at:])]

    def _name(self, pointer: str) -> str | None:
        """'Trích yếu', also of the second of several signers and of the third of the recipients."""
        field = "/".join(key for key in pointer.split("/") if not key.isdecimal())
        return self._names.get(field) or self._names.get(field.replace("/signers", "/signer"))


def _doubtful(pages: Sequence[Page]) -> Iterator[tuple[int, Word]]:
    """The doubtful words of the pages, with their offsets in the text of the whole."""
    at = 0
    for page in pages:
        start = at
        for block in page.blocks:
            for line in block.lines:
                for word in line.words:
                    if word.confidence < DOUBTFUL:
                        yield start, word
                    start += len(word.text) + 1
            start += 1
        at += len(page.text) + 2


def _places(words: str, text: str, paragraph: Paragraph) -> dict[int, int]:
    """Of the letters of the text their places in the words of a paragraph, what stands between them passed over."""
    own = [k for k, letter in enumerate(words) if not letter.isspace()]
    there = [k for k in range(paragraph.start, paragraph.end) if not text[k].isspace()]
    letters, found = "".join(text[k] for k in there), {}
    at = 0
    for i, k in enumerate(own):
        if at < len(letters) and letters[at] != words[k]:
            at = letters.find("".join(words[n] for n in own[i : i + _PROBE]), at)
            if at < 0:
                break
        if at >= len(there):
            break
        found[there[at]] = k
        at += 1
    return found


def _of_word(word: Word) -> str:
    others = [(text, share) for text, share in word.alternatives if text != word.text]
    return f"Chữ đọc chưa chắc ({percent(word.confidence)})" + _may_be(others)


def _said(evidence: Evidence, value: object) -> str:
    said = "không đọc được" if value is None else f"chưa chắc ({percent(evidence.confidence)})"
    raw = " ".join((evidence.raw or "").split())
    return said + _may_be(evidence.candidates) + (f"; đọc được: “{raw}”" if raw and raw != value else "")


def _may_be(candidates: Sequence[tuple[str, float]]) -> str:
    named = ", ".join(f"“{candidate_text(text)}” ({percent(share)})" for text, share in candidates[:_MOST])
    return f"; có thể là {named}" if named else ""
