"""What fields, ways of reading and notices are called in Vietnamese (``data/labels.json``), and how doubt is told."""

import json
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from vndoc.dispatch import Notice

DOUBTFUL = 0.8
"""Confidence under which a word or a field is shown as doubtful."""


@cache
def labels() -> dict[str, Any]:
    """``fields`` and ``always`` (JSON pointers), ``methods``, ``notices`` (one sentence for each code)."""
    text = resources.files("vndoc.export").joinpath("data/labels.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def notice_text(notice: Notice) -> str:
    """The notice as a Vietnamese sentence, without its page; its own message where the code has none."""
    text: str = labels()["notices"].get(notice.code, notice.message)
    return text


def notice_page(notice: Notice) -> str | None:
    """The number of the page that the notice is about; None where it is about a field or the whole."""
    before, _, page = (notice.pointer or "").partition("/pages/")
    return page if page and not before else None


def candidate_text(text: str) -> str:
    """A candidate as it is printed: a date by day, month and year.

    >>> candidate_text("2024-03-21"), candidate_text("815")
    ('21/03/2024', '815')
    """
    try:
        return f"{date.fromisoformat(text):%d/%m/%Y}" if len(text) == 10 else text
    except ValueError:
        return text


def percent(share: float) -> str:
    """A share in percent, never rounded up past the line between sure and doubtful."""
    return f"{int(100 * share)} %"
