"""The files of a campaign: made from seeds by chance, each by its number, so that any of them can be made again."""

from dataclasses import dataclass
from random import Random

from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import seeds

SHARES = {
    "pdf": 20, "docx": 8, "png": 6, "tiff": 7, "jpeg": 5, "doc": 5, "odt": 5, "rtf": 4, "html": 5, "eml": 5, "msg": 4,
    "mht": 2, "zip": 5, "7z": 3, "rar": 2, "text": 5, "webp": 2, "gif": 2, "jp2": 2, "heic": 2, "avif": 1,
}  # fmt: skip
"""Of a hundred files, how many are of each kind."""
_SUFFIXES = {"jpeg": "jpg", "tiff": "tif", "text": "txt"}


@dataclass(frozen=True, slots=True)
class Case:
    """A damaged file, its kind before it was damaged, and what was done to it."""

    number: int
    kind: str
    done: tuple[str, ...]
    data: bytes
    name: str


def case(seed: int, number: int) -> Case:
    """The file of that number in the campaign of that seed."""
    rng = Random(f"{seed} {number}")
    (kind,) = rng.choices(list(SHARES), list(SHARES.values()))
    files = seeds()[kind]
    data, done = mutated(rng.choice(files), kind, rng, files)
    named = kind if rng.random() < 0.95 else rng.choice(list(SHARES))
    return Case(number, kind, tuple(done), data, f"{number:06}.{_SUFFIXES.get(named, named)}")
