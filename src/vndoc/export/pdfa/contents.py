"""Contents of pages and forms rewritten: what is named and not used goes, or text in fonts that cannot stay."""

from collections.abc import Callable, Iterator

import pikepdf

from vndoc.damage import raise_if_grave
from vndoc.sources.pdf.contents import Instruction, instructions
from vndoc.sources.pdf.graphics import resources_of
from vndoc.sources.pdf.painting import SHOWING
from vndoc.sources.pdf.rewriting import removed

_DEPTH = 8
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_Rewriter = Callable[[list[Instruction], pikepdf.Dictionary], list[Instruction]]


def drop_unused(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Take fonts that show no letter and images that are not drawn off a page, its forms, its annotations' looks.

    Where hidden text was taken off, its fonts are still chosen; they are seldom in the file, which PDF/A asks of every
    font that is named.
    """
    for node in _streams(page):
        _rewrite(pdf, node, _chosen_alone)
        _drop_names(node)


def drop_text(pdf: pikepdf.Pdf, page: pikepdf.Page, wanted: Callable[[pikepdf.Object | None], bool]) -> None:
    """Take the text in the fonts that are ``wanted`` off a page and the forms that it draws, annotations apart.

    Text behind it on its line may move: whoever calls this covers what has changed.
    """

    def left(instructions: list[Instruction], known: pikepdf.Dictionary) -> list[Instruction]:
        fonts = known.get("/Font")
        fonts = fonts if isinstance(fonts, pikepdf.Dictionary) else pikepdf.Dictionary()
        kept: list[Instruction] = []
        for one, font in _with_fonts(instructions):
            gone = str(one.operator) in SHOWING and wanted(fonts.get(font) if font else None)
            kept += removed(one) if gone and isinstance(one, pikepdf.ContentStreamInstruction) else [one]
        return kept

    for node in _streams(page, looks=False):
        _rewrite(pdf, node, left)


def is_missing(font: pikepdf.Object | None) -> bool:
    """Whether the letters of a font are not in the file."""
    if not isinstance(font, pikepdf.Dictionary):
        return True
    below = font.get("/DescendantFonts")
    if isinstance(below, pikepdf.Array):
        font = below[0] if len(below) else None
        if not isinstance(font, pikepdf.Dictionary):
            return True
    about = font.get("/FontDescriptor")
    drawn = font.get("/Subtype") == "/Type3"
    return not drawn and not (isinstance(about, pikepdf.Dictionary) and any(key in about for key in _FILES))


def _streams(page: pikepdf.Page, *, looks: bool = True) -> Iterator[pikepdf.Object]:
    """The page, the forms that it draws, and the looks of its annotations, each once."""
    done: set[tuple[int, int]] = set()
    yield from _below(page.obj, done, _DEPTH)
    annotations = page.obj.get("/Annots")
    for annotation in annotations if looks and isinstance(annotations, pikepdf.Array) else ():
        look = annotation.get("/AP") if isinstance(annotation, pikepdf.Dictionary) else None
        normal = look.get("/N") if isinstance(look, pikepdf.Dictionary) else None
        if isinstance(normal, pikepdf.Stream):
            yield from _below(normal, done, _DEPTH)


def _below(node: pikepdf.Object, done: set[tuple[int, int]], depth: int) -> Iterator[pikepdf.Object]:
    if node.objgen in done or not depth:
        return
    done.add(node.objgen)
    known = resources_of(node).get("/XObject")
    yield node
    for part in list(known.values()) if isinstance(known, pikepdf.Dictionary) else ():
        if isinstance(part, pikepdf.Stream) and part.get("/Subtype") == "/Form":
            yield from _below(part, done, depth - 1)


def _found(node: pikepdf.Object) -> list[Instruction]:
    """None of them where the content cannot be followed."""
    try:
        return instructions(node)
    except Exception as error:
        raise_if_grave(error)
        return []


def _rewrite(pdf: pikepdf.Pdf, node: pikepdf.Object, rewriter: _Rewriter) -> None:
    found = _found(node)
    kept = rewriter(found, resources_of(node))
    if len(kept) == len(found) and all(a is b for a, b in zip(kept, found, strict=True)):
        return
    content = pikepdf.unparse_content_stream(kept)
    if isinstance(node, pikepdf.Stream):
        node.write(content)
    else:
        node["/Contents"] = pdf.make_stream(content)


def _with_fonts(instructions: list[Instruction]) -> Iterator[tuple[Instruction, str | None]]:
    """Each with the name of the font that is chosen behind it."""
    font: str | None = None
    above: list[str | None] = []
    for one in instructions:
        operator = str(one.operator)
        if operator == "q":
            above.append(font)
        elif operator == "Q" and above:
            font = above.pop()
        elif operator == "Tf" and one.operands:
            font = str(one.operands[0])
        yield one, font


def _shown_in(instructions: list[Instruction]) -> set[str]:
    """Names of the fonts in which something is shown."""
    return {font for one, font in _with_fonts(instructions) if font and str(one.operator) in SHOWING}


def _chosen_alone(instructions: list[Instruction], _: pikepdf.Dictionary) -> list[Instruction]:
    """Without the choice of fonts that show nothing."""
    used = _shown_in(instructions)
    return [one for one in instructions if str(one.operator) != "Tf" or str(one.operands[0]) in used]


def _drop_names(node: pikepdf.Object) -> None:
    """Leave the names that are used, and no others, in resources of the node's own."""
    instructions, known = _found(node), resources_of(node)
    drawn = {str(one.operands[0]) for one in instructions if str(one.operator) == "Do" and one.operands}
    forms = known.get("/XObject")
    parts = [forms[name] for name in drawn if name in forms] if isinstance(forms, pikepdf.Dictionary) else []
    if not instructions or any(part.get("/Subtype") == "/Form" and "/Resources" not in part for part in parts):
        return  # a form without resources uses those of what draws it
    own = pikepdf.Dictionary(dict(known.items()))
    for kind, used in (("/Font", _shown_in(instructions)), ("/XObject", drawn)):
        named = known.get(kind)
        if isinstance(named, pikepdf.Dictionary):
            own[kind] = pikepdf.Dictionary({name: value for name, value in named.items() if name in used})
    node["/Resources"] = own
