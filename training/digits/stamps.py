"""Incoming stamps drawn, filled in by hands held out, pressed on pages of the samples, scanned and read.

``python -m training.digits.stamps --mnist FOLDER --count 48`` tells how many numbers, days and months come out right.
"""

import argparse
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from samples.compose import compose
from samples.degrade import Scanner, degrade
from samples.letter import Letter
from samples.render import rasterise
from samples.vary import letters
from training.digits.glyphs import BODY, mnist
from training.digits.strings import DRAWN_HANDS, TRIALS, Hands, inked
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.handwriting import DigitReader
from vndoc.ocr.recognition import read_image
from vndoc.parse import read_form
from vndoc.parse.resolution import STAMPED
from vndoc.slots import SlotKind

Mask = NDArray[np.uint8]

DPI = 240
SAMPLES = Path(__file__).parents[2] / "samples"
_FACES = ("Arimo", "Arimo:bold", "Tinos", "DejaVu Sans", "Cousine")
_OFFICES = ("CỔNG THÔNG TIN ĐIỆN TỬ", "VĂN PHÒNG UBND TỈNH", "SỞ CÔNG THƯƠNG", "CỤC VĂN THƯ LƯU TRỮ", "BỘ Y TẾ")
_HEADINGS = ("CÔNG VĂN ĐẾN", "VĂN BẢN ĐẾN", "ĐẾN")
_INKS = {"black": (25, 25, 28), "red": (205, 38, 44), "blue": (40, 60, 160)}
_OWN = "giay-moi-89"  # has an incoming stamp already


@dataclass(slots=True)
class Trial:
    """A page (RGB or grey, ``uint8``, 240 dpi) and what is written in its stamp."""

    page: NDArray[np.uint8]
    truth: dict[str, str]


class _Drawing:
    """A stamp in two layers, print and pen, ink 255 on 0."""

    def __init__(self, hands: Hands, rng: np.random.Generator) -> None:
        self.hands, self.rng = hands, rng
        self.em = rng.uniform(9.5, 12.5) * DPI / 72
        self.width = int(rng.uniform(125, 190) * DPI / 72)
        self.print = Image.new("L", (self.width, round(9 * self.em)))
        self.pen = np.zeros((round(9 * self.em), self.width), np.uint8)
        self.face = _face(str(rng.choice(_FACES)), self.em)

    def text(
        self, text: str, x: float, base: float, face: ImageFont.FreeTypeFont | None = None, anchor: str = "l"
    ) -> float:
        face = face or self.face
        ImageDraw.Draw(self.print).text((x, base), text, 255, face, anchor=f"{anchor}s")
        return x + face.getlength(text)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        ImageDraw.Draw(self.print).line((x0, y0, x1, y1), fill=255, width=2)

    def leader(self, x0: float, x1: float, base: float) -> None:
        self.text("." * max(1, int((x1 - x0) / self.face.getlength("."))), x0, base)

    def write(self, text: str, middle: float, base: float, room: float) -> None:
        """Digits by hand about ``middle``, on the base line or near it, mostly within ``room`` pixels."""
        ink = inked(text, self.hands, self.rng, TRIALS)
        tall = self.em * self.rng.uniform(0.75, 1.15)
        zoom = min(tall / BODY, self.rng.uniform(0.75, 1.1) * room / ink.shape[1])
        ink = np.asarray(cv2.resize(ink, None, fx=zoom, fy=max(zoom, 0.6 * tall / BODY)), np.uint8)
        height, width = ink.shape
        x = max(0, min(round(middle - width / 2), self.width - width))
        y = max(0, round(base - height * self.rng.uniform(0.78, 0.98)))
        view = self.pen[y : y + height, x : x + width]
        np.maximum(view, ink[: view.shape[0], : view.shape[1]], out=view)

    def blank(self, label: str, x: float, end: float, base: float, text: str, at: float = 0.45) -> None:
        begin = self.text(label, x, base)
        self.leader(begin, end, base)
        if text:
            self.write(text, begin + (end - begin) * at, base, 0.7 * (end - begin))

    def closed(self, y: float) -> tuple[Mask, Mask]:
        """Both layers, cut off at ``y`` and framed."""
        pen = ImageDraw.Draw(self.print)
        pen.rectangle((1, 1, self.width - 2, y - 2), outline=255, width=4)
        tall = round(y)
        return np.asarray(self.print, np.uint8)[:tall], self.pen[:tall]


