"""What a seal hides of a signature: the left end of the signer's title and of his name.

The seal covers about a third of the signature from the left (Decree 30/2020/NĐ-CP, Appendix I, II.8 a), so the right
ends are read. Title and name are centred about one axis: where that is known from an intact line, the right end of a
line tells how many letters it has, and so what may have stood there.
"""

from collections.abc import Sequence
from math import exp
from statistics import median

import regex
from rapidfuzz.distance import LCSseq
from unidecode import unidecode

from vndoc.parse.evidence import FieldValue, value_from
from vndoc.parse.form.foot.names import strip_titles
from vndoc.parse.form.foot.signing import SigningLine, positions
from vndoc.parse.knowledge import bare, is_capitals, likeness, load
from vndoc.parse.lines import TextLine
from vndoc.parse.misreading import contradicts, is_syllable, is_well_spelt

_LOOSE = 700
"""Standard deviation of a width measured by a right end, in thousandths of the type's size: boxes are loose."""
_SHARED = 12.0
"""How much likelier a surname is for each of its letters that was read."""
_CHANCE = 0.5
"""Letters that agree with a surname by chance, whatever the seal has left."""
_SAME_MARK, _OTHER_MARK = 0.3, -0.4
"""Letters that a mark read on one of them is worth where the surname has it, and where it has another or none."""
_BEHIND = r"[\s.,;:'’‘\"”“)(*_~|/\\<>?!^`•·–—-]*$"
"""Specks and strokes of a pen behind a name; a digit or another sign is a letter misread."""
_DAMAGED_NAME = rf"(?P<damaged>\S+)\s+(?P<given>\p{{Lu}}\p{{Ll}}*(?:\s\p{{Lu}}\p{{Ll}}+){{0,3}}){_BEHIND}"
_RARE = 30
"""Share, of a thousand, of all surnames that are not listed with one of their own."""
_UNLISTED = 0.2
"""Share, of a thousand, of one surname that is not listed with its own."""
_UNKNOWN_NAME = 0.45
"""Probability of a well-read surname that is on no list: under what is given as sure."""
_UNLISTED_NAME = 0.6
"""The same where it was read surely and a middle name follows, before which no surname has lost its head."""
_WELL_READ = 0.8
_SURELY_READ = 0.95
_HALF = 0.5
"""Likeness of a word of a title to what was read of it."""
_KEPT = 5
_TELLS_SURNAME = 1.0
"""Letters of a surname that must be read to give it: its width alone tells none, for a rank may stand before it."""
_FEW, _LIKELY = 2.0, 0.7
"""Letters up to which the likeliest surname must have this probability to be given."""


def axis_of(stated: Sequence[tuple[TextLine, SigningLine]]) -> float | None:
    """The middle of the signature, from the first line that was read whole; None without one."""
    for line, found in stated:
        if line.box and found.score == 1.0 and line.text.strip() == found.text:
            return line.box.x_center
    return None


def advance(text: str) -> int:
    """Width of a text in Times Bold, in thousandths of its size."""
    widths: dict[str, int] = load("advances")["widths"]
    return sum(widths.get(unidecode(char)[:1], 500) for char in text)


def axis_of_name(line: TextLine, name: str) -> float | None:
    """The middle of a line by its right end and the width of the name that it holds, whatever stands before it."""
    size = _size(line)
    return line.box.x1 - size * advance(name) / 2 if line.box and size else None


def width_from(line: TextLine, axis: float) -> float | None:
    """The width of a centred line by its right end, in thousandths of the type's size, which its last words tell."""
    size = _size(line)
    return 2 * (line.box.x1 - axis) / size if line.box and size else None


def _size(line: TextLine) -> float | None:
    """Pixels to a thousandth of the type's size, by the words that were read whole; None if the last was not."""
    words = [word for word in line.words if word.box and regex.fullmatch(r"\p{L}{2,}[.,]?", word.text)]
    if not words or words[-1] is not line.words[-1]:
        return None
    # The middle one of the words' sizes: a seal's stroke swells the box of the first.
    return median(word.box.width / advance(word.text) for word in words if word.box)


