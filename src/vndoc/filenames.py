"""File names as text that can be written anywhere, whatever bytes they are made of."""


def readable(text: str) -> str:
    r"""The text with each byte that is no UTF-8 spelt out: a name ``b'c\xf4ng.pdf'`` becomes the words ``c\xf4ng.pdf``.

    Python holds such bytes as lone surrogates (PEP 383), with which the file can be opened but which no UTF-8 file, no
    JSON and no calendar takes. Two names that differ still differ afterwards. Text without them comes back as it is.

    >>> readable("c\udcf4ng văn.pdf")
    'c\\xf4ng văn.pdf'
    """
    if not any("\ud800" <= letter <= "\udfff" for letter in text):
        return text
    return "".join(_spelt(letter) if "\ud800" <= letter <= "\udfff" else letter for letter in text)


def _spelt(surrogate: str) -> str:
    code = ord(surrogate)
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"
