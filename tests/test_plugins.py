"""An engine, a format and a slot reader from another package: found by entry point, used everywhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import vndoc
from vndoc.errors import SetupError
from vndoc.ocr.engines.registry import ENGINES, text_engine
from vndoc.ocr.handwriting import slot_reader
from vndoc.sources import registry

MODULE = """
import numpy as np

from vndoc.page import Box, Line, Word
from vndoc.slots import SlotForm, SlotKey, SlotKind
from vndoc.sources.backend import Layout

ROWS = [
    ("SỞ Y TẾ", 300, 300),
    ("Số: 8k8 /SYT-VP", 300, 380),
    ("An Giang, ngày 05 tháng 6 năm 2024", 1100, 380),
    ("V/v báo cáo", 300, 460),
    ("Kính gửi: Sở Nội vụ.", 600, 560),
]


def line(text, x, y):
    words = []
    for part in text.split():
        width = 18 * len(part)
        words.append(Word(part, Box(x, y, x + width, y + 33), 0.1 if part == "8k8" else 0.97))
        x += width + 14
    return Line(tuple(words))


class Engine:
    name, version = "loud", "7"

    def __init__(self, settings):
        self.languages = settings.languages

    def read(self, images, kind, dpi):
        if kind != "page":
            return [[] for _ in images]
        return [[line(*row) for row in ROWS] for _ in images]


class Reader:
    name = "sharp"

    def __init__(self, settings):
        pass

    def read(self, image, slots, words, dpi, angle):
        return {slot.key: [("41", 0.9)] for slot in slots if slot.kind is SlotKind.NUMBER}


class File:
    page_amount = 1

    def __init__(self, file):
        self.grey = int(file.data.split()[1])

    def page(self, number):
        return None

    def layout(self, number, dpi):
        return Layout(595.0, 842.0, dpi)

    def image(self, number, dpi, *, marks=False):
        image = np.full((round(842 * dpi / 72), round(595 * dpi / 72)), 255, np.uint8)
        image[300:320, 300:900] = self.grey
        return image

    def text_layer(self, number, dpi):
        return None

    def remarks(self):
        return ()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


class Backend:
    names = {"image/x-grey": "a grey"}
    suffixes = {".grey": "image/x-grey"}

    def probe(self, data):
        return "image/x-grey" if data.startswith(b"GREY ") else None

    def open(self, file, settings):
        return File(file)


BACKEND = Backend()
"""
POINTS = """[vndoc.engines]
loud = loud_vndoc:Engine
broken = loud_vndoc:nothing
[vndoc.slot_readers]
sharp = loud_vndoc:Reader
[vndoc.backends]
grey = loud_vndoc:BACKEND
"""


@pytest.fixture
def plugin(tmp_path, monkeypatch) -> Path:
    """A folder with the other package, on the path of this process and of those it starts."""
    folder = tmp_path / "site"
    about = folder / "loud_vndoc-1.0.dist-info"
    about.mkdir(parents=True)
    (folder / "loud_vndoc.py").write_text(MODULE, "utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: loud-vndoc\nVersion: 1.0\n", "utf-8")
    (about / "entry_points.txt").write_text(POINTS, "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(folder), *os.environ.get("PYTHONPATH", "").split(os.pathsep)])
    )
    for cached in (registry.backends, registry.suffixes):
        cached.cache_clear()
    yield folder
    sys.modules.pop("loud_vndoc", None)
    for cached in (registry.backends, registry.suffixes):
        cached.cache_clear()


@pytest.fixture
def grey(tmp_path, plugin) -> Path:
    path = tmp_path / "letter.grey"
    path.write_bytes(b"GREY 0")
    return path


CHOSEN = vndoc.Settings(engine="loud", slot_reader="sharp", jobs=1)


def test_the_library_reads_with_what_the_other_package_brings(grey):
    dispatch = vndoc.parse(grey, settings=CHOSEN)
    assert dispatch.source.media_type == "image/x-grey"
    assert [page.method for page in dispatch.pages] == ["loud"]
    assert (dispatch.code_number, dispatch.code_notation, dispatch.organ_name) == ("41", "SYT-VP", "Sở Y tế")


def run(*arguments: str | Path) -> str:
    command = [sys.executable, "-m", "vndoc", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout


def test_the_command_line_reads_with_it(grey):
    dispatch = json.loads(run("parse", grey, "--engine", "loud", "--slot-reader", "sharp"))
    assert (dispatch["code_number"], dispatch["pages"][0]["method"]) == ("41", "loud")


@pytest.mark.slow
def test_a_worker_of_a_batch_reads_with_it(grey, tmp_path):
    archive = tmp_path / "a.sqlite"
    run("batch", grey, "--archive", archive, "--engine", "loud", "--slot-reader", "sharp", "--jobs", "1")
    run("register", archive, "--output", tmp_path / "r.jsonl")
    (row,) = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text("utf-8").splitlines()]
    assert row["code"] == "41/SYT-VP"


def test_a_name_that_nobody_registered(plugin):
    assert ENGINES.names() == ["tesseract", "broken", "loud"]
    with pytest.raises(SetupError, match="no text engine 'quiet'; there are: tesseract, broken, loud"):
        text_engine(vndoc.Settings(engine="quiet"))
    with pytest.raises(SetupError, match="no slot reader 'quiet'"):
        slot_reader(vndoc.Settings(slot_reader="quiet"))


def test_an_engine_that_cannot_be_loaded_says_so(plugin):
    with pytest.raises(SetupError, match=r"text engine 'broken' .* cannot be loaded"):
        text_engine(vndoc.Settings(engine="broken"))


def test_vndoc_s_own_wins_over_another_of_its_name(plugin):
    (plugin / "loud_vndoc-1.0.dist-info" / "entry_points.txt").write_text(
        "[vndoc.engines]\ntesseract = loud_vndoc:Engine\n", "utf-8"
    )
    assert text_engine(vndoc.Settings()).name == "tesseract"
