"""Counts of what was read right and wrong: characters, lines, each Vietnamese letter, words with digits."""

from collections import Counter
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from vndoc.ocr.engines.lines.alphabet import VIETNAMESE


@dataclass(slots=True)
class Scores:
    """Counts over some lines."""

    lines: int = 0
    exact: int = 0
    characters: int = 0
    edits: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    """How often each Vietnamese letter is in the truth."""
    found: Counter[str] = field(default_factory=Counter)
    """How often it was read as what it is."""
    numbers: int = 0
    """Words with a digit in the truth."""
    numbers_found: int = 0

    def add(self, truth: str, reading: str) -> None:
        """Count one line."""
        self.lines += 1
        self.exact += truth == reading
        self.characters += len(truth)
        edits = Levenshtein.editops(truth, reading)
        self.edits += len(edits)
        wrong = {edit.src_pos for edit in edits if edit.tag != "insert"}
        for at, letter in enumerate(truth):
            if letter in VIETNAMESE:
                self.letters[letter] += 1
                self.found[letter] += at not in wrong
        read = Counter(reading.split())
        for word, count in Counter(w for w in truth.split() if any(c.isdigit() for c in w)).items():
            self.numbers += count
            self.numbers_found += min(count, read[word])

    @property
    def cer(self) -> float:
        """Edits for each character of the truth."""
        return self.edits / max(1, self.characters)

    @property
    def lines_right(self) -> float:
        """Share of the lines without an error."""
        return self.exact / max(1, self.lines)

    def worst(self, count: int, least: int = 5) -> list[tuple[str, float, int]]:
        """Letters of the lowest recall, with it and how many there were; only those that came ``least`` times."""
        rows = [(letter, self.found[letter] / n, n) for letter, n in self.letters.items() if n >= least]
        return sorted(rows, key=lambda row: (row[1], -row[2], row[0]))[:count]

    def report(self) -> str:
        """Two lines of text."""
        marked = self.found.total() / max(1, self.letters.total())
        worst = ", ".join(f"{letter} {recall:.3f} of {n}" for letter, recall, n in self.worst(12))
        return (
            f"{self.lines} lines, {self.characters} characters: CER {100 * self.cer:.2f} %, "
            f"lines right {self.lines_right:.3f}, "
            f"words with digits {self.numbers_found / max(1, self.numbers):.3f} of {self.numbers}\n"
            f"  Vietnamese letters {marked:.4f}, {len(self.letters)} of {len(VIETNAMESE)} came; worst: {worst}"
        )
