"""Weights of the head's zones: made forms, labels from fields, and learning."""

import copy
import json
import random

import pytest

from tests.parse.form_builder import PITCH, WIDTH, centred, line, page
from training.zones import __main__ as command
from training.zones.__main__ import as_file, made, texts_of
from training.zones.documents import head_of
from training.zones.forms import HEIGHT, Texts, form, misread, wrapped
from training.zones.learning import examples, learn, right
from training.zones.offices import office
from vndoc.page import Line, Page
from vndoc.parse.form.labelling import ZONES, label
from vndoc.parse.form.weighing import Weights
from vndoc.parse.knowledge import load

TEXTS = Texts(
    ("số hóa tài liệu lưu trữ của các cơ quan", "tăng cường phòng cháy trong mùa khô trên địa bàn tỉnh"),
    ("Các đơn vị rà soát tài liệu đã nộp lưu, lập danh mục gửi về Sở Nội vụ và cử người dự họp giao ban tháng sau.",),
)


def test_the_same_seed_gives_the_same_form() -> None:
    assert form(office(3), TEXTS, 7) == form(office(3), TEXTS, 7)
    assert form(office(3), TEXTS, 7) != form(office(3), TEXTS, 8)


def test_forms_stay_on_their_page_and_name_every_line() -> None:
    roles = set()
    for name, sheet, rows in made(TEXTS, range(30), 2):
        lines = [row.text for block in sheet.blocks for row in block.lines]
        assert len(lines) == len(rows), name
        assert [" ".join(text for text, _ in row) for row in rows] == [" ".join(text.split()) for text in lines]
        assert all(w.box.y0 >= 0 and w.box.y1 < HEIGHT for w in sheet.words if w.box)
        roles |= {role for row in rows for _, role in row}
    assert roles == set(ZONES)


def test_wrapping_and_misreading() -> None:
    assert wrapped("một hai ba", 5 * 0.46 * 10 * 1.5, 10) == ["một hai", "ba"]
    assert misread("ỦY BAN", 0.0, random.Random(1)) == "ỦY BAN"
    assert misread("ỦY BAN NHÂN DÂN", 1.0, random.Random(1)) != "ỦY BAN NHÂN DÂN"


def test_the_terms_of_a_reading_are_what_it_is_worth() -> None:
    weights, tables = Weights(load("zones")), load("zones")
    (head, *_) = examples(made(TEXTS, [3], 1))
    known = weights.terms(head.known, head.frame)
    assert weights.worth(known) == pytest.approx(
        sum(n * tables[t][r].get(name, 0) for (t, r, name), n in known.items())
    )
    best = [[(one.piece, one.role) for one in row] for row in label(head.ways, head.frame, weights)]
    assert weights.worth(weights.terms(best, head.frame)) >= weights.worth(
        weights.terms(head.known[: len(best)], head.frame)
    )


def test_learning_finds_again_what_was_spoilt_and_leaves_the_rest() -> None:
    heads = list(examples(made(TEXTS, range(12), 2)))
    spoilt = copy.deepcopy(load("zones"))
    spoilt["shows"]["issuer"]["capitals"] = spoilt["shows"]["issuer"]["body's name"] = -2
    before = copy.deepcopy(spoilt)
    learned = learn(heads, spoilt, rate=0.05, rounds=2)
    assert spoilt == before
    assert learned["why"] == load("zones")["why"]
    assert _mean(right(heads, learned)) > _mean(right(heads, spoilt)) + 0.05
    assert learned["shows"]["subject"]["next page"] == -8


def _mean(shares: dict[str, tuple[float, float]]) -> float:
    return sum(pieces for pieces, _ in shares.values()) / len(shares)


def test_nothing_is_learned_from_what_is_right() -> None:
    heads = [head for head in examples(made(TEXTS, range(12), 2)) if _mean(right([head], load("zones"))) == 1]
    assert heads
    assert learn(heads, load("zones"), rate=0.05, rounds=1) == load("zones")


def test_the_file_is_written_as_it_is_kept() -> None:
    assert json.loads(as_file(load("zones"))) == load("zones")
    assert max(len(row) for row in as_file({"shows": {"a": {"b": 1.5}}}).splitlines()) < 30


# --- labels from fields -------------------------------------------------------------------------------------

TRUTH = {
    "type_name": "Thông báo",
    "code_number": "55",
    "code_notation": "TB/ĐTN",
    "organ_name": "Sở Y tế",
    "subject": "Về số hóa tài liệu",
    "recipients": ["Ban chấp hành Liên chi đoàn", "Ban chấp hành Chi đoàn"],
}


def sheet(*issuer: str) -> Page:
    rows: list[Line] = [centred(text, WIDTH // 4, 300 + PITCH * i) for i, text in enumerate(issuer)]
    rows += [centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", WIDTH * 68 // 100, 300)]
    rows += [centred("Độc lập - Tự do - Hạnh phúc", WIDTH * 68 // 100, 300 + PITCH)]
    rows += [centred("Hà Nội, ngày 3 tháng 5 năm 2024", WIDTH * 68 // 100, 300 + 3 * PITCH)]
    middle = ("THÔNG BÁO", "Về số hóa tài liệu", "Kính gửi: Ban chấp hành Liên chi đoàn", "Ban chấp hành Chi đoàn")
    rows += [centred(text, WIDTH * 52 // 100, 800 + PITCH * i) for i, text in enumerate(middle)]
    rows += [line("Căn cứ Luật Lưu trữ, Sở Y tế thông báo tới các đơn vị như sau:", 300, 1300)]
    return page(*rows)


def test_fields_say_what_lines_are() -> None:
    head = head_of([sheet("SỞ Y TẾ", "Số: 55 TB/ĐTN")], TRUTH)
    assert head
    roles = {piece.text: role for row in head.known for piece, role in row}
    assert roles["Ban chấp hành Chi đoàn"] == "addressees"
    assert roles["Về số hóa tài liệu"] == "subject"


def test_a_head_that_its_fields_contradict_is_left_out() -> None:
    assert head_of([sheet("BỘ CÔNG AN", "Số: 55 TB/ĐTN")], TRUTH) is None


def test_the_command_writes_weights(tmp_path, capsys) -> None:
    (tmp_path / "admin_a.txt").write_text(
        "\n".join([*(f"Về việc {s};" for s in TEXTS.subjects), *TEXTS.paragraphs * 2])
    )
    sizes = ["--offices", "3", "--each", "1", "--rounds", "1"]
    command.main(["--texts", str(tmp_path), "--output", str(tmp_path / "zones.json"), *sizes])
    learned = json.loads((tmp_path / "zones.json").read_text(encoding="utf-8"))
    assert set(learned) == set(load("zones"))
    assert "3 pages made" in capsys.readouterr().out


def test_texts_without_subjects_are_refused() -> None:
    with pytest.raises(SystemExit, match="administrative"):
        texts_of(["Một dòng."])
