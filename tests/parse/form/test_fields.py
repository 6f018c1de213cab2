"""Whole dispatches as text, columns apart or interleaved, and the fields that must come out."""

from datetime import date

import pytest

from vndoc.dispatch import Dispatch
from vndoc.page import page_from_text
from vndoc.parse import parse_pages


def read(*texts: str) -> Dispatch:
    return parse_pages([page_from_text(text, i) for i, text in enumerate(texts, 1)])


INTERLEAVED = """\
BỘ TÀI CHÍNH CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỔNG CỤC HẢI QUAN Độc lập - Tự do - Hạnh phúc

Số: 3421/TCHQ-GSQL Hà Nội, ngày 12 tháng 5 năm 2014
V/v vướng mắc thủ tục nhập khẩu
phế liệu

Kính gửi: Cục Hải quan các tỉnh, thành phố.

Tổng cục Hải quan nhận được công văn số 12/HQHP-GSQL của Cục Hải quan Hải Phòng.
1. Giao các đơn vị thực hiện./.

Nơi nhận: KT. TỔNG CỤC TRƯỞNG
- Như trên; PHÓ TỔNG CỤC TRƯỞNG
- Bộ Tài chính (để b/c);
- Lưu: VT, GSQL (3b).
Vũ Ngọc Anh
"""

SHOUTED = """\
THỦ TƯỚNG CHÍNH PHỦ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 16/CT-TTg
Hà Nội, ngày 20 tháng 5 năm 2014
CHỈ THỊ
VỀ VIỆC TĂNG CƯỜNG PHÒNG, CHỐNG
CHÁY RỪNG
Thời gian qua, công tác phòng cháy rừng đạt nhiều kết quả.
Nơi nhận:
- Ban Bí thư Trung ương Đảng;
- HĐND, UBND các tỉnh, thành phố trực thuộc
trung ương;
- Lưu: VT, NN (2b).
KT. THỦ TƯỚNG
PHÓ THỦ TƯỚNG
Nguyễn Văn Hai
"""

JOINT = """\
BỘ TÀI CHÍNH - BỘ CÔNG THƯƠNG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 77/2012/TTLT-BTC-BCT Hà Nội, ngày 16 tháng 5 năm 2012
THÔNG TƯ LIÊN TỊCH
Hướng dẫn quản lý và sử dụng kinh phí khuyến công
Căn cứ Luật Ngân sách nhà nước;
Điều 1. Phạm vi.
KT. BỘ TRƯỞNG BỘ CÔNG THƯƠNG
THỨ TRƯỞNG
Lê Văn Quang
Nơi nhận:
- Thủ tướng Chính phủ;
- Lưu: VT.
"""

PARTY = """\
TỈNH ỦY LẠC HỒNG
BAN TUYÊN GIÁO
*
Số 415-CV/BTGTU
Về việc tuyên truyền đại hội
ĐẢNG CỘNG SẢN VIỆT NAM
Lạc Hồng, ngày 05 tháng 4 năm 2020
Kính gửi: - Các huyện ủy, thành ủy,
- Các cơ quan báo chí.
Thực hiện Kế hoạch số 12-KH/TU ngày 01/3/2020, Ban Tuyên giáo đề nghị.
Nơi nhận:
- Như trên,
- Lưu.
K/T TRƯỞNG BAN
PHÓ TRƯỞNG BAN
Lê Thị Hoa
"""

DEPARTMENT = """\
UBND TỈNH KIÊN GIANG
SỞ NÔNG NGHIỆP VÀ
PHÁT TRIỂN NÔNG THÔN
Số: 415/SNNPTNT-TCCB
V/v báo cáo kết quả thực hiện
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Kiên Giang, ngày 05 tháng 4 năm 2019
Kính gửi:
- Sở Nội vụ;
- Các phòng, ban chuyên môn, đơn vị trực thuộc Sở
Nông nghiệp và Phát triển nông thôn.
Thực hiện Công văn số 12/UBND-NC, Sở báo cáo như sau.
Nơi nhận:
- Như trên;
- Lưu: VT, nvanh.
GIÁM ĐỐC
PGS.TS. Đỗ Minh Nhựt
"""

INVITATION = """\
UBND HUYỆN PHÚ ĐIỀN
VĂN PHÒNG
HỘI ĐỒNG NHÂN DÂN VÀ ỦY BAN NHÂN DÂN
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 12/GM-VP
Phú Điền, ngày 3 tháng 7 năm 2022
HỎA TỐC
GIẤY MỜI
Dự họp giao ban tháng 7
Thực hiện chương trình công tác, Văn phòng trân trọng kính mời:
Nơi nhận:
- Như thành phần mời;
- Lưu: VP.
TL. CHỦ TỊCH
KT. CHÁNH VĂN PHÒNG
PHÓ CHÁNH VĂN PHÒNG
Nguyễn Thị Thanh
"""

