"""Pages and annotations as pictures: where what draws them cannot stand in PDF/A, a font that is not there above all.

What is seen stays, as poppler draws it at 300 dots per inch; what was said stays as hidden text (for a page) or as the
annotation's own words.
"""

import io
from contextlib import closing
from pathlib import Path

import img2pdf
import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image

from vndoc.damage import DamageError
from vndoc.export.pdfa.checking import conforms, page_alone
from vndoc.export.pdfa.contents import drop_text, drop_unused, is_missing
from vndoc.export.pdfa.settling import annotations_of
from vndoc.sandbox.scratch import temporary_folder
from vndoc.settings import DEFAULTS
from vndoc.sources.backend import Image8, Layout
from vndoc.sources.pdf.contents import instructions
from vndoc.sources.pdf.copies import shown_box
from vndoc.sources.pdf.poppler import render, render_clear

Ink = NDArray[np.bool_]
"""Which pixels of what is shown of a page, as it lies in its user space, are part of a picture."""

_DPI = 300
_PICTURE = "/VndocPicture"
_LEAST_SIDE, _MOST_SIDE = 3.0, 14_400.0  # of a page's boxes, in units (ISO 19005-2, 6.1.13)
_GREY = 8  # how far the channels of a grey page may be apart
_INK = 64  # how much darker it is than what it is printed on
_QUALITY = 92
_WORTH = 2  # so many times larger than a JPEG may a picture without loss be
_BOXES = ("/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/UserUnit", "/Group")


def draw_page(pdf: pikepdf.Pdf, number: int) -> None:
    """Put a picture in the place of what page ``number`` (from 1) draws; its annotations stay.

    Raises:
        EngineError, SetupError: poppler cannot draw it, or is missing.
        ValueError, TypeError, pikepdf.PdfError: the page is damaged.
    """
    page = pdf.pages[number - 1]
    x0, y0, x1, y1 = shown_box(page)
    picture = _picture(_drawn(pdf, number))
    with pikepdf.open(io.BytesIO(img2pdf.convert(picture))) as made:
        image = pdf.copy_foreign(next(iter(made.pages[0].get_images().values())))
    page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    content = f"q {x1 - x0:.4f} 0 0 {y1 - y0:.4f} {x0:.4f} {y0:.4f} cm /Im0 Do Q\n"
    page.obj["/Contents"] = pdf.make_stream(content.encode("ascii"))
    for key in _BOXES:
        if key in page.obj:
            del page.obj[key]
    page.obj["/MediaBox"] = pikepdf.Array([x0, y0, x1, y1])


def lift_text(pdf: pikepdf.Pdf, number: int) -> Ink | None:
    """Make a picture of text of page ``number`` and lay it over what else the page draws, which stays as it is.

    So the image of a scan is kept that somebody has typed or stamped over in a font that is not in the file, and so is
    the text in other fonts. Where that is not enough, all text is lifted. None, and nothing changed, where the page is
    nothing but such text or cannot stand in PDF/A without it; else where the picture has ink.

    Raises:
        as :func:`draw_page`.
    """
    whole = _drawn(pdf, number)
    for all_of_it in (False, True):
        with closing(page_alone(pdf, number)) as alone:
            drop_text(alone, alone.pages[0], _any if all_of_it else is_missing)
            drop_unused(alone, alone.pages[0])
            left = alone.pages[0].obj
            if not conforms(alone, 1):
                continue
            resources = pdf.copy_foreign(alone.make_indirect(left["/Resources"]))
            content = pikepdf.unparse_content_stream(instructions(left))
            rest = _rendered(alone, clear=False)
        if whole.shape == rest.shape and int(np.ptp(rest)) >= _GREY and (all_of_it or not _moved(whole, rest)):
            page = pdf.pages[number - 1]
            page.obj["/Resources"], page.obj["/Contents"] = resources, pdf.make_stream(content)
            ink: Ink = (whole != rest).any(axis=2)
            _cover(pdf, page, whole, ink)
            return ink
    return None


def _any(_: pikepdf.Object | None) -> bool:
    return True


def _moved(whole: Image8, rest: Image8) -> bool:
    """Whether something has ink in the ``rest`` of a page where the whole has none: text that lost its place."""
    return int((whole.astype(np.int16) - rest).max()) > _INK


def _cover(pdf: pikepdf.Pdf, page: pikepdf.Page, image: Image8, ink: Ink) -> None:
    """Lay the part of an image that has ink over what the page draws; what is clear is white, or edges would darken."""
    if not ink.any():
        return
    part, box = _inked(ink, shown_box(page))
    seen = np.dstack([np.where(ink[..., None], image, 255), 255 * ink.astype(np.uint8)]).astype(np.uint8)
    name = pikepdf.Name(_PICTURE)
    while name in page.obj.Resources.get("/XObject", pikepdf.Dictionary()):
        name = pikepdf.Name(f"{name}X")
    page.add_resource(_form(pdf, seen[part], box), pikepdf.Name.XObject, name)
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"Q\nq 1 0 0 1 {box[0]:.4f} {box[1]:.4f} cm {name} Do Q\n".encode("ascii"))


