"""The ink of a slot alone: digits without the print, rules, dots and accents around them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.handwriting.edges import Window

Image8 = NDArray[np.uint8]

_ABOVE, _BELOW = 1.45, 0.85  # how far around the base line digits are looked for, in type sizes
_ABOVE_DENSE, _BELOW_DENSE = 1.4, 0.5
_BESIDE = 0.6  # how far beside the window their strokes may reach
_INK = 0.35  # share of the way from paper to the darkest ink at which ink begins
_GRAIN, _PALE = 5.0, 0.15  # strokes are so many times as dark as the grain, and so dark beside the darkest
_TALLEST = 0.4  # of the tallest stroke: lower ones are no digits
_FAINTEST = 24  # grey levels between paper and ink under which there is no ink
_COMPACT = 0.8  # in type sizes: a stroke no wider is one character, which is in the slot or not
_START = 0.3  # in type sizes above the base line: there digits have begun
_RULE = 1.3  # in type sizes: no digit has so long a level stroke
_GAP = 0.9  # in type sizes: no two digits of a string stand so far apart
_SPECK = 0.12  # in type sizes: both sides smaller is a speck


@dataclass(slots=True, frozen=True)
class Cut:
    """Ink of one slot, 1 on 0, at the page's resolution; ``body`` tells rows of its tall strokes (first, last + 1)."""

    ink: NDArray[np.float32]
    body: tuple[int, int]
    doubtful: bool
    """A stroke was cut apart at an edge of the window, or left out though it reaches far into it."""

    def same(self, other: "Cut") -> bool:
        """Whether both hold the same ink."""
        return self.ink.shape == other.ink.shape and bool((self.ink == other.ink).all())


def one_channel(image: Image8) -> Image8:
    """The page in the red channel: red seals and stamps fade, blue and black ink stays. Grey is returned as it is."""
    return image if image.ndim == 2 else np.ascontiguousarray(image[..., 0])


def cut_out(gray: Image8, window: Window) -> Cut | None:
    """Cut a slot out of a level grey page; None where it is empty.

    Args:
        gray: the whole page, 0 is black.
        window: the slot in pixels of that page.
    """
    em = window.em
    above, below = (_ABOVE_DENSE, _BELOW_DENSE) if window.dense else (_ABOVE, _BELOW)
    top, left = max(0, round(window.base - above * em)), max(0, round(window.x0 - _BESIDE * em))
    bottom, right = round(window.base + below * em), round(window.x1 + (_BESIDE + window.lean) * em)
    region = gray[top:bottom, left:right]
    if min(region.shape) < 8:
        return None
    base = window.base - top
    own = region[: round(base + 0.1 * em), window.x0 - left : window.x1 - left] if window.dense else region
    ink = _grey_ink(region, own)
    if ink is None:
        return None
    rows = np.arange(region.shape[0])[:, None]
    columns = np.arange(region.shape[1])[None, :]
    inside = (columns >= window.x0 - left) & (columns < window.x1 - left + window.lean * (base - rows))
    dark = _without_rules(ink > _INK, em)
    dark = _own_row(dark, round(base - _START * em)) if window.dense else dark
    keep, doubtful = _chosen(dark, inside, base, em, window.x1 - left if window.lean else None)
    if window.dense:
        keep = _together(keep, round(_GAP * em))
    if not keep.any():
        return None
    around = cv2.dilate(keep.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0  # the grey edges of the strokes
    others = dark & ~keep
    ink = np.where(around & ~others, ink, 0).astype(np.float32)
    ys, xs = np.flatnonzero(keep.any(axis=1)), np.flatnonzero(keep.any(axis=0))
    return Cut(ink[ys[0] : ys[-1] + 1, xs[0] : xs[-1] + 1], body_rows(keep[ys[0] : ys[-1] + 1]), doubtful)


def _grey_ink(region: Image8, own: Image8) -> NDArray[np.float32] | None:
    """Ink from 0 (paper) to 1 (as dark as the strokes of the ``own`` part of the region mostly are, and darker)."""
    soft = region.astype(np.float32)
    paper = float(np.percentile(soft, 80))
    dark = _darkness(paper - own.astype(np.float32))
    if dark < _FAINTEST:
        return None
    return np.asarray(np.clip((paper - soft) / dark, 0, 1), dtype=np.float32)


def _darkness(depth: NDArray[np.float32]) -> float:
    """How far under the paper the strokes are: the middle one, counted by their heights, for a blot is darker."""
    if depth.size == 0:
        return 0.0
    darkest = float(np.percentile(depth, 99.8))
    grain = float(np.median(np.abs(depth[depth < _FAINTEST]))) if (depth < _FAINTEST).any() else 0.0
    strokes = (depth > max(_FAINTEST, _GRAIN * grain, _PALE * darkest)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    tall = stats[1:, cv2.CC_STAT_HEIGHT]
    if count < 3:
        return darkest
    kept = [k + 1 for k in np.flatnonzero(tall > _TALLEST * tall.max())]
    depths = np.array([np.percentile(depth[labels == k], 90) for k in kept])
    order = np.argsort(depths)
    half = np.cumsum(stats[kept, cv2.CC_STAT_HEIGHT][order])
    return min(darkest, float(depths[order][np.searchsorted(half, half[-1] / 2)]))


def ink_of(region: Image8, own: Image8) -> NDArray[np.bool_] | None:
    """Which pixels of a region are ink, as dark as that of its ``own`` part; None where there is none."""
    ink = _grey_ink(region, own)
    return None if ink is None else ink > _INK


def _chosen(
    ink: NDArray[np.bool_], inside: NDArray[np.bool_], base: int, em: float, slash: float | None
) -> tuple[NDArray[np.bool_], bool]:
    """The strokes that are the slot's, and whether that is in doubt."""
    count, labels, stats, centres = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    keep = np.zeros_like(ink)
    doubtful = slash_seen = False
    width = ink.shape[1]
    for k in range(1, count):
        x, y, wide, tall, area = (int(v) for v in stats[k])
        if _is_mark(y - base, wide, tall, area, float(centres[k][1]) - base, em):
            continue
        part = labels == k
        if slash is not None and _is_slash(part, slash, base, em):
            slash_seen = True
            continue
        share = float((part & inside).sum()) / area
        reach = part & ~inside
        spill = np.flatnonzero(reach.any(axis=0))
        overhang = len(spill) / em
        if share > 0.5 and (overhang < 0.35 or wide < _COMPACT * em) and x > 0 and x + wide < width:
            keep |= part
        elif share > 0.08 and wide >= _COMPACT * em:
            rest = part & inside
            printed = slash is not None and _is_slash(rest, slash, base, em)
            if not printed and _tall(rest) > 0.5 * em and share * area > 0.02 * em * em:
                keep |= rest
                doubtful = True
        elif 0.15 < share <= 0.5 and tall > 0.5 * em:
            doubtful = True
    if slash is not None and not slash_seen and keep[:, max(0, round(slash - 0.25 * em)) :].any():
        doubtful = True  # the last stroke may be the slash
    return keep, doubtful


def _without_rules(ink: NDArray[np.bool_], em: float) -> NDArray[np.bool_]:
    """The ink without long level strokes, so that digits that stand on a rule come off it; what crosses one stays."""
    dark = ink.astype(np.uint8)
    level = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, max(3, round(_RULE * em))), np.uint8)) > 0
    if not level.any():
        return ink
    thick = int(level.sum(axis=0).max())
    if thick > 0.2 * em:
        return ink
    reach = np.ones((2 * thick + 3, 1), np.uint8)
    crossed = cv2.dilate((ink & ~level).astype(np.uint8), reach) > 0
    return np.asarray(ink & ~(level & ~crossed), dtype=bool)


