"""The labelled passages of ``data/passages/*.json``, a file for each construct, and the zones that they are in."""

import json
from pathlib import Path
from typing import Any

import pytest

from vndoc.page import page_from_text
from vndoc.parse.form.zones import Zones
from vndoc.parse.lines import TextLine, document_lines, document_text

FOLDER = Path(__file__).parent / "data" / "passages"
PASSAGES: list[dict[str, Any]] = [
    passage for file in sorted(FOLDER.glob("*.json")) for passage in json.loads(file.read_text("utf-8"))
]


def with_key(key: str) -> list[Any]:
    """The passages labelled with ``key``, as pytest parameters with their names."""
    return [pytest.param(p, id=p["name"]) for p in PASSAGES if key in p]


def zoned(body: str, title: str = "", issued: str = "") -> tuple[str, Zones]:
    """Text and zones of a made-up dispatch; body lines that begin with '~' are page furniture."""
    page = page_from_text("\n\n".join(part for part in (issued, title, body) if part))
    lines, text = document_lines([page]), document_text([page])
    heads = sum(len(part.split("\n")) for part in (issued, title) if part)
    dates = len(issued.split("\n")) if issued else 0
    rest: list[TextLine] = lines[heads:]
    return text, Zones(
        place_date=tuple(lines[:dates]),
        title=tuple(lines[dates:heads]),
        body=tuple(line for line in rest if not line.text.startswith("~")),
        furniture=tuple(line for line in rest if line.text.startswith("~")),
    )


def zoned_passage(passage: dict[str, Any]) -> tuple[str, Zones]:
    """Text and zones of one labelled passage."""
    return zoned(passage["body"], passage.get("title", ""), passage.get("issued", ""))
