"""A dispatch written as a Word file and read back is the same dispatch."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import vndoc
from tests.conftest import SAMPLES
from tests.export.docx.made import LETTER, again, letter, made, opened, text_of, values
from vndoc.dispatch import (
    Annex,
    Arrival,
    CertifiedCopy,
    Dispatch,
    Evidence,
    JointIssuer,
    Overlay,
    Section,
    Signer,
    Table,
    TableCell,
    TableRow,
)
from vndoc.export.docx import to_docx
from vndoc.sources import SourceFile

SCANS = sorted(path for path in SAMPLES.glob("*/scan.*"))
TEXTS = sorted(SAMPLES.glob("*/text.txt"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.parent.name)
def test_texts_of_the_samples(path):
    dispatch = vndoc.parse(path)
    assert values(again(dispatch)) == values(dispatch)


@pytest.mark.slow
@pytest.mark.parametrize("path", SCANS, ids=lambda path: path.parent.name)
def test_scans_of_the_samples(path):
    document = vndoc.read(path)
    back = vndoc.read(SourceFile("a.docx", document.to_docx())).dispatch
    assert values(back) == values(document.dispatch)


def test_units_of_all_kinds_and_paragraphs_in_them():
    dispatch = letter("""Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
1. Kế hoạch này quy định việc số hóa.
a) Tài liệu giấy;
b) Tài liệu điện tử;
c) Phim;
d) Ảnh;
đ) Bản đồ;
e) Băng ghi âm;
g) Tài liệu khác.
Tài liệu mật không số hóa.
2. Phòng Nội vụ: Chủ trì thực hiện.
- Lập danh mục;
- Kiểm tra.
Chương II
TỔ CHỨC THỰC HIỆN
Điều 2. Hiệu lực
1. Kế hoạch có hiệu lực từ ngày ký.""")
    assert [unit.label for unit in dispatch.sections] == ["Chương I", "Chương II"]
    assert values(again(dispatch)) == values(dispatch)


def test_what_is_not_known_stays_unknown():
    dispatch = letter("1. Việc thứ nhất.\n2. Việc thứ hai.").model_copy(
        update={"code_number": None, "issued_date": None, "due_date": None}
    )
    back = again(dispatch)
    assert (back.code_number, back.issued_date) == (None, None)
    assert (back.code_notation, back.place, back.subject) == ("KH-UBND", "Vạn An", dispatch.subject)


def test_the_number_left_blank_in_the_form_of_the_party():
    lines = LETTER.format(body="1. Một việc.\n2. Hai việc.").replace("Độc lập - Tự do - Hạnh phúc\n", "")
    lines = lines.replace("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ĐẢNG CỘNG SẢN VIỆT NAM")
    lines = lines.replace("ỦY BAN NHÂN DÂN\nHUYỆN VẠN AN", "HUYỆN ỦY VẠN AN").replace("Số: 15/KH-UBND", "Số 15-KH/HU")
    dispatch = vndoc.parse(lines.encode())
    assert dispatch.code_notation == "KH/HU"
    blank = again(dispatch.model_copy(update={"code_number": None}))
    assert (blank.code_number, blank.code_notation) == (None, "KH/HU")


def test_a_copy_two_issuers_and_two_signers():
    lines = LETTER.format(body="1. Một việc.\n2. Hai việc.")
    whole = vndoc.parse(lines.encode())
    copy = CertifiedCopy(
        type_name="Bản sao y",
        organ_name="Ủy ban nhân dân huyện Vạn An",
        code_number="12",
        code_notation="SY-UBND",
        issued_date=date(2024, 7, 1),
        signer=Signer(authority=["TL. CHỦ TỊCH"], position="CHÁNH VĂN PHÒNG", full_name="Lê Văn An"),
    )
    assert again(whole.model_copy(update={"certified_copy": copy})).certified_copy == copy


SENTENCES = st.sampled_from(
    [
        "Rà soát, lập danh mục tài liệu lưu trữ đang bảo quản tại kho của huyện.",
        "Chủ trì, phối hợp với Phòng Tài chính - Kế hoạch tham mưu bố trí kinh phí; báo cáo UBND huyện trước ngày "
        "15/7/2024.",
        "Số hóa hồ sơ từ năm 1991 đến năm 2020 theo quy định của pháp luật về lưu trữ, bảo đảm chính xác, đầy đủ, kịp "
        "thời và an toàn thông tin trong toàn bộ quá trình thực hiện.",
        "Định kỳ hằng quý báo cáo kết quả thực hiện.",
        "Thực hiện Quyết định số 749/QĐ-TTg ngày 03/6/2020 của Thủ tướng Chính phủ.",
    ]
)
TITLES = st.sampled_from(["Phòng Nội vụ", "Văn phòng HĐND và UBND huyện", "Yêu cầu chung", "UBND các xã, thị trấn"])


@st.composite
def bodies(draw):
    """Units down to points and dashes, with titles that stand alone, run in, or are not there."""
    lines = []
    for number in range(1, draw(st.integers(2, 4))):
        title, below = draw(TITLES), draw(st.integers(0, 3))
        kind = draw(st.sampled_from(["title", "run in", "none"])) if below else "run in"
        lines.append(
            f"{number}. " + {"title": title, "run in": f"{title}: {draw(SENTENCES)}"}.get(kind, draw(SENTENCES))
        )
        lines += [f"{'abcdđe'[k]}) {draw(SENTENCES)}" for k in range(below)]
        lines += [f"- {draw(SENTENCES)}" for _ in range(draw(st.integers(0, 2)))]
    return "\n".join(lines)


@pytest.mark.slow
@settings(max_examples=20)
@given(bodies())
def test_any_plan_comes_back_equal(body):
    dispatch = letter(body)
    assert values(again(dispatch)) == values(dispatch)


# --- whatever the fields hold -------------------------------------------------------------------------------

ANY = st.text(max_size=30)
SOME = st.none() | ANY
SIGNERS = st.builds(Signer, authority=st.lists(ANY, max_size=3), position=SOME, full_name=SOME)
SECTIONS = st.recursive(
    st.builds(
        Section,
        label=st.sampled_from(["1", "2.1", "đ", "Điều 3", "IV", "Chương II", "a.1", "Phần thứ hai", "x", "0"]) | ANY,
        style=st.sampled_from(["phan", "chuong", "muc", "dieu", "khoan", "diem", "la_ma"]),
        title=SOME,
        text=st.text(max_size=60),
        start=st.integers(0, 90),
    ),
    lambda below: st.builds(
        Section, label=ANY, style=st.just("khoan"), title=SOME, start=st.just(0), children=st.lists(below, max_size=3)
    ),
    max_leaves=6,
)
CELLS = st.builds(
    TableCell,
    column=st.integers(0, 5),
    row_span=st.integers(1, 4),
    column_span=st.integers(1, 4),
    text=ANY,
    page=st.just(1),
    start=st.integers(0, 99),
    end=st.integers(0, 99),
)
TABLES = st.builds(
    Table,
    page=st.just(1),
    columns=st.integers(1, 5),
    header_rows=st.integers(0, 2),
    rows=st.lists(st.builds(TableRow, cells=st.lists(CELLS, max_size=4)), max_size=4),
    ruled=st.booleans(),
)
DISPATCHES = st.builds(
    Dispatch,
    source=st.just(made().source),
    type_name=SOME,
    code_number=SOME,
    code_notation=SOME,
    organ_name=SOME,
    parent_organ_name=SOME,
    place=SOME,
    issued_date=st.none() | st.dates(),
    subject=SOME,
    urgency=st.sampled_from([None, "Khẩn"]),
    secrecy=st.sampled_from([None, "Mật"]),
    circulation=SOME,
    draft=st.booleans(),
    recipients=st.lists(ANY, max_size=3),
    to_places=st.lists(ANY, max_size=3),
    signers=st.lists(SIGNERS, max_size=4),
    joint_issuers=st.lists(st.builds(JointIssuer, organ_name=ANY, code_number=SOME, code_notation=SOME), max_size=3),
    certified_copy=st.none() | st.builds(CertifiedCopy, organ_name=SOME, code_notation=SOME, signer=SIGNERS),
    annexes=st.lists(
        st.builds(Annex, label=SOME, page=st.just(1), start=st.integers(0, 99), end=st.integers(0, 120)), max_size=2
    ),
    arrival=st.builds(Arrival, number=SOME, date=st.none() | st.dates()),
    overlays=st.lists(st.builds(Overlay, text=ANY, page=st.just(1)), max_size=2),
    opening=st.lists(ANY, max_size=3),
    sections=st.lists(SECTIONS, max_size=3),
    closing=st.lists(ANY, max_size=3),
    tables=st.lists(TABLES, max_size=2),
    evidence=st.dictionaries(
        st.sampled_from(["/subject", "/code_number", "/signer/full_name", "/recipients/0", "/organ_name"]),
        st.builds(
            Evidence,
            confidence=st.floats(0, 1),
            raw=SOME,
            candidates=st.lists(st.tuples(ANY, st.floats(0, 1)), max_size=2),
            method=st.just("rule"),
        ),
        max_size=3,
    ),
    text=st.text(max_size=120),
)


@pytest.mark.slow
@settings(max_examples=25)
@given(DISPATCHES)
def test_any_dispatch_gives_a_sound_file_with_all_its_paragraphs(dispatch):
    data = to_docx(dispatch)
    assert data == to_docx(dispatch)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert all(etree.fromstring(parts.read(name)) is not None for name in parts.namelist())
    opened(dispatch)
    read = "".join(text_of(dispatch).split())
    for paragraph in dispatch.opening:
        letters = "".join(character for character in paragraph if character.isalnum() and character.isascii())
        assert all(letter in read for letter in letters)
