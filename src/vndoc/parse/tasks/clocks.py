"""The words between 'trước' and its day: an hour, a part of the working day, a weekday; and the hour that they mean."""

from datetime import time
from functools import cache

import regex

from vndoc.parse.knowledge import load
from vndoc.parse.numerals import number, number_words


@cache
def between() -> str:
    """Pattern, folded, of what may stand between deadline words and the day that they bound."""
    words = load("deadlines")["between"]
    ways = "|".join([_hour(), words["work"], words["weekday"], words["of"]])
    return rf"(?:(?:{ways})[\s,(]*){{0,5}}"


@cache
def _hour() -> str:
    return str(load("deadlines")["between"]["hour"]).replace("{number}", number_words())


@cache
def _behind() -> "regex.Pattern[str]":
    lead = r"(?:(?:truoc|cham\s+nhat|muon\s+nhat)\s+)?"
    return regex.compile(rf"\s*(?:,\s*|\(\s*)?{lead}{_hour()}")


def clock_in(text: str, match: "regex.Match[str] | None") -> time | None:
    """The hour in deadline words that hold the groups of :func:`between`; ``text`` has their marks."""
    if match is None or not match["hour"]:
        return None
    hour = number(text[slice(*match.span("hour"))])
    minute = 30 if match["half"] else int(match["minute"] or 0)
    if hour is None:
        return None
    if match["part"] == "dem" and hour == 12:
        return None  # the day's end
    if match["part"] and hour < 12 and (match["part"] != "dem" or hour > 5):
        hour += int(load("deadlines")["parts"][match["part"]])
    total = hour * 60 + minute - int(match["less"] or 0)
    return time(total // 60, total % 60) if hour < 24 and minute < 60 and total >= 0 else None


def clock_behind(text: str, folded: str, at: int) -> time | None:
    """The hour right behind a day that ends at ``at``: 'ngày 25/8/2025 (trước 10 giờ)', '…, lúc 17h00'."""
    return clock_in(text, _behind().match(folded, at))
