"""Fields of scans on which print is worn, cut by a seal, or read with a stop or letter too many."""

from datetime import date

import pytest

from tests.parse.form_builder import centred, line, page
from tests.parse.passages import zoned
from vndoc.page import Line, Word
from vndoc.parse import parse_pages
from vndoc.parse.evidence import FieldValue
from vndoc.parse.form.anchors import is_number_line, is_to_places
from vndoc.parse.form.foot.names import read_name
from vndoc.parse.form.foot.occlusion import hidden_title
from vndoc.parse.form.foot.signature import SignatureBlock, read_signature
from vndoc.parse.form.head.header import Code, agree_with_issuer, read_code
from vndoc.parse.form.head.recipients import read_to_places
from vndoc.parse.form.head.title import read_subject
from vndoc.parse.form.head.writing import ordinary_case
from vndoc.parse.form.zones import Zones
from vndoc.parse.lines import TextLine, document_lines
from vndoc.parse.notation import parse_notation
from vndoc.parse.references.reading import find_references


def lines_of(*rows: Line) -> list[TextLine]:
    return document_lines([page(*rows)])


def row(*words: Word | str) -> Line:
    """One line of words; a text stands for words that were read surely."""
    found: list[Word] = []
    for word in words:
        found += [word] if isinstance(word, Word) else [Word(text, None, 0.96) for text in word.split()]
    return Line(tuple(found))


def signed(*texts: str) -> SignatureBlock:
    return read_signature(lines_of(*(centred(text, 1700, 500 + 70 * i) for i, text in enumerate(texts))))


# --- signature ----------------------------------------------------------------------------------------------


def powers(signature: SignatureBlock) -> list[str | None]:
    return [found.value for found in signature.authority]


def test_a_body_signs_by_somebody() -> None:
    found = signed("_M ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lê Văn An")
    assert powers(found) == ["TM. ỦY BAN NHÂN DÂN"]
    assert found.position.value == "CHỦ TỊCH"
    assert signed("ỦY BAN NHÂN DÂN", "Lê Văn An").position.value is None


@pytest.mark.parametrize("read", ["L^I,GIÁM ĐỐC", "(^\\,GIÁM ĐỐC", "1 .GIÁM ĐỐC", "“1, GIÁM ĐỐC"])
def test_the_ruin_of_a_power_is_one(read: str) -> None:
    found = signed(read, "Lê Văn An")
    assert powers(found) == ["KT. GIÁM ĐỐC"]
    assert found.position.value == "PHÓ GIÁM ĐỐC"


def test_letters_that_are_no_power_leave_the_title_open() -> None:
    found = signed("VST,GIÁM ĐỐC", "Lê Văn An")
    assert powers(found) == []
    assert found.position.sure is None
    assert [title for title, _ in found.position.candidates] == ["GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]


@pytest.mark.parametrize("read", ["GIÁM ĐỐC", ": GIÁM ĐỐC", "⁄ GIÁM ĐỐC"])
def test_specks_are_no_power(read: str) -> None:
    found = signed(read, "Lê Văn An")
    assert powers(found) == []
    assert found.position.value == "GIÁM ĐỐC"


def test_below_a_power_no_other_power_is_hidden() -> None:
    found = signed("4T. CHỦ TỊCH", "TỊCH", "Lê Văn An")
    assert powers(found) == ["KT. CHỦ TỊCH"]
    assert found.position.value == "PHÓ CHỦ TỊCH"


def test_a_hidden_title_is_known_by_its_letters_without_marks() -> None:
    (read,) = lines_of(centred("'S- ĐÓC", 1700, 500))
    box = read.words[-1].box
    assert box
    axis = box.x1 - 2.35 * box.width  # as far left of the right end as half of 'GIÁM ĐỐC' is wide
    found = hidden_title(read, axis + box.width)
    assert found is not None
    assert found.rest == "GIÁM ĐỐC"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Trần Thu Glang", "Trần Thu Giang"),
        ("Hoàng A", None),
        ("THà Văn Thọ", "Hà Văn Thọ"),
        ("Lê Hồng Y", "Lê Hồng Y"),
        ("Lê Như Ý", "Lê Như Ý"),
    ],
)
def test_letters_of_names(text: str, name: str | None) -> None:
    found = read_name(text)
    assert (found[0] if found else None) == name