TELEGRAM = """\
THỦ TƯỚNG CHÍNH PHỦ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 31/CĐ-TTg Hà Nội, ngày 11 tháng 12 năm 2014
CÔNG ĐIỆN
Về việc đẩy mạnh giải quyết thủ tục hành chính
THỦ TƯỚNG CHÍNH PHỦ điện:
- Bộ trưởng, Thủ trưởng cơ quan ngang bộ;
- Chủ tịch UBND các tỉnh.
Thời gian qua, Chính phủ đã chỉ đạo.
Nơi nhận:
- Như trên;
- Lưu: VT, KSTT (2b).
THỦ TƯỚNG
Nguyễn Văn Hai
"""

COMPANY = """\
CÔNG TY CỔ PHẦN CẤP NƯỚC
AN GIANG
Số: 12/TB-CTN
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Long Xuyên, ngày 12 tháng 5 năm 2021
MẬT
THÔNG BÁO
Về việc tạm ngưng cấp nước
Công ty Cổ phần Cấp nước An Giang thông báo:
1. Thời gian: 8 giờ.
TỔNG GIÁM ĐỐC
Lê Văn Tám
"""

EXPECTED = [
    (
        TELEGRAM,
        {
            "type_name": "Công điện",
            "subject": "đẩy mạnh giải quyết thủ tục hành chính",
            "recipients": ["Bộ trưởng, Thủ trưởng cơ quan ngang bộ", "Chủ tịch UBND các tỉnh"],
            "signer": ([], "THỦ TƯỚNG", "Nguyễn Văn Hai"),
        },
    ),
    (
        COMPANY,
        {
            "organ_name": "Công ty Cổ phần Cấp nước An Giang",
            "secrecy": "Mật",
            "subject": "tạm ngưng cấp nước",
            "to_places": [],
            "signer": ([], "TỔNG GIÁM ĐỐC", "Lê Văn Tám"),
        },
    ),
    (
        INTERLEAVED,
        {
            "type_name": "Công văn",
            "code_number": "3421",
            "code_notation": "TCHQ-GSQL",
            "parent_organ_name": "Bộ Tài chính",
            "organ_name": "Tổng cục Hải quan",
            "place": "Hà Nội",
            "issued_date": date(2014, 5, 12),
            "subject": "vướng mắc thủ tục nhập khẩu phế liệu",
            "recipients": ["Cục Hải quan các tỉnh, thành phố"],
            "to_places": ["Như trên", "Bộ Tài chính (để b/c)", "Lưu: VT, GSQL (3b)"],
            "signer": (["KT. TỔNG CỤC TRƯỞNG"], "PHÓ TỔNG CỤC TRƯỞNG", "Vũ Ngọc Anh"),
        },
    ),
    (
        SHOUTED,
        {
            "type_name": "Chỉ thị",
            "code_notation": "CT-TTg",
            "organ_name": "Thủ tướng Chính phủ",
            "subject": "Tăng cường phòng, chống cháy rừng",
            "recipients": [],
            "to_places": [
                "Ban Bí thư Trung ương Đảng",
                "HĐND, UBND các tỉnh, thành phố trực thuộc trung ương",
                "Lưu: VT, NN (2b)",
            ],
            "signer": (["KT. THỦ TƯỚNG"], "PHÓ THỦ TƯỚNG", "Nguyễn Văn Hai"),
        },
    ),
    (
        JOINT,
        {
            "type_name": "Thông tư liên tịch",
            "code_number": "77",
            "code_notation": "2012/TTLT-BTC-BCT",
            "organ_name": "Bộ Tài chính - Bộ Công Thương",
            "subject": "Hướng dẫn quản lý và sử dụng kinh phí khuyến công",
            "signer": (["KT. BỘ TRƯỞNG BỘ CÔNG THƯƠNG"], "THỨ TRƯỞNG", "Lê Văn Quang"),
        },
    ),
    (
        PARTY,
        {
            "type_name": "Công văn",
            "code_number": "415",
            "code_notation": "CV/BTGTU",
            "parent_organ_name": "Tỉnh ủy Lạc Hồng",
            "organ_name": "Ban Tuyên giáo",
            "subject": "tuyên truyền đại hội",
            "recipients": ["Các huyện ủy, thành ủy", "Các cơ quan báo chí"],
            "to_places": ["Như trên", "Lưu"],
            "signer": (["K/T TRƯỞNG BAN"], "PHÓ TRƯỞNG BAN", "Lê Thị Hoa"),
        },
    ),
    (
        DEPARTMENT,
        {
            "parent_organ_name": "UBND tỉnh Kiên Giang",
            "organ_name": "Sở Nông nghiệp và Phát triển nông thôn",
            "subject": "báo cáo kết quả thực hiện",
            "recipients": [
                "Sở Nội vụ",
                "Các phòng, ban chuyên môn, đơn vị trực thuộc Sở Nông nghiệp và Phát triển nông thôn",
            ],
            "signer": ([], "GIÁM ĐỐC", "Đỗ Minh Nhựt"),
        },
    ),
    (
        INVITATION,
        {
            "type_name": "Giấy mời",
            "parent_organ_name": "UBND huyện Phú Điền",
            "organ_name": "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân",
            "urgency": "Hỏa tốc",
            "subject": "Dự họp giao ban tháng 7",
            "signer": (["TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG"], "PHÓ CHÁNH VĂN PHÒNG", "Nguyễn Thị Thanh"),
        },
    ),
]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [(text, name, value) for text, fields in EXPECTED for name, value in fields.items()],
)
def test_field_of_a_whole_dispatch(text: str, name: str, value: object) -> None:
    dispatch = read(text)
    if name == "signer":
        signer = dispatch.signer
        assert (signer.authority, signer.position, signer.full_name) == value
    else:
        assert getattr(dispatch, name) == value


