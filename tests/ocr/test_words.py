"""Noise, overlays, coloured lines and the verdict on text layers, word by word."""

import numpy as np
import pytest

from vndoc.ocr.filtering import drop_noise
from vndoc.ocr.regions.merging import merge
from vndoc.ocr.text_layer import PLAIN, Script, judge, unseen
from vndoc.ocr.text_layer.verdict import ink_coverage, is_upright, reads_as_vietnamese
from vndoc.page import Box, Layer, Line, Word
from vndoc.repair.letters import is_syllable, normalised
from vndoc.sources import TextLayer

BOX = Box(0, 0, 80, 40)


def words(text, confidence=0.9, box=BOX):
    return tuple(Word(t, box, confidence) for t in text.split())


def kept(*some):
    """What is left of the words at the end of a line."""
    return [w.text for line in drop_noise([Line((*words("thực hiện kế hoạch"), *some))]) for w in line.words][4:]


@pytest.mark.parametrize(
    ("row", "stays"),
    [
        ([("xHc", 0.4), ("v)", 0.5)], False),  # a seal's strokes
        ([("SỞ", 0.9)], True),
        ([("81", 0.2)], True),  # a pen's, perhaps the number of the document
        ([("thực", 0.4), ("hiện", 0.5)], True),
    ],
)
def test_a_scrap_of_unlikely_letters_is_no_line(row, stays):
    line = Line(tuple(Word(text, BOX, sure) for text, sure in row))
    left = drop_noise([Line(words("thực hiện kế hoạch")), line])
    assert (len(left) == 2) is stays


@pytest.mark.parametrize(
    ("word", "stays"),
    [
        (Word("-", BOX, 0.9), True),
        (Word("./.", BOX, 0.9), True),
        (Word("-", BOX, 0.1), False),
        (Word("ˆ", BOX, 0.9), False),
        (Word("¬~", BOX, 0.9), False),
        (Word("a", BOX, 0.2), True),
        (Word("ÌÀ", Box(0, 0, 50, 200), 0.2), False),
        (Word("À", Box(0, 0, 50, 5), 0.2), False),
        (Word("nhiệm", Box(0, 0, 50, 200), 0.2), True),
        (Word("Số", None, 0.1), True),
    ],
)
def test_noise(word, stays):
    assert kept(word) == ([word.text] if stays else [])


def test_coloured_line_wins_only_over_unsure_words():
    unsure, sure = Line(words("Ề tố", 0.3)), Line(words("GIÁM ĐỐC", 0.95))
    stamp = Line(words("Lê Hoàng", 0.95))
    assert merge([unsure], [stamp]) == [stamp]
    assert merge([sure], [stamp]) == [sure]
    aside = Line((Word("Anh", Box(500, 0, 560, 40)),))
    assert merge([aside], [stamp]) == [aside, stamp]
    assert merge([Line((Word("không"),))], [stamp]) == [Line((Word("không"),)), stamp]


def test_coverage_counts_dark_print_only():
    page = np.full((400, 400, 3), 255, np.uint8)
    assert ink_coverage(page, [], 1.0, 60) == 1.0
    page[10:20, 10:50] = 0
    page[60:80, 10:50] = (220, 20, 40)
    half = [Word("a", Box(20, 20, 60, 40))]
    assert ink_coverage(page, half, 0.5, 60) == pytest.approx(0.52, abs=0.05)
    page[100:300, 10] = page[100, 10:390] = page[150, 10:390] = 0  # the rules of a table
    page[200:390, 200:390] = 0  # a picture
    assert ink_coverage(page, half, 0.5, 60) == pytest.approx(0.52, abs=0.05)


GOOD = "Ủy ban nhân dân huyện yêu cầu các đơn vị " * 6


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("Uy ban nhan dan", True),
        ("Uy ban nhan dan huyen " * 6, False),
        (GOOD, True),
        (GOOD.upper(), True),
        (GOOD + "Quyết định số 27/QĐ-UBND, Đ/c Nguyễn Văn A, phường Đắk Hà, xã Ea H'đing", True),
        ("Ủy ban \ue123ân", False),
        ("1 2 3 " * 20, True),
        (GOOD + "TỈNH LẠC HỒỒNG SỞỞ NỘỘI VỤ CỘỘNG HÒA", False),  # bold, drawn twice
        (GOOD + "đi`êu đô´ng a`nh", False),
        (GOOD + "O\u031b\u0309\u0302 ˆn ˊy", False),
        (GOOD + "hưu trí dượƣ ƿƅ", False),
    ],
)
def test_language_of_a_layer(text, good):
    assert reads_as_vietnamese(words(text), is_syllable) is good


