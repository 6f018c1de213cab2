"""Word files: what is printed of them, in reading order, and nothing that is hidden, struck out or lies elsewhere."""

import io
import socket

import pytest
from PIL import Image

from tests.sources.word_files import element, paragraph, run, table, word_file
from vndoc.errors import EmptyFileError, FormatError, TooLargeError
from vndoc.sources import SourceFile, open_file, zipped
from vndoc.sources.word import DOCX


def opened(data, name="a.docx"):
    file, kind = open_file(SourceFile(name, data))
    assert kind == DOCX
    return file


def text(data):
    file = opened(data)
    return "\f".join(file.page(k).text for k in range(1, file.page_amount + 1))


def test_a_letterhead_is_read_by_columns_and_a_table_of_figures_by_rows():
    head = table(("SỞ NỘI VỤ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), ("Số: 12/SNV", "Hà Nội, ngày 5 tháng 6 năm 2025"))
    figures = table(("STT", "Đơn vị", "Số"), ("1", "Sở Y tế", "7"), borders="single")
    assert text(word_file(head + figures)).splitlines() == [
        "SỞ NỘI VỤ",
        "Số: 12/SNV",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Hà Nội, ngày 5 tháng 6 năm 2025",
        "",
        "STT\tĐơn vị\tSố",
        "1\tSở Y tế\t7",
    ]


def test_columns_set_by_tabs_are_lines_of_their_own():
    body = paragraph("SỞ NỘI VỤ", "<w:r><w:tab/></w:r>", "CỘNG HÒA XÃ HỘI") + paragraph(
        "1.", "<w:r><w:tab/></w:r>", "Nội dung"
    )
    assert text(word_file(body)) == "SỞ NỘI VỤ\nCỘNG HÒA XÃ HỘI\n1. Nội dung"


def test_tracked_changes_count_as_accepted():
    body = (
        paragraph("Số ", f"<w:del>{run('11')}</w:del>", f"<w:ins>{run('12')}</w:ins>")
        + paragraph("trước", properties="<w:rPr><w:del/></w:rPr>")
        + paragraph(" ngày")
        + f"<w:moveFrom>{paragraph('cũ')}</w:moveFrom><w:ins>{paragraph('mới')}</w:ins>"
    )
    assert text(word_file(body)) == "Số 12\ntrước ngày\nmới"


def test_hidden_text_codes_of_fields_and_comments_are_not_printed():
    field = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>"
    body = paragraph(
        "một ",
        run("ẩn ", "<w:vanish/>"),
        field.format("begin"),
        "<w:r><w:instrText>DATE</w:instrText></w:r>",
        field.format("separate"),
        "hai",
        field.format("end"),
        "<w:r><w:commentReference w:id='1'/></w:r>",
        run(" ba", "<w:caps/>"),
    )
    assert text(word_file(body)) == "một hai BA"


def test_text_boxes_come_once_and_behind_their_paragraph():
    box = f"<w:txbxContent>{paragraph('HỎA TỐC')}</w:txbxContent>"
    drawing = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert text(word_file(paragraph("Kính gửi", drawing))) == "Kính gửi\nHỎA TỐC"


def test_pages_end_where_the_writer_ends_them():
    body = (
        paragraph("một", '<w:r><w:br w:type="page"/></w:r>')
        + paragraph("hai", properties="<w:sectPr/>")
        + paragraph("ba", properties='<w:sectPr><w:type w:val="continuous"/></w:sectPr>')
        + paragraph("bốn", properties="<w:pageBreakBefore/>")
    )
    assert text(word_file(body)) == "một\fhai\fba\fbốn"


LEVEL = '<w:lvl w:ilvl="{}"><w:start w:val="{}"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/>{}</w:lvl>'


def listed(*levels, nums='<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'):
    made = "".join(LEVEL.format(k, *(*level, "")[:4]) for k, level in enumerate(levels))
    part = element("numbering", f'<w:abstractNum w:abstractNumId="0">{made}</w:abstractNum>{nums}')
    return {"related": [("n", "numbering", "numbering.xml")], "numbering__xml": part}


def item(text, level=0, number=1):
    numbers = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return paragraph(text, properties=numbers)


def test_lists_are_counted_as_word_counts_them():
    levels = (
        (1, "upperRoman", "%1."),
        (1, "decimal", "%1.%2.", "<w:isLgl/>"),
        (1, "lowerLetter", "%3)"),
        (1, "bullet", "\uf0b7"),
    )
    body = item("Mục đích") + item("một", 1) + item("hai", 1) + item("ý", 2) + item("ý", 2) + item("gạch", 3)
    body += item("Yêu cầu") + item("một", 1) + item("không", 1, 0) + paragraph("giữa") + item("hai", 1)
    assert text(word_file(body, **listed(*levels))).splitlines() == [
        "I. Mục đích",
        "1.1. một",
        "1.2. hai",
        "a) ý",
        "b) ý",
        "- gạch",
        "II. Yêu cầu",
        "2.1. một",
        "không",
        "giữa",
        "2.2. hai",
    ]


def test_another_instance_of_a_list_goes_on_or_begins_anew():
    nums = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )
    body = item("a") + item("b", 0, 2) + item("c", 0, 3) + item("d", 0, 3)
    assert text(word_file(body, **listed((1, "decimal", "Điều %1."), nums=nums))).splitlines() == [
        "Điều 1. a",
        "Điều 2. b",
        "Điều 1. c",
        "Điều 2. d",
    ]


def test_a_style_may_number_and_capitalise():
    styles = element(
        "styles",
        '<w:style w:type="paragraph" w:styleId="H"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
        '<w:rPr><w:caps/></w:rPr></w:style><w:style w:styleId="H2"><w:basedOn w:val="H"/></w:style>',
    )
    made = listed((1, "decimal", "%1."))
    made["related"].append(("s", "styles", "styles.xml"))
    body = paragraph("mục", properties='<w:pStyle w:val="H2"/>')
    assert text(word_file(body, styles__xml=styles, **made)) == "1. MỤC"


def test_headers_come_first_without_page_numbers_and_notes_last():
    page = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>'
    note = '<w:footnote w:id="5">' + paragraph("Theo Luật.") + "</w:footnote>"
    body = paragraph("Nội dung", '<w:r><w:footnoteReference w:id="5"/></w:r>')
    body += '<w:sectPr><w:headerReference w:type="default" r:id="h"/><w:footerReference r:id="f"/></w:sectPr>'
    related = [("h", "header", "header1.xml"), ("f", "footer", "footer1.xml"), ("n", "footnotes", "footnotes.xml")]
    parts = {
        "header1__xml": element("hdr", paragraph("SỞ Y TẾ") + paragraph("Trang ", page)),
        "footer1__xml": element("ftr", paragraph("Địa chỉ: số 1")),
        "footnotes__xml": element("footnotes", note),
    }
    assert text(word_file(body, related, **parts)).splitlines() == [
        "SỞ Y TẾ",
        "Nội dung",
        "[1] Theo Luật.",
        "Địa chỉ: số 1",
    ]


def png(size):
    out = io.BytesIO()
    Image.new("L", size, 255).save(out, "PNG")
    return out.getvalue()


PICTURE = '<w:r><w:drawing><a:blip r:embed="p"/></w:drawing></w:r>'


def test_scans_that_were_pasted_in_are_the_pages():
    related = [("p", "image", "media/a.png")]
    file = opened(word_file(paragraph("Bản quét", PICTURE), related, **{"media/a__png": png((700, 990))}))
    assert file.page_amount == 1
    assert file.page(1) is None
    assert file.text_layer(1, 100) is None
    assert file.image(1, file.layout(1, 100).dpi).shape[1] == 827
    assert file.remarks() == ()
    with file:
        pass
    logo = word_file(paragraph("Văn bản", PICTURE), related, **{"media/a__png": png((70, 99))})
    assert text(logo) == "Văn bản"


def test_what_is_not_read_is_told():
    long = "Thực hiện kế hoạch của Ủy ban nhân dân tỉnh " * 10
    data = word_file(
        paragraph(long, PICTURE, '<w:r><w:pict><v:imagedata r:id="x"/></w:pict></w:r>') + '<w:altChunk r:id="c"/>',
        [("p", "image", "media/a.png"), ("x", "image", "http://127.0.0.1:9/a.png", "External")],
        **{"media/a__png": png((700, 990))},
    )
    messages = [remark.message for remark in opened(data).remarks()]
    assert [message.split(":")[0] for message in messages] == [
        "The file holds 1 picture as large as a page",
        "The file holds 1 picture that lie elsewhere and were not fetched",
        "The file holds 1 file set into its text",
    ]


def test_nothing_is_fetched_and_no_macro_is_run(monkeypatch):
    monkeypatch.setattr(socket, "socket", lambda *a, **k: pytest.fail("the net was asked"))
    related = [
        ("t", "attachedTemplate", "http://127.0.0.1:9/evil.dotm", "External"),
        ("m", "vbaProject", "vbaProject.bin"),
    ]
    data = word_file(paragraph("Số: 1/UBND"), related, vbaProject__bin=b"Attribute VB_Name")
    assert text(data) == "Số: 1/UBND"
    assert text(word_file(paragraph("gì đó"), [("s", "styles", "../../../etc/passwd")])) == "gì đó"


BOMB = "<?xml version='1.0'?><!DOCTYPE w [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'><!ENTITY x SYSTEM 'file:///etc/passwd'>]><w>&b;&x;</w>"


@pytest.mark.parametrize(
    ("data", "error", "reason"),
    [
        (word_file(BOMB), FormatError, "declares a document type"),
        (word_file("<?xml version='1.0'?>" + "<a>" * 200 + "</a>" * 200), FormatError, "nests more than"),
        (word_file("<?xml version='1.0'?><a>"), FormatError, "XML is damaged"),
        (word_file("<?xml version='1.0'?><a/>"), FormatError, "holds no document"),
        (word_file(paragraph("")), EmptyFileError, "holds no text"),
        (word_file(paragraph("Số"))[:-40], FormatError, "damaged or cut off"),
        (word_file(paragraph("Số")).replace(b"word/", b"wXrd/", 3), FormatError, "holds no document"),
    ],
)  # fmt: skip
def test_hostile_and_damaged_files(data, error, reason):
    with pytest.raises(error, match=reason):
        opened(data)


def test_a_part_that_unpacks_to_too_much(monkeypatch):
    monkeypatch.setattr(zipped, "MAX_PART_BYTES", 100_000)
    with pytest.raises(TooLargeError, match="unpacks to more than"):
        opened(word_file(paragraph("0" * 200_000)))


def test_a_file_of_too_many_parts(monkeypatch):
    monkeypatch.setattr(zipped, "MAX_PARTS", 3)
    with pytest.raises(TooLargeError, match="more than 3 parts"):
        opened(word_file(paragraph("a")))


def test_a_list_of_lists_without_end():
    body = "".join(item("a", 8) for _ in range(3000))
    levels = [(1, "lowerRoman", "%1.%2.%3.%4.%5.%6.%7.%8.%9")] * 9
    assert text(word_file(body, **listed(*levels))).splitlines()[-1] == "i.i.i.i.i.i.i.i.mmm a"


def test_a_label_has_no_more_letters_than_word_takes():
    body = item("một") + item("hai")
    first, second = text(word_file(body, **listed((1, "decimal", "%1" * 20_000)))).splitlines()
    assert first == "1" * 127 + "% một"
    assert second == "2" * 127 + "% hai"
