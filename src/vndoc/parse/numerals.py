"""Numbers written out in Vietnamese, as days, months, hours and years are: 'mười lăm', 'Chín', 'hai mươi mốt'."""

from functools import cache

from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load


@cache
def _numbers() -> dict[str, int]:
    data = load("numerals")
    small = dict(data["digits"])
    for ten, value in data["tens"].items():
        small |= {ten: value} | {f"{ten} {digit}": value + n for digit, n in data["digits"].items()}
    years = {f"{lead} {words}": 2000 + n for lead in data["thousands"] for words, n in small.items() if n > 9}
    return small | years


def number(words: str) -> int | None:
    """The number that digits or ``words`` with their marks mean: '05' -> 5, 'Mười hai' -> 12, 'sau' -> None."""
    plain = " ".join(words.lower().split())
    return int(plain) if plain.isdigit() else _numbers().get(plain)


@cache
def number_words(years: bool = False) -> str:
    """A pattern for folded numbers below forty, or for ``years``; what it finds may still be none by its marks."""
    folded = {fold(words) for words, value in _numbers().items() if (value > 1999) == years}
    return "|".join(words.replace(" ", r"\s+") for words in sorted(folded, key=len, reverse=True))
