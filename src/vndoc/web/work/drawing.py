"""Images of pages, as they were read: upright and level, so that boxes fit them. Runs in a process with limits.

A page is drawn once, at the resolution at which it was read, and kept; smaller images and crops are taken from that.
"""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from vndoc.archive.jobs import Job
from vndoc.archive.locations import local_copy
from vndoc.errors import FormatError, MissingFileError
from vndoc.ocr.imaging.upright import levelled
from vndoc.page import Page
from vndoc.sandbox.scratch import temporary_folder
from vndoc.sources import SourceFile, load_file, open_file
from vndoc.sources.backend import POINTS
from vndoc.web.work.cache import Cache

WIDTHS = (240, 800, 1200, 1600, 2000)
"""Pixels; a page is never made wider than it was read."""
ZOOMS = (1, 2, 3)
MAX_CROP_PIXELS = 8_000_000
DPI = 240
"""Of pages of which nobody has noted how they were read."""

_MASTER_QUALITY, _QUALITY = 92, 82
_VERSION = 1
"""Goes up when the same page would be drawn differently."""
_LOCKS = 64
Image8 = NDArray[np.uint8]


@dataclass(frozen=True)
class Width:
    """The whole page, so many pixels wide, one of :data:`WIDTHS`."""

    pixels: int


@dataclass(frozen=True)
class Crop:
    """A part of a page: a box in pixels of the page as read, shown ``zoom`` times as large."""

    box: tuple[int, int, int, int]
    zoom: int = 2


Want = Width | Crop


class Task(Protocol):
    """What is made of a document in a process with limits, and kept."""

    @property
    def key(self) -> str:
        """Under which it is kept."""
        ...

    @property
    def cache(self) -> Path:
        """Folder in which it is kept."""
        ...

    @property
    def seconds(self) -> float:
        """That it may take."""
        ...

    @property
    def memory_mb(self) -> int:
        """MiB of data that the process may hold."""
        ...

    def make(self) -> bytes:
        """Make it."""
        ...


@dataclass(frozen=True)
class Drawing:
    """What to draw, and within which limits."""

    job: Job
    """Where the document lies."""
    page: Page
    """Without its words."""
    want: Want
    cache: Path
    seconds: float
    memory_mb: int

    @property
    def master_key(self) -> str:
        """Under which the page itself is kept."""
        return _key(self.job.sha256, self.page, "page")

    @property
    def key(self) -> str:
        """Under which the image is kept."""
        return _key(self.job.sha256, self.page, repr(self.want))

    def make(self) -> bytes:
        """A JPEG."""
        return _encoded(_wanted(_master(self, Cache(self.cache, 0)), self.want), _QUALITY)


def bare(page: Page) -> Page:
    """A page without its words: what is needed to draw it."""
    return replace(page, blocks=(), warnings=(), dpi=page.dpi or DPI)


def page_tag(page: Page) -> str:
    """Changes whenever the images of a page do: an address with it can be kept for good."""
    return _key("", bare(page), "tag")[:12]


def _key(sha256: str, page: Page, what: str) -> str:
    about = f"{_VERSION} {sha256} {page.number} {page.dpi} {page.turns} {page.angle!r} {what}"
    return hashlib.sha256(about.encode()).hexdigest()


def run(task: Task) -> bytes:
    """Make it and put it into the cache; called in a sandbox.

    Raises:
        VndocError: it cannot be made of this document.
    """
    cv2.setNumThreads(1)
    data = task.make()
    Cache(task.cache, 0).put(task.key, data)
    return data


def _master(drawing: Drawing, cache: Cache) -> Image8:
    """The page as it was read; drawn by one process while others wait for it."""
    locks = drawing.cache / "locks"
    locks.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(locks / f"{int(drawing.master_key[:8], 16) % _LOCKS}"):
        kept = cache.get(drawing.master_key)
        image = cv2.imdecode(np.frombuffer(kept, np.uint8), cv2.IMREAD_UNCHANGED) if kept else None
        if image is not None:
            return np.asarray(image, np.uint8)
        image = _drawn(drawing)
        cache.put(drawing.master_key, _encoded(image, _MASTER_QUALITY))
        return image


def _drawn(drawing: Drawing) -> Image8:
    page, job = drawing.page, drawing.job
    with temporary_folder() as folder:
        file = unchanged(job, Path(folder))
        with open_file(file, job.settings)[0] as opened:
            if not 1 <= page.number <= opened.page_amount:
                raise MissingFileError("the file has no such page")
            layout = opened.layout(page.number, page.dpi)
            image = opened.image(page.number, layout.dpi, marks=True)
    if 2 * image.shape[1] < layout.width * layout.dpi / POINTS:  # what poppler gives where it gets no memory
        raise MemoryError
    image = levelled(image, page)
    return np.ascontiguousarray(image[..., ::-1]) if image.ndim == 3 else image


def unchanged(job: Job, folder: Path) -> SourceFile:
    """The file of a document, with ``folder`` for a copy of it where one is needed.

    Raises:
        MissingFileError: it has gone, or is another than the one that was read.
    """
    file = load_file(local_copy(job, folder)[0])
    if job.kind != "folder" and file.sha256 != job.sha256:
        raise MissingFileError("the file has changed since it was read")
    return file


def _wanted(image: Image8, want: Want) -> Image8:
    height, width = image.shape[:2]
    if isinstance(want, Width):
        if want.pixels >= width:
            return image
        size = want.pixels, max(1, round(height * want.pixels / width))
        return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    x0, y0, x1, y1 = want.box
    part = image[max(y0, 0) : min(y1, height), max(x0, 0) : min(x1, width)]
    if not part.size:
        raise FormatError("the box is beside the page")
    if want.zoom == 1:
        return part
    return np.asarray(cv2.resize(part, None, fx=want.zoom, fy=want.zoom, interpolation=cv2.INTER_CUBIC), np.uint8)


def _encoded(image: Image8, quality: int) -> bytes:
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise FormatError("the page cannot be encoded")
    return bytes(data)
