"""Line starts that may be labels of numbered units, each with all that OCR may have made of it.

A candidate is not yet a label: '20. ' may begin a wrapped date. Which candidates are labels, and with which number,
is settled by their sequence in :mod:`vndoc.parse.outline.sections`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import regex

from vndoc.parse.fold import fold
from vndoc.parse.knowledge import is_capitals, load
from vndoc.parse.lines import TextLine

Style = Literal["phan", "chuong", "muc", "tieu_muc", "dieu", "khoan", "diem", "la_ma"]

_JUNK = regex.compile(r"[\s._,:;'`~*^•]{0,4}")
_CAPS = regex.compile(r"\W*(?:\p{Lu}[\p{Lu}\d\p{P}]+\W*){2}")
_QUOTES = regex.compile("[“”]")
_ROMAN = regex.compile(r"(X{0,3})(IX|IV|V?I{0,3})")
_NUMERAL = str.maketrans({"1": "I", "L": "I", "|": "I", "T": "I", "J": "I", "Y": "V"})
_REJECT = 2.5
_LAST = regex.compile(r"\d+$")
_QUOTED, _QUOTED_LINES = 4500, 60
"""Letters and lines over which a quotation goes at most; in a text that flows a line is a paragraph."""
_CAPITALS = 26
_FINISHED = (".", ";", ":", "”", "/")


@dataclass(slots=True, frozen=True)
class LabelReading:
    """One way to read a candidate: kind of label, its place in the sequence (from 1), and what reading so costs."""

    kind: str
    ordinal: int
    cost: float


@dataclass(slots=True, frozen=True)
class LabelCandidate:
    """A line start that looks like a label. Offsets count in the document's text; ``label`` is as read."""

    line: int
    start: int
    end: int
    label: str
    readings: tuple[LabelReading, ...]
    accept: float
    reject: float
    clear: bool = False
    """The print is beyond doubt: what the sequence asks for does not change the label."""


@dataclass(slots=True, frozen=True)
class LabelKind:
    """A kind of label, as ``data/labels.json`` has it."""

    name: str
    style: Style
    rank: float
    numeral: str
    word: str | None

    def spell(self, ordinal: int, prefix: str = "") -> str:
        """The label of ``ordinal``: 'Điều 3', 'IV', 'đ', '2.1'."""
        if self.numeral == "roman":
            number = roman(ordinal)
        elif self.numeral == "small roman":
            number = roman(ordinal).lower()
        elif self.numeral in ("letter", "capital"):
            number = _letters()[ordinal - 1] if self.numeral == "letter" else chr(64 + ordinal)
        elif self.numeral == "decimal":
            number = f"{prefix}.{ordinal}" if prefix else str(ordinal)
        else:
            number = str(ordinal)
        return f"{self.word} {number}" if self.word else number


@cache
def kinds_of_labels() -> dict[str, LabelKind]:
    """All kinds of labels by name."""
    return {
        s["kind"]: LabelKind(s["kind"], s["style"], s["rank"], s["numerals"][0], s.get("word"))
        for s in reversed(load("labels")["styles"])
    }


@cache
def _letters() -> str:
    return str(load("labels")["letters"])


