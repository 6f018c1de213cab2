"""What the lines say: passages of the corpus, and between them what dispatches are full of and running text is not.

Codes, numbers, dates, labels of lists, capitals, names and abbreviations are weighed up, words with two marks too; one
line in eight is made of words chosen so that every Vietnamese letter comes as often as any other, and in one line in
ten marks are swapped, so that the network looks at the ink and not at the word.
"""

import json
import random
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from vndoc.ocr.engines.lines.alphabet import DOUBLE, MARKED, SIGNS, normal

SHORTEST, LONGEST = 8, 72  # characters of a line
PHRASES: dict[str, list[str]] = json.loads(Path(__file__).with_name("phrases.json").read_text(encoding="utf-8"))
_OFFICIAL = 0.65  # share of official text
_WITHOUT_DOUBLE = 0.4  # of passages without a letter of two marks, so many are used
_USUAL = 4  # times that a word must come to be more than a slip
_SWAPPED = 0.5  # of the letters that one mark tells from another, in a line that is to be read letter by letter
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_LETTERS = "abcdđeghiklmn"
_TONES = "\u0300\u0301\u0303\u0309\u0323"


class Texts:
    """Lines of text without end, of the rows of :mod:`training.lines.passages`; ``kept`` takes those set aside."""

    def __init__(self, rows: list[str], kept: bool) -> None:
        kinds: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            kind, _, text = row.partition("\t")
            kinds[kind].append(text)
        self.official = kinds["kept"] if kept else kinds["official"] or kinds["other"]
        self.other = kinds["kept"] if kept else kinds["other"] or kinds["official"]
        if not self.official:
            raise ValueError("no passages of this kind: write them with training.lines.passages")
        self._words = list(_by_letter(self.official[:30_000] + self.other[:30_000]).values())

    def line(self, rng: random.Random) -> str:
        """One line, its characters all in the alphabet."""
        longest = rng.randint(10, 46) if rng.random() < 0.9 else rng.randint(46, LONGEST)
        make = rng.choices(_MAKERS, _WEIGHTS)[0]
        text = make(self, rng, longest)
        case = rng.random()
        if case < 0.16:
            text = text.upper()
        elif case < 0.19:
            text = text.title()
        return normal(text)[:LONGEST].strip() or "Số:"

    def passage(self, rng: random.Random, longest: int) -> str:
        """Some words in a row, about ``longest`` characters."""
        for _ in range(20):
            words = rng.choice(self.official if rng.random() < _OFFICIAL else self.other).split()
            start = rng.randrange(len(words)) if rng.random() < 0.7 else 0
            text = words[start]
            for word in words[start + 1 :]:
                if len(text) + 1 + len(word) > longest:
                    break
                text += " " + word
            if 2 < len(text) <= longest + 12 and (rng.random() < _WITHOUT_DOUBLE or not DOUBLE.isdisjoint(text)):
                return text
        return "Nơi nhận:"

    def balanced(self, rng: random.Random, longest: int) -> str:
        """Words in no order, each chosen for one letter, every letter as often as any other."""
        text = ""
        while len(text) < longest - 6:
            text += rng.choice(rng.choice(self._words)) + " "
        return text.upper() if rng.random() < 0.4 else text

    def swapped(self, rng: random.Random, longest: int) -> str:
        """Words in a row of which many bear another mark than they should: only the ink can tell which."""
        passage = self.passage(rng, longest)
        return "".join(rng.choice(ALIKE[c]) if c in ALIKE and rng.random() < _SWAPPED else c for c in passage)


def _alike() -> dict[str, str]:
    """For each letter with a mark above it all letters of the same base that differ in this mark alone."""
    groups: dict[str, str] = defaultdict(str)
    for letter in MARKED + "aeiouyăâêôơư":
        bare = "".join(c for c in unicodedata.normalize("NFD", letter) if c not in _TONES)
        groups[bare] += letter
    return {letter: group for group in groups.values() if len(group) > 1 for letter in group}


ALIKE = _alike()
"""What the tones of Vietnamese make of one vowel: ``ê`` and ``ề ế ể ễ ệ`` are alike."""


def _by_letter(passages: list[str]) -> dict[str, list[str]]:
    """Words with each marked letter, with w, f, j and z; those of which there are some, if there are any."""
    counts = Counter(w.lower() for text in passages for w in text.split() if w.isalpha() and len(w) < 8)
    letters = {*MARKED, *"wfjz"}
    found: dict[str, set[str]] = defaultdict(set)
    for word in counts:
        for letter in letters.intersection(word):
            found[letter].add(word)
    usual = {letter: {w for w in words if counts[w] >= _USUAL} or words for letter, words in found.items()}
    return {letter: sorted(words) for letter, words in sorted(usual.items())}