def respelt(*words: tuple[str, str]) -> SignatureBlock:
    """A signature of which the name was read as the second of each pair and repaired to the first."""
    name = centred(" ".join(text for text, _ in words), 1700, 800)
    own = [Word(w.text, w.box, 0.9, raw=raw) for w, (_, raw) in zip(name.words, words, strict=True)]
    return read_signature(lines_of(centred("GIÁM ĐỐC", 1700, 500), Line(tuple(own))))


def test_repair_makes_no_other_name_of_a_name() -> None:
    assert respelt(("Hồ", "Hã"), ("Thị", "Thị"), ("Văn", "Vân")).full_name.sure == "Hà Thị Vân"
    assert respelt(("Nguyễn", "Nguyên"), ("Văn", "Văn"), ("Hùng", "Hùnh")).full_name.sure == "Nguyễn Văn Hùng"


def test_a_name_that_begins_with_a_middle_name_is_withheld() -> None:
    found = signed("GIÁM ĐỐC", "Văn Phúc").full_name
    assert found.sure is None
    assert all(name.endswith(" Văn Phúc") for name, _ in found.candidates)


# --- subject ------------------------------------------------------------------------------------------------


def subject(title: Line, *body: str) -> str | None:
    first = document_lines([page(title)])
    return read_subject(Zones(title=tuple(first), body=tuple(lines_of(*(line(t, 300, 900) for t in body))))).value


@pytest.mark.parametrize(
    ("title", "body", "value"),
    [
        (row(Word(",Chiếc", None, 0.9, raw=",Vềviệc"), "mở rộng nộp thuế"), "", "mở rộng nộp thuế"),
        (row("việc tham dự Hội nghị"), "", "tham dự Hội nghị"),
        (row("V/v sửa Quyết định số 22/QĐ- -TTg"), "", "sửa Quyết định số 22/QĐ-TTg"),
        (row("V/v phí của Bộ Thương", Word("r", None, 0.5), "mại"), "", "phí của Bộ Thương mại"),
        (row("V/v phí của Bộ Thương", Word("r", None, 0.97), "mại"), "", "phí của Bộ Thương r mại"),
        (row("V/v họp về", Word(";", None, 0.6), "phí"), "", "họp về phí"),
        (row("V/v ghi ý", Word("ở", None, 0.5), "Phiếu"), "", "ghi ý ở Phiếu"),
        (row("V/v góp ý Quyết. định sửa đổi"), "dự thảo Quyết định sửa đổi", "góp ý Quyết định sửa đổi"),
        (row("V/v khám bệnh. chữa bệnh"), "", "khám bệnh, chữa bệnh"),
        (row("V/v thăm TP. Huế"), "thăm TP. Huế", "thăm TP. Huế"),
        (row("V/v rà soát TPHC"), "rà soát TTHC; công bố TTHC", "rà soát TTHC"),
        (row("V/v rà soát TTHS"), "rà soát TTHC; công bố TTHC và TTHS", "rà soát TTHS"),
        (row("V/v thanh", Word("tA,", None, 0.1), "kiểm tra"), "Việc thanh tra, kiểm tra", "thanh tra, kiểm tra"),
        (row("V/v thanh", Word("lý", None, 0.1), "tài sản"), "Việc thanh toán tài sản", "thanh lý tài sản"),
    ],
)
def test_a_subject_without_specks(title: Line, body: str, value: str) -> None:
    assert subject(title, body) == value