@pytest.mark.parametrize("text", [text for text, _ in EXPECTED])
def test_every_field_has_evidence_on_its_page(text: str) -> None:
    dispatch = read(text)
    for name in ("type_name", "code_number", "code_notation", "organ_name", "issued_date", "subject"):
        evidence = dispatch.evidence[f"/{name}"]
        assert evidence.confidence >= 0.5
        assert evidence.page == 1
        assert evidence.raw
    assert dispatch.evidence["/signer/position"].page == 1
    assert all(f"/to_places/{i}" in dispatch.evidence for i in range(len(dispatch.to_places)))


def test_an_attached_document_fills_no_field() -> None:
    second = INVITATION.replace("HỎA TỐC\n", "").replace("12/GM-VP", "99/GM-VP")
    dispatch = read(SHOUTED, second)
    assert dispatch.organ_name == "Thủ tướng Chính phủ"
    assert dispatch.code_number == "16"
    assert dispatch.signer.full_name == "Nguyễn Văn Hai"
    assert len(dispatch.to_places) == 3
    assert [w.code for w in dispatch.warnings] == ["annex-left-out"]


def test_an_annex_before_the_signature_is_cut_off_too() -> None:
    body = SHOUTED.split("Nơi nhận", maxsplit=1)[0]
    dispatch = read(body, "PHỤ LỤC II\nDANH MỤC\nNơi nhận:\n- Không phải nơi này;\n- Lưu: VT.\n")
    assert dispatch.to_places == []
    assert "signature-missing" in [w.code for w in dispatch.warnings]


def test_a_signature_may_run_over_the_page() -> None:
    body, names = SHOUTED.split("KT. THỦ TƯỚNG")
    dispatch = read(body, f"KT. THỦ TƯỚNG{names}")
    assert dispatch.signer.authority == ["KT. THỦ TƯỚNG"]
    assert dispatch.signer.full_name == "Nguyễn Văn Hai"


def test_issuer_is_inferred_where_the_letterhead_is_missing() -> None:
    dispatch = read(
        "Số: 15 /UBND Phú Điền, ngày 2/ tháng 3 năm 2024\nV/v trồng rừng\n\nKính gửi: Phòng Nội vụ.\n\n"
        "Thực hiện Kế hoạch của UBND tỉnh, Chủ tịch UBND huyện có ý kiến như sau.\n"
        "Nơi nhận: KT. CHỦ TỊCH\n- Như trên; PHÓ CHỦ TỊCH\n- CT, PCT UBND huyện;\n- Lưu: VT.\n"
    )
    assert dispatch.organ_name == "Ủy ban nhân dân huyện Phú Điền"
    assert dispatch.evidence["/organ_name"].method == "inferred"
    assert dispatch.issued_date is None
    evidence = dispatch.evidence["/issued_date"]
    assert evidence.raw == "2/"
    assert [day for day, _ in evidence.candidates] == ["2024-03-21", "2024-03-27"]
    assert evidence.confidence < 0.5
    assert [w.code for w in dispatch.warnings] == ["date-unsure"]


