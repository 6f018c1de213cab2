"""Names of members as paths below their container: none leads out of it, none is too long, and no two are alike."""

import re
from collections.abc import Sequence

_LEADS_OUT = re.compile(r"(?:^|[\\/])\.\.?(?:[\\/]|$)|^[A-Za-z]:[\\/]|^[\\/]|//")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST_PART, _LONGEST = 200, 1000  # bytes: file systems take 255 and 4096, and something may be added
_LONGEST_SUFFIX = 20


def paths_of(names: Sequence[str]) -> list[str]:
    """The path for each name, in the same order; a name that stands there again gets a number.

    >>> paths_of(["thư/a.txt", "../../up.txt", "thư/a.txt"])
    ['thư/a.txt', 'up.txt', 'thư/a (2).txt']
    """
    taken: set[str] = set()
    last: dict[str, int] = {}  # of a name, since thousands of members may have the same
    paths = []
    for name in names:
        path = own = _path(name)
        number = last.get(own, 1)
        while path in taken:
            number += 1
            path = _numbered(own, number)
        last[own] = number
        taken.add(path)
        paths.append(path)
    return paths


def _path(name: str) -> str:
    """A name as a path; one without fault comes back as it is."""
    name = _CONTROLS.sub("_", name.encode("utf-8", "replace").decode("utf-8"))
    parts = name.split("/")
    if _LEADS_OUT.search(name):
        parts = [part for part in re.split(r"[\\/]", name) if part not in ("", ".", "..") and part[1:] != ":"]
    parts = [_shortened(part) for part in parts] or ["file"]
    while len(parts) > 1 and len("/".join(parts).encode()) > _LONGEST:
        parts = parts[1:]
    return "/".join(parts) or "file"


def _shortened(part: str) -> str:
    if len(part.encode()) <= _LONGEST_PART:
        return part
    stem, dot, suffix = part.rpartition(".")
    if not dot or len(suffix.encode()) > _LONGEST_SUFFIX:
        stem, dot, suffix = part, "", ""
    room = _LONGEST_PART - len(f"{dot}{suffix}".encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + suffix


def _numbered(path: str, number: int) -> str:
    folder, slash, name = path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    if not dot or not stem:
        stem, dot, suffix = name, "", ""
    return f"{folder}{slash}{stem} ({number}){dot}{suffix}"
