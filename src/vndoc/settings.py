"""Everything that can be chosen: one object that the library, the command line, a batch worker and a cluster share.

>>> from vndoc import Settings, parse
>>> parse("scan.pdf", settings=Settings(languages="vie+eng", jobs=1))  # doctest: +SKIP
"""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """What a page may cost. Only pages that are no pages reach these limits, so results do not depend on them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine_seconds: float = Field(default=40.0, gt=0)
    """Wall time of one call of the text engine; a page of dense text takes 2 to 5 seconds. Less than ``page_seconds``,
    so that a page on which it does not end costs the page and not the file."""
    render_seconds: float = Field(default=30.0, gt=0)
    """Wall time that poppler may take for all drawings of one page; a page takes 0.1 to 2 seconds. Pages that draw more
    than a page has get 8 of them, and the text layer 12."""
    page_pixels: int = Field(default=40_000_000, gt=0)
    """A larger page is drawn at fewer dpi; A4 at 240 dpi has 5.6 million."""
    page_seconds: float = Field(default=60.0, gt=0)
    """Wall time for opening a file and for each of its pages; a third of it for each page of a long file."""
    memory_mb: int = Field(default=1280, gt=0)
    """MiB of data that the process which reads a file may hold, and each program that it calls (Linux)."""


class Settings(BaseModel):
    """All options of reading a document; immutable, comparable, and JSON both ways."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: str = "auto"
    """Name of the text engine: ``auto`` (vndoc's own reader, and Tesseract for what it doubts), ``lines`` (the own
    reader alone), ``tesseract``, or one that another package registers under ``vndoc.engines``."""
    slot_reader: str = "handwriting"
    """Name of the reader of handwritten slots, as above under ``vndoc.slot_readers``."""
    languages: str = Field(default="vie", min_length=1)
    """Language codes for the text engine, joined by ``+`` as Tesseract writes them: ``vie+eng``. Without ``vie``, pages
    are read by Tesseract alone: vndoc's own reader knows Vietnamese only."""
    repair: Literal["auto", "vie", "eng", "off"] = "auto"
    """Which errors the repair expects: by the page itself, those of Vietnamese or of English OCR data, or no repair."""
    dpi: int = Field(default=240, ge=72, le=600)
    """Dots per inch at which pages are read. At 240, 13-point type has the 33-pixel capitals that Tesseract reads best;
    300 takes a fifth more time and reads no more words (docs/errors.md)."""
    jobs: int | None = Field(default=None, ge=1)
    """Pages read at the same time; None for as many as there are processors."""
    split: Literal["auto", "never", "always"] = "auto"
    """Whether a file that holds several documents is cut: where that is sure, not at all, or wherever a document begins
    rather than not. For ``read_all``, ``vndoc parse`` and the batch; ``read`` never cuts and says what it saw."""
    models: Path | None = None
    """Folder with models in place of those in the package: ``digits.npz``, ``lines.npz`` and ``language/`` as
    ``training`` makes them; what is not in it comes from the package."""
    sandbox: bool = True
    """Whether files are opened in a process of its own, which has limits and no network. Without it they are opened
    where they are asked for: for engines that need the network, and where no process can be started."""
    limits: Limits = Limits()

    def without_machine(self) -> "Settings":
        """The settings without what changes no result: how many pages are read at a time, where, and the limits."""
        return self.model_copy(update={"jobs": None, "sandbox": True, "limits": Limits()})


DEFAULTS = Settings()
"""What holds where nothing else is chosen."""
