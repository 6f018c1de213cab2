"""UTF-8 that was read once, or twice, in a one-byte encoding."""

import pytest

from vndoc.errors import FormatError
from vndoc.sources import load_file, open_file
from vndoc.sources.mojibake import LostLettersError, unmangled

TEXT = """ỦY BAN NHÂN DÂN TỈNH AN GIANG
Số: 12/UBND-NC
V/v rà soát, báo cáo tình hình lập hồ sơ điện tử
An Giang, ngày 14 tháng 8 năm 2025
Kính gửi: “Các sở, ban, ngành” – đơn vị trực thuộc; giờ làm việc ở cơ sở."""


def shown(text: str, codec: str) -> str:
    """The text as a program shows it that takes its bytes for a codec's."""
    return "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("codec", ["cp1252", "latin-1", "cp1258", "mac_roman", "cp437"])
def test_the_text_comes_back(codec: str) -> None:
    assert unmangled(shown(TEXT, codec)) == TEXT
    assert unmangled(shown(shown(TEXT, codec), codec)) == TEXT


def test_a_blank_that_was_made_a_plain_one_is_half_a_letter() -> None:
    assert unmangled(shown(TEXT, "cp1252").replace("\xa0", " ")) == TEXT


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "Cng hßa X· héi chñ nghÜa ViÖt Nam, ®éc lËp, tù do, h¹nh phóc",
        "Ã, Â và Ä là chữ cái",
        "naïve café déjà vu",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert unmangled(text) == text


def test_lost_letters_are_not_guessed() -> None:
    lost = "".join(c for c in shown(TEXT, "cp1252") if not "\x80" <= c < "\xa0")
    with pytest.raises(LostLettersError):
        unmangled(lost)
    with pytest.raises(FormatError, match="save it again as UTF-8"):
        open_file(load_file(lost.encode()))
