"""Incoming stamps drawn, filled in by hands held out, pressed on pages of the samples, scanned and read.

``python -m training.digits.stamps --mnist FOLDER --count 48`` tells how many numbers and dates come out right.
"""

import argparse
import subprocess
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

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
from vndoc.ocr.engines.engine import TextEngine
from vndoc.ocr.engines.registry import text_engine
from vndoc.ocr.handwriting import DigitReader
from vndoc.ocr.recognition import read_image
from vndoc.parse import read_form
from vndoc.parse.evidence import FieldValue
from vndoc.parse.resolution import resolve
from vndoc.settings import Settings

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
    """A page (RGB or grey, ``uint8``, 240 dpi), what is written in its stamp, and the dispatch's day of issue."""

    page: NDArray[np.uint8]
    truth: dict[str, str]
    issued: date


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


LAYOUTS = ("usual", "decree", "hour")


def draw(truth: dict[str, str], layout: str, hands: Hands, rng: np.random.Generator) -> tuple[Mask, Mask]:
    """Print and pen of a stamp: the date in three blanks; in one, as in the decree; the hour in place of a number."""
    stamp = _Drawing(hands, rng)
    em, width = stamp.em, stamp.width
    office = str(rng.choice(_OFFICES))
    small = _face(str(rng.choice(_FACES)), 0.85 * em)
    small = small.font_variant(size=int(small.size * min(1.0, (width - 12) / small.getlength(office))))
    y = 1.25 * em
    stamp.text(office, width / 2, y, small, "m")
    stamp.rule(4, y + 0.3 * em, width - 4, y + 0.3 * em)
    bold, step = _face("Arimo:bold", em * rng.uniform(1.1, 1.5)), em * rng.uniform(1.25, 1.5)
    if layout == "usual":
        _draw_usual(stamp, truth, y, step, bold)
        return stamp.closed(y + 4.6 * step)
    _draw_legal(stamp, truth, y, step, bold, layout == "hour")
    return stamp.closed(y + (2.7 if layout == "hour" else 5.2) * step)


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


def _draw_legal(
    stamp: _Drawing, truth: dict[str, str], y: float, step: float, bold: ImageFont.FreeTypeFont, timed: bool
) -> None:
    width, em = stamp.width, stamp.em
    top, cell = y + 0.3 * em, 0.32 * width
    y += 1.15 * step
    stamp.blank("Giờ:" if timed else "Số:", cell + 0.3 * em, width - 6, y, "" if timed else truth["number"])
    y += 1.1 * step
    begin = stamp.text("Ngày:", cell + 0.3 * em, y)
    stamp.leader(begin, width - 6, y)
    free = width - 6 - begin
    dated = stamp.rng.random() < 0.7  # the year is often left out
    for part, at, room in (("day", 0.14, 0.2), ("month", 0.42, 0.18), ("year", 0.78, 0.36))[: 2 + dated]:
        stamp.write(truth[part], begin + at * free, y, room * free)
    for at in (0.27, 0.55)[: 1 + dated]:
        x = begin + at * free
        cv2.line(stamp.pen, (round(x), round(y)), (round(x + 0.25 * em), round(y - 0.85 * em)), 255, 4, cv2.LINE_AA)
    stamp.text("ĐẾN", cell / 2, (top + y) / 2 + 0.5 * em, bold, "m")
    if timed:
        return
    stamp.rule(cell, top, cell, y + 0.4 * em)
    stamp.rule(4, y + 0.4 * em, width - 4, y + 0.4 * em)
    for label in ("Chuyển:", "Lưu hồ sơ số:"):
        y += 1.1 * step
        stamp.blank(label, 6, width - 6, y, "")


def trial(letter: Letter, layout: str, hands: Hands, rng: np.random.Generator) -> Trial:
    """A scanned first page of a letter with a stamp some days younger pressed beside its title."""
    arrived = letter.issued_date + timedelta(days=min(45, int(rng.exponential(6))))
    truth = {"number": "" if layout == "hour" else f"{rng.integers(1, 3000):02}", "date": arrived.isoformat()}
    shape = "02" if rng.random() < 0.7 else ""
    truth |= {"day": f"{arrived.day:{shape}}", "month": f"{arrived.month:{shape}}", "year": str(arrived.year)}
    page = np.asarray(rasterise(compose(letter)[0], DPI, rng), np.float32)
    layers = draw(truth, layout, hands, rng)
    angle = float(rng.normal(0, 1.5))
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
    return Trial(np.asarray(scanned.convert("L" if bitonal else "RGB"), np.uint8), truth, letter.issued_date)


def read(trial: Trial, engine: TextEngine) -> dict[str, FieldValue[Any]]:
    """Number and date of the stamp, given the day of issue."""
    page = read_image(trial.page, 1, DPI, engine)
    form = read_form([page])
    issued = replace(form.issued, day=FieldValue(trial.issued, 1.0))
    found = DigitReader().read(trial.page, form.arrival_slots, list(page.words), page.dpi, page.angle)
    identity = resolve(replace(form, issued=issued), found)
    return {"number": identity.arrival_number, "date": identity.arrival_date}


def main() -> None:
    """Draw, read and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--count", type=int, default=48)
    parser.add_argument("--seed", type=int, default=77)
    options = parser.parse_args()
    hands = Hands(*mnist(options.mnist, "t10k", 800), DRAWN_HANDS, 2000)
    kept = [Letter.load(path) for path in sorted(SAMPLES.glob("*/dispatch.json")) if path.parent.name != _OWN]
    counts: Counter[tuple[str, str, str]] = Counter()
    engine = text_engine(Settings())
    for k, letter in enumerate(letters([one for one in kept if one.issued_date], options.count, 9)):
        layout = LAYOUTS[k % len(LAYOUTS)]
        made = trial(letter, layout, hands, np.random.default_rng([options.seed, k]))
        for name, value in read(made, engine).items():
            right = str(value.sure or "").lstrip("0") == made.truth[name].lstrip("0")
            counts[layout, name, "right" if right else "open" if value.sure is None else "WRONG"] += 1
    for (layout, name, outcome), count in sorted(counts.items()):
        print(f"{layout}: {name} {outcome}: {count}")


if __name__ == "__main__":
    main()
