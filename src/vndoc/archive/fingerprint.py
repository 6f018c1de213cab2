"""Which pipeline gave a result: version, programs, models, options. One of the same fingerprint need not be redone."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, resources
from importlib.resources.abc import Traversable

from vndoc.doctor import examine

_ROOMS = ("ocr", "repair", "parse")
_CODE = (".py", ".pyc", ".typed")
_PROGRAMS = ("tesseract", "pdftoppm")


@dataclass(slots=True, frozen=True)
class Fingerprint:
    """``key`` is the SHA-256 of ``described``, a JSON object that a person can compare with another."""

    key: str
    described: str


def fingerprint(lang: str) -> Fingerprint:
    """The fingerprint of this machine's pipeline with these options."""
    about = {
        "version": metadata.version("vndoc"),
        "programs": {check.name: check.found for check in examine() if check.name in _PROGRAMS},
        "models": {room: _digest(resources.files("vndoc").joinpath(room)) for room in _ROOMS},
        "options": {"lang": lang},
    }
    described = json.dumps(about, sort_keys=True, ensure_ascii=False)
    return Fingerprint(hashlib.sha256(described.encode()).hexdigest(), described)


def _digest(room: Traversable) -> str:
    """SHA-256 over all data of a room: weights, word lists, patterns."""
    total = hashlib.sha256()
    for name, file in sorted(_data(room, "")):
        total.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _data(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            yield from _data(entry, name)
        elif not entry.name.endswith(_CODE):
            yield name, entry
