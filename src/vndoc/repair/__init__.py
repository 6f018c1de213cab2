"""From garbled readings to the text that was printed.

:func:`repair` for plain text, :func:`repair_pages` for the pages of a document with their boxes, :func:`repair_page`
for a page by itself. All keep the layout; all tell for every word how sure they are and what else it might be.
"""

from vndoc.repair.api import PROFILES, Repaired, RepairedWord, repair, repair_page, repair_pages

__all__ = ["PROFILES", "Repaired", "RepairedWord", "repair", "repair_page", "repair_pages"]
