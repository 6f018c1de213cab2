"""What PDF/A forbids, and what its checker does not know, taken off a copy where nothing that is seen changes.

Entries are kept by name, not taken out by name (``data/pdfa.json``): what a program of tomorrow adds goes as well. The
clauses are those of ISO 19005-2.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources

import pikepdf

from vndoc.damage import raise_if_grave
from vndoc.sources.pdf.contents import instructions
from vndoc.sources.pdf.graphics import resources_of

_DEPTH = 40
_MOST_ITEMS = 20_000
_HIDDEN = 2 | 32  # annotation flags Hidden, NoView


@cache
def _keys() -> dict[str, frozenset[str]]:
    text = resources.files("vndoc.export").joinpath("data/pdfa.json").read_text(encoding="utf-8")
    return {kind: frozenset("/" + name for name in names) for kind, names in json.loads(text).items()}


def settle(pdf: pikepdf.Pdf) -> list[str]:
    """Take it off; return what of the file's contents is lost with it, in plain words."""
    lost = list(_lost(pdf))
    _only(pdf.trailer, "trailer")  # LibreOffice adds a checksum of the file that it wrote
    _settle_form(pdf)
    _settle_catalog(pdf)
    for page in pdf.pages:
        _settle_page(pdf, page)
    for node in pdf.objects:
        if isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
            _settle_object(pdf, node)
    return lost


def bare(pdf: pikepdf.Pdf) -> None:
    """Leave of the catalog what a PDF/A file cannot be without: no bookmarks, names or tags. Links go too."""
    _only(pdf.Root, "bare_catalog")
    for page in pdf.pages:
        keep_annotations(page, lambda annotation: annotation.get("/Subtype") != "/Link")
        for key in ("/StructParents", "/Tabs"):
            if key in page.obj:
                del page.obj[key]


def annotations_of(page: pikepdf.Page) -> list[pikepdf.Dictionary]:
    """The annotations of a page, without what is none."""
    found = page.obj.get("/Annots")
    return [a for a in found if isinstance(a, pikepdf.Dictionary)] if isinstance(found, pikepdf.Array) else []


def keep_annotations(page: pikepdf.Page, wanted: Callable[[pikepdf.Dictionary], bool]) -> None:
    """Take the annotations off a page that are not wanted."""
    kept = [annotation for annotation in annotations_of(page) if wanted(annotation)]
    if kept:
        page.obj["/Annots"] = pikepdf.Array(kept)
    elif "/Annots" in page.obj:
        del page.obj["/Annots"]


def _only(node: pikepdf.Object | None, kind: str) -> None:
    if isinstance(node, pikepdf.Dictionary):
        for key in [key for key in node.keys() if key not in _keys()[kind]]:  # noqa: SIM118 -- no mapping
            del node[key]


