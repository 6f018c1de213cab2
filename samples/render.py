"""Sheets to pixels, and sheets to a PDF with its own text.

The PDFs are written with reportlab, which embeds a subset of a TrueType font with its map to Unicode and can write the
same bytes each time (``invariant``).
"""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from samples.fonts import Fonts
from samples.typeset import HEIGHT, WIDTH, Sheet

INK = (22, 22, 26)
rl_config.useA85 = 0  # pictures as bytes: a fifth smaller than as letters


def rasterise(sheet: Sheet, dpi: int, rng: np.random.Generator, fonts: Fonts | None = None) -> Image.Image:
    """A clean RGB picture of the page; stamps lie over the text as ink does, darkening it."""
    fonts = fonts or Fonts()
    scale = dpi / 72
    image = Image.new("RGB", (round(sheet.width * scale), round(sheet.height * scale)), "white")
    draw = ImageDraw.Draw(image)
    for line in sheet.marks:
        for piece in line.pieces:
            if not piece.pen:
                face = fonts.face(piece.style, piece.style.size * scale)
                draw.text((piece.x * scale, line.y * scale), piece.text, INK, face, anchor="ls")
    for rule in sheet.rules:
        end = rule.y if rule.y1 is None else rule.y1
        draw.line([v * scale for v in (rule.x0, rule.y, rule.x1, end)], INK, max(1, round(rule.thickness * scale)))
    for sticker in sheet.stickers:
        drawn = sticker.sketch(scale, rng)
        layer = Image.new("RGB", image.size, "white")
        at = (round(sticker.x * scale - drawn.width / 2), round(sticker.y * scale - drawn.height / 2))
        layer.paste(drawn, at, drawn)
        image = ImageChops.multiply(image, layer)
    return image


def write_digital(sheets: Sequence[Sheet], path: Path, seed: int, fonts: Fonts | None = None) -> None:
    """A born-digital PDF: real text with embedded fonts, stamps as pictures."""
    fonts = fonts or Fonts()
    rng = np.random.default_rng(seed)
    for bold in (False, True):
        for italic in (False, True):
            pdfmetrics.registerFont(TTFont(f"serif{bold:d}{italic:d}", str(fonts.file(bold, italic))))
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
    for sheet in sheets:
        canvas.setPageSize((sheet.width, sheet.height))
        for line in sheet.marks:
            for piece in line.pieces:
                canvas.setFont(f"serif{piece.style.bold:d}{piece.style.italic:d}", piece.style.size)
                canvas.drawString(piece.x, sheet.height - line.y, piece.text)
        for rule in sheet.rules:
            end = rule.y if rule.y1 is None else rule.y1
            canvas.setLineWidth(rule.thickness)
            canvas.line(rule.x0, sheet.height - rule.y, rule.x1, sheet.height - end)
        for sticker in sheet.stickers:
            drawn = sticker.sketch(150 / 72, rng)
            buffer = io.BytesIO()
            drawn.save(buffer, "PNG")
            w, h = drawn.width * 72 / 150, drawn.height * 72 / 150
            x, y = sticker.x - w / 2, sheet.height - sticker.y - h / 2
            canvas.drawImage(ImageReader(buffer), x, y, w, h, mask="auto")
        canvas.showPage()
    canvas.save()


def write_signed(images: Sequence[Image.Image], path: Path, dpi: int, quality: int, rows: Sequence[str]) -> None:
    """A scan with an electronic signature's rows as real text in the top right corner, and no other text."""
    pdfmetrics.registerFont(TTFont("serif00", str(Fonts().file())))
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
    for k, image in enumerate(images):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality, dpi=(dpi, dpi))
        canvas.drawImage(ImageReader(buffer), 0, 0, WIDTH, HEIGHT)
        if k == 0:
            canvas.setFont("serif00", 7)
            canvas.setFillColorRGB(0.1, 0.1, 0.5)
            for row, text in enumerate(rows):
                canvas.drawString(WIDTH - 125, HEIGHT - 14 - 8 * row, text)
        canvas.showPage()
    canvas.save()
