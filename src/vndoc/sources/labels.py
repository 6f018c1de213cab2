"""Numbers as lists write them: 'IV', 'aa'."""

_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
          (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_MOST = 4000
LONGEST_LABEL = 255
"""Letters of what a list writes about its numbers; Word takes no more."""


def roman(number: int) -> str:
    """A Roman number in capitals; plain figures beyond what Romans wrote.

    >>> roman(1994)
    'MCMXCIV'
    """
    if not 0 < number < _MOST:
        return str(number)
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def lettered(number: int) -> str:
    """A letter in capitals, twice from the 27th on, as word processors count.

    >>> lettered(3), lettered(28)
    ('C', 'BB')
    """
    if number < 1:
        return str(number)
    return chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, 10)
