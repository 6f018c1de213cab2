"""One document's pages cut out of the file that holds several: nothing is encoded anew.

A part of a PDF cannot carry the signatures of the whole: its bytes are others. As in a searchable copy their looks stay
on the pages as stamps (:mod:`vndoc.export.metadata`). What is filled into a form becomes part of its page. Bookmarks,
attachments and structure of the whole are not taken over; they belong to no single document.
"""

import io
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

import pikepdf
from PIL import Image, ImageOps

from vndoc.damage import QUIET, edge
from vndoc.dispatch import Dispatch
from vndoc.export.metadata import add_decree_fields, describe, signatures_to_stamps

_HELD = 100
"""Pages after which a PDF is opened anew: qpdf keeps what it has read, some 0.1 MiB a page."""
_PDF, _TIFF, _TEXT = "application/pdf", "image/tiff", "text/plain"


class FileParts:
    """An opened file to cut parts out of, one after the other.

    Args:
        data: its bytes.
        media_type: PDF or TIFF; any other format holds one page, which is the whole.
        name: for messages.

    Raises:
        FormatError: it cannot be opened, or a part of it cannot be cut out.
    """

    def __init__(self, data: bytes, media_type: str, name: str) -> None:
        self._data, self._media_type, self._name = data, media_type, name
        self._pdf = self._opened() if media_type == _PDF else None
        self._taken = 0

    def _opened(self) -> pikepdf.Pdf:
        with edge(self._name, "cannot be cut", "copy or scan it again"):
            pdf = pikepdf.open(io.BytesIO(self._data))
            signatures_to_stamps(pdf)
            _settle_fields(pdf)
            return pdf

    def part(self, numbers: Sequence[int], dispatch: Dispatch | None = None) -> bytes:
        """The pages of these numbers, in this order, as a file of the same format; the dispatch names it inside."""
        if self._pdf is not None:
            if self._taken > _HELD:
                self._pdf.close()
                self._pdf, self._taken = self._opened(), 0
            self._taken += len(numbers)
            return self._pdf_part(self._pdf, numbers, dispatch)
        if self._media_type == _TIFF:
            return _tiff_part(self._data, numbers, self._name)
        if self._media_type == _TEXT and dispatch is not None:
            return dispatch.text.encode("utf-8")
        return self._data

    def _pdf_part(self, pdf: pikepdf.Pdf, numbers: Sequence[int], dispatch: Dispatch | None) -> bytes:
        out = io.BytesIO()
        with edge(self._name, "cannot be cut", "copy or scan it again"), pikepdf.new() as new:
            for number in numbers:
                new.pages.append(pdf.pages[number - 1])
            if dispatch is not None:
                describe(new, dispatch)
                add_decree_fields(new, dispatch)
            new.save(out, deterministic_id=True)
        return out.getvalue()

    def close(self) -> None:
        """Close the file."""
        if self._pdf is not None:
            self._pdf.close()

    def __enter__(self) -> Self:
        """Use as a context."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()


def _settle_fields(pdf: pikepdf.Pdf) -> None:
    """Make what is filled into a form part of its page: fields cannot be told from those of the other documents."""
    if "/AcroForm" in pdf.Root:
        pdf.generate_appearance_streams()
        pdf.flatten_annotations()


def _tiff_part(data: bytes, numbers: Sequence[int], name: str) -> bytes:
    """A TIFF of some of the frames, their pixels unchanged: written upright and compressed without loss."""
    out = io.BytesIO()
    with edge(name, "cannot be cut", "copy or scan it again"), QUIET, Image.open(io.BytesIO(data)) as image:
        frames = _frames(image, numbers)
        first = next(frames)
        written = first.encoderinfo
        first.save(out, "TIFF", save_all=True, append_images=frames, **written)
    return out.getvalue()


def _frames(image: Image.Image, numbers: Sequence[int]) -> Iterator[Image.Image]:
    """The frames of these numbers, one at a time, with how each is to be written."""
    for number in numbers:
        image.seek(number - 1)
        frame = ImageOps.exif_transpose(image)
        said = image.info.get("dpi") or ()
        frame.encoderinfo = {"compression": "group4" if frame.mode == "1" else "tiff_lzw"}
        if len(said) == 2 and all(side > 0 for side in said):
            frame.encoderinfo["dpi"] = tuple(map(float, said))
        frame.info = {}
        yield frame
