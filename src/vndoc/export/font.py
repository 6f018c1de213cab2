"""The font of an invisible text layer: one blank glyph for every letter, and a map that tells which letter it is."""

from collections.abc import Sequence
from functools import cache
from importlib import resources

import pikepdf

EM = 0.5
"""Width of the blank glyph in ems."""

DESCENT = 0.2
"""Share of the font's height that lies under the baseline."""


@cache
def _font_file() -> bytes:
    return resources.files("vndoc.export").joinpath("data", "invisible.ttf").read_bytes()


def invisible_font(pdf: pikepdf.Pdf, letters: Sequence[str]) -> pikepdf.Object:
    """Type 0 font (ISO 32000-1, 9.7) whose every code shows the blank glyph and means one of ``letters``."""
    name = pikepdf.Name("/VndocInvisible")
    file = pdf.make_stream(_font_file(), Length1=len(_font_file()))
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=pikepdf.Array([0, -200, 500, 800]),
        ItalicAngle=0,
        Ascent=800,
        Descent=-200,
        CapHeight=700,
        StemV=80,
        FontFile2=file,
    )
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=round(1000 * EM),
        CIDToGIDMap=pdf.make_stream(b"\0\1" * (len(letters) + 1)),
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=name,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=pikepdf.Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(_to_unicode(letters)),
        )
    )


def _to_unicode(letters: Sequence[str]) -> bytes:
    """CMap from codes, counted from 1, to UTF-16 (ISO 32000-1, 9.10.3)."""
    rows = [
        f"<{code:04X}> <{letter.encode('utf-16-be', 'replace').hex().upper()}>"
        for code, letter in enumerate(letters, 1)
    ]
    parts = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    maps = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{maps}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
