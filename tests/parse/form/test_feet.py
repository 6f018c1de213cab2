"""Feet of many kinds of offices: read whole when whole; damaged, what is doubtful is withheld."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.parse.form.test_occlusion import AXIS, lines_of, set_line
from tests.parse.form_builder import PITCH, centred, line, page
from vndoc.page import Line, Page
from vndoc.parse import parse_pages
from vndoc.parse.form.foot.names import read_name, strip_titles
from vndoc.parse.form.foot.occlusion import hidden_name, hidden_title
from vndoc.parse.form.foot.pairing import behind_title, head_of
from vndoc.parse.form.foot.signature import read_signature
from vndoc.parse.form.foot.signers import read_signers
from vndoc.parse.form.foot.signing import heads_of, is_a_letter_off, read_signing_line
from vndoc.parse.form.head.recipients import read_to_places

FEET: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "data" / "feet.json").read_text("utf-8"))["feet"]
NAMES = [foot["full_name"] for foot in FEET]
MISREAD = {"CHỦ": "THỦ", "GIÁM": "GIÁN", "PHÓ": "PHỎ", "TRƯỞNG": "TRƯỚNG", "CHÁNH": "CHÁNN", "TỔNG": "TÔNG"}


def sealed(row: Line, share: float) -> Line:
    """The row without its left part, as a seal leaves it: of the word across the seal's edge only the end is read."""
    boxes = [word.box for word in row.words if word.box]
    edge = boxes[0].x0 + share * (boxes[-1].x1 - boxes[0].x0)
    words = []
    for word in row.words:
        assert word.box
        lost = max(0, round((edge - word.box.x0) / word.box.width * len(word.text)))
        if lost < len(word.text):
            box = word.box._replace(x0=max(word.box.x0, round(edge))) if lost else word.box
            words.append(replace(word, text=word.text[lost:], box=box, confidence=0.5 if lost else word.confidence))
    return Line(tuple(words))


def with_a_letter_misread(row: Line) -> Line:
    """The row with one word of its title misread."""
    first = next((word for word in row.words if word.text in MISREAD), None)
    return Line(tuple(replace(w, text=MISREAD[w.text], confidence=0.7) if w is first else w for w in row.words))


def foot_page(foot: dict[str, Any], share: float = 0.0, misread: bool = False) -> Page:
    """A page with a letterhead, a sentence and the foot; a seal hides a share of the last title and of the name."""
    *above, title = [set_line(text, 1500 + PITCH * i) for i, text in enumerate(foot["signing"])]
    name = set_line(foot["name"], 2200)
    if share:
        title, name = sealed(title, share), sealed(name, share)
    if misread:
        title = with_a_letter_misread(title)
    entries = [line(f"- {entry};", 300, 1500 + PITCH * (i + 1)) for i, entry in enumerate(foot["to_places"])]
    return page(
        *(centred(text, 700, 400 + PITCH * i) for i, text in enumerate(foot["organ"])),
        centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 1750, 400),
        centred("Độc lập - Tự do - Hạnh phúc", 1750, 400 + PITCH),
        centred("Số: 215/TB-VP", 700, 640),
        centred("THÔNG BÁO", 1240, 800),
        line("Cơ quan thông báo để các đơn vị biết và thực hiện nghiêm túc theo quy định./.", 300, 1000),
        *([line("Nơi nhận:", 300, 1500)] if entries else []),
        *entries,
        *above,
        *([title] if title.words else []),
        *([name] if name.words else []),
    )


@pytest.mark.parametrize("foot", FEET, ids=NAMES)
def test_a_foot_is_read_whole(foot: dict[str, Any]) -> None:
    dispatch = parse_pages([foot_page(foot)])
    signer = dispatch.signer
    assert (signer.authority, signer.position, signer.full_name) == (
        foot["authority"],
        foot["position"],
        foot["full_name"],
    )
    assert dispatch.to_places == foot["to_places"]


@pytest.mark.parametrize("share", [0.25, 0.33, 0.4])
def test_what_a_seal_hides_is_rarely_given_wrong(share: float) -> None:
    read = [(foot, parse_pages([foot_page(foot, share)]).signer) for foot in FEET]
    titles = [(foot["position"], s.position) for foot, s in read if s.position not in {None, foot["position"]}]
    names = [(foot["full_name"], s.full_name) for foot, s in read if s.full_name not in {None, foot["full_name"]}]
    assert len(titles) <= 0.04 * len(FEET), titles
    assert len(names) <= 0.04 * len(FEET), names


def test_a_letter_misread_in_a_title_is_set_right_or_withheld() -> None:
    read = [(foot, parse_pages([foot_page(foot, misread=True)]).signer.position) for foot in FEET]
    assert [(foot["position"], title) for foot, title in read if title not in {None, foot["position"]}] == []
    assert sum(title == foot["position"] for foot, title in read) >= 0.9 * len(FEET)


# --- titles told by each other and by the body --------------------------------------------------------------


def signature_of(*texts: str, organ: str | None = None) -> tuple[list[str | None], str | None]:
    rows = [set_line(text, 500 + 60 * i) for i, text in enumerate(texts)]
    found = read_signature(lines_of(*rows, set_line("Lê Văn Khải", 1100)), "", organ)
    return [power.sure for power in found.authority], found.position.sure


