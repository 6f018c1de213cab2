"""RTF: what is printed, whatever its groups hold."""

import unicodedata

import pytest

from vndoc.errors import EmptyFileError
from vndoc.settings import DEFAULTS
from vndoc.sources import SourceFile
from vndoc.sources.rtf import BACKEND

HEAD = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset163 Times;}{\f1\fcharset0 Arial;}}\f0 "


def text(body):
    opened = BACKEND.open(SourceFile("a.rtf", (HEAD + body + "}").encode("latin-1")), DEFAULTS)
    return "\f".join(opened.page(k).text for k in range(1, opened.page_amount + 1))


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (r"S\u7889? 12\par V\u224\'e0n", "Số 12\nVàn"),
        (r"Qu\'ea\'ec", "Quế"),  # the marks of code page 1258 stand behind their letters
        (r"\f1 \'e9t\'e9", "été"),
        (r"m\u7897?t{\v \u7849?n} hai{\deleted xo\'e1} ba", "một hai ba"),
        (r"{\caps th\u432?} {\*\unknown x{\b y}}z", "THƯ z"),
        (r"{\field{\*\fldinst DATE}{\fldrslt 5/6}}", "5/6"),
        (r"{\pntext 1.\tab}m\u7909?c\par{\listtext a)\tab}\u253?", "1. mục\na) ý"),
        (r"a{\shp{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt h\u7897?p\par}}{\shprslt old}}b\par c", "ab\nhộp\nc"),
        (r"a\page b", "a\fb"),
        (r"{\header tr\u234?n c\u249?ng}{\footer {Trang 2}}b", "trên cùng\nb"),
        (r"a{\footnote ch\u250?}b", "ab\n[1] chú"),
        (r"a{\pict\bin5 }}}}}b}", "a"),
        (r"\trowd\clbrdrl\brdrs\cellx1 a\intbl\cell b\cell\row\pard c", "a\nb\nc"),
        (r"{\upr{x}{\*\ud t\u7845?}}", "tấ"),
        ("\\u-3913? m\\u253?", "- mý"),
        ("a\\\nb\\~c\\_d\\{\\}\\\\", "a\nb c-d{}\\"),
    ],
)
def test_what_is_printed(body, wanted):
    assert text(body) == unicodedata.normalize("NFC", wanted)


@pytest.mark.parametrize("body", ["{" * 20_000, "}" * 20_000, r"\u" * 1000, r"{\shp{\*\shpinst{\shptxt " * 3000])
def test_hostile_groups(body):
    try:
        assert "x" in text("x" + body)
    except EmptyFileError:
        pytest.fail("the letter before is lost")


def test_no_text():
    with pytest.raises(EmptyFileError, match="holds no text"):
        text(r"{\pict ff}")
