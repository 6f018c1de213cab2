"""Styles of an OpenDocument file, as far as they change what is printed."""

from collections.abc import Iterable

from lxml import etree

from vndoc.sources.xml import attribute, child, local

_LONGEST_CHAIN = 20
_HOLDERS = ("styles", "automatic-styles")


class Styles:
    """The styles of all parts by family and name, each heir to its parent; the later part's own come first."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        self._styles: dict[tuple[str, str], etree._Element] = {}
        for root in roots:
            for holder in root:
                for style in holder if local(holder) in _HOLDERS else ():
                    if local(style) == "style":
                        key = attribute(style, "family") or "", attribute(style, "name") or ""
                        self._styles[key] = style

    def value(self, family: str, name: str | None, properties: str, key: str) -> str | None:
        """What a style or its nearest parent says: of 'text-properties' the 'display', for instance."""
        for style in self._chain(family, name):
            found = attribute(child(style, properties), key)
            if found is not None:
                return found
        return None

    def own(self, family: str, name: str | None, key: str) -> str | None:
        """What stands at the style itself, such as its 'list-style-name' or 'master-page-name'."""
        return next((found for style in self._chain(family, name) if (found := attribute(style, key))), None)

    def _chain(self, family: str, name: str | None) -> list[etree._Element]:
        chain: list[etree._Element] = []
        while name and (family, name) in self._styles and len(chain) < _LONGEST_CHAIN:
            chain.append(self._styles[family, name])
            name = attribute(chain[-1], "parent-style-name")
        return chain
