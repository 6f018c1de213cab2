"""The ink of a slot alone: digits without the print, rules, dots and accents around them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.ocr.handwriting.edges import Window
from vndoc.ocr.handwriting.landmarks import find_ceiling, find_colon, find_slash
from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8

# Lengths are in type sizes, areas in their squares, heights count from the base line upwards. They were set on the
# slots of the first real scans, and changed since where a comment says so; what they reach is in docs/handwriting.md.
_ABOVE, _BELOW = 1.45, 0.85  # how far around the base line digits are looked for
_ABOVE_DENSE, _BELOW_DENSE = 1.4, 0.5  # and in a stamp, where the next rows are near and taken off (``_own_row``)
_BESIDE = 0.6  # how far beside the window their strokes may reach

_INK = 0.35  # share of the way from paper to the darkest ink at which ink begins
_PAPER_LEVEL = 80  # percentile of the grey levels that is paper
_GRAIN, _PALE = 5.0, 0.15  # strokes are so many times as dark as the grain, and so dark beside a blot, the darkest
_TALLEST = 0.4  # of the tallest stroke: lower ones are no digits
_FAINTEST = 24  # grey levels between paper and ink under which there is no ink

_MOSTLY_INSIDE = 0.5  # share of a stroke's ink in the window from which all of it is the slot's
_OVERHANG = 0.35  # how far such a stroke may reach out; a slash or a label that touches a digit reaches farther
_COMPACT = 0.8  # a stroke no wider is one character, which is in the slot or not
_TOUCHING = 0.08  # share in the window from which a wider stroke is a digit joined with print
_DIGIT_TALL, _DIGIT_AREA = 0.5, 0.02  # least height and ink of what is left of it
_LEFT_OUT = 0.15  # share in the window from which a tall stroke that is left out makes the slot doubtful

_RULE, _RULE_THICK = 1.3, 0.2  # no digit has so long a level stroke, no rule is thicker
_UPRIGHT_RULE = 1.5  # of a stamp's frame
_LEVEL_RULE = 1.0  # a component so long and no thicker than a rule
_SPECK, _SPECK_AREA = 0.12, 0.006  # both sides, or the ink, smaller
_DOT, _DOT_REACH = 2 * _SPECK, 0.2  # of a leader or a full stop, whose foot is so near to the base line
# What begins under this height and is lower: accents of the next line, leaders. Stamped numbers may sit low too.
_LOW_TOP, _LOW_TALL = 0.12, 0.45
_HIGH_FOOT = 0.85  # what ends above this height: accents and descenders of the line above
_MIDDLE = (-0.4, 1.0)  # heights where the centre of a digit is
_START = 0.3  # height at which digits of a dense row have begun
_GAP = 0.9  # no two digits of a string are so far apart

_SLASH_LEAN = (0.15, 0.6)  # columns to the right per row up; Times New Roman's is 0.42
_SLASH_TALL = (0.3, 0.95)  # from half of a broken slash, which was read as a 1, to a capital's height
_SLASH_FOOT = (-0.3, 0.45)  # height of its lower end
_SLASH_WIDTH = 0.14  # of its stroke, and how far it may bend
_SLASH_OFF = 0.35  # how far from the expected column it may stand
_SLASH_FLANK = 0.12  # from the slash found to the other side of a thick one
_SLASH_NEAR = 0.25  # a last stroke so near to an unseen slash may be it

_CAPITAL, _WIDE_GAP, _LABEL = 0.66, 1.5, 1.3  # of letters, of white before a label, of the label 'Số:'

_SLASH_FOOT_AT = 0.06  # of the middle of the slash's stroke, behind the right edge
_BROKEN = 0.1  # from a digit to a stroke of it above
_STRAY_TALL, _STRAY_APART = 0.4, 0.06  # of the tallest stroke: lower ones, so far beside the digits, are no digits

_TAILED = 0.85  # of the height of all digits: lower ones are so beside a tail

_STRAY_INK = 0.005  # share of the ink above and below the body of the digits: ends of long strokes


@dataclass(slots=True, frozen=True)
class Cut:
    """Ink of one slot, 1 on 0, at the page's resolution; ``body``: the rows of its tall strokes (first, last + 1)."""

    ink: NDArray[np.float32]
    body: tuple[int, int]
    torn: bool = False
    """A stroke was cut apart at an edge of the window, or left out though it reaches far into it."""
    unended: bool = False
    """The slash behind the slot was not found, and may be the last stroke."""
    end: int | None = None
    """Column of the page at which the slash behind the slot was found."""

    @property
    def doubtful(self) -> bool:
        """Whether it is not clear what ink is the slot's."""
        return self.torn or self.unended

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
    within = slice(max(0, window.x0 - left), max(1, window.x1 - left))
    own = region[: round(base + 0.1 * em), within] if window.dense else region[:, within]
    ink = _grey_ink(region, own)
    if ink is None:
        return None
    rows = np.arange(region.shape[0])[:, None]
    columns = np.arange(region.shape[1])[None, :]
    inside = (columns >= window.x0 - left) & (columns < window.x1 - left + window.lean * (base - rows))
    if window.dense and window.overlap is not None:
        ceiling = find_ceiling(ink[:, within] > _INK, base, em)
        ink[: max(0, (ceiling or 0) - round(window.overlap * em))] = 0
    dark = _without_rules(ink > _INK, em)
    dark = _own_row(dark, round(base - _START * em)) if window.dense else dark
    slash = find_slash(dark, window.x1 - left + _SLASH_FOOT_AT * em, base, em) if window.lean else None
    if slash:  # nothing of the slot is to the right of it; a digit that touches it comes off
        dark = dark & (columns < slash.foot + slash.lean * (base - rows))
    if slash:
        dark &= ~_flank_of(dark, columns - slash.foot - slash.lean * (base - rows), em)
    keep, torn, unended = _chosen(dark, inside, base, em, window.x1 - left if window.lean and not slash else None)
    keep = _without_strays(keep, em)
    if window.dense:
        keep = _together(keep, round(_GAP * em))
    if not keep.any():
        return None
    around = cv2.dilate(keep.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0  # the grey edges of the strokes
    others = dark & ~keep
    ink = np.where(around & ~others, ink, 0).astype(np.float32)
    ys, xs = np.flatnonzero(keep.any(axis=1)), np.flatnonzero(keep.any(axis=0))
    rows_of = slice(ys[0], ys[-1] + 1)
    end = left + round(slash.foot) if slash else None
    return Cut(ink[rows_of, xs[0] : xs[-1] + 1], body_rows(keep[rows_of]), torn, unended, end)


def behind_label(gray: Image8, window: Window) -> int | None:
    """Where the slot of a number begins, in a window that reaches over the label to its left; None where nothing is.

    That is behind the label's colon, or without one where a label that begins the last run of ink would end.
    """
    em, base = window.em, round(_ABOVE * window.em)
    top, left = window.base - base, max(0, window.x0)
    region = gray[max(0, top) : window.base + round(_BELOW * em), left : window.x1]
    if top < 0 or min(region.shape) < 8 or (ink := ink_of(region, region)) is None:
        return None
    colon = find_colon(ink, base, em)
    if colon is not None:
        return left + colon
    row = ink[base - round(_CAPITAL * em) : base]
    columns = np.flatnonzero(row.any(axis=0))
    if not len(columns):
        return None
    last = np.split(columns, np.flatnonzero(np.diff(columns) > _WIDE_GAP * em) + 1)[-1]
    return left + int(last[0]) + round(_LABEL * em)


def _grey_ink(region: Image8, own: Image8) -> NDArray[np.float32] | None:
    """Ink from 0 (paper) to 1 (as dark as the strokes of the ``own`` part of the region mostly are, and darker)."""
    soft = region.astype(np.float32)
    paper = float(np.percentile(soft, _PAPER_LEVEL))
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
    labels, stats, _ = connected(strokes)
    count = len(stats)
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
) -> tuple[NDArray[np.bool_], bool, bool]:
    """The strokes that are the slot's, whether one is torn, and whether the last may be the slash."""
    labels, stats, centres = connected(ink)
    count = len(stats)
    keep = np.zeros_like(ink)
    torn = slash_found = False
    marks: list[int] = []
    width = ink.shape[1]
    for k in range(1, count):
        x, y, wide, tall, area = (int(v) for v in stats[k])
        if _is_mark(y - base, wide, tall, area, float(centres[k][1]) - base, em):
            marks += [k] if y + tall < base else []
            continue
        part = labels == k
        if slash is not None and _is_slash(part, slash, base, em):
            slash_found = True
            continue
        share = float((part & inside).sum()) / area
        reach = part & ~inside
        spill = np.flatnonzero(reach.any(axis=0))
        overhang = len(spill) / em
        if share > _MOSTLY_INSIDE and (overhang < _OVERHANG or wide < _COMPACT * em) and x > 0 and x + wide < width:
            keep |= part
        elif share > _TOUCHING and wide >= _COMPACT * em:
            rest = part & inside
            printed = slash is not None and _is_slash(rest, slash, base, em)
            if not printed and _tall(rest) > _DIGIT_TALL * em and share * area > _DIGIT_AREA * em * em:
                keep |= rest
                torn = True
        elif _LEFT_OUT < share <= _MOSTLY_INSIDE and tall > _DIGIT_TALL * em:
            torn = True
    if marks and keep.any():  # what lies right above a digit is a part of it that the scan has broken off
        side = 2 * round(_BROKEN * em) + 1
        reach = cv2.dilate(keep.astype(np.uint8), np.ones((side, side), np.uint8)) > 0
        keep |= np.isin(labels, [k for k in marks if reach[labels == k].any()]) & inside
    unended = slash is not None and not slash_found and keep[:, max(0, round(slash - _SLASH_NEAR * em)) :].any()
    return keep, torn, bool(unended)


