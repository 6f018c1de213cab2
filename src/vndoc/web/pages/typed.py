"""What people type into the pages, as values: days in all the ways of writing them, lists, terms of a search."""

import re
from datetime import date

_NUMBERS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+")
_DAY_WORDS = frozenset({"ngày", "tháng", "năm", "ngay", "thang", "nam", "n", "t"})
_PIVOT = 70  # two digits: up to here they are years of this century
_YEARS = range(1945, 2101)


def typed_day(text: str, near: date) -> date | None:
    """The day that a person typed; None for nothing.

    ``5/3/24``, ``05-03-2024``, ``050324``, ``5.3``, ``ngày 5 tháng 3 năm 2024`` and ``2024-03-05`` are all the fifth
    of March 2024. Where no year is typed, it is that of ``near``.

    Raises:
        ValueError: it is no day, or one that no paper of an office can bear.
    """
    text = text.strip().lower()
    if not text:
        return None
    numbers = _NUMBERS.findall(text)
    if not set(_WORDS.findall(text)) <= _DAY_WORDS or len(_NUMBERS.sub("", text)) > 20:
        raise ValueError(text)
    if len(numbers) == 1:
        numbers = _apart(numbers[0])
    if len(numbers) == 3 and len(numbers[0]) == 4:
        numbers.reverse()
    if len(numbers) not in (2, 3) or any(len(number) > 2 for number in numbers[:2]):
        raise ValueError(text)
    year = _year(numbers[2]) if len(numbers) == 3 else near.year
    return date(year, int(numbers[1]), int(numbers[0]))


def _apart(digits: str) -> list[str]:
    """'050324', '05032024' and '0503' in their parts."""
    if len(digits) not in (4, 6, 8):
        raise ValueError(digits)
    if len(digits) == 8 and int(digits[:4]) in _YEARS and int(digits[4:6]) <= 12:
        return [digits[:4], digits[4:6], digits[6:]]
    return [part for part in (digits[:2], digits[2:4], digits[4:]) if part]


def _year(digits: str) -> int:
    if len(digits) == 2:
        return int(digits) + (2000 if int(digits) <= _PIVOT else 1900)
    if len(digits) != 4 or int(digits) not in _YEARS:
        raise ValueError(digits)
    return int(digits)


def typed_list(text: str) -> list[str]:
    """The parts between semicolons and line ends, without blanks around them."""
    return [part for part in (" ".join(part.split()) for part in re.split(r"[;\n]", text)) if part]


def shown_day(day: date | str | None) -> str:
    """``05/03/2024``; a text that is no ISO date stays as it is."""
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day) if len(day) == 10 else day
        except ValueError:
            return str(day)
    return f"{day:%d/%m/%Y}" if isinstance(day, date) else day or ""
