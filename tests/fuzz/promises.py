"""What vndoc promises whatever it is given: errors of its own, offsets and boxes inside, text that can be written."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from vndoc.dispatch import Dispatch
from vndoc.errors import VndocError

EXIT_CODES = frozenset({0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 130})
"""Those of the README but for 1, which stands for a fault of vndoc."""
MESSAGE = 400
"""Characters of a message at the most."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_LONE = re.compile(r"[\ud800-\udfff]")


class BrokenPromise(AssertionError):  # noqa: N818 -- it is what it says
    """Something that vndoc promises did not hold; the message says what."""


def demand(holds: object, what: str) -> None:
    """Raise :class:`BrokenPromise` unless it holds."""
    if not holds:
        raise BrokenPromise(what)


def one_line(error: VndocError) -> None:
    """Demand that an error is a line for a person."""
    text = str(error)
    demand(text.strip(), "an error without a message")
    demand(len(text) <= MESSAGE, f"a message of {len(text)} characters")


def kept(dispatch: Dispatch) -> None:
    """Demand of a dispatch that it is valid by its schema and points nowhere outside itself."""
    data = dispatch.model_dump(mode="json")
    text = dispatch.model_dump_json()
    demand(Dispatch.model_validate_json(text) == dispatch, "it is another after it was written and read")
    sizes = {page.number: (page.width, page.height) for page in dispatch.pages}
    for pointer, value in _nested(data, ""):
        if isinstance(value, str):
            demand(not _LONE.search(value), f"{pointer}: a lone surrogate")
            demand(not _CONTROLS.search(value), f"{pointer}: a control character")
        elif isinstance(value, dict):
            _span(pointer, value, len(dispatch.text))
            _box(pointer, value, sizes)
    _mentions(dispatch)


def _nested(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    yield pointer, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _nested(inner, f"{pointer}/{key}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _nested(inner, f"{pointer}/{place}")


def _span(pointer: str, value: dict[str, Any], length: int) -> None:
    start, end = value.get("start"), value.get("end")
    if start is not None and end is not None:
        demand(0 <= start <= end <= length, f"{pointer}: offsets {start}-{end} of {length}")


def _box(pointer: str, value: dict[str, Any], sizes: dict[int, tuple[int, int]]) -> None:
    box: Sequence[int] | None = value.get("box")
    if box is None:
        return
    demand(value.get("page") in sizes, f"{pointer}: a box on page {value.get('page')}, which there is not")
    width, height = sizes[value["page"]]
    x0, y0, x1, y1 = box
    demand(0 <= x0 <= x1 <= width, f"{pointer}: a box from {x0} to {x1} on a page {width} wide")
    demand(0 <= y0 <= y1 <= height, f"{pointer}: a box from {y0} to {y1} on a page {height} high")


def _mentions(dispatch: Dispatch) -> None:
    for reference in (*dispatch.references, *dispatch.named_references):
        for mention in reference.mentions:
            found = dispatch.text[mention.start : mention.end]
            demand(found == mention.text, f"a mention at {mention.start} is not what stands there")
