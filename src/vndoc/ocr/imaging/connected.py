"""Connected components, 8-connected, by the algorithm that is three times as fast as OpenCV's default.

BBDT works on blocks of two by two pixels (Grana, Borghesani and Cucchiara, "Optimized block-based connected components
labeling with decision trees", IEEE Transactions on Image Processing 2010); its results are the same.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray


class Pieces(NamedTuple):
    """Pieces of ink; number 0 is what is no ink.

    Attributes:
        labels: number of the piece of each pixel, as large as the image.
        stats: ``(n, 5)``: left, top, width, height and pixels of each, columns ``cv2.CC_STAT_*``.
        centres: ``(n, 2)``: column and row of the centre of mass of each.
    """

    labels: NDArray[np.int32]
    stats: NDArray[np.int32]
    centres: NDArray[np.float64]


def connected(ink: "cv2.typing.MatLike | NDArray[np.bool_]") -> Pieces:
    """The pieces of what is not 0 in ``ink``, ``(height, width)``."""
    mask = np.asarray(ink, dtype=np.uint8)
    _, labels, stats, centres = cv2.connectedComponentsWithStatsWithAlgorithm(mask, 8, cv2.CV_32S, cv2.CCL_BBDT)
    return Pieces(np.asarray(labels, np.int32), np.asarray(stats, np.int32), np.asarray(centres, np.float64))
