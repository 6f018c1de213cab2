"""Images of pages: as they were read, drawn once, kept up to a limit, within limits of time and memory."""

import io
import os
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from tests.conftest import SAMPLES
from vndoc import Archive, sandbox
from vndoc.archive.intake import IntakeItem
from vndoc.archive.jobs import Job
from vndoc.archive.locations import digest
from vndoc.errors import FormatError, MissingFileError
from vndoc.page import Method, Page
from vndoc.sandbox import shared
from vndoc.settings import Limits, Settings
from vndoc.web.work import drawing as drawing_module
from vndoc.web.work import images as module
from vndoc.web.work.cache import Cache
from vndoc.web.work.drawing import Crop, Drawing, Width, bare, page_tag, run
from vndoc.web.work.images import Images, NotDrawnError, OverloadedError

DPI = 60
SMALL = Width(240)


@pytest.fixture
def picture(tmp_path):
    """A page with a black quarter at its top left, and the job that reads it."""
    pixels = np.full((400, 300), 255, np.uint8)
    pixels[:200, :150] = 0
    path = tmp_path / "trang.png"
    Image.fromarray(pixels).save(path, dpi=(DPI, DPI))
    return Job(1, digest(str(path), "file"), str(path))


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache", 10_000_000)


def drawing_of(job, cache, want=SMALL, **page):
    page = Page(**{"number": 1, "blocks": (), "dpi": DPI, "method": Method.OCR} | page)
    return Drawing(job, page, want, cache.folder, 30.0, 2048)


