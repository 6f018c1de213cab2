"""Names of those who must act: where they end, how lists of them part, and who is charged in a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.parse.tasks.actors import (
    coordinators,
    does_something,
    leading_actor,
    listed,
    names_only,
    opening_actor,
    ordered,
)


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        ("Sở Nội vụ, Sở Tài chính và Sở Tư pháp", ["Sở Nội vụ", "Sở Tài chính", "Sở Tư pháp"]),
        ("Bộ Văn hóa, Thể thao và Du lịch, Bộ Y tế", ["Bộ Văn hóa, Thể thao và Du lịch", "Bộ Y tế"]),
        ("các sở, ban, ngành và Ủy ban nhân dân các xã", ["các sở, ban, ngành", "Ủy ban nhân dân các xã"]),
        ("các cơ quan, đơn vị và địa phương", ["các cơ quan, đơn vị và địa phương"]),
        ("Công an tỉnh; Thanh tra tỉnh; tổ chức khác", ["Công an tỉnh", "Thanh tra tỉnh", "tổ chức khác"]),
        ("Bộ Nội vụ và các bộ, cơ quan liên quan", ["Bộ Nội vụ", "các bộ, cơ quan liên quan"]),
        ("", []),
    ],
)
def test_lists_part_between_names(names: str, parts: list[str]) -> None:
    assert listed(names) == parts


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("- Giao Sở Y tế chủ trì", "Sở Y tế"),
        ("(ii) Chủ đầu tư hoàn thành nghiệm thu", "Chủ đầu tư"),
        ("UBND tỉnh yêu cầu Sở Y tế báo cáo", "Sở Y tế"),
        ("Giám đốc Sở Y tế; Chủ tịch UBND các xã: Chủ động phòng dịch", "Giám đốc Sở Y tế; Chủ tịch UBND các xã"),
        ("Giám đốc các Sở: Y tế, Tài chính khẩn trương rà soát", "Giám đốc các Sở: Y tế, Tài chính"),
        ("Ban Quản lý dự án (chủ đầu tư) phối hợp", "Ban Quản lý dự án (chủ đầu tư)"),
        ("Trong thời hạn 05 ngày, Sở Y tế gửi văn bản", "Sở Y tế"),
        ("Hằng năm, các tiêu chí được rà soát", None),
        ("Sở Y tế đã ban hành kế hoạch", None),
        ("Ban hành kế hoạch kiểm tra", None),
        ("Các nội dung cần rà soát", None),
    ],
)
def test_who_opens_a_sentence(text: str, actor: str | None) -> None:
    assert opening_actor(text, acting=True, behind=True) == actor


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("Việc tuần tra do địa phương lo; Chi cục Kiểm lâm chủ trì", "Chi cục Kiểm lâm"),
        ("Sau khi dự án hoàn thành Chủ đầu tư có trách nhiệm báo cáo", "Chủ đầu tư"),
        ("Sở Y tế chủ trì cuộc họp", None),
        ("Không ai được nêu", None),
    ],
)
def test_who_leads_within_a_sentence(text: str, actor: str | None) -> None:
    assert leading_actor(text) == actor


def test_orders_and_helpers() -> None:
    assert ordered("Việc này giao cho Sở Y tế thực hiện") == ("Sở Y tế", 25)
    assert ordered("Việc bàn giao cho Sở Y tế") is None
    assert coordinators("chủ trì cùng Sở Xây dựng, phối hợp thường xuyên với Sở Y tế kiểm tra") == [
        "Sở Xây dựng",
        "Sở Y tế",
    ]
    assert coordinators("phối hợp với nhau") == []


def test_names_and_deeds() -> None:
    assert names_only("Sở Y tế, Sở Tài chính.")
    assert names_only("VNPT Lam Giang")
    assert not names_only("Sở Y tế chủ trì, Sở Tài chính phối hợp.")
    assert does_something("- Rà soát hồ sơ.")
    assert not does_something("Đại diện lãnh đạo các phòng: Văn phòng, Thanh tra.")


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    text = " ".join(text.split())
    for reader in (listed, coordinators):
        assert all(name == name.strip() for name in reader(text))
    names_only(text)
    opening_actor(f"Trước ngày, {text}", acting=True, behind=True)
