"""What a page's text layer is worth: whether it is seen, covers the print, stands upright, reads as Vietnamese."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.imaging.ink import Separation
from vndoc.ocr.layout import only_words
from vndoc.page import Box, Layer, Line, Word
from vndoc.sources import TextLayer
from vndoc.sources.backend import POINTS

_COVERED = 0.75  # share of the print that must lie in the layer's word boxes; seals and signatures are outside
_LETTER_HEIGHT, _WORD_WIDTH = 0.35, 3.0  # inches; what is larger is a picture, or the rules of a table
_RULE = (0.04, 0.2)  # inches: lower and wider than this is a rule
_MARKED = 0.3  # share of words with a letter of Vietnamese alone; real text has 0.6, other OCR and encodings 0.05
_MISSPELT = 0.05  # share of the words with such letters that may be no syllables; in real text 0.01
_UPRIGHT = 0.7  # share of words and lines that must run from left to right
_ENOUGH_WORDS = 20  # fewer words say nothing about their language
_SEEN = 12  # grey levels between letters and ground from which letters can be seen
_DARK = 128  # level of the ground on which white letters are seen
_BAD = frozenset("\ufffd\u25a1\u25af")

Decode = Callable[[Sequence[str]], Sequence[str] | None]
"""Words in an encoding from before Unicode, read as Latin-1, to Unicode; None where they are in none that it knows."""


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _anything(_: str) -> bool:
    return True


def _nothing(_: str) -> bool:
    return False


@dataclass(slots=True, frozen=True)
class Script:
    """What is known of the language and of marks on its papers, handed in by those who know it.

    Attributes:
        decode: from an encoding before Unicode; without it such pages are read from their image.
        normalise: a word with its letters as Vietnamese is written: composed, without look-alikes.
        is_syllable: whether a word, without the signs around it, is one of Vietnamese.
        is_mark: whether a line is part of the visible mark of an electronic signature.
    """

    decode: Decode | None = None
    normalise: Callable[[str], str] = _nfc
    is_syllable: Callable[[str], bool] = _anything
    is_mark: Callable[[str], bool] = _nothing


PLAIN = Script()
"""Nothing but that letters are composed."""


@dataclass(slots=True, frozen=True)
class Verdict:
    """What a layer is worth, and what of it is used: all boxes in pixels at the dpi that it was asked for.

    Attributes:
        layer: its kind.
        lines: the text of the page, where the layer is good or in an old encoding.
        typed: seen lines over the image.
        marks: seen words of signatures' marks.
        opinion: words to compare with those that the engine reads.
    """

    layer: Layer
    lines: tuple[Line, ...] = ()
    typed: tuple[Line, ...] = ()
    marks: tuple[Word, ...] = ()
    opinion: tuple[Word, ...] = ()


def judge(layer: TextLayer, image: Image8, scale: float, script: Script, bare: Image8 | None = None) -> Verdict:
    """The verdict on a layer. ``scale`` leads from its pixels to those of ``image``, which shows the page.

    ``bare`` shows it without its text, where that is given: then only words that make a difference are seen.
    """
    gray = Separation.of(image).inked
    can_see = partial(_is_seen, gray, scale) if bare is None else partial(_is_drawn, _difference(image, bare), scale)
    on_dark = partial(_is_on_dark, gray, scale)
    pale = only_words(layer.pale, lambda word: on_dark(word) and (bare is None or can_see(word)))
    slanted = layer.slanted if bare is None else only_words(layer.slanted, can_see)
    level = [*only_words(layer.lines, can_see), *pale]
    seen = [*level, *slanted]
    hidden = [*layer.hidden, *only_words(layer.lines, lambda word: not can_see(word))]
    opinion = tuple(w for line in _normalised([*seen, *hidden], script) for w in line.words)
    if not seen:
        kind = Layer.STAMP_ONLY if layer.signed else Layer.NONE
        return Verdict(Layer.HIDDEN if hidden else kind, opinion=opinion)
    dpi = image.shape[1] * POINTS / max(layer.width, 1.0)
    covered = ink_coverage(image, [w for line in seen for w in line.words], scale, dpi) >= _COVERED
    upright = is_upright(seen)
    if covered and upright and (old := script.decode and decoded(seen, script.decode)):
        return Verdict(Layer.LEGACY, tuple(old))
    seen, level = _normalised(seen, script), _normalised(level, script)
    words = [w for line in seen for w in line.words]
    legible = reads_as_vietnamese(words, script.is_syllable)
    if covered:
        return Verdict(Layer.GOOD, tuple(seen)) if legible and upright else Verdict(Layer.GARBLED, opinion=opinion)
    if not legible or not upright:
        return Verdict(Layer.PARTIAL, opinion=opinion)
    marks = signature_marks(level, script.is_mark)
    spelt = [line for line in level if line not in marks and _is_typed(line, script.is_syllable)]
    around = Box.around([box for line in spelt if (box := line.box)]) if spelt else None
    typed = tuple(line for line in level if line in spelt or (line not in marks and _is_within(line.box, around)))
    kind = Layer.PARTIAL if typed else Layer.STAMP_ONLY
    return Verdict(kind, typed=typed, marks=tuple(w for line in marks for w in line.words), opinion=opinion)


def unseen(layer: TextLayer, script: Script) -> Verdict:
    """The verdict on a layer of which nothing is seen."""
    opinion = tuple(w for line in _normalised(layer.hidden, script) for w in line.words)
    none = Layer.STAMP_ONLY if layer.signed else Layer.NONE
    return Verdict(Layer.HIDDEN if opinion else none, opinion=opinion)


# --- the words of a layer -------------------------------------------------------------------------------------


def ink_coverage(image: Image8, words: Sequence[Word], scale: float, dpi: float) -> float:
    """Share of the print in ``image``, at ``dpi``, that lies in the boxes of ``words``; 1 for a page without print.

    ``scale`` leads from box pixels to image pixels. Coloured ink, rules and pictures do not count.
    """
    dark = (Separation.of(image).black < 128).astype(np.uint8)
    labels, stats, _ = connected(dark)
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    rule = (tall <= max(1.0, _RULE[0] * dpi)) & (wide > _RULE[1] * dpi)
    print_ = (tall <= _LETTER_HEIGHT * dpi) & (wide <= _WORD_WIDTH * dpi) & ~rule
    print_[0] = False
    ink = print_[labels]
    total = int(ink.sum())
    if total == 0:
        return 1.0
    mask = np.zeros(ink.shape, np.uint8)
    for box in (w.box for w in words if w.box):
        mask[_part(mask, box, scale, 1)] = 1
    return float((ink & (mask > 0)).sum()) / total


def is_upright(lines: Sequence[Line]) -> bool:
    """Whether words and lines run from left to right: not up, down, or upside down."""
    words = [w.box for line in lines for w in line.words if w.box and len(w.text) > 2]
    lying = sum(box.width > 0.7 * box.height for box in words)
    steps = [(a.box, b.box) for line in lines for a, b in pairwise(line.words)]
    forward = sum(1 for a, b in steps if a and b and b.x_center > a.x_center)
    return lying >= _UPRIGHT * len(words) and forward >= _UPRIGHT * len(steps)


def reads_as_vietnamese(words: Sequence[Word], is_syllable: Callable[[str], bool] = _anything) -> bool:
    """Whether the letters are those of Vietnamese: of many words enough have its own letters, and nearly all of these
    are syllables.

    A layer whose map to letters is wrong still has Vietnamese letters, but not where they belong.
    """
    text = [w.text for w in words if any(c.isalpha() for c in w.text)]
    if any(_is_unmapped(c) for word in text for c in word):
        return False
    own = [word for word in text if any(_is_vietnamese(c) for c in word)]
    strange = [word for word in text if any(_is_strange(c) for c in word)]
    wrong = [word for word in own if not _is_spelt(word, is_syllable)]
    misspelt = len({*wrong, *strange})
    if misspelt > max(1.0, _MISSPELT * len({*own, *strange})):
        return False
    return len(text) < _ENOUGH_WORDS or len(own) >= _MARKED * len(text)


def _is_spelt(word: str, is_syllable: Callable[[str], bool]) -> bool:
    """Whether all parts of a word with letters of Vietnamese alone are syllables; codes count as well."""
    parts = "".join(c if c.isalpha() else " " for c in word).split()
    mixed = any(c.isdigit() or c in "-/&@" for c in word)
    return mixed or all(len(part) < 2 or is_syllable(part) for part in parts)


def _is_vietnamese(char: str) -> bool:
    """Whether the letter is one that no encoding from before Unicode and no neighbour's language shares."""
    return char in "ĂăĐđĨĩŨũƠơƯư" or "\u1ea0" <= char <= "\u1ef9"


