"""How right a reading is, against the text that is known: words, words with digits, lines, and each letter.

Both are compared in NFC with tone marks placed the old way and dashes and quotes as one. Words are counted whatever
their order, since columns may be read in either. Characters and letters are compared on lines that are plainly the
same (:data:`ALIKE`). A word of the truth with :data:`UNREADABLE` in it is not scored, nor is its line.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from vndoc.ocr.engines.lines.alphabet import VIETNAMESE
from vndoc.repair.syllable import fold_tone

UNREADABLE = "¤"
"""Stands in a truth for what nobody can read, or what is written by hand."""
ALIKE = 0.6
"""Least likeness of a line of the truth and the line that was read for it."""
_SHORT = 4  # letters of a line under which its likeness says nothing
_EDGE = ".,;:!?)\"'"
_FOLD = str.maketrans("–—−“”‘’Ðð", "---\"\"''Đđ", "\u00ad\u200b")


def folded(text: str) -> str:
    """The form in which texts are compared: NFC, one dash, one quote, tone marks placed the old way, single blanks."""
    plain = unicodedata.normalize("NFC", text.replace("…", "...")).translate(_FOLD)
    return " ".join(map(_placed, plain.split()))


def _placed(word: str) -> str:
    core = word.rstrip(_EDGE)
    return fold_tone(core) + word[len(core) :]


class Mistake(NamedTuple):
    """A line that was read otherwise than it is printed; ``read`` is empty where no line resembles it."""

    true: str
    read: str


@dataclass(slots=True)
class Score:
    """Counts over pages; they add up with ``+``.

    Attributes:
        words, read, both: words of the truth, words that were read, and those that both have.
        digits, digits_both: words with a digit in them of the truth, and those that were read.
        lines, aligned, exact: lines of the truth, those that were found among the lines read, those read exactly.
        characters, errors: characters of the lines that were found, and the edits that would make them right.
        letters, letters_right: of each of the 134 letters, how often the lines that were found have it, and how often
            it was read.
        mistakes: the lines that are not exact.
    """

    words: int = 0
    read: int = 0
    both: int = 0
    digits: int = 0
    digits_both: int = 0
    lines: int = 0
    aligned: int = 0
    exact: int = 0
    characters: int = 0
    errors: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    letters_right: Counter[str] = field(default_factory=Counter)
    mistakes: list[Mistake] = field(default_factory=list)

    def __add__(self, other: Self) -> "Score":
        """The counts of both together."""
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def recall(self) -> float:
        """Share of the true words that were read."""
        return _share(self.both, self.words)

    @property
    def precision(self) -> float:
        """Share of the words read that are true."""
        return _share(self.both, self.read)

    @property
    def digit_recall(self) -> float:
        """Share of the true words with digits that were read."""
        return _share(self.digits_both, self.digits)

    @property
    def line_recall(self) -> float:
        """Share of the true lines that were found."""
        return _share(self.aligned, self.lines)

    @property
    def exact_lines(self) -> float:
        """Share of the lines found that are exact."""
        return _share(self.exact, self.aligned)

    @property
    def cer(self) -> float:
        """Character error rate of the lines found."""
        return self.errors / self.characters if self.characters else 0.0

    def weak(self, least: float) -> list[tuple[str, int, int]]:
        """Letters of which less than this share was read, worst first: letter, times right, times there."""
        rows = [(letter, self.letters_right[letter], times) for letter, times in self.letters.items()]
        return sorted((row for row in rows if row[1] < least * row[2]), key=lambda row: (row[1] / row[2], -row[2]))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def score(read: Sequence[str], truth: Sequence[str]) -> Score:
    """Score the lines that were read on a page against those that are printed on it."""
    have, want = [folded(line) for line in read], [folded(line) for line in truth]
    words, wanted = Counter(" ".join(have).split()), _readable(" ".join(want).split())
    both = words & wanted
    total = Score(wanted.total(), words.total(), both.total(), _with_digits(wanted), _with_digits(both))
    lines = [line for line in want if line and UNREADABLE not in line]
    for line, found in zip(lines, _aligned(lines, [line for line in have if line]), strict=True):
        _add_line(total, line, found)
    return total


def _readable(words: Iterable[str]) -> Counter[str]:
    return Counter(word for word in words if UNREADABLE not in word)


def _with_digits(words: Counter[str]) -> int:
    return sum(times for word, times in words.items() if any(map(str.isdecimal, word)))


def _aligned(truth: Sequence[str], read: Sequence[str]) -> list[str | None]:
    """For each true line the line read for it, each used once and the likest first; None where there is none."""
    found: list[str | None] = [None] * len(truth)
    if not truth or not read:
        return found
    likeness = cdist(truth, read, scorer=Levenshtein.normalized_similarity)
    used: set[int] = set()
    for place in np.argsort(-likeness, axis=None, kind="stable"):
        line, other = divmod(int(place), len(read))
        # A short line resembles many: it must be the same.
        if likeness[line, other] < (ALIKE if len(truth[line]) >= _SHORT else 1.0):
            continue
        if found[line] is None and other not in used:
            found[line] = read[other]
            used.add(other)
    return found


def _add_line(total: Score, true: str, read: str | None) -> None:
    total.lines += 1
    if read != true:
        total.mistakes.append(Mistake(true, read or ""))
    if read is None:
        return
    total.aligned += 1
    total.exact += read == true
    total.characters += len(true)
    total.errors += Levenshtein.distance(true, read)
    total.letters.update(c for c in true if c in VIETNAMESE)
    total.letters_right.update(c for c in _kept(true, read) if c in VIETNAMESE)


def _kept(true: str, read: str) -> Iterator[str]:
    """The characters of the true line that were read."""
    for block in Levenshtein.opcodes(true, read):
        if block.tag == "equal":
            yield from true[block.src_start : block.src_end]
