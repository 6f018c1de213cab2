"""A letter pasted on one line, cut where the parts of its form begin and end."""

from collections.abc import Iterator
from itertools import pairwise

import regex

from vndoc.parse.form import anchors
from vndoc.parse.form.columns import place_start
from vndoc.parse.form.head.features import is_opening, opens_organ
from vndoc.parse.form.head.issuer import end_of_superior
from vndoc.parse.lines import TextLine

LONG = 160
"""Characters from which on a line of the head holds several of them."""
_NATIONAL = regex.compile(
    r"(?<!\p{L})C[ỘO]NG\s+H(?:ÒA|OÀ)\s+XÃ\s+HỘI\s+CHỦ\s+NGHĨA\s+VIỆT\s+NAM|ĐẢNG\s+CỘNG\s+SẢN\s+VIỆT\s+NAM(?!\p{L})"
)
_MOTTO = regex.compile(r"Độc\s+lập\s*[-–]?\s*Tự\s+do\s*[-–]?\s*Hạnh\s+phúc")
_NUMBERED = regex.compile(r"(?<!\p{L})Số\s*:?\s*\d{0,5}\p{Ll}?\s?[-/]\s?\S*\p{Lu}{2}\S*")
_DAY = regex.compile(r"ngày\s+\d{0,2}\s*tháng\s+\d{0,2}\s*năm\s+\d{4}")
_BEGINS = regex.compile(
    r"(?<=\s)(?:V/v\s|Kính\s+gửi|Nơi\s+nhận\s*:|Căn\s+cứ\s|Điều\s+\d+\.\s|QUYẾT\s+ĐỊNH\s*:|(?:TM|KT|TL|TUQ|Q)\.\s+\p{Lu}{2}|T/M\s|K/T\s)"
)
_ITEM = regex.compile(r"(?<=[:;.]\s)-\s(?=\p{L})")
_STORED = regex.compile(r"-\s*Lưu\s*:?\s*(?:VT|VP|Văn thư)(?:[^.]|\.(?=\p{L}))*\.")
_NAME_BEGINS = regex.compile(r"(?<=\p{Lu}{2}\s+)(?=\p{Lu}\p{Ll}+(?:\s+\p{Lu}\p{Ll}*){1,4}\s*$)")
_CAPITAL = regex.compile(r"(?<=[\p{L}\d)”.;]\s)\p{Lu}\p{Ll}+\s")
_SENTENCE = regex.compile(r"(?<=[.:]\s)\p{Lu}")
_SENT_TO = regex.compile(r"Kính\s+gửi\s*:?\s*")
_OF = regex.compile(r"(?:của|thuộc|do|và|gửi:)\s+$")
_SHORTEST = 8
"""Characters that a subject or addressee has at least."""
_NEAR = 1500
"""Characters from the top of a text within which its head ends."""


def cut_line(line: TextLine) -> list[TextLine]:
    """A line with a whole letterhead in it, cut where the parts of the form begin and end."""
    text = line.text
    date = _DAY.search(text, 0, _NEAR)
    if len(text) < LONG or not (_NATIONAL.search(text, 0, _NEAR) or (_NUMBERED.search(text, 0, _NEAR) and date)):
        return [line]
    starts = sorted({0, *_letterhead(text), *_rest(text), len(text)})
    return [piece for a, b in pairwise(starts) if (piece := line.part(a, b)).text]


def _letterhead(text: str) -> Iterator[int]:
    """Where the parts of the letterhead begin, and what follows each, in a text on one line."""
    for pattern in (_NATIONAL, _MOTTO, _NUMBERED):
        if found := pattern.search(text, 0, _NEAR):
            yield from found.span()
    if date := _DAY.search(text, 0, _NEAR):
        head = text[: date.end()].split(" ")
        yield sum(len(word) + 1 for word in head[: place_start(head) or 0])
        yield date.end()
        words = text[date.end() : date.end() + 80].split()
        sizes = (size for size in range(5, 0, -1) if " ".join(words[:size]) in anchors.titles())
        if size := next(sizes, 0):
            yield from (begin := text.index(words[0], date.end()), begin + len(" ".join(words[:size])))


def _rest(text: str) -> Iterator[int]:
    """Where lines behind the letterhead begin: paragraphs, entries of lists, Nơi nhận, the signature."""
    yield from (found.start() for pattern in (_BEGINS, _ITEM) for found in pattern.finditer(text))
    date, sent = _DAY.search(text, 0, _NEAR), _SENT_TO.search(text, 0, _NEAR)
    top = max(found.end() for found in (date, sent) if found) if date or sent else 0
    ended = _SENTENCE.search(text, sent.end() + _SHORTEST) if sent else None
    yield _opening(text, top) or (ended.start() if ended else 0)
    if stored := list(_STORED.finditer(text)):
        yield stored[-1].end()
    if name := _NAME_BEGINS.search(text):
        yield name.start()


def _opening(text: str, top: int) -> int:
    """Where the body begins behind ``top``: by the issuer's own name or a phrase that bodies open with; 0: unknown."""
    own = _own_name(text)
    found = regex.finditer(rf"(?<=\s){own}(?!\p{{L}})", text[:_NEAR], regex.I) if own else ()
    after = (at for at in (match.start() for match in found) if at > top + _SHORTEST and not _OF.search(text, 0, at))
    phrases = (m.start() for m in _CAPITAL.finditer(text, top + _SHORTEST, _NEAR) if _opens(text, m.start()))
    return min((*after, *list(phrases)[:1]), default=0)


def _own_name(text: str) -> str:
    """A pattern for the name of the issuer, the last body of the letterhead."""
    ends = [found.start() for pattern in (_NATIONAL, _NUMBERED) if (found := pattern.search(text, 0, _NEAR))]
    head = text[: min(ends, default=0)]
    return r"\s+".join(map(regex.escape, head[end_of_superior(head) :].split()))


def _opens(text: str, at: int) -> bool:
    """Whether a phrase that bodies open with stands there, and is no office of which something is said."""
    tail = text[at : at + 40]
    return is_opening(tail) and not opens_organ(tail.upper())