def pixels(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"))


def files(cache):
    return sorted(path for path in cache.folder.glob("*/*") if path.parent.name != "locks")


def test_a_page_at_a_width_and_as_it_was_read(picture, cache):
    image = pixels(run(drawing_of(picture, cache)))
    assert image.shape[1] == 240
    assert image[10, 10] < 50
    turned = pixels(run(drawing_of(picture, cache, turns=1)))
    assert turned.shape[1] > turned.shape[0]
    assert turned[10, 10] > 200
    assert turned[-10, 10] < 50
    tilted = pixels(run(drawing_of(picture, cache, angle=5.0)))
    assert np.abs(tilted.astype(int) - image[: tilted.shape[0]]).mean() > 3


def test_no_page_is_made_wider_than_it_was_read(picture, cache):
    wide = pixels(run(drawing_of(picture, cache, Width(2000))))
    assert wide.shape == pixels(cache.get(drawing_of(picture, cache).master_key)).shape


def test_a_crop_is_in_pixels_of_the_page_as_read(picture, cache):
    width = pixels(run(drawing_of(picture, cache, Width(2000)))).shape[1]
    middle = width // 2
    image = pixels(run(drawing_of(picture, cache, Crop((middle - 20, 10, middle + 20, 30), 2))))
    assert image.shape == (40, 80)
    assert image[:, :30].mean() < 50
    assert image[:, 50:].mean() > 200
    over_the_edge = pixels(run(drawing_of(picture, cache, Crop((-50, -50, 20, 10), 1))))
    assert over_the_edge.shape == (10, 20)
    with pytest.raises(FormatError, match="beside"):
        run(drawing_of(picture, cache, Crop((5000, 10, 5020, 30))))


def test_a_page_is_drawn_once_for_all_its_images(picture, cache, monkeypatch):
    drawn = []
    original = drawing_module._drawn
    monkeypatch.setattr(drawing_module, "_drawn", lambda d: drawn.append(d) or original(d))
    for want in (Width(240), Width(800), Crop((0, 0, 10, 10)), Width(240)):
        run(drawing_of(picture, cache, want))
    assert len(drawn) == 1
    with ThreadPoolExecutor(4) as threads:
        wants = [Width(240), Width(800), Crop((0, 0, 10, 10)), Crop((5, 5, 10, 10))]
        list(threads.map(lambda want: drawing_module._master(drawing_of(picture, cache, want, turns=2), cache), wants))
    assert len(drawn) == 2


def test_a_page_drawn_otherwise_has_another_key_and_tag(picture, cache):
    made = [
        drawing_of(picture, cache, **page) for page in ({}, {"turns": 1}, {"angle": 0.5}, {"dpi": 61}, {"number": 2})
    ]
    assert len({d.key for d in made} | {d.master_key for d in made}) == 10
    assert len({page_tag(d.page) for d in made}) == 5
    assert page_tag(bare(made[0].page)) == page_tag(made[0].page)


def test_a_file_that_is_another_now_is_not_shown(picture, cache):
    Image.new("L", (30, 30)).save(picture.path)
    with pytest.raises(MissingFileError, match="changed"):
        run(drawing_of(picture, cache))
    assert files(cache) == []


def test_a_page_the_file_does_not_have(picture, cache):
    with pytest.raises(MissingFileError, match="no such page"):
        run(drawing_of(picture, cache, number=2))


def test_what_is_damaged_in_the_cache_is_made_again(picture, cache):
    first = run(drawing_of(picture, cache))
    cache.path(drawing_of(picture, cache).master_key).write_bytes(b"no image")
    assert run(drawing_of(picture, cache)) == first


def test_a_member_of_a_zip_file(picture, cache, tmp_path):
    from tests.archive.conftest import zip_of  # noqa: PLC0415

    path = zip_of({"trang.png": Path(picture.path).read_bytes()}, tmp_path / "a.zip")
    job = Job(1, picture.sha256, f"{path}/trang.png", "member", str(path))
    assert pixels(run(drawing_of(job, cache))).shape[1] == 240


# The cache


def test_what_was_asked_for_longest_ago_goes_first(tmp_path):
    cache = Cache(tmp_path / "cache", 1000)
    for number in range(12):
        cache.put(f"{number:064x}", b"x" * 100)
        os.utime(cache.path(f"{number:064x}"), (1000 + number, 1000 + number))
    assert cache.get(f"{0:064x}")  # asked for: the latest now
    assert cache.shrink() == 3
    left = [number for number in range(12) if cache.get(f"{number:064x}")]
    assert left == [0, 4, 5, 6, 7, 8, 9, 10, 11]
    assert cache.shrink() == 0


def test_the_cache_is_shrunk_as_it_is_written(tmp_path):
    cache = Cache(tmp_path / "cache", 1000)
    for number in range(50):
        cache.put(f"{number:064x}", b"x" * 100)
        cache.wrote(100)
    assert len(files(cache)) <= 10


def test_a_cache_that_was_emptied_or_cannot_be_written(tmp_path):
    cache = Cache(tmp_path / "cache", 1000)
    assert cache.get("0" * 64) is None
    assert cache.shrink() == 0
    cache.put("0" * 64, b"x")
    shutil.rmtree(cache.folder)
    assert cache.get("0" * 64) is None
    cache.put("0" * 64, b"y")
    assert cache.get("0" * 64) == b"y"
    (tmp_path / "file").touch()
    Cache(tmp_path / "file", 1000).put("0" * 64, b"x")


# Those who ask


class Pool:
    """Draws when it is told to."""

    def __init__(self):
        self.jobs = []
        self.broken = False

    def submit(self, call, work, task, **limits):
        assert (call, work) == (sandbox.call, run)
        assert limits == {"seconds": task.seconds, "memory_mb": task.memory_mb}
        future = Future()
        self.jobs.append((future, task))
        return future

    def draw(self):
        for future, drawing in self.jobs:
            try:
                future.set_result(run(drawing))
            except Exception as error:
                future.set_exception(error)
        self.jobs = []

    def shutdown(self, cancel_futures):
        pass


@pytest.fixture
def pools(monkeypatch):
    made = []

    def make(_self):
        made.append(Pool())
        return made[-1]

    monkeypatch.setattr(Images, "_made", make)
    return made


def test_two_who_ask_for_the_same_wait_for_one(picture, cache, pools):
    with Images(cache) as images:
        first, second = (images.get(drawing_of(picture, cache)) for _ in range(2))
        assert not first.cancel()
        assert len(pools[0].jobs) == 1
        pools[0].draw()
        assert first.result() == second.result()
        assert images.get(drawing_of(picture, cache)).result() == first.result()
        assert pools[0].jobs == []
        shutil.rmtree(cache.folder)
        again = images.get(drawing_of(picture, cache))
        pools[0].draw()
        assert again.result() == first.result()


def test_a_page_that_cannot_be_drawn_is_not_tried_again_at_once(picture, cache, pools, monkeypatch):
    Path(picture.path).write_bytes(b"\x89PNG\r\n\x1a\n broken")
    job = Job(1, digest(picture.path, "file"), picture.path)
    with Images(cache) as images:
        future = images.get(drawing_of(job, cache))
        pools[0].draw()
        with pytest.raises(NotDrawnError) as failure:
            future.result()
        assert failure.value.reason == "damaged"
        with pytest.raises(NotDrawnError):
            images.get(drawing_of(job, cache)).result()
        assert pools[0].jobs == []
        monkeypatch.setattr(module, "FORGIVEN", 0.0)
        images.get(drawing_of(job, cache))
        assert len(pools[0].jobs) == 1


def test_too_many_are_told_to_come_again(picture, cache, pools, monkeypatch):
    monkeypatch.setattr(module, "MOST_WAITING", 1)
    images = Images(cache)
    with pytest.raises(OverloadedError):
        images.get(drawing_of(picture, cache))  # it was not started
    with images:
        images.get(drawing_of(picture, cache))
        with pytest.raises(OverloadedError):
            images.get(drawing_of(picture, cache, Width(800)))


@pytest.mark.slow
def test_a_process_that_was_ended_is_replaced(picture, cache):
    with Images(cache, 1) as images:
        assert images.get(drawing_of(picture, cache)).result(120)
        for worker in shared._waiting:
            worker.kill()
        assert images.get(drawing_of(picture, cache, Width(800))).result(120)


def test_the_next_page_is_drawn_where_nothing_else_is_to_be_done(picture, cache, pools):
    with Images(cache) as images:
        images.prefetch(drawing_of(picture, cache))
        images.prefetch(drawing_of(picture, cache, Width(800)))
        assert len(pools[0].jobs) == 1
        pools[0].draw()
        images.prefetch(drawing_of(picture, cache))
        assert pools[0].jobs == []


def test_pages_of_an_archive(archive_path, picture, cache, keys):
    with Archive(archive_path) as archive, Images(cache, 1) as images:
        number = archive.document_id(keys["a.txt"])
        assert [page.number for page in images.pages(archive, number)] == [1, 2]
        assert images.pages(archive, number) is images.pages(archive, number)
        with pytest.raises(MissingFileError):
            images.page(archive, number, 3)
        with pytest.raises(NotDrawnError, match="text"):
            images.drawing(archive, number, images.page(archive, number, 2), Width(800))
        archive.ledger.note(IntakeItem(picture.path, "file", (1, 1)), picture.sha256)
        number = archive.document_id(picture.sha256)
        page = bare(Page(1, (), method=Method.OCR))
        assert images.drawing(archive, number, page, Width(800)).job.path == picture.path
        Path(picture.path).unlink()
        with pytest.raises(NotDrawnError, match="missing"):
            images.drawing(archive, number, page, Width(800))


@pytest.mark.slow
def test_real_processes_draw_a_scan_and_end_what_takes_too_long_or_too_much(cache, tmp_path):
    path = SAMPLES / "cv815" / "scan.pdf"
    scan = Job(1, digest(str(path), "file"), str(path))
    vast = tmp_path / "vast.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(14_000, 14_000))
        pdf.save(vast)
    large = Job(2, digest(str(vast), "file"), str(vast))
    with Images(cache, 1) as images:
        wide = drawing_of(scan, cache, Width(1200), dpi=240)
        assert pixels(images.get(wide).result(120)).shape[1] == 1200
        assert images.get(drawing_of(scan, cache, Crop((100, 100, 500, 200)), dpi=240)).result(120)
        hasty = Drawing(large, bare(Page(1, ())), Width(800), cache.folder, 0.01, 2048)
        with pytest.raises(NotDrawnError, match="timeout"):
            images.get(hasty).result(120)
        unlimited = replace(large, settings=Settings(limits=Limits(page_pixels=400_000_000)))
        greedy = Drawing(unlimited, bare(Page(1, (), dpi=300)), Width(240), cache.folder, 60, 400)
        with pytest.raises(NotDrawnError, match="memory"):
            images.get(greedy).result(120)
        assert images.get(drawing_of(scan, cache, Width(800), dpi=240)).result(120)
