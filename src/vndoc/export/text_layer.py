"""The invisible text layer of a PDF: the words of a page laid where they stand, in rendering mode 3.

The font has one blank glyph and a ToUnicode map that tells the letters (ISO 32000-1, 9.3.6 and 9.10.3).
"""

from collections.abc import Iterator, Sequence
from statistics import median

import pikepdf

from vndoc.export.font import DESCENT, EM, invisible_font
from vndoc.page import Line, Page
from vndoc.sources.pdf.copies import shown_box

_DEPTH = 20
_FONT = "/VndocText"
_APART = 0.2  # least distance of two words in heights of their line; poppler joins words nearer than a tenth


class HiddenText:
    """Invisible text on the pages of one PDF, in one font whose codes are the letters of ``pages``, from 1."""

    def __init__(self, pdf: pikepdf.Pdf, pages: Sequence[Page]) -> None:
        letters = sorted({letter for page in pages for word in page.words for letter in word.text} | {" "})
        self.pdf = pdf
        self.codes = {letter: code for code, letter in enumerate(letters[:0xFFFF], 1)}
        self.font = invisible_font(pdf, letters)

    def put(self, target: pikepdf.Page, page: Page) -> None:
        """Lay the words of ``page`` over ``target``, whose own content is fenced in so that it cannot move them."""
        place = _Place(target, page)
        name = _add_font(target, self.font)
        rows = [row for line in page.lines for row in self._line(line, place, name)]
        text = "\n".join(["Q", "BT", "3 Tr", *rows, "ET", ""])
        target.contents_add(self.pdf.make_stream(b"q\n"), prepend=True)
        target.contents_add(self.pdf.make_stream(text.encode("ascii")))

    def _line(self, line: Line, place: "_Place", font: str) -> Iterator[str]:
        """PDF operators for the words of a line, all of one size and on one baseline, as they were printed."""
        boxed = [(word, word.box) for word in line.words if word.box and word.text]
        if not boxed:
            return
        height = median(box.height for _, box in boxed)
        bottom = median(box.y1 for _, box in boxed)
        for at, (word, box) in enumerate(boxed):
            alone = abs(box.y1 - bottom) > height / 2 or not height / 2 < box.height < 2 * height
            low, high = (box.y1, box.height) if alone else (bottom, height)
            right, text = float(box.x1), word.text
            if at + 1 < len(boxed):
                text += " "
                behind = boxed[at + 1][1].x0
                if box.x0 < behind:  # readers of PDF part words by their distance, not by the blank
                    right = max(min(right, behind - _APART * high), box.x0 + 1.0)
            yield f"{font} {self._shown(text, box.x0, right, low - DESCENT * high, high, place)}"

    def _shown(self, text: str, left: float, right: float, baseline: float, height: float, place: "_Place") -> str:
        """One word, set along the nearest edge of the page: slanted words fall apart when text is taken out again."""
        across, up = place.direction
        width = (right - left) * place.scale
        x, y = place.point((left + right) / 2, baseline)
        x, y = x - across * width / 2, y - up * width / 2
        size = max(height * place.scale, 0.1)
        stretch = 100 * width / (EM * size * len(text.rstrip()))
        codes = "".join(f"{self.codes.get(letter, 0):04X}" for letter in text)
        return f"{size:.2f} Tf {stretch:.2f} Tz {across} {up} {-up} {across} {x:.2f} {y:.2f} Tm <{codes}> Tj"


class _Place:
    """Where the pixels of a page as read stand on the page of the PDF, in its user space."""

    def __init__(self, target: pikepdf.Page, page: Page) -> None:
        self.page = page
        self.x0, self.y0, self.x1, self.y1 = shown_box(target)
        self.turn = int(_inherited(target.obj, "/Rotate") or 0) // 90 % 4
        lying = self.turn % 2 == 1
        width = self.y1 - self.y0 if lying else self.x1 - self.x0
        self.scale = width / max(page.source_size[0], 1)
        """Points a pixel."""
        quarters = (self.turn - page.turns) % 4
        self.direction = ((1, 0), (0, 1), (-1, 0), (0, -1))[quarters]
        """Where lines of text run in user space, but for the skew."""

    def point(self, x: float, y: float) -> tuple[float, float]:
        """User space coordinates of a point given in pixels of the page as read."""
        x, y = self.page.to_source(x, y)
        u, v = x * self.scale, y * self.scale
        turned = (
            (self.x0 + u, self.y1 - v),
            (self.x0 + v, self.y0 + u),
            (self.x1 - u, self.y0 + v),
            (self.x1 - v, self.y1 - u),
        )
        return turned[self.turn]


def _inherited(node: pikepdf.Object | None, key: str) -> pikepdf.Object | None:
    """A page's attribute, its own or that of the page tree above (ISO 32000-1, 7.7.3.4)."""
    for _ in range(_DEPTH):
        if not isinstance(node, pikepdf.Dictionary):
            return None
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None


def _copy(value: pikepdf.Object | None) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(dict(value.items())) if isinstance(value, pikepdf.Dictionary) else pikepdf.Dictionary()


def _add_font(target: pikepdf.Page, font: pikepdf.Object) -> str:
    """Make the font known to the page, under a free name, and to no other page that shares its resources."""
    shared = _inherited(target.obj, "/Resources")
    own = _copy(shared)
    known = _copy(own.get("/Font"))
    name = _FONT
    while name in known:
        name += "X"
    known[name] = font
    own["/Font"] = known
    target.obj["/Resources"] = own
    return name
