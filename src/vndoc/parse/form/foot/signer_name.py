"""Họ tên: the signer's name from the lines of the signature zone, and what speaks against it."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import regex
from rapidfuzz import fuzz

from vndoc.page import Word
from vndoc.parse.evidence import NOT_SURE, SURE, FieldValue, value_from, word_confidence
from vndoc.parse.form.foot.names import (
    given_names,
    has_names_case,
    is_name,
    is_rare_surname,
    lacks_end,
    read_name,
    strip_titles,
)
from vndoc.parse.form.foot.occlusion import advance, axis_of_name, hidden_name, width_from
from vndoc.parse.form.foot.signing import positions, read_signing_line
from vndoc.parse.knowledge import bare, is_capitals, likeness, load
from vndoc.parse.lines import TextLine
from vndoc.parse.misreading import clearest, is_syllable, is_well_spelt

_HARDLY_READ = 0.6
"""Confidence under which a word of a name makes the name doubtful, for no dictionary tells what else it may be."""
_HARDLY_GUESSED = 0.35
"""The same for a word that is a common given name, which what is misread rarely is."""
_LONG = 4
"""Letters of a surname from which on one that is a letter off is near."""
_UNLISTED_READ = 0.8
"""The same for a word that is on no list of given names."""
_ONE_OFF = 0.8
"""Likeness from which a word that is no surname is one of which a letter was misread: 'Ngayễn'."""
_A_LETTER_OFF = 0.7
"""Least likeness of a name and what was read where one letter is another."""
_TWICE = 2
"""Times that a name is in the document where something besides the signature spells it."""
_SMALLER = 0.75
"""Share of a title's height under which a line in capitals is set in the type of a seal."""
_LETTERS_WHOLE = 0.85
"""Score of a name of which the surname lacks at most its marks."""
_SHORT_SURNAME = advance("Lê ")
_WELL_READ = 0.7
SURELY_READ = 0.9
"""Confidence from which a word that no Vietnamese syllable is spelt like stands as read."""


def with_own_name(line: TextLine) -> TextLine:
    """The line of a name without what repair, which knows words and no names, has made of it.

    Nobody's given name is 'Văn' that was read 'Vân', and 'Chinh' is as good a name as 'Chỉnh'; a surname keeps its
    letters and may change its marks.
    """
    words = list(line.words)
    if is_capitals(line.text) or not any(word.raw for word in words):
        return line
    last = len(words) - 1
    own = [i for i, word in enumerate(words) if word.raw and _is_respelt(word.text, word.raw, i == 0, i == last)]
    for i in own:
        confidence = max(words[i].confidence, _WELL_READ)
        words[i] = replace(words[i], text=words[i].raw or words[i].text, confidence=confidence)
    return replace(line, text=" ".join(word.text for word in words), words=tuple(words)) if own else line


def _is_respelt(text: str, raw: str, first: bool, last: bool) -> bool:
    """Whether repair has made a middle name of a given name, one given name or surname of what may be another."""
    middle = text in load("surnames")["middle_names"]
    if (last and middle and is_syllable(raw)) or (not first and not middle and raw != text and raw in given_names()):
        return True
    if text not in load("surnames")["shares"] or bare(raw) == bare(text):
        return False
    if raw[:1].islower():
        return True
    surname = any(bare(raw) == bare(known) for known in load("surnames")["surnames"])
    return raw[:1].isupper() and is_syllable(raw) and (surname or likeness(raw, text) < _ONE_OFF)


