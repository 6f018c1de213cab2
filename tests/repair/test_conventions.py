"""What the rules of writing settle in garbled text, and what the context demands of it."""

import numpy as np
import pytest

from vndoc.repair import repair
from vndoc.repair.model import load
from vndoc.repair.tokens import Kind, pieces_of


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("i) Bao cao ket qua\nk) Tham muu xt ly\n1) Thuc hién nhiém vu khac", "l)"),
        ("theo quy dinh tai khoan | Diéu 5 cua Luat nay, co quan thuc hién bao cao hang nam", "khoản 1 Điều 5"),
        ("ho so nop O1 ban chinh va 02 ban sao theo quy dinh cua phap luat vé dau thau", "nộp 01 bản"),
        ("co quan. don vi thudc tinh thuc hién nhiém vu duoc giao theo quy dinh cua phap luat", "cơ quan, đơn vị"),
        ("a) Thuc hién bao cao:\nb) Tong hop két qua gti vé Uy ban nhan dan tinh", "báo cáo;"),
        ("Trong do:\n- $6 lan trién khai thuc hién nhiém vu cta co quan, don vi, dia phuong", "- Số lần"),
        ("nuoc thai tu 10.000 m3/ngay tro lén theo quy dinh cua phap luat vé bao vé", "10.000 m3/ngày"),
        (
            "Nghi quyét Pai hoi dai biéu béng bo tinh lan tha XX, nhiém ky 2020-2025 dat két qua",
            "đại biểu Đảng bộ tỉnh",
        ),
        ("thong tin cho bao chi, nhat 13 trude cac su viée nhay cam, phtic tap", "nhất là trước"),
        ("GIAM DOC SG TU PHAP TINH BAO CAO KET QUA THUC HIEN NHIEM VU", "GIÁM ĐỐC SỞ TƯ PHÁP"),
    ],
)
def test_settled_by_what_is_beside(read, printed):
    assert printed in repair(read, "eng").text


@pytest.mark.parametrize(
    "kept",
    [
        "khoản 13 Điều 14 của Luật này quy định như sau",
        "a) Báo cáo gồm: 1. Kết quả thực hiện; 2. Kiến nghị",
        "gồm 16 xã và 14 phường thuộc tỉnh",
        "ngày 6 tháng 1 năm 2024, lúc 14 giờ",
        "UBND TỈNH BÁO CÁO HĐND TỈNH VỀ KẾT QUẢ THỰC HIỆN",
    ],
)
def test_figures_stops_and_abbreviations_stay(kept):
    assert repair(kept, "eng").text == kept


def test_words_behind_a_stroke_are_pieces():
    pieces = pieces_of(["(m3)/ngay"], [0])
    assert [(piece.reading, piece.kind) for piece in pieces] == [("m3", Kind.FROZEN), ("ngay", Kind.WORD)]
    assert [piece.reading for piece in pieces_of(["203/KH-UBND"], [0])] == ["203/KH-UBND"]


def test_successors_are_all_that_are_likely():
    model = load().language
    lexicon = load().lexicon
    history = [lexicon.numbers[word] for word in ("hội", "đại", "biểu")]
    every = np.arange(len(lexicon.words))
    least = -2.5
    scores = model.score(np.tile(history, (len(every), 1)), every)
    (found,) = model.successors(np.array([history]), least)
    assert lexicon.numbers["đảng"] in found.tolist()
    assert set(found.tolist()) <= set(np.flatnonzero(scores >= least).tolist())