def hidden_name(lines: Sequence[TextLine], axis: float | None) -> FieldValue[str]:
    """The name of which the surname is damaged: the likeliest one, as sure as shape, length and frequency make it."""
    for line in reversed(lines):
        found = regex.search(_DAMAGED_NAME, strip_titles(regex.sub(r"^[^\p{L}]+", "", line.text)))
        if not found or is_capitals(line.text) or not all(is_syllable(word) for word in found["given"].split()):
            continue
        damaged, given = found["damaged"], found["given"]
        if bare(damaged) in map(bare, load("surnames")["middle_names"]):
            damaged, given = "", f"{damaged} {given}"
        elif middle := _middle_of(damaged):
            damaged, given = "", f"{middle} {given}"
        if " " not in given:
            continue
        width = width_from(line, axis) if axis is not None else None
        if _is_whole(damaged, line):
            surnames = _surnames_of_letters(damaged, _is_unlisted(damaged, given, line))
        else:
            trust = max((word.confidence for word in line.words if word.text.endswith(damaged)), default=1.0)
            surnames = _surnames(damaged, width and width - advance(f" {given}"), trust)
            if not _tells_surname(damaged, *surnames[0]):
                surnames = [(surname, min(p, _UNKNOWN_NAME)) for surname, p in surnames]
        named = [(f"{s} {given}", p) for s, p in surnames]
        best = value_from(named[0][0], [line], 1.0, "inferred", named)
        return FieldValue(best.value, named[0][1], best.page, best.box, best.raw, "inferred", named, best.reading)
    return FieldValue(None, 0.0)


def _tells_surname(damaged: str, surname: str, probability: float) -> bool:
    """Whether enough of a surname was read to give it; a small letter that begins it was misread itself: 'le'."""
    misread = damaged[:1].islower() and len(damaged) >= len(surname)
    letters = _letters_read(damaged, surname) - misread
    return letters >= _TELLS_SURNAME and (letters >= _FEW or probability >= _LIKELY)


def _middle_of(damaged: str) -> str | None:
    """The middle name of which a seal has left the end, where that ends no surname: 'hị' is of 'Thị'."""
    ends = [middle for middle in ("Thị", "Văn") if len(damaged) > 1 and middle.endswith(damaged)]
    others = [surname for surname in load("surnames")["shares"] if surname not in ends and surname.endswith(damaged)]
    return ends[0] if ends and not others else None


def _is_whole(word: str, line: TextLine) -> bool:
    """Whether a word with a capital is well spelt and well read, so that no seal can have covered its head."""
    read = max((known.confidence for known in line.words if known.text == word), default=0.0)
    return word[:1].isupper() and word[1:].islower() and is_well_spelt(word) and read >= _WELL_READ


def _is_unlisted(word: str, given: str, line: TextLine) -> bool:
    """Whether a word of names, read surely before a middle name, is a surname, though on no list."""
    read = max((known.confidence for known in line.words if known.text == word), default=0.0)
    listed = load("surnames")
    followed = given.split(maxsplit=1)[0] in listed["middle_names"]
    return read >= _SURELY_READ and followed and word in listed["given_names"]


def _surnames_of_letters(read: str, unlisted: bool) -> list[tuple[str, float]]:
    """Surnames of just these letters, marks aside, with their probabilities by frequency.

    Where there is none, the word as read is the likeliest, and not likely enough to be given.
    """
    shares: dict[str, float] = load("surnames")["shares"]
    alike = {s: shares.get(s, _UNLISTED) for s in load("surnames")["surnames"] if bare(s) == bare(read)}
    if not alike:
        likely = _surnames(read, None)
        most = max(p for _, p in likely)
        known = _UNLISTED_NAME if unlisted else _UNKNOWN_NAME
        return [(read, known), *((s, p / most * _UNKNOWN_NAME / 2) for s, p in likely[: _KEPT - 1])]
    total = sum(alike.values())
    return sorted(((surname, share / total) for surname, share in alike.items()), key=lambda w: -w[1])[:_KEPT]


