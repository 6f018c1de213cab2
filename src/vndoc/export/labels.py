"""What the fields, the ways of reading and the notices are called in Vietnamese: ``data/labels.json``."""

import json
from functools import cache
from importlib import resources
from typing import Any

from vndoc.dispatch import Notice


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
