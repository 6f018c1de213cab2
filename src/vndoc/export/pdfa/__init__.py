"""A copy made PDF/A-2b (ISO 19005-2, level B): the form in which archives keep documents.

What the format forbids is taken off where nothing that is seen changes. A page that still cannot stand in it gets its
hidden text anew, in a font that is in the file; where that does not help, it is drawn as a picture. Then the whole is
checked as it is written. It claims to be PDF/A only if it was approved.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pikepdf

from vndoc.damage import raise_if_grave, reason
from vndoc.dispatch import Dispatch, Notice
from vndoc.errors import EngineError, MachineError, SetupError
from vndoc.export.hidden_text import drop_hidden_text
from vndoc.export.metadata import add_decree_fields, sign_copy
from vndoc.export.pdfa.checking import conforms, prepared, refused, written
from vndoc.export.pdfa.contents import drop_unused
from vndoc.export.pdfa.drawing import Ink, draw_annotation, draw_page, lift_text
from vndoc.export.pdfa.layers import Layers
from vndoc.export.pdfa.settling import annotations_of, bare, keep_annotations, settle
from vndoc.export.text_layer import HiddenText
from vndoc.page import Block, Line, Method, Page, Word
from vndoc.sources.pdf.painting import Look, looks

_MOST_PAGES = 3_000
_LEAST_INK = 0.02  # of a box, where a word is part of a picture

Words = Callable[[int], Page | None]
"""The words of a page of the copy by its number, where they are known."""


def archived(pdf: pikepdf.Pdf, dispatch: Dispatch, words: Words) -> tuple[bytes | None, list[Notice]]:
    """The copy as PDF/A-2b, and what was left out or drawn for it; None, and why, where that cannot be.

    Args:
        pdf: an open copy, with its hidden text and title; it is changed.
        dispatch: gives the decree's fields to the metadata.
        words: of the pages that may have to be drawn.
    """
    if len(pdf.pages) > _MOST_PAGES:
        return None, [_plain(f"it has more than {_MOST_PAGES:,} pages")]
    try:
        notices = [*_layers_drawn(pdf, words), *_left_out(settle(pdf))]
        for remedy in range(3):
            if remedy == 1:
                notices += _mended(pdf, words)
            elif remedy == 2:
                bare(pdf)
                notices += _left_out(["bookmarks, links and tags"])
            prepared(pdf)
            rules = refused(pdf)
            if not rules:
                sign_copy(pdf)
                add_decree_fields(pdf, dispatch)
                return written(pdf), notices
        return None, [_plain("it breaks, or may break, " + ", ".join(rules[:5]))]
    except Exception as error:  # of damaged and hostile files, which are kept as they are then
        return None, [_plain(_fault(error))]


def _fault(error: Exception) -> str:
    """Why a copy cannot be made, unless that is grave."""
    if isinstance(error, EngineError | SetupError) and not isinstance(error, MachineError):
        return " ".join(str(error).split())[:200]
    raise_if_grave(error)
    return reason(error)


def _layers_drawn(pdf: pikepdf.Pdf, words: Words) -> Iterator[Notice]:
    """Draw pages of which a viewer shows less than they hold: without the layers, all of it would be seen."""
    layers = Layers(pdf)
    layers.hide()
    wanted = [number for number, page in enumerate(pdf.pages, 1) if layers.cut(page)]
    known = {number: found for number in wanted if (found := words(number))}
    layer = HiddenText(pdf, list(known.values()))
    for number in wanted:
        draw_page(pdf, number)
        if number in known:
            layer.put(pdf.pages[number - 1], known[number])
        yield _picture(number, "it has layers that are not shown")


def _mended(pdf: pikepdf.Pdf, words: Words) -> Iterator[Notice]:
    """Mend each page that cannot stand in PDF/A, in the order of what changes least."""
    broken = [number for number in range(1, len(pdf.pages) + 1) if _broken(pdf, number)]
    known = {number: found for number in broken if (found := words(number)) and any(found.words)}
    layer = HiddenText(pdf, list(known.values()))
    for number in broken:
        _mend_annotations(pdf, number)
        if conforms(pdf, number):
            continue
        page, read = pdf.pages[number - 1], known.get(number)
        if read:
            drop_hidden_text(pdf, page)
            drop_unused(pdf, page)
        ink = None
        if not conforms(pdf, number):
            ink = lift_text(pdf, number)
            if ink is None:
                draw_page(pdf, number)
            yield _picture(number, "fonts or colours that it needs are not in the file")
        if read:
            layer.put(page, read if read.method is Method.OCR else _without(read, page, ink))


def _without(read: Page, page: pikepdf.Page, ink: Ink | None) -> Page:
    """The words of a page that are not on it as text, now that some of them may be a picture."""
    if Look.SEEN not in looks(page).values():
        return read
    lines = tuple(_hidden(line, read, ink) for block in read.blocks for line in block.lines)
    return replace(read, blocks=(Block(lines),))


def _hidden(line: Line, read: Page, ink: Ink | None) -> Line:
    return replace(line, words=tuple(word for word in line.words if ink is not None and _in_picture(word, read, ink)))


def _in_picture(word: Word, read: Page, ink: Ink) -> bool:
    """Whether a word is part of a picture, by the ink in its box."""
    if word.box is None:
        return False
    width, height = read.source_size
    down, across = ink.shape[0] / max(height, 1), ink.shape[1] / max(width, 1)
    rows = slice(round(word.box.y0 * down), round(word.box.y1 * down))
    part = ink[rows, round(word.box.x0 * across) : round(word.box.x1 * across)]
    return bool(part.size) and float(part.mean()) > _LEAST_INK


def _broken(pdf: pikepdf.Pdf, number: int) -> bool:
    """Whether a page cannot stand in PDF/A, also without what it names and does not use."""
    if conforms(pdf, number, annotations=_others(pdf, number)):
        return False
    drop_unused(pdf, pdf.pages[number - 1])
    return not conforms(pdf, number, annotations=_others(pdf, number))


def _others(pdf: pikepdf.Pdf, number: int) -> list[int]:
    """The places of a page's annotations that are no links."""
    found = annotations_of(pdf.pages[number - 1])
    return [place for place, annotation in enumerate(found) if annotation.get("/Subtype") != "/Link"]


def _mend_annotations(pdf: pikepdf.Pdf, number: int) -> None:
    """Give those that cannot stand by themselves a picture; those that show nothing go."""
    page = pdf.pages[number - 1]
    gone = {
        annotations_of(page)[place].objgen
        for place in _others(pdf, number)
        if not conforms(pdf, number, contents=False, annotations=[place]) and not draw_annotation(pdf, number, place)
    }
    if gone:
        keep_annotations(page, lambda annotation: annotation.objgen not in gone)


def _left_out(lost: list[str]) -> Iterator[Notice]:
    if lost:
        yield Notice(code="pdf-left-out", message=f"Left out of the PDF/A copy: {', '.join(lost)}. Keep the original.")


def _picture(number: int, why: str) -> Notice:
    message = f"Page {number}, or the text on it, is a picture in the PDF/A copy: {why}."
    return Notice(code="pdf-page-drawn", pointer=f"/pages/{number}", message=message)


def _plain(why: str) -> Notice:
    message = f"The copy is an ordinary searchable PDF, not PDF/A: {why}. Print the original to a new PDF for keeping."
    return Notice(code="pdf-plain", message=message)
