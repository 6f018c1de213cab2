"""Tesseract as an engine: what it reads, and that whatever goes wrong with it is an error of the right kind."""

import os

import numpy as np
import pytesseract
import pytest

from vndoc.errors import EngineError, MachineError, SetupError
from vndoc.ocr.engines.calibration import Calibration
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.engines.tesseract import Tesseract, parse_tsv
from vndoc.page import Box, Line, Word
from vndoc.settings import DEFAULTS, Limits, Settings

BLANK = np.full((60, 200), 255, np.uint8)


def row(image, block, line, left, confidence, text):
    """A row of Tesseract's table for a word."""
    return "\t".join(map(str, [5, image, block, 1, line, 1, left, 20, 30, 40, confidence, text]))


def read_blank(engine=None):
    return (engine or Tesseract()).read([BLANK], ImageKind.PAGE, 240)


def test_real_tesseract_reads_a_line(page_image):
    (lines,) = Tesseract().read([page_image[..., 0].copy()], ImageKind.PAGE, 240)
    assert [w.text for w in lines[0].words][:4] == ["Ủy", "ban", "nhân", "dân"]
    assert all(0.5 < w.confidence <= 1 for line in lines for w in line.words)
    box = lines[0].words[0].box
    assert 140 < box.x0 < 160
    assert 20 < box.height < 70


def test_several_images_at_one_start(page_image):
    gray = page_image[..., 0]
    strips = [np.ascontiguousarray(strip) for strip in (gray[100:190], BLANK, gray[180:280])]
    one_by_one = [Tesseract().read([strip], ImageKind.LINE, 240)[0] for strip in strips]
    assert Tesseract().read(strips, ImageKind.LINE, 240) == one_by_one
    assert [lines[0].words[0].text for lines in one_by_one[::2]] == ["Ủy", "báo"]
    assert all(w.confidence == 0 for line in one_by_one[1] for w in line.words)


@pytest.mark.parametrize(
    ("kind", "mode"), [("page", "3"), ("block", "6"), ("line", "7"), ("word", "8"), ("sparse", "11")]
)
def test_each_kind_of_image_has_its_segmentation(fake_tesseract, kind, mode):
    fake_tesseract('echo "$@" >&2; exit 3')
    with pytest.raises(EngineError, match=rf"-l vie\+eng .* --psm {mode} --dpi 144 "):
        Tesseract("vie+eng").read([BLANK], ImageKind(kind), 144)


def test_one_thread_for_each_child(fake_tesseract, monkeypatch):
    monkeypatch.delenv("OMP_THREAD_LIMIT", raising=False)
    fake_tesseract('echo "threads: $OMP_THREAD_LIMIT." >&2; exit 3')
    with pytest.raises(EngineError, match=r"threads: 1\."):
        read_blank()
    assert os.environ["OMP_THREAD_LIMIT"] == "1"


def test_options_come_from_the_settings():
    engine = Tesseract.from_settings(Settings(languages="vie+eng", limits=Limits(engine_seconds=7)))
    assert (engine.languages, engine.seconds) == ("vie+eng", 7)
    assert Tesseract().seconds == DEFAULTS.limits.engine_seconds


def test_words_of_the_table_come_by_image_and_line():
    table = "\n".join(
        ["head", row(1, 1, 1, 10, 96, "Số:"), row(1, 1, 1, 50, -1, "12 "), row(1, 1, 2, 10, 50, "Kính"),
         row(1, 2, 2, 90, 50, "gửi"), row(3, 1, 1, 10, 100, "Hà")]
    )  # fmt: skip
    words = {
        text: Word(text, Box(left, 20, left + 30, 60), sure)
        for text, left, sure in (
            ("Số:", 10, 0.96),
            ("12", 50, 0.0),
            ("Kính", 10, 0.5),
            ("gửi", 90, 0.5),
            ("Hà", 10, 1.0),
        )
    }
    lines = [["Số:", "12"], ["Kính"], ["gửi"]]
    assert parse_tsv(table) == {
        1: [Line(tuple(words[text] for text in line)) for line in lines],
        3: [Line((words["Hà"],))],
    }


def test_an_engine_s_words_come_calibrated(fake_tesseract):
    half = Calibration(((0.0, 0.0), (1.0, 0.5)))
    assert parse_tsv("head\n" + row(1, 1, 1, 10, 80, "Số:"), half)[1][0].words[0].confidence == pytest.approx(0.4)
    fake_tesseract(f"printf 'head\\n{row(1, 1, 1, 10, 80, 'Số:')}' > $2.tsv")
    ((line,),) = read_blank(Tesseract(calibration=half))
    assert line.words[0].confidence == pytest.approx(0.4)


def test_tsv_without_words_or_with_odd_rows():
    assert parse_tsv("") == {}
    assert parse_tsv("level\n5\t1\t1\n4\t1\t1\t1\t1\t0\t1\t2\t3\t4\t-1\t\n5\t1\t1\t1\t1\t1\t1\t2\t3\t4\t90.5\t  ") == {}


def test_missing_language():
    with pytest.raises(SetupError, match="tesseract-ocr-xyz") as caught:
        read_blank(Tesseract("xyz"))
    assert not isinstance(caught.value, EngineError)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("kill -9 $$", "status"),
        ("echo boom >&2; exit 3", "boom"),
        ("printf 'level\\n\\377\\376' > $2.tsv", "cannot be read"),
        ("exit 0", "cannot be read"),
    ],
)
def test_crashes_are_errors_of_the_page(fake_tesseract, script, message):
    fake_tesseract(script)
    with pytest.raises(EngineError, match=message):
        read_blank()


def test_time_limit(fake_tesseract):
    fake_tesseract("exec sleep 30")
    with pytest.raises(EngineError, match="within 1 seconds"):
        read_blank(Tesseract(seconds=1))


def test_not_installed(monkeypatch):
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "no-such-tesseract")
    assert Tesseract().version == ""
    with pytest.raises(SetupError, match="vndoc doctor"):
        read_blank()


def test_no_room_for_what_tesseract_writes_is_the_machine_s_fault(tmp_path, monkeypatch):
    usage = type("Usage", (), {"free": 100_000})
    monkeypatch.setattr("vndoc.ocr.engines.tesseract.shutil.disk_usage", lambda folder: usage)
    with pytest.raises(MachineError, match="no room is left on the disk"):
        read_blank()
