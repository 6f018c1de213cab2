"""Make the font of the invisible text layer: one empty glyph, half an em wide. Needs fontTools.

Invisible text still needs an embedded font: without one, viewers look for a substitute and PDF/A forbids it. The file
is committed, so this runs only when the font itself is to change.
"""

import sys
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

TARGET = Path(__file__).parents[1] / "src" / "vndoc" / "export" / "data" / "invisible.ttf"


def build() -> FontBuilder:
    """A TrueType font of 1000 units to the em, 800 above the baseline and 200 below it."""
    font = FontBuilder(1000, isTTF=True)
    names = [".notdef", "blank"]
    font.setupGlyphOrder(names)
    font.setupCharacterMap({0x20: "blank"})
    font.setupGlyf({name: TTGlyphPen(None).glyph() for name in names})
    font.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "vndoc invisible", "styleName": "Regular", "psName": "VndocInvisible"})
    font.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    font.setupPost(keepGlyphNames=False)
    font.updateHead(created=0, modified=0)
    font.font.recalcTimestamp = False
    return font


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    build().save(target)
    print(f"{target}: {target.stat().st_size} bytes")
