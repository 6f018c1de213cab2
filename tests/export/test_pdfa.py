"""Copies for keeping: PDF/A-2b, approved as they are written, of the same look, and no claim that is not true."""

import io
import shutil
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import pdfa
from PIL import Image

from benchmarks.pdfa import approved, preflight, twin
from tests.conftest import draw_lines, pdf_of, with_signature
from tests.export.test_searchable_pdf import LINES, dispatch_of, drawn, poppler, read_by_eye
from vndoc.export.pdfa.checking import prepared, refused
from vndoc.export.pdfa.jpeg2000 import keeps_rules, stand_ins
from vndoc.export.searchable import searchable
from vndoc.export.xmp import NAMESPACE
from vndoc.page import Method

JARS = Path("/usr/share/java/preflight.jar")


def helvetica():
    return pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)


def scan(change=lambda pdf, page: None, lines=LINES):
    """A scan of one page, changed."""
    with pikepdf.open(io.BytesIO(pdf_of(draw_lines(lines)))) as pdf:
        change(pdf, pdf.pages[0])
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def kept(data, pages=None, **about):
    """The copy, which must be PDF/A in truth where it says so."""
    made = searchable(data, dispatch_of(**about), [read_by_eye()] if pages is None else pages)
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        claims = b"pdfaid:part>2<" in pdf.Root.Metadata.read_bytes()
        assert claims == made.archival
    assert not made.archival or list(approved(made.data)) == []
    return made


def codes(made):
    return [notice.code for notice in made.notices]


def same_look(data, made, tmp_path, most=0.0):
    before, after = drawn(data, tmp_path / "b.pdf", 60), drawn(made.data, tmp_path / "a.pdf", 60)
    changed = np.abs(before - after).mean() if before.shape == after.shape else 255
    assert changed <= most, f"the look has changed by {changed:.3f}"
    return True


def stamped(pdf, page):
    """Words over the scan in a font that is not in the file."""
    page.obj.Resources.Font = pikepdf.Dictionary(F1=helvetica())
    page.contents_add(b"\nBT /F1 24 Tf 1 0 0 rg 60 60 Td (CONG VAN DEN 123) Tj ET")


def test_a_scan_becomes_pdfa_with_the_fields_of_the_decree(tmp_path):
    data = scan()
    made = kept(data, organ_name="Ủy ban nhân dân huyện", subject="triển khai", issued_date="2024-05-14")
    assert (made.archival, made.notices) == (True, ())
    assert same_look(data, made, tmp_path)
    with pikepdf.open(io.BytesIO(made.data)) as pdf, pdf.open_metadata() as meta:
        values = {
            name: meta[f"{{{NAMESPACE}}}{name}"] for name in ("TypeName", "CodeNumber", "OrganName", "IssuedDate")
        }
        assert values == {
            "TypeName": "Công văn",
            "CodeNumber": "12",
            "OrganName": "Ủy ban nhân dân huyện",
            "IssuedDate": "2024-05-14",
        }
        assert meta.pdfa_status == "2B"
        assert str(pdf.docinfo["/Title"]) == meta["dc:title"] == "Công văn 12/UBND: triển khai"
        assert str(pdf.docinfo["/Subject"]) == meta["dc:description"]
        assert str(pdf.docinfo["/Author"]) == meta["dc:creator"][0]
        assert str(pdf.docinfo["/Producer"]) == meta["pdf:Producer"] == "vndoc"
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert b"sRGB" in intent.DestOutputProfile.read_bytes()


def test_what_a_program_adds_to_the_trailer_goes():
    def checked(pdf, page):
        pdf.trailer["/DocChecksum"] = pikepdf.Name("/4C2A3E1A9A4907179F1BA9236191EC21")  # of LibreOffice

    made = kept(scan(checked))
    assert (made.archival, made.notices) == (True, ())


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes():
    data = scan(stamped)
    assert kept(data).data == kept(data).data


def test_text_over_a_scan_in_a_font_that_is_not_there_becomes_a_picture_of_its_own(tmp_path):
    data = scan(stamped)
    made = kept(data)
    assert (made.archival, codes(made)) == (True, ["pdf-page-drawn"])
    assert same_look(data, made, tmp_path, most=0.5)
    with pikepdf.open(io.BytesIO(data)) as before, pikepdf.open(io.BytesIO(made.data)) as after:
        (old,) = before.pages[0].get_images().values()
        assert any(old.read_raw_bytes() == i.read_raw_bytes() for i in after.pages[0].get_images().values())
    assert "Nguyễn" in poppler(made.data, tmp_path / "a.pdf").decode()


