"""The hidden text that another OCR has left on a page, taken off a copy: what is seen stays as it is.

Such text is set in rendering mode 3 (invisible; ISO 32000-1, 9.3.6), in the page's content or in a form; some programs
paint it first, and the page's image over it.
"""

from collections.abc import Iterator

import pikepdf

_INVISIBLE = 3
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_NEXT_LINE = frozenset({"'", '"'})  # these two go to the next line first
_COVERS = 0.9  # share of the page from which an image hides what was painted before it
_Instructions = list[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage]
_DEPTH = 8  # forms in forms; a damaged file may nest them in a circle


def drop_hidden_text(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Take text that cannot be seen off ``page``; a content that cannot be parsed is left as it is."""
    x0, y0, x1, y1 = (float(n) for n in page.mediabox)
    try:
        content = _visible(page.obj, abs((x1 - x0) * (y1 - y0)))
    except (pikepdf.PdfError, ValueError, TypeError):
        return
    if content is not None:
        page.obj["/Contents"] = pdf.make_stream(content)
    for form in _forms(page.obj, _DEPTH):
        try:
            content = _visible(form, None)
        except (pikepdf.PdfError, ValueError, TypeError):
            continue
        if content is not None:
            form.write(content)


def _visible(node: pikepdf.Object, area: float | None) -> bytes | None:
    """The content of a page of ``area`` square points, or of a form, without its hidden text; None if it has none."""
    instructions: _Instructions = list(pikepdf.parse_content_stream(node))
    covered = _covered(node, instructions, area) if area else 0
    mode = 0
    modes: list[int] = []
    kept: _Instructions = []
    for at, instruction in enumerate(instructions):
        operator = str(instruction.operator)
        if operator == "q":
            modes.append(mode)
        elif operator == "Q" and modes:
            mode = modes.pop()
        elif operator == "Tr":
            mode = int(instruction.operands[0])
        if operator not in _SHOWING or not (mode == _INVISIBLE or at < covered):
            kept.append(instruction)
        elif operator in _NEXT_LINE:
            kept.append(pikepdf.ContentStreamInstruction([], pikepdf.Operator("T*")))
    return pikepdf.unparse_content_stream(kept) if _shown(kept) < _shown(instructions) else None


def _shown(instructions: _Instructions) -> int:
    return sum(str(instruction.operator) in _SHOWING for instruction in instructions)


def _covered(node: pikepdf.Object, instructions: _Instructions, area: float) -> int:
    """Index of the last instruction that paints an image over nearly all of the page; 0 if there is none."""
    images = {name for name, form in _objects(node) if form.get("/Subtype") == "/Image" and "/SMask" not in form}
    matrix, matrices, last = pikepdf.Matrix(), [], 0
    for at, instruction in enumerate(instructions):
        operator = str(instruction.operator)
        if operator == "q":
            matrices.append(matrix)
        elif operator == "Q" and matrices:
            matrix = matrices.pop()
        elif operator == "cm":
            matrix = pikepdf.Matrix(*(float(n) for n in instruction.operands)) @ matrix
        elif operator == "Do" and str(instruction.operands[0]) in images:
            # The unit square becomes a parallelogram of the determinant's area (ISO 32000-1, 8.9.5).
            size = abs(matrix.a * matrix.d - matrix.b * matrix.c)
            last = at if size >= _COVERS * area else last
    return last


def _objects(node: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object]]:
    """The images and forms that a page or form knows, by name; resources of the page tree included."""
    for _ in range(_DEPTH):
        resources = node.get("/Resources")
        if isinstance(resources, pikepdf.Dictionary) or "/Parent" not in node:
            break
        node = node["/Parent"]
    known = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    if isinstance(known, pikepdf.Dictionary):
        yield from ((name, form) for name, form in known.items() if isinstance(form, pikepdf.Stream))


def _forms(node: pikepdf.Object, depth: int) -> Iterator[pikepdf.Object]:
    for _, form in _objects(node):
        if form.get("/Subtype") == "/Form":
            yield form
            if depth:
                yield from _forms(form, depth - 1)
