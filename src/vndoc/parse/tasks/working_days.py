"""Working days of Vietnamese offices, and when a term that is counted from an event runs out.

Days off are the weekend and the public holidays of the Labour Code (2019, Article 112) with the days swapped for them
by the government's yearly notice; the package ``holidays`` keeps them, the lunar new year included.
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal

from holidays import HolidayBase, country_holidays

Unit = Literal["hour", "working_day", "day", "week", "month", "year"]


@cache
def _calendar() -> HolidayBase:
    return country_holidays("VN")


@lru_cache(maxsize=4096)
def end_of_term(base: date, amount: int, unit: Unit) -> date | None:
    """Last day of a term of ``amount`` units after an event on ``base``; None for hours, and beyond the calendar.

    The Civil Code (2015) counts from the next day on (Article 147), ends months and years on the day of the same
    number or the month's last, and lets a term that would end on a day off end with the next working day (Article 148).
    A negative ``amount`` counts back from the event, to the working day before.
    """
    if unit == "hour":
        return None
    try:
        if unit == "working_day":
            return _calendar().get_nth_working_day(base, amount) if amount else base
        if unit in ("month", "year"):
            last = _months_later(base, amount * (12 if unit == "year" else 1))
        else:
            last = base + timedelta(days=amount * (7 if unit == "week" else 1))
        return (
            last if _calendar().is_working_day(last) else _calendar().get_nth_working_day(last, -1 if amount < 0 else 1)
        )
    except (OverflowError, ValueError):
        return None


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
