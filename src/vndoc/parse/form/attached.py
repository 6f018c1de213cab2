"""What the heads of annexes say of the document they belong to: '(Kèm theo Công văn số 5710/UBND-KT ngày …)'.

Decree 30/2020/NĐ-CP, Appendix I, III: the number and notation of the document are printed again under the title of its
annex, once they are known. The bracket tells the document itself from others that are cited with their annexes.
"""

from collections.abc import Iterable

import regex

from vndoc.parse.knowledge import bare
from vndoc.parse.lines import TextLine

_ATTACHED = regex.compile(
    r"^\W{0,2}\((?:Ban hành\s+)?[Kk]èm theo\s[^()\d]{0,60}?(?P<number>\d{1,6})\s?[/⁄-]\s?(?P<notation>\S+)"
)


def numbers_in_annexes(lines: Iterable[TextLine], notation: str) -> dict[str, float]:
    """The numbers with which annexes name a document of this notation, each with the confidence of its reading.

    Args:
        lines: those that may be heads of annexes.
        notation: the document's own, without its mark: 'QĐ-UBND'.
    """
    found: dict[str, float] = {}
    for line in lines:
        said = _ATTACHED.match(line.text)
        if said is None or bare(said["notation"].strip(".,;:)")) != bare(notation):
            continue
        words = line.part(*said.span("number")).words
        confidence = min((word.confidence for word in words), default=0.0)
        found[said["number"]] = max(confidence, found.get(said["number"], 0.0))
    return found
