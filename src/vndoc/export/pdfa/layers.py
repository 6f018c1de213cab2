"""Optional content ("layers", ISO 32000-1, 8.11): what a viewer does not show when it opens a file.

Once the layers are gone from the catalog, all that they hold would be seen. So images, forms and annotations of hidden
layers are emptied; a page that hides parts of its own content cannot be followed so simply, and must be drawn.
"""

import pikepdf

from vndoc.sources.pdf.graphics import resources_of

_DEPTH = 8
_POLICIES = (None, "/AnyOn")


class Layers:
    """Which layers of a file are hidden, by its default configuration."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        known = pdf.Root.get("/OCProperties")
        known = known if isinstance(known, pikepdf.Dictionary) else pikepdf.Dictionary()
        shown = known.get("/D")
        shown = shown if isinstance(shown, pikepdf.Dictionary) else pikepdf.Dictionary()
        self._hidden = _places(shown.get("/OFF"))
        if shown.get("/BaseState", "/ON") != "/ON":
            self._hidden |= _places(known.get("/OCGs")) - _places(shown.get("/ON"))

    def hide(self) -> None:
        """Empty what belongs to hidden layers as a whole."""
        if not self._hidden:
            return
        for node in self._pdf.objects:
            if isinstance(node, pikepdf.Stream) and "/OC" in node and self._hides(node["/OC"]):
                for key in [key for key in node.keys() if key != "/Length"]:  # noqa: SIM118 -- no mapping
                    del node[key]
                node["/Type"], node["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
                node["/BBox"], node["/Resources"] = pikepdf.Array([0, 0, 1, 1]), pikepdf.Dictionary()
                node.write(b"")
        for page in self._pdf.pages:
            found = page.obj.get("/Annots")
            if isinstance(found, pikepdf.Array):
                page.obj["/Annots"] = pikepdf.Array([a for a in found if not self._hides(a.get("/OC"))])

    def cut(self, page: pikepdf.Page) -> bool:
        """Whether a page hides parts of its own content."""
        return bool(self._hidden) and self._cuts(page.obj, _DEPTH, set())

    def _cuts(self, node: pikepdf.Object, depth: int, done: set[tuple[int, int]]) -> bool:
        if node.objgen in done:
            return False
        done.add(node.objgen)
        known = resources_of(node)
        named = known.get("/Properties")
        if not depth:
            return True  # too deep to tell
        if isinstance(named, pikepdf.Dictionary) and any(map(self._hides, named.values())):
            return True
        drawn = known.get("/XObject")
        parts = drawn.values() if isinstance(drawn, pikepdf.Dictionary) else ()
        return any(
            isinstance(part, pikepdf.Stream)
            and part.get("/Subtype") == "/Form"
            and "/Resources" in part
            and self._cuts(part, depth - 1, done)
            for part in parts
        )

    def _hides(self, layer: pikepdf.Object | None) -> bool:
        """Whether something of this layer, or of this membership in several, is hidden; True where it is too artful."""
        if not isinstance(layer, pikepdf.Dictionary):
            return False
        if layer.get("/Type") != "/OCMD":
            return layer.objgen in self._hidden
        if "/VE" in layer or layer.get("/P") not in _POLICIES:
            return True
        members = layer.get("/OCGs")
        places = {members.objgen} if isinstance(members, pikepdf.Dictionary) else _places(members)
        return bool(places) and places <= self._hidden


def _places(layers: pikepdf.Object | None) -> set[tuple[int, int]]:
    return {layer.objgen for layer in layers} if isinstance(layers, pikepdf.Array) else set()