def test_a_heading_above_the_bases_is_no_signature() -> None:
    dispatch = read(
        "ỦY BAN NHÂN DÂN\nHUYỆN VẠN AN\nSố: 47/QĐ-UBND\n\nQUYẾT ĐỊNH\nVề việc thành lập Tổ công tác\n\n"
        "ỦY BAN NHÂN DÂN HUYỆN VẠN AN\n\nCăn cứ Luật Lưu trữ ngày 11 tháng 11 năm 2011;\n\n"
        "QUYẾT ĐỊNH:\n\nĐiều 1. Thành lập Tổ công tác.\n"
    )
    assert (dispatch.signer.authority, dispatch.to_places, len(dispatch.sections)) == ([], [], 1)
    assert "signature-missing" in {notice.code for notice in dispatch.warnings}


def test_an_authority_that_is_not_printed_is_withheld() -> None:
    dispatch = read("Số: 47/BC-SYT\n\nSở báo cáo.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\nTHỨ TRƯỞNG\n\nLê Văn An\n")
    assert (dispatch.signer.authority, dispatch.signer.position) == ([], "THỨ TRƯỞNG")
    assert dispatch.evidence["/signer/authority"].candidates[0][0] == "KT. BỘ TRƯỞNG"
    assert ("value-withheld", "/signer/authority") in {(n.code, n.pointer) for n in dispatch.warnings}


def test_a_signers_name_on_no_list_is_withheld() -> None:
    dispatch = read("Số: 47/BC-SYT\n\nSở báo cáo.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\nGIÁM ĐỐC\n\nPloong Plênh\n")
    assert dispatch.signer.full_name is None
    assert dispatch.evidence["/signer/full_name"].candidates[0][0] == "Ploong Plênh"


def test_a_date_read_behind_the_addressees_label_is_the_dispatchs() -> None:
    dispatch = read(
        "UBND HUYỆN BÌNH SƠN\nSố: 12/UBND-NV\n\nKính gửi:\nBình Sơn, ngày 27 tháng 3 năm 2024\n- Công an huyện;\n"
        "- Các phòng, ban.\n\nThực hiện kế hoạch, các phòng báo cáo.\n"
    )
    assert (dispatch.place, str(dispatch.issued_date)) == ("Bình Sơn", "2024-03-27")
    assert dispatch.recipients == ["Công an huyện", "Các phòng, ban"]


@pytest.mark.parametrize(
    "opening",
    [
        "Hôm nay, ngày 21 tháng 3 năm 2024, tại phòng họp UBND huyện, tiến hành họp.",
        "Vào hồi 8 giờ 00, ngày 21 tháng 3 năm 2024, tại trụ sở UBND huyện, chúng tôi gồm:",
    ],
)
def test_the_subject_of_minutes_ends_where_they_tell_when_they_were_taken(opening):
    head = "ỦY BAN NHÂN DÂN\nHUYỆN BÌNH SƠN\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    found = read(f"{head}BIÊN BẢN\nHọp Hội đồng thi đua khen thưởng\n{opening}\n1. Thành phần\nÔng Nguyễn Văn An.\n")
    assert found.subject == "Họp Hội đồng thi đua khen thưởng"
    assert found.opening == [opening]


@pytest.mark.parametrize(
    ("titles", "order"),
    [
        (("THƯ KÝ", "ỦY VIÊN", "CHỦ TRÌ"), (2, 1, 0)),
        (("THƯ KÝ", "THÀNH VIÊN", "CHỦ TRÌ"), (2, 1, 0)),
        (("THƯ KÝ CUỘC HỌP", "CHỦ TRÌ CUỘC HỌP"), (1, 0)),
        (("NGƯỜI LẬP BIÊN BẢN", "ĐẠI DIỆN TỔ CHỨC VI PHẠM", "NGƯỜI CHỨNG KIẾN"), (0, 1, 2)),
    ],
)
def test_all_who_sign_minutes_with_the_chair_first(titles, order):
    people = list(zip(titles, ("Trần Thị Bình", "Lê Văn Cường", "Nguyễn Văn An"), strict=False))
    foot = "".join(f"{title}\n{name}\n" for title, name in people)
    head = "ỦY BAN NHÂN DÂN\nHUYỆN BÌNH SƠN\nSố: 5/BB-UBND\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
    found = read(
        f"{head}BIÊN BẢN\nHọp Hội đồng\nHôm nay, ngày 21/3/2024, tiến hành họp.\nKết thúc hồi 11 giờ./.\n{foot}"
    )
    told = [(signer.position or signer.authority[0], signer.full_name) for signer in found.signers]
    assert told == [people[k] for k in order]
