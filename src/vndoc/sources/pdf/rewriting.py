"""Content streams rewritten: some of a page's text, or all of it, taken away or put where no program lists it."""

from collections.abc import Callable, Iterator

import pikepdf

from vndoc.damage import raise_if_grave
from vndoc.sources.pdf.contents import instructions
from vndoc.sources.pdf.graphics import resources_of
from vndoc.sources.pdf.painting import NEXT_LINE, PAGE, SHOWING, Place

_DEPTH = 8  # forms in forms; a damaged file may nest them in a circle
_FAR_ABOVE = 100_000

Rewriter = Callable[[pikepdf.ContentStreamInstruction], list[pikepdf.ContentStreamInstruction]]
"""What stands for a showing operator that is to go."""


def rewrite(pdf: pikepdf.Pdf, page: pikepdf.Page, gone: Callable[[Place], bool], instead: Rewriter) -> None:
    """Put something in place of the showing operators of ``page`` and its forms that are to go."""
    content = _rewritten(page.obj, PAGE, gone, instead)
    if content is not None:
        page.obj["/Contents"] = pdf.make_stream(content)
    for form in _forms(page.obj, _DEPTH, set()):
        _rewrite_form(form, gone, instead)


def remove_text(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Take all text off a page, its annotations' appearances included; what else is painted stays.

    Appearances that whoever draws the page makes up, of text in a form's fields or in a note, go as a whole.
    """
    rewrite(pdf, page, lambda _: True, removed)
    annotations = page.obj.get("/Annots")
    if not isinstance(annotations, pikepdf.Array):
        return
    form = pdf.Root.get("/AcroForm")
    made_up = isinstance(form, pikepdf.Dictionary) and bool(form.get("/NeedAppearances", False))
    kept = []
    for annotation in annotations:
        if not isinstance(annotation, pikepdf.Dictionary):
            continue
        streams = list(_appearances(annotation))
        is_field = annotation.get("/Subtype") == "/Widget"
        if (is_field and made_up) or (not streams and annotation.get("/Subtype") in ("/Widget", "/FreeText")):
            continue
        kept.append(annotation)
        done: set[tuple[int, int]] = set()
        for stream in streams:
            for part in (stream, *_forms(stream, _DEPTH, done)):
                _rewrite_form(part, lambda _: True, removed)
    page.obj["/Annots"] = pikepdf.Array(kept)


def _appearances(annotation: pikepdf.Dictionary) -> Iterator[pikepdf.Object]:
    """The streams of an annotation's normal appearance, one for each of its states (12.5.5)."""
    appearance = annotation.get("/AP")
    normal = appearance.get("/N") if isinstance(appearance, pikepdf.Dictionary) else None
    states = list(normal.values()) if isinstance(normal, pikepdf.Dictionary) else [normal]
    yield from (state for state in states if isinstance(state, pikepdf.Stream))


def _rewrite_form(form: pikepdf.Object, gone: Callable[[Place], bool], instead: Rewriter) -> None:
    content = _rewritten(form, form.objgen, gone, instead)
    if content is not None:
        form.write(content)


def removed(instruction: pikepdf.ContentStreamInstruction) -> list[pikepdf.ContentStreamInstruction]:
    """Nothing instead of the text, but for the step to the next line."""
    next_line = str(instruction.operator) in NEXT_LINE
    return [pikepdf.ContentStreamInstruction([], pikepdf.Operator("T*"))] if next_line else []


def lifted(instruction: pikepdf.ContentStreamInstruction) -> list[pikepdf.ContentStreamInstruction]:
    """The text far above the page, where no program lists it; what follows it keeps its place."""
    up, down = (pikepdf.ContentStreamInstruction([rise], pikepdf.Operator("Ts")) for rise in (_FAR_ABOVE, 0))
    return [up, instruction, down]


def _rewritten(
    node: pikepdf.Object, stream: tuple[int, int], gone: Callable[[Place], bool], instead: Rewriter
) -> bytes | None:
    """The content with its text replaced where it is to go; None if none is, or where it cannot be parsed."""
    try:
        found = instructions(node)
    except Exception as error:
        raise_if_grave(error)
        return None
    kept: list[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage] = []
    index, changed = -1, False
    for instruction in found:
        if isinstance(instruction, pikepdf.ContentStreamInstruction) and str(instruction.operator) in SHOWING:
            index += 1
            if gone(Place(stream, index)):
                kept += instead(instruction)
                changed = True
                continue
        kept.append(instruction)
    return pikepdf.unparse_content_stream(kept) if changed else None


def _forms(node: pikepdf.Object, depth: int, done: set[tuple[int, int]]) -> Iterator[pikepdf.Object]:
    known = resources_of(node).get("/XObject")
    for form in known.values() if isinstance(known, pikepdf.Dictionary) else ():
        if isinstance(form, pikepdf.Stream) and form.get("/Subtype") == "/Form" and form.objgen not in done:
            done.add(form.objgen)
            yield form
            if depth:
                yield from _forms(form, depth - 1, done)
