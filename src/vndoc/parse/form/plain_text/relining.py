"""Lines of plain text put together, or cut, as they were printed.

What browsers, converters and mail programs copy keeps the words and loses the lines: 'Hà Nội, ngày 27' ends where the
source of a web page was broken, 'BỘ' where a column was narrow, and a whole letter may come on one line. A line break
within a phrase of the form is none; a phrase of the form within a long line begins one. Offsets stay those of the text.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import regex

from vndoc.parse.form import anchors
from vndoc.parse.form.foot.names import is_name, is_rare_surname
from vndoc.parse.form.foot.signing import positions, read_signing_line
from vndoc.parse.form.head.features import opens_organ
from vndoc.parse.form.head.writing import phrase_at, words_of
from vndoc.parse.form.plain_text.oneline import LONG, cut_line
from vndoc.parse.knowledge import bare, is_capitals, load
from vndoc.parse.lines import TextLine
from vndoc.parse.places import known_names

_HEAD, _FOOT = 60, 40
"""Lines from the top, and from the end, of a document within which its form is broken up."""
_PIECES = 8
"""Lines into which one line of the form is broken at most."""
_PROSE = 100
"""Characters of a line that is one of the body."""
_LABEL = regex.compile(r"\W{0,3}S[ốô]\s?[:.]?\s*(?:\d{1,5}\s?[/-]?\s*)?", regex.I)
_CODE = regex.compile(r"\s*(?:\d{1,5}\p{Ll}?\s?)?[/-]?\s*(?:(?:19|20)\d\d\s?/)?[\p{Lu}\d][\p{L}\d/.&-]*")
_OPEN_CODE = regex.compile(r"\W{0,3}S[ốô]\s?[:.]?\s*\d{1,5}\p{Ll}?\s?[/-][\p{L}\d/.&-]*", regex.I)
_DATED = regex.compile(r"ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}\W{0,2}$", regex.I)
_PLACE = regex.compile(r"\p{Lu}[\p{L}.'’-]*(?:\s+-?\s?\p{Lu}[\p{L}.'’-]*){0,4}\s*,?\s*(?=ngày)")
_POWER = regex.compile(r"(?:TM|KT|TL|TUQ|Q)\.\s?\p{Lu}{2}")
_COUNTED = regex.compile(
    r"(?<!\p{L})(?:năm|tháng|ngày|quý|số|khoản|điều|lần thứ|nghị định|quyết định|thông tư|nghị quyết|kế hoạch)$",
    regex.I,
)
_WORDS = ("kinh gui", "noi nhan", "ve viec", "trich yeu")
_STARTS_BODY = regex.compile(r"\W{0,3}(?:C[ăa]n c[ứu]\s|Điều\s\d|Th[ựu]c hi[ệe]n\s)")


def relined(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines of a document as they were printed, as far as its words tell; lines with boxes stay as they are."""
    if any(word.box for line in lines[:_HEAD] for word in line.words):
        return list(lines)
    cut = [piece for line in _without_empty_blocks(lines) for piece in cut_line(line)]
    end = _end_of_head(cut)
    foot = max(end, len(cut) - _FOOT)
    return [
        *_joined(cut[:end], _HEAD_LINES),
        *cut[end:foot],
        *_joined([p for line in cut[foot:] for p in _signers(line)], _FOOT_LINES),
    ]