def _flank_of(dark: NDArray[np.bool_], off: NDArray[np.float64], em: float) -> NDArray[np.bool_]:
    """What is left of the slash's own stroke where that is thick: strokes all along it. ``off``: columns from it."""
    labels, stats, _ = connected(dark)
    far = np.unique(labels[dark & (off < -_SLASH_FLANK * em)])
    flank = np.ones(len(stats), dtype=bool)
    flank[[0, *far]] = False
    return np.asarray(flank[labels], dtype=bool)


def _without_rules(ink: NDArray[np.bool_], em: float) -> NDArray[np.bool_]:
    """The ink without long level strokes, so that digits that stand on a rule come off it; what crosses one stays."""
    dark = ink.astype(np.uint8)
    level = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, max(3, round(_RULE * em))), np.uint8)) > 0
    if not level.any():
        return ink
    thick = int(level.sum(axis=0).max())
    if thick > _RULE_THICK * em:
        return ink
    reach = np.ones((2 * thick + 3, 1), np.uint8)
    crossed = cv2.dilate((ink & ~level).astype(np.uint8), reach) > 0
    return np.asarray(ink & ~(level & ~crossed), dtype=bool)


def _own_row(ink: NDArray[np.bool_], row: int) -> NDArray[np.bool_]:
    """The strokes that begin above ``row``; what begins below it belongs to the next line."""
    labels, stats, _ = connected(ink)
    count = len(stats)
    own = stats[:count, cv2.CC_STAT_TOP] < row
    own[0] = False
    return np.asarray(own[labels], dtype=bool)