# --- Nơi nhận -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("- ư Điều 3;", "Như Điều 3"),
        ("- Các bộ. cơ quan ngang bộ;", "Các bộ, cơ quan ngang bộ"),
        ("- VPUB: CVP. PCVP;", "VPUB: CVP, PCVP"),
        ("- TT. Tỉnh ủy;", "TT. Tỉnh ủy"),
        ("- T hường trực Tỉnh ủy;", "Thường trực Tỉnh ủy"),
        ("- Lưu: VT. KHTC.", "Lưu: VT, KHTC"),
        ("- Lưu: VT. “HT”", "Lưu: VT. “HT”"),
        ("- CT, PCT UBND.tinh;", "CT, PCT UBND tỉnh"),
        ("- trên;", "Như trên"),
        ("- Bộ trưởng (đẻ bậc);", "Bộ trưởng (để b/c)"),
        ("- VPUB: CVP, HC- -QT;", "VPUB: CVP, HC-QT"),
        ("- Cổng TTĐT Bộ GDDT;", "Cổng TTĐT Bộ GDĐT"),
    ],
)
def test_entries_of_to_places(entry: str, value: str) -> None:
    assert [found.value for found in read_to_places(lines_of(line(entry, 300, 500)))] == [value]


def test_what_a_seal_leaves_behind_an_entry_is_not_read() -> None:
    seal = [Word("PHó", None, 0.5), Word("{T4", None, 0.0), Word("1", None, 0.6)]
    read = [found.value for found in read_to_places(lines_of(row("- Như thành phần mời;", *seal)))]
    assert read == ["Như thành phần mời"]
    code = row("- Lưu: VT.", Word("KGVXbnt", None, 0.2))
    assert read_to_places(lines_of(code))[0].value == "Lưu: VT, KGVXbnt"
    code = row(Word("bưu:", None, 0.3), Word("VT,KT.bngoc", None, 0.2))
    assert read_to_places(lines_of(code))[0].value == "Lưu: VT,KT.bngoc"


@pytest.mark.parametrize(
    ("printed", "behind", "value"),
    [
        ("- Lưu: VT, TCCV (5b), Hà", [("RÃ", 0.55)], "Lưu: VT, TCCV (5b), Hà"),
        ("- Lưu: VT, TCCV. TĐT", [("V-", 0.26)], "Lưu: VT, TCCV. TĐT"),
        ("- Lưu: Văn thư, KGVX (3b).KN", [("b0D", 0.17), ("4", 0.3)], "Lưu: Văn thư, KGVX (3b).KN"),
        ("- Lưu: VT, KTN (3b)u", [("48", 0.4)], "Lưu: VT, KTN (3b)"),
        ("- Lưu: VT, KTN (Vũ", [("55).", 0.48)], "Lưu: VT, KTN (Vũ 55)"),
        ("- Lưu: VT, KHTC,", [("NV.", 0.4)], "Lưu: VT, KHTC, NV"),
        ("- Lưu: VT, KHTC", [("(3b).", 0.4)], "Lưu: VT, KHTC (3b)"),
        ("- Lưu: VT, KGVX", [("TH", 0.9)], "Lưu: VT, KGVX TH"),
    ],
)
def test_initials_behind_the_filing_line_are_no_text(printed: str, behind: list[tuple[str, float]], value: str) -> None:
    read = row(printed, *(Word(text, None, confidence) for text, confidence in behind))
    assert [found.value for found in read_to_places(lines_of(read))] == [value]


def test_an_entry_ends_with_its_bracket() -> None:
    rows = [line("- GĐ và các PGĐ SYT (để b/c):", 300, 500), line("Các phòng chức năng;", 330, 550)]
    assert [f.value for f in read_to_places(lines_of(*rows))] == ["GĐ và các PGĐ SYT (để b/c)", "Các phòng chức năng"]
    rows = [line("- Các Phó Thủ tướng:", 300, 500), line("Lê Văn An, Trần Bình;", 330, 550)]
    assert len(read_to_places(lines_of(*rows))) == 1


def test_misread_headings() -> None:
    assert is_to_places("Mới nhận:")
    assert is_number_line("Só2624 :QD-BGIDIDI")
    assert is_number_line("sẽ. #Š j /QÐ-BTP")
    assert not is_number_line("Số 12. ĐƯỜNG LÊ LỢI")