def roman(number: int) -> str:
    """Roman numeral of 1 to 39."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][ones]


def from_roman(numeral: str) -> int | None:
    """Value of a Roman numeral up to XXXIX, None if it is none."""
    match = _ROMAN.fullmatch(numeral)
    if not numeral or not match:
        return None
    ones = {"IX": 9, "IV": 4}.get(match[2], 5 * match[2].count("V") + match[2].count("I"))
    return 10 * len(match[1]) + ones


def due_after(kind: str, ordinal: int) -> int | None:
    """The ordinal that follows: the next, but no writer of Vietnamese counts f, j, w or z; None behind the last."""
    following = ordinal + 1
    if kind.startswith("diem"):
        while following < len(_letters()) and _letters()[following - 1] in load("labels")["foreign"]:
            following += 1
        return following if following <= len(_letters()) else None
    return following if kind != "capital" or following <= _CAPITALS else None


def missed(kind: str, after: int, ordinal: int) -> int:
    """How many labels stand between two ordinals that a writer would not have skipped ('đ', 'f' and 'w' he may)."""
    between = range(after + 1, ordinal)
    if kind.startswith("diem"):
        return sum(_letters()[i - 1] not in load("labels")["skippable"] for i in between)
    return len(between)


def find_candidates(lines: Sequence[TextLine]) -> Iterator[LabelCandidate]:
    """Line starts of ``lines`` (the body's) that may be labels, in order."""
    quoted = _quoted(lines)
    width = sorted(len(line.text) for line in lines)[len(lines) * 9 // 10] if lines else 0
    for index, line in enumerate(lines):
        at = _lead(line)
        found = _match_styles(line.text[at:])
        if not found:
            continue
        length, label, readings, passing = found
        end = _behind(line, at + length)
        rest = line.text[end - line.start :]
        accept, reject = _context(lines, index, rest, width)
        if passing < _REJECT:  # a doubtful form: a label the sooner when the line before is finished
            reject = min(reject, passing + 0.6 * (index > 0 and lines[index - 1].text.rstrip().endswith(_FINISHED)))
        if quoted[index]:
            accept += 6
        clear = _is_clear(line.part(at, at + length))
        yield LabelCandidate(index, line.start + at, end, label, readings, accept, reject, clear)


def label_end(line: TextLine) -> int:
    """Offset in the document of what stands behind the label that opens ``line``; the line's start if none does."""
    at = _lead(line)
    found = _match_styles(line.text[at:])
    return _behind(line, at + found[0]) if found else line.start


def _lead(line: TextLine) -> int:
    junk = _JUNK.match(line.text)
    return junk.end() if junk else 0


def _behind(line: TextLine, at: int) -> int:
    return line.end - len(line.text[at:].lstrip())


def _is_clear(label: TextLine) -> bool:
    """Whether a program wrote the label into the file, and no engine read it."""
    return all(w.box and not w.origin.recognised and w.raw in (None, w.text) for w in label.words)


@cache
def _styles() -> list[tuple[dict[str, Any], "regex.Pattern[str]"]]:
    return [(s, regex.compile(s["pattern"])) for s in load("labels")["styles"]]


def _match_styles(text: str) -> tuple[int, str, tuple[LabelReading, ...], float] | None:
    """Length of the label that opens ``text``, the label as read, its readings, and the cost of passing it over."""
    folded, length, label, passing = fold(text[:60]), 0, "", 0.0
    readings: list[LabelReading] = []
    for style, pattern in _styles():
        match = pattern.match(folded)
        if not match:
            continue
        raw = text[match.start("n") : match.end("n")]
        if style.get("capital") and not (text[0].isupper() or raw[0] in "l1|"):
            continue
        caps = bool(_CAPS.match(text[match.end() :]))
        if style.get("caps_follow") and not caps:
            continue
        if style.get("capital_follows") and not text[match.end() :].lstrip()[:1].isupper():
            continue
        price = style.get("cost", 0.0)
        new = [
            LabelReading(style["kind"], n, c + price)
            for numeral in style["numerals"]
            for n, c in _read(numeral, raw, caps)
        ]
        if new and not readings:
            length, label = match.end(), text[match.start("n") : match.end("n")]
            label = f"{style['word']} {label}" if style.get("word") else label
        readings += new
        passing = max(passing, style.get("reject", _REJECT)) if new else passing
    best = {(r.kind, r.ordinal): r for r in sorted(readings, key=lambda r: -r.cost)}
    return (length, label, tuple(sorted(best.values(), key=lambda r: r.cost)), passing) if readings else None


def _read(numeral: str, raw: str, caps: bool) -> Iterator[tuple[int, float]]:
    """Ordinals that ``raw`` may stand for, with costs."""
    data = load("labels")
    if numeral == "roman":
        clean = raw.upper().translate(_NUMERAL).replace("H", "II")
        value = from_roman(clean)
        if value:
            strange = sum(c not in "IVX" for c in raw)
            yield value, 0.0 if not strange else 0.4 if caps and strange < len(raw) else 1.2 if caps else 3.0
    elif numeral == "small roman" and raw.islower() and (value := from_roman(raw.upper())):
        yield value, 0.0
    elif numeral == "ordinal" and fold(raw) in data["ordinals"]:
        yield data["ordinals"].index(fold(raw)) + 1, 0.0
    elif numeral == "capital" and regex.fullmatch("[A-H]", raw):
        yield ord(raw) - 64, 0.0 if raw not in "CD" else 0.2
    elif numeral == "decimal":
        yield int(_LAST.findall(raw)[0]) or 99, 0.0
    elif numeral == "arabic":
        digits = "".join(data["digit_readings"].get(fold(c), c) for c in raw)
        number = regex.match(r"\d+", digits)
        if number and int(number.group()):
            yield int(number.group()), 0.0 if raw[: number.end()].isdigit() else 0.6
    elif numeral == "letter":
        yield from _read_letter(raw)


def _read_letter(raw: str) -> Iterator[tuple[int, float]]:
    letters, others = _letters(), load("labels")["letter_readings"]
    low = raw.lower()
    if raw.isupper() and raw not in "ĐÐ":
        return
    if low in letters:
        yield letters.index(low) + 1, 0.0
    elif fold(low) in letters:
        yield letters.index(fold(low)) + 1, 0.3
    for other in others.get(low, "") + others.get(fold(low), ""):
        yield letters.index(other) + 1, 1.0


def _quoted(lines: Sequence[TextLine]) -> list[bool]:
    """Whether each line begins inside a quotation that opens and closes in the body."""
    opened: list[int] = []
    inside = [False] * len(lines)
    for index, line in enumerate(lines):
        for mark in _QUOTES.finditer(line.text):
            if mark.group() == "“":
                opened.append(index)
            elif opened:
                first = opened.pop()
                if index - first <= _QUOTED_LINES and line.start - lines[first].start <= _QUOTED:
                    inside[first + 1 : index + 1] = [True] * (index - first)
    return inside


def _goes_on(text: str) -> bool:
    """Whether a line ends with a word behind which its sentence must go on ('… tại khoản'); titles may end so."""
    last = fold(text).rsplit(maxsplit=1)[-1:]
    return bool(last) and last[0] in load("labels")["wrapped_after"] and not is_capitals(text)


def _context(lines: Sequence[TextLine], index: int, rest: str, width: int) -> tuple[float, float]:
    """Costs of taking the candidate for a label and of passing it over, by what stands around it."""
    accept, reject = 0.0, _REJECT
    if rest[:1].islower():
        accept, reject = 1.5, 0.8
    if index:
        before = lines[index - 1]
        tail = before.text.rstrip()
        blank = lines[index].block != before.block and lines[index].page == before.page
        if tail[-1:] not in '.;:!?”"/),' and len(tail) >= 0.85 * width and not blank:
            accept += 1.0
        if _goes_on(tail) and len(tail) >= 0.5 * width:
            accept += 4.0
    return accept, reject
