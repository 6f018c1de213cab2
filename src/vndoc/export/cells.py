"""Values in cells of a table file that a spreadsheet opens."""

from datetime import date

from vndoc.characters import lawful
from vndoc.filenames import readable

Value = str | int | float | date | None
"""What a cell holds."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula (CSV injection); nothing for None.

    What a scan says comes from strangers: '=HYPERLINK(…)' must stay words.
    """
    text = "" if value is None else lawful(readable(str(value)))
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_text(value: Value) -> str:
    """A cell of a table in Vietnamese: 31/12/2025, and 0,5 for a half; text as :func:`plain` has it."""
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return plain(value)