def _face(family: str, size: float) -> ImageFont.FreeTypeFont:
    found = subprocess.run(["fc-match", "-f", "%{file}", family], capture_output=True, text=True, check=True)
    return ImageFont.truetype(found.stdout, int(size))


def draw(truth: dict[str, str], legal: bool, hands: Hands, rng: np.random.Generator) -> tuple[Mask, Mask]:
    """Print and pen of a stamp; ``legal``: of the decree's form, the date in one blank."""
    stamp = _Drawing(hands, rng)
    em, width = stamp.em, stamp.width
    office = str(rng.choice(_OFFICES))
    small = _face(str(rng.choice(_FACES)), 0.85 * em)
    small = small.font_variant(size=int(small.size * min(1.0, (width - 12) / small.getlength(office))))
    y = 1.25 * em
    stamp.text(office, width / 2, y, small, "m")
    stamp.rule(4, y + 0.3 * em, width - 4, y + 0.3 * em)
    bold, step = _face("Arimo:bold", em * rng.uniform(1.1, 1.5)), em * rng.uniform(1.25, 1.5)
    (_draw_legal if legal else _draw_usual)(stamp, truth, y, step, bold)
    return stamp.closed(y + (5.2 if legal else 4.6) * step)


def _draw_usual(stamp: _Drawing, truth: dict[str, str], y: float, step: float, bold: ImageFont.FreeTypeFont) -> None:
    width, rng = stamp.width, stamp.rng
    y += 1.1 * step
    stamp.text(str(rng.choice(_HEADINGS)), width / 2, y, bold, "m")
    y += step
    label = str(rng.choice(["Số:", "CV Số:", "Số đến:"]))
    stamp.blank(label, width * rng.uniform(0.04, 0.2), width * rng.uniform(0.82, 0.97), y, truth["number"])
    y += step
    x, labels = width * rng.uniform(0.02, 0.08), ("Ngày", "tháng", "năm")
    free = 0.95 * width - x - sum(stamp.face.getlength(label) for label in labels)
    for label, share, part in zip(labels, (0.29, 0.29, 0.42), ("day", "month", "year"), strict=True):
        begin = stamp.text(label, x, y)
        x = begin + share * free
        if part == "year" and rng.random() < 0.65:
            stamp.text(f" {truth['year']}", begin, y)
        else:
            stamp.leader(begin, x - 1, y)
            stamp.write(truth[part], (begin + x) / 2, y, share * free)
    stamp.blank(str(rng.choice(["Kính chuyển:", "Lưu hồ sơ:"])), 0.05 * width, width - 6, y + step, "")


def _draw_legal(stamp: _Drawing, truth: dict[str, str], y: float, step: float, bold: ImageFont.FreeTypeFont) -> None:
    width, em = stamp.width, stamp.em
    top, cell = y + 0.3 * em, 0.32 * width
    y += 1.15 * step
    stamp.blank("Số:", cell + 0.3 * em, width - 6, y, truth["number"])
    y += 1.1 * step
    begin = stamp.text("Ngày:", cell + 0.3 * em, y)
    stamp.leader(begin, width - 6, y)
    free = width - 6 - begin
    for part, at, room in (("day", 0.14, 0.2), ("month", 0.42, 0.18), ("year", 0.78, 0.36)):
        stamp.write(truth[part], begin + at * free, y, room * free)
    for at in (0.27, 0.55):
        x = begin + at * free
        cv2.line(stamp.pen, (round(x), round(y)), (round(x + 0.25 * em), round(y - 0.85 * em)), 255, 4, cv2.LINE_AA)
    stamp.text("ĐẾN", cell / 2, (top + y) / 2 + 0.5 * em, bold, "m")
    stamp.rule(cell, top, cell, y + 0.4 * em)
    stamp.rule(4, y + 0.4 * em, width - 4, y + 0.4 * em)
    for label in ("Chuyển:", "Lưu hồ sơ số:"):
        y += 1.1 * step
        stamp.blank(label, 6, width - 6, y, "")


