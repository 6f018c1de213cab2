"""XML out of a file that anyone may have made: no entities, no network, no depth without end."""

from lxml import etree

from vndoc.damage import edge
from vndoc.errors import FormatError

_DEPTH = 120
"""Elements within one another. A text box in a cell of a table in a table has some 40."""


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root of a document.

    Raises:
        FormatError: it is no sound XML, defines entities or document types, or nests beyond measure.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    with edge(name, "its XML is damaged", "open it in Word and save it again"):
        root = etree.fromstring(data, parser)
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise FormatError(f"{name}: its XML declares a document type, as no word processor does; it is not read")
    if _too_deep(root):
        raise FormatError(f"{name}: its XML nests more than {_DEPTH} elements; it is not read")
    return root


def _too_deep(root: etree._Element) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEPTH:
            return True
    return False


def local(element: etree._Element) -> str:
    """The name without its namespace: 'p' in any edition of the format."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, name: str) -> str | None:
    """An attribute by its name without the namespace."""
    if element is None:
        return None
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first descendant on that path of names; None where one is missing."""
    for name in path:
        element = next((inner for inner in element if local(inner) == name), None) if element is not None else None
    return element
