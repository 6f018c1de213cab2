"""The engine ``lines`` on drawn pages: text, places, other readings; what is no page breaks nothing."""

from importlib.resources import files

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import draw_lines
from tests.ocr.engines.lines.drawing import drawn, xheight
from vndoc.errors import SetupError
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.engines.lines.engine import EM, Lines
from vndoc.page import Box
from vndoc.settings import Settings

BODY = ["Ủy ban nhân dân huyện yêu cầu các cơ quan", "báo cáo kết quả trước ngày 05/11/2024."]


@pytest.fixture(scope="module")
def engine():
    return Lines()


def gray(image):
    return np.ascontiguousarray(image[..., 0])


def read(engine, image, kind=ImageKind.PAGE, dpi=240):
    return engine.read([image], kind, dpi)[0]


def test_a_page_is_read_with_its_type_size_and_base_line(engine):
    image, bases = drawn(BODY, 43)
    lines = read(engine, image)
    assert [line.text for line in lines] == BODY
    for line, base in zip(lines, bases, strict=True):
        assert line.base_line == pytest.approx(base, abs=1.2)
        assert line.em == pytest.approx(43, abs=3)
    assert xheight(43) * EM == pytest.approx(43, abs=0.2)


@pytest.mark.parametrize("dpi", [150, 240, 300, 600])
def test_the_same_print_at_any_resolution(engine, dpi):
    image, bases = drawn(BODY, 43 * dpi // 240)
    lines = read(engine, image, dpi=dpi)
    assert [line.text for line in lines] == BODY
    assert [line.base_line for line in lines] == pytest.approx(bases, abs=dpi / 100)


def test_words_have_boxes_around_their_ink(engine):
    image = gray(draw_lines(BODY, size=(1400, 400)))
    height, width = image.shape
    covered = np.zeros(image.shape, bool)
    for word in (word for line in read(engine, image) for word in line.words):
        box = word.box
        assert 0 <= box.x0 < box.x1 <= width
        assert 0 <= box.y0 < box.y1 <= height
        down, across = np.nonzero(image[box.y0 : box.y1, box.x0 : box.x1] < 128)
        assert (across.min(), box.width - across.max() - 1) == pytest.approx((0, 0), abs=4)
        assert (down.min(), box.height - down.max() - 1) == pytest.approx((0, 0), abs=4)
        covered[box.y0 : box.y1, box.x0 : box.x1] = True
    assert covered[image < 128].mean() > 0.99


@pytest.mark.parametrize("kind", [ImageKind.LINE, ImageKind.WORD])
@pytest.mark.parametrize("em", [30, 43, 80])
@pytest.mark.parametrize("text", ["Nguyễn Trúc Giang", "PHÓ CHỦ TỊCH", "khẩn", "815"])
def test_a_crop_of_one_line_is_read_whole(engine, text, em, kind):
    image, (base,) = drawn([text], em, left=em // 3)
    crop = np.ascontiguousarray(image[base - round(0.95 * em) : base + round(0.35 * em)])
    lines = read(engine, crop, kind)
    words = [word for line in lines for word in line.words]
    assert " ".join(word.text for word in words).casefold() == text.casefold()  # one word has no size to tell K from k
    assert all(word.box.x1 <= crop.shape[1] for word in words)


def test_each_image_is_read_as_if_it_were_alone(engine):
    images = [drawn([text], 40)[0] for text in ("nhân dân", "Vạn An, ngày 14 tháng 5 năm 2024")]
    images.insert(1, np.full((60, 200), 255, np.uint8))
    together = engine.read(images, ImageKind.LINE, 240)
    assert together == [read(engine, image, ImageKind.LINE) for image in images]
    assert engine.read([], ImageKind.PAGE, 240) == []


def test_other_readings_come_with_the_word(engine):
    blurred = cv2.GaussianBlur(drawn(BODY, 43)[0], (0, 0), 2.5)
    words = [word for line in read(engine, blurred) for word in line.words]
    assert any(word.alternatives for word in words)
    for word in words:
        assert word.text not in [text for text, _ in word.alternatives]
        assert all(share > 0 and (share <= 1 or " " in text) for text, share in word.alternatives)


@pytest.mark.parametrize("kind", list(ImageKind))
@pytest.mark.parametrize("dpi", [240, 600])
@pytest.mark.parametrize("size", [(0, 0), (0, 9), (1, 1), (300, 1), (7, 300), (8, 8), (40, 2000)])
def test_what_is_no_page_breaks_nothing(engine, size, dpi, kind):
    for level in (255, 0):
        lines = read(engine, np.full(size, level, np.uint8), kind, dpi)
        assert all(_inside(word.box, size) for line in lines for word in line.words)


def _inside(box: Box, size):
    return 0 <= box.x0 < box.x1 <= size[1] and 0 <= box.y0 < box.y1 <= size[0]


@given(st.integers(0, 2**32 - 1), st.tuples(st.integers(8, 300), st.integers(8, 400)), st.sampled_from(ImageKind))
@settings(max_examples=12)
def test_noise_gives_words_within_the_image(seed, size, kind):
    image = np.random.default_rng(seed).integers(0, 256, size).astype(np.uint8)
    for line in read(Lines(), image, kind):
        assert all(_inside(word.box, size) and word.text for word in line.words)


def test_the_weights_may_be_of_a_folder_of_the_user_s_own(tmp_path):
    packaged = files("vndoc.ocr.engines.lines").joinpath("lines.npz")
    with packaged.open("rb") as file, np.load(file) as arrays:
        model = arrays["model"].copy()
    assert Lines.from_settings(Settings(models=tmp_path)).version == Lines().version
    # A field that no reader of ONNX files knows: other weights by their digest, the same by their readings.
    np.savez(tmp_path / "lines.npz", model=np.concatenate([model, np.array([0xFA, 0x7F, 1, 65], np.uint8)]))
    assert Lines.from_settings(Settings(models=tmp_path)).version != Lines().version
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "lines.npz").write_bytes(b"no model")
    with pytest.raises(SetupError, match=r"lines\.npz"):
        Lines.from_settings(Settings(models=broken))


@pytest.mark.parametrize("name", ["Lê Quang Trung", "Nguyễn Thị Minh Khai", "PHÓ CHỦ TỊCH"])
@pytest.mark.parametrize("degrees", [-4, 4])
def test_a_line_stamped_aslant_on_a_level_page(engine, name, degrees):
    page = gray(draw_lines(BODY * 3, top=60))
    stamp = gray(draw_lines([name], size=(700, 160), top=50, left=80))
    turn = cv2.getRotationMatrix2D((350, 80), degrees, 1)
    page[600:760, 150:850] = cv2.warpAffine(stamp, turn, (700, 160), flags=cv2.INTER_CUBIC, borderValue=(255,))
    assert name in [line.text for line in read(engine, page)]
