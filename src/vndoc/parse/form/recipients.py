"""Kính gửi and Nơi nhận: lists of offices, an entry to a dash, wrapped over lines (Appendix I, II.9)."""

from collections.abc import Sequence
from functools import cache

import regex
from rapidfuzz.distance import Levenshtein

from vndoc.page import Word
from vndoc.parse.evidence import FieldValue, value_from, word_confidence
from vndoc.parse.fold import fold
from vndoc.parse.form import anchors
from vndoc.parse.knowledge import load
from vndoc.parse.lines import TextLine

_END_NOISE = regex.compile(r"(?<=[;.])[^\p{L}\d]*\p{L}{0,2}[^\p{L}\d]*$")
_STORE_NOISE = regex.compile(r"(?<=\p{L}{2}\d{0,4}\)?\.)\s+(?![\"“])(?!\p{Lu}{2})\S{0,4}(\s\S{1,4})?$")
_STOPS = frozenset(";:.")
_JUNK = 0.5
_REMARK = regex.compile(r"^\(?b/[ceo]\)")
_STORE = regex.compile(r"^\W{0,3}L[ưuứừ][ưuứừ]\b", regex.I)

_MENDS = (
    (regex.compile(r"^\p{L}{2,3}(?=:?\s?VT\b)(?<!Lưu)"), "Lưu"),
    (regex.compile(r"Đ?Ð+Đ?"), "Đ"),
    (regex.compile(r"^tr[êe]n$"), "Như trên"),
    (regex.compile(r"^\p{L}{0,2}ư (?=[ĐD]i[ềeê]u \d|tr[êe]n$|th[àa]nh ph[ầâa]n|k[íi]nh g[ửư]i)"), "Như "),
    (regex.compile(r"^([TNKCPG]) (?=\p{Ll}{2})"), r"\1"),
    (regex.compile(r"\(để bi[ếe]\S{0,2}$"), "(để biết)"),
    (regex.compile(r"\([dđ]\p{L}{1,2}\s?b(?:/[ceo]|\p{Ll}c)\)", regex.I), "(để b/c)"),
    (regex.compile(r"(?<=\p{Lu})-\s-(?=\p{Lu})"), "-"),
    (regex.compile(r"(?<=\p{L}\s)(?:ỉ?nh|tinh)$"), "tỉnh"),
)
"""What OCR makes of the words of common entries, and these words."""
_MENDS_OF_STORED = ((regex.compile(r"(?<=\bVT)\.\s(?=\p{Lu})"), ", "),)
_MENDS_OF_OTHERS = (
    # No sentence ends within an entry: the comma has lost its tail. Behind 'TP.' and 'TT.' it has not.
    (regex.compile(r"(?<=(?<!\p{L})\p{Ll}{2,7}|\p{Lu}{3,7})\.\s(?=\p{Ll}{2}|\p{Lu}{3})"), ", "),
    (regex.compile(r"(?<=\bUBND)\.t[ỉi]nh$"), " tỉnh"),
)


def read_recipients(lines: Sequence[TextLine]) -> list[FieldValue[str]]:
    """The offices addressed, one entry each, without dashes and final punctuation."""
    entries: list[list[tuple[str, TextLine]]] = []
    for line in lines:
        text = anchors.SENT_TO.sub("", line.text)
        labelled = text != line.text
        if not regex.search(r"\p{L}", text):
            continue
        if labelled or anchors.is_bullet(text) or not entries or _ended(entries[-1][-1][0]):
            entries.append([(anchors.without_bullet(text), line)])
        else:
            entries[-1].append((text, line))
    return _finish(entries)


