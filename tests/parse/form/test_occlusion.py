"""Titles and names of which a seal hides the left end."""

from dataclasses import replace

import pytest

from tests.parse.form_builder import centred, page
from vndoc.page import Line
from vndoc.parse.form.foot.occlusion import advance, axis_of, hidden_name, hidden_title, width_from
from vndoc.parse.form.foot.signature import read_signature
from vndoc.parse.form.foot.signers import read_signers
from vndoc.parse.form.foot.signing import read_signing_line
from vndoc.parse.knowledge import load
from vndoc.parse.lines import TextLine, document_lines

AXIS = 1700


def set_line(text: str, y: int, hidden: int = 0, over: str = "") -> Line:
    """A centred line in Times Bold; a seal hides its first letters and leaves ``over`` in their place."""
    row = centred(text, AXIS, y)
    size, x = 0.05, AXIS - 0.05 * advance(text) / 2
    words = []
    for word in row.words:
        assert word.box
        wide = size * advance(word.text)
        words.append(replace(word, box=word.box._replace(x0=round(x), x1=round(x + wide))))
        x += wide + size * advance(" ")
    if hidden:
        first = words[0]
        words[0] = replace(first, text=over + first.text[hidden:], confidence=0.5)
    return Line(tuple(word for word in words if word.text))


def lines_of(*rows: Line) -> list[TextLine]:
    return document_lines([page(*rows)])


@pytest.mark.parametrize(("text", "width"), load("advances")["examples"])
def test_widths_of_times_bold(text: str, width: int) -> None:
    assert advance(text) == width


def test_the_axis_comes_from_a_line_read_whole() -> None:
    lines = lines_of(set_line("KT. GIÁM ĐỐC", 500), set_line("PHÓ GIÁM ĐỐC", 570, 3, "Zx"))
    stated = [(line, found) for line in lines if (found := read_signing_line(line.text))]
    assert axis_of(stated) == pytest.approx(AXIS, abs=2)
    assert axis_of([]) is None


@pytest.mark.parametrize("text", ["CHỦ TỊCH", "PHÓ CHÁNH VĂN PHÒNG", "Nguyễn Văn Khải"])
def test_a_right_end_gives_the_width(text: str) -> None:
    (line,) = lines_of(set_line(text, 500))
    assert width_from(line, AXIS) == pytest.approx(advance(text), rel=0.03)


@pytest.mark.parametrize(
    ("text", "hidden", "over", "title"),
    [
        ("CHỦ TỊCH", 2, "TŒ", "CHỦ TỊCH"),
        ("PHÓ CHỦ TỊCH", 3, "“£", "PHÓ CHỦ TỊCH"),
        ("PHÓ GIÁM ĐỐC", 3, "—", "PHÓ GIÁM ĐỐC"),
        ("GIÁM ĐỐC", 4, "X'", "GIÁM ĐỐC"),
    ],
)
def test_a_title_is_known_by_its_end_and_its_width(text: str, hidden: int, over: str, title: str) -> None:
    (line,) = lines_of(set_line(text, 500, hidden, over))
    found = hidden_title(line, AXIS)
    assert found is not None
    assert found.rest == title
    assert hidden_title(line, None) is None


@pytest.mark.parametrize(
    ("name", "hidden", "over"),
    [
        ("Nguyễn Văn Khải", 2, "_**#wf"),
        ("Phạm Trường Thọ", 2, "Th"),
        ("Trần Minh Tùng", 1, "'"),
        ("Hoàng Xuân Sơn", 2, "«"),
    ],
)
def test_a_surname_is_known_by_its_end_its_width_and_its_frequency(name: str, hidden: int, over: str) -> None:
    found = hidden_name(lines_of(set_line(name, 900, hidden, over)), AXIS)
    assert found.value == name
    assert found.candidates[0] == (name, found.confidence)
    assert found.confidence > 0.5


def test_a_well_read_surname_on_no_list_is_withheld_as_read() -> None:
    found = hidden_name(lines_of(set_line("Sầu Mạnh Khải", 900)), AXIS)
    assert found.sure is None
    assert found.candidates[0][0] == "Sầu Mạnh Khải"


