"""What a word's confidence is taken for, in all regions alike.

Confidences are shares of right words, as an engine's calibration gives them (:mod:`vndoc.ocr.engines.calibration`).
How Tesseract's are to be read was counted on the three scanned first pages with known text, 1,359 words with those of
all regions, before repair:

======================  ======  =======
confidence              words   right
======================  ======  =======
from 0.95               1,140   98.9 %
0.90 to 0.95            143     91 %
0.85 to 0.90            23      74 %
0.60 to 0.85            34      68 %
0.50 to 0.60            1
under 0.50              18      50 %
======================  ======  =======

What is read in strokes of seals, signatures and drawings is left out of these by then; it mostly has less than 0.3.
The values below were found on 23 real scans (docs/errors.md) by what they kept and lost there.
"""

SURE = 0.85
"""A word that stays, whatever else is read in its place: 98 % of these words are right, 62 % of the others."""

STAMPED_LINE = 0.75
"""Least mean of a line in coloured ink. A seal's ring and a signature give single likely words, but no line of them."""

LIKELY = 0.6
"""Least confidence of a stamped word: rubber is worn and frames touch its letters."""

PRINT = 0.5
"""Least mean of a line that is print, from which its words are likelier right than wrong."""

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
