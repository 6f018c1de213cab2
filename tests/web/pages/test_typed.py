from datetime import date

import pytest

from vndoc.web.pages.typed import shown_day, typed_day, typed_list

NEAR = date(2024, 11, 20)


@pytest.mark.parametrize(
    "text",
    [
        "5/3/24",
        "05-03-2024",
        "050324",
        "05032024",
        "5.3",
        " 5 3 ",
        "0503",
        "20240305",
        "2024-03-05",
        "ngày 5 tháng 3 năm 2024",
        "Ngày 05 tháng 03",
        "ngay 5 thang 3 nam 2024",
    ],
)
def test_a_day_is_read_as_people_write_it(text):
    assert typed_day(text, NEAR) == date(2024, 3, 5)


def test_two_digits_of_a_year_are_of_the_nearer_century():
    assert typed_day("1/1/99", NEAR) == date(1999, 1, 1)
    assert typed_day("1/1/05", NEAR) == date(2005, 1, 1)


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_typed_is_no_day(text):
    assert typed_day(text, NEAR) is None


@pytest.mark.parametrize(
    "text",
    [
        "31/2/2024",
        "5/13/2024",
        "32.1",
        "5",
        "123",
        "hôm nay",
        "5/3/2024 hoặc 6/3/2024",
        "5/3/0024",
        "1/2/3/4",
        "5/3/1800",
    ],
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 -- the routes tell in words, and name the text
        typed_day(text, NEAR)


def test_a_list_is_typed_with_semicolons_or_lines():
    assert typed_list("Công an  huyện; VKSND\n\nTòa án;") == ["Công an huyện", "VKSND", "Tòa án"]


def test_a_day_is_shown_as_the_register_has_it():
    assert shown_day(date(2024, 3, 5)) == shown_day("2024-03-05") == "05/03/2024"
    assert shown_day("khi xong") == "khi xong"
    assert shown_day("ngày dần lâ") == "ngày dần lâ"
    assert shown_day(None) == ""
