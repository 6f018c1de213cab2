"""Base line and x-height of a line, from the feet and the heights of its letters.

Whether the letters of a line are capitals or small ones does not show in one height: of small letters some rise above
the others (b, d, h) or hang below the base line (g, p, y), of capitals hardly any do. What is left open, the x-height
that is usual on the page decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CAPITAL = 0.677
"""x-height of Times and its like in heights of its capitals; digits are as high as capitals."""
_ON_LINE = 0.14  # heights of a letter by which a foot may miss the base line
_ALIKE = 0.07  # relative difference of letters of one height
_COMMON = 0.4  # of the most common height's letters that a lower height must have to be that of an x
_ASCENDING = (1.25, 1.85)  # x-heights of ascenders
_HANGING = 0.22  # x-heights by which descenders hang
_STEEPEST = 0.06  # pixels a line falls for each pixel to the right; pages are level, or nearly so
_ASTRAY = 0.04  # slope by which a line may differ from most of its page
_LONG, _MANY = 8.0, 10  # heights, letters: a line that tells its slope
_TILTS = np.linspace(-0.12, 0.12, 25)  # slopes of what is pressed on the page by hand: a name, a title, a date
_TILTED, _FEET, _MORE = 4.0, 6, 1.25  # heights, letters on the base line, times as many as without a tilt
_OUTSTANDING = (0.3, 0.04)  # share of letters that rise or hang: of small letters, of capitals
_SPREAD, _MOST_PRIOR = 0.12, 6.0  # of the logarithm of type sizes on a page; most that it weighs
_SURE = 2.0  # log odds


@dataclass(slots=True, frozen=True)
class Measure:
    """Where a line stands.

    Attributes:
        base: row of the base line at the left edge of the image, in pixels.
        slope: pixels that it falls for each pixel to the right.
        xheight: height of an x in pixels.
        other: what the height would be if capitals were taken for small letters, or these for capitals; None where
            that is out of the question.
        tilted: the measure if the line were not level as its page is, but stamped aslant; None where more of its
            letters stand on the level line.
    """

    base: float
    slope: float
    xheight: float
    other: float | None = None
    tilted: "Measure | None" = None

    def base_at(self, x: float) -> float:
        """Row of the base line in a column."""
        return self.base + self.slope * x

    def zoomed(self, zoom: float) -> "Measure":
        """The measure on an image so many times as large."""
        other = None if self.other is None else self.other * zoom
        tilted = None if self.tilted is None else self.tilted.zoomed(zoom)
        return Measure(self.base * zoom, self.slope, self.xheight * zoom, other, tilted)


@dataclass(slots=True, frozen=True)
class Letters:
    """Letters of a line: centre columns, tops and feet in pixels, as parallel arrays."""

    x: Floats
    top: Floats
    foot: Floats


@dataclass(slots=True, frozen=True)
class _Profile:
    """What the letters of a line say: base line, the lowest common height, how many letters and how many stand out."""

    base: float
    slope: float
    height: float
    letters: int
    outstanding: int


def measured(lines: Sequence[Letters]) -> list[Measure]:
    """The measures of all lines of a page; every line has at least one letter."""
    slopes = _slopes(lines)
    profiles = [_profile(line, slope) for line, slope in zip(lines, slopes, strict=True)]
    usual = _usual_xheight(profiles)
    return [
        replace(_measure(profile, usual), tilted=_tilted(line, profile.slope, usual))
        for line, profile in zip(lines, profiles, strict=True)
    ]


def _slopes(lines: Sequence[Letters]) -> list[float]:
    """The slope of each line: its own where it tells one that goes with most of the page, otherwise none."""
    told = [_slope(line) for line in lines]
    usual = float(np.median(np.repeat(told, [len(line.x) for line in lines]))) if lines else 0.0
    return [slope if abs(slope) <= _STEEPEST and abs(slope - usual) <= _ASTRAY else 0.0 for slope in told]


def _tilted(line: Letters, slope: float, usual: float | None) -> Measure | None:
    """The measure along the slope on which plainly more letters stand than on ``slope``, if there is one."""
    typical = float(np.median(line.foot - line.top))
    if len(line.x) < _FEET or np.ptp(line.x) < _TILTED * typical:
        return None
    standing = [_standing(line, tilt, typical) for tilt in _TILTS]
    most = max(standing)
    if most < _FEET or most < _MORE * _standing(line, slope, typical):
        return None
    # Letters stand equally well on slopes next to each other.
    tilt = float(np.mean([tilt for tilt, count in zip(_TILTS, standing, strict=True) if count == most]))
    return _measure(_profile(line, tilt), usual)


def _standing(line: Letters, slope: float, typical: float) -> int:
    """How many letters stand on one base line of that slope."""
    feet = line.foot - slope * line.x
    return int((np.abs(feet - _mode(feet, _ON_LINE * typical / 2)) <= _ON_LINE * typical / 2).sum())


def _profile(line: Letters, slope: float) -> _Profile:
    typical = float(np.median(line.foot - line.top))
    feet = line.foot - slope * line.x
    base = _mode(feet, _ON_LINE * typical)
    on_line = np.abs(feet - base) <= _ON_LINE * typical
    heights = (base + slope * line.x - line.top)[on_line]
    height = _lowest_common(heights)
    rising = int(((heights > _ASCENDING[0] * height) & (heights < _ASCENDING[1] * height)).sum())
    hanging = int(((feet > base + _HANGING * height) & (feet < base + height)).sum())
    return _Profile(base, slope, height, len(feet), rising + hanging)


def _slope(line: Letters) -> float:
    """Slope of the base line after Theil and Sen, over pairs half a line apart; 0 where the line is too short."""
    count = len(line.x)
    if count < _MANY or np.ptp(line.x) < _LONG * np.median(line.foot - line.top):
        return 0.0
    order = np.argsort(line.x)
    x, foot = line.x[order], line.foot[order]
    half = count // 2
    runs = np.maximum(x[half:] - x[:-half], 1.0)
    # Descenders are among the feet: of few pairs the median is one with them.
    return float(np.median((foot[half:] - foot[:-half]) / runs))


def _mode(values: Floats, width: float) -> float:
    """Mean of the values in the fullest window of twice this width."""
    ordered = np.sort(values)
    ends = np.searchsorted(ordered, ordered + max(2 * width, 1.0), side="right")
    counts = ends - np.arange(len(ordered))
    start = int(counts.argmax())
    return float(np.median(ordered[start : ends[start]]))


def _lowest_common(heights: Floats) -> float:
    """The lowest height that many letters share."""
    ordered = np.sort(heights)
    low = np.searchsorted(ordered, ordered * (1 - _ALIKE), side="left")
    high = np.searchsorted(ordered, ordered * (1 + _ALIKE), side="right")
    counts = high - low
    first = int(np.argmax(counts >= _COMMON * counts.max()))
    # The first to be common lies at the lower flank: the summit is within the letters alike.
    near = slice(first, int(np.searchsorted(ordered, ordered[first] * (1 + 2 * _ALIKE), side="right")))
    best = first + int(counts[near].argmax())
    return float(np.median(ordered[low[best] : high[best]]))


def _usual_xheight(profiles: Sequence[_Profile]) -> float | None:
    """The x-height of most letters, by lines that are plainly in small letters."""
    plain = [p for p in profiles if p.letters >= _MANY and p.outstanding >= 0.2 * p.letters]
    if not plain:
        return None
    heights = np.repeat([p.height for p in plain], [p.letters for p in plain])
    return float(np.median(heights))


def _measure(profile: _Profile, usual: float | None) -> Measure:
    small, capitals = profile.height, CAPITAL * profile.height
    odds = _small_letters(profile, usual)
    chosen, other = (small, capitals) if odds > 0 else (capitals, small)
    return Measure(profile.base, profile.slope, chosen, other if abs(odds) < _SURE else None)


def _small_letters(profile: _Profile, usual: float | None) -> float:
    """Log odds that the common height is that of small letters."""
    of_small, of_capitals = _OUTSTANDING
    rest = profile.letters - profile.outstanding
    odds = profile.outstanding * log(of_small / of_capitals) + rest * log((1 - of_small) / (1 - of_capitals))
    if usual is None:
        return odds
    as_small, as_capitals = (log(h / usual) / _SPREAD for h in (profile.height, CAPITAL * profile.height))
    prior = (as_capitals**2 - as_small**2) / 2
    return odds + max(-_MOST_PRIOR, min(_MOST_PRIOR, prior))
