"""The graphics state of a PDF page as far as it tells what is seen, and the geometry of what is painted.

Numbers in brackets are sections of ISO 32000-1.
"""

from dataclasses import dataclass

import pikepdf

_WHITE = 0.93  # least brightness of letters that white paper swallows
_DEPTH = 8  # of the page tree; a damaged file may nest it in a circle

Matrix = tuple[float, float, float, float, float, float]
Rectangle = tuple[float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
EVERYWHERE: Rectangle = (-1e9, -1e9, 1e9, 1e9)


@dataclass(slots=True)
class State:
    """The graphics state as far as it tells what is seen."""

    matrix: Matrix = IDENTITY
    clip: Rectangle | None = EVERYWHERE
    """None: of a shape that is not followed."""
    mode: int = 0
    pale: bool = False
    space: str = ""
    opacity: float = 1.0
    plain: bool = True
    """No blending, no soft mask."""
    size: float = 0.0
    leading: float = 0.0
    tiny: bool = True
    """Whether the type size says how large the letters are; in Type 3 fonts it does not."""

    @property
    def opaque(self) -> bool:
        """Whether paint covers what is beneath."""
        return self.plain and self.opacity >= 1


def resources_of(node: pikepdf.Object) -> pikepdf.Dictionary:
    """What a page or form knows by name, or inherits from the page tree."""
    for _ in range(_DEPTH):
        own = node.get("/Resources")
        if isinstance(own, pikepdf.Dictionary):
            return own
        above = node.get("/Parent")
        if not isinstance(above, pikepdf.Dictionary):
            break
        node = above
    return pikepdf.Dictionary()


def named(resources: pikepdf.Dictionary, kind: str, operands: list[object]) -> object:
    """The resource of that kind which the first operand names, if there is one."""
    known = resources.get(kind)
    return known.get(str(operands[0])) if isinstance(known, pikepdf.Dictionary) and operands else None


def set_state(state: State, operator: str, operands: list[object], resources: pikepdf.Dictionary) -> None:
    """Take an operator that sets the state: colours, opacity, font, text parameters."""
    if operator == "Tr":
        state.mode = int(floats(operands)[0])
    elif operator == "TL":
        state.leading = floats(operands)[0]
    elif operator == "Tf":
        state.size = abs(floats(operands[1:])[0])
        font = named(resources, "/Font", operands)
        state.tiny = not (isinstance(font, pikepdf.Dictionary) and font.get("/Subtype") == "/Type3")
    elif operator in ("g", "rg"):
        state.space, state.pale = "", min(floats(operands), default=0.0) >= _WHITE
    elif operator == "k":
        state.space, state.pale = "", max(floats(operands), default=1.0) <= 1 - _WHITE
    elif operator == "cs":
        state.space, state.pale = _space(resources, operands), False
    elif operator in ("sc", "scn"):
        state.pale = _is_pale(state.space, operands)
    elif operator == "gs":
        known = named(resources, "/ExtGState", operands)
        if isinstance(known, pikepdf.Dictionary):
            state.opacity = float(known.get("/ca", state.opacity))
            blend, mask = known.get("/BM"), known.get("/SMask")
            state.plain = (state.plain if blend is None else blend in ("/Normal", "/Compatible")) and (
                mask is None or mask == "/None"
            )


def _space(resources: pikepdf.Dictionary, operands: list[object]) -> str:
    """``light`` where a colour of only ones is white, ``ink`` where one of only noughts is, else empty."""
    name = str(operands[0]) if operands else ""
    if name in ("/DeviceGray", "/DeviceRGB"):
        return "light"
    if name == "/DeviceCMYK":
        return "ink"
    known = named(resources, "/ColorSpace", operands)
    family = str(known[0]) if isinstance(known, pikepdf.Array) and len(known) else ""
    if family == "/ICCBased" and isinstance(known, pikepdf.Array):
        return "ink" if int(known[1].get("/N", 3)) == 4 else "light"
    return {"/CalGray": "light", "/CalRGB": "light", "/Separation": "ink", "/DeviceN": "ink"}.get(family, "")


def _is_pale(space: str, operands: list[object]) -> bool:
    if not space or any(isinstance(operand, pikepdf.Name) for operand in operands):
        return False
    levels = floats(operands)
    return min(levels, default=0.0) >= _WHITE if space == "light" else max(levels, default=1.0) <= 1 - _WHITE


def floats(operands: list[object]) -> list[float]:
    """Operands as numbers; raises TypeError or ValueError for others."""
    return [float(operand) for operand in operands]  # type: ignore[arg-type]


def matrix_of(operands: list[object]) -> Matrix:
    """Six operands as a matrix."""
    a, b, c, d, e, f = floats(operands)[:6]
    return a, b, c, d, e, f


def product(m: Matrix, n: Matrix) -> Matrix:
    """First ``m``, then ``n`` (8.3.4)."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def moved(matrix: Matrix, x: float, y: float) -> Matrix:
    """The matrix with its origin moved, in its own units."""
    return product((1.0, 0.0, 0.0, 1.0, x, y), matrix)


def box_of(x0: float, y0: float, x1: float, y1: float) -> Rectangle:
    """The rectangle with its lower left corner first."""
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def rectangle(sides: list[float], matrix: Matrix) -> Rectangle:
    """What ``x y width height re`` becomes on the page; of a slanted one a part that lies in it."""
    x, y, width, height = sides
    a, b, c, d, e, f = product((width, 0.0, 0.0, height, x, y), matrix)
    level = abs(b) + abs(c) <= 0.01 * (abs(a) + abs(d)) or abs(a) + abs(d) <= 0.01 * (abs(b) + abs(c))
    if level:
        return box_of(e, f, e + a + c, f + b + d)
    across, up = e + (a + c) / 2, f + (b + d) / 2
    return across, up, across, up


def square(matrix: Matrix) -> Rectangle:
    """Where an image is painted (8.9.5)."""
    return rectangle([0.0, 0.0, 1.0, 1.0], matrix)


def common(one: Rectangle, other: Rectangle) -> Rectangle:
    """What two rectangles have in common; of none the corners change places."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def clipped(clip: Rectangle | None, path: list[Rectangle] | None) -> Rectangle | None:
    """The clip narrowed to a path of one level rectangle; None once another shape has narrowed it."""
    if clip is None or path is None or len(path) != 1 or path[0][0] == path[0][2]:
        return None
    return common(clip, path[0])