def _is_strange(char: str) -> bool:
    """Whether it is a mark without its letter, or a letter of another language's Latin that Vietnamese text lacks."""
    return unicodedata.category(char) in ("Mn", "Sk", "Lm") or ("\u0180" <= char <= "\u024f" and char not in "ƠơƯư")


def _is_unmapped(char: str) -> bool:
    return char in _BAD or unicodedata.category(char) == "Co"


def decoded(lines: Sequence[Line], decode: Decode) -> list[Line] | None:
    """The lines in Unicode where ``decode`` knows their encoding, else None."""
    texts = decode([word.text for line in lines for word in line.words])
    if texts is None:
        return None
    left = iter(texts)
    return [Line(tuple(replace(word, text=next(left)) for word in line.words)) for line in lines]


def _normalised(lines: Sequence[Line], script: Script) -> list[Line]:
    return [Line(tuple(replace(w, text=script.normalise(w.text)) for w in line.words)) for line in lines]


def _part(image: NDArray[np.uint8], box: Box, scale: float, more: int = 0) -> tuple[slice, slice]:
    """The pixels of ``image`` in a box, and so many around it."""
    x0, y0 = (max(0, int(n * scale) - more) for n in (box.x0, box.y0))
    x1, y1 = (max(0, int(n * scale) + 1 + more) for n in (box.x1, box.y1))
    return slice(y0, y1), slice(x0, x1)


