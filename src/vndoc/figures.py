"""Numbers as they are printed: when two readings of one are the same number, and when they are not."""

import regex

_EDGE = r"[\p{P}\p{S}]*+"
_FIGURE = regex.compile(
    _EDGE + r"(?:(?P<roman>[IVXL]+)|(?P<digits>\d++(?:[.,:/-]\d++)*+)(?:/\p{Lu}[\p{L}\d&/-]*+)?%?)" + _EDGE
)


def number_in(text: str) -> str | None:
    """The digits of a number, date or notation in their order, or a Roman numeral; None for any other word.

    >>> number_in("28/12/2024,"), number_in("(XII)"), number_in("12/QĐ-UBND"), number_in("s6")
    ('28122024', 'XII', '12', None)
    """
    found = _FIGURE.fullmatch(text)
    if not found:
        return None
    return found["roman"] or "".join(filter(str.isdigit, found["digits"]))


def differ(text: str, other: str) -> bool:
    """Whether two readings of one word are both numbers of one kind, and not the same.

    >>> differ("28", "2"), differ("XII", "XI"), differ("1.", "1,"), differ("I", "1")
    (True, True, False, False)
    """
    ours, theirs = number_in(text), number_in(other)
    return ours is not None and theirs is not None and ours != theirs and ours.isdigit() == theirs.isdigit()
