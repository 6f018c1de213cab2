"""The own reader first, a second engine for what it doubts: what is asked for, what is kept, what failures cost."""

import io

import numpy as np
import pikepdf
import pytesseract
import pytest

import vndoc
from tests.conftest import SAMPLES, draw_lines, pdf_of
from vndoc.errors import EngineError, SetupError
from vndoc.ocr.engines import auto
from vndoc.ocr.engines.auto import Auto
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.engines.lines.engine import Lines
from vndoc.ocr.engines.registry import text_engine
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.page import Box, Line, Word
from vndoc.settings import Limits, Settings

PAGE = np.full((600, 1000), 255, np.uint8)


def line(text, top, sure, left=100):
    """A line of words 40 pixels high."""
    words, x = [], left
    for part in text.split():
        words.append(Word(part, Box(x, top, x + 20 * len(part), top + 40), sure))
        x += 20 * len(part) + 16
    return Line(tuple(words))


SURE = [line("Ủy ban nhân dân huyện", 100, 0.97), line("yêu cầu các cơ quan", 200, 0.96)]
DOUBTFUL = line("báo cáo kêt quá", 300, 0.5)


class Engine:
    """Reads from a list, one entry for each call, and keeps what it was asked; an entry may be an error."""

    def __init__(self, *readings, name="engine", version="1"):
        self.name, self.version, self.readings, self.asked = name, version, list(readings), []

    def read(self, images, kind, dpi):
        self.asked.append(([image.shape for image in images], kind, dpi))
        reading = self.readings.pop(0)
        if isinstance(reading, Exception):
            raise reading
        return reading


def texts(lines):
    return [one.text for one in lines]


def test_what_is_sure_is_not_read_again():
    second = Engine()
    assert Auto(Engine([SURE]), second).read([PAGE], ImageKind.PAGE, 240) == [SURE]
    assert second.asked == []


def test_a_doubtful_line_is_read_again_by_itself_and_placed_on_its_page():
    margin = 6
    again = Line(
        tuple(
            Word(text, word.box.moved(Box(margin - 100, margin - 300, 0, 0)), 0.9)
            for text, word in zip(["báo", "cáo", "kết", "quả"], DOUBTFUL.words, strict=True)
        )
    )
    second = Engine([[again]])
    (read,) = Auto(Engine([[*SURE, DOUBTFUL]]), second).read([PAGE], ImageKind.PAGE, 240)
    width = DOUBTFUL.box.width
    assert second.asked == [([(40 + 2 * margin, width + 2 * margin)], ImageKind.LINE, 240)]
    assert texts(read) == [*texts(SURE), "báo cáo kết quả"]
    assert [word.box for word in read[2].words] == [word.box for word in DOUBTFUL.words]
    assert read[:2] == SURE


def test_the_lines_of_several_images_are_read_again_at_one_start():
    second = Engine([[line("báo cáo", 6, 0.9, left=6)], [], [line("kết quả", 6, 0.9, left=6)]])
    pages = [[*SURE, DOUBTFUL], [*SURE, DOUBTFUL], [*SURE, line("kêt quá", 300, 0.5)]]
    read = Auto(Engine(pages), second).read([PAGE] * 3, ImageKind.PAGE, 240)
    assert len(second.asked) == 1
    assert texts(read[0])[2] == "báo cáo kêt quá"
    assert read[1] == [*SURE, DOUBTFUL]
    assert texts(read[2])[2] == "kết quả"