def _own_row(ink: NDArray[np.bool_], row: int) -> NDArray[np.bool_]:
    """The strokes that begin above ``row``; what begins below it belongs to the next line."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    own = stats[:count, cv2.CC_STAT_TOP] < row
    own[0] = False
    return np.asarray(own[labels], dtype=bool)


def _together(keep: NDArray[np.bool_], gap: int) -> NDArray[np.bool_]:
    """The strokes that stand together and have most of the ink; what is ``gap`` columns off is some print."""
    columns = np.flatnonzero(keep.any(axis=0))
    if not len(columns):
        return keep
    parts = np.split(columns, np.flatnonzero(np.diff(columns) > gap) + 1)
    most = max(parts, key=lambda part: int(keep[:, part].sum()))
    alone = np.zeros_like(keep)
    alone[:, most] = keep[:, most]
    return alone


def _is_mark(top: int, wide: int, tall: int, area: int, middle: float, em: float) -> bool:
    """Rules, specks, dots, accents and the lines above and below; ``top`` and ``middle`` count down from the base."""
    rule = (wide > 1.0 * em and tall < 0.2 * em) or (tall > 1.5 * em and wide < 0.2 * em)
    speck = max(wide, tall) < _SPECK * em or area < 0.006 * em * em
    dot = max(wide, tall) < 2 * _SPECK * em and abs(top + tall) < 0.2 * em  # of a leader, or a full stop
    low = top > -0.12 * em and tall < 0.45 * em  # begins at the base line: an accent of the next line, a leader
    high = top + tall < -0.85 * em
    return rule or speck or dot or low or high or not -1.0 * em < middle < 0.4 * em


def _is_slash(part: NDArray[np.bool_], edge: float, base: int, em: float) -> bool:
    """Whether a stroke is the printed slash that begins at about column ``edge``: straight, leaning, as a capital tall.

    A 1 written there would look the same, but there is no room for one.
    """
    ys, xs = np.nonzero(part)
    if len(ys) == 0:
        return False
    top, bottom = int(ys[0]), int(ys[-1])
    tall = bottom - top
    thin = len(ys) < 0.14 * em * tall
    if not (thin and 0.3 * em < tall < 0.95 * em and -0.45 * em < bottom - base < 0.3 * em):  # it may be broken
        return False
    slope, at = np.polyfit(base - ys, xs, 1)
    straight = float(np.abs(xs - (slope * (base - ys) + at)).max()) < 0.14 * em
    return straight and 0.15 < slope < 0.6 and abs(float(at) - edge) < 0.35 * em


def _tall(part: NDArray[np.bool_]) -> int:
    rows = np.flatnonzero(part.any(axis=1))
    return int(rows[-1] - rows[0] + 1) if len(rows) else 0


def body_rows(keep: NDArray[np.bool_]) -> tuple[int, int]:
    """Rows of the digits: all but those that only a small part of the ink reaches."""
    reach = np.cumsum(keep.sum(axis=1)) / max(1, int(keep.sum()))
    return int(np.searchsorted(reach, 0.005)), int(np.searchsorted(reach, 0.995)) + 1
