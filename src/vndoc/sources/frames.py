"""Which frames of an image file are pages, bounded by what its bytes can hold, whatever it claims."""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image

from vndoc.damage import DamageError
from vndoc.errors import TooLargeError

MOST_FRAMES = 5_000
"""Of one file. A page takes a second to read."""
_MOVING = ("GIF", "WEBP", "PNG", "AVIF")
"""Formats of which the further frames are those of a moving picture, and no pages."""
_JPEG = re.compile(rb"\xff\xd8\xff")
MOST_REPEATED = 100
"""Pages that are named again; some programs share a blank one."""
_SUBFILE_TYPE, _PREVIEW, _STRIPS, _TILES = 254, 1, 273, 324  # TIFF 6.0, section 8
_SHORT = 3  # a type of TIFF's fields; any other of one value is read as LONG


class _Form(NamedTuple):
    """How a TIFF writes its numbers: 32 bits, or 64 in a BigTIFF."""

    order: str
    first: int
    """Where the place of the first directory stands."""
    place: str
    amount: str
    entry: int
    value: int
    """Bytes of an entry, and where in it the value is."""


def page_frames(image: Image.Image, most: int = MOST_FRAMES) -> list[int]:
    """Indexes of the frames that are pages: of a TIFF all but its previews, of a moving picture the first.

    Args:
        image: as it was opened.
        most: frames that are taken from one file.

    Raises:
        TooLargeError: there are more.
    """
    if image.format in _MOVING:
        return [0]
    if image.format == "TIFF":
        return _tiff_frames(image, most)
    amount = int(getattr(image, "n_frames", 1))
    if amount > most:
        raise TooLargeError(f"the image has more than {most} pages; split it")
    return list(range(amount))


def _tiff_frames(image: Image.Image, most: int) -> list[int]:
    """Frames by seeking one after the other, as Pillow counts them."""
    pages: list[int] = []
    number = 0
    while True:
        try:
            image.seek(number)
        except EOFError:
            break
        if not int(getattr(image, "tag_v2", {}).get(_SUBFILE_TYPE, 0)) & _PREVIEW:
            pages.append(number)
        number += 1
        if number > most:
            raise TooLargeError(f"the image has more than {most} pages; split it")
    return pages or [0]


def tiff_pages(data: bytes, name: str) -> list[bytes]:
    """The pages of a TIFF in the order of their directories, each once, previews left out.

    Each as the head that the file would have if that page were its first: Pillow, which counts pages by walking through
    all before them, is never asked for another.

    Raises:
        DamageError: its head or its first directory lies outside the file, or it shows one page again and again.
        TooLargeError: it has more than :data:`MOST_FRAMES`.
    """
    form = _form(data)
    all_of_them = list(_directories(data, form, name))
    if not all_of_them:
        raise DamageError("its first directory lies outside the file")
    pages = [at for at in all_of_them if not _value(data, form, at, _SUBFILE_TYPE) & _PREVIEW] or all_of_them[:1]
    strips = {_value(data, form, at, _STRIPS) or _value(data, form, at, _TILES) for at in pages}
    if len(pages) - len(strips) > MOST_REPEATED:
        raise DamageError(f"it names one page {len(pages)} times")
    return [data[: form.first] + struct.pack(form.order + form.place, at) for at in pages]


def _form(data: bytes) -> _Form:
    order = "<" if data[:2] == b"II" else ">"
    if len(data) < 16:
        raise DamageError("its head is cut off")
    (version,) = struct.unpack_from(order + "H", data, 2)
    return _Form(order, 8, "Q", "Q", 20, 12) if version == 43 else _Form(order, 4, "I", "H", 12, 8)


def _directories(data: bytes, form: _Form, name: str) -> Iterator[int]:
    """Places of the directories, until one lies outside the file or was there before."""
    seen: set[int] = set()
    wide = struct.calcsize(form.amount)
    (at,) = struct.unpack_from(form.order + form.place, data, form.first)
    while at and at not in seen and at + wide <= len(data):
        if len(seen) >= MOST_FRAMES:
            raise TooLargeError(f"{name}: the image has more than {MOST_FRAMES} pages; split it")
        seen.add(at)
        yield at
        (entries,) = struct.unpack_from(form.order + form.amount, data, at)
        behind = at + wide + form.entry * entries
        if behind + struct.calcsize(form.place) > len(data):
            return
        (at,) = struct.unpack_from(form.order + form.place, data, behind)


def _value(data: bytes, form: _Form, at: int, tag: int) -> int:
    """The one number of a tag in a directory; 0 where it has none."""
    wide = struct.calcsize(form.amount)
    (entries,) = struct.unpack_from(form.order + form.amount, data, at)
    for place in range(at + wide, min(at + wide + form.entry * entries, len(data) - form.entry + 1), form.entry):
        found, kind = struct.unpack_from(form.order + "HH", data, place)
        if found == tag:
            return int(struct.unpack_from(form.order + ("H" if kind == _SHORT else "I"), data, place + form.value)[0])
        if found > tag:  # they are in order
            break
    return 0


def frames_held(image: Image.Image, data: bytes, name: str) -> list[int]:
    """Indexes of the frames that are pages, for any format but TIFF: no more than the file has images.

    Raises:
        TooLargeError: it has more than :data:`MOST_FRAMES`.
    """
    amount = 1 if image.format in _MOVING else int(getattr(image, "n_frames", 1))
    if image.format == "MPO":
        amount = min(amount, sum(1 for _ in _JPEG.finditer(data)))
    if amount > MOST_FRAMES:
        raise TooLargeError(f"{name}: the image has more than {MOST_FRAMES} pages; split it")
    return list(range(max(amount, 1)))