def _lost(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Attached files, media and scripts: 6.5.1, 6.8; PDF/A-2 takes attachments that are PDF/A themselves alone."""
    names = pdf.Root.get("/Names")
    names = names if isinstance(names, pikepdf.Dictionary) else pikepdf.Dictionary()
    kinds = [str(a.get("/Subtype")) for page in pdf.pages for a in annotations_of(page)]
    if "/EmbeddedFiles" in names or "/AF" in pdf.Root or "/FileAttachment" in kinds:
        yield "attached files"
    if any(kind in _keys()["media"] for kind in kinds):
        yield "sounds, films or 3D models"
    if "/JavaScript" in names:
        yield "scripts"


def _settle_form(pdf: pikepdf.Pdf) -> None:
    """Make what is filled into a form part of its page (6.4): a form that is kept must not be filled in again."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return
    if "/XFA" in form:
        del form["/XFA"]
    others = [[a for a in annotations_of(page) if a.get("/Subtype") != "/Widget"] for page in pdf.pages]
    for page in pdf.pages:
        keep_annotations(page, lambda annotation: annotation.get("/Subtype") == "/Widget")
    pdf.generate_appearance_streams()
    pdf.flatten_annotations()
    for page, kept in zip(pdf.pages, others, strict=True):
        keep_annotations(page, lambda _: False)
        if kept:
            page.obj["/Annots"] = pikepdf.Array(kept)


def _settle_catalog(pdf: pikepdf.Pdf) -> None:
    _only(pdf.Root, "catalog")
    _only(pdf.Root.get("/ViewerPreferences"), "viewer")
    _only(pdf.Root.get("/Names"), "names")
    outlines = pdf.Root.get("/Outlines")
    if isinstance(outlines, pikepdf.Dictionary):
        for item in _items(outlines):
            _settle_action(item)
    mode = pdf.Root.get("/PageMode")
    if mode is not None and str(mode) not in ("/UseNone", "/UseOutlines", "/UseThumbs", "/FullScreen"):
        del pdf.Root["/PageMode"]


def _items(outlines: pikepdf.Dictionary) -> Iterator[pikepdf.Dictionary]:
    """The bookmarks, each once, whatever circles they are linked in."""
    seen: set[tuple[int, int]] = set()
    waiting = [outlines.get("/First")]
    while waiting and len(seen) < _MOST_ITEMS:
        item = waiting.pop()
        if not isinstance(item, pikepdf.Dictionary) or item.objgen in seen:
            continue
        seen.add(item.objgen)
        yield item
        waiting += [item.get("/Next"), item.get("/First")]


def _settle_action(node: pikepdf.Dictionary) -> None:
    """Leave an action that goes to a page or an address (6.5.1), and nothing that it sets off."""
    for key in ("/AA", "/PA"):
        if key in node:
            del node[key]
    action = node.get("/A")
    if action is None:
        return
    if not isinstance(action, pikepdf.Dictionary) or str(action.get("/S")) not in _keys()["actions"]:
        del node["/A"]
        return
    for key in [key for key in action.keys() if key not in ("/S", "/D", "/URI", "/F", "/NewWindow")]:  # noqa: SIM118
        del action[key]


def _settle_page(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    _only(page.obj, "page")
    node = page.obj.get("/Parent")
    for _ in range(_DEPTH):
        if not isinstance(node, pikepdf.Dictionary):
            break
        _only(node, "pages")
        node = node.get("/Parent")
    keep_annotations(page, _settle_annotation)
    known = resources_of(page.obj)
    if "/Properties" in known and (content := _unmarked(page.obj)) is not None:
        page.obj["/Contents"] = pdf.make_stream(content)
    _only(known, "resources")


def _settle_annotation(annotation: pikepdf.Dictionary) -> bool:
    """Whether an annotation stays, made a link or a stamp of the same look (6.3)."""
    kind = str(annotation.get("/Subtype"))[1:]
    if kind == "Link":
        _only(annotation, "link")
        _settle_action(annotation)
        return True
    flags = annotation.get("/F", 0)
    look = annotation.get("/AP")
    normal = look.get("/N") if isinstance(look, pikepdf.Dictionary) else None
    if isinstance(normal, pikepdf.Dictionary):
        normal = normal.get(str(annotation.get("/AS")))
    is_hidden = isinstance(flags, int) and flags & _HIDDEN
    if kind in ("Popup", "PrinterMark", "TrapNet") or is_hidden or "/" + kind in _keys()["media"]:
        return False
    _only(annotation, "annotation")
    if isinstance(normal, pikepdf.Stream):
        annotation["/AP"] = pikepdf.Dictionary(N=normal)
        if "/" + kind not in _keys()["marks"]:
            annotation["/Subtype"] = pikepdf.Name.Stamp
    return True


def _settle_object(pdf: pikepdf.Pdf, node: pikepdf.Object) -> None:
    """What may stand anywhere: metadata and data of other programs, layers, entries of fonts that are no duty."""
    for key in _keys()["loose"]:
        if key in node and node.objgen != pdf.Root.objgen:
            del node[key]
    if isinstance(node, pikepdf.Stream) and node.get("/ImageMask", False) and "/ColorSpace" in node:
        del node["/ColorSpace"]  # a stencil has no colours of its own
    if isinstance(node, pikepdf.Stream) and node.get("/Subtype") == "/Form":
        own = node.get("/Resources")
        if isinstance(own, pikepdf.Dictionary):
            if "/Properties" in own and (content := _unmarked(node)) is not None:
                node.write(content)
            _only(own, "resources")


def _unmarked(node: pikepdf.Object) -> bytes | None:
    """The content without the property lists that it names: they tell layers, which are all shown now.

    None where it cannot be followed.
    """
    try:
        found = instructions(node)
    except Exception as error:
        raise_if_grave(error)
        return None
    plain: list[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage] = []
    for one in found:
        named = str(one.operator) in ("BDC", "DP") and isinstance(one.operands[-1], pikepdf.Name)
        if named:
            tag = pikepdf.Operator("BMC" if str(one.operator) == "BDC" else "MP")
            plain.append(pikepdf.ContentStreamInstruction([one.operands[0]], tag))
        else:
            plain.append(one)
    return pikepdf.unparse_content_stream(plain)
