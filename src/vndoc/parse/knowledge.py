"""What the parsers know about documents, read once from the JSON files beside them, and how loosely they compare.

Every record carries ``examples``; the tests hold each against its pattern. Comparison is by letters alone, without
diacritics and case, because capitals are what OCR strips of their marks first.
"""

import json
from collections.abc import Callable, Collection
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import regex
from rapidfuzz import fuzz
from unidecode import unidecode

from vndoc.parse.misreading import clearest

_RIVALS = 0.2
"""How much less alike than the floor a value may be to stand in another's way."""
_NOT_LETTERS = regex.compile(r"[^a-z0-9]+")


@cache
def load(name: str) -> Any:
    """The parsed contents of ``data/<name>.json``."""
    return json.loads(files("vndoc.parse").joinpath("data", f"{name}.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=50_000)
def bare(text: str) -> str:
    """Lower-case ASCII letters and digits of ``text``, words parted by one blank: 'ỦY BAN' -> 'uy ban'."""
    return str(_NOT_LETTERS.sub(" ", unidecode(text).lower())).strip()


def likeness(a: str, b: str) -> float:
    """How alike two strings are without marks, case and blanks, 0 to 1."""
    return fuzz.ratio(bare(a).replace(" ", ""), bare(b).replace(" ", "")) / 100


def best_match(
    text: str, choices: Collection[str], floor: float = 0.8, value: Callable[[str], object] | None = None
) -> tuple[str, float] | None:
    """The known value that ``text`` is, or is a misreading of, and their likeness.

    Args:
        text: what was read.
        choices: the known values.
        floor: the least likeness.
        value: what a choice means, where several mean the same.

    Returns:
        None where no choice is alike, where the letters read contradict it, or where several are as likely.
    """
    if text in choices:
        return text, 1.0
    alike = {choice: score for choice in choices if (score := likeness(text, choice)) >= floor - _RIVALS}
    found = clearest(text, alike, value)
    return (found[0], alike[found[0]]) if found and alike[found[0]] >= floor else None


def is_capitals(text: str, share: float = 0.8) -> bool:
    """Whether at least ``share`` of the letters are capitals (and there are two letters or more)."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 2 and sum(c.isupper() for c in letters) >= share * len(letters)
