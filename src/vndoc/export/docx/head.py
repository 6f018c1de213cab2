"""The head of a dispatch after the decree's form: letterhead, number and date, marks, title, recipients."""

from collections.abc import Iterator

import regex
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Length, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from vndoc.dispatch import Dispatch
from vndoc.export.docx.doubts import Doubts
from vndoc.export.docx.writing import Piece, Place, Writer
from vndoc.export.markdown import printed_date

LEFT, RIGHT = Mm(64), Mm(101)
"""Columns of the letterhead."""
BLANK = "……"
"""What stands where nothing sure was read."""
_UNNUMBERED = "      "
"""The blank that is left for the number."""
_STATE, _MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
_OTHERS = ("ĐẢNG CỘNG SẢN VIỆT NAM", "ĐOÀN TNCS HỒ CHÍ MINH")
_ABOUT = regex.compile(r"(?:\bv\s?/\s?v|\bvề\s+việc)[\s:.]*$", regex.I)
_UNIT = regex.compile(r"(?<![-–]) (?:tỉnh|thành phố|huyện|quận|thị xã|thị trấn|xã|phường) ", regex.I)
_SHORT = 20
"""Letters of an issuer's name that stand on one line."""
_HEAD = 3000
"""Letters from the beginning of the text within which the head stands."""


def write_head(writer: Writer, dispatch: Dispatch, doubts: Doubts) -> None:
    """Everything above the body."""
    columns = writer.columns(LEFT, RIGHT)
    left, right = columns.row()
    _issuer(writer, left, dispatch, doubts)
    _national_title(writer, right, dispatch)
    left, right = columns.row()  # number and date are level with each other
    _number(writer, left, dispatch, doubts)
    _place_and_date(writer, right, dispatch, doubts)
    titled = dispatch.type_name not in (None, "Công văn")
    if not titled:
        _subject(writer, left, dispatch, doubts, "Trích yếu công văn", "V/v ")
    for mark in _marks(dispatch):
        boxed(writer, left, mark, LEFT)
    if titled:
        writer.paragraph(
            writer.word, "Title", Piece((dispatch.type_name or "").upper(), doubts.field("/type_name", True))
        )
        about = "Về việc " if _has_about(dispatch) else ""
        _subject(writer, writer.word, dispatch, doubts, "Subtitle", about)
        _end_of_title(writer, dispatch)
    _recipients(writer, dispatch, doubts)


def joined_by_hyphen(dispatch: Dispatch) -> bool:
    """Whether number and notation are joined as the Party does: '254-KH/TU'."""
    notation = dispatch.code_notation or ""
    return "/" in notation and not notation[:1].isdigit()


def other_title(dispatch: Dispatch) -> str | None:
    """The Party's or the Youth Union's title, where the head has it in place of the state's."""
    head = " ".join(dispatch.text[:_HEAD].upper().split())
    return None if "CỘNG HÒA" in head or "CỘNG HOÀ" in head else next((t for t in _OTHERS if t in head), None)


def is_of_party(dispatch: Dispatch) -> bool:
    """Whether the document has the Party's form: its title, and number and notation joined by a hyphen."""
    return joined_by_hyphen(dispatch) and other_title(dispatch) == _OTHERS[0]


