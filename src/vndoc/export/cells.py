"""Values in cells of a table file that a spreadsheet opens."""

from vndoc.filenames import readable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula (CSV injection); nothing for None.

    What a scan says comes from strangers: '=HYPERLINK(…)' must stay words.
    """
    text = "" if value is None else readable(str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text