def read_to_places(lines: Sequence[TextLine]) -> list[FieldValue[str]]:
    """The entries of Nơi nhận; what follows 'Lưu: …' is the drafter's and left out."""
    entries: list[list[tuple[str, TextLine]]] = []
    for line in lines:
        read = _with_codes(line)
        text = anchors.after_to_places(read)
        if not _STORE.match(anchors.without_bullet(text)):
            text = _END_NOISE.sub("", text)
        else:
            text = _STORE_NOISE.sub("", regex.sub(r"(?<=\))[^\p{L}]?\p{Ll}?\s?[^\p{L}\s]{1,3}$", "", text))
        if not regex.search(r"\p{L}{2}", text):
            continue
        if text != line.text and not anchors.is_bullet(text) and anchors.is_to_places(line.text) and len(text) < 4:
            continue
        if anchors.is_bullet(text) or not entries:
            if entries and _STORE.match(entries[-1][0][0]):
                break
            entries.append([(anchors.without_bullet(text), line)])
        elif _ended(entries[-1][-1][0]) and (_STORE.match(text) or regex.match(r"[^\p{L}]*\p{Lu}", text)):
            if _STORE.match(entries[-1][0][0]):
                break
            if word_confidence(line.words) < 0.5 and not anchors.is_stored(text):
                continue
            entries.append([(regex.sub(r"^[^\p{L}(\"]+", "", text), line)])
        elif _STORE.match(entries[-1][0][0]) and _ended(entries[-1][-1][0]):
            break
        elif word_confidence(line.words) >= 0.5:
            entries[-1].append((text, line))
    return _finish(entries)


@cache
def _abbreviations() -> frozenset[str]:
    organs = load("organs")
    return frozenset([*organs["uppercase"], *(a for body in organs["named"] for a in body["abbreviations"])])


def _with_codes(line: TextLine) -> str:
    """The line with drafters' codes and abbreviations as read: no words, so no repair can know them."""
    words = []
    for word in line.words:
        code = word.raw is not None and len(regex.findall(r"\p{Lu}|\d", word.raw)) >= 2
        known = any(part in word.text for part in _abbreviations() if len(part) > 3 or part == word.text.strip(".,;:"))
        remark = word.raw is not None and bool(_REMARK.search(word.raw))
        words.append(_as_code(word.raw) if word.raw and (remark or (code and not known)) else word.text)
    # Behind 'Lưu:' stand codes, of which none is read surely.
    stored = anchors.is_stored(line.text) or _STORE.match(anchors.without_bullet(line.text))
    return " ".join(words if stored else words[: _entry_end(line.words)])


def _entry_end(words: Sequence[Word]) -> int:
    """How many of the words are the entry's: behind its stop stands at most what a seal or signature was read as."""
    for i in range(len(words) - 1, 0, -1):
        behind = words[i:]
        if words[i - 1].text[-1:] in _STOPS:
            return i if word_confidence(behind) < _JUNK else len(words)
    return len(words)


def _as_code(read: str) -> str:
    """A code as read, with what can stand in none: '¡' is an i, an l behind a digit is a 1."""
    return regex.sub(r"(?<=\d)l(?=\P{L}|$)", "1", read.replace("¡", "i"))


def _ended(text: str) -> bool:
    return text.rstrip()[-1:] in {";", "."} or text.rstrip().endswith("):")


def _finish(entries: list[list[tuple[str, TextLine]]]) -> list[FieldValue[str]]:
    found = []
    for entry in entries:
        text = " ".join(part.strip() for part, _ in entry)
        text = _mend(text.rstrip(" ;.,:_|~*'`-").strip())
        if regex.search(r"\p{L}{2}", text):
            found.append(value_from(text, [line for _, line in entry], 0.95))
    return found


def _mend_code(found: "regex.Match[str]") -> str:
    """An abbreviation of everyday use read with one letter wrong: 'VPUBR' -> 'VPUB'."""
    read = str(found.group())
    everyday = load("addressees")["abbreviations"]
    if read in everyday or read in _abbreviations():
        return read
    near = [code for code in everyday if Levenshtein.distance(fold(read), fold(code), score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else read


def _mend(text: str) -> str:
    """The entry with the diacritics of common phrases restored ('Công TTĐT' -> 'Cổng TTĐT'); letters stay."""
    for pattern, mended in (*_MENDS, *(_MENDS_OF_STORED if _STORE.match(text) else _MENDS_OF_OTHERS)):
        text = pattern.sub(mended, text)
    text = regex.sub(r"(?<!\p{L})\p{Lu}{4,9}(?!\p{L})", _mend_code, text)
    folded = fold(text)
    for phrase in load("addressees")["phrases"]:
        start = folded.find(fold(phrase))
        while start >= 0:
            end = start + len(phrase)
            whole = not (folded[:start][-1:].isalpha() or folded[end : end + 1].isalpha())
            if whole and fold(text[start:end]) == fold(phrase) and text[start:end].casefold() != phrase.casefold():
                same = phrase if text[start].isupper() else phrase[0].lower() + phrase[1:]
                text = text[:start] + same + text[end:]
            start = folded.find(fold(phrase), end)
    return text
