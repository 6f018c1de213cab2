"""Draws ``docs/picture.png``: the first page of a sample beside what vndoc makes of it.

``python docs/make_picture.py`` from the root of the repository; needs pdftoppm and the monospace face DejaVu Sans Mono.
Each value shown has a colour, and so has the place on the page that its evidence names. Nothing is typed in: the values
are those of ``vndoc.parse`` at the time of drawing.
"""

import json
import subprocess
import textwrap
from pathlib import Path
from typing import Any

from pdf2image import convert_from_path
from PIL import Image, ImageDraw, ImageFont

import vndoc

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "cv815" / "scan.pdf"
HEIGHT, MARGIN, CODE_WIDTH, SIZE = 1100, 30, 1085, 17
LINE = 101  # letters
COLOURS = ["#c0392b", "#b9770e", "#8e44ad", "#148f77", "#2471a3", "#a04000", "#1e8449", "#5b2c6f"]
FIELDS = ["organ_name", "type_name", "code_number", "code_notation", "place", "issued_date", "subject", "recipients"]


def main() -> None:
    """Read the sample and draw the picture."""
    dispatch = vndoc.parse(SAMPLE).model_dump(mode="json")
    colours = dict(zip(FIELDS, COLOURS, strict=True))
    size = (dispatch["pages"][0]["width"], dispatch["pages"][0]["height"])
    page = convert_from_path(SAMPLE, dpi=300, first_page=1, last_page=1)[0].resize(size)
    _mark(page, dispatch, colours)
    page = page.resize((round(page.width * HEIGHT / page.height), HEIGHT), Image.Resampling.LANCZOS)
    picture = Image.new("RGB", (page.width + CODE_WIDTH + 3 * MARGIN, HEIGHT + 2 * MARGIN), "#e8eaed")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((MARGIN + 6, MARGIN + 6, MARGIN + page.width + 6, MARGIN + HEIGHT + 6), "#c4c8cc")
    picture.paste(page, (MARGIN, MARGIN))
    left = page.width + 2 * MARGIN
    draw.rounded_rectangle((left, MARGIN, left + CODE_WIDTH, MARGIN + HEIGHT), 10, "#ffffff")
    _write(draw, (left + 24, MARGIN + 22), _rows(dispatch), colours)
    picture.quantize(256, kmeans=1, dither=Image.Dither.NONE).save(ROOT / "docs" / "picture.png", optimize=True)


def _mark(page: Image.Image, dispatch: dict[str, Any], colours: dict[str, str]) -> None:
    """Frame the places that the evidence names, on the first page."""
    draw = ImageDraw.Draw(page)
    for pointer, evidence in dispatch["evidence"].items():
        colour = colours.get(pointer.split("/")[1])
        if colour and evidence["page"] == 1 and evidence["box"]:
            x0, y0, x1, y1 = evidence["box"]
            draw.rectangle((x0 - 8, y0 - 6, x1 + 8, y1 + 6), outline=colour, width=5)


def _rows(dispatch: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Lines of JSON, each with the field it belongs to."""
    rows: list[tuple[str, str | None]] = [("{", None)]
    shown = {name: dispatch[name] for name in FIELDS}
    shown["signer"] = dispatch["signer"]
    shown["references"] = [{k: r[k] for k in ("notation", "issued_date", "organ_name")} for r in dispatch["references"]]
    told = ("assignee", "due_date", "recurrence", "report_to", "via")
    due = [task for task in dispatch["tasks"] if task["due_date"] or task["recurrence"]]
    shown["tasks"] = [{key: task[key] for key in told if task[key]} for task in due[-2:]]
    evidence = dispatch["evidence"].get("/issued_date")
    if evidence:
        shown["evidence"] = {"/issued_date": {k: evidence[k] for k in ("confidence", "candidates", "box")}}
    for name, value in shown.items():
        rows += [(row, name) for row in f'  "{name}": {_pretty(value, 2, len(name) + 4)},'.split("\n")]
    return [*rows, ("  …", None), ("}", None)]


def _pretty(value: Any, indent: int, taken: int = 0) -> str:
    """JSON over several lines only where one would be too long; ``taken`` letters stand before it."""
    room = indent + taken
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + room < LINE or not isinstance(value, list | dict):
        return line
    if isinstance(value, list):
        items, (left, right) = [_pretty(item, indent + 2) for item in value], "[]"
    else:
        items, (left, right) = (
            [f'"{key}": {_pretty(item, indent + 2, len(key) + 4)}' for key, item in value.items()],
            "{}",
        )
    pad = " " * indent
    return left + ",".join(f"\n{pad}  {item}" for item in items) + f"\n{pad}{right}"


def _write(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], rows: list[tuple[str, str | None]], colours: dict[str, str]
) -> None:
    path = subprocess.run(
        ["fc-match", "-f", "%{file}", "DejaVu Sans Mono"], capture_output=True, text=True, check=True
    ).stdout
    face = ImageFont.truetype(path, SIZE)
    x, y = at
    for text, name in rows:
        for row in textwrap.wrap(text, LINE, drop_whitespace=False, subsequent_indent=" " * 6) or [""]:
            draw.text((x, y), row, colours.get(name or "", "#2c3e50"), face)
            y += round(SIZE * 1.5)


if __name__ == "__main__":
    main()
