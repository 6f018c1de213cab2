"""Page images, and what is done to single pixels of them."""

import cv2
import numpy as np
from numpy.typing import NDArray

Image8 = NDArray[np.uint8]
"""Grey ``(height, width)``, 0 is black, or RGB ``(height, width, 3)``."""


def erased(gray: Image8, mask: NDArray[np.bool_], side: int = 3) -> Image8:
    """The image with the pixels of the mask made white, and those beside them: ``side`` pixels across for each."""
    left = gray.copy()
    left[cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0] = 255
    return left
