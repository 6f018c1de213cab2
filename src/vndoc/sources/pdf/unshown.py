"""What a PDF holds and its pages do not show: attached files, and documents that a placeholder page stands for."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import pikepdf
import regex

from vndoc.damage import spared
from vndoc.sources.backend import Remark, TextLayer
from vndoc.sources.pdf.trees import embedded

_FEW_WORDS = 120  # a placeholder has no more
_MOST_ATTACHED, _MOST_ANNOTATIONS = 10_000, 200_000
_MOST_NAMES = 5
"""Names of attached files that a remark lists."""
_DYNAMIC = (
    "The file is a dynamic form (XFA) that only Adobe's reader shows: the page that was read stands for it. Open it "
    "there and print it to a PDF."
)


def file_remarks(pdf: pikepdf.Pdf) -> list[Remark]:
    """Remarks on attached files and on a dynamic form; what is damaged in the file's catalogue is passed over."""
    remarks = []
    with spared():
        if _is_dynamic_form(pdf):
            remarks.append(Remark("page-placeholder", _DYNAMIC, 1))
    with spared():
        names = list(dict.fromkeys(_attached(pdf)))
        if names or "/Collection" in pdf.Root:
            remarks.append(Remark("attachments-unread", _attachments(names)))
    return remarks


def placeholder(layer: TextLayer, number: int) -> Remark | None:
    """A remark where the page only says that its document is not shown."""
    if not 0 < len(layer.words) <= _FEW_WORDS:
        return None
    text = " ".join(word.text for word in layer.words)
    if not any(pattern.search(text) for pattern in _placeholders()):
        return None
    message = (
        f'Page {number} stands for a document that is not shown ("{text[:80]}"). Open the file in the program that it '
        "names and print it to a PDF."
    )
    return Remark("page-placeholder", message, number)


@cache
def _placeholders() -> tuple[regex.Pattern[str], ...]:
    text = files("vndoc.sources.pdf").joinpath("data/placeholders.json").read_text(encoding="utf-8")
    return tuple(regex.compile(entry["pattern"], regex.I) for entry in json.loads(text)["placeholders"])


def _is_dynamic_form(pdf: pikepdf.Pdf) -> bool:
    """Whether the catalogue says so, or a form in XML has not one field on the pages (ISO 32000-1, 12.7.8)."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary) or "/XFA" not in form:
        return False
    if pdf.Root.get("/NeedsRendering", False):
        return True
    return not any(annotation.get("/Subtype") == "/Widget" for annotation in annotations(pdf))


def annotations(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Those of all pages, as many as a file has."""
    looked = 0
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        for annotation in annotations if isinstance(annotations, pikepdf.Array) else ():
            looked += 1
            if looked > _MOST_ANNOTATIONS:
                return
            if isinstance(annotation, pikepdf.Dictionary):
                yield annotation


def _attached(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Names of the files attached to the document or to a place on a page."""
    yield from (name for name, _ in embedded(pdf, _MOST_ATTACHED))
    for annotation in annotations(pdf):
        if annotation.get("/Subtype") == "/FileAttachment":
            known = annotation.get("/FS")
            named = known.get("/UF", known.get("/F", "")) if isinstance(known, pikepdf.Dictionary) else ""
            yield str(named)


def _attachments(names: list[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    listed = f" {len(names)} attached file{'s' if len(names) != 1 else ''} ({shown}{more})" if names else " other files"
    return f"The PDF holds{listed}, which were not read: read it again with '--attachments', or save them."
