"""The lists of a Word file, as :class:`~vndoc.sources.word.numbering.Numbering` counts them ([MS-DOC] 2.9.131 ff.)."""

import struct

from vndoc.damage import raise_if_grave
from vndoc.sources.doc.tables import Tables
from vndoc.sources.word.numbering import Level, ListInstance, Numbering

_DEFINITIONS, _INSTANCES = 73, 74
_FORMATS = {0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 22: "decimalZero",
            23: "bullet", 255: "none"}  # fmt: skip
_MOST = 5000


def numbering(tables: Tables) -> Numbering:
    """The lists, by their index from 1 as text; none where their tables are damaged."""
    try:
        definitions = _definitions(tables.at(_DEFINITIONS), tables.behind(_DEFINITIONS))
        return Numbering(definitions, _instances(tables.at(_INSTANCES)))
    except Exception as error:
        raise_if_grave(error)
        return Numbering({}, {})


def _definitions(data: bytes, levels: bytes) -> dict[str, dict[int, Level]]:
    """Identifiers in a table, the levels of all behind it."""
    if len(data) < 2:
        return {}
    (amount,) = struct.unpack_from("<H", data)
    found: dict[str, dict[int, Level]] = {}
    at = 0
    for k in range(min(amount, _MOST)):
        (key,) = struct.unpack_from("<i", data, 2 + 28 * k)
        simple = data[2 + 28 * k + 26] & 1
        own = {}
        for depth in range(1 if simple else 9):
            own[depth], at = _level(levels, at)
        found[str(key)] = own
    return found


def _level(data: bytes, at: int) -> tuple[Level, int]:
    """A level, and where it ends."""
    start, form, flags = struct.unpack_from("<iBB", data, at)
    follow = data[at + 15]
    letters, paragraph, limit = data[at + 24], data[at + 25], data[at + 26]
    at += 28 + letters + paragraph
    (length,) = struct.unpack_from("<H", data, at)
    text = data[at + 2 : at + 2 + 2 * length].decode("utf-16-le")
    shown = "".join(f"%{ord(c) + 1}" if ord(c) < 9 else c for c in text)
    restart = limit if flags & 0x08 else None
    level = Level(start, _FORMATS.get(form, "decimal"), shown, "" if follow == 2 else " ", restart, bool(flags & 0x04))
    return level, at + 2 + 2 * length


def _instances(data: bytes) -> dict[str, ListInstance]:
    if len(data) < 4:
        return {}
    (amount,) = struct.unpack_from("<I", data)
    amount = min(amount, _MOST)
    found = {}
    at = 4 + 16 * amount
    for k in range(amount):
        (key,) = struct.unpack_from("<i", data, 4 + 16 * k)
        made = found[str(k + 1)] = ListInstance(str(key))
        at += 4
        for _ in range(data[4 + 16 * k + 12]):
            start, flags = struct.unpack_from("<iI", data, at)
            at += 8
            depth = flags & 0xF
            if flags & 0x20:
                made.levels[depth], at = _level(data, at)
            elif flags & 0x10:
                made.starts[depth] = start
                made.fresh.add(depth)
    return found
