"""What stands behind the signature on the same page: annexes, forms, translations sign nothing of the dispatch."""

import pytest

from vndoc.page import page_from_text
from vndoc.parse import parse_pages

HEAD = """ỦY BAN NHÂN DÂN
TỈNH PHÚ THỌ
Số: 1805/QĐ-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Phú Thọ, ngày 18 tháng 11 năm 2025
QUYẾT ĐỊNH
Về việc công bố danh mục thủ tục hành chính
Căn cứ Luật Tổ chức chính quyền địa phương;
Điều 1. Công bố kèm theo Quyết định này danh mục.
"""
PLACES = "Nơi nhận:\n- Như Điều 1;\n- Lưu: VT, NC.\n"
SIGNED = "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nĐinh Công Sứ\n"


@pytest.mark.parametrize("closing", [PLACES + SIGNED, SIGNED], ids=["with places", "alone"])
@pytest.mark.parametrize(
    "behind",
    [
        "PHỤ LỤC I\nDANH MỤC THỦ TỤC\nTT\nTên\nNGƯỜI LẬP BIỂU\nNguyễn Văn Mẫu\nGIÁM ĐỐC\nTrần Thị Hoa",
        "DANH MỤC THỦ TỤC\n(Ban hành kèm theo Quyết định số 1805/QĐ-UBND)\n1. Cấp phép\nGIÁM ĐỐC\nTrần Thị Hoa",
        "QUY CHẾ\nLàm việc của Ủy ban\n(Kèm theo Quyết định số 1805/QĐ-UBND)\nTM. ỦY BAN\nCHỦ TỊCH\nTrần Duy Đông",
        "Mẫu số 01\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐƠN ĐỀ NGHỊ\nNGƯỜI LÀM ĐƠN\nLê Văn Tám",
        "THE PEOPLE'S COMMITTEE\n-------\nSOCIALIST REPUBLIC OF VIETNAM\nDECISION\nPP. CHAIRMAN\nDinh Van Son",
        "This translation is for reference only.\nCHAIRMAN\nNguyen Van Son",
    ],
    ids=["annex", "list", "rules", "form", "translation", "translator's note"],
)
def test_the_signer_is_who_signed_the_dispatch(closing: str, behind: str) -> None:
    dispatch = parse_pages([page_from_text(HEAD + closing + behind)])
    assert [(s.authority, s.position, s.full_name) for s in dispatch.signers] == [
        (["KT. CHỦ TỊCH"], "PHÓ CHỦ TỊCH", "Đinh Công Sứ")
    ]
    assert any(notice.code == "annex-left-out" for notice in dispatch.warnings)