def number(rng: random.Random) -> str:
    """A date, an amount, a code, a telephone number, a label."""
    r = rng.randint
    year, act = r(1990, 2029), rng.choice(PHRASES["acts"])
    unit, other = rng.choice(PHRASES["notations"]), rng.choice(PHRASES["notations"])
    kinds: tuple[Callable[[], str], ...] = (
        lambda: f"{r(1, 31)}/{r(1, 12)}/{year}",
        lambda: f"{r(1, 31):02}/{r(1, 12):02}/{year}",
        lambda: f"{r(1, 31):02}-{r(1, 12):02}-{year}",
        lambda: f"{r(1, 9999)}",
        lambda: f"{r(1, 999)}.{r(0, 999):03}" + (f".{r(0, 999):03}" if rng.random() < 0.5 else ""),
        lambda: f"{r(0, 99)},{r(0, 99)}{rng.choice(PHRASES['units'])}",
        lambda: f"{r(1, 9999)}/{act}-{unit}",
        lambda: f"{r(1, 9999)}/{unit}-{other}",
        lambda: f"{r(1, 300)}-{act}/{rng.choice(('TU', 'TW', 'ĐU', 'HU', unit))}",
        lambda: f"{r(1, 200)}/{year}/{rng.choice(PHRASES['laws'])}",
        lambda: f"{r(1, 200):02}/{year}/{rng.choice(PHRASES['laws'])}",
        lambda: f"0{r(100, 999)}.{r(100, 999)}.{r(100, 999)}",
        lambda: f"{r(1, 12)}.{r(1, 20)}.",
        lambda: f"{r(0, 23):02}h{r(0, 59):02}",
        lambda: f"{rng.getrandbits(48) % 10 ** r(6, 12)}",
    )
    return rng.choice(kinds)()


def _address(rng: random.Random) -> str:
    return f"{rng.choice(PHRASES['boxes'])}@{rng.choice(PHRASES['sites'])}.gov.vn"


def name(rng: random.Random) -> str:
    """A person's name, often with a degree or in capitals."""
    whole = " ".join([rng.choice(PHRASES["surnames"]), *rng.choices(PHRASES["given"], k=rng.randint(1, 3))])
    return rng.choice((whole, whole, whole.upper(), f"TS. {whole}", f"{rng.choice(('Ông', 'Bà', 'Đồng chí'))} {whole}"))


def _initials(rng: random.Random) -> str:
    """Of whoever drafted the dispatch, in small letters or in capitals."""
    letters = "".join(rng.choices("abcdđeghiklmnopqrstuvxy", k=rng.randint(1, 4)))
    return letters if rng.random() < 0.5 else letters.upper()


def _mixed(texts: Texts, rng: random.Random, longest: int) -> str:
    parts: list[str] = []
    while len(" ".join(parts)) < longest - 8:
        kind = rng.random()
        if kind < 0.5:
            parts.append(number(rng))
        elif kind < 0.68:
            parts.append(rng.choice(PHRASES["headings"]))
        elif kind < 0.8:
            parts.append(name(rng))
        else:
            parts.append(texts.passage(rng, 12))
    return " ".join(parts)


def _heading(texts: Texts, rng: random.Random, longest: int) -> str:
    heading = rng.choice(PHRASES["headings"])
    return f"{heading} {texts.passage(rng, max(8, longest - len(heading)))}" if rng.random() < 0.5 else heading


def _form(texts: Texts, rng: random.Random, longest: int) -> str:
    """A line with the signs of its place: item of a list, number and date, recipient, leader, telephone."""
    words = texts.passage(rng, max(10, min(longest, 40) - 6))
    r = rng.randint
    kinds: tuple[Callable[[], str], ...] = (
        lambda: f"Số: {number(rng)}",
        lambda: f"Số: {number(rng)} ngày {number(rng)}",
        lambda: f"ngày {r(1, 31):02} tháng {r(1, 12):02} năm {r(1995, 2028)}",
        lambda: f"- {words}{rng.choice((';', '.', ',', ':'))}",
        lambda: f"+ {words};",
        lambda: f"{r(1, 30)}. {words}",
        lambda: f"{r(1, 9)}.{r(1, 9)}. {words}",
        lambda: f"{rng.choice(_LETTERS)}) {words}",
        lambda: f"Điều {r(1, 60)}. {words}",
        lambda: f"{rng.choice(_ROMAN)}. {words.upper()}",
        lambda: f"({words})",
        lambda: f"“{words}”",
        lambda: f'"{words}"',
        lambda: f"Lưu: VT, {rng.choice(PHRASES['notations'])} ({r(1, 20)}b).",
        lambda: f"Lưu: VT, {rng.choice(PHRASES['notations'])}({_initials(rng)}).",
        lambda: f"{words}, {rng.choice(PHRASES['notations'])}{_initials(rng)}{r(1, 99)};",
        lambda: f"{words[:20]} {rng.choice('..….') * r(3, 14)}",
        lambda: f"{words}./.",
        lambda: f"{words} ({number(rng)});",
        lambda: f"{rng.choice(('Email: ', 'Website: '))}{_address(rng)}",
        lambda: f"Điện thoại: {number(rng)}; Fax: {number(rng)}",
        lambda: f"{number(rng)} {number(rng)} {number(rng)}",
        lambda: f"{r(1, 99)} {name(rng)} {number(rng)}",
        lambda: name(rng),
        lambda: number(rng),
        lambda: f"‘{words}’",
        lambda: f"[{words}]",
        lambda: f"{number(rng)} {rng.choice(SIGNS)} {number(rng)}",
        lambda: f"{rng.choice(SIGNS)} {words} {rng.choice(SIGNS)}",
        lambda: f"{words}{rng.choice(SIGNS)}{number(rng)}",
    )
    return rng.choice(kinds)()


_MAKERS: tuple[Callable[[Texts, random.Random, int], str], ...] = (
    Texts.passage,
    Texts.balanced,
    Texts.swapped,
    _mixed,
    _form,
    _heading,
)
_WEIGHTS = (0.47, 0.12, 0.10, 0.13, 0.12, 0.06)
