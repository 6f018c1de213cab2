"""The edXML envelope, read back with the standard library's parser."""

import base64
import hashlib
import io
import xml.etree.ElementTree as ET
import zipfile
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.conftest import SAMPLES
from vndoc.cli import app
from vndoc.dispatch import Annex, Dispatch, Filing, Signer, Source
from vndoc.export.edxml import NAMESPACE, to_edxml

CV815 = SAMPLES / "cv815" / "text.txt"
NS = {"e": NAMESPACE}


def dispatch(**fields):
    return Dispatch(source=Source(name="a.pdf", sha256="ff", media_type="application/pdf", page_amount=3), **fields)


def text_of(root, path):
    found = root.find("e:edXMLEnvelope/" + "/".join(f"e:{name}" for name in path.split("/")), NS)
    assert found is not None, path
    return found.text


FULL = dispatch(
    type_name="Công văn",
    code_number="815",
    code_notation="UBND-NC",
    organ_name="Sở Y tế",
    parent_organ_name="UBND tỉnh An Giang",
    place="An Giang",
    issued_date=date(2024, 3, 5),
    subject="xử lý <khẩn> & báo cáo",
    urgency="Khẩn",
    recipients=["Cục A", "Cục B"],
    to_places=["Như trên", "Lưu: VT"],
    filing=Filing(text="VT, abc", units=["VT"], drafter="abc", issued_amount=30),
    signer=Signer(authority=["KT. GIÁM ĐỐC"], position="PHÓ GIÁM ĐỐC", full_name="Lê Văn An"),
    due_date=date(2024, 4, 1),
    annexes=[Annex(label="Phụ lục I", page=3, start=0, end=1)],
)


def test_the_header_says_what_the_document_says():
    root = ET.fromstring(to_edxml(FULL))
    head = "edXMLHeader/MessageHeader/"
    assert root.tag == f"{{{NAMESPACE}}}edXML"
    said = {
        "From/OrganName": "Sở Y tế",
        "From/OrganizationInCharge": "UBND tỉnh An Giang",
        "From/OrganId": None,
        "Code/CodeNumber": "815",
        "Code/CodeNotation": "UBND-NC",
        "PromulgationInfo/Place": "An Giang",
        "PromulgationInfo/PromulgationDate": "2024/03/05",
        "DocumentType/TypeName": "Công văn",
        "Subject": "xử lý <khẩn> & báo cáo",
        "SignerInfo/Competence": "KT. GIÁM ĐỐC",
        "SignerInfo/Position": "PHÓ GIÁM ĐỐC",
        "SignerInfo/FullName": "Lê Văn An",
        "DueDate": "2024/04/01",
        "OtherInfo/Priority": "1",
        "OtherInfo/PageAmount": "3",
        "OtherInfo/TyperNotation": "abc",
        "OtherInfo/PromulgationAmount": "30",
        "OtherInfo/Appendixes/Appendix": "Phụ lục I",
    }
    assert {path: text_of(root, head + path) for path in said} == said
    header = root.find("e:edXMLEnvelope/e:edXMLHeader/e:MessageHeader", NS)
    assert [to.findtext("e:OrganName", None, NS) for to in header.findall("e:To", NS)] == ["Cục A", "Cục B"]
    assert [place.text for place in header.findall("e:ToPlaces/e:Place", NS)] == ["Như trên", "Lưu: VT"]


def test_the_manifest_names_the_file_and_the_attachment_holds_it():
    root = ET.fromstring(to_edxml(FULL, b"%PDF-1.7 bytes"))
    reference = root.find(".//e:edXMLManifest/e:Reference", NS)
    attachment = root.find("e:AttachmentEncoded/e:Attachment", NS)
    assert reference.findtext("e:AttachmentName", None, NS) == "a.pdf"
    assert reference.findtext("e:ContentId", None, NS) == attachment.findtext("e:ContentId", None, NS) == "sha256:ff"
    packed = base64.b64decode(attachment.findtext("e:ContentTransferEncoded", None, NS))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["a.pdf"]
        assert archive.read("a.pdf") == b"%PDF-1.7 bytes"


def test_without_bytes_there_is_no_attachment():
    assert ET.fromstring(to_edxml(FULL)).find("e:AttachmentEncoded", NS) is None


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_text_gives_well_formed_xml(subject, places):
    root = ET.fromstring(to_edxml(dispatch(subject=subject, to_places=places)))
    assert len(root.findall(".//e:ToPlaces/e:Place", NS)) == len(places)


def test_on_the_command_line_each_document_is_a_file(tmp_path):
    run = CliRunner().invoke(app, ["parse", str(CV815), "--format", "edxml", "--output", str(tmp_path)])
    assert (run.exit_code, run.stdout) == (0, "")
    root = ET.fromstring((tmp_path / "text.edxml").read_text(encoding="utf-8"))
    assert text_of(root, "edXMLHeader/MessageHeader/DueDate") == "2024/11/05"
    packed = base64.b64decode(root.findtext(".//e:ContentTransferEncoded", None, NS))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert hashlib.sha256(archive.read("text.txt")).digest() == hashlib.sha256(CV815.read_bytes()).digest()
