"""The XMP packet of a PDF: the fields of the decree, under a schema that the packet itself declares.

PDF/A takes properties of its own beside the predefined ones only where an extension schema describes each of them
(ISO 19005-2, 6.6.2.3).
"""

import json
from collections.abc import Mapping
from importlib import resources

import pikepdf
import regex
from lxml import etree

from vndoc.damage import raise_if_grave
from vndoc.sources.pdf.contents import is_larger

NAMESPACE = "urn:vndoc:dispatch:1#"
"""Of the decree's fields in XMP."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_PREFIXES = {
    "rdf": _RDF,
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "vndoc": NAMESPACE,
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}
_MOST_BYTES = 8 * 1024**2
_HEAD = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_TAIL = b'\n<?xpacket end="w"?>\n'
_UNWRITABLE = regex.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add_schema(pdf: pikepdf.Pdf, values: Mapping[str, str | None]) -> None:
    """Add the values to the packet, and the description of the properties that it uses; empty ones are left out.

    The names are those of ``data/xmp_schema.json``.
    """
    known = _properties()
    given = {name: _UNWRITABLE.sub(" ", value) for name, value in values.items() if value}
    rdf, root = _packet(pdf)
    for old in [*rdf.iter(_name("pdfaExtension:schemas")), *rdf.iter(f"{{{NAMESPACE}}}*")]:
        parent = old.getparent()
        if parent is not None:
            parent.remove(old)
    described = _child(_description(rdf, "pdfaExtension", "pdfaSchema", "pdfaProperty"), "pdfaExtension:schemas")
    schema = _resource(_child(described, "rdf:Bag"))
    _child(schema, "pdfaSchema:schema", "Official dispatch (Decree 30/2020/NĐ-CP of Viet Nam, Appendix VI)")
    _child(schema, "pdfaSchema:namespaceURI", NAMESPACE)
    _child(schema, "pdfaSchema:prefix", "vndoc")
    properties = _child(_child(schema, "pdfaSchema:property"), "rdf:Seq")
    for name in given:
        value_type, description = known[name]
        one = _resource(properties)
        _child(one, "pdfaProperty:name", name)
        _child(one, "pdfaProperty:valueType", value_type)
        _child(one, "pdfaProperty:category", "external")
        _child(one, "pdfaProperty:description", description)
    about = _description(rdf, "vndoc")
    for name, value in given.items():
        _child(about, f"vndoc:{name}", value)
    _write(pdf, root)


def set_simple(pdf: pikepdf.Pdf, values: Mapping[str, str | None]) -> None:
    """Set properties of one line in the packet, or take them out (None)."""
    rdf, root = _packet(pdf)
    for name, value in values.items():
        for old in list(rdf.iter(_name(name))):
            parent = old.getparent()
            assert parent is not None
            parent.remove(old)
        for about in rdf:
            if _name(name) in about.attrib:
                del about.attrib[_name(name)]
        if value is not None:
            _child(_description(rdf, name.partition(":")[0]), name, value)
    _write(pdf, root)


def _properties() -> dict[str, tuple[str, str]]:
    """Value type and description of each property by its name."""
    text = resources.files("vndoc.export").joinpath("data/xmp_schema.json").read_text(encoding="utf-8")
    found: dict[str, tuple[str, str]] = json.loads(text)
    return found


def _packet(pdf: pikepdf.Pdf) -> tuple["etree._Element", "etree._Element"]:
    """The rdf:RDF of the file's packet and its root, new ones where it has none that can be read."""
    stored = pdf.Root.get("/Metadata")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_pis=True, huge_tree=False)
    try:
        is_read = isinstance(stored, pikepdf.Stream) and not is_larger(stored, _MOST_BYTES)
        root = etree.fromstring(stored.read_bytes() if is_read and stored is not None else b"", parser)
        rdf = next(root.iter(f"{{{_RDF}}}RDF"))
    except Exception as error:  # of packets that other programs damaged
        raise_if_grave(error)
        root = etree.Element("{adobe:ns:meta/}xmpmeta", nsmap={"x": "adobe:ns:meta/"})
        rdf = etree.SubElement(root, _name("rdf:RDF"), nsmap={"rdf": _RDF})
    return rdf, root


def _write(pdf: pikepdf.Pdf, root: "etree._Element") -> None:
    data = _HEAD + etree.tostring(root, encoding="utf-8", xml_declaration=False) + _TAIL
    pdf.Root["/Metadata"] = pdf.make_stream(data, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)


def _name(prefixed: str) -> str:
    prefix, _, name = prefixed.partition(":")
    return f"{{{_PREFIXES[prefix]}}}{name}"


def _child(parent: "etree._Element", prefixed: str, text: str | None = None) -> "etree._Element":
    child = etree.SubElement(parent, _name(prefixed))
    child.text = text
    return child


def _resource(parent: "etree._Element") -> "etree._Element":
    item = _child(parent, "rdf:li")
    item.set(_name("rdf:parseType"), "Resource")
    return item


def _description(rdf: "etree._Element", *prefixes: str) -> "etree._Element":
    """A new one about the document. It declares the namespaces of what it will hold: PDFBox looks for them there."""
    about = etree.SubElement(rdf, _name("rdf:Description"), nsmap={prefix: _PREFIXES[prefix] for prefix in prefixes})
    about.set(_name("rdf:about"), "")
    return about
