"""An engine, a format and a slot reader from another package: found by entry point, used everywhere."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import vndoc
from tests.conftest import SAMPLES
from vndoc.doctor import examine
from vndoc.errors import EngineError, SetupError
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
    assert ENGINES.names() == ["auto", "lines", "tesseract", "broken", "loud"]
    with pytest.raises(SetupError, match="no text engine 'quiet'; there are: auto, lines, tesseract, broken, loud"):
        text_engine(vndoc.Settings(engine="quiet"))
    with pytest.raises(SetupError, match="no slot reader 'quiet'"):
        slot_reader(vndoc.Settings(slot_reader="quiet"))


def test_an_engine_that_cannot_be_loaded_says_so(plugin):
    with pytest.raises(SetupError, match=r"text engine 'broken' .* cannot be loaded"):
        text_engine(vndoc.Settings(engine="broken"))


def test_vndoc_s_own_wins_over_another_of_its_name(plugin):
    (plugin / "loud_vndoc-1.0.dist-info" / "entry_points.txt").write_text(
        "".join(["[vndoc.engines]\n", *(f"{name} = loud_vndoc:Engine\n" for name in ENGINES.own)]), "utf-8"
    )
    assert [text_engine(vndoc.Settings(engine=name)).name for name in ENGINES.own] == list(ENGINES.own)


def with_mode(plugin: Path, old: str, new: str) -> None:
    """The other package with a part of its module changed."""
    assert old in MODULE
    (plugin / "loud_vndoc.py").write_text(MODULE.replace(old, new), "utf-8")


READ = "return [[line(*row) for row in ROWS] for _ in images]"


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("raise ValueError('out of ink')", "the text engine 'loud' failed (ValueError)"),
        ("return None", "NoneType readings for 1 images"),
        ("return []", "0 readings for 1 images"),
        ("return [['Số:'] for _ in images]", "no lists of lines"),
        ("return [[Line((Word('Số:', None, 97.0),))] for _ in images]", "a confidence of 97.0"),
        ("return [[Line((Word('Số:', None, float('nan')),))] for _ in images]", "a confidence of nan"),
        ("return [[Line((Word('Số:', (1, 2, 3, 4)),))] for _ in images]", "no box"),
    ],
)
def test_an_engine_that_breaks_its_word_is_named(grey, plugin, returned, said):
    with_mode(plugin, READ, returned)
    with pytest.raises(EngineError, match=re.escape(said)):
        vndoc.parse(grey, settings=CHOSEN)


@pytest.mark.parametrize("method", ["page(self, number)", "layout(self, number, dpi)", "text_layer(self, number, dpi)"])
def test_a_format_that_fails_on_a_page_is_named(grey, plugin, method):
    with_mode(plugin, f"def {method}:", f"def {method}:\n        raise KeyError(number)\n")
    with pytest.raises(EngineError, match=r"the format 'image/x-grey' failed on .*page 1 \(KeyError\)"):
        vndoc.parse(grey, settings=CHOSEN)


def test_an_image_that_is_none_is_refused(grey, plugin):
    with_mode(plugin, "        return image\n", "        return image.astype(float)\n")
    with pytest.raises(EngineError, match="gave no image of page 1"):
        vndoc.parse(grey, settings=CHOSEN)


def test_a_slot_reader_that_fails_leaves_the_blanks_open(grey, plugin):
    with_mode(plugin, "return {slot.key", "raise RuntimeError('blind')\n        return {slot.key")
    dispatch = vndoc.parse(grey, settings=CHOSEN)
    assert (dispatch.code_number, dispatch.organ_name) == (None, "Sở Y tế")
    assert any("'sharp' (RuntimeError)" in notice.message for notice in dispatch.warnings)


@pytest.mark.parametrize(
    "broken", ["import nothing_of_that_name\n", MODULE.replace("data.startswith", "data.nonsense")]
)
def test_a_broken_package_costs_nobody_else_anything(plugin, caplog, broken):
    (plugin / "loud_vndoc.py").write_text(broken, "utf-8")
    assert vndoc.parse("Số: 12/QĐ-UBND".encode()).code_number == "12"
    assert "is passed over" in caplog.text


def test_the_doctor_lists_what_other_packages_bring(plugin):
    checks = {check.name: check for check in examine()}
    assert checks["text engine 'loud'"].ok
    assert not checks["text engine 'broken'"].ok
    assert not checks["text engine 'broken'"].required


@pytest.mark.parametrize("name", ["digits.npz", "lines.npz", "language/language.npz"])
def test_a_model_that_is_none_is_named(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"no model")
    with pytest.raises(SetupError, match=name.split("/", maxsplit=1)[0]):
        vndoc.parse(SAMPLES / "cv815" / "scan.pdf", pages=[1], settings=vndoc.Settings(models=tmp_path))
