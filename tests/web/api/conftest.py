"""An application whose reader reads canned texts, and a scan with what was read of it."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tests.archive.conftest import HereAndNow
from tests.web.conftest import client_of, with_csrf
from tests.web.work.conftest import Workers
from vndoc import Archive
from vndoc.archive.jobs import Outcome
from vndoc.dispatch import Dispatch, Evidence, PageText, Source
from vndoc.page import Block, Box, Line, Method, Origin, Page, Word
from vndoc.reading import Reading
from vndoc.settings import DEFAULTS
from vndoc.web.work import reader as reader_module
from vndoc.web.work.reader import Reader

DPI = 100


@pytest.fixture
def workers(app, archive_path, monkeypatch):
    """Canned workers behind the application's reader."""
    monkeypatch.setattr(reader_module, "TICK", 0.02)
    made = Workers()
    work = app.state.work
    app.state.work = replace(work, reader=Reader(archive_path, work.uploads, DEFAULTS, lambda: made))
    return made


@pytest.fixture
def served(app, workers):
    """A client of an application whose background work runs."""
    with client_of(app) as client:
        yield with_csrf(client)


@pytest.fixture
def scan(archive_path, tmp_path):
    """Key of a scan of two pages of which one word on each was read; the number is in doubt."""
    pages = []
    for shade in (0, 120):
        pixels = np.full((1169, 827), 255, np.uint8)
        pixels[100:140, 100:300] = shade
        pages.append(Image.fromarray(pixels))
    path = tmp_path / "Công văn 815.tif"
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(DPI, DPI))

    def work(job):
        word = Word("hoach", Box(100, 100, 300, 140), 0.4, origin=Origin.OCR)
        read = tuple(
            Page(n, (Block((Line((word,)),)),), 827, 1169, DPI, method=Method.OCR, engine="lines") for n in (1, 2)
        )
        source = Source(name=path.name, sha256=job.sha256, media_type="image/tiff", page_amount=2)
        doubt = Evidence(
            confidence=0.3, page=1, box=(100, 100, 300, 140), raw="8I5", candidates=[("815", 0.6)], method="slot"
        )
        dispatch = Dispatch(
            source=source,
            text="hoach\n\nhoach",
            pages=[
                PageText(number=n, text="hoach", layer="none", method="lines", width=827, height=1169) for n in (1, 2)
            ],
            evidence={"/code_number": doubt},
        )
        return Outcome(job, dispatch.model_dump_json(), Reading(source, read, {}).to_bytes(), seconds=1.0)

    with Archive(archive_path) as archive:
        archive.batch([path], executor=HereAndNow(work))
        return archive.ledger.entry_at(str(path)).sha256