def test_only_so_many_lines_of_a_page_are_read_again():
    """The longest: a page of a hundred doubtful lines is no page of print."""
    rows = [line("báo cáo kêt quá"[: 5 + k // 2], 20 * k, 0.5) for k in range(20)]
    sure = [line("Ủy ban nhân dân huyện yêu cầu các cơ quan báo cáo", 20 * k, 0.97) for k in range(20)]
    second = Engine([[] for _ in range(12)])
    Auto(Engine([[*sure, *rows]]), second).read([PAGE], ImageKind.PAGE, 240)
    ((shapes, _, _),) = second.asked
    assert len(shapes) == 12
    assert min(width for _, width in shapes) >= sorted(row.box.width for row in rows)[8]


@pytest.mark.parametrize("own", [[], [line("x", 100, 0.9)], [line("ngÁu uẹp uẹuu ueq", 100, 0.4)]])
def test_a_page_that_defeats_the_own_reader_is_read_whole(own):
    second = Engine([SURE])
    assert Auto(Engine([own]), second).read([PAGE], ImageKind.PAGE, 300) == [SURE]
    assert second.asked == [([PAGE.shape], ImageKind.PAGE, 300)]


def test_the_likelier_reading_of_a_page_is_kept():
    own = [line("Ủy ban nhân dân huyện", 100, 0.65)]
    for other in ([], [line("~ ~ |", 100, 0.9)], [line("Uy ban nhan dan huyen", 100, 0.6)]):
        assert Auto(Engine([own]), Engine([other])).read([PAGE], ImageKind.PAGE, 240) == [own]


def test_of_several_images_only_those_that_need_it_are_read_whole():
    second = Engine([SURE])
    read = Auto(Engine([SURE, [], SURE]), second).read([PAGE, PAGE[:300], PAGE], ImageKind.PAGE, 240)
    assert read == [SURE] * 3
    assert second.asked == [([(300, 1000)], ImageKind.PAGE, 240)]


@pytest.mark.parametrize("kind", [ImageKind.WORD, ImageKind.BLOCK, ImageKind.SPARSE])
def test_stamps_and_pens_are_not_read_again(kind):
    """They cost a start of the second engine on most pages, and it reads them no better."""
    second = Engine([[line("815", 10, 0.9)]])
    assert Auto(Engine([[DOUBTFUL], []]), second).read([PAGE, PAGE], kind, 240) == [[DOUBTFUL], []]
    assert second.asked == []


def test_the_crop_of_a_line_is_read_again_as_a_whole():
    second = Engine([[line("KT. GIÁM ĐỐC", 10, 0.9)]])
    Auto(Engine([[DOUBTFUL]]), second).read([PAGE], ImageKind.LINE, 240)
    (((height, width),), _, _) = second.asked[0]
    assert height >= PAGE.shape[0]
    assert width >= PAGE.shape[1]


@pytest.mark.parametrize("error", [EngineError("killed"), SetupError("no data")])
@pytest.mark.parametrize("own", [[*SURE, DOUBTFUL], [DOUBTFUL], []])
def test_a_second_engine_that_fails_costs_only_the_second_reading(own, error):
    engine = Auto(Engine([own]), Engine(error))
    assert engine.remark is None
    assert engine.read([PAGE], ImageKind.PAGE, 240) == [own]
    assert "not read again" in engine.remark


def test_without_a_second_engine_the_own_reading_stays():
    assert Auto(Engine([[DOUBTFUL]]), None).read([PAGE], ImageKind.PAGE, 240) == [[DOUBTFUL]]
    assert Auto(Engine([[]]), None).read([PAGE], ImageKind.PAGE, 240) == [[]]


def test_an_own_reader_that_fails_is_an_error():
    with pytest.raises(EngineError, match="broke"):
        Auto(Engine(EngineError("broke")), Engine()).read([PAGE], ImageKind.PAGE, 240)


def test_its_version_is_that_of_both():
    assert Auto(Engine(version="a"), Engine(version="b")).version == "a b"
    assert Auto(Engine(version="a"), None).version == "a"


@pytest.fixture
def no_tesseract(monkeypatch):
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "no-such-tesseract")


def test_what_is_installed_and_chosen_decides_who_reads():
    assert text_engine(Settings()).version == f"{Lines().version} {Tesseract().version}"
    assert text_engine(Settings(languages="vie+eng")).name == "auto"
    assert isinstance(text_engine(Settings(languages="eng")), Tesseract)
    assert isinstance(text_engine(Settings(engine="lines")), Lines)


@pytest.mark.parametrize("script", ["kill -9 $$", "exit 3", "echo oops", "printf '\\377\\376'"])
def test_a_tesseract_that_cannot_say_its_version_is_none(fake_tesseract, script):
    fake_tesseract("", version=script)
    assert Tesseract().version == ""
    assert "not installed" in text_engine(Settings()).remark


def alone(data, **settings):
    """The codes of the notices, and the text."""
    dispatch = vndoc.parse(data, settings=Settings(jobs=1, sandbox=False, **settings))
    return [notice.code for notice in dispatch.warnings], dispatch.text


def test_a_dispatch_read_by_one_engine_says_so(page_image, no_tesseract):
    codes, text = alone(pdf_of(page_image))
    assert codes.count("engine-alone") == 1
    assert "Ủy ban nhân dân huyện" in text
    assert "engine-alone" not in alone(pdf_of(page_image), engine="lines")[0]


def test_a_page_that_no_engine_read_needs_no_such_notice(no_tesseract):
    with pikepdf.open(SAMPLES / "chi-thi-06" / "digital.pdf") as pdf:
        del pdf.pages[1:]
        out = io.BytesIO()
        pdf.save(out)
    assert "engine-alone" not in alone(out.getvalue())[0]


FAULTS = {"killed": "kill -9 $$", "crash": "echo boom >&2; exit 3", "no output": "exit 0", "hangs": "exec sleep 30"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_tesseract_that_fails_on_page_2_leaves_the_own_reading(fake_tesseract, monkeypatch, tmp_path, fault):
    """All lines are made doubtful, so each page starts Tesseract, the second time in vain."""
    monkeypatch.setattr(auto, "_DOUBTFUL", 1.1)
    fake_tesseract(
        f'[ -e {tmp_path}/second ] && {{ {FAULTS[fault]}; exit; }}\ntouch {tmp_path}/second\nexec $real "$@"'
    )
    page = draw_lines(["Ủy ban nhân dân huyện yêu cầu", "các cơ quan báo cáo kết quả"], size=(1200, 500))
    seconds = 4.0 if fault == "hangs" else 60.0
    codes, text = alone(pdf_of(page, page), limits=Limits(engine_seconds=seconds))
    assert (tmp_path / "second").exists()
    assert text.count("Ủy ban nhân dân huyện yêu cầu") == 2
    assert "page-failed" not in codes
    assert codes.count("engine-alone") == 1


def test_a_language_whose_data_is_missing_is_said(page_image, monkeypatch, fake_tesseract):
    monkeypatch.setattr(auto, "_DOUBTFUL", 1.1)
    fake_tesseract("echo 'Error opening data file xyz.traineddata' >&2; exit 1")
    codes, text = alone(pdf_of(page_image))
    assert codes.count("engine-alone") == 1
    assert "Ủy ban nhân dân huyện" in text
