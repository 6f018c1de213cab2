"""The other programs of the benchmark, with packages that are made up."""

import sys
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from benchmarks import peers
from benchmarks.known import View


@pytest.fixture
def view(tmp_path) -> View:
    """A page of three lines of letters."""
    page = np.full((800, 600), 255, np.uint8)
    for row in (200, 300, 400):
        cv2.putText(page, "Hanoi mot hai ba bon nam", (60, row), cv2.FONT_HERSHEY_DUPLEX, 1.0, 0, 2)
    return View(page, 96, tmp_path / "page.png")


def test_asterocr_gets_the_lines_of_vndoc(view, monkeypatch):
    sizes = []

    def predict(part):
        sizes.append(part.size)
        return f"dòng  {len(sizes)}"

    program = SimpleNamespace(predict=predict)
    monkeypatch.setitem(sys.modules, "asterocr", SimpleNamespace(AsterOCR=lambda **_: program))
    lines, repaired = peers.with_asterocr()(view, 1)
    assert lines == ["dòng 1", "dòng 2", "dòng 3"]
    assert len(repaired()) == 3
    assert all(width > 5 * height for width, height in sizes)


def test_tesserocr_uses_the_data_of_tesseract(view, monkeypatch):
    started = {}

    class Api:
        def __init__(self, **how):
            started.update(how)

        def SetImageFile(self, path):  # noqa: N802
            started["file"] = path

        def GetUTF8Text(self):  # noqa: N802
            return "Kính gửi\nCông an\n"

    listed = SimpleNamespace(stdout='List of available languages in "/usr/share/tessdata/" (2):\neng\nvie\n')
    monkeypatch.setitem(sys.modules, "tesserocr", SimpleNamespace(PyTessBaseAPI=Api, PSM=SimpleNamespace(AUTO=3)))
    monkeypatch.setattr(peers.subprocess, "run", lambda *_, **__: listed)
    lines, _ = peers.with_tesserocr()(view, 1)
    assert lines == ["Kính gửi", "Công an"]
    assert started == {"path": "/usr/share/tessdata/", "lang": "vie", "psm": 3, "file": str(view.picture)}
