"""Whether a copy is PDF/A-2b: asked of pikepdf's checker, which approves only what it knows to conform.

It follows the rules of veraPDF's profiles. What it does not know it does not approve, so an approval can be trusted and
a refusal may be a false alarm.
"""

import io
import logging
from collections.abc import Collection
from contextlib import closing

import pikepdf

from vndoc.export.pdfa.jpeg2000 import stand_ins
from vndoc.export.pdfa.settling import annotations_of

FLAVOUR = "2b"

for _name in ("fontTools", "pikepdf"):  # their remarks on strangers' fonts are for nobody
    logging.getLogger(_name).addHandler(logging.NullHandler())


def page_alone(
    pdf: pikepdf.Pdf, number: int, *, contents: bool = True, annotations: Collection[int] = ()
) -> pikepdf.Pdf:
    """A PDF of page ``number`` (from 1), of it what is wanted: its contents, some of its annotations by their place.

    Its file keeps the layers of the whole.
    """
    alone = pikepdf.new()
    alone.pages.append(pdf.pages[number - 1])
    layers = pdf.Root.get("/OCProperties")
    if isinstance(layers, pikepdf.Dictionary) and layers.is_indirect:
        alone.Root["/OCProperties"] = alone.copy_foreign(layers)
    page = alone.pages[0].obj
    if not contents:
        page["/Contents"] = alone.make_stream(b"")
        page["/Resources"] = pikepdf.Dictionary()
    wanted = [a for place, a in enumerate(annotations_of(alone.pages[0])) if place in annotations]
    page["/Annots"] = pikepdf.Array(wanted)
    return alone


def conforms(pdf: pikepdf.Pdf, number: int, *, contents: bool = True, annotations: Collection[int] = ()) -> bool:
    """Whether a page, or what is wanted of it, can stand in PDF/A. Links are not judged here: they need the others."""
    from pikepdf import pdfa  # noqa: PLC0415 -- half a second

    with closing(page_alone(pdf, number, contents=contents, annotations=annotations)) as alone:
        pdfa.prepare(alone, FLAVOUR)
        with stand_ins(alone):
            return pdfa.check(alone, FLAVOUR).passed


def prepared(pdf: pikepdf.Pdf) -> None:
    """Give the copy its output intent, the flags and the metadata of PDF/A, with its claim."""
    from pikepdf import pdfa  # noqa: PLC0415 -- half a second

    pdfa.prepare(pdf, FLAVOUR)


def refused(pdf: pikepdf.Pdf) -> tuple[str, ...]:
    """The rules by which the copy, as it would be written, is not approved; none where it is."""
    from pikepdf import pdfa  # noqa: PLC0415 -- half a second

    with stand_ins(pdf):
        report = pdfa.validate_written(io.BytesIO(written(pdf)), FLAVOUR)
    return tuple(dict.fromkeys(finding.rule for finding in report.findings))


def written(pdf: pikepdf.Pdf) -> bytes:
    """Its bytes, by the rules for files of PDF/A."""
    from pikepdf import pdfa  # noqa: PLC0415 -- half a second

    out = io.BytesIO()
    pdf.save(out, **pdfa.resolve_save_kwargs(FLAVOUR, deterministic_id=True))
    return out.getvalue()
