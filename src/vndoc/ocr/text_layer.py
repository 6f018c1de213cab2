"""Is a PDF page's text layer the text of this page? The verdict, and what of the layer is used beside the image.

What the image shows is never left out because of what a layer says. The seen text of a page is taken for the page where
it covers the print, stands upright and reads as Vietnamese. Seen text over a scan is typed: its letters are known, and
they stand in place of what an engine makes of them. A hidden layer is somebody's OCR, of this page or of another: a
second opinion on single words, where both agree.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import partial
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.imaging.ink import Separation
from vndoc.ocr.layout import arrange, only_words
from vndoc.ocr.typed_notes import part_notes
from vndoc.page import BlockKind, Box, Layer, Line, Origin, Page, Word
from vndoc.sources import TextLayer
from vndoc.sources.backend import POINTS

_COVERED = 0.75  # share of the print that must lie in the layer's word boxes; seals and signatures are outside
_LETTER_HEIGHT, _WORD_WIDTH = 0.35, 3.0  # inches; what is larger is a picture, or the rules of a table
_RULE = (0.04, 0.2)  # inches: lower and wider than this is a rule
_MARKED = 0.3  # share of words with a letter of Vietnamese alone; real text has 0.6, other OCR and encodings 0.05
_MISSPELT = 0.05  # share of the words with such letters that may be no syllables; in real text 0.01
_UPRIGHT = 0.7  # share of words and lines that must run from left to right
_ENOUGH_WORDS = 20  # fewer words say nothing about their language
_SURE = 0.85  # words surer than this need no second opinion, and are kept where typed words contradict them
_PART_WIDTH = 0.4  # of a word's height: so far it must reach out of a typed word to have letters of its own there
_ALIKE = 0.5  # similarity of two readings of one word
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


def with_typed(page: Page, verdict: Verdict, scale: float) -> Page:
    """The page with the typed words in place of what was read of them, and without signatures' marks.

    A word that was read surely and differs stays: two things are printed there. ``scale`` leads from the layer's
    pixels to those of the page.
    """
    if not verdict.typed and not verdict.marks:
        return page
    typed = [Line(tuple(_placed(w, page, scale) for w in line.words)) for line in verdict.typed]
    known = [w for line in typed for w in line.words] + [_placed(w, page, scale) for w in verdict.marks]
    read = (line for block in page.blocks if block.kind is BlockKind.TEXT for line in block.lines)
    kept = [part for line in read for part in _line_besides(line, known)]
    stamps = tuple(block for block in page.blocks if block.kind is not BlockKind.TEXT)
    own, notes = part_notes(typed, kept)
    return replace(page, blocks=(*stamps, *notes, *arrange([*kept, *own])))


def _placed(word: Word, page: Page, scale: float) -> Word:
    """A word of the layer where it is on the page as it was read."""
    assert word.box is not None
    corners = [(x * scale, y * scale) for x in (word.box.x0, word.box.x1) for y in (word.box.y0, word.box.y1)]
    across, up = zip(*(page.from_source(x, y) for x, y in corners), strict=True)
    box = Box(*(round(n) for n in (min(across), min(up), max(across), max(up))))
    return replace(word, box=box, origin=Origin.TYPED)


def _line_besides(line: Line, known: Sequence[Word]) -> list[Line]:
    """What of a line no known words replace, parted where one of them goes in between."""
    groups: list[list[Word]] = []
    for word in (part for read in line.words for part in _besides(read, known)):
        if groups and not any(_between(groups[-1][-1].box, other.box, word.box) for other in known):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [replace(line, words=tuple(words)) for words in groups]


def _between(left: Box | None, box: Box | None, right: Box | None) -> bool:
    """Whether a box lies between two words of a line."""
    if left is None or box is None or right is None:
        return False
    return left.x_center < box.x_center < right.x_center and left.y0 < box.y_center < left.y1


def _besides(read: Word, known: Sequence[Word]) -> list[Word]:
    """What of a word that was read no known word replaces: all of it, nothing, or its beginning and its end.

    Engines run print and what was typed closely after it together: of "Số:77", where "77" was typed, "Số:" stays.
    """
    same = [word for word in known if _same(read, word)]
    if not same or read.box is None:
        return [read]
    left, right = min(w.box.x0 for w in same if w.box), max(w.box.x1 for w in same if w.box)
    typed = "".join(plain(w.text) for w in sorted(same, key=lambda w: w.box.x0 if w.box else 0))
    start, end = _typed_part(read, typed, left, right)
    least = _PART_WIDTH * read.box.height
    before = replace(read, text=read.text[:start], box=read.box._replace(x1=min(left, read.box.x1)))
    after = replace(read, text=read.text[end:], box=read.box._replace(x0=max(right, read.box.x0)))
    room = (left - read.box.x0 >= least, read.box.x1 - right >= least)
    return [part for part, wide in zip((before, after), room, strict=True) if wide and _has_letters(part.text)]


def _typed_part(read: Word, typed: str, left: int, right: int) -> tuple[int, int]:
    """From which letter to which the word is what was typed from ``left`` to ``right``: by its letters, or by width."""
    assert read.box is not None
    at = plain(read.text).find(typed)
    if at >= 0:
        return at, at + len(typed)
    letters = len(read.text)
    start, end = (round(letters * (x - read.box.x0) / max(read.box.width, 1)) for x in (left, right))
    return max(0, min(start, letters)), max(0, min(end, letters))


def _has_letters(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _same(read: Word, known: Word) -> bool:
    """Whether a word was read where a known word stands, and is not surely another one."""
    if read.box is None or known.box is None:
        return False
    # Slanted letters have boxes many lines high: what lies under them is the page's own text.
    if known.box.height >= 2 * max(read.box.height, 1) or not _centred(read.box, known.box):
        return False
    return read.confidence < _SURE or _alike(fold(read.text), fold(known.text))


def _centred(one: Box, other: Box) -> bool:
    """Whether the centre of either box lies in the other."""
    return any(b.x0 <= a.x_center < b.x1 and b.y0 <= a.y_center < b.y1 for a, b in ((one, other), (other, one)))


def _alike(one: str, other: str) -> bool:
    return one in other or other in one or SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE


# --- a second opinion -----------------------------------------------------------------------------------------


def with_second_opinion(page: Page, words: Sequence[Word], scale: float) -> Page:
    """The page with the words surer that a layer has too, diacritics aside, in the same place.

    Two engines that agree on the letters or digits are seldom both wrong. ``words`` have their boxes on the source's
    page; ``scale`` leads from the page's pixels to theirs.
    """
    places = [(word.box, fold(word.text)) for word in words if word.box]

    def opinion(word: Word) -> Word:
        if word.box is None or word.confidence >= _SURE or not (text := fold(word.text)):
            return word
        x, y = (scale * at for at in page.to_source(word.box.x_center, word.box.y_center))
        there = {text for box, text in places if box.x0 <= x < box.x1 and box.y0 <= y < box.y1}
        return replace(word, confidence=(1 + word.confidence) / 2) if text in there else word

    blocks = tuple(
        replace(b, lines=tuple(replace(line, words=tuple(map(opinion, line.words))) for line in b.lines))
        for b in page.blocks
    )
    return replace(page, blocks=blocks) if places else page


def fold(text: str) -> str:
    """The word without marks, case and the punctuation around it."""
    return "".join(c for c in plain(_nfc(text)) if not unicodedata.combining(c)).strip(".,:;()\"'-")


def plain(text: str) -> str:
    """The text without marks and case, character by character: as many as it had."""
    return "".join(unicodedata.normalize("NFD", "d" if c in "đĐ" else c)[0].casefold()[0] for c in text)