@pytest.mark.slow
def test_a_page_of_nothing_but_such_text_is_drawn_and_can_be_searched(tmp_path):
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595.2, 360))
        pdf.pages[0].obj.Resources = pikepdf.Dictionary()
        stamped(pdf, pdf.pages[0])
        out = io.BytesIO()
        pdf.save(out)
    for pages in ([], [read_by_eye()]):
        made = kept(out.getvalue(), pages)
        assert (made.archival, codes(made)) == (True, ["pdf-page-drawn"])
        assert same_look(out.getvalue(), made, tmp_path, most=2)
    unread = kept(out.getvalue(), [])  # nobody has read the page: its own text is searched
    assert poppler(unread.data, tmp_path / "a.pdf").decode().split() == ["CONG", "VAN", "DEN", "123"]


def test_hidden_text_in_such_a_font_is_laid_anew(tmp_path):
    def other_ocr(pdf, page):
        page.obj.Resources.Font = pikepdf.Dictionary(F1=helvetica())
        page.contents_add(b"\nBT 3 Tr /F1 24 Tf 60 60 Td (other words) Tj ET")

    data = scan(other_ocr)
    read = kept(data)
    assert (read.archival, codes(read)) == (True, [])
    assert same_look(data, read, tmp_path)
    unread = kept(data, [])
    assert (unread.archival, codes(unread)) == (True, [])
    assert poppler(unread.data, tmp_path / "a.pdf").decode().split() == ["other", "words"]


def test_attachments_scripts_and_actions_are_left_out_and_told(tmp_path):
    def laden(pdf, page):
        pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, b"x", filename="a.txt")
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.Root.Names.JavaScript = pikepdf.Dictionary(Names=pikepdf.Array(["a", script]))
        pdf.Root.OpenAction = script
        page.obj.AA = pikepdf.Dictionary(O=script)
        page.obj.Annots = pikepdf.Array(
            [
                pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=kind, Rect=pikepdf.Array([0, 0, 20, 20]), A=script)
                for kind in (pikepdf.Name.Link, pikepdf.Name.Screen)
            ]
        )

    data = scan(laden)
    made = kept(data)
    assert (made.archival, codes(made)) == (True, ["pdf-left-out"])
    assert "attached files, sounds, films or 3D models, scripts" in made.notices[0].message
    assert same_look(data, made, tmp_path)
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert b"JavaScript" not in b"".join(o.unparse() for o in pdf.objects if isinstance(o, pikepdf.Dictionary))
        assert [(str(a.Subtype), "/A" in a) for a in pdf.pages[0].Annots] == [("/Link", False)]


def test_links_and_bookmarks_stay():
    def linked(pdf, page):
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Trang 1", 0))
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 20, 20], F=4)
        link.A = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org/")
        page.obj.Annots = pikepdf.Array([pdf.make_indirect(link)])

    made = kept(scan(linked))
    with pikepdf.open(io.BytesIO(made.data)) as pdf, pdf.open_outline() as outline:
        assert made.archival
        assert [item.title for item in outline.root] == ["Trang 1"]
        assert pdf.pages[0].Annots[0].A.URI == "https://example.org/"


def test_links_that_cannot_be_kept_are_told():
    """Its target is no page: the checker knows no such link."""

    def lost(pdf, page):
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 20, 20], F=4)
        link.Dest = 42
        page.obj.Annots = pikepdf.Array([pdf.make_indirect(link)])

    made = kept(scan(lost))
    assert (made.archival, codes(made)) == (True, ["pdf-left-out"])
    assert "links" in made.notices[0].message


def test_what_is_filled_into_a_form_becomes_part_of_the_page(tmp_path):
    def filled(pdf, page):
        look = pdf.make_stream(
            b"1 0 0 rg 0 0 40 20 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 40, 20]
        )
        field = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="a", F=4)
        field.Rect, field.AP = pikepdf.Array([50, 50, 90, 70]), pikepdf.Dictionary(N=look)
        page.obj.Annots = pikepdf.Array([pdf.make_indirect(field)])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([page.obj.Annots[0]]))

    data = scan(filled)
    made = kept(data)
    assert made.archival
    assert same_look(data, made, tmp_path)
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert "/AcroForm" not in pdf.Root