def test_a_surname_of_which_nothing_is_left_is_withheld_with_candidates() -> None:
    signature = read_signature(lines_of(set_line("TRƯỞNG PHÒNG", 500), set_line("Võ Văn Khải", 900, 2, "x\\")))
    assert signature.full_name.sure is None
    names = [name for name, _ in signature.full_name.candidates]
    assert len(names) == 5
    assert all(name.endswith(" Văn Khải") for name in names)
    assert sum(p for _, p in signature.full_name.candidates) < 1


def test_the_deputy_s_title_says_for_whom_he_signs() -> None:
    rows = lines_of(set_line("PHÓ GIÁM ĐỐC", 500, 3, "—"), set_line("Lê Văn Khải", 900))
    signature = read_signature(rows)
    assert (signature.position.value, signature.full_name.value) == ("PHÓ GIÁM ĐỐC", "Lê Văn Khải")
    assert [found.value for found in signature.authority] == ["KT. GIÁM ĐỐC"]


def test_text_without_boxes_hides_nothing() -> None:
    assert hidden_name([], None).value is None


def test_a_middle_name_is_no_surname() -> None:
    rows = lines_of(set_line("TRƯỞNG PHÒNG", 500), set_line("Phạm Thị Thu Khải", 900, 4))
    found = read_signature(rows).full_name
    assert found.sure is None
    assert all(name.endswith(" Thị Thu Khải") for name, _ in found.candidates)


def test_two_columns_read_one_after_the_other_are_two_signers() -> None:
    left, right = 700, 1900
    rows = [
        centred("KT. GIÁM ĐỐC SỞ TÀI CHÍNH", left, 500),
        centred("PHÓ GIÁM ĐỐC", left, 570),
        centred("KT. GIÁM ĐỐC SỞ Y TẾ", right, 500),
        centred("PHÓ GIÁM ĐỐC", right, 570),
        centred("Bùi Quang Long", left, 900),
        centred("Giàng Thị Quốc", right, 900),
    ]
    found = read_signers(lines_of(*rows), "", "Sở Y tế")
    assert [signer.full_name.value for signer in found] == ["Giàng Thị Quốc", "Bùi Quang Long"]
    assert [signer.authority[0].value for signer in found] == ["KT. GIÁM ĐỐC SỞ Y TẾ", "KT. GIÁM ĐỐC SỞ TÀI CHÍNH"]


def test_a_name_known_in_full_gives_the_axis_of_a_title_without_its_head() -> None:
    rows = lines_of(set_line("TRƯỞNG CÔNG AN XÃ", 500, 6), set_line("Đặng Quang Sơn", 900))
    assert read_signature(rows).position.value == "TRƯỞNG CÔNG AN XÃ"


def test_a_title_known_by_its_width_alone_is_sure_enough_where_no_other_fits() -> None:
    rows = lines_of(set_line("TM. ỦY BAN NHÂN DÂN", 500), set_line("CHỦ TỊCH", 570, 1, 'Z““"`S'))
    position = read_signature(rows).position
    assert position.sure == "CHỦ TỊCH"
    assert position.confidence < 0.85


def test_of_two_titles_alike_the_lower_is_the_deputys():
    """A pen wrote 'KT.' before the upper one, and the seal has eaten 'PHÓ' before the lower."""
    signature = read_signature(
        lines_of(set_line("GIÁM ĐỐC", 500), set_line("GIÁM ĐỐC", 500, 1), set_line("Hà Văn Phúc", 500, 5))
    )
    assert signature.position.value == "PHÓ GIÁM ĐỐC"
    assert signature.position.method == "inferred"
    assert [found.value for found in signature.authority] == ["KT. GIÁM ĐỐC"]
    alone = read_signature(lines_of(set_line("GIÁM ĐỐC", 500), set_line("Hà Văn Phúc", 500, 5)))
    assert (alone.position.value, alone.authority) == ("GIÁM ĐỐC", [])
