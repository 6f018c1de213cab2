import re
from pathlib import Path
from string import Formatter

import pytest

from vndoc.facts import VALUES
from vndoc.web import pages
from vndoc.web.pages.cites import DRAWN
from vndoc.web.pages.grid import FIELDS
from vndoc.web.pages.render import KEYS, NAVIGATION
from vndoc.web.pages.sheet_view import SHADES
from vndoc.web.pages.texts import LANGUAGES, has_text, texts, translator
from vndoc.web.pages.units import GROUPS, LISTS, PARTS, STYLES

WEB = Path(pages.__file__).parents[1]
SOURCES = [*sorted((WEB / "templates").glob("*.html")), *sorted((WEB / "pages").glob("*.py"))]
USED = re.compile(r'"((?:[a-z_]+\.)+[a-z_./0-9]+|more|close|undo)"')
DYNAMIC = {
    "field.": {*VALUES, *LISTS, *PARTS},
    "group.": {*(name for name, _ in GROUPS), *(pointer.strip("/") for pointer in PARTS)},
    "part.": {name for names in PARTS.values() for name in names},
    "style.": set(STYLES),
    "add.": {*LISTS, *PARTS},
    "page.shade.": set(map(str, SHADES)),
    "queue.state.": {"open", "closed", "all"},
    "key.": {key for _, keys in KEYS for _, key in keys},
    "keys.": {name for name, _ in KEYS},
    "figures.": {"read", "pages", "doubtful", "closed", "failed", "fixed", "people"}
    | {"by_type", "by_organ", "by_month", "by_field"},
    "cites.": {"cites", "cited_by"},
    "help.how.": set("12345"),
    "audit.kind.": {"confirm", "undo", "close", "reopen", "recut"},
}  # fmt: skip
"""Texts whose keys are put together: by their beginnings the ends that occur."""


def relations():
    from typing import get_args  # noqa: PLC0415

    from vndoc.dispatch import RelationName  # noqa: PLC0415

    return set(get_args(RelationName))


def asked_for():
    found = {key for path in SOURCES for key in USED.findall(path.read_text(encoding="utf-8")) if has_text(key)}
    found |= {beginning + end for beginning, ends in DYNAMIC.items() for end in ends}
    found |= {f"relation.{name}" for name in relations()} | {key for _, key in NAVIGATION}
    errors = {key for key in texts("vi") if re.fullmatch(r"error\.\d{3}(\.more)?", key)}  # by the status of an error
    return found | errors


def test_both_languages_have_the_same_texts_in_the_same_order():
    assert [list(texts(language)) for language in LANGUAGES] == [list(texts("vi"))] * 2


def test_every_text_that_is_asked_for_is_there():
    literal = re.compile(r"""\bt\(\s*["']([^"'~{]+)["']\s*[,)]""")
    asked = {key for path in SOURCES for key in literal.findall(path.read_text(encoding="utf-8"))}
    assert len(asked) > 100
    assert [key for key in asked | asked_for() if not has_text(key)] == []


def test_no_text_is_left_over():
    assert [key for key in texts("vi") if key not in asked_for()] == []


def test_placeholders_are_the_same_in_both_languages():
    def names(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert [key for key in texts("vi") if names(texts("vi")[key]) != names(texts("en")[key])] == []


def test_every_error_has_a_title_and_a_sentence():
    statuses = [key for key in texts("vi") if re.fullmatch(r"error\.\d{3}", key)]
    assert all(has_text(f"{key}.more") for key in statuses)
    assert "error.500" in statuses


def test_texts_have_no_words_of_machines():
    machine = re.compile(r"\b(token|cache|json|api|http|confidence|server error|null|revision)\b", re.I)
    assert [text for language in LANGUAGES for text in texts(language).values() if machine.search(text)] == []


def test_a_text_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        translator("vi")("no.such.text")


def test_fields_of_the_grid_are_fields_of_a_dispatch():
    assert set(FIELDS.values()) <= set(VALUES)
    assert DRAWN > 0
