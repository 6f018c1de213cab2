"""The hidden text that another OCR has left on a page, taken off a copy: what is seen stays as it is."""

import pikepdf

from vndoc.sources.pdf.painting import Look, looks
from vndoc.sources.pdf.rewriting import removed, rewrite


def drop_hidden_text(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Take text that cannot be seen off ``page``; a content that cannot be followed is left as it is."""
    found = looks(page)
    if Look.HIDDEN in found.values():
        rewrite(pdf, page, lambda place: found.get(place) is Look.HIDDEN, removed)
