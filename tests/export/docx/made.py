"""Dispatches to write, and what of two dispatches has to be equal when one was read from the other's Word file."""

import io

from docx import Document

import vndoc
from vndoc.dispatch import Dispatch, Source
from vndoc.export.docx import to_docx
from vndoc.page import page_from_text
from vndoc.parse import parse_pages
from vndoc.parse.fold import tidy
from vndoc.sources import SourceFile, open_file

SOURCE = Source(name="a.pdf", sha256="0" * 64, media_type="application/pdf", page_amount=1)
NOT_ITS_OWN = {"source", "evidence", "warnings", "pages", "text", "arrival", "overlays", "signatures"}
"""Fields of the file, of the reading, and of what was put on the paper after it was issued."""
PLACES = {"start", "end", "page", "box", "parts", "confidence", "label_as_read"}

LETTER = """ỦY BAN NHÂN DÂN
HUYỆN VẠN AN
Số: 15/KH-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Vạn An, ngày 05 tháng 6 năm 2024
KẾ HOẠCH
Triển khai số hóa tài liệu lưu trữ năm 2024
Thực hiện Kế hoạch số 86/KH-UBND ngày 28/02/2024 của UBND tỉnh, UBND huyện ban hành Kế hoạch như sau:
{body}
Nơi nhận:
- Sở Nội vụ;
- Lưu: VT, NV.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Đỗ Minh Khải"""


def letter(body):
    """The dispatch of a plan with this body."""
    return parse_pages([page_from_text(LETTER.format(body=body))])


def made(**fields):
    """A dispatch of these fields."""
    return Dispatch(**{"source": SOURCE, **fields})


def opened(dispatch, pages=()):
    """The dispatch's Word file as python-docx, which wrote none of its numbering and styles, opens it."""
    return Document(io.BytesIO(to_docx(dispatch, pages)))


def again(dispatch, pages=()):
    """The dispatch read from its Word file."""
    return vndoc.read(SourceFile("a.docx", to_docx(dispatch, pages))).dispatch


def values(dispatch):
    """All values that a Word file has to keep."""
    return {name: _plain(value) for name, value in dispatch.model_dump(mode="json").items() if name not in NOT_ITS_OWN}


def _plain(value):
    if isinstance(value, dict):
        quoted = "relation" in value or "annex" in value  # a mention: its words as they were broken over lines
        return {k: tidy(v) if k == "text" and quoted else _plain(v) for k, v in value.items() if k not in PLACES}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def text_of(dispatch, pages=()):
    """What is printed of the dispatch's Word file, labels of lists included."""
    with open_file(SourceFile("a.docx", to_docx(dispatch, pages)))[0] as file:
        return "\n".join(page.text for number in range(1, file.page_amount + 1) if (page := file.page(number)))
