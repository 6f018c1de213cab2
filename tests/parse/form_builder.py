"""Pages for the tests of the form: words with boxes, laid out as a word processor would."""

from vndoc.page import Block, Box, Line, Method, Page, Word

WIDTH, HEIGHT = 2480, 3508
"""A4 at 300 dpi."""
LETTER, PITCH = 24, 68
"""Width of a letter and distance of two lines, in pixels."""


def word(text: str, x: int, y: int, confidence: float = 0.96, height: int = 40) -> Word:
    """A word whose base line is at ``y``."""
    return Word(text, Box(x, y - height, x + LETTER * len(text), y), confidence)


def line(text: str, x: int, y: int, confidence: float = 0.96) -> Line:
    """Words of ``text`` from ``x`` on, one letter of white between them."""
    words = []
    for part in text.split():
        words.append(word(part, x, y, confidence))
        x += LETTER * (len(part) + 1)
    return Line(tuple(words))


def centred(text: str, axis: int, y: int, confidence: float = 0.96) -> Line:
    """``text`` centred about ``axis``."""
    return line(text, axis - LETTER * len(text) // 2, y, confidence)


def page(*lines: Line, number: int = 1) -> Page:
    """A page read by Tesseract, one block to a line."""
    return Page(number, tuple(Block((row,)) for row in lines), WIDTH, HEIGHT, 300, method=Method.OCR)
