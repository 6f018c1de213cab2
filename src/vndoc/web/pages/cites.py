"""What a document cites and what cites it: a drawing made here, with a list that says the same in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fastapi import Request, Response

from vndoc.archive import Archive
from vndoc.archive.cites import Link
from vndoc.archive.codes import printed_code
from vndoc.dispatch import Dispatch
from vndoc.web.deps import Key, OpenArchive, Reader, guarded_router
from vndoc.web.pages.render import render, words_of
from vndoc.web.pages.sheet_view import name_of
from vndoc.web.pages.texts import Translate
from vndoc.web.pages.typed import shown_day

router = guarded_router()
DRAWN = 8
"""Documents that are drawn on each side; the list has all of them."""

_BOX = (290, 50)  # width and height of a document in the drawing
_ROW, _SIDE, _TOP = 66, 190, 12  # from row to row, between columns, above the first row
_LETTERS = 38  # that fit into a box
Position = tuple[int, int]


@dataclass(slots=True, frozen=True)
class Node:
    """A document in the drawing."""

    x: int
    y: int
    name: str
    about: str
    link: str | None
    own: bool = False
    width: int = _BOX[0]
    height: int = _BOX[1]


@dataclass(slots=True, frozen=True)
class Edge:
    """An arrow from the one that cites to the one cited, with what it says of it."""

    path: str
    x: int
    y: int
    anchor: str
    label: str
    certain: bool


@dataclass(slots=True)
class Graph:
    """The drawing: those that cite the document on the left, those that it cites on the right."""

    width: int
    height: int
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class Related:
    """A document of the list."""

    name: str
    about: str
    relation: str
    certain: bool
    link: str | None


@router.get("/documents/{key}/cites")
def cites_page(request: Request, key: Key, archive: OpenArchive, user: Reader) -> Response:
    """The documents around this one."""
    t = words_of(request)
    sheet = archive.desk.sheet(archive.document_id(key))
    cites, cited_by = _links(archive, sheet.dispatch)
    lists = [(name, [_related(archive, one, t) for one in links]) for name, links in
             (("cites", cites), ("cited_by", cited_by))]  # fmt: skip
    name = name_of(sheet, t)
    return render(
        request,
        "cites.html",
        key=key,
        name=name,
        lists=lists,
        graph=drawn(name, sheet.dispatch, lists[0][1], lists[1][1]),
    )


def _links(archive: Archive, dispatch: Dispatch) -> tuple[Sequence[Link], Sequence[Link]]:
    """What it cites, and what cites it; without a number nothing can."""
    code = printed_code(dispatch.code_number, dispatch.code_notation)
    if code and dispatch.code_number:
        found = archive.cites(code, dispatch.issued_date)
        if found.documents:
            return found.cites, found.cited_by
    references = dispatch.references
    return [
        Link(one.notation, one.type_name, one.organ_name, one.issued_date, certain=True, relations=tuple(one.relations))
        for one in references
    ], ()


def _related(archive: Archive, link: Link, t: Translate) -> Related:
    return Related(
        " ".join(filter(None, (link.type_name, link.notation))),
        " · ".join(filter(None, (link.organ_name, shown_day(link.issued_date)))),
        ", ".join(t(f"relation.{name}") for name in link.relations),
        link.certain,
        f"/documents/{archive.key(link.document_id)}" if link.document_id else None,
    )


def drawn(name: str, dispatch: Dispatch, cites: Sequence[Related], cited_by: Sequence[Related]) -> Graph:
    """The documents in three columns, the arrows between them."""
    rows = max(1, min(DRAWN, len(cites)), min(DRAWN, len(cited_by)))
    step = _BOX[0] + _SIDE
    columns = (1, 1 + step * bool(cited_by), 1 + step * (1 + bool(cited_by)))
    graph = Graph(columns[2] + (_BOX[0] if cites else -_SIDE) + 2, rows * _ROW + _TOP)
    middle = (columns[1], _TOP + (rows - 1) * _ROW // 2)
    about = " · ".join(filter(None, (dispatch.organ_name, shown_day(dispatch.issued_date))))
    graph.nodes.append(Node(*middle, _short(name), _short(about), None, own=True))
    for related, column, inwards in ((cited_by, columns[0], True), (cites, columns[2], False)):
        for one, place in zip(related[:DRAWN], _places(column, min(DRAWN, len(related)), rows), strict=False):
            graph.nodes.append(Node(*place, _short(one.name), _short(one.about), one.link))
            graph.edges.append(_edge(place, middle, one, inwards))
    return graph


def _places(column: int, count: int, rows: int) -> Iterator[Position]:
    above = (rows - count) * _ROW // 2
    yield from ((column, _TOP + above + k * _ROW) for k in range(count))


def _edge(place: Position, middle: Position, one: Related, inwards: bool) -> Edge:
    start, end = (place, middle) if inwards else (middle, place)
    x0, y0, x1, y1 = start[0] + _BOX[0], start[1] + _BOX[1] // 2, end[0], end[1] + _BOX[1] // 2
    bend = (x1 - x0) // 2
    path = f"M{x0} {y0}C{x0 + bend} {y0} {x1 - bend} {y1} {x1 - 6} {y1}m-7 -4l7 4l-7 4"
    outer, here = (y0, y1) if inwards else (y1, y0)
    beside = outer + 16 if outer > here else outer - 7  # on the side from which the arrow does not come
    label = _short(one.relation, 20)
    if inwards:
        return Edge(path, x0 + 8, beside, "start", label, one.certain)
    return Edge(path, x1 - 10, beside, "end", label, one.certain)


def _short(text: str, letters: int = _LETTERS) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"