@pytest.mark.parametrize("of_page", [False, True])
def test_a_layer_that_is_not_shown_stays_unseen(tmp_path, of_page):
    def layered(pdf, page):
        layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="Watermark"))
        shown = pikepdf.Dictionary(OFF=pikepdf.Array([layer]))
        pdf.Root.OCProperties = pdf.make_indirect(pikepdf.Dictionary(OCGs=pikepdf.Array([layer]), D=shown))
        if of_page:
            page.obj.Resources.Properties = pikepdf.Dictionary(MC0=layer)
            page.contents_add(b"\n/OC /MC0 BDC 0 0 1 rg 0 0 300 300 re f EMC")
        else:
            form = pdf.make_stream(b"0 0 1 rg 0 0 300 300 re f", Subtype=pikepdf.Name.Form, BBox=[0, 0, 300, 300])
            form.OC = layer
            page.obj.Resources.XObject["/Fm0"] = form
            page.contents_add(b"\n/Fm0 Do")

    data = scan(layered)
    made = kept(data)
    assert (made.archival, codes(made)) == (True, ["pdf-page-drawn"] if of_page else [])
    assert same_look(data, made, tmp_path, most=2 if of_page else 0)


def test_layers_that_are_all_shown_are_page_content(tmp_path):
    def layered(pdf, page):
        layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="Scan"))
        shown = pikepdf.Dictionary(Order=pikepdf.Array([layer]))
        pdf.Root.OCProperties = pdf.make_indirect(pikepdf.Dictionary(OCGs=pikepdf.Array([layer]), D=shown))
        page.obj.Resources.Properties = pikepdf.Dictionary(MC0=layer)
        page.contents_add(b"\n/OC /MC0 BDC 0 0 1 rg 0 0 30 30 re f EMC")

    data = scan(layered)
    made = kept(data)
    assert (made.archival, codes(made)) == (True, [])
    assert same_look(data, made, tmp_path)


def test_a_signature_whose_look_needs_a_font_stays_a_stamp(tmp_path):
    data = with_signature(scan(), "SIGNED")
    made = kept(data)
    assert made.archival
    assert same_look(data, made, tmp_path, most=0.5)
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert [str(a.Subtype) for a in pdf.pages[0].Annots] == ["/Stamp"]


@pytest.mark.slow
def test_colours_of_inks_are_drawn(tmp_path):
    def inked(pdf, page):
        page.contents_add(b"\n0 1 1 0 k 100 100 200 30 re f")

    data = scan(inked)
    made = kept(data)
    assert (made.archival, codes(made)) == (True, ["pdf-page-drawn"])
    assert same_look(data, made, tmp_path, most=3)


def test_a_copy_that_cannot_be_pdfa_does_not_claim_to_be():
    """Its original did: that claim goes as well."""

    def absurd(pdf, page):
        prepared(pdf)
        page.obj.MediaBox = pikepdf.Array([0, 0, 20_000, 300])
        page.obj.CropBox = page.obj.MediaBox

    made = kept(scan(absurd), [])
    assert (made.archival, codes(made)) == (False, ["pdf-plain"])
    assert "larger or smaller" in made.notices[0].message


def test_poppler_is_not_needed_where_nothing_is_drawn(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert kept(scan()).archival
    made = kept(scan(stamped), [read_by_eye()])
    assert (made.archival, codes(made)) == (False, ["pdf-plain"])
    assert "poppler" in made.notices[0].message


def _font(pdf, page):
    stamped(pdf, page)


def _script(pdf, page):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1")


def _extra(pdf, page):
    page.obj.AA = pikepdf.Dictionary()


def _file(pdf, page):
    pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, b"x", filename="a.txt")


def _inks(pdf, page):
    page.contents_add(b" 0 0 0 1 k 0 0 9 9 re f")


def _smooth(pdf, page):
    next(iter(page.get_images().values())).Interpolate = True


def _no_intent(pdf, page):
    del pdf.Root.OutputIntents


def _no_metadata(pdf, page):
    del pdf.Root.Metadata


def _other_part(pdf, page):
    packet = pdf.Root.Metadata.read_bytes().replace(b"pdfaid:part>2<", b"pdfaid:part>4<")
    pdf.Root.Metadata = pdf.make_stream(packet, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)


def _unknown_property(pdf, page):
    with pdf.open_metadata() as meta:
        meta["{urn:x#}a"] = "b"


def _operator(pdf, page):
    page.contents_add(b" xyzzy")


def _no_flags(pdf, page):
    box = pikepdf.Array([0, 0, 9, 9])
    page.obj.Annots = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Stamp, Rect=box)])


def _postscript(pdf, page):
    page.obj.Resources.XObject["/P"] = pdf.make_stream(b"1", Subtype=pikepdf.Name.PS)


def _form(pdf, page):
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[], NeedAppearances=True)


def _transfer(pdf, page):
    page.obj.Resources.ExtGState = pikepdf.Dictionary(G=pikepdf.Dictionary(TR=pikepdf.Name.Identity))
    page.contents_add(b" /G gs")


