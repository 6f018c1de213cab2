"""A file of several documents read: each as if it lay there by itself."""

import io
import json
from datetime import UTC, datetime

import pikepdf
import pytest
from PIL import Image, TiffImagePlugin
from reportlab.pdfgen.canvas import Canvas
from typer.testing import CliRunner

import vndoc
from tests.conftest import draw_lines, with_signature
from vndoc.bundles import signed_notice
from vndoc.bundles.report import file_name
from vndoc.cli import app
from vndoc.dispatch import Dispatch, Signature, Source
from vndoc.errors import FormatError
from vndoc.export.parts import FileParts
from vndoc.settings import Settings

pytestmark = pytest.mark.slow  # the bundle is really read

SAME = {"source", "pages", "warnings", "evidence"}
"""What tells where in a file a document stands."""


def run(*args):
    return CliRunner().invoke(app, [str(a) for a in args])


@pytest.fixture(scope="module")
def documents(bundle):
    return vndoc.read_all(bundle)


def test_each_document_has_its_own_pages_and_fields(documents):
    assert [[page.number for page in document.pages] for document in documents] == [[1, 2], [4, 5], [6, 7]]
    assert [document.dispatch.code_notation for document in documents] == ["TTr-UBND", "QĐ-UBND", "TB-VP"]
    assert [document.dispatch.source.page_amount for document in documents] == [2, 2, 2]
    assert [n.code for n in documents[0].dispatch.warnings if n.code == "blank-left-out"] == ["blank-left-out"]


def test_it_is_read_as_if_it_lay_there_alone(documents, single):
    alone = vndoc.read(single)
    assert documents[1].dispatch.model_dump(exclude=SAME) == alone.dispatch.model_dump(exclude=SAME)
    assert [page.text for page in documents[1].pages] == [page.text for page in alone.pages]


def test_its_reading_gives_the_same_dispatch_again(documents):
    from vndoc.pipeline import parse_again  # noqa: PLC0415

    for document in documents:
        assert parse_again(document.reading) == document.dispatch


def test_read_never_cuts_and_says_what_it_saw(bundle):
    dispatch = vndoc.parse(bundle)
    assert len(dispatch.pages) == 7
    (notice,) = (n for n in dispatch.warnings if n.code == "several-documents")
    assert "pages 4 and 6" in notice.message
    (whole,) = vndoc.read_all(bundle, settings=Settings(split="never"))
    assert [n.code for n in whole.dispatch.warnings if n.code == "several-documents"] == ["several-documents"]
    (asked,) = vndoc.read_all(bundle, pages=[4, 5])
    assert asked.dispatch.code_notation == "QĐ-UBND"


def test_signatures_of_the_whole_are_said_and_not_used(bundle):
    signed = with_signature(bundle.read_bytes(), "Ky boi: Van phong")
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        pdf.Root.AcroForm.Fields[0].V = pikepdf.Dictionary(
            Type=pikepdf.Name.Sig, SubFilter=pikepdf.Name("/adbe.pkcs7.detached"), ByteRange=[0, 1, 2, 3], Contents=b""
        )
        out = io.BytesIO()
        pdf.save(out)
    first, *others = vndoc.read_all(out.getvalue())
    assert len(others) == 2
    for document in (first, *others):
        assert document.dispatch.signatures == []
        assert len([n for n in document.dispatch.warnings if n.code == "signature-unreadable"]) == 1
    with pikepdf.open(io.BytesIO(first.data())) as part:
        assert "/AcroForm" not in part.Root
        assert part.pages[0].Annots[0].Subtype == "/Stamp"


def test_who_signed_the_whole_is_said():
    signature = Signature(
        name="Nguyễn Văn An",
        signed_at=datetime(2025, 11, 3, 8, 15, tzinfo=UTC),
        sub_filter="adbe.pkcs7.detached",
        covers_whole_file=True,
    )
    notice = signed_notice([signature])
    assert notice.code == "file-signed"
    assert "(Nguyễn Văn An 2025-11-03 08:15)" in notice.message