def rule(writer: Writer, place: Place, within: int, length: Length) -> Paragraph:
    """A line in the middle of a column, as a paragraph of its own."""
    line = writer.paragraph(place, "Đường kẻ")
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Length((within - length) // 2)
    return line


def boxed(writer: Writer, place: Place, mark: str, within: Length) -> None:
    """A mark such as 'HỎA TỐC' in its frame."""
    paragraph = writer.paragraph(place, "Dấu chỉ", mark)
    indent = Length((within - Mm(4 * len(mark) + 4)) // 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = max(indent, Mm(2))


def _issuer(writer: Writer, place: _Cell, dispatch: Dispatch, doubts: Doubts) -> None:
    if dispatch.parent_organ_name:
        said = doubts.field("/parent_organ_name", dispatch.parent_organ_name)
        writer.paragraph(place, "Cơ quan chủ quản", Piece(dispatch.parent_organ_name.upper(), said))
    said = doubts.field("/organ_name", dispatch.organ_name)
    joint = [body.organ_name.upper() for body in dispatch.joint_issuers]
    names = [f"{name} -" for name in joint[:-1]] + joint[-1:] if joint else [_over_lines(dispatch.organ_name or BLANK)]
    for name in names:
        writer.paragraph(place, "Cơ quan ban hành", Piece(name.upper(), said))
    if is_of_party(dispatch):
        writer.paragraph(place, "Cơ quan ban hành", "*")
    else:
        rule(writer, place, LEFT, Mm(22))


def _over_lines(name: str) -> str:
    """A long name of an issuer on two lines, whose second is the place: 'ỦY BAN NHÂN DÂN' above 'TỈNH QUẢNG NGÃI'."""
    found = _UNIT.search(name, _SHORT // 2) if len(name) > _SHORT else None
    return f"{name[: found.start()]}\n{name[found.start() + 1 :]}" if found else name


def _national_title(writer: Writer, place: _Cell, dispatch: Dispatch) -> None:
    other = other_title(dispatch)
    writer.paragraph(place, "Quốc hiệu", other or _STATE)
    if not other:
        writer.paragraph(place, "Tiêu ngữ", _MOTTO)
    rule(writer, place, RIGHT, Mm(64))


def _number(writer: Writer, place: _Cell, dispatch: Dispatch, doubts: Doubts) -> None:
    """The number; each body's own where a document issued together has several."""
    party = is_of_party(dispatch)
    own = [body for body in dispatch.joint_issuers if body.code_number or body.code_notation]
    codes = [(body.code_number, body.code_notation) for body in own] or [(dispatch.code_number, dispatch.code_notation)]
    for number, notation in codes:
        line = writer.paragraph(
            place,
            "Số, ký hiệu",
            "Số " if party else "Số: ",
            Piece(number or _UNNUMBERED, doubts.field("/code_number", number)),
            "-" if joined_by_hyphen(dispatch) else "/",
            Piece(notation or BLANK, doubts.field("/code_notation", notation)),
        )
    for said in _put_on_later(dispatch):
        writer.comment(line.runs[0], said)


def _put_on_later(dispatch: Dispatch) -> Iterator[str]:
    """The incoming stamp and the notes that were put on the paper after it was issued."""
    arrived = ", ".join(_arrived(dispatch))
    if arrived:
        yield f"Dấu đến: {arrived}"
    for note in dispatch.overlays:
        yield f"Ghi trên trang {note.page}: {note.text}"


def _arrived(dispatch: Dispatch) -> Iterator[str]:
    if dispatch.arrival.number:
        yield f"số {dispatch.arrival.number}"
    if dispatch.arrival.date:
        yield f"ngày {dispatch.arrival.date:%d/%m/%Y}"


def _place_and_date(writer: Writer, place: _Cell, dispatch: Dispatch, doubts: Doubts) -> None:
    day = dispatch.issued_date
    writer.paragraph(
        place,
        "Địa danh, thời gian",
        Piece(dispatch.place or BLANK, doubts.field("/place", dispatch.place)),
        ", ",
        Piece(printed_date(day) if day else "ngày … tháng … năm …", doubts.field("/issued_date", day)),
    )


def _end_of_title(writer: Writer, dispatch: Dispatch) -> None:
    if is_of_party(dispatch):
        last = writer.paragraph(writer.word, "Normal", "-----")
        last.alignment = WD_ALIGN_PARAGRAPH.CENTER
    else:
        last = rule(writer, writer.word, LEFT + RIGHT, Mm(35))
    last.paragraph_format.space_after = Pt(10)


def _subject(writer: Writer, place: Place, dispatch: Dispatch, doubts: Doubts, style: str, about: str) -> None:
    said = doubts.field("/subject", dispatch.subject)
    if dispatch.subject or said:
        writer.paragraph(place, style, about, Piece(dispatch.subject or BLANK, said))


def _has_about(dispatch: Dispatch) -> bool:
    """Whether 'Về việc' or 'V/v' is printed before the subject."""
    words = (dispatch.subject or "").split()[:4]
    found = regex.search(r"\s+".join(map(regex.escape, words)), dispatch.text) if words else None
    return bool(found and _ABOUT.search(dispatch.text[max(0, found.start() - 20) : found.start()]))


def _marks(dispatch: Dispatch) -> Iterator[str]:
    yield from (mark.upper() for mark in (dispatch.secrecy, dispatch.urgency, dispatch.circulation) if mark)
    if dispatch.draft:
        yield "DỰ THẢO"


def _recipients(writer: Writer, dispatch: Dispatch, doubts: Doubts) -> None:
    names = [
        Piece(name, doubts.field(f"/recipients/{k}", name))
        for k, name in enumerate(dispatch.recipients)
        if name.strip()
    ]
    if len(names) == 1:
        only = writer.paragraph(writer.word, "Kính gửi", "Kính gửi: ", *names, ".")
        only.alignment = WD_ALIGN_PARAGRAPH.CENTER
        only.paragraph_format.space_before = Mm(4)
    elif names:
        first = writer.paragraph(writer.word, "Kính gửi", "Kính gửi:")
        first.paragraph_format.left_indent, first.paragraph_format.space_before = Mm(36), Mm(4)
        for name in names:
            line = writer.paragraph(writer.word, "Kính gửi", "- ", name, "." if name is names[-1] else ";")
            line.paragraph_format.left_indent = Mm(50)
    if names:
        writer.paragraph(writer.word, "Normal")
