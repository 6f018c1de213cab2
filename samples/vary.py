"""Thousands of dispatches from a few: other numbers, dates, places and signers, the truth changed along with the page.

A letter is varied as JSON text, so that a place or a date changes everywhere at once: in the heading, the body, the
references, the deadlines and their quotes. All dates of a letter move by the same number of days.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from samples.compose import compose
from samples.letter import Letter

_NAMES = json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8"))
_ISO = re.compile(r"\b(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b")
_SHORT = re.compile(r"\b(?P<day>\d\d?)/(?P<month>\d\d?)/(?P<year>20\d\d)\b")
_LONG = re.compile(r"ngày (?P<day>\d\d?) tháng (?P<month>\d\d?) năm (?P<year>20\d\d)\b")


def letters(kept: Sequence[Letter], amount: int, seed: int = 0) -> Iterator[Letter]:
    """So many letters, made from the kept ones in turn; the same seed gives the same letters."""
    for k in range(amount):
        yield vary(kept[k % len(kept)], seed * 1_000_003 + k)


def vary(letter: Letter, seed: int) -> Letter:
    """One letter with another number, date, place and signer; ``doc`` gets the seed behind it."""
    rng = np.random.default_rng(seed)
    text = letter.model_dump_json()
    text = _move_dates(text, timedelta(days=int(rng.integers(-1200, 300))))
    for name, others in _NAMES["places"].items():
        other = str(rng.choice(others))
        text = text.replace(name, other).replace(name.upper(), other.upper())
    data = json.loads(text)
    data["doc"] = f"{letter.doc}-{seed}"
    data["code_number"] = f"{int(rng.integers(1, 3000)):02d}"
    if letter.signer.full_name:
        parts = (rng.choice(_NAMES[part]) for part in ("surnames", "middle", "given"))
        data["signer"]["full_name"] = " ".join(map(str, parts))
    varied = Letter.model_validate(data)
    return varied.model_copy(update={"pages": len(compose(varied))})


def _move_dates(text: str, days: timedelta) -> str:
    """All full dates, in the three ways of writing them; what looks like a date and is none stays."""

    def moved(match: re.Match[str]) -> date | None:
        try:
            return date(int(match["year"]), int(match["month"]), int(match["day"])) + days
        except ValueError:
            return None

    def written(match: re.Match[str]) -> str:
        day = moved(match)
        if day is None:
            return match[0]
        month = f"{day.month:02d}" if day.month < 3 else str(day.month)
        if match.re is _ISO:
            return day.isoformat()
        return f"{day:%d}/{month}/{day.year}" if match.re is _SHORT else f"ngày {day:%d} tháng {month} năm {day.year}"

    for pattern in (_ISO, _SHORT, _LONG):
        text = pattern.sub(written, text)
    return text
