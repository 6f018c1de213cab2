"""A serif face with the widths of Times New Roman, the one the decree asks for, found through fontconfig.

Liberation Serif from version 2 on and Tinos are the same design. Debian 12 still packs Liberation 1, which lacks the
Vietnamese letters, so a family counts only if fontconfig says that it covers the language.
"""

import functools
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont

FAMILIES = ("Tinos", "Liberation Serif")
_MEASURE = 256  # pixels: large enough that rounding of widths does not show


class FontError(RuntimeError):
    """The typeface is not installed; the message says how to install it."""


class Style(NamedTuple):
    """A cut of the typeface; ``size`` in points."""

    size: float
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Fonts:
    """Faces of one family, measured and loaded once; ``family`` None takes the first of :data:`FAMILIES` there is."""

    family: str | None = None

    def file(self, bold: bool = False, italic: bool = False) -> Path:
        """Font file of one cut; raises :class:`FontError` if no such family is installed."""
        return _cuts(self.family)[bold, italic]

    def face(self, style: Style, pixels: float) -> ImageFont.FreeTypeFont:
        """The face at ``pixels`` per em."""
        return _face(self.file(style.bold, style.italic), pixels)

    def width(self, text: str, style: Style) -> float:
        """Advance width of ``text`` in points."""
        return self.face(style, _MEASURE).getlength(text) * style.size / _MEASURE


@functools.cache
def _cuts(family: str | None) -> dict[tuple[bool, bool], Path]:
    """The files of regular, bold, italic and bold italic, by (bold, italic)."""
    if not shutil.which("fc-list"):
        raise FontError("fc-list is missing: sudo apt-get install fontconfig fonts-croscore")
    for name in [family] if family else FAMILIES:
        listing = subprocess.run(
            ["fc-list", f"{name}:lang=vi", "--format", "%{weight}|%{slant}|%{file}\n"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        rows = [row.split("|", 2) for row in listing.splitlines()]
        cuts = {(float(weight) >= 180, int(slant) > 0): Path(file) for weight, slant, file in rows}
        if len(cuts) == 4:
            return cuts
    wanted = family or " or ".join(FAMILIES)
    raise FontError(f"no typeface {wanted} with Vietnamese letters: sudo apt-get install fonts-croscore")


@functools.lru_cache(maxsize=64)
def _face(path: Path, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), pixels, layout_engine=ImageFont.Layout.BASIC)
