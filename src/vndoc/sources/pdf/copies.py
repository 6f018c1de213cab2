"""Copies of a PDF that external programs are given: each page as a viewer shows it, or some of its text alone."""

import io
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import pikepdf

from vndoc.damage import raise_if_grave
from vndoc.sources.pdf.contents import Instruction, instructions
from vndoc.sources.pdf.graphics import resources_of
from vndoc.sources.pdf.painting import PAGE, SHOWING, Followed, Look, Looks, Place, follow
from vndoc.sources.pdf.rewriting import lifted, remove_text, rewrite

_LARGEST_UNIT = 75_000.0
"""What Acrobat allows as UserUnit (ISO 32000-1, Annex C)."""
_A4_SIDE, _LEAST_SIDE = 595.0, 200.0  # points; dispatches are on A5 at the least
_SCAN_PIXELS = 600  # of a scan's shorter side
_LEAST_CROP = 9.0
"""Points of the shorter side of what may be a page; a smaller crop box is a slip."""
_FEW_BYTES = 1000  # of a content that only sets a state, packed
_PAINTING = SHOWING | {"Do", "sh", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "BI", "EI"}
_LEADING_TO_PAGES = ("/Outlines", "/Dests", "/Names", "/StructTreeRoot", "/OpenAction", "/PageLabels", "/Threads")


class Prepared(NamedTuple):
    """What was found while a copy was made."""

    signed: bool
    """Whether it has lost the visible marks of electronic signatures."""
    units: list[float]
    """Points that a unit of each page's user space is long."""
    empty: frozenset[int]
    """Numbers of the pages on which nothing is painted."""


def prepare(data: bytes, target: Path, *, marks: bool) -> Prepared:
    """Write the PDF to ``target``, each page cut to what a viewer shows of it, and without its signatures' marks.

    Poppler's programs draw and list the media box; of a sheet cropped to one page they would show its neighbour. With
    ``marks`` the appearances of signature fields stay.
    """
    signed = cut = False
    units: list[float] = []
    empty = set()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            if _is_empty(page):
                empty.add(number)
            cut |= _crop(page)
            units.append(_unit(page))
            signed |= not marks and _strip(page)
        if signed or cut or pdf.is_encrypted:
            pdf.save(target)
        else:
            target.write_bytes(data)
    return Prepared(signed, units, frozenset(empty))


def _is_empty(page: pikepdf.Page) -> bool:
    """Whether neither its content nor an annotation paints; told without drawing it, for what is short enough."""
    try:
        if "/Annots" in page.obj and len(page.obj["/Annots"]):
            return False
        content = page.obj.get("/Contents")
        streams = list(content) if isinstance(content, pikepdf.Array) else [content] if content is not None else []
        if not all(isinstance(stream, pikepdf.Stream) for stream in streams):
            return False
        if sum(len(stream.read_raw_bytes()) for stream in streams) > _FEW_BYTES:
            return False
        return not any(_paints(one) for one in instructions(page.obj))
    except Exception as error:
        raise_if_grave(error)
        return False


def _paints(one: Instruction) -> bool:
    return not isinstance(one, pikepdf.ContentStreamInstruction) or str(one.operator) in _PAINTING


def follow_pages(path: Path, numbers: range) -> list[Followed]:
    """Looks of the text of these pages, counted from 1; pages that share an object are followed once."""
    known: dict[tuple[int, int], Followed] = {}
    with pikepdf.open(path) as pdf:
        pages = list(pdf.pages)[numbers.start - 1 : numbers.stop - 1]
        for page in pages:
            if page.obj.objgen not in known:
                known[page.obj.objgen] = follow(page)
        return [known[page.obj.objgen] for page in pages]


def write_text_of(path: Path, target: Path, numbers: range, found: list[Looks], wanted: Look) -> None:
    """Write these pages of ``path`` to ``target`` so that only text of the ``wanted`` look can be listed.

    A form that several of them draw keeps its text where one of them shows it. Annotations count as seen.
    """
    with pikepdf.open(path) as pdf:
        pages = _only(pdf, numbers)
        shared = _shared(found)
        done = set()
        for page, own in zip(pages, found, strict=True):
            if page.obj.objgen in done:
                continue
            done.add(page.obj.objgen)

            def gone(place: Place, own: Looks = own) -> bool:
                at = own if place.stream == PAGE else shared
                return at.get(place, Look.SEEN) is not wanted

            if own:
                rewrite(pdf, page, gone, lifted)
            elif wanted is not Look.SEEN:
                page.obj["/Contents"] = pdf.make_stream(b"")
            if wanted is not Look.SEEN and "/Annots" in page.obj:
                del page.obj["/Annots"]
        pdf.save(target, compress_streams=False)