@pytest.mark.parametrize(
    ("texts", "organ", "authority", "position"),
    [
        (("KT. TỔNG GIÁN ĐỐC", "PHÓ TỔNG GIÁM ĐỐC"), None, ["KT. TỔNG GIÁM ĐỐC"], "PHÓ TỔNG GIÁM ĐỐC"),
        (("KT. CHỦ NHIỆM", "PHÓ THỦ NHIỆM"), None, ["KT. CHỦ NHIỆM"], "PHÓ CHỦ NHIỆM"),
        (("KT. BỘ TRƯỞNG", "THƯ TRƯỞNG THƯỜNG TRỰC"), None, ["KT. BỘ TRƯỞNG"], "THỨ TRƯỞNG THƯỜNG TRỰC"),
        (("KT. VỤ TRƯỞNG VỤ PHÁP CHẾ", "VỤ TRƯỞNG"), None, ["KT. VỤ TRƯỞNG VỤ PHÁP CHẾ"], "PHÓ VỤ TRƯỞNG"),
        (("TM. BAN THƯỜNG VỤ", "THỦ TỊCH"), None, ["TM. BAN THƯỜNG VỤ"], "CHỦ TỊCH"),
        (("THỦ TỊCH",), "Ủy ban nhân dân xã Tân Lập", [], "CHỦ TỊCH"),
        (("THỦ TỊCH",), None, [], None),
        (("T/M TỈNH UY", "PHÓ BÍ THƯ"), None, ["T/M TỈNH ỦY"], "PHÓ BÍ THƯ"),
    ],
)
def test_a_damaged_title_is_told_by_the_lines_around_it(
    texts: tuple[str, ...], organ: str | None, authority: list[str], position: str | None
) -> None:
    assert signature_of(*texts, organ=organ) == (authority, position)


def test_titles_are_compared_letter_by_letter() -> None:
    assert is_a_letter_off("THỦ TỊCH", "CHỦ TỊCH")
    assert not is_a_letter_off("CHỦ TỊCH", "CHỦ TỊCH")
    assert not is_a_letter_off("QUẢN LÝ", "QUẢN TRỊ")
    assert head_of("VỤ TRƯỞNG VỤ PHÁP CHẾ") == "VỤ TRƯỞNG"
    assert behind_title("ỞNG THƯỜNG TRỰC", "THỨ TRƯỞNG") == "THƯỜNG TRỰC"
    assert heads_of("Chi cục Thủy lợi") == ["CHI CỤC TRƯỞNG"]
    found = read_signing_line("BỘ TRƯỞNG, THỦ NHIỆM")
    assert found is None or found.score < 0.5


def test_a_title_without_its_head_is_withheld_where_another_line_stands_below_it() -> None:
    assert signature_of("HỦ TỊCH")[1] == "CHỦ TỊCH"
    assert signature_of("HỦ TỊCH", "ĂN PHÒNG")[1] is None


def test_a_head_off_the_axis_of_the_line_above_may_be_a_deputy() -> None:
    whole = set_line("PHÓ CHỦ TỊCH", 560)
    rows = (set_line("TM. ĐOÀN CHỦ TỊCH", 500), Line(whole.words[1:]))
    assert read_signature(lines_of(*rows)).position.sure is None


def test_the_words_before_a_hidden_title_s_last_must_be_its_own() -> None:
    row = Line(tuple(set_line("CHÁNH VĂN PHÒNG", 500).words[1:]))
    found = hidden_title(lines_of(row)[0], AXIS)
    assert found is not None
    assert found.rest == "CHÁNH VĂN PHÒNG"


@pytest.mark.parametrize("read", ["TIIÓ CHỦ TỊCH"])
def test_a_ruined_word_before_a_head_s_title_is_the_deputy_s(read: str) -> None:
    assert signature_of("TM. BAN THƯỜNG VỤ", read)[1] == "PHÓ CHỦ TỊCH"


# --- names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "name"), [("H'Hen Niê", "H'Hen Niê"), ("Ksor H'Bơ Khăp", "Ksor H'Bơ Khăp")])
def test_names_of_the_central_highlands_are_read(text: str, name: str) -> None:
    assert read_name(text) == (name, 1.0)


def test_what_a_seal_leaves_of_a_rank_is_no_surname() -> None:
    assert strip_titles("ượng tá Phan Hồng Minh") == "Phan Hồng Minh"
    assert strip_titles("tá Phan Hồng Minh") == "Phan Hồng Minh"


@pytest.mark.parametrize("text", ["hị Thu Huyền", "le Hùng Cường", "n Hồng Hà", "Thị Ngọc Oanh"])
def test_a_surname_is_not_given_by_a_letter_or_its_width_alone(text: str) -> None:
    assert hidden_name(lines_of(set_line(text, 500)), AXIS).sure is None


@pytest.mark.parametrize("text", ["Phó Tổng Biên tập", "Nguyễn Thanh llải", "Đình Trung"])
def test_a_title_or_a_piece_of_a_name_is_no_name(text: str) -> None:
    rows = lines_of(set_line("KT. GIÁM ĐỐC", 500), set_line("PHÓ GIÁM ĐỐC", 560), set_line(text, 900))
    assert read_signature(rows).full_name.sure is None


# --- around the signature -----------------------------------------------------------------------------------


def test_who_signs_a_copy_is_not_the_signer() -> None:
    rows = ["KT. CỤC TRƯỞNG", "PHÓ CỤC TRƯỞNG", "SAO Y", "TL. BỘ TRƯỞNG", "CHÁNH VĂN PHÒNG", "Nguyễn Hữu Tài"]
    (signer,) = read_signers(lines_of(*(set_line(text, 500 + 150 * i) for i, text in enumerate(rows))), "")
    assert (signer.position.sure, signer.full_name.sure) == ("PHÓ CỤC TRƯỞNG", None)


def test_a_unit_s_code_behind_the_stop_is_kept() -> None:
    rows = lines_of(line("- Như trên;", 300, 500), line("- Lưu: VT, PTM. H05.", 300, 560))
    assert [entry.value for entry in read_to_places(rows)] == ["Như trên", "Lưu: VT, PTM. H05"]
