"""The annotated scan: the page images with their fields framed and their doubtful words shaded, the values beside them.

One HTML file that holds all it needs and asks no network for anything. Frames and values are links to each other, so
it works with the keyboard and without scripts too.
"""

import base64
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from html import escape
from importlib import resources
from textwrap import shorten
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vndoc.dispatch import Dispatch, Evidence, Signature, Table, Task
from vndoc.export.labels import DOUBTFUL, candidate_text, labels, notice_page, notice_text, percent
from vndoc.export.metadata import SIGNATURE_STATES, title_of
from vndoc.export.tables import table_html
from vndoc.page import Page

DPI = 110
"""Resolution of the page images: 13-point type stays easy to read, and a page takes about 150 kB."""

_QUALITY = 70
_LONG = 260  # letters of a duty that are shown; the whole stands on the page
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
_LEGEND = (
    '<span>trường đã đọc</span><span class="l-doubt">cần xem lại</span><span class="l-word">chữ đọc chưa chắc</span>'
)


@dataclass(slots=True, frozen=True)
class _Row:
    """One value of the list, and where it stands."""

    at: int
    label: str
    value: str | None
    evidence: Evidence | None

    @property
    def doubtful(self) -> bool:
        return self.value is None or (self.evidence is not None and self.evidence.confidence < DOUBTFUL)


def to_html(dispatch: Dispatch, pages: Sequence[Page], images: Iterable[NDArray[np.uint8] | None]) -> str:
    """The dispatch as one self-contained HTML file, in Vietnamese.

    Args:
        dispatch: what was read.
        pages: the repaired pages.
        images: for each page its image as it was read, RGB or grey, of any resolution; None where there is none.
    """
    title = escape(title_of(dispatch))
    rows = list(_rows(dispatch))
    framed = {page.number: [r for r in rows if _box(r, page)] for page in pages}
    shown = {row.at for some in framed.values() for row in some}
    sheets = "".join(_sheet(page, image, framed[page.number]) for page, image in zip(pages, images, strict=True))
    about = _notices(dispatch) + _duties(dispatch.tasks) + _cited(dispatch) + _signatures(dispatch.signatures)
    about += _tables(dispatch.tables)
    return f"""<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{_data("annotated_scan.css")}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p>{escape(dispatch.source.name)} · {dispatch.source.page_amount} trang</p>
<p class="legend">{_LEGEND}</p>
</header>
<main>
<aside aria-label="Các trường của văn bản">
{_list(rows, shown)}{about}</aside>
<div>
{sheets}</div>
</main>
<script>
{_data("annotated_scan.js")}</script>
</body>
</html>
"""


@cache
def _data(name: str) -> str:
    return resources.files("vndoc.export").joinpath("data", name).read_text(encoding="utf-8")


def _rows(dispatch: Dispatch) -> Iterator[_Row]:
    """The fields in the order of the form; a list gives one row for each of its values."""
    plain = dispatch.model_dump()
    at = 0
    for pointer, label in labels()["fields"]:
        value: Any = plain
        for key in pointer.split("/")[1:]:
            value = value[key]
        pointers = [f"{pointer}/{i}" for i in range(len(value))] if isinstance(value, list) else [pointer]
        for own, one in zip(pointers, value if isinstance(value, list) else [value], strict=True):
            evidence = dispatch.evidence.get(own)
            if one is not None or evidence or pointer in labels()["always"]:
                at += 1
                yield _Row(at, label, None if one is None else _printed(one), evidence)


