"""How good the archive's values are: a random sample for checking by hand, and the error rates that come of it.

::

    sample      which documents and fields are looked at     sheet       the table that a checker fills in
    intervals   what a share in a sample tells of the whole  tally       error rates by field and over all
"""

from vndoc.archive.quality.sample import Sample, draw
from vndoc.archive.quality.sheet import read_sheet, write_sheet
from vndoc.archive.quality.tally import Rate, Tally, tally

__all__ = ["Rate", "Sample", "Tally", "draw", "read_sheet", "tally", "write_sheet"]
