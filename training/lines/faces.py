"""The faces that lines are set in: families by kind, what share of the lines each kind has, and what is held out.

``faces.json`` names families by the beginnings of their files' names. A family is used only where its font holds every
letter with its marks, which is found out by drawing them (a letter that is missing is drawn as nothing in some fonts,
as the same box as any other in most), and only its regular, bold, italic and bold italic cuts.
"""

import functools
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFont

from vndoc.ocr.engines.lines.alphabet import CHARACTERS, VIETNAMESE

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/share/texmf/fonts"), Path.home() / ".fonts")
_CUTS = ("", "regular", "bold", "italic", "bolditalic", "oblique", "boldoblique")
_REGULAR, _BOLD, _ITALIC, _BOTH = 0.50, 0.23, 0.20, 0.07  # how often each cut is used
_UNASSIGNED = "\U000f0000\u0b85\u1caf"
_MEASURE = 400  # pixels an em


class NoFacesError(RuntimeError):
    """No face of the wanted kinds is installed; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Face:
    """One cut of a family."""

    path: Path
    kind: str
    xheight: float
    """Height of an x in ems."""
    known: frozenset[str]
    """Characters of the alphabet that it has."""

    def at(self, pixels: int) -> ImageFont.FreeTypeFont:
        """The face at ``pixels`` an em."""
        return loaded(self.path, pixels)


@functools.lru_cache(maxsize=800)
def loaded(path: Path, pixels: int) -> ImageFont.FreeTypeFont:
    """A font file at a size, kept in memory."""
    return ImageFont.truetype(str(path), pixels, layout_engine=ImageFont.Layout.BASIC)


def face(path: Path, kind: str) -> Face | None:
    """The face in a font file; None if it cannot be read, or draws a Vietnamese letter as nothing or as another."""
    try:
        small, large = loaded(path, 40), loaded(path, _MEASURE)
    except OSError:
        return None
    letters = [bytes(small.getmask(c)) for c in VIETNAMESE]
    if not all(map(any, letters)) or len(set(letters)) < len(letters):
        return None
    missing = {bytes(small.getmask(c)) for c in _UNASSIGNED}
    known = frozenset(c for c in CHARACTERS if c == " " or (any(m := bytes(small.getmask(c))) and m not in missing))
    return Face(path, kind, -large.getbbox("x", anchor="ls")[1] / _MEASURE, known)


def cut_of(stem: str, family: str) -> str | None:
    """The cut that a file of the family holds: ``""``, ``bold`` … ; None for another family or an unused cut."""
    if not stem.startswith(family):
        return None
    cut = stem[len(family) :].lstrip("-_ ").lower()
    return cut if cut in _CUTS else {"b": "bold", "i": "italic", "bi": "bolditalic", "rb": "bold"}.get(cut)


class Faces:
    """All faces that are installed; ``held_out`` takes only those that training never sees."""

    def __init__(self, held_out: bool = False, folders: Sequence[Path] = FOLDERS) -> None:
        table = json.loads(Path(__file__).with_name("faces.json").read_text(encoding="utf-8"))
        files = [p for folder in folders for p in sorted(folder.rglob("*.[ot]t[fc]"))]
        self._kinds: list[tuple[float, list[list[Face]]]] = []
        for kind, row in table.items():
            families = row["held_out" if held_out else "families"]
            found = [cuts for family in families if (cuts := _family(files, family, kind))]
            if found:
                self._kinds.append((row["share"], found))
        if not self._kinds:
            raise NoFacesError("no face holds all Vietnamese letters: sudo apt-get install fonts-croscore")

    def all(self) -> list[Face]:
        """Every face."""
        return [face for _, families in self._kinds for cuts in families for face in cuts]

    def one(self, rng: random.Random) -> Face:
        """A face of one line: kinds by their shares, families alike, the regular cut most."""
        families = rng.choices([f for _, f in self._kinds], [share for share, _ in self._kinds])[0]
        cuts = rng.choice(families)
        return rng.choices(cuts, [_weight(f.path.stem.lower()) for f in cuts])[0]


def _family(files: list[Path], family: str, kind: str) -> list[Face]:
    found: dict[str, Face] = {}
    for path in files:
        cut = cut_of(path.stem, family)
        known = face(path, kind) if cut is not None and cut not in found else None
        if known and cut is not None:
            found[cut] = known
    return list(found.values())


def _weight(stem: str) -> float:
    bold = "bold" in stem or stem.endswith(("_rb", "_rbi"))
    italic = "italic" in stem or "oblique" in stem or stem.endswith(("_ri", "_rbi"))
    return _BOTH if bold and italic else _BOLD if bold else _ITALIC if italic else _REGULAR