def full_name(lines: Sequence[TextLine], text: str, titles: Sequence[TextLine]) -> FieldValue[str]:
    """The last line that is a person's name; whole surnames before mended ones.

    A name of which a letter is off is set right where ``text``, the document's, spells it out.
    """
    named = [(line, found) for line in lines if (found := read_name(line.text)) and not _is_no_name(line.text)]
    if not named:
        return _capital_name(lines, titles)
    line, (name, score) = max(enumerate(named), key=lambda pair: (pair[1][1][1], pair[0]))[1]
    name = _with_middle(name, line)
    unlikely = any(not is_syllable(word) for word in name.split())
    doubtful = _is_doubtful(name, line) and text.count(name) < _TWICE
    if (unlikely or doubtful or score < 1) and (elsewhere := _spelt_elsewhere(name, text)):
        return value_from(elsewhere, [line], 0.85, "inferred")
    rule = min(NOT_SURE if doubtful else 1.0, score * (0.6 if unlikely else 1))
    return value_from(name, [line], rule, "rule" if score > _LETTERS_WHOLE else "mended")


def _is_no_name(text: str) -> bool:
    """Whether a line is in capitals, or a title in small letters: 'Phó' of 'Phó Tổng Biên tập' is a surname as well."""
    titled = any(bare(text).startswith(f"{bare(title)} ") for title in positions() if " " in title)
    return is_capitals(text) or titled or bare(text) in map(bare, positions())


def _with_middle(name: str, line: TextLine) -> str:
    """The name with the mark that 'Thi' has lost as a middle name, unless it was read surely."""
    words = name.split()
    read = next((word.confidence for word in line.words if word.text == "Thi"), 1.0)
    lost = len(words) > 2 and words[1] == "Thi" and read < SURELY_READ
    return " ".join([words[0], "Thị", *words[2:]]) if lost else name


def _is_doubtful(name: str, line: TextLine) -> bool:
    """Whether a name's end is missing, as behind 'Văn' and 'Thị', or one of its words is hardly read or no name."""
    words = name.split()
    if lacks_end(name) or _goes_on(name, line):
        return True
    read = {word.text.strip(" .,"): word for word in line.words}
    if words[0] in read and _has_rival(read[words[0]]):
        return True
    return any(_is_hardly_read(word, read.get(word)) for word in words[1:]) or (
        words[0] in read and read[words[0]].origin.recognised and read[words[0]].confidence < _HARDLY_READ
    )


def _goes_on(name: str, line: TextLine) -> bool:
    """Whether behind a name stands what may be its last word, misread: 'Nguyễn Thanh llải'."""
    behind = line.text.partition(name)[2]
    return bool(regex.match(r"\s+\p{L}{3,}", behind))


def _has_rival(surname: Word) -> bool:
    """Whether a surname was read with a letter or mark that none has, and another is as near: 'Phạn', Phan or Phạm."""
    read = surname.raw
    if not read or read == surname.text or len(read) < _LONG or surname.confidence >= SURELY_READ:
        return False
    near = [known for known in load("surnames")["shares"] if len(known) == len(read)]
    return any(known != surname.text and sum(a != b for a, b in zip(known, read, strict=True)) == 1 for known in near)


def _is_hardly_read(name: str, word: Word | None) -> bool:
    """Whether a given name is a guess: read with little confidence, or repaired by more than one letter or its tone."""
    if word is None:
        return False
    if not word.origin.recognised:  # in a text every letter is known, but for what the repair has changed
        return bool(word.raw) and unicodedata.normalize("NFC", word.raw or "") != word.text
    if word.raw and bare(word.raw) != bare(name) and not is_well_spelt(word.raw):
        alike = likeness(word.raw, name) >= _A_LETTER_OFF and _tones(word.raw) == _tones(name)
        return not alike or word.confidence < SURELY_READ
    if name in given_names():
        return word.confidence < _HARDLY_GUESSED
    return word.confidence < (_UNLISTED_READ if is_well_spelt(name) else SURELY_READ)


def _tones(word: str) -> list[str]:
    """The marks of a word, without its letters."""
    return sorted(char for char in unicodedata.normalize("NFD", word) if unicodedata.combining(char))


def unknown_name(lines: Sequence[TextLine]) -> FieldValue[str]:
    """The last well-read line below the titles in a name's case ("H'Hen Niê"): a candidate, its surname on no list."""
    for line in reversed(lines):
        name = strip_titles(line.text.strip())
        whole = has_names_case(name) and name.split()[0] not in load("surnames")["middle_names"]
        if whole and word_confidence(line.words) >= _WELL_READ:
            return value_from(name, [line], NOT_SURE, trust=0.0)
    return FieldValue(None, 0.0)


