"""Regions are cut out level, read at one start for each kind, and their words placed back on the page."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.errors import EngineError
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.regions.region import Frame, Region, RegionKind, erase_frames, read_regions
from vndoc.page import Box, Line, Word


@given(
    st.floats(100, 500), st.floats(100, 500), st.integers(40, 300), st.integers(40, 120), st.floats(-45, 45),
    st.floats(0, 1), st.floats(0, 1),
)  # fmt: skip
def test_a_point_of_the_cut_image_is_found_on_the_page(x, y, width, height, angle, right, down):
    frame = Frame(x, y, width, height, angle)
    at = frame.to_page(right * width, down * height)
    assert (frame.to_page(width / 2, height / 2)) == (pytest.approx(x), pytest.approx(y))
    assert np.hypot(at[0] - x, at[1] - y) == pytest.approx(np.hypot((right - 0.5) * width, (down - 0.5) * height))


@pytest.mark.parametrize("angle", [0.0, 2.0, -35.0])
def test_a_spot_is_placed_where_it_is(angle):
    frame = Frame(300, 220, 200, 80, angle)
    page = np.full((500, 600), 255, np.uint8)
    x, y = (round(v) for v in frame.to_page(150, 30))
    page[y - 3 : y + 4, x - 3 : x + 4] = 0
    rows, columns = np.nonzero(frame.cut(page) < 128)
    assert (columns.mean(), rows.mean()) == (pytest.approx(150, abs=1.5), pytest.approx(30, abs=1.5))
    placed = frame.placed(Box(140, 20, 160, 40))
    assert (placed.x_center, placed.y_center) == (pytest.approx(x, abs=1), pytest.approx(y, abs=1))
    assert frame.covers(placed)
    assert frame.part(Box(140, 20, 160, 40)).x == pytest.approx(x, abs=1)


def test_a_level_frame_is_cut_without_a_change():
    page = np.random.default_rng(1).integers(0, 255, (90, 120), dtype=np.uint8)
    box = Box(15, 20, 64, 51)
    assert (Frame.of(box).cut(page) == page[20:51, 15:64]).all()
    assert Frame.of(box).placed(Box(0, 0, 49, 31)) == box
    assert Frame.of(box).box == box


def test_a_region_ends_where_the_page_does():
    region = Region.at(RegionKind.SEALED_LINE, ImageKind.LINE, np.zeros((50, 60), np.uint8), Box(-10, 20, 90, 90))
    assert (region.image.shape, region.frame.box) == ((30, 60), Box(0, 20, 60, 50))


class Engine:
    """Reads one word in each image; fails for a kind."""

    name, version = "one", "1"

    def __init__(self, fails=None):
        self.fails, self.starts = fails, []

    def read(self, images, kind, dpi):
        self.starts.append((kind, len(images)))
        if kind is self.fails:
            raise EngineError("killed")
        return [[Line((Word("một", Box(1, 2, 11, 12), 0.9), Word("hai", None)))] for _ in images]


PAGE = np.full((200, 200), 255, np.uint8)
REGIONS = [
    Region.at(kind, shows, PAGE, Box(10 * n, 20, 10 * n + 40, 60))
    for n, (kind, shows) in enumerate(
        [
            (RegionKind.URGENCY_STAMP, ImageKind.LINE),
            (RegionKind.COLOURED_TEXT, ImageKind.SPARSE),
            (RegionKind.SEALED_LINE, ImageKind.LINE),
        ]
    )
]


def test_one_start_for_each_kind_of_image():
    engine = Engine()
    readings, failures = read_regions(engine, REGIONS, 240)
    assert sorted(engine.starts) == [(ImageKind.LINE, 2), (ImageKind.SPARSE, 1)]
    assert [readings[region][0].words[0].box for region in REGIONS] == [
        Box(1 + 10 * n, 22, 11 + 10 * n, 32) for n in range(3)
    ]
    assert failures == []
    assert read_regions(engine, [], 240) == ({}, [])


def test_a_failure_costs_its_own_kind_of_image():
    readings, (failure,) = read_regions(Engine(ImageKind.LINE), REGIONS, 240)
    assert list(readings) == [REGIONS[1]]
    assert failure.kinds == (RegionKind.URGENCY_STAMP, RegionKind.SEALED_LINE)
    assert str(failure.error) == "killed"


def test_frames_are_erased():
    page = np.zeros((100, 100), np.uint8)
    assert erase_frames(page, []) is page
    left = erase_frames(page, [Frame(50, 50, 40, 20, 0.0)])
    assert left[50, 50] == left[42, 32] == 255
    assert left[30, 50] == left[50, 80] == 0
