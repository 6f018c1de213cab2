"""From garbled readings to the text that was printed.

:func:`repair` for plain text, :func:`repair_page` for a page with boxes. Both keep the layout; both tell for every
word how sure they are and what else it might be.
"""

from vndoc.repair.api import PROFILES, Repaired, RepairedWord, repair, repair_page

__all__ = ["PROFILES", "Repaired", "RepairedWord", "repair", "repair_page"]
