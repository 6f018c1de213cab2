"""How the text of a PDF page looks when it is drawn: seen, hidden, pale on whatever is beneath, or slanted.

The page's content is followed operator by operator, forms included, as far as that takes: graphics state, clipping
rectangles, and what is painted later over text (ISO 32000-1, 8 and 9). Nothing is drawn. Text programs such as
pdftotext list all of it alike, so whoever asks them hands them a copy without what is not wanted
(:mod:`~vndoc.sources.pdf.rewriting`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import NamedTuple

import numpy as np
import pikepdf

from vndoc.damage import raise_if_grave
from vndoc.sources.pdf.contents import instructions, is_huge
from vndoc.sources.pdf.graphics import (
    IDENTITY,
    Matrix,
    Rectangle,
    State,
    box_of,
    clipped,
    common,
    floats,
    matrix_of,
    moved,
    named,
    product,
    rectangle,
    resources_of,
    set_state,
    square,
)

SHOWING = frozenset({"Tj", "TJ", "'", '"'})
"""Operators that show text."""
NEXT_LINE = frozenset({"'", '"'})
"""Those of them that go to the next line first."""

_OPERATORS = "q Q cm Do BT Tf Tr TL Tm Td TD T* Tj TJ ' \" g rg k cs sc scn gs re m l c v y h W W* n S s f F f* B B* b b* BI ID EI"  # noqa: E501
_FILLS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*"})
_ENDS = _FILLS | {"n", "S", "s"}
_CURVES = frozenset({"m", "l", "c", "v", "y", "h"})
_INVISIBLE = 3  # text rendering mode (9.3.6)
_FILLED = 0  # the mode in which the fill colour alone is seen
_CLEAR = 0.1  # opacity below which paint is not seen
_TINY = 1 / 500  # of the page's height: 1.7 points on A4; nobody can read it
_TINY_POINTS = 1.7  # on a larger page
_INSIDE = 0.3  # of the type size: so far into its first letter text must be covered or clipped away
_SLANT = 0.15  # least slope of slanted text, to the nearest edge of the page
_LEAST_COVER = 4.0  # points; rules are lower
_DEPTH = 8  # forms in forms; a damaged file may nest them in a circle
_MOST_FORMS, _MOST_OPERATORS = 2_000, 500_000  # for a page; hostile files have more, and are not judged
_MOST_LETTERS = 500_000  # bytes of the strings that are shown; a newspaper's page has 50,000

_Instruction = tuple[str, list[object]]


class Look(Enum):
    """How a piece of text looks."""

    SEEN = "seen"
    HIDDEN = "hidden"
    """In rendering mode 3, without opacity, too small to see, clipped away, or painted over."""
    PALE = "pale"
    """In white: seen on a dark ground alone."""
    SLANTED = "slanted"
    """Seen, but across the page: watermarks, which text programs list letter by letter."""


class Place(NamedTuple):
    """Which piece of text: the stream (page 0, or a form's object number) and the how-many-th showing operator."""

    stream: tuple[int, int]
    showing: int


PAGE = (0, 0)
"""The stream of a page's own content."""

Looks = Mapping[Place, Look]
"""Looks of all text of a page, as far as its content could be followed."""


class Followed(NamedTuple):
    """What following a page's content told."""

    looks: Looks
    doubtful: bool
    """Whether text that should be seen lies where an image is painted, or in a clip of a shape that is not followed."""
    costly: bool = False
    """Whether it draws more than a page has, so that programs may need hours for it."""


class _Shown(NamedTuple):
    place: Place
    order: int
    x: float
    y: float
    look: Look
    clip_known: bool


class _TooMuchError(Exception):
    """More than a page has."""


@dataclass(slots=True)
class _Position:
    """Where the content of one stream is being followed: graphics state, text matrices, path."""

    stream: tuple[int, int]
    resources: pikepdf.Dictionary
    state: State
    states: list[State] = field(default_factory=list)
    text: Matrix = IDENTITY
    line: Matrix = IDENTITY
    path: list[Rectangle] | None = field(default_factory=list)
    """Rectangles; None once it has another shape."""
    clips: bool = False
    index: int = -1
    """Of the showing operator."""

    def take(self, operator: str, operands: list[object]) -> None:
        """Take an operator that paints nothing."""
        if operator in ("q", "Q", "cm"):
            self._keep(operator, operands)
        elif operator in ("BT", "Tm", "Td", "TD", "T*"):
            self._move(operator, operands)
        elif operator == "re":
            if self.path is not None:
                self.path.append(rectangle(floats(operands)[:4], self.state.matrix))
        elif operator in _CURVES:
            self.path = None
        elif operator in ("W", "W*"):
            self.clips = True
        else:
            set_state(self.state, operator, operands, self.resources)

    def show(self, operator: str) -> None:
        """Count a showing operator; two of them begin a line."""
        self.index += 1
        if operator in NEXT_LINE:
            self._move("T*", [])

    def _keep(self, operator: str, operands: list[object]) -> None:
        if operator == "q":
            self.states.append(replace(self.state))
        elif operator == "Q":
            self.state = self.states.pop() if self.states else self.state
        else:
            self.state.matrix = product(matrix_of(operands), self.state.matrix)

    def _move(self, operator: str, operands: list[object]) -> None:
        if operator == "BT":
            self.line = IDENTITY
        elif operator == "Tm":
            self.line = matrix_of(operands)
        elif operator == "T*":
            self.line = moved(self.line, 0.0, -self.state.leading)
        else:
            x, y = floats(operands)[:2]
            self.state.leading = -y if operator == "TD" else self.state.leading
            self.line = moved(self.line, x, y)
        self.text = self.line


@dataclass(slots=True)
class _Painter:
    """Follows one page. ``shown`` and ``covers`` are in the order of painting."""

    height: float
    shown: list[_Shown] = field(default_factory=list)
    covers: list[tuple[int, float, float, float, float]] = field(default_factory=list)
    images: list[Rectangle] = field(default_factory=list)
    """Of all kinds, those that cover nothing included."""
    order: int = 0
    forms: int = 0
    letters: int = 0
    parsed_operators: int = 0
    parsed: dict[tuple[int, int], list[_Instruction]] = field(default_factory=dict)

    def follow(self, node: pikepdf.Object, stream: tuple[int, int], state: State, depth: int) -> None:
        """Follow the content of a page or form."""
        at = _Position(stream, resources_of(node), state)
        for operator, operands in self._instructions(node, stream):
            self.order += 1
            if self.order > _MOST_OPERATORS:
                raise _TooMuchError
            if operator in SHOWING:
                at.show(operator)
                self.letters += int(operands[0])  # type: ignore[call-overload]
                if self.letters > _MOST_LETTERS:
                    raise _TooMuchError
                self._show(Place(stream, at.index), at.text, at.state)
            elif operator in _ENDS:
                self._end_path(operator, at)
            elif operator == "INLINE IMAGE":
                self.images.append(square(at.state.matrix))
                self._cover(square(at.state.matrix), at.state)
            elif operator == "Do":
                self._do(named(at.resources, "/XObject", operands), at.state, depth)
            else:
                at.take(operator, operands)

    def _instructions(self, node: pikepdf.Object, stream: tuple[int, int]) -> list[_Instruction]:
        if stream not in self.parsed:
            if is_huge(node):
                raise _TooMuchError
            found: list[_Instruction] = []
            for instruction in instructions(node, _OPERATORS):
                if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                    if not instruction.iimage.image_mask:
                        found.append(("INLINE IMAGE", []))
                    continue
                operator = str(instruction.operator)
                operands: list[object] = list(instruction.operands)
                found.append((operator, [_letters(operands)] if operator in SHOWING else operands))
            self.parsed_operators += len(found)
            if self.parsed_operators > _MOST_OPERATORS:
                raise _TooMuchError
            self.parsed[stream] = found
        return self.parsed[stream]

    def _show(self, place: Place, text: Matrix, state: State) -> None:
        a, b, c, d, x, y = product(text, state.matrix)
        size = state.size * abs(a * d - b * c) ** 0.5
        tiny = state.tiny and size < min(_TINY * self.height, _TINY_POINTS)
        inside = _INSIDE * state.size
        x, y = x + inside * (a + c), y + inside * (b + d)
        clip = state.clip
        gone = clip is not None and not (clip[0] <= x <= clip[2] and clip[1] <= y <= clip[3])
        look = Look.SEEN
        if state.mode == _INVISIBLE or state.opacity < _CLEAR or tiny or gone:
            look = Look.HIDDEN
        elif state.pale and state.mode == _FILLED:
            look = Look.PALE
        elif min(abs(a), abs(b)) > _SLANT * max(abs(a), abs(b)):
            look = Look.SLANTED
        self.shown.append(_Shown(place, self.order, x, y, look, clip is not None))

    def _end_path(self, operator: str, at: "_Position") -> None:
        if operator in _FILLS and at.path and at.state.opaque:
            for rectangle in at.path:
                self._cover(rectangle, at.state)
        if at.clips:
            at.state.clip = clipped(at.state.clip, at.path)
        at.path, at.clips = [], False

    def _cover(self, rectangle: Rectangle, state: State) -> None:
        if state.clip is None:
            return
        x0, y0, x1, y1 = common(rectangle, state.clip)
        if min(x1 - x0, y1 - y0) >= _LEAST_COVER:
            self.covers.append((self.order, x0, y0, x1, y1))

    def _do(self, known: object, state: State, depth: int) -> None:
        if not isinstance(known, pikepdf.Stream):
            return
        if known.get("/Subtype") == "/Image":
            self.images.append(square(state.matrix))
            whole = not {"/SMask", "/Mask"} & set(known.keys()) and not known.get("/ImageMask", False)
            if whole and state.opaque:
                self._cover(square(state.matrix), state)
        elif known.get("/Subtype") == "/Form" and depth:
            self.forms += 1
            if self.forms > _MOST_FORMS:
                raise _TooMuchError
            inner = replace(state, matrix=product(matrix_of(list(known.get("/Matrix", IDENTITY))), state.matrix))
            if "/BBox" in known:
                x0, y0, x1, y1 = floats(list(known["/BBox"]))
                inner.clip = clipped(inner.clip, [rectangle([x0, y0, x1 - x0, y1 - y0], inner.matrix)])
            self.follow(known, known.objgen, inner, depth - 1)

    def followed(self) -> Followed:
        """Looks of all text; a form that is drawn twice is hidden only where all its drawings are."""
        covers = np.array(self.covers, dtype=np.float64).reshape(-1, 5)
        images = np.array(self.images, dtype=np.float64).reshape(-1, 4)
        found: dict[Place, Look] = {}
        doubtful = False
        for place, order, x, y, look, clip_known in self.shown:
            above = (covers[:, 0] > order) & (covers[:, 1] <= x) & (x <= covers[:, 3])
            under = look is not Look.HIDDEN and (above & (covers[:, 2] <= y) & (y <= covers[:, 4])).any()
            now = Look.HIDDEN if under else look
            before = found.get(place, now)
            found[place] = now if before is Look.HIDDEN or now is Look.SEEN else before
            if now is not Look.HIDDEN and not doubtful:
                across = (images[:, 0] <= x) & (x <= images[:, 2])
                doubtful = not clip_known or bool((across & (images[:, 1] <= y) & (y <= images[:, 3])).any())
        return Followed(found, doubtful)


def looks(page: pikepdf.Page) -> Looks:
    """Looks of the page's text; none where its content cannot be followed."""
    return follow(page).looks


def follow(page: pikepdf.Page) -> Followed:
    """Looks of the page's text, and whether only drawing the page can tell; no looks where it cannot be followed."""
    try:
        x0, y0, x1, y1 = (float(n) for n in page.mediabox)
        painter = _Painter(max(abs(y1 - y0), 1.0))
        painter.follow(page.obj, PAGE, State(clip=box_of(x0, y0, x1, y1)), _DEPTH)
    except _TooMuchError:
        return Followed({}, doubtful=False, costly=True)
    except Exception as error:
        raise_if_grave(error)
        return Followed({}, doubtful=False)
    found = painter.followed()
    return found._replace(doubtful=True) if painter.images and _has_appearances(page) else found


def _has_appearances(page: pikepdf.Page) -> bool:
    """Whether annotations paint on the page."""
    annotations = page.obj.get("/Annots")
    known = list(annotations) if isinstance(annotations, pikepdf.Array) else []
    return any(isinstance(one, pikepdf.Dictionary) and "/AP" in one for one in known)


def _letters(operands: list[object]) -> int:
    """How many bytes a showing operator shows."""
    parts: Iterable[object] = (part for one in operands for part in (one if isinstance(one, pikepdf.Array) else (one,)))
    return sum(len(bytes(part)) for part in parts if isinstance(part, pikepdf.String))