def test_a_pdf_is_cut_without_encoding_its_images_anew(tmp_path):
    path = tmp_path / "scan.pdf"
    images = [Image.fromarray(draw_lines([f"trang {number}"], size=(600, 800))) for number in range(4)]
    images[0].save(path, save_all=True, append_images=images[1:], resolution=100)
    with pikepdf.open(path) as whole:
        raw = [next(iter(page.Resources.XObject.values())).read_raw_bytes() for page in whole.pages]
        with whole.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("all", 3))
        whole.attachments["a.txt"] = b"attached"
        whole.pages[1].Annots = pikepdf.Array(
            [
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot,
                    Subtype=pikepdf.Name.Link,
                    Rect=[0, 0, 9, 9],
                    Dest=[whole.pages[3].obj, pikepdf.Name.Fit],
                )
            ]
        )
        out = io.BytesIO()
        whole.save(out)
    with FileParts(out.getvalue(), "application/pdf", "scan.pdf") as file:
        cut = file.part([2, 3])
        assert cut == file.part([2, 3])
    with pikepdf.open(io.BytesIO(cut)) as part:
        assert [next(iter(page.Resources.XObject.values())).read_raw_bytes() for page in part.pages] == raw[1:3]
        assert "/Outlines" not in part.Root
        assert len(part.attachments) == 0
    assert len(cut) < len(out.getvalue()) * 0.75  # the page that a link leads to did not come along
    with pytest.raises(FormatError, match=r"scan\.pdf: cannot be cut"):
        FileParts(b"%PDF-1.7 nothing", "application/pdf", "scan.pdf")


def test_a_file_that_gave_many_parts_is_opened_anew(monkeypatch, bundle):
    data = bundle.read_bytes()
    with FileParts(data, "application/pdf", "a.pdf") as file:
        expected = [file.part([number]) for number in (1, 2, 3, 1)]
    monkeypatch.setattr("vndoc.export.parts._HELD", 1)
    opened = []
    monkeypatch.setattr(FileParts, "_opened", lambda self, kept=FileParts._opened: opened.append(1) or kept(self))
    with FileParts(data, "application/pdf", "a.pdf") as file:
        assert [file.part([number]) for number in (1, 2, 3, 1)] == expected
    assert len(opened) == 2


def test_what_is_filled_into_a_form_stays_on_its_page(tmp_path):
    path = tmp_path / "form.pdf"
    canvas = Canvas(str(path), pagesize=(300, 300))
    for page in range(2):
        canvas.drawString(20, 200, f"trang {page}")
        canvas.acroForm.textfield(name=f"so{page}", value=f"filled{page}", x=20, y=100, width=120, height=20)
        canvas.showPage()
    canvas.save()
    with FileParts(path.read_bytes(), "application/pdf", "form.pdf") as file:
        cut = file.part([2])
    with pikepdf.open(io.BytesIO(cut)) as part:
        assert "/AcroForm" not in part.Root
        assert "/Annots" not in part.pages[0] or len(part.pages[0].Annots) == 0
        forms = [x for x in part.pages[0].Resources.XObject.values() if x.get("/Subtype") == "/Form"]
        assert any(b"filled1" in form.read_bytes() for form in forms)


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_a_tiff_is_cut_with_its_pixels_unchanged(mode):
    frames = [Image.fromarray(draw_lines([f"trang {number}"], size=(300, 400))).convert(mode) for number in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:], dpi=(200, 100), compression="tiff_deflate")
    with FileParts(out.getvalue(), "image/tiff", "fax.tif") as file:
        cut = file.part([2, 3])
    with Image.open(io.BytesIO(cut)) as image:
        assert image.n_frames == 2
        assert tuple(map(float, image.info["dpi"])) == (200, 100)
        for number in range(2):
            image.seek(number)
            assert image.mode == mode
            assert image.tobytes() == frames[number + 1].tobytes()
            assert image.tag_v2[TiffImagePlugin.COMPRESSION] != 7
    with pytest.raises(FormatError, match=r"fax\.tif: cannot be cut"), FileParts(cut, "image/tiff", "fax.tif") as file:
        file.part([9])


