"""Running heads and feet: lines that return at the edge of page after page, with other numbers in them or not."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

import regex

from vndoc.parse.fold import fold
from vndoc.parse.lines import TextLine

_EDGE = 2  # lines from the top or the bottom of a page
_PAGES = 3  # on which a line returns
_LETTERS = 6  # that a running line holds; bare page numbers are recognised elsewhere
_LABEL = regex.compile(r"\W*(?:#|\p{L}|[ivx]+)[.)/]\s|\W*[-+•]\s|(?:dieu|chuong|(?:tieu )?muc|phan) [#ivxl]")
_NUMBER = regex.compile(r"\d+")


def running_lines(lines: Sequence[TextLine]) -> set[int]:
    """Indices of the lines of all pages that are running heads or feet; linear in their number."""
    places: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for _, page in groupby(range(len(lines)), key=lambda i: lines[i].page):
        rows = list(page)
        for at, index in enumerate(rows):
            top, bottom = at < _EDGE, at >= len(rows) - _EDGE
            text = _NUMBER.sub("#", fold(lines[index].text))
            if (top or bottom) and not _LABEL.match(text) and sum(c.isalpha() for c in text) >= _LETTERS:
                places[text, top].append(index)
    return {index for found in places.values() if _runs({lines[i].page for i in found}) for index in found}


def _runs(pages: set[int]) -> bool:
    """Whether a line returns often enough: on every page, or every other as in a journal."""
    return len(pages) >= _PAGES and len(pages) >= (max(pages) - min(pages) + 1) / 2
