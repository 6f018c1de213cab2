"""Kính gửi and Nơi nhận: lists of offices, an entry to a dash, wrapped over lines (Appendix I, II.9)."""

from collections.abc import Sequence
from functools import cache

import regex

from vndoc.page import Word
from vndoc.parse.evidence import FieldValue, value_from, word_confidence
from vndoc.parse.fold import fold
from vndoc.parse.form import anchors
from vndoc.parse.form.head.features import opens_organ
from vndoc.parse.knowledge import bare, load
from vndoc.parse.lines import TextLine
from vndoc.parse.misreading import code_cost, is_syllable, is_well_spelt

_END_NOISE = regex.compile(r"(?<=[;.])[^\p{L}\d]*\p{L}{0,2}[^\p{L}\d]*$")
_STORE_NOISE = regex.compile(r"(?<=\p{L}{2}\d{0,4}\)?\.)\s+(?![\"“])(?!\p{Lu}{1,2}\d|\p{Lu}{2})\S{0,4}(\s\S{1,4})?$")
_BRACKET_NOISE = regex.compile(r"(?<=\))(?:[^\p{L}]?\p{Ll}?\s?[^\p{L}\s]{1,3}|\p{Ll})$")
_STOPS = frozenset(";:.")
_JUNK = 0.5
_SCRAWL, _INITIAL = 0.6, 4
"""Confidence under which a few letters behind the last unit are a pen's, and the most letters of an initial."""
_FILLED = 0.72  # share of the page's width behind which a line had no room for another word
_REMARK = regex.compile(r"^\(?b/[ceo]\)")
_STORE = regex.compile(r"^\W{0,3}L[ưuứừ][ưuứừ]\b", regex.I)

_INITIALS = "TNKCPG"
"""Capitals that OCR parts from their words: 'C ông an'."""


def read_recipients(lines: Sequence[TextLine]) -> list[FieldValue[str]]:
    """The offices addressed, one entry each, without dashes and final punctuation."""
    entries: list[list[tuple[str, TextLine]]] = []
    for line in lines:
        text = anchors.SENT_TO.sub("", line.text)
        labelled = text != line.text
        # Place and date or number may be read behind the label, when their line is level with it.
        if not regex.search(r"\p{L}", text) or anchors.is_place_date(text) or _is_number(text):
            continue
        begun = labelled or anchors.is_bullet(text) or not entries or _ended(entries[-1][-1][0])
        if begun or _is_another(entries[-1], text, line):
            entries.append([(anchors.without_bullet(text), line)])
        else:
            entries[-1].append((text, line))
    return _finish(entries)


def _is_another(entry: Sequence[tuple[str, TextLine]], text: str, line: TextLine) -> bool:
    """Whether a line without a dash is another office though the last entry has no stop.

    It is where both name bodies and the last line had room for more: 'Ban Chấp hành Chi đoàn' below 'Ban Chấp hành
    Liên chi đoàn'. What hangs on the entry goes on: 'Ủy ban nhân dân' below 'Văn phòng'.
    """
    last, row = entry[-1]
    before, box = row.box, line.box
    if before is None or box is None or before.x1 > _FILLED * row.page_width:
        return False
    hanging = {bare(head) for head in load("organs")["before_organ"]}
    joined = last.rstrip()[-1:] in ",-–" or last.casefold().split()[-1:] in [
        [word] for word in load("organs")["joining"]
    ]
    return not joined and bare(last) not in hanging and all(opens_organ(name.upper()) for name in (entry[0][0], text))


def _is_number(text: str) -> bool:
    """Whether the line is the letter's own 'Số: 12/UBND'; 'Sở, ban, ngành, UBND …' looks like one and is none."""
    return anchors.is_number_line(text) and bool(regex.search(r"\d\s?[/⁄-]\s?\p{Lu}", text))


def read_to_places(lines: Sequence[TextLine]) -> list[FieldValue[str]]:
    """The entries of Nơi nhận; what follows 'Lưu: …' is the drafter's and left out."""
    entries: list[list[tuple[str, TextLine]]] = []
    for line in lines:
        read = _with_codes(line)
        text = anchors.after_to_places(read)
        if not _STORE.match(anchors.without_bullet(text)):
            text = _END_NOISE.sub("", text)
        else:
            text = _STORE_NOISE.sub("", _BRACKET_NOISE.sub("", text))
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
    # Behind 'Lưu:' stand codes, of which none is read surely.
    stored = anchors.is_stored(line.text) or _STORE.match(anchors.without_bullet(line.text))
    end = _without_scrawl(line.words) if stored else _entry_end(line.words)
    words = []
    for word in line.words[:end]:
        code = word.raw is not None and len(regex.findall(r"\p{Lu}|\d", word.raw)) >= 2
        known = any(part in word.text for part in _abbreviations() if len(part) > 3 or part == word.text.strip(".,;:"))
        remark = word.raw is not None and bool(_REMARK.search(word.raw))
        words.append(_as_code(word.raw) if word.raw and (remark or (code and not known)) else word.text)
    return " ".join(words)