def draw_annotation(pdf: pikepdf.Pdf, number: int, place: int) -> bool:
    """Give an annotation of page ``number``, by its place among them, a picture as its look; False if it shows nothing.

    Raises:
        as :func:`draw_page`.
    """
    page = pdf.pages[number - 1]
    with closing(page_alone(pdf, number, contents=False, annotations=[place])) as alone:
        seen = _rendered(alone, clear=True)
    if not seen[..., 3].any():
        return False
    seen = np.where(seen[..., 3:] > 0, seen, np.array([255, 255, 255, 0], np.uint8))  # or edges would darken
    part, rectangle = _inked(seen[..., 3] > 0, shown_box(page))
    annotation = annotations_of(page)[place]
    annotation["/Subtype"] = pikepdf.Name.Stamp
    annotation["/Rect"] = pikepdf.Array(rectangle)
    annotation["/AP"] = pikepdf.Dictionary(N=_form(pdf, seen[part], rectangle))
    for key in ("/BS", "/Border", "/IC", "/QuadPoints", "/RD", "/L", "/LE", "/Vertices", "/InkList", "/Name", "/CA"):
        if key in annotation:
            del annotation[key]
    return True


def _inked(ink: Ink, box: tuple[float, float, float, float]) -> tuple[tuple[slice, slice], list[float]]:
    """The part of an image of ``box`` that has ink (some has), and where it lies in user space."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    across, down = (box[2] - box[0]) / ink.shape[1], (box[3] - box[1]) / ink.shape[0]
    place = [box[0] + left * across, box[3] - bottom * down, box[0] + right * across, box[3] - top * down]
    return np.s_[top:bottom, left:right], [round(n, 4) for n in place]


def _drawn(pdf: pikepdf.Pdf, number: int) -> Image8:
    with closing(page_alone(pdf, number)) as alone:
        return _rendered(alone, clear=False)


def _rendered(alone: pikepdf.Pdf, *, clear: bool) -> Image8:
    """The one page of a file as it lies in its user space: what is shown of it, without its turn."""
    page = alone.pages[0]
    box = shown_box(page)
    if not all(_LEAST_SIDE <= side <= _MOST_SIDE for side in (box[2] - box[0], box[3] - box[1])):
        raise DamageError("a page is larger or smaller than any sheet")
    page.obj["/MediaBox"] = page.obj["/CropBox"] = pikepdf.Array(box)
    page.obj["/Rotate"] = 0
    if "/UserUnit" in page.obj:
        del page.obj["/UserUnit"]
    limits = DEFAULTS.limits
    dpi = Layout.within(box[2] - box[0], box[3] - box[1], _DPI, limits.page_pixels).dpi
    with temporary_folder() as folder:
        path = Path(folder, "page.pdf")
        alone.save(path)
        if clear:
            return render_clear(path, 1, dpi, limits.render_seconds)
        return render(path, 1, dpi, limits.render_seconds).image


def _picture(image: Image8) -> bytes:
    """A file of the image: without loss, unless that is much larger, as with photographs; grey where it is grey."""
    if image.ndim == 3 and int(np.ptp(image.astype(np.int16), axis=2).max()) < _GREY:
        image = image[..., 1]
    picture = Image.fromarray(image)
    exact, near = io.BytesIO(), io.BytesIO()
    picture.save(exact, "PNG", dpi=(_DPI, _DPI), optimize=False)
    picture.save(near, "JPEG", quality=_QUALITY, subsampling=0, dpi=(_DPI, _DPI))
    return min(exact.getvalue(), near.getvalue(), key=lambda data: len(data) / (_WORTH if data[:1] == b"\x89" else 1))


def _form(pdf: pikepdf.Pdf, image: Image8, rectangle: list[float]) -> pikepdf.Object:
    """An appearance stream (ISO 32000-1, 12.5.5) of an image with its opacity; both without loss."""
    height, width = image.shape[:2]

    def plane(part: Image8, space: pikepdf.Name) -> pikepdf.Stream:
        return pdf.make_stream(
            np.ascontiguousarray(part).tobytes(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=width,
            Height=height,
            ColorSpace=space,
            BitsPerComponent=8,
        )

    colours = plane(image[..., :3], pikepdf.Name.DeviceRGB)
    colours["/SMask"] = plane(image[..., 3], pikepdf.Name.DeviceGray)
    x, y = rectangle[2] - rectangle[0], rectangle[3] - rectangle[1]
    return pdf.make_stream(
        f"q {x:.4f} 0 0 {y:.4f} 0 0 cm /Im0 Do Q".encode("ascii"),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=pikepdf.Array([0, 0, round(x, 4), round(y, 4)]),
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=colours)),
    )
