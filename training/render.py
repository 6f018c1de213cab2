"""Makes training pairs: prints text, spoils the print as scanners do, lets Tesseract read it, aligns the lines.

Use: ``python -m training.render --corpus DIR --language vie --pages 200 --output pairs.tsv.xz``. The output holds one
printed line a row, true text TAB reading, as :mod:`training.pairs` wants it.
"""

import argparse
import lzma
import os
import random
import subprocess
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Indel

from training.corpus import read_lines
from vndoc.repair.syllable import strip_marks

Gray = npt.NDArray[np.uint8]

WIDTH_A4 = 8.27
LINES = 42
FONT_NAMES = ("LiberationSerif", "FreeSerif", "texgyretermes", "DejaVuSerif")
SAMPLE = "ĂÂĐÊÔƠƯăâđêôơưấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữựỳýỷỹỵ"


def fonts(folder: Path) -> list[Path]:
    """Font files of Times-like families that hold every Vietnamese letter."""
    found = []
    for path in sorted(folder.rglob("*.[ot]tf")):
        if path.stem.split("-")[0].startswith(FONT_NAMES) and not path.stem.endswith(("Condensed", "math")):
            font = ImageFont.truetype(str(path), 40)
            missing = bytes(font.getmask("\U000f0000"))
            if all(bytes(font.getmask(c)) not in (b"", missing) for c in SAMPLE):
                found.append(path)
    return found


def page(lines: Sequence[str], font: Path, dpi: int, size: float) -> Gray:
    """Lines printed black on white, left margin 30 mm, at ``size`` points."""
    pixels = round(size * dpi / 72)
    face = ImageFont.truetype(str(font), pixels)
    pitch = round(pixels * 1.55)
    image = Image.new("L", (round(WIDTH_A4 * dpi), pitch * (len(lines) + 4)), 255)
    draw = ImageDraw.Draw(image)
    for i, line in enumerate(lines):
        draw.text((round(1.0 * dpi), pitch * (i + 2)), line, font=face, fill=0)
    return np.asarray(image, dtype=np.uint8)


def spoiled(image: Gray, rng: random.Random) -> Gray:
    """Skew, blur, thin or thick ink, grain, fading, threshold or JPEG: a few of them at random."""
    noise = np.random.default_rng(rng.randrange(1 << 30))
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.gauss(0, 0.25), 1.0)
    turned = cv2.warpAffine(image, turn, (width, height), borderValue=255)
    if rng.random() < 0.4:
        kernel = np.ones((2, 2), np.uint8)
        turned = cv2.erode(turned, kernel) if rng.random() < 0.4 else cv2.dilate(turned, kernel)
    blurred = cv2.GaussianBlur(turned, (0, 0), rng.uniform(0.4, 1.5)).astype(np.float32)
    ink = rng.uniform(0, 90)
    grain = noise.normal(0, rng.uniform(0, 28), blurred.shape)
    gray: Gray = np.clip(ink + blurred * (255 - ink) / 255 + grain, 0, 255).astype(np.uint8)
    kind = rng.random()
    if kind < 0.4:
        return np.where(gray > rng.uniform(120, 190), 255, 0).astype(np.uint8)
    if kind < 0.8:
        _, code = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(25, 80)])
        return np.asarray(cv2.imdecode(code, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    return gray


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


def sample(files: Sequence[Path], rng: random.Random, pages: int) -> list[list[str]]:
    """Pages of wrapped lines out of runs of neighbouring paragraphs, administrative text three times in four."""
    admin = [f for f in files if f.name.startswith("admin")] or list(files)
    texts: dict[Path, list[str]] = {}
    out = []
    for _ in range(pages):
        file = rng.choice(admin if rng.random() < 0.75 else list(files))
        if file not in texts:
            texts[file] = [line for line in read_lines(file) if len(line) > 20][:200_000]
        start = rng.randrange(max(1, len(texts[file]) - 60))
        lines: list[str] = []
        while len(lines) < LINES and start < len(texts[file]):
            paragraph = texts[file][start]
            lines += textwrap.wrap(paragraph.upper() if rng.random() < 0.05 else paragraph, rng.randint(70, 80))
            start += 1
        out.append(lines[:LINES])
    return out


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, nargs="+", default=[Path("/usr/share/fonts"), Path("/usr/share/texmf")])
    parser.add_argument("--language", default="vie")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    faces = [face for folder in options.fonts for face in fonts(folder)]
    with lzma.open(options.output, "wt", encoding="utf-8") as file:
        for lines in sample(sorted(options.corpus.glob("*.txt*")), rng, options.pages):
            dpi = rng.choice((100, 120, 130, 150, 170, 200, 300))
            image = spoiled(page(lines, rng.choice(faces), dpi, rng.choice((12, 13, 13, 14))), rng)
            for true, reading in matched(lines, read(image, options.language, dpi)):
                file.write(f"{true}\t{reading}\n".replace("\r", ""))


if __name__ == "__main__":
    main()
