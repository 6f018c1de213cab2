"""Numbers of the text that the engine reads in two ways are told of, with their page and line."""

import pytest

from vndoc.dispatch import Dispatch, Source
from vndoc.page import Word
from vndoc.parse.form.zones import Zones
from vndoc.parse.lines import TextLine
from vndoc.parse.notices import form_notices


def doubtful(text, other, share, zone="body"):
    """The notices on a line in which ``text`` may be ``other``, for ``*``."""
    words = tuple(Word(text, alternatives=((other, share),)) if w == "*" else Word(w) for w in LINE[zone].split())
    line = TextLine(" ".join(word.text for word in words), 0, 3, words, 0)
    dispatch = Dispatch(source=Source(name="x", sha256="0" * 64, media_type="text/plain", page_amount=3), text="")
    notices = form_notices(dispatch, Zones(**{zone: (line,)}), ())
    return [notice for notice in notices if notice.code == "figure-doubtful"]


LINE = {
    "body": "Căn cứ Nghị định ngày * tháng 12 năm 2024 của Chính phủ",
    "annex": "Đại hội lần thứ * của Đảng bộ tỉnh",
    "number": "Số: * của Ủy ban nhân dân",
    "title": "*",
}


@pytest.mark.parametrize(("text", "other", "zone"), [("2", "28", "body"), ("XI", "XII", "annex")])
def test_a_number_with_two_readings(text, other, zone):
    (notice,) = doubtful(text, other, 0.2, zone)
    assert notice.pointer == "/pages/3"
    assert f"'{text}' may be '{other}'" in notice.message
    assert LINE[zone].replace("*", text) in notice.message


@pytest.mark.parametrize(
    ("text", "other", "share", "zone"),
    [
        ("2", "28", 0.01, "body"),  # hardly
        ("2,", "2.", 0.4, "body"),  # the same number
        ("6", "ó", 0.4, "body"),  # no number
        ("815", "816", 0.4, "number"),  # a field with evidence of its own
        ("2", "28", 0.4, "title"),  # a mark of a footnote, a cell, a scrap
    ],
)
def test_what_gives_no_notice(text, other, share, zone):
    assert doubtful(text, other, share, zone) == []