def _without_empty_blocks(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines as one block where an empty line stands behind every one: then it parts nothing."""
    blocks = len({line.block for line in lines})
    return [replace(line, block=0) for line in lines] if blocks > max(8, 0.9 * len(lines)) else list(lines)


def _end_of_head(lines: Sequence[TextLine]) -> int:
    """Index of the first line that is surely behind the letterhead."""
    for i, line in enumerate(lines[:_HEAD]):
        sent = anchors.SENT_TO.match(line.text) or anchors.is_to_places(line.text)
        if _STARTS_BODY.match(line.text) or sent or len(line.text) > _PROSE:
            return i + 1
    return min(len(lines), _HEAD)


# --- lines put together -------------------------------------------------------------------------------------

Whole = Callable[[Sequence[TextLine], str], bool]
"""Whether some lines are one, by themselves and by their text as one line."""


def _joined(lines: Sequence[TextLine], wholes: Sequence[Whole]) -> list[TextLine]:
    """The lines with those put together that one of ``wholes`` takes for one, in the order of these."""
    out = list(lines)
    for whole in wholes:
        at = 0
        while at < len(out):
            for size in range(2, min(_PIECES, len(out) - at) + 1):
                run = out[at : at + size]
                if run[0].page != run[-1].page or sum(len(line.text) for line in run) > LONG:
                    break
                if whole(run, _text_of(run)):
                    out[at : at + size] = [_as_one(run)]
                    at -= 1  # what is one now may go on
                    break
            at += 1
    return out


def _text_of(run: Sequence[TextLine]) -> str:
    return " ".join(line.text for line in run)


def _as_one(run: Sequence[TextLine]) -> TextLine:
    """The lines as one, blanks in place of what was between them."""
    text = run[0].text
    for line in run[1:]:
        text += " " * (line.start - run[0].start - len(text)) + line.text
    words = tuple(word for line in run for word in line.words)
    return replace(run[0], text=text, words=words, block=run[-1].block)


def _is_title(run: Sequence[TextLine], text: str) -> bool:
    """A national title or motto in parts."""
    return bare(text) in _titles() and not any(bare(line.text) in _titles() for line in run)


@cache
def _titles() -> frozenset[str]:
    titles = load("marks")["national_titles"]
    return frozenset(bare(part) for title in titles for part in (title["name"], title["motto"]) if part)


def _is_phrase(run: Sequence[TextLine], text: str) -> bool:
    """'Kính / gửi: …', 'Nơi / nhận:', 'Về / việc …': the last part may go on."""
    first = bare(_text_of(run[:-1]))
    return any(
        first and phrase.startswith(f"{first} ") and f"{bare(text)} ".startswith(f"{phrase} ") for phrase in _WORDS
    )


def _is_date(run: Sequence[TextLine], text: str) -> bool:
    """Place and date in parts; the first holds the beginning of the place."""
    found, place = _DATED.search(text), _PLACE.match(text)
    if found is None or place is None or place.end() != found.start() or is_capitals(run[0].text):
        return False
    # 'Thọ / Hà Nội, ngày …': the end of another line is no part of a place that is known.
    known, rest = place.group().strip(" ,") in _places(), _PLACE.match(_text_of(run[1:]))
    if rest is None or known:
        return rest is None or rest.group().strip(" ,") not in _places() or len(run) > 2
    return rest.group().strip(" ,") not in _places() and len(run) > 2


@cache
def _places() -> frozenset[str]:
    return frozenset(known_names())


def _is_number(run: Sequence[TextLine], text: str) -> bool:
    """'Số:' and the code behind it, or a code that goes on behind its slash or dash."""
    first, rest = _text_of(run[:-1]), run[-1].text
    if _LABEL.fullmatch(first):
        return bool(_CODE.fullmatch(rest)) and bool(regex.search(r"\p{L}|/", rest))
    joined = first.rstrip()[-1:] in "/-" or rest.lstrip()[:1] in "/-"
    return bool(_OPEN_CODE.fullmatch(first)) and joined and bool(_CODE.fullmatch(rest))


def _is_figure(run: Sequence[TextLine], text: str) -> bool:
    """A figure behind the word that it belongs to: 'năm / 2026'."""
    return len(run) == 2 and bool(_COUNTED.search(run[0].text)) and run[1].text[:1].isdecimal()


def _is_type(run: Sequence[TextLine], text: str) -> bool:
    """The name of a type in parts, each a word or two: 'QUYẾT / ĐỊNH'."""
    known = anchors.type_of_title(text)
    return known is not None and known[1] == 1.0 and not any(anchors.type_of_title(line.text) for line in run)


def _is_name_of_body(run: Sequence[TextLine], text: str) -> bool:
    """Lines of capitals that one known phrase runs over, or a body's name and what goes on with no other body."""
    if not all(_is_of_name(line.text) for line in run):
        return False
    words, first, last = words_of(text), len(words_of(run[0].text)), len(words_of(run[-1].text))
    at = end = 0
    while at < first:
        at, end = at + 1, max(end, at + phrase_at(words, at)[1])
        at = max(at, end)
    runs_over = end > len(words) - last
    return runs_over or (len(run) == 2 and opens_organ(run[0].text) and not opens_organ(run[1].text))


def _is_of_name(text: str) -> bool:
    """Whether a line may be part of a body's name: capitals, no national title, number, type or mark."""
    if bare(text) in _titles() or anchors.is_number_line(text) or anchors.mark_of(text):
        return False
    other = text in anchors.titles() or anchors.type_and_subject(text)
    return text.isupper() and not other and text[-1] not in ":-–"


def _is_signing(run: Sequence[TextLine], text: str) -> bool:
    """A line of authority or a title in parts: 'KT. / CHỦ TỊCH', 'PHÓ / GIÁM ĐỐC'."""
    if not is_capitals(text, 0.9):
        return False
    whole = read_signing_line(text)
    exact = whole is not None and whole.score == 1.0 and whole.rest in _signing_words()
    if not exact or whole is None or bare(whole.text) != bare(text):
        return False
    above = read_signing_line(run[0].text)
    return above is None or above.power is not None or above.score < 1.0 or above.rest not in _signing_words()


@cache
def _signing_words() -> frozenset[str]:
    return frozenset((*positions(), *load("signing")["bodies"]))


def _is_person(run: Sequence[TextLine], text: str) -> bool:
    """A name in parts, on lines that follow each other."""
    words = [line.text.split() for line in run]
    if any(b.block != a.block for a, b in pairwise(run)) or any(not w.istitle() for part in words for w in part):
        return False
    other = len(words[-1]) > 1 and not is_rare_surname(words[-1][0])
    whole = any(len(part) > 2 and is_name(" ".join(part)) for part in words)
    return is_name(text) and not other and (not whole or len(words[-1]) == 1)


_HEAD_LINES: tuple[Whole, ...] = (_is_title, _is_number, _is_phrase, _is_figure, _is_date, _is_name_of_body, _is_type)
_FOOT_LINES: tuple[Whole, ...] = (_is_phrase, _is_signing, _is_person)


def _signers(line: TextLine) -> list[TextLine]:
    """A line with a power and the title below it, as two: 'TM. ỦY BAN NHÂN DÂN CHỦ TỊCH'."""
    if len(line.text) > _PROSE or not is_capitals(line.text, 0.9):
        return [line]
    words, bodies = line.text.split(" "), tuple(load("signing")["bodies"])
    starts, begin = [0], 0
    for at in range(2, len(words)):
        above = read_signing_line(" ".join(words[begin:at]))
        known = above is not None and above.power and (above.rest in positions() or above.rest.startswith(bodies))
        tail = " ".join(words[at:])
        if known and (tail in positions() or _POWER.match(tail)):
            starts.append(len(" ".join(words[:at])) + 1)
            begin = at
    return [line.part(a, b) for a, b in pairwise([*starts, len(line.text)])]
