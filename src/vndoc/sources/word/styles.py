"""Styles of a Word file, as far as they change what is printed: capitals, hidden text, lists, breaks."""

from dataclasses import dataclass

from lxml import etree

from vndoc.sources.xml import attribute, child, local

_LONGEST_CHAIN = 20


@dataclass(slots=True, frozen=True)
class Style:
    """What one style says itself; None where it says nothing."""

    above: str | None
    list_id: str | None
    level: int | None
    paragraph: etree._Element | None
    run: etree._Element | None
    border: etree._Element | None


class Styles:
    """The styles by their identifiers, each heir to the one it is based on."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self.default: str | None = None
        for element in root if root is not None else ():
            key = attribute(element, "styleId")
            if local(element) == "style" and key is not None:
                self._styles[key] = _style(element)
                if attribute(element, "type") == "paragraph" and on(attribute(element, "default"), absent=False):
                    self.default = key

    def list_of(self, key: str | None) -> tuple[str, int | None, str] | None:
        """List, level and the style that names the list, of paragraphs of a style; None where it has no list."""
        for name, style in self._chain(key):
            if style.list_id is not None:
                return style.list_id, style.level, name
        return None

    def is_set(self, key: str | None, name: str) -> bool:
        """Whether paragraphs or letters of a style have a property such as 'caps' or 'pageBreakBefore'."""
        for _, style in self._chain(key):
            for properties in (style.run, style.paragraph):
                if (found := child(properties, name)) is not None:
                    return on(attribute(found, "val"))
        return False

    def border(self, key: str | None) -> etree._Element | None:
        """The lines between the columns of tables of a style."""
        return next((found for _, style in self._chain(key) if (found := style.border) is not None), None)

    def _chain(self, key: str | None) -> "list[tuple[str, Style]]":
        chain: list[tuple[str, Style]] = []
        while key in self._styles and len(chain) < _LONGEST_CHAIN:
            assert key is not None
            chain.append((key, self._styles[key]))
            key = self._styles[key].above
        return chain


def _style(element: etree._Element) -> Style:
    paragraph = child(element, "pPr")
    numbers = child(paragraph, "numPr")
    level = attribute(child(numbers, "ilvl"), "val")
    return Style(
        attribute(child(element, "basedOn"), "val"),
        attribute(child(numbers, "numId"), "val"),
        int(level) if level is not None and level.isdecimal() else None,
        paragraph,
        child(element, "rPr"),
        child(element, "tblPr", "tblBorders", "insideV"),
    )


def on(value: str | None, *, absent: bool = True) -> bool:
    """Whether a switch is on; one without a value is ``absent``."""
    return absent if value is None else value not in ("0", "false", "off", "none")
