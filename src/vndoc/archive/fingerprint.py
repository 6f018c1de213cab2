"""Which pipeline gave a result: version, code, programs, models, options. What has the same one need not be redone.

Of vndoc itself all counts that lies on the way from a file to its row in the archive: a rule that was put right must
make the results before it outdated, though the version be the same. What only gives results out again, or runs the
batch, is left out, so that a new column in a workbook asks nobody to read ten thousand scans anew. A package that is
not named here counts.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path

from vndoc.doctor import examine
from vndoc.ocr.engines.registry import text_engine
from vndoc.settings import Settings

_LEFT_OUT = frozenset({"cli", "web", "export", "doctor", "archive", "py", "__main__"})
"""Names at the top of the package (``py`` is py.typed) that change no result; of ``archive`` those below do."""

_OF_ARCHIVE = ("codes", "locations", "pagefolder", "results", "worker")
_SOURCE, _COMPILED = ".py", ".pyc"
_PYC_HEAD = 16  # bytes of a .pyc file before its code: magic number, flags, time and size of the source (PEP 552)
_PROGRAMS = ("tesseract", "pdftoppm")


@dataclass(slots=True, frozen=True)
class Fingerprint:
    """``key`` is the SHA-256 of ``described``, a JSON object that a person can compare with another."""

    key: str
    described: str


def fingerprint(settings: Settings) -> Fingerprint:
    """The fingerprint of this machine's pipeline with these settings; SetupError where their engine is missing."""
    about = {
        "version": metadata.version("vndoc"),
        "programs": {check.name: check.found for check in examine() if check.name in _PROGRAMS},
        **_own_digests(),
        "engine": text_engine(settings).version,
        "options": settings.without_machine().model_dump(mode="json"),
        "models": _models(settings.models),
    }
    described = json.dumps(about, sort_keys=True, ensure_ascii=False)
    return Fingerprint(hashlib.sha256(described.encode()).hexdigest(), described)


def _models(folder: Path | None) -> str | None:
    """SHA-256 over the models of the user's own."""
    if folder is None:
        return None
    files = (path for path in folder.rglob("*") if path.is_file())
    return _digest({path.relative_to(folder).as_posix(): path.read_bytes() for path in files})


@cache
def _own_digests() -> dict[str, dict[str, str]]:
    """See :func:`digests`, of the vndoc that runs: once, since what a process has loaded it keeps."""
    return digests(resources.files("vndoc"))


def digests(package: Traversable) -> dict[str, dict[str, str]]:
    """SHA-256 of the code, and of the data (weights, word lists, patterns), by the package or module that holds them.

    ``package`` is vndoc as installed: sources, or where there are none what they were compiled to.
    """
    code: dict[str, str] = {}
    data: dict[str, str] = {}
    parts = [entry for entry in package.iterdir() if _stem(entry.name) not in _LEFT_OUT]
    parts += [e for e in package.joinpath("archive").iterdir() if e.is_file() and _stem(e.name) in _OF_ARCHIVE]
    files: dict[str, list[tuple[str, Traversable]]] = {}
    for part in parts:
        files.setdefault(_stem(part.name), []).extend(_files(part, part.name))
    for name, found in files.items():
        modules = _modules(found)
        others = {path: file.read_bytes() for path, file in found if not path.endswith((_SOURCE, _COMPILED))}
        code |= {name: _digest(modules)} if modules else {}
        data |= {name: _digest(others)} if others else {}
    return {"code": code, "data": data}


def _stem(name: str) -> str:
    return name.partition(".")[0] or name


def _files(entry: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    """The files at and below ``entry`` with their paths; not the cache of what Python compiled."""
    if entry.is_file():
        yield path, entry
    elif entry.name != "__pycache__":
        for below in entry.iterdir():
            yield from _files(below, f"{path}/{below.name}")


def _modules(files: list[tuple[str, Traversable]]) -> dict[str, bytes]:
    """The code of each module: its source, or what was compiled from it where the source was not installed."""
    found = {path: file.read_bytes() for path, file in files if path.endswith(_SOURCE)}
    for path, file in files:
        if path.endswith(_COMPILED) and path.removesuffix("c") not in found:
            found[path] = file.read_bytes()[_PYC_HEAD:]
    return found


def _digest(contents: dict[str, bytes]) -> str:
    total = hashlib.sha256()
    for path, content in sorted(contents.items()):
        total.update(path.encode() + b"\0" + hashlib.sha256(content).digest())
    return total.hexdigest()