@pytest.mark.parametrize(
    ("breach", "clause"),
    [
        (_font, "6.2.11.4.1-1"),
        (_script, "Catalog"),
        (_extra, "6.5.2-2"),
        (_file, "embedded-file"),
        (_inks, "6.2.4.3-3"),
        (_smooth, "6.2.8-3"),
        (_no_intent, "6.2"),
        (_no_metadata, "6.6.2.1-1"),
        (_other_part, "6.6.4-2"),
        (_unknown_property, "6.6.2.3.1-1"),
        (_operator, "6.2.2-1"),
        (_no_flags, "6.3.2-1"),
        (_postscript, "6.2.9-3"),
        (_form, "Catalog"),
        (_transfer, "6.2.5-1"),
    ],
)
def test_a_breach_is_refused(breach, clause):
    """Each is made in a copy that is approved without it."""
    with pikepdf.open(io.BytesIO(pdf_of(draw_lines(LINES)))) as pdf:
        prepared(pdf)
        assert refused(pdf) == ()
        breach(pdf, pdf.pages[0])
        assert any(clause in rule for rule in refused(pdf)), refused(pdf)


def jpeg_2000(mode="RGB", **options):
    out = io.BytesIO()
    Image.fromarray(draw_lines(LINES)).convert(mode).save(out, "JPEG2000", **options)
    return out.getvalue()


def test_jpeg_2000_images_that_keep_the_rules_stay_as_they_are(tmp_path):
    image = jpeg_2000()
    assert keeps_rules(image, has_space=False)
    assert keeps_rules(jpeg_2000("L"), has_space=False)
    assert not keeps_rules(
        image.replace(b"colr\x01\0\0\0\0\0\x10", b"colr\x01\0\0\0\0\0\x13"), has_space=False
    )  # CIEJab
    assert not keeps_rules(image.replace(b"colr\x01", b"colr\x05"), has_space=False)
    assert not keeps_rules(jpeg_2000("RGBA"), has_space=True)
    assert not keeps_rules(image[:40], has_space=True)
    assert not keeps_rules(b"", has_space=True)

    def packed(pdf, page):
        page.obj.Resources.XObject = pikepdf.Dictionary()
        page.obj.Resources.XObject["/Im0"] = pdf.make_stream(
            image,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=1984,
            Height=1200,
            Filter=pikepdf.Name.JPXDecode,
        )
        page.obj.Contents = pdf.make_stream(b"q 595.2 0 0 360 0 0 cm /Im0 Do Q")

    data = scan(packed)
    made = kept(data)
    assert (made.archival, codes(made)) == (True, [])
    assert same_look(data, made, tmp_path)
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        (stored,) = pdf.pages[0].get_images().values()
        assert stored.read_raw_bytes() == image
        with stand_ins(pdf):
            assert "/JPXDecode" not in str(stored.get("/Filter"))
        assert (stored.read_raw_bytes(), "/ColorSpace" in stored) == (image, False)


def test_pages_that_are_good_text_get_no_second_text(tmp_path):
    """Only words that have become a picture are laid behind it."""
    page = read_by_eye()
    made = kept(scan(stamped), [type(page)(1, page.blocks, 1984, 1200, 240, method=Method.TEXT_LAYER)])
    assert made.archival
    words = poppler(made.data, tmp_path / "a.pdf").decode().split()
    assert len(words) == len(set(words))


@pytest.mark.slow
@pytest.mark.skipif(not (JARS.is_file() and shutil.which("java")), reason="Apache PDFBox preflight is not installed")
def test_a_second_checker_finds_nothing(tmp_path):
    for name, data in (("scan", scan()), ("stamped", scan(stamped)), ("signed", with_signature(scan(), "SIGNED"))):
        twin(kept(data, organ_name="Ủy ban <nhân> & dân", due_date="2024-06-01").data, tmp_path / f"{name}.pdf")
    assert list(preflight(tmp_path)) == []


@pytest.mark.slow
@pytest.mark.skipif(not (JARS.is_file() and shutil.which("java")), reason="Apache PDFBox preflight is not installed")
def test_the_second_checker_sees_a_property_that_is_not_described(tmp_path):
    data = kept(scan()).data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        packet = pdf.Root.Metadata.read_bytes().replace(
            b"<vndoc:TypeName>", b"<vndoc:Other>x</vndoc:Other><vndoc:TypeName>"
        )
        pdf.Root.Metadata = pdf.make_stream(packet, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        out = io.BytesIO()
        pdf.save(out, **pdfa.resolve_save_kwargs("2b"))
    twin(out.getvalue(), tmp_path / "a.pdf")
    assert [clause[:11] for _, clause in preflight(tmp_path)] != []