def _together(keep: NDArray[np.bool_], gap: int) -> NDArray[np.bool_]:
    """The strokes that are near each other and have most of the ink; what is ``gap`` columns off is some print."""
    columns = np.flatnonzero(keep.any(axis=0))
    if not len(columns):
        return keep
    parts = np.split(columns, np.flatnonzero(np.diff(columns) > gap) + 1)
    most = max(parts, key=lambda part: int(keep[:, part].sum()))
    alone = np.zeros_like(keep)
    alone[:, most] = keep[:, most]
    return alone


def _without_strays(keep: NDArray[np.bool_], em: float) -> NDArray[np.bool_]:
    """The strokes but for low ones that are apart from the digits: dots of the colon, of leaders, broken accents."""
    labels, stats, _ = connected(keep)
    if len(stats) < 3:
        return keep
    left, wide, tall = (stats[:, at] for at in (cv2.CC_STAT_LEFT, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    digits = [k for k in range(1, len(stats)) if tall[k] >= _STRAY_TALL * tall[1:].max()]
    apart = [
        all(max(left[k] - left[d] - wide[d], left[d] - left[k] - wide[k]) > _STRAY_APART * em for d in digits)
        for k in range(len(stats))
    ]
    stray = np.array([k > 0 and k not in digits and apart[k] for k in range(len(stats))])
    return np.asarray(keep & ~stray[labels], dtype=bool)


def _is_mark(top: int, wide: int, tall: int, area: int, middle: float, em: float) -> bool:
    """Rules, specks, dots, accents and the lines above and below; ``top`` and ``middle`` count down from the base."""
    thick = _RULE_THICK * em
    rule = (wide > _LEVEL_RULE * em and tall < thick) or (tall > _UPRIGHT_RULE * em and wide < thick)
    speck = max(wide, tall) < _SPECK * em or area < _SPECK_AREA * em * em
    dot = max(wide, tall) < _DOT * em and abs(top + tall) < _DOT_REACH * em
    low = top > -_LOW_TOP * em and tall < _LOW_TALL * em
    high = top + tall < -_HIGH_FOOT * em
    return rule or speck or dot or low or high or not _MIDDLE[0] * em < -middle < _MIDDLE[1] * em


def _is_slash(part: NDArray[np.bool_], edge: float, base: int, em: float) -> bool:
    """Whether a stroke is the printed slash that begins at about column ``edge``: straight, leaning, as a capital tall.

    A 1 written there would look the same, but there is no room for one.
    """
    ys, xs = np.nonzero(part)
    if len(ys) == 0:
        return False
    top, bottom = int(ys[0]), int(ys[-1])
    tall = bottom - top
    thin = len(ys) < _SLASH_WIDTH * em * tall
    foot = base - bottom
    placed = _SLASH_TALL[0] < tall / em < _SLASH_TALL[1] and _SLASH_FOOT[0] < foot / em < _SLASH_FOOT[1]
    if not (thin and placed):
        return False
    slope, at = np.polyfit(base - ys, xs, 1)
    straight = float(np.abs(xs - (slope * (base - ys) + at)).max()) < _SLASH_WIDTH * em
    return straight and _SLASH_LEAN[0] < slope < _SLASH_LEAN[1] and abs(float(at) - edge) < _SLASH_OFF * em


def _tall(part: NDArray[np.bool_]) -> int:
    rows = np.flatnonzero(part.any(axis=1))
    return int(rows[-1] - rows[0] + 1) if len(rows) else 0


def body_rows(keep: NDArray[np.bool_]) -> tuple[int, int]:
    """Rows of the digits: all but those that only a small part of the ink reaches."""
    reach = np.cumsum(keep.sum(axis=1)) / max(1, int(keep.sum()))
    return int(np.searchsorted(reach, _STRAY_INK)), int(np.searchsorted(reach, 1 - _STRAY_INK)) + 1


def body_of_most(keep: NDArray[np.bool_], body: tuple[int, int]) -> tuple[int, int]:
    """The rows of the middle one of three or more digits, where a tail makes ``body`` far taller; else ``body``."""
    _, stats, _ = connected(keep)
    top, tall = stats[1:, cv2.CC_STAT_TOP], stats[1:, cv2.CC_STAT_HEIGHT]
    digits = tall >= _TALLEST * tall.max(initial=0)
    if digits.sum() < 3:
        return body
    first, end = round(float(np.median(top[digits]))), round(float(np.median((top + tall)[digits])))
    return (first, end) if 0 < end - first < _TAILED * (body[1] - body[0]) else body