def test_direction_of_a_layer():
    row = [Box(10 + 60 * i, 10, 60 + 60 * i, 30) for i in range(6)]

    def line(boxes):
        return Line(tuple(Word("nhân", box) for box in boxes))

    assert is_upright([line(row)])
    assert not is_upright([line(row[::-1])])  # upside down
    assert not is_upright([line([Box(b.y0, b.x0, b.y1, b.x1) for b in row])])  # on its side
    assert is_upright([Line((Word("1", Box(0, 0, 5, 20)),))])


# --- the verdict on made layers -------------------------------------------------------------------------------

SIDE = 600  # pixels of the image, and of the layer: 60 dpi


def layer_of(text, y=20, step=10, **about):
    """A layer with a line of six words under the other, and a page on which bars of ink are in their places."""
    parts = text.split()
    lines = []
    page = np.full((SIDE, SIDE), 255, np.uint8)
    for row, at in enumerate(range(0, len(parts), 6)):
        top = y + row * step * 2
        boxes = [Box(10 + 90 * i, top, 80 + 90 * i, top + step) for i in range(len(parts[at : at + 6]))]
        lines.append(Line(tuple(Word(t, b) for t, b in zip(parts[at:], boxes, strict=False))))
        for box in boxes:
            page[box.y0 + 2 : box.y1 - 2, box.x0 : box.x1] = 0
    kinds = {"lines": (), **dict.fromkeys(about or {"lines": True}, tuple(lines))}
    return TextLayer(720, 720, **kinds), page


KNOWN = Script(None, normalised, is_syllable, lambda text: "Ký bởi" in text)


def test_a_page_without_layer():
    blank = TextLayer(720, 720, ())
    assert unseen(blank, PLAIN).layer is Layer.NONE
    assert unseen(TextLayer(720, 720, (), signed=True), PLAIN).layer is Layer.STAMP_ONLY


def test_seen_text_that_covers_the_print_is_the_page():
    layer, page = layer_of(GOOD)
    verdict = judge(layer, page, 1.0, KNOWN)
    assert (verdict.layer, verdict.lines) == (Layer.GOOD, layer.lines)
    garbled, page = layer_of("Uy ban nhan dan huyen " * 6)
    assert judge(garbled, page, 1.0, KNOWN).layer is Layer.GARBLED


def test_a_hidden_layer_is_an_opinion_and_no_more():
    layer, page = layer_of(GOOD, hidden=True)
    verdict = judge(layer, page, 1.0, KNOWN)
    assert (verdict.layer, verdict.lines, verdict.typed, verdict.marks) == (Layer.HIDDEN, (), (), ())
    assert [w.text for w in verdict.opinion] == GOOD.split()


def test_white_letters_count_on_a_dark_ground():
    layer, page = layer_of(GOOD, pale=True)
    assert judge(layer, np.full_like(page, 255), 1.0, KNOWN).layer is Layer.NONE
    assert judge(layer, np.full_like(page, 30), 1.0, KNOWN).layer is Layer.GOOD
    assert judge(layer, 255 - page // 2, 1.0, KNOWN).layer is Layer.NONE


def test_what_the_image_does_not_show_is_not_seen():
    layer, page = layer_of(GOOD)
    page[:] = 255
    assert judge(layer, page, 1.0, KNOWN).layer is Layer.HIDDEN


def test_composed_letters_and_look_alikes():
    import unicodedata  # noqa: PLC0415

    layer, page = layer_of(unicodedata.normalize("NFD", GOOD).replace("đ", "ð").replace("u\u031b", "ƣ"))
    verdict = judge(layer, page, 1.0, KNOWN)
    assert verdict.layer is Layer.GOOD
    assert [w.text for line in verdict.lines for w in line.words] == GOOD.split()


def test_few_words_over_much_print_are_typed_or_a_mark():
    _, page = layer_of(GOOD, y=200)
    typed, shown = layer_of("1849", y=20)
    mark, below = layer_of("Ký bởi : Sở Nội vụ Văn phòng Sở Nội vụ tỉnh", y=60)
    page = np.minimum(np.minimum(page, shown), below)
    both = TextLayer(720, 720, (*typed.lines, *mark.lines))
    verdict = judge(both, page, 1.0, Script(None, normalised, is_syllable, lambda text: "Ký bởi" in text))
    assert verdict.layer is Layer.PARTIAL
    assert [line.text for line in verdict.typed] == ["1849", "Văn phòng Sở Nội vụ tỉnh"]
    close = TextLayer(
        720, 720, (*typed.lines, *(moved(line, -8) if at else line for at, line in enumerate(mark.lines)))
    )
    verdict = judge(close, page, 1.0, KNOWN)
    assert [line.text for line in verdict.typed] == ["1849"]
    assert "Văn phòng" in " ".join(w.text for w in verdict.marks)


def moved(line, down):
    return Line(tuple(Word(w.text, Box(w.box.x0, w.box.y0 + down, w.box.x1, w.box.y1 + down)) for w in line.words))
