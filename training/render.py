"""Makes training pairs: prints text, spoils the print as scanners do, lets Tesseract read it, aligns the lines.

Use: ``python -m training.render --corpus DIR --language vie --pages 200 --output pairs.tsv.xz``. The output holds one
printed line a row, true text TAB reading, as :mod:`training.pairs` wants it, in the order of the pages.

Text that :mod:`training.corpus` sets aside is never printed, nor are the typefaces of ``KEPT_OUT``. With
``--held-out`` only this text in only these typefaces is printed: pages to measure with.
"""

import argparse
import lzma
import os
import random
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Indel

from training.corpus import is_held_out, read_lines
from vndoc.repair.syllable import strip_marks

Gray = npt.NDArray[np.uint8]

WIDTH_A4, MARGIN = 8.27, 1.0  # inches
LINES = 42
PAGE = 12  # paragraphs that usually fill these lines
PRINTABLE = re.compile(r"[\w\s.,;:!?()\[\]/%&+*='\"“”‘’…–—-]{21,}")
GLUED = re.compile(r"[^\W\d_][a-zà-ỹ]\d|\d[A-ZÀ-Ỹ]?[a-zà-ỹ]{2}")  # lost blanks of the source
FONT_NAMES = ("LiberationSerif", "Tinos", "FreeSerif", "DejaVuSerif", "texgyreschola", "texgyrebonum")
KEPT_OUT = ("texgyretermes", "STIXGeneral")
FINE = 3  # print is drawn so many times larger and scaled down: scans know no pixel grid of their own
RESOLUTIONS = (120, 140, 150, 170, 200, 200, 240, 300, 300)
SAMPLE = "ĂÂĐÊÔƠƯăâđêôơưấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữựỳýỷỹỵ"


def fonts(folder: Path, families: tuple[str, ...] = FONT_NAMES) -> list[Path]:
    """Font files of the families that hold every Vietnamese letter."""
    found = []
    for path in sorted(folder.rglob("*.[ot]tf")):
        if path.stem.split("-")[0].startswith(families) and "Condensed" not in path.stem:
            font = ImageFont.truetype(str(path), 40)
            missing = bytes(font.getmask("\U000f0000"))
            if all(bytes(font.getmask(c)) not in (b"", missing) for c in SAMPLE):
                found.append(path)
    return found


def page(paragraphs: Sequence[str], font: Path, dpi: int, size: float) -> tuple[list[str], Gray]:
    """Paragraphs broken into lines and printed black on white at ``size`` points, as much of them as a page holds."""
    pixels = round(size * dpi * FINE / 72)
    face = ImageFont.truetype(str(font), pixels)
    width, margin = round(WIDTH_A4 * dpi * FINE), round(MARGIN * dpi * FINE)
    lines = [line for paragraph in paragraphs for line in broken(paragraph, face, width - 2 * margin)][:LINES]
    pitch = round(pixels * 1.55)
    image = Image.new("L", (width, pitch * (len(lines) + 4)), 255)
    draw = ImageDraw.Draw(image)
    for i, line in enumerate(lines):
        draw.text((margin, pitch * (i + 2)), line, font=face, fill=0)
    drawn = np.asarray(image, dtype=np.uint8)
    small = cv2.resize(drawn, None, fx=1 / FINE, fy=1 / FINE, interpolation=cv2.INTER_AREA)
    return lines, np.asarray(small, dtype=np.uint8)


def broken(paragraph: str, face: ImageFont.FreeTypeFont, width: float) -> Iterator[str]:
    """The lines of a paragraph, none wider than ``width`` pixels unless it is one word."""
    line = ""
    for word in paragraph.split():
        longer = f"{line} {word}" if line else word
        if line and face.getlength(longer) > width:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line