def write_without_text(path: Path, target: Path, numbers: range, wanted: Collection[int]) -> None:
    """Write these pages of ``path`` to ``target``; those ``wanted``, by their numbers in ``path``, lose their text."""
    with pikepdf.open(path) as pdf:
        for number, page in zip(numbers, _only(pdf, numbers), strict=False):
            if number in wanted:
                remove_text(pdf, page)
        pdf.save(target, compress_streams=False)


def write_pages(path: Path, target: Path, numbers: range) -> None:
    """Write these pages of ``path`` to ``target``, as they are."""
    with pikepdf.open(path) as pdf:
        _only(pdf, numbers)
        pdf.save(target)


def _only(pdf: pikepdf.Pdf, numbers: range) -> list[pikepdf.Page]:
    """The pages of these numbers, all others taken out, and whatever in the catalogue would keep those in the file."""
    if len(numbers) < len(pdf.pages):
        del pdf.pages[numbers.stop - 1 :]
        del pdf.pages[: numbers.start - 1]
        for name in _LEADING_TO_PAGES:
            if name in pdf.Root:
                del pdf.Root[name]
    return list(pdf.pages)


def _shared(found: list[Looks]) -> dict[Place, Look]:
    """Looks of text in forms, over all pages that draw them."""
    shared: dict[Place, Look] = {}
    for own in found:
        for place, look in own.items():
            shared[place] = Look.SEEN if Look.SEEN in (look, shared.get(place, look)) else look
    return shared


def shown_box(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """The part of a page that a viewer shows, lower left corner first: crop box within media box (14.11.2).

    Raises:
        ValueError, TypeError, pikepdf.PdfError: the boxes are damaged.
    """
    media, crop = ([float(n) for n in box] for box in (page.mediabox, page.cropbox))
    (mx0, my0, mx1, my1), (cx0, cy0, cx1, cy1) = (
        (min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3])) for b in (media, crop)
    )
    x0, y0, x1, y1 = max(mx0, cx0), max(my0, cy0), min(mx1, cx1), min(my1, cy1)
    return (x0, y0, x1, y1) if min(x1 - x0, y1 - y0) >= _LEAST_CROP else (mx0, my0, mx1, my1)


def _crop(page: pikepdf.Page) -> bool:
    """Make what is shown the page's media box; return whether that changed it."""
    try:
        shown = shown_box(page)
        if all(shown == tuple(float(n) for n in box) for box in (page.mediabox, page.cropbox)):
            return False
    except Exception as error:
        raise_if_grave(error)
        return False
    page.obj["/MediaBox"] = page.obj["/CropBox"] = pikepdf.Array(shown)
    return True


def _unit(page: pikepdf.Page) -> float:
    """Points of a unit of the page: its UserUnit, or what makes a sheet of a scan that was laid on a stamp's size."""
    try:
        unit = float(page.obj.get("/UserUnit", 1))
        x0, y0, x1, y1 = shown_box(page)
    except Exception as error:
        raise_if_grave(error)
        return 1.0
    unit = unit if 0 < unit <= _LARGEST_UNIT else 1.0
    side = min(x1 - x0, y1 - y0)
    return _A4_SIDE / side if side * unit < _LEAST_SIDE and _has_scan(page) else unit


def _has_scan(page: pikepdf.Page) -> bool:
    """Whether it shows an image with the pixels of a page."""
    known = resources_of(page.obj).get("/XObject")
    images = known.values() if isinstance(known, pikepdf.Dictionary) else ()
    try:
        sides = [min(int(image.get("/Width", 0)), int(image.get("/Height", 0))) for image in images]
    except Exception as error:
        raise_if_grave(error)
        return False
    return max(sides, default=0) >= _SCAN_PIXELS


def _strip(page: pikepdf.Page) -> bool:
    """Take the appearances of signature fields off the page; return whether there were any."""
    annotations = page.get("/Annots")
    if not isinstance(annotations, pikepdf.Array):
        return False
    kept = [a for a in annotations if not _is_signature(a)]
    if len(kept) == len(annotations):
        return False
    page["/Annots"] = pikepdf.Array(kept)
    return True


def _is_signature(annotation: pikepdf.Object) -> bool:
    if not isinstance(annotation, pikepdf.Dictionary):
        return False
    parent = annotation.get("/Parent", annotation)
    kinds = {annotation.get("/FT"), parent.get("/FT") if isinstance(parent, pikepdf.Dictionary) else None}
    return annotation.get("/Subtype") == "/Widget" and "/Sig" in {str(k) for k in kinds if k is not None}