def trial(letter: Letter, legal: bool, hands: Hands, rng: np.random.Generator) -> Trial:
    """A scanned first page of a letter with a stamp some days younger pressed beside its title."""
    day, month = int(rng.integers(1, 29)), int(rng.integers(1, 13))
    truth = {"number": f"{rng.integers(1, 3000):02}", "year": str(letter.issued_date.year)}
    truth |= {"day": f"{day:02}", "month": f"{month:02}"}
    page = np.asarray(rasterise(compose(letter)[0], DPI, rng), np.float32)
    layers = draw(truth, legal, hands, rng)
    angle = float(rng.normal(0, 0.8))
    bitonal = bool(rng.random() < 0.5)
    inks = ("black", "black") if bitonal else (str(rng.choice(list(_INKS))), str(rng.choice(["blue", "black"])))
    x, y = int(rng.uniform(0.04, 0.1) * page.shape[1]), int(rng.uniform(0.19, 0.25) * page.shape[0])
    tall, wide = layers[0].shape
    page[y - 6 : y + tall + 6, x - 6 : x + wide + 6] = 255
    for layer, ink in zip(layers, inks, strict=True):
        turned = np.asarray(Image.fromarray(layer).rotate(angle, Image.Resampling.BICUBIC), np.float32)[..., None] / 255
        view = page[y : y + tall, x : x + wide]
        view[:] = view * (1 - turned) + turned * np.array(_INKS[ink], np.float32)
    machine = Scanner(dpi=DPI, mode="bitonal" if bitonal else "colour", blur=0.7, ink=20, noise=3)
    scanned = degrade(Image.fromarray(page.astype(np.uint8)), machine, rng)
    return Trial(np.asarray(scanned.convert("L" if bitonal else "RGB"), np.uint8), truth)


def read(trial: Trial) -> dict[SlotKind, tuple[str, float]]:
    """The best candidate of each blank and its probability."""
    page = read_image(trial.page, 1, DPI, Tesseract())
    slots = read_form([page]).arrival_slots
    found = DigitReader().read(trial.page, slots, list(page.words), page.dpi, page.angle)
    return {key.kind: likely[0] for key, likely in found.items() if likely}


def main() -> None:
    """Draw, read and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--count", type=int, default=48)
    options = parser.parse_args()
    hands = Hands(*mnist(options.mnist, "t10k", 800), DRAWN_HANDS, 2000)
    kept = [Letter.load(path) for path in sorted(SAMPLES.glob("*/dispatch.json")) if path.parent.name != _OWN]
    counts: Counter[tuple[str, str]] = Counter()
    for k, letter in enumerate(letters([one for one in kept if one.issued_date], options.count, 9)):
        made = trial(letter, k % 3 == 2, hands, np.random.default_rng([77, k]))
        found = read(made)
        for name in (SlotKind.NUMBER, SlotKind.DAY, SlotKind.MONTH):
            text, p = found.get(name, ("", 0.0))
            p *= STAMPED if name is SlotKind.NUMBER else 1.0
            counts[name, "open" if p < 0.5 else "right" if text == made.truth[name] else "WRONG"] += 1
    for (kind, outcome), count in sorted(counts.items()):
        print(f"{kind} {outcome}: {count}")


if __name__ == "__main__":
    main()
