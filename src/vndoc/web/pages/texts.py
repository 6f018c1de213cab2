"""The words of the pages, in Vietnamese and English: ``web/texts/*.json``."""

import json
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("vi", "en")
"""The first one is shown unless another is chosen."""

Translate = Callable[..., str]


@cache
def texts(language: str) -> dict[str, str]:
    """All texts of a language by their keys."""
    path = resources.files("vndoc.web").joinpath("texts", f"{language}.json")
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def has_text(key: str) -> bool:
    """Whether there is such a text."""
    return key in texts(LANGUAGES[0])


def translator(language: str) -> Translate:
    """What gives the text of a key, its placeholders filled in.

    Raises:
        KeyError: on a call, where there is no such text.
    """
    known = texts(language)

    def translate(key: str, **values: Any) -> str:
        found = known[key]
        return found.format_map(values) if values else found

    return translate
