"""Files that hold several documents: where each begins, how sure that is, and why."""

from vndoc.bundles.cutting import Cutter, Part, Split, cut
from vndoc.bundles.deciding import Boundary
from vndoc.bundles.notices import part_notices, signed_notice
from vndoc.bundles.signs import PageSigns, signs_of

__all__ = ["Boundary", "Cutter", "PageSigns", "Part", "Split", "cut", "part_notices", "signed_notice", "signs_of"]
