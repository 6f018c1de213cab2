"""Sheets to pixels, and sheets to a PDF with its own text."""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from samples.fonts import Fonts
from samples.typeset import HEIGHT, WIDTH, Sheet

INK = (22, 22, 26)


def rasterise(sheet: Sheet, dpi: int, rng: np.random.Generator, fonts: Fonts | None = None) -> Image.Image:
    """A clean RGB picture of the page; stamps lie over the text as ink does, darkening it."""
    fonts = fonts or Fonts()
    scale = dpi / 72
    image = Image.new("RGB", (round(WIDTH * scale), round(HEIGHT * scale)), "white")
    draw = ImageDraw.Draw(image)
    for line in sheet.marks:
        for piece in line.pieces:
            if not piece.pen:
                face = fonts.face(piece.style, piece.style.size * scale)
                draw.text((piece.x * scale, line.y * scale), piece.text, INK, face, anchor="ls")
    for rule in sheet.rules:
        draw.line([v * scale for v in (rule.x0, rule.y, rule.x1, rule.y)], INK, max(1, round(0.7 * scale)))
    for sticker in sheet.stickers:
        drawn = sticker.sketch(scale, rng)
        layer = Image.new("RGB", image.size, "white")
        at = (round(sticker.x * scale - drawn.width / 2), round(sticker.y * scale - drawn.height / 2))
        layer.paste(drawn, at, drawn)
        image = ImageChops.multiply(image, layer)
    return image


def write_digital(sheets: Sequence[Sheet], path: Path, seed: int, fonts: Fonts | None = None) -> None:
    """A born-digital PDF: real text with embedded fonts, stamps as pictures.

    reportlab, because it embeds a subset of a TrueType font with its map to Unicode, writes the same bytes each time
    (``invariant``), and has been kept up since 2000. It is needed here only, so it is imported here.
    """
    from reportlab.lib.utils import ImageReader  # noqa: PLC0415
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    fonts = fonts or Fonts()
    rng = np.random.default_rng(seed)
    for bold in (False, True):
        for italic in (False, True):
            pdfmetrics.registerFont(TTFont(f"serif{bold:d}{italic:d}", str(fonts.file(bold, italic))))
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
    for sheet in sheets:
        for line in sheet.marks:
            for piece in line.pieces:
                canvas.setFont(f"serif{piece.style.bold:d}{piece.style.italic:d}", piece.style.size)
                canvas.drawString(piece.x, HEIGHT - line.y, piece.text)
        for rule in sheet.rules:
            canvas.setLineWidth(0.7)
            canvas.line(rule.x0, HEIGHT - rule.y, rule.x1, HEIGHT - rule.y)
        for sticker in sheet.stickers:
            drawn = sticker.sketch(150 / 72, rng)
            buffer = io.BytesIO()
            drawn.save(buffer, "PNG")
            w, h = drawn.width * 72 / 150, drawn.height * 72 / 150
            canvas.drawImage(ImageReader(buffer), sticker.x - w / 2, HEIGHT - sticker.y - h / 2, w, h, mask="auto")
        canvas.showPage()
    canvas.save()