def spoiled(image: Gray, dpi: int, rng: random.Random) -> Gray:
    """Skew, blur, thin or thick ink, grain, fading, threshold or JPEG: a few of them at random, all still legible."""
    noise = np.random.default_rng(rng.randrange(1 << 30))
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.gauss(0, 0.25), 1.0)
    turned = cv2.warpAffine(image, turn, (width, height), borderValue=255)
    if dpi >= 200 and rng.random() < 0.4:
        kernel = np.ones((2, 2), np.uint8)
        turned = cv2.erode(turned, kernel) if rng.random() < 0.4 else cv2.dilate(turned, kernel)
    blurred = cv2.GaussianBlur(turned, (0, 0), rng.uniform(0.3, 1.0) * max(dpi, 130) / 200).astype(np.float32)
    ink = rng.uniform(0, 90)
    depth = 25 * rng.random() ** 2
    grain = noise.normal(0, depth, blurred.shape)
    gray: Gray = np.clip(ink + blurred * (255 - ink) / 255 + grain, 0, 255).astype(np.uint8)
    kind = rng.random()
    if kind < 0.2:
        return np.where(gray > rng.uniform(120, 190), 255, 0).astype(np.uint8)
    if kind < 0.4 and depth < 8:  # a threshold for each place makes letters of deeper grain
        side = 2 * rng.randint(8, 30) + 1
        return np.asarray(
            cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, side, 35),
            dtype=np.uint8,
        )
    if kind < 0.8:
        _, code = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(25, 80)])
        return np.asarray(cv2.imdecode(code, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    return gray


def rescaled(image: Gray, dpi: int, rng: random.Random) -> tuple[Gray, int]:
    """The scan as a PDF reader draws it, one time in three at another resolution than it was scanned at."""
    if rng.random() < 2 / 3:
        return image, dpi
    drawn = rng.choice((200, 300))
    way = rng.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_NEAREST))
    return np.asarray(cv2.resize(image, None, fx=drawn / dpi, fy=drawn / dpi, interpolation=way), dtype=np.uint8), drawn


def read(image: Gray, language: str, dpi: int) -> list[str]:
    """Lines as Tesseract reads them from one block of text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        cv2.imwrite(str(path), image)
        command = ["tesseract", str(path), "-", "-l", language, "--psm", "6", "--dpi", str(dpi)]
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=True)
    return [line for line in done.stdout.splitlines() if line.strip()]


def matched(lines: Sequence[str], readings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each printed line with the reading most like it among the next few."""
    at = 0
    for line in lines:
        best, where = 0.55, -1
        for j in range(at, min(at + 4, len(readings))):
            alike = Indel.normalized_similarity(strip_marks(line), strip_marks(readings[j]))
            if alike > best:
                best, where = alike, j
        if where >= 0:
            at = where + 1
            yield line, readings[where]


def sample(files: Sequence[Path], rng: random.Random, pages: int) -> Iterator[list[str]]:
    """Runs of neighbouring paragraphs, each enough for a page, administrative text three times in four."""
    admin = [f for f in files if f.name.startswith("admin")] or list(files)
    texts: dict[Path, list[str]] = {}
    for _ in range(pages):
        file = rng.choice(admin if rng.random() < 0.75 else list(files))
        if file not in texts:
            texts[file] = paragraphs_of(file, held_out=False)
        start = rng.randrange(max(1, len(texts[file]) - 2 * LINES))
        yield [p.upper() if rng.random() < 0.05 else p for p in texts[file][start : start + LINES]]


def held_out_sample(files: Sequence[Path], rng: random.Random, pages: int) -> list[list[str]]:
    """Paragraphs of administrative and legal text set aside, none of them twice."""
    official = [f for f in files if f.name.startswith(("admin", "legal"))] or files
    held_out = [paragraphs_of(file, held_out=True)[:1200] for file in official]
    runs = [run[at : at + PAGE] for run in held_out for at in range(0, len(run), PAGE)]
    rng.shuffle(runs)
    return runs[:pages]


def paragraphs_of(file: Path, held_out: bool) -> list[str]:
    """The paragraphs of a file that can be printed, either those set aside or all the others."""
    lines = [line for n, line in enumerate(read_lines(file)) if is_held_out(n) == held_out]
    return [line for line in lines if PRINTABLE.fullmatch(line) and not GLUED.search(line)]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, nargs="+", default=[Path("/usr/share/fonts"), Path("/usr/share/texmf")])
    parser.add_argument("--language", default="vie")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held-out", action="store_true", help="print the text and typefaces kept out of training")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    families = KEPT_OUT if options.held_out else FONT_NAMES
    faces = [face for folder in options.fonts for face in fonts(folder, families)]
    with lzma.open(options.output, "wt", encoding="utf-8") as file:
        drawn_from = held_out_sample if options.held_out else sample
        for paragraphs in drawn_from(sorted(options.corpus.glob("*.txt*")), rng, options.pages):
            dpi = rng.choice(RESOLUTIONS)
            lines, print_ = page(paragraphs, rng.choice(faces), dpi, rng.choice((12, 13, 13, 14, 14)))
            image, drawn = rescaled(spoiled(print_, dpi, rng), dpi, rng)
            for true, reading in matched(lines, read(image, options.language, drawn)):
                file.write(f"{true}\t{reading}\n".replace("\r", ""))


if __name__ == "__main__":
    main()