# --- letterhead ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notation", "reading", "organ", "value"),
    [
        ("TB-SVYT", 0.6, "Sở Y tế", "TB-SYT"),
        ("TB-SVYT", 0.6, "Sở Y tế tỉnh Kiên Giang", "TB-SYT"),
        ("TB-SYT", 0.6, "Sở Y tế", "TB-SYT"),
        ("QĐ-STP", 0.6, "Sở Y tế", "QĐ-STP"),  # another known body's
        ("GM-TB", 0.3, "Sở Y tế", "GM-TB"),
        ("QĐ-BGIDIDI", 0.6, "Bộ Giáo dục và Đào tạo", None),
        ("QĐ-BGIDIDI", 0.9, "Bộ Giáo dục và Đào tạo", "QĐ-BGIDIDI"),
        ("TB-SVYT", 0.6, None, "TB-SVYT"),
        ("LĐTBXH-TE", 0.9, "Bộ Lao động - Thương binh và Xã hội", "LĐTBXH-TE"),  # its own, shorter than usual
        ("KH-HNDT", 0.9, "Hội Nông dân tỉnh Trà Vinh", "KH-HNDT"),
        ("KL-TTr", 0.9, "Thanh tra tỉnh", "KL-TTr"),
    ],
)
def test_a_notation_is_that_of_its_issuer(notation: str, reading: float, organ: str | None, value: str | None) -> None:
    code = Code(FieldValue(None, 0.0), FieldValue(notation, 0.8, reading=reading), None)
    assert agree_with_issuer(code, organ).notation.sure == value


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("UỶ BANNHÂNDÂN TỈNH AN GIANG", "Ủy ban nhân dân tỉnh An Giang"),
        ("ỦYBANNHÂNDÂN TỈNH AN GIANG", "Ủy ban nhân dân tỉnh An Giang"),
        ("CÔNG TY TNHH PHONGPHU", "Công ty TNHH PHONGPHU"),
    ],
)
def test_letterheads_that_lost_their_blanks(read: str, written: str) -> None:
    assert ordinary_case(read) == written


def test_a_slash_read_as_a_letter() -> None:
    lines = lines_of(line("Số: 43ZGM-TB", 300, 300))
    assert read_code(tuple(lines), (), "Giấy mời").notation.value == "GM-TB"
    assert read_code(tuple(lines), (), "Quyết định").notation.value == "ZGM-TB"


def test_addressees_without_their_heading() -> None:
    head = [line("BỘ Y TẾ", 300, 200), line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 1300, 200)]
    title = [line("Số: 12/BYT-KH", 300, 340), line("V/v phòng dịch", 300, 420)]
    listed = [line("- Văn phòng Chính phủ;", 980, 600), line("- Bộ Nội vụ.", 980, 680)]
    body = [line("Thực hiện Công văn số 1/VPCP-KG, Bộ Y tế báo cáo.", 400, 800)]
    found = parse_pages([page(*head, *title, *listed, *body)])
    assert found.recipients == ["Văn phòng Chính phủ", "Bộ Nội vụ"]
    listed = [line("- Văn phòng Chính phủ;", 400, 600), line("- Bộ Nội vụ.", 400, 680)]
    assert parse_pages([page(*head, *title, *listed, *body)]).recipients == []


# --- references ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("theo Nghị định số 161/2024/NĐ-CP. ngày 18/12/2024 của Chính phủ", date(2024, 12, 18)),
        ("tại Công văn số 174/HĐND-VX ngày, 11/10/2024 về việc", date(2024, 10, 11)),
        ("theo Nghị định số 161/2024/NĐ-CP. Ngày 18/12/2024, Sở đã báo cáo", None),
    ],
)
def test_a_stop_within_a_citation(text: str, day: date | None) -> None:
    (cited,) = find_references(*zoned(text))
    assert cited.issued_date == day


def test_a_speck_within_a_code() -> None:
    assert str(parse_notation("2269/QĐ- ~TTg")) == "2269/QĐ-TTg"