def _printed(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _box(row: _Row, page: Page) -> tuple[int, int, int, int] | None:
    evidence = row.evidence
    return evidence.box if evidence and evidence.page == page.number and page.width and page.height else None


def _place(box: tuple[int, int, int, int], page: Page) -> str:
    x0, y0, x1, y1 = box
    return (
        f"left:{100 * x0 / page.width:.2f}%;top:{100 * y0 / page.height:.2f}%;"
        f"width:{100 * (x1 - x0) / page.width:.2f}%;height:{100 * (y1 - y0) / page.height:.2f}%"
    )


def _sheet(page: Page, image: NDArray[np.uint8] | None, rows: Sequence[_Row]) -> str:
    if image is None:
        inside = f"<pre>{escape(page.text)}</pre>"
    else:
        source = f"data:image/jpeg;base64,{base64.b64encode(_jpeg(image)).decode('ascii')}"
        height, width = image.shape[:2]
        inside = "".join(
            [
                f'<img src="{source}" width="{width}" height="{height}" alt="Trang {page.number}">\n',
                *_shaded(page),
                *(_frame(row, page) for row in rows),
            ]
        )
    return f'<figure><figcaption>Trang {page.number}</figcaption><div class="sheet">{inside}</div></figure>\n'


def _jpeg(image: NDArray[np.uint8]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(image).save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def _shaded(page: Page) -> Iterator[str]:
    """Shades over doubtful words, the darker the more doubtful."""
    for word in page.words:
        if word.box and word.confidence < DOUBTFUL and page.width and page.height:
            shade = 0.25 + 0.5 * (1 - word.confidence / DOUBTFUL)
            noted = escape(f"{word.text} · {percent(word.confidence)}", quote=True)
            yield f'<i style="{_place(word.box, page)};--shade:{shade:.2f}" title="{noted}"></i>\n'


def _frame(row: _Row, page: Page) -> str:
    box = _box(row, page)
    assert box is not None
    doubt = ' class="doubt"' if row.doubtful else ""
    noted = escape(f"{row.label}: {row.value or 'chưa chắc'}", quote=True)
    return (
        f'<a id="v{row.at}" href="#f{row.at}" data-twin="f{row.at}"{doubt} style="{_place(box, page)}" '
        f'aria-label="{noted}"><b>{escape(row.label)}</b></a>\n'
    )


def _list(rows: Sequence[_Row], shown: set[int]) -> str:
    parts = ["<h2>Các trường</h2>\n<ul>\n"]
    before = None
    for row in rows:
        label = "" if row.label == before else escape(row.label)
        before = row.label
        tag, link = ("a", f' href="#v{row.at}" data-twin="v{row.at}"') if row.at in shown else ("div", "")
        inside = f'<span class="label">{label}</span>{_value(row)}{_more(row)}'
        parts.append(f'<li><{tag}{link} class="field" id="f{row.at}">{inside}</{tag}></li>\n')
    return "".join([*parts, "</ul>\n"])


def _value(row: _Row) -> str:
    missing = "<em>chưa chắc</em>" if row.evidence else "<em>không thấy</em>"
    value = missing if row.value is None else escape(row.value)
    if row.evidence is None:
        return f'<span class="value">{value}</span>'
    doubt = " doubt" if row.doubtful else ""
    return f'<span class="value">{value}</span><span class="sure{doubt}">{percent(row.evidence.confidence)}</span>'


def _more(row: _Row) -> str:
    """What a doubtful field may be instead, and how it was come by where that is not plain print."""
    evidence = row.evidence
    if evidence is None:
        return ""
    noted = []
    if row.doubtful and evidence.candidates:
        noted.append(
            "có thể là " + ", ".join(f"{candidate_text(c)} ({percent(p)})" for c, p in evidence.candidates[:4])
        )
    if row.doubtful and evidence.raw:
        noted.append(f"đọc được: “{' '.join(evidence.raw.split())}”")
    if evidence.method != "rule":
        noted.append(labels()["methods"].get(evidence.method, evidence.method))
    return f'<span class="more">{escape("; ".join(noted))}</span>' if noted else ""


def _section(title: str, rows: Sequence[str]) -> str:
    items = "".join(f'<li class="plain">{row}</li>\n' for row in rows)
    return f"<h2>{title}</h2>\n<ul>\n{items}</ul>\n" if rows else ""


def _notices(dispatch: Dispatch) -> str:
    noted = []
    for notice in dispatch.warnings:
        page, text = notice_page(notice), notice_text(notice)
        noted.append(escape(f"Trang {page}: {text}" if page else text))
    return _section("Cần lưu ý", list(dict.fromkeys(noted)))


def _tables(tables: Sequence[Table]) -> str:
    """The tables of body and annexes with the page that each begins on."""
    if not tables:
        return ""
    shown = "".join(f'<p class="when">Trang {table.page}</p>\n{table_html(table)}\n' for table in tables)
    return f'<h2>Bảng</h2>\n<div class="tables">\n{shown}</div>\n'


def _duties(tasks: Sequence[Task]) -> str:
    rows = []
    for task in tasks:
        when = f"hạn {task.due_date:%d/%m/%Y}" if task.due_date else task.recurrence
        about = " · ".join(escape(part) for part in (task.assignee, when) if part)
        rows.append(f'{escape(shorten(task.text, _LONG, placeholder=" …"))}<br><span class="when">{about}</span>')
    return _section("Nhiệm vụ", rows)


def _cited(dispatch: Dispatch) -> str:
    rows = []
    for reference in dispatch.references:
        when = f"ngày {reference.issued_date:%d/%m/%Y}" if reference.issued_date else None
        about = " ".join(part for part in (when, reference.organ_name and f"của {reference.organ_name}") if part)
        name = " ".join(part for part in (reference.type_name, reference.notation) if part)
        rows.append(f'{escape(name)} <span class="when">{escape(about)}</span>')
    return _section("Văn bản được dẫn", rows)


def _signatures(signatures: Sequence[Signature]) -> str:
    rows = []
    for signature in signatures:
        parts = (signature.organ_name, _moment(signature.signed_at), SIGNATURE_STATES[signature.intact])
        about = " · ".join(escape(part) for part in parts if part)
        rows.append(f'{escape(signature.name or "?")}<br><span class="when">{about}</span>')
    return _section("Chữ ký số", rows)


def _moment(when: datetime | None) -> str | None:
    return f"{when:%H:%M %d/%m/%Y} ({when:%z})" if when else None
