"""Kính gửi in all its layouts: one line or many, with addresses, dashes, wrapped lists, telegrams."""

import pytest

from tests.parse.form_builder import PITCH, line, page
from vndoc.page import page_from_text
from vndoc.parse import parse_pages
from vndoc.parse.form.head.recipients import read_recipients
from vndoc.parse.lines import document_lines

HEAD = """\
UBND TỈNH AN GIANG
SỞ Y TẾ
Số: 12/SYT-NVY
V/v phòng, chống dịch
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
An Giang, ngày 3 tháng 7 năm 2025
"""
BODY = "Sở Y tế đề nghị các đơn vị triển khai thực hiện như sau:\n1. Tổ chức giám sát dịch."


@pytest.mark.parametrize(
    ("lines", "recipients"),
    [
        ("Kính gửi: Trung tâm Y tế các huyện.", ["Trung tâm Y tế các huyện"]),
        ("Kính gửi:\n- Sở Tài chính;\n- Công an tỉnh.", ["Sở Tài chính", "Công an tỉnh"]),
        ("Kính gửi: - Sở Tài chính;\n- Công an tỉnh.", ["Sở Tài chính", "Công an tỉnh"]),
        ("Kính gửi: - Sở Tài chính,\n- Công an tỉnh,\n- Sở Nội vụ.", ["Sở Tài chính", "Công an tỉnh", "Sở Nội vụ"]),
        ("Kính gửi: Như trên.", ["Như trên"]),
        ("Kính gửi: Các đơn vị:\n- Sở Tài chính;\n- Công an tỉnh.", ["Các đơn vị:", "Sở Tài chính", "Công an tỉnh"]),
        (
            "Kính gửi:\n- Các phòng chức năng, đơn vị trực thuộc Sở\nvà Trung tâm Y tế các huyện;\n- Công an tỉnh.",
            ["Các phòng chức năng, đơn vị trực thuộc Sở và Trung tâm Y tế các huyện", "Công an tỉnh"],
        ),
        (
            "Kính gửi: Bà Trần Thị Hoa\n(Địa chỉ: ấp 3, xã Vĩnh Thạnh, tỉnh An Giang).",
            ["Bà Trần Thị Hoa (Địa chỉ: ấp 3, xã Vĩnh Thạnh, tỉnh An Giang)"],
        ),
        ("Kính gửi:\n+ Sở Tài chính;\n+ Công an tỉnh.", ["Sở Tài chính", "Công an tỉnh"]),
        ("Kính gửi:\n- Sở Tài chính\n- Công an tỉnh", ["Sở Tài chính", "Công an tỉnh"]),
        ("KÍNH GỬI: Sở Tài chính.", ["Sở Tài chính"]),
        ("SỞ Y TẾ điện:\n- Sở Tài chính;\n- Công an tỉnh.", ["Sở Tài chính", "Công an tỉnh"]),
        (
            "Kính gửi:\n- Trung tâm Y tế các huyện: Châu Phú, Châu Thành;\n- 11 bệnh viện trực thuộc.",
            ["Trung tâm Y tế các huyện: Châu Phú, Châu Thành", "11 bệnh viện trực thuộc"],
        ),
    ],
)
def test_who_is_addressed(lines: str, recipients: list[str]) -> None:
    dispatch = parse_pages([page_from_text(f"{HEAD}\n{lines}\n\n{BODY}")])
    assert dispatch.recipients == [name.rstrip(":") for name in recipients]
    assert dispatch.opening == [BODY.split("\n", maxsplit=1)[0]]
    assert [section.label for section in dispatch.sections] == ["1"]


@pytest.mark.parametrize(
    ("first", "second", "entries"),
    [
        ("Ban Chấp hành Liên chi đoàn", "Ban Chấp hành Chi đoàn", 2),
        ("Sở Nội vụ tỉnh Hà Nam", "UBND các xã, phường", 2),
        ("Văn phòng", "Ủy ban nhân dân tỉnh Hà Nam", 1),
        ("Ủy ban nhân dân và", "Hội đồng nhân dân tỉnh Hà Nam", 1),
        ("Ủy ban nhân dân", "tỉnh Hà Nam", 1),
        ("Sở Nội vụ tỉnh Hà Nam và các cơ quan chuyên môn cùng cấp", "Sở Y tế", 1),
    ],
)
def test_bodies_below_each_other_without_a_dash(first: str, second: str, entries: int) -> None:
    rows = [line(f"Kính gửi: {first}", 500, 900), line(second, 700, 900 + PITCH)]
    assert len(read_recipients(document_lines([page(*rows)]))) == entries
