"""Words and texts: what was read before any repair, and what a person says that is printed there; whole lines too."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import cv2
import numpy as np

from vndoc.archive.corrections.pairs import LinePair, TextPair, identity
from vndoc.archive.corrections.slots import Said
from vndoc.archive.review.words import place
from vndoc.dispatch import Dispatch
from vndoc.facts import WordFact
from vndoc.ocr.engines.lines.alphabet import normal
from vndoc.ocr.engines.lines.cutting import strip
from vndoc.ocr.engines.lines.engine import EM
from vndoc.ocr.engines.lines.finder import FoundLine
from vndoc.ocr.engines.lines.measuring import Measure
from vndoc.ocr.imaging.image import Image8
from vndoc.page import Line, Method, Page, Word
from vndoc.reading import Reading

TEXTS = (
    "/type_name", "/organ_name", "/parent_organ_name", "/place", "/subject", "/signer/position", "/signer/full_name",
)  # fmt: skip
"""Fields whose value is what is printed, but for capitals and line breaks."""
_SURE = 0.95
"""Confidence from which a word that nobody has looked at is taken to be right, beside one that was confirmed."""

Words = Mapping[int, Sequence[tuple[WordFact, int]]]
"""Words by their page, each with the number of the change that says so."""


def value_pairs(key: str, office: str | None, dispatch: Dispatch, said: Said) -> Iterator[TextPair]:
    """The texts of fields: ``dispatch`` is as it was read, before anybody said anything."""
    for pointer in TEXTS:
        value, evidence = said.get(pointer), dispatch.evidence.get(pointer)
        if value and evidence and evidence.raw and evidence.page and evidence.box:
            yield TextPair(
                id=identity(key, "text", pointer),
                document=key,
                office=office,
                change=value[1],
                pointer=pointer,
                page=evidence.page,
                box=evidence.box,
                raw=" ".join(evidence.raw.split()),
                truth=value[0],
            )


def word_pairs(key: str, office: str | None, reading: Reading, words: Words) -> Iterator[TextPair]:
    """The words that were said, each with its line as it was read."""
    for page, line, word, fact, change in _found(reading, words):
        yield TextPair(
            id=identity(key, "text", fact.key),
            document=key,
            office=office,
            change=change,
            pointer=fact.key,
            page=page.number,
            box=fact.box,
            raw=_raw(word),
            truth=fact.after,
            context=" ".join(_raw(other) for other in line.words),
        )


def line_pairs(
    key: str, office: str | None, reading: Reading, words: Words, level: Callable[[Page], Image8]
) -> Iterator[tuple[LinePair, Image8]]:
    """The lines with a word that was said, all of whose other words were read surely, as the network sees them.

    ``level`` gives a page, RGB or grey, upright and level.
    """
    said: dict[int, tuple[Page, Line, dict[int, str], int]] = {}
    for page, line, word, fact, change in _found(reading, words):
        of_line = said.setdefault(id(line), (page, line, {}, change))
        of_line[2][id(word)] = fact.after
        said[id(line)] = (*of_line[:3], max(change, of_line[3]))
    for page, line, truths, change in said.values():
        whole = page.method is Method.OCR and line.base_line and line.em and line.box
        if not whole or any(id(w) not in truths and w.confidence < _SURE for w in line.words):
            continue
        assert line.box
        truth = normal(" ".join(truths.get(id(w), w.text) for w in line.words))
        pointer = _pointer(page, line)
        name = identity(key, "line", pointer)
        pair = LinePair(
            id=name,
            document=key,
            office=office,
            change=change,
            pointer=pointer,
            page=page.number,
            box=(line.box.x0, line.box.y0, line.box.x1, line.box.y1),
            raw=" ".join(_raw(word) for word in line.words),
            truth=truth,
            crop=f"lines/{name}.png",
        )
        if truth:
            yield pair, _strip(level(page), line)


def _found(reading: Reading, words: Words) -> Iterator[tuple[Page, Line, Word, WordFact, int]]:
    """Each fact with the word that it is about, where the page has one there."""
    for page in reading.pages:
        facts = words.get(page.number, ())
        rows = [(line, word) for line in page.lines for word in line.words] if facts else []
        for fact, change in facts:
            at = place(page, fact)
            if at is not None:
                yield page, *rows[at], fact, change


def line_ids(key: str, reading: Reading, words: Words) -> set[str]:
    """The ids of the pairs of the lines that hold these words, whether there are such pairs or not."""
    return {identity(key, "line", _pointer(page, line)) for page, line, *_ in _found(reading, words)}


def _pointer(page: Page, line: Line) -> str:
    assert line.box
    return f"/pages/{page.number}/lines/{','.join(map(str, line.box))}"


def _raw(word: Word) -> str:
    return word.text if word.raw is None else word.raw


def _strip(image: Image8, line: Line) -> Image8:
    assert line.box
    assert line.base_line
    assert line.em
    grey = image if image.ndim == 2 else np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return strip(grey, FoundLine(line.box, Measure(line.base_line, 0.0, line.em / EM))).image
