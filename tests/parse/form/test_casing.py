"""Headings of capitals: names, codes and numbers keep theirs, or all of it does."""

import pytest

from vndoc.parse.form.head.casing import sentence_case
from vndoc.parse.knowledge import load


@pytest.mark.parametrize(("printed", "written"), load("capitals")["examples"])
def test_examples(printed: str, written: str) -> None:
    assert sentence_case(printed) == written


def test_the_body_shows_what_is_a_name() -> None:
    heading = "TỔ CHỨC HỘI THẢO VỀ DI SẢN NGUYỄN ĐÌNH CHIỂU TẠI XÃ THƯỢNG MỸ LƯƠNG"
    said = "Ủy ban nhân dân tỉnh tổ chức hội thảo về di sản Nguyễn Đình Chiểu tại xã Thượng Mỹ Lương vào tháng 7."
    assert sentence_case(heading) == heading
    written = "Tổ chức hội thảo về di sản Nguyễn Đình Chiểu tại xã Thượng Mỹ Lương"
    assert sentence_case(heading, said) == written


@pytest.mark.parametrize(
    "heading",
    ["CHUYỂN ĐỔI SỐ CẤP XÃ GIAI ĐOẠN 2026 - 2030", "PHÁT TRIỂN KINH TẾ - XÃ HỘI TRÊN ĐỊA BÀN CÁC XÃ, PHƯỜNG NĂM 2025"],
)
def test_ordinary_words_behind_a_unit_of_places_are_no_name(heading: str) -> None:
    assert sentence_case(heading) == heading.capitalize()


def test_another_language_stays() -> None:
    assert sentence_case("THE PEOPLE'S COMMITTEE OF PHU THO PROVINCE") == "THE PEOPLE'S COMMITTEE OF PHU THO PROVINCE"


def test_it_may_go_on_behind_a_type() -> None:
    assert sentence_case("KẾT QUẢ CÔNG TÁC QUÝ III", opens=False) == "kết quả công tác quý III"