def _entry_end(words: Sequence[Word]) -> int:
    """How many of the words are the entry's: behind its stop stands at most what a seal or signature was read as."""
    for i in range(len(words) - 1, 0, -1):
        behind = words[i:]
        if words[i - 1].text[-1:] in _STOPS:
            return i if word_confidence(behind) < _JUNK else len(words)
    return len(words)


def _without_scrawl(words: Sequence[Word]) -> int:
    """How many of the words of 'Lưu: …' are print: behind the drafter's sign an initial or two are put by hand.

    What a comma or an open bracket demands is print, however ill it was read.
    """
    end = len(words)
    while end > 2:
        before, last = words[end - 2].text, words[end - 1]
        open_bracket = "(" in last.text or sum(w.text.count("(") - w.text.count(")") for w in words[: end - 1]) > 0
        if last.confidence >= _SCRAWL or len(last.text) > _INITIAL or before[-1:] in ",;:" or open_bracket:
            break
        end -= 1
    return end


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


def _mend(text: str) -> str:
    """The entry with common words, phrases and abbreviations set right where OCR's confusions explain the letters."""
    entries = "stored" if _STORE.match(text) else "others"
    for pattern, mended, of in _mends():
        text = pattern.sub(mended, text) if of in {"all", entries} else text
    text = _rejoined(text)
    text = regex.sub(r"(?<!\p{L})\p{Lu}{4,9}(?!\p{L})", _mend_code, text)
    folded = fold(text)
    for phrase in load("addressees")["phrases"]:
        for start in _places_of(fold(phrase), folded):
            text = _with_marks(text, start, phrase)
    return text


@cache
def _mends() -> tuple[tuple["regex.Pattern[str]", str, str], ...]:
    return tuple((regex.compile(m["pattern"]), m["text"], m["of"]) for m in load("addressees")["mends"])


def _rejoined(text: str) -> str:
    """The text with words joined that OCR has parted: 'C ông' -> 'Công', 'chí nh' -> 'chính'; others stay two."""
    words = text.split(" ")
    for i in range(len(words) - 1, 0, -1):
        head, rest = words[i - 1], words[i]
        letters = regex.sub(r"\W+$", "", rest)
        parted = head in _INITIALS if len(head) == 1 else head[1:].islower() and not is_syllable(letters)
        if head.isalpha() and letters.islower() and len(letters) > 1 and parted and is_well_spelt(head + letters):
            words[i - 1 : i + 1] = [head + rest]
    return " ".join(words)


def _mend_code(found: "regex.Match[str]") -> str:
    """An abbreviation of everyday use read with one letter confused: 'VPUBR' -> 'VPUB'."""
    read = str(found.group())
    everyday = load("addressees")["abbreviations"]
    if read in everyday or read in _abbreviations():
        return read
    near = [code for code in everyday if code_cost(read, code) is not None]
    return near[0] if len(near) == 1 else read


def _places_of(phrase: str, folded: str) -> list[int]:
    """Where a folded phrase stands in the folded text as whole words."""
    return [m.start() for m in regex.finditer(rf"(?<!\p{{L}}){regex.escape(phrase)}(?!\p{{L}})", folded)]


def _with_marks(text: str, start: int, phrase: str) -> str:
    """The text with the marks of ``phrase`` at ``start``, unless what stands there is another phrase of its letters."""
    read = text[start : start + len(phrase)]
    if read.casefold() == phrase.casefold() or len(_spelt_alike()[fold(phrase)]) > 1:
        return text
    same = phrase if read[0].isupper() else phrase[0].lower() + phrase[1:]
    return text[:start] + same + text[start + len(phrase) :]


@cache
def _spelt_alike() -> dict[str, tuple[str, ...]]:
    """Known phrases by their letters without marks."""
    data = load("addressees")
    table: dict[str, tuple[str, ...]] = {}
    for phrase in (*data["phrases"], *data["other_phrases"]):
        table[fold(phrase)] = (*table.get(fold(phrase), ()), phrase.casefold())
    return table
