"""Black seals: found by their rings, taken away in two ways."""

import cv2
import numpy as np
import pytest

from tests.conftest import draw_lines
from tests.ocr.conftest import BODY, CENTRE, RADIUS, sealed_page
from vndoc.ocr.imaging.seal import find_seal, without_disc, without_rings


@pytest.fixture(scope="module")
def sealed():
    return sealed_page()


def test_a_seal_is_found_with_its_rings(sealed):
    seal = find_seal(sealed, 240)
    assert abs(seal.x - CENTRE[0]) <= 3
    assert abs(seal.y - CENTRE[1]) <= 3
    assert abs(seal.radius - RADIUS) <= 5
    assert len(seal.rings) >= 2


def test_text_and_signatures_are_no_seal():
    page = draw_lines([BODY] * 8)[..., 0].copy()
    cv2.ellipse(page, (900, 900), (170, 90), 20, 0, 360, (0,), 4)
    cv2.ellipse(page, (1400, 900), (150, 150), 0, 0, 200, (0,), 4)
    assert find_seal(page, 240) is None


def test_what_each_way_takes_away(sealed):
    seal = find_seal(sealed, 240)
    disc, rings = without_disc(sealed, seal), without_rings(sealed, seal)
    x, y = CENTRE
    inside = np.s_[y - 100 : y + 100, x - 100 : x + 100]
    assert (disc[inside] == 255).all()
    angles = np.radians(np.arange(90, 270))
    ring = (y + RADIUS * np.sin(angles)).astype(int), (x + RADIUS * np.cos(angles)).astype(int)
    assert (sealed[ring] < 128).mean() > 0.95
    assert (rings[ring] < 128).mean() < 0.05
    beside = np.s_[100:600, :]
    assert (rings[beside] == sealed[beside]).all()
