"""Files attached to a PDF and pages that replace others are reported."""

import io
import json
from importlib.resources import files

import pikepdf
import pytest
import regex

from tests.sources.test_pdf_layers import saved, shown, text_pdf
from vndoc import pipeline
from vndoc.notices import NOTICE_CODES
from vndoc.settings import Settings
from vndoc.sources import load_file, open_file

ENTRIES = json.loads(files("vndoc.sources.pdf").joinpath("data/placeholders.json").read_text("utf-8"))["placeholders"]
LETTER = shown("So 412 SNV-VTLT") + shown("Kinh gui cac so", 100, 650)


def remarks(data):
    with open_file(load_file(data))[0] as file:
        for number in range(1, file.page_amount + 1):
            file.text_layer(number, 72)
        return file.remarks()


def with_files(data, *names, portfolio=False):
    pdf = pikepdf.open(io.BytesIO(data))
    for name in names:
        pdf.attachments[name] = b"%PDF-1.4"
    if portfolio:
        pdf.Root.Collection = pikepdf.Dictionary(Type=pikepdf.Name.Collection)
    return saved(pdf)


def with_xfa(data, *, rendering=None, field=False):
    pdf = pikepdf.open(io.BytesIO(data))
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=pdf.make_stream(b"<xdp/>"))
    if rendering is not None:
        pdf.Root.NeedsRendering = rendering
    if field:
        widget = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, Rect=pikepdf.Array([0, 0, 9, 9])
        )
        pdf.Root.AcroForm.Fields = pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(widget)])
    return saved(pdf)


def test_a_plain_letter_has_no_remarks():
    assert remarks(text_pdf(LETTER)) == []


@pytest.mark.parametrize("portfolio", [False, True])
def test_attached_files(portfolio):
    (remark,) = remarks(with_files(text_pdf(LETTER), "công văn.pdf", portfolio=portfolio))
    assert (remark.code, remark.page) == ("attachments-unread", None)
    assert '"công văn.pdf"' in remark.message
    (remark,) = remarks(with_files(text_pdf(LETTER), *[f"{n}.pdf" for n in range(9)]))
    assert "9 attached files" in remark.message
    assert "and 4 more" in remark.message


def test_a_portfolio_whose_files_are_not_found_is_reported_too():
    (remark,) = remarks(with_files(text_pdf(LETTER), portfolio=True))
    assert remark.code == "attachments-unread"


def test_a_file_attached_to_a_place_on_the_page():
    pdf = pikepdf.open(io.BytesIO(text_pdf(LETTER)))
    note = pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, FS=pikepdf.Dictionary(F="bang.xlsx"))
    pdf.pages[0].obj.Annots = pikepdf.Array([note])
    (remark,) = remarks(saved(pdf))
    assert "bang.xlsx" in remark.message


def test_dynamic_forms():
    assert [r.code for r in remarks(with_xfa(text_pdf(LETTER), rendering=True))] == ["page-placeholder"]
    assert [r.code for r in remarks(with_xfa(text_pdf(LETTER)))] == ["page-placeholder"]
    assert remarks(with_xfa(text_pdf(LETTER), field=True)) == []  # a static one shows its fields


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e["pattern"][:20])
def test_placeholders_fit_their_examples(entry):
    pattern = regex.compile(entry["pattern"], regex.I)
    assert all(pattern.search(example) for example in entry["examples"])


def test_a_page_that_replaces_another():
    wait = "Please wait... If this message is not eventually replaced"
    (remark,) = remarks(text_pdf(LETTER, shown(wait)))
    assert (remark.code, remark.page) == ("page-placeholder", 2)
    long = "".join(shown(f"{wait} with the proper contents of a letter", 10, 20 + 8 * n) for n in range(20))
    assert remarks(text_pdf(long)) == []  # a letter about such pages


def test_what_is_reported_is_in_the_dispatch():
    data = with_files(text_pdf(shown("This document cannot be displayed in this viewer")), "a.pdf")
    dispatch = pipeline.parse(data, settings=Settings(jobs=1))
    codes = {notice.code: notice.pointer for notice in dispatch.warnings}
    assert {"page-placeholder", "attachments-unread"} <= set(NOTICE_CODES)
    assert (codes["page-placeholder"], codes["attachments-unread"]) == ("/pages/1", None)
