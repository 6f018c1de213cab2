"""A line of a form, number and day filled in, as an image and as OCR would read it: for trials of the whole reader."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from samples.fonts import Fonts, Style
from training.digits.strings import Hands, Wear, as_cut, written
from vndoc.ocr.handwriting.edges import BoxedSlot
from vndoc.page import Box, Word
from vndoc.slots import SlotKind

DPI = 240
_BASE = 160


@dataclass(slots=True)
class Form:
    """A strip of a page (grey, ``uint8``), its words, its slots and what is written in them."""

    image: NDArray[np.uint8]
    words: list[Word]
    slots: list[BoxedSlot]
    truth: dict[SlotKind, str]


class _Pen:
    """Sets words and ink from left to right."""

    def __init__(self, em: float, rng: np.random.Generator) -> None:
        self.image = Image.new("L", (2400, 260), 255)
        self.em, self.rng, self.x = em, rng, 150.0
        self.words: list[Word] = []

    def word(self, text: str, face: ImageFont.FreeTypeFont) -> Box:
        pen = ImageDraw.Draw(self.image)
        pen.text((self.x, _BASE), text, 0, face, anchor="ls")
        box = Box(*(round(v) for v in pen.textbbox((self.x, _BASE), text, face, anchor="ls")))
        self.words.append(Word(text, box, 0.95))
        self.x += face.getlength(text)
        return box

    def ink(self, ink: NDArray[np.float32]) -> Box:
        """Strokes some 0.7 to 1.1 of the type size tall."""
        zoom = self.em * float(self.rng.uniform(0.7, 1.05)) / ink.shape[0]
        sized = cv2.resize(ink, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
        height, width = sized.shape
        x, y = round(self.x), round(_BASE - height + self.em * float(self.rng.normal(0.08, 0.08)))
        page = np.asarray(self.image).copy()
        view = page[y : y + height, x : x + width]
        np.minimum(view, (255 * (1 - sized)).astype(np.uint8), out=view)
        self.image = Image.fromarray(page)
        self.x += width
        return Box(x, y, x + width, y + height)


def draw(number: str, day: str, hands: Hands, rng: np.random.Generator, wear: Wear) -> Form | None:
    """A form filled in by hand; None where the scan has lost the ink."""
    inks = [as_cut(written(text, hands, rng, wear)) for text in (number, day)]
    if inks[0] is None or inks[1] is None:
        return None
    em = float(rng.uniform(38, 48))
    fonts = Fonts()
    upright, italic = fonts.face(Style(13), em), fonts.face(Style(13, italic=True), em)
    pen = _Pen(em, rng)
    before = pen.word("Số:", upright)
    pen.x += em * rng.uniform(0.02, 0.5)
    first = pen.ink(inks[0].ink)
    pen.x += em * rng.uniform(0.0, 0.8)
    behind = pen.word(str(rng.choice(["/UBND-VP", "/QĐ-BYT", "/TB-SYT", "/CV-STC"])), upright)
    boxes = {SlotKind.NUMBER: _blank(pen.words, before, behind, first, rng)}
    pen.x = 1150
    for text in ("Quảng", "Nam,"):
        pen.word(text, italic)
        pen.x += 0.25 * em
    before = pen.word("ngày", italic)
    pen.x += em * rng.uniform(0.03, 0.3)
    first = pen.ink(inks[1].ink)
    pen.x += em * rng.uniform(0.03, 0.3)
    behind = pen.word("tháng", italic)
    boxes[SlotKind.DAY] = _blank(pen.words, before, behind, first, rng)
    for text in ("01", "năm", "2025"):
        pen.x += 0.25 * em
        pen.word(text, italic)
    image = np.asarray(pen.image, dtype=np.uint8)
    slots = [BoxedSlot(kind, box) for kind, box in boxes.items()]
    return Form(image, pen.words, slots, {SlotKind.NUMBER: number, SlotKind.DAY: day})


def _blank(words: list[Word], before: Box, behind: Box, ink: Box, rng: np.random.Generator) -> Box:
    """The slot as OCR's boxes leave it: often the words beside it have swallowed part of the ink."""
    share = rng.uniform(0.2, 0.8)
    where = rng.random()
    if where < 0.2:
        before = _swollen(words, before, before._replace(x1=round(ink.x0 + share * ink.width)))
    elif where < 0.4:
        behind = _swollen(words, behind, behind._replace(x0=round(ink.x1 - share * ink.width)))
    return Box(before.x1, before.y0 - 8, max(before.x1 + 1, behind.x0), before.y1 + 8)


def _swollen(words: list[Word], box: Box, by: Box) -> Box:
    k = next(k for k, word in enumerate(words) if word.box == box)
    words[k] = Word(words[k].text, by, 0.7)
    return by