def begins_with_middle(name: FieldValue[str]) -> bool:
    """Whether a name of two words is a middle and a given name ('Thị Hoa'): there is no such surname."""
    words = (name.value or "").split()
    return len(words) == 2 and words[0] in load("surnames")["middle_names"]


def is_beheaded(name: FieldValue[str], axis: float | None, lines: Sequence[TextLine]) -> bool:
    """Whether a name of two words begins with a middle name ('Quang Sơn') and its line has room for a surname."""
    if begins_with_middle(name):
        return True
    words = (name.value or "").split()
    if len(words) != 2 or axis is None:
        return False
    line = next((line for line in lines if name.value and line.text.endswith(name.value)), None)
    width = width_from(line, axis) if line else None
    return width is not None and width > advance(name.value or "") + _SHORT_SURNAME


def _is_given_as_well(word: str) -> bool:
    """Whether a surname is oftener a middle or a given name: 'Kim', 'Quang'."""
    return is_rare_surname(word) and (word in given_names() or word in load("surnames")["middle_names"])


def doubted_beginning(name: FieldValue[str], lines: Sequence[TextLine], damaged: bool) -> FieldValue[str]:
    """The name, withheld where its first word may be a middle name and what stood before it is hidden.

    Args:
        name: as it was read.
        lines: of the signature.
        damaged: whether a seal has taken the head of a title above it.
    """
    words = (name.value or "").split()
    given = bool(words) and (_is_given_as_well(words[0]) or (damaged and len(words) == 2))
    if not given or name.confidence < SURE or name.method == "inferred":
        return name
    line = next((line for line in lines if name.value and line.text.endswith(name.value)), None)
    specks = line is not None and line.text != name.value and strip_titles(line.text) != name.value
    return name.doubted() if damaged or specks else name


def axis_of_signer(lines: Sequence[TextLine]) -> float | None:
    """The middle of the signature by the signer's name, if that was read."""
    for line in reversed(lines):
        if not is_capitals(line.text) and (found := read_name(line.text)):
            return axis_of_name(line, found[0])
    return None


def _spelt_elsewhere(name: str, text: str) -> str | None:
    """The one whole name in the text that ``name`` can be a misreading of."""
    size = len(name.split())
    words = [w.strip(".,;:()") for w in text.split()]
    wholes = {" ".join(words[i : i + size]) for i in range(len(words) - size + 1) if words[i][:1].isupper()}
    whole = sorted(whole for whole in wholes if whole != name and is_name(whole) and fuzz.ratio(whole, name) >= 87)
    found = clearest(name, whole)
    return found[0] if found else None


def _capital_name(lines: Sequence[TextLine], titles: Sequence[TextLine]) -> FieldValue[str]:
    """A name set in capitals, as some offices print it; no capitals of a seal, nor a piece of a title."""
    words = {*load("signing")["title_words"], "TỔ", "BAN", "PHÒNG"}
    for line in reversed(lines):
        if hidden_name([line], None).value:  # a damaged name in small letters, and above it what its seal says
            return FieldValue(None, 0.0)
        if not line.text.isupper() or words & set(line.text.split()) or read_signing_line(line.text):
            continue
        found = read_name(line.text.title())
        whole = found and found[1] == 1.0 and likeness(found[0], line.text) > 0.9 and not regex.search(r"\d", line.text)
        if found and whole and not any(_is_of_seal(line, title) for title in titles[-1:]):
            return value_from(found[0], [line], 0.8)
    return FieldValue(None, 0.0)


def _is_of_seal(line: TextLine, title: TextLine) -> bool:
    """Whether a line in capitals is smaller than the title above it, or all of it left of the title's middle."""
    if line.box is None or title.box is None:
        return False
    return line.box.height < _SMALLER * title.box.height or line.box.x1 < title.box.x_center
