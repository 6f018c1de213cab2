"""Trees in a PDF walked through: fields, pages, names. Each object once, and no more of them than a file has.

A damaged or hostile file ties them in circles, or names one node at a thousand places on each of twenty levels.
"""

import re
from collections import Counter
from collections.abc import Iterator

import pikepdf

from vndoc.damage import DamageError

MOST_NODES = 100_000
_KIDS = re.compile(rb"/Kids\s*\[[^\]]*")
_REFERENCE = re.compile(rb"(\d+)\s+\d+\s+R")


def walk(
    kids: pikepdf.Object | None, inherited: str = "", most: int = MOST_NODES
) -> Iterator[tuple[pikepdf.Dictionary, pikepdf.Object | None]]:
    """The dictionaries in an array and in the ``/Kids`` below it, in their order.

    Args:
        kids: the array; anything else holds none.
        inherited: a key whose value holds for what is below, unless it says otherwise itself.
        most: dictionaries and places in arrays that are looked at.

    Yields:
        Each dictionary, and the value of the key that holds for it.

    Raises:
        DamageError: there are more.
    """
    known: set[tuple[int, int]] = set()
    waiting: list[tuple[Iterator[pikepdf.Object | int], pikepdf.Object | None]] = []
    if isinstance(kids, pikepdf.Array):
        waiting.append((_items(kids, known), None))
    seen = 0
    while waiting:
        items, above = waiting[-1]
        node = next(items, None)
        if node is None:
            waiting.pop()
            continue
        seen += 1
        if seen > most:
            raise DamageError(f"it has a tree of more than {most} nodes")
        if not isinstance(node, pikepdf.Dictionary) or not _is_new(node, known):
            continue
        value = node.get(inherited, above) if inherited else None
        yield node, value
        below = node.get("/Kids")
        if isinstance(below, pikepdf.Array) and _is_new(below, known):
            waiting.append((_items(below, known), value))


def _items(array: pikepdf.Array, known: set[tuple[int, int]]) -> "Iterator[pikepdf.Object | int]":
    """What stands in an array; in place of None, which would end it, a number."""
    _is_new(array, known)
    return (0 if item is None else item for item in array)


def _is_new(node: pikepdf.Object, known: set[tuple[int, int]]) -> bool:
    """Whether it was not met before, and note it; what is no object of its own is always new."""
    if not node.is_indirect:
        return True
    if node.objgen in known:
        return False
    known.add(node.objgen)
    return True


def repeated_kids(data: bytes) -> int:
    """How many nodes some array of ``/Kids`` names again: qpdf makes a copy of each such page when it opens the file.

    Arrays that are packed into streams are not seen.
    """
    again = 0
    for kids in _KIDS.finditer(data):
        named = _REFERENCE.findall(data, kids.start(), kids.end())
        again = max(again, len(named) - len(set(named)))
    return again


def same_pages(pdf: pikepdf.Pdf) -> int:
    """How often the page is there that is there most: pages of their own, but one content, resources and annotations.

    Pages that hold nothing are not counted.
    """
    drawn = (page.obj for page in pdf.pages if "/Contents" in page.obj)
    amounts = Counter(
        tuple(_written(node.get(key)) for key in ("/Contents", "/Resources", "/Annots")) for node in drawn
    )
    return max(amounts.values(), default=0)


def _written(value: pikepdf.Object | None) -> bytes:
    """An object as a file has it: what it refers to by number, so that no tree is walked."""
    return value.unparse() if isinstance(value, pikepdf.Object) else b""


def embedded(pdf: pikepdf.Pdf, most: int) -> list[tuple[str, pikepdf.Dictionary]]:
    """The files attached to a document, by its name tree (ISO 32000-1, 7.9.6): names, and what says where they lie.

    Raises:
        DamageError: there are more than ``most``, or the tree has no end.
    """
    names = pdf.Root.get("/Names")
    root = names.get("/EmbeddedFiles") if isinstance(names, pikepdf.Dictionary) else None
    found: list[tuple[str, pikepdf.Dictionary]] = []
    if not isinstance(root, pikepdf.Dictionary):
        return found
    known: set[tuple[int, int]] = set()
    for node, _ in walk(pikepdf.Array([root])):
        pairs = node.get("/Names")
        if not isinstance(pairs, pikepdf.Array) or not _is_new(pairs, known):
            continue
        for place in range(0, len(pairs) - 1, 2):
            spec = pairs[place + 1]
            if isinstance(spec, pikepdf.Dictionary) and _is_new(spec, known):
                found.append((str(pairs[place]), spec))
            if len(found) > most:
                raise DamageError(f"it has more than {most} files attached")
    return found