def test_names_are_safe():
    source = Source(name="a.pdf", sha256="", media_type="application/pdf", page_amount=1)
    dispatch = Dispatch(
        source=source, type_name="Kế hoạch", code_number="5", code_notation="../KH\x00:UB*ND" + "A" * 200
    )
    name = file_name(7, dispatch, ".pdf")
    assert name.startswith("007 Kế hoạch 5-..-KH UB NDA")
    assert len(name) == 120
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert file_name(1, Dispatch(source=source), ".tif") == "001.tif"


def test_split_writes_each_document_and_a_report(bundle, tmp_path, monkeypatch):
    monkeypatch.setattr("vndoc.export.parts.FileParts.part", lambda *_: pytest.fail("opened outside of a sandbox"))
    result = run("split", bundle, "--output", tmp_path / "parts", "--report", "-")
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert list(report) == ["documents", "blank_pages", "doubtful"]
    assert [found["pages"] for found in report["documents"]] == [[1, 2], [4, 5], [6, 7]]
    assert [found["code"] for found in report["documents"]] == ["145/TTr-UBND", "1247/QĐ-UBND", "312/TB-VP"]
    assert [found["type_name"] for found in report["documents"]] == ["Tờ trình", "Quyết định", "Thông báo"]
    assert (report["blank_pages"], report["doubtful"]) == ([3], [])
    names = sorted(path.name for path in (tmp_path / "parts").iterdir())
    assert names == ["001 Tờ trình 145-TTr-UBND.pdf", "002 Quyết định 1247-QĐ-UBND.pdf", "003 Thông báo 312-TB-VP.pdf"]
    with pikepdf.open(tmp_path / "parts" / names[1]) as pdf:
        assert len(pdf.pages) == 2
        assert "1247/QĐ-UBND" in str(pdf.open_metadata()["dc:title"])
    again = run("split", bundle, "--output", tmp_path / "parts")
    assert again.exit_code == 4
    assert "is there already" in again.stderr


def test_a_report_alone_writes_nothing(bundle, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("split", bundle, "--report", "-").exit_code == 0
    assert list(tmp_path.iterdir()) == []
    assert run("split", bundle).exit_code == 2


def test_a_folder_of_files_goes_on_behind_a_bad_one(bundle, single, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(b"")
    (folder / "b.pdf").write_bytes(single.read_bytes())
    (folder / "c.txt").write_bytes(b"")
    result = run("split", folder, "--output", tmp_path / "out", "--report", tmp_path / "report.json")
    assert result.exit_code == 9
    files = {found["file"]: found for found in json.loads((tmp_path / "report.json").read_text("utf-8"))["files"]}
    assert "empty" in files["a.pdf"]["error"]
    assert [document["pages"] for document in files["b.pdf"]["documents"]] == [[1, 2]]
    (written,) = (tmp_path / "out" / "b").iterdir()
    assert written.read_bytes() == single.read_bytes()


def test_parse_gives_each_document_of_a_file(bundle, tmp_path):
    printed = json.loads(run("parse", bundle).stdout)
    assert [found["code_notation"] for found in printed] == ["TTr-UBND", "QĐ-UBND", "TB-VP"]
    assert json.loads(run("parse", bundle, "--split", "never").stdout)["code_notation"] == "TTr-UBND"
    assert json.loads(run("parse", bundle, "--pages", "4-5").stdout)["code_notation"] == "QĐ-UBND"
    assert run("parse", bundle, "--format", "pdf", "--output", tmp_path).exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hồ sơ.2.pdf", "hồ sơ.3.pdf", "hồ sơ.pdf"]
    with pikepdf.open(tmp_path / "hồ sơ.3.pdf") as pdf:
        assert len(pdf.pages) == 2
