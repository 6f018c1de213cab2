"""Connected components by the fast algorithm are those of OpenCV's own choice."""

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vndoc.ocr.imaging.connected import connected


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 40), st.floats(0, 1))
def test_the_pieces_are_the_same(seed, height, width, share):
    ink = np.random.default_rng(seed).random((height, width)) < share
    _, labels, stats, centres = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    found = connected(ink)
    assert len(found.stats) == len(stats)
    rows = {tuple(row): tuple(centre) for row, centre in zip(stats[1:].tolist(), centres[1:].tolist(), strict=True)}
    assert {tuple(row) for row in found.stats[1:].tolist()} == set(rows)
    pairs = {*zip(labels.ravel().tolist(), found.labels.ravel().tolist(), strict=True)}
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})  # one name for one name
    assert (0, 0) in pairs or not (labels == 0).any()


def test_centres_and_boxes():
    ink = np.zeros((10, 20), np.uint8)
    ink[2:4, 5:9] = 1
    labels, stats, centres = connected(ink)
    assert stats[1].tolist() == [5, 2, 4, 2, 8]
    assert centres[1].tolist() == [6.5, 2.5]
    assert labels[2, 5] == 1
    assert labels[0, 0] == 0
