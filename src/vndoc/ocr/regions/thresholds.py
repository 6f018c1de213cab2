"""What a word's confidence is taken for, in all regions alike.

Confidences are shares of right words, as an engine's calibration gives them (:mod:`vndoc.ocr.engines.calibration`).
The values were found on 23 real scans (docs/errors.md), by what was kept and what was lost of their first pages.
"""

SURE = 0.85
"""A word that stays, whatever else is read in its place: under it half of the real scans' misread words lie, and above
it next to none of the strokes of seals and signatures."""

DOUBTFUL = 0.8
"""Mean of a line of small type under which it is read again: engines lose the type of 11 points of Nơi nhận first."""

STAMPED_LINE = 0.75
"""Least mean of a line in coloured ink. A seal's ring and a signature give single likely words, but no line of them."""

LIKELY = 0.6
"""Least confidence of a stamped word: rubber is worn and frames touch its letters."""

PRINT = 0.5
"""Least mean of a line that is print: nonsense has less. A line read with less is read again."""

HANDWRITTEN = 0.4
"""Most that a reading of what is mostly written by hand is believed: engines are sure of nonsense there, and a value
is given from 0.5 only."""

JUNK = 0.3
"""A word with less is a stroke read as letters."""

SAME_INK = 0.3
"""Share of the smaller box that two readings of the same ink have in common: swollen boxes of neighbours share less."""

MORE_LETTERS = 2.0
"""Times the right letters of sure words that a sure reading must have to take their place: these were then scraps of a
line of which most had been passed over."""
