"""What the page of a document is made from: words and boxes over its image, fields beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vndoc.archive.codes import printed_code
from vndoc.archive.search import Query
from vndoc.export.labels import notice_page, notice_text
from vndoc.facts import CHOICES
from vndoc.parse.fold import fold
from vndoc.web.pages.changes import field_name
from vndoc.web.pages.places import crop_url, crop_width, image_url
from vndoc.web.pages.texts import Translate
from vndoc.web.pages.units import DAYS, LONG, PART_DAYS, PARTS, STYLES, Group, Unit, Units

if TYPE_CHECKING:
    from vndoc.archive.review import PageView, Sheet

SHADES = (0.0, 0.8, 0.95, 0.5)
"""Confidences under which words are shaded: none of them, those worth a look, more, fewer."""
COMPLETED = frozenset({"/organ_name", "/parent_organ_name", "/signer/full_name", "/signer/position", "/code_notation",
                       "/place", "/type_name", "/recipients", "/to_places"})  # fmt: skip
"""Pointers whose values the archive helps to type."""
_TITLE = 70


@dataclass(slots=True, frozen=True)
class WordBox:
    """A word over the image; ``doubt``: whether it may be shaded at all."""

    x: int
    y: int
    width: int
    height: int
    text: str
    confidence: float
    doubt: bool
    human: bool
    found: bool


@dataclass(slots=True, frozen=True)
class FieldBox:
    """Where a value stands on the page that is shown."""

    x: int
    y: int
    width: int
    height: int
    spot: str
    state: str
    label: str


def document_values(
    sheet: "Sheet",
    key: str,
    t: Translate,
    tags: Mapping[int, str],
    *,
    page: int | None,
    find: str,
    under: float,
    problem: dict[str, str] | None,
) -> dict[str, Any]:
    """All that ``document.html`` shows; ``tags``: those of the images of pages, see ``vndoc.web.work.drawing``."""
    units = Units(sheet)
    doubts = [unit for unit in units.all() if unit.doubtful]
    first = next((unit.place.page for unit in doubts if unit.place), None)
    numbers = [one.number for one in sheet.pages]
    number = page if page in numbers else first if first in numbers else next(iter(numbers), 1)
    shown = next((one for one in sheet.pages if one.number == number), None)
    dispatch = sheet.dispatch
    dpis = {one.number: one.dpi or 200 for one in sheet.pages}
    return {
        "key": key,
        "name": name_of(sheet, t),
        "file_name": dispatch.source.name,
        "closed": sheet.closed,
        "revision": sheet.revision,
        "page": shown,
        "pages": len(sheet.pages),
        "whole_pages": dispatch.source.page_amount,
        "in_bundle": "." in key,
        "page_text": next((one.text for one in dispatch.pages if one.number == number), dispatch.text),
        "words": list(_words(shown, find)) if shown else [],
        "boxes": list(_boxes(units, number, t)),
        "under": under,
        "shades": sorted(SHADES),
        "headings": list(units.groups()),
        "objects": units.objects(),
        "opened": (problem or {}).get("spot", "").split("-")[0],
        "doubts": doubts,
        "notices": list(_notices(sheet, t)),
        "problem": problem,
        "crops": bool(shown and shown.width),
        "image_url": lambda key, number: image_url(key, number, tags.get(number, "")),
        "crop_url": lambda key, place: crop_url(key, place, tags.get(place.page, "")),
        "crop_width": lambda place: crop_width(place, dpis.get(place.page, 200)),
        "field_label": lambda unit: field_name(unit.pointer, t),
        "entry_title": unit_title,
        "problem_at": lambda unit: problem is not None and problem.get("spot") == unit.spot,
        "typed": lambda unit: (problem or {}).get("typed") or unit.value if _at(problem, unit) else unit.value,
        "choices": CHOICES,
        "long": LONG,
        "days": DAYS,
        "completed": COMPLETED,
        "styles": STYLES,
        "parts": PARTS,
        "part_days": PART_DAYS,
    }


def _at(problem: dict[str, str] | None, unit: Unit) -> bool:
    return problem is not None and problem.get("spot") == unit.spot


def name_of(sheet: "Sheet", t: Translate) -> str:
    """Type and number of a document, or that it has none."""
    dispatch = sheet.dispatch
    code = printed_code(dispatch.code_number, dispatch.code_notation)
    return " ".join(filter(None, (dispatch.type_name, code))) or t("document.unnamed")


def unit_title(unit: Unit) -> str:
    """An entry in one line: what a closed one shows of itself."""
    parts = unit.parts
    if "text" in parts and "style" in parts:
        found = f"{parts['label']}. {parts['title'] or parts['text']}"
    elif "text" in parts:
        found = ": ".join(filter(None, (parts["assignee"], parts["text"])))
    else:
        found = " ".join(filter(None, (parts.get("type_name"), parts.get("notation")))) or unit.value
    return found if len(found) <= _TITLE else found[: _TITLE - 1].rstrip() + "…"


def _words(page: "PageView", find: str) -> Iterator[WordBox]:
    texts = [word.text for word in page.words]
    found = _found(texts, find)
    for k, word in enumerate(page.words):
        x0, y0, x1, y1 = word.box
        doubt = word.confidence < SHADES[2] and not word.human
        shown = (word.text, round(word.confidence, 2), doubt, word.human, k in found)
        yield WordBox(x0, y0, x1 - x0, y1 - y0, *shown)


def _found(texts: list[str], find: str) -> set[int]:
    """Numbers of the words that a search has found."""
    query, starts, at = Query.parse(find), [], 0
    for text in texts:
        starts.append(at)
        at += len(fold(text)) + 1
    folded = " ".join(fold(text) for text in texts)
    spans = query.spans(folded) if query.phrases else []
    return {k for k, start in enumerate(starts) for a, b in spans if start < b and start + len(fold(texts[k])) > a}


def _boxes(units: Units, page: int, t: Translate) -> Iterator[FieldBox]:
    seen = set()
    for unit in units.all():
        if unit.place and unit.place.page == page and unit.place.box not in seen:
            seen.add(unit.place.box)
            x0, y0, x1, y1 = unit.place.box
            state = "doubt" if unit.doubtful else unit.state
            yield FieldBox(x0 - 4, y0 - 4, x1 - x0 + 8, y1 - y0 + 8, unit.spot, state, field_name(unit.pointer, t))


def _notices(sheet: "Sheet", t: Translate) -> Iterator[dict[str, str | None]]:
    """Each notice once: Vietnamese sentences, or the message of the notice itself in English."""
    seen = set()
    for notice in sheet.dispatch.warnings:
        vietnamese = t("language.other") == "English"
        text, page = notice_text(notice) if vietnamese else notice.message, notice_page(notice)
        if (page, text) not in seen:
            seen.add((page, text))
            yield {"page": page, "text": text, "lang": None}


__all__ = ["COMPLETED", "SHADES", "Group", "document_values", "name_of", "unit_title"]