def _surnames(damaged: str, width: float | None, trust: float = 1.0) -> list[tuple[str, float]]:
    """Surnames that a damaged word may be, the likeliest first, with their probabilities.

    ``trust`` is the word's confidence: of letters that are hardly read, each says half as much.
    """
    read = regex.sub(r"^\p{Ll}+(?=\p{Lu})", "", regex.sub(r"[^\p{L}]", "", damaged))  # 'sNØố': the seal's s, then N
    shares: dict[str, float] = load("surnames")["shares"]
    weights = {
        surname: share * _SHARED ** (_letters_read(read, surname) * (1 + trust) / 2) * _fits(width, advance(surname))
        for surname, share in shares.items()
    }
    total = sum(weights.values()) + _RARE * _fits(width, (width or 0) + _LOOSE)
    return sorted(((surname, weight / total) for surname, weight in weights.items()), key=lambda w: -w[1])[:_KEPT]


def _fits(measured: float | None, width: float) -> float:
    """How well a width fits the one measured by a right end; a little in any case, for the axis may be wrong."""
    return 1.0 if measured is None else 0.02 + 0.98 * exp(-(((measured - width) / _LOOSE) ** 2) / 2)


def _letters_read(read: str, surname: str) -> float:
    """How many of the surname's letters were read: at its end where its head is hidden, else in their order.

    Marks count as well: 'an' is rather the end of 'Phan' than of 'Trần'.
    """
    a, b = bare(read).replace(" ", ""), bare(surname)
    if not read[:1].isupper():
        ending = _ending_read(a, b)
        return max(0.0, ending - _CHANCE + _marks_read(read, surname, round(ending))) if ending else 0.0
    common = LCSseq.similarity(a, b)
    marks = _marks_read(read, surname, len(b)) if len(a) == len(b) else 0.0
    return max(0.0, common - _CHANCE * (1 + len(a) - common) + marks)


def _ending_read(read: str, known: str) -> float:
    """Letters that the ends of two words have in common, less those between that were read as others."""
    alike = [x == y for x, y in zip(reversed(read), reversed(known), strict=False)]
    return max((2 * sum(alike[:n]) - n for n in range(1, len(alike) + 1)), default=0)


def _marks_read(read: str, surname: str, letters: int) -> float:
    """What the marks on the last so many letters say, those aside that are other letters altogether."""
    pairs = zip(read.casefold()[-letters:], surname.casefold()[-letters:], strict=False)
    alike = [(x, y) for x, y in pairs if unidecode(x) == unidecode(y)]
    return sum(_OTHER_MARK if x != y else _SAME_MARK if not x.isascii() else 0.0 for x, y in alike)


def hidden_title(line: TextLine, axis: float | None) -> SigningLine | None:
    """A title of which only the end is read: the known one of that end and of the line's width."""
    words = regex.findall(r"\p{Lu}{2,}", line.text)
    width = width_from(line, axis) if axis is not None else None
    if width is None or not words or not is_capitals(line.text) or not line.text.rstrip(" .").endswith(words[-1]):
        return None
    common = load("signing")["common"]
    titles = [title for title in common if bare(title.split()[-1]) == bare(words[-1])]
    titles += [title for title in positions() if len(words) > 1 and bare(title).endswith(bare(" ".join(words[-2:])))]
    titles = [title for title in titles if not contradicts(line.text, title) and _may_end(words, title)]
    options = [*((None, title) for title in titles), *(("KT.", title) for title in titles if positions().get(title))]
    weighed = [(_fits(width, advance(f"{power or ''} {title}".strip())), power, title) for power, title in options]
    fits, power, title = max(weighed, key=lambda option: option[0], default=(0.0, None, ""))
    share = fits / sum(option[0] for option in weighed) if weighed else 0.0
    return SigningLine(power, title, 0.5 + 0.3 * share) if fits > 0.3 else None


def _may_end(read: Sequence[str], title: str) -> bool:
    """Whether the words read before the last can be a title's: 'ĂN PHÒNG' ends 'VĂN PHÒNG', and no 'TRƯỞNG PHÒNG'."""
    pairs = list(zip(reversed(read), reversed(title.split()), strict=False))[1:2]
    # What is no syllable is of the seal, not of the title.
    own = [(word, known) for word, known in pairs if is_well_spelt(word)]
    return all(bare(known).endswith(bare(word)) or likeness(word, known) > _HALF for word, known in own)
