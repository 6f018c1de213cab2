"""edXML, the envelope in which Vietnamese offices exchange documents: QCVN 102:2016/BTTTT (Circular 10/2016/TT-BTTTT).

What a document itself tells is filled in: sender and receivers by name, number, date, subject, signer, places, and the
file. The codes that only an exchange knows (``OrganId`` of sender and receivers, ``DocumentId`` made with it) are left
empty, as elements, for the system that sends it. The elements and their order are those of systems in use; the
regulation was not at hand to check against.
"""

import base64
import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping
from datetime import date

import regex

from vndoc.dispatch import Dispatch, Signer
from vndoc.export.register import PRIORITIES

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"

_ADMINISTRATIVE = "1"  # DocumentType/Type: văn bản hành chính
_NOT_XML = regex.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")  # XML 1.0, 2.2

Tree = Mapping[str, object]
"""Elements by name: a value, None for an empty element, a tree, or a list of these for an element that repeats."""


def to_edxml(dispatch: Dispatch, data: bytes | None = None) -> str:
    """The dispatch as an edXML document; with ``data``, its file's bytes, zipped and encoded in Base64 as attachment.

    Well-formed XML 1.0 in UTF-8, its elements in :data:`NAMESPACE`. Dates are written ``yyyy/MM/dd``.
    """
    root = ET.Element("edXML", {"xmlns": NAMESPACE})
    content_id = f"sha256:{dispatch.source.sha256}"
    file = {"ContentId": content_id, "ContentType": dispatch.source.media_type, "AttachmentName": dispatch.source.name}
    envelope = {
        "edXMLHeader": {"MessageHeader": _header(dispatch), "TraceHeaderList": _trace(), "Signature": None},
        "edXMLBody": {"edXMLManifest": {"Reference": file}},
    }
    _add(root, {"edXMLEnvelope": envelope})
    if data is not None:
        _add(root, {"AttachmentEncoded": {"Attachment": {**file, "ContentTransferEncoded": _zipped(dispatch, data)}}})
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _header(dispatch: Dispatch) -> Tree:
    return {
        "From": _organ(dispatch.organ_name, dispatch.parent_organ_name),
        "To": [_organ(name) for name in dispatch.recipients],
        "DocumentId": None,
        "Code": {"CodeNumber": dispatch.code_number, "CodeNotation": dispatch.code_notation},
        "PromulgationInfo": {"Place": dispatch.place, "PromulgationDate": _day(dispatch.issued_date)},
        "DocumentType": {"Type": _ADMINISTRATIVE, "TypeDetail": None, "TypeName": dispatch.type_name},
        "Subject": dispatch.subject,
        "Content": dispatch.subject,
        "SignerInfo": _signer(dispatch.signer),
        "DueDate": _day(dispatch.due_date),
        "ToPlaces": {"Place": dispatch.to_places},
        "OtherInfo": {
            "Priority": PRIORITIES[dispatch.urgency],
            "SphereOfPromulgation": dispatch.circulation,
            "TyperNotation": dispatch.filing.drafter if dispatch.filing else None,
            "PromulgationAmount": dispatch.filing.issued_amount if dispatch.filing else None,
            "PageAmount": dispatch.source.page_amount,
            "Appendixes": {"Appendix": [annex.label or annex.title for annex in dispatch.annexes]},
        },
    }


def _organ(name: str | None, parent: str | None = None) -> Tree:
    return {"OrganId": None, "OrganizationInCharge": parent, "OrganName": name}


def _signer(signer: Signer) -> Tree:
    return {
        "Competence": ", ".join(signer.authority) or None,
        "Position": signer.position,
        "FullName": signer.full_name,
    }


def _trace() -> Tree:
    """The list of offices that the document has passed: none yet."""
    return {"TraceHeader": {"OrganId": None, "Timestamp": None}}


def _day(value: date | None) -> str | None:
    return f"{value:%Y/%m/%d}" if value else None


def _zipped(dispatch: Dispatch, data: bytes) -> str:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(dispatch.source.name), data, zipfile.ZIP_DEFLATED)
    return base64.b64encode(out.getvalue()).decode("ascii")


def _add(parent: ET.Element, tree: Tree) -> None:
    """Adds an element for each key, and for each item of a list; None gives an empty one."""
    for name, value in tree.items():
        for item in value if isinstance(value, list) else [value]:
            child = ET.SubElement(parent, name)
            if isinstance(item, Mapping):
                _add(child, item)
            elif item is not None:
                child.text = _NOT_XML.sub("\ufffd", str(item))