def _is_seen(gray: Image8, scale: float, word: Word) -> bool:
    """Whether there is anything in the word's box but its ground."""
    part = gray[_part(gray, word.box, scale)] if word.box else gray
    return part.size == 0 or int(part.max()) - int(part.min()) >= _SEEN


def _difference(image: Image8, bare: Image8) -> Image8:
    """How far two drawings of a page differ at each pixel, in the channel where they differ most.

    Of drawings whose sizes differ nothing can be said: no difference.
    """
    if image.shape != bare.shape:
        return np.zeros(image.shape[:2], np.uint8)
    apart = np.asarray(cv2.absdiff(image, bare), np.uint8)
    return apart if apart.ndim == 2 else np.asarray(apart.max(axis=2), np.uint8)


def _is_drawn(difference: Image8, scale: float, word: Word) -> bool:
    """Whether the word makes a difference, in the middle of its box: what is above and below may be other lines'."""
    if word.box is None:
        return False
    rest = word.box.height // 4
    middle = word.box._replace(y0=word.box.y0 + rest, y1=word.box.y1 - rest)
    part = difference[_part(difference, middle, scale)]
    return part.size > 0 and int(part.max()) >= _SEEN


def _is_on_dark(gray: Image8, scale: float, word: Word) -> bool:
    part = gray[_part(gray, word.box, scale, 1)] if word.box else gray
    return part.size > 0 and float(np.median(part)) < _DARK


# --- what is typed over an image ------------------------------------------------------------------------------


def signature_marks(lines: Sequence[Line], is_mark: Callable[[str], bool]) -> list[Line]:
    """The lines of signatures' visible marks: those known for it, and those that stand closely under or over them."""
    found = [line for line in lines if is_mark(line.text)]
    for line in found:  # it grows
        found += [other for other in lines if other not in found and _close(line.box, other.box) and not _number(other)]
    return found


def _close(one: Box | None, other: Box | None) -> bool:
    if one is None or other is None:
        return False
    apart = max(one.y0, other.y0) - min(one.y1, other.y1)
    beside = min(one.x1, other.x1) - max(one.x0, other.x0)
    return apart < 0.6 * min(one.height, other.height) and beside > 0


def _number(line: Line) -> bool:
    return line.text.isdecimal()


def _is_typed(line: Line, is_syllable: Callable[[str], bool]) -> bool:
    """Whether a line is worth more than what an engine reads in its place: numbers and Vietnamese words."""
    good = sum(any(c.isdigit() for c in w.text) or _is_word(w.text, is_syllable) for w in line.words)
    return 2 * good > len(line.words)


def _is_within(box: Box | None, around: Box | None) -> bool:
    """Whether what is no word by itself ('CB-GV-NV;') is among lines that are."""
    if box is None or around is None:
        return False
    return around.x0 <= box.x0 and box.x1 <= around.x1 and around.y0 < box.y_center < around.y1


def _is_word(text: str, is_syllable: Callable[[str], bool]) -> bool:
    core = text.strip(".,:;()\"'-/")
    return len(core) > 1 and core.isalpha() and is_syllable(core)
