"""The verdict on a text layer at the edges of its thresholds, and what each kind of verdict carries."""

import numpy as np
import pytest

from vndoc.ocr.text_layer import Script, Verdict, judge, unseen, with_second_opinion, with_typed
from vndoc.ocr.text_layer.opinion import fold
from vndoc.ocr.text_layer.verdict import ink_coverage, is_upright, reads_as_vietnamese, signature_marks
from vndoc.page import Block, Box, Layer, Line, Method, Origin, Page, Word
from vndoc.sources import TextLayer

SIDE = 600  # pixels of the image, and of the layer: 60 dpi
WHITE = np.full((SIDE, SIDE), 255, np.uint8)
GOOD = "Ủy ban nhân dân huyện yêu cầu các đơn vị"


def rows_of(text, y=20):
    """Six words a line, each in a box of 70 × 10 pixels."""
    parts = text.split()
    lines = []
    for row in range(0, len(parts), 6):
        boxes = [Box(10 + 90 * i, y + row * 4, 80 + 90 * i, y + row * 4 + 10) for i in range(6)]
        lines.append(Line(tuple(Word(t, b) for t, b in zip(parts[row : row + 6], boxes, strict=False))))
    return tuple(lines)


def printed(*lines, page=WHITE):
    """The page with a bar of ink for each word."""
    page = page.copy()
    for word in (word for line in lines for word in line.words):
        page[word.box.y0 + 2 : word.box.y1 - 2, word.box.x0 : word.box.x1] = 0
    return page


def layer(lines=(), **more):
    return TextLayer(720, 720, tuple(lines), **more)


# --- how much of the print a layer covers ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "height", "is_print"),
    [
        (30, 34, True), (30, 35, True), (30, 36, False),  # 0.35 inches high, at 100 dpi
        (290, 20, True), (300, 20, True), (301, 20, False),  # 3 inches wide
        (20, 4, True), (21, 4, False), (21, 5, True),  # wider than 0.2 and at most 0.04 high: a rule
    ],
)  # fmt: skip
def test_what_has_the_size_of_print_counts(width, height, is_print):
    page = np.full((100, 400), 255, np.uint8)
    page[20 : 20 + height, 20 : 20 + width] = 0
    assert ink_coverage(page, [], 1.0, 100) == (0.0 if is_print else 1.0)


@pytest.mark.parametrize(("more", "kind"), [(17, Layer.GOOD), (19, Layer.PARTIAL)])
def test_what_covers_three_quarters_of_the_print_is_the_page(more, kind):
    lines = rows_of(" ".join((GOOD * 6).split()[:54]))
    assert judge(layer(lines), printed(*lines, *rows_of("x " * more, y=420)), 1.0, Script()).layer is kind


# --- direction and language -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("lying", "upright"), [(7, True), (6, False)])
def test_seven_words_of_ten_lie(lying, upright):
    boxes = [Box(20 * k, 0, 20 * k + (8 if k < lying else 7), 10) for k in range(10)]
    assert is_upright([Line(tuple(Word("nhân", box) for box in boxes))]) is upright
    assert is_upright([Line(tuple(Word("số", box) for box in boxes))])  # short words say nothing
    assert is_upright([Line(tuple(Word("của", box) for box in boxes))]) is upright


@pytest.mark.parametrize(("forward", "upright"), [(7, True), (6, False)])
def test_seven_steps_of_ten_go_forward(forward, upright):
    at = [0]
    for k in range(10):
        at.append(at[-1] + (100 if k < forward else -100))
    row = Line(tuple(Word("nhân", Box(x, 0, x + 50, 10)) for x in at))
    assert is_upright([row]) is upright


@pytest.mark.parametrize(
    ("own", "others", "reads"),
    [(9, 21, True), (8, 22, False), (0, 19, True), (0, 20, False), (6, 14, True), (5, 15, False)],
)
def test_three_words_of_ten_have_letters_of_vietnamese_alone(own, others, reads):
    words = [Word("được")] * own + [Word("nhan")] * others + [Word("12")] * 50
    assert reads_as_vietnamese(words) is reads


@pytest.mark.parametrize(
    ("right", "wrong", "reads"), [(61, 3, True), (60, 4, False), (9, 1, True), (8, 2, False), (0, 1, True)]
)
def test_one_word_of_twenty_may_be_no_syllable(right, wrong, reads):
    known = {f"ơ{chr(97 + k // 26)}{chr(97 + k % 26)}" for k in range(right)}
    strange = [f"ưx{chr(97 + k)}" for k in range(wrong)]
    words = [Word(text) for text in [*known, *strange, *strange]]
    assert reads_as_vietnamese(words, known.__contains__) is reads


@pytest.mark.parametrize("text", ["ơ", "ơ1ơq", "ơq/ơq", "ơq-", "ơq&a", "ơ@q", "ơ.ơ"])
def test_codes_and_single_letters_need_not_be_syllables(text):
    assert reads_as_vietnamese([Word(text), Word(text + "."), Word("(" + text)], lambda _: False)


@pytest.mark.parametrize("char", ["\ufffd", "\u25a1", "\u25af", "\ue000"])
def test_one_letter_without_a_meaning_is_enough(char):
    assert not reads_as_vietnamese([Word(f"được{char}")])
    assert reads_as_vietnamese([Word("được"), Word(f"1{char}")])  # in what has no letters it may be a box to tick


@pytest.mark.parametrize(("text", "reads"), [("ơa-ơb", True), ("ơa.ơb", True), ("ơa.ơx", False), ("ơx.ơa", False)])
def test_all_parts_of_a_word_are_syllables(text, reads):
    words = [Word(text), Word(text + ".")]
    assert reads_as_vietnamese(words, {"ơa", "ơb"}.__contains__) is reads


@pytest.mark.parametrize("letter", ["Ạ", "ỹ", "ơ", "Đ", "đ", "ă", "ĩ", "Ũ"])
def test_letters_of_vietnamese_alone(letter):
    assert reads_as_vietnamese([Word(f"{letter}a")] * 20)


@pytest.mark.parametrize("letter", ["é", "ñ", "ß", "ç"])
def test_letters_that_others_have_too(letter):
    assert not reads_as_vietnamese([Word(f"{letter}a")] * 20)


@pytest.mark.parametrize("letter", ["ƀ", "ɏ", "\u0301", "ˆ", "ʰ"])
def test_marks_alone_and_letters_of_others_are_strange(letter):
    assert not reads_as_vietnamese([Word(f"{letter}a"), Word(f"{letter}b")])


# --- what a verdict carries -----------------------------------------------------------------------------------

ROWS = rows_of(" ".join([GOOD] * 3))
PAGE = printed(*ROWS)
MARK = Script(is_mark=lambda text: text.startswith("Ký"))


def texts(words):
    return [word.text for word in words]


@pytest.mark.parametrize(("ink", "seen"), [(243, True), (244, False)])
def test_twelve_grey_levels_are_seen(ink, seen):
    page = np.where(PAGE == 0, ink, 255).astype(np.uint8)
    verdict = judge(layer(ROWS), page, 1.0, Script())
    assert (verdict.layer is Layer.HIDDEN) is not seen
    assert texts(verdict.opinion) == ([] if verdict.layer is Layer.GOOD else (GOOD + " ").split() * 3)


@pytest.mark.parametrize(("ground", "kind"), [(127, Layer.GOOD), (128, Layer.NONE)])
def test_white_letters_are_seen_on_what_is_darker_than_half(ground, kind):
    assert judge(layer(pale=ROWS), np.full_like(WHITE, ground), 1.0, Script()).layer is kind


def test_words_that_reach_beyond_the_page():
    """A word outside hides nothing and is on no ground; of one across an edge its part on the page counts."""
    outside = Line((Word("Sở", Box(900, 900, 960, 910)),))
    assert judge(layer([outside]), WHITE, 1.0, Script()).layer is not Layer.HIDDEN
    assert judge(layer(pale=[outside]), np.zeros_like(WHITE), 1.0, Script()).layer is Layer.NONE
    across = Line((Word("Sở", Box(-40, -4, 30, 6)),))
    page = WHITE.copy()
    page[0:4, 0:30] = 0
    assert ink_coverage(page, across.words, 1.0, 60) == 1.0
    assert judge(layer([across]), page, 1.0, Script()).layer is not Layer.HIDDEN
    assert judge(layer([across]), WHITE, 1.0, Script()).layer is Layer.HIDDEN


@pytest.mark.parametrize(
    ("about", "kind"),
    [({}, Layer.NONE), ({"signed": True}, Layer.STAMP_ONLY), ({"hidden": ROWS, "signed": True}, Layer.HIDDEN)],
)
def test_of_a_layer_that_is_not_seen_only_an_opinion_is_left(about, kind):
    opinion = tuple(word for line in about.get("hidden", ()) for word in line.words)
    assert judge(layer(**about), PAGE, 1.0, MARK) == Verdict(kind, opinion=opinion)
    assert unseen(layer(**about), MARK) == Verdict(kind, opinion=opinion)


def test_letters_are_made_those_of_vietnamese_everywhere():
    script = Script(normalise=str.upper)
    assert texts(unseen(layer(hidden=ROWS), script).opinion) == GOOD.upper().split() * 3
    good = judge(layer(ROWS), PAGE, 1.0, script)
    assert texts(w for line in good.lines for w in line.words) == GOOD.upper().split() * 3


def test_an_old_encoding_is_asked_for_where_the_layer_is_the_page():
    asked = []

    def decode(words):
        asked.append(list(words))
        return [word.upper() for word in words]

    verdict = judge(layer(ROWS), PAGE, 1.0, Script(decode))
    assert (verdict.layer, asked) == (Layer.LEGACY, [GOOD.split() * 3])
    assert texts(w for line in verdict.lines for w in line.words) == GOOD.upper().split() * 3
    assert [w.box for line in verdict.lines for w in line.words] == [w.box for line in ROWS for w in line.words]
    assert judge(layer(ROWS[:1]), PAGE, 1.0, Script(decode)).layer is Layer.PARTIAL
    backwards = tuple(Line(line.words[::-1]) for line in ROWS)
    assert judge(layer(backwards), PAGE, 1.0, Script(decode)).layer is Layer.GARBLED
    assert len(asked) == 1
    assert judge(layer(ROWS), PAGE, 1.0, Script(lambda _: None)).layer is Layer.GOOD


def test_what_does_not_cover_the_page_and_cannot_be_read_is_an_opinion():
    strange = layer(rows_of("\ue000a được", y=20))
    verdict = judge(strange, printed(*strange.lines, *ROWS[2:]), 1.0, MARK)
    assert (verdict.layer, verdict.typed, texts(verdict.opinion)) == (Layer.PARTIAL, (), ["\ue000a", "được"])
    turned = layer([Line(ROWS[0].words[::-1])])
    assert judge(turned, PAGE, 1.0, MARK) == Verdict(Layer.PARTIAL, opinion=ROWS[0].words[::-1])


def test_typed_lines_marks_and_watermarks_are_kept_apart():
    typed, mark, watermark = (rows_of(text, y) for text, y in (("1849", 20), ("Ký bởi", 60), ("BẢN SAO", 300)))
    page = printed(*typed, *mark, *watermark, *rows_of("x " * 40, y=400))
    verdict = judge(layer([*typed, *mark], slanted=watermark), page, 1.0, MARK)
    assert verdict.layer is Layer.PARTIAL
    assert (verdict.typed, texts(verdict.marks)) == (typed, ["Ký", "bởi"])
    assert texts(verdict.opinion) == ["1849", "Ký", "bởi", "BẢN", "SAO"]
    alone = judge(layer(mark), page, 1.0, MARK)
    assert (alone.layer, alone.typed, texts(alone.marks)) == (Layer.STAMP_ONLY, (), ["Ký", "bởi"])


@pytest.mark.parametrize(
    ("text", "typed"),
    [("1849", True), ("Sở", True), ("(Sở)", True), ("a", False), ("zz", False), ("Sở zz", False),
     ("Sở zz 12", True), ("...", False)],
)  # fmt: skip
def test_a_line_is_typed_of_which_more_than_half_is_numbers_and_words(text, typed):
    lines = rows_of(text)
    page = printed(*lines, *rows_of("x " * 40, y=400))
    verdict = judge(layer(lines), page, 1.0, Script(is_syllable={"Sở", "a"}.__contains__))
    assert verdict.typed == (lines if typed else ())


# --- marks ----------------------------------------------------------------------------------------------------


def row(text, x, y, width=60, height=10):
    return Line((Word(text, Box(x, y, x + width, y + height)),))


@pytest.mark.parametrize(
    ("other", "belongs"),
    [
        (row("Sở", 0, 15), True),  # less than 0.6 of the height below
        (row("Sở", 0, 16), False),
        (row("Sở", 0, -15), True),
        (row("Sở", 0, 15, height=8), False),  # of the lesser height
        (row("Sở", 0, 14, height=8), True),
        (row("Sở", 59, 12), True),
        (row("Sở", 60, 12), False),  # beside it, not under it
        (row("12", 0, 12), False),
        (Line((Word("Sở"),)), False),
    ],
)
def test_lines_closely_under_or_over_a_mark_belong_to_it(other, belongs):
    mark = row("Ký bởi", 0, 0)
    found = signature_marks([other, mark], MARK.is_mark)
    assert found == ([mark, other] if belongs else [mark])


def test_a_mark_grows_line_by_line_and_holds_each_once():
    lines = [row("Ký bởi", 0, 0), row("Sở", 0, 12), row("Y tế", 0, 24), row("xa", 0, 60)]
    assert signature_marks(lines[::-1], MARK.is_mark) == lines[:3]
    assert signature_marks(lines[1:], MARK.is_mark) == []


# --- typed words on the page ----------------------------------------------------------------------------------


def page_of(*words, **about):
    return Page(1, (Block((Line(words),)),), 400, 300, 120, method=Method.OCR, **about)


def after_typing(read, known, box=None, **about):
    """What is on the page where ``known`` was set over it."""
    verdict = Verdict(Layer.PARTIAL, typed=(Line((Word(known, box or Box(100, 100, 140, 120)),)),))
    return [(w.text, w.origin) for w in with_typed(page_of(read, **about), verdict, 1.0).words]


@pytest.mark.parametrize(
    ("text", "confidence", "stays"),
    [
        ("xyz", 0.84, False),
        ("xyz", 0.85, True),  # sure, and another word
        ("ÁBCD.", 0.9, False),
        ("abcdef", 0.9, False),
        ("bc", 0.9, False),
        ("abxy", 0.9, False),  # half alike
        ("axyz", 0.9, True),
        ("abxyz", 0.9, True),
    ],
)
def test_a_sure_word_stays_where_another_one_was_typed(text, confidence, stays):
    known = "abcde" if text == "abxyz" else "abcd"
    read = Word(text, Box(100, 100, 140, 120), confidence)
    assert after_typing(read, known) == [(text, Origin.OCR)] * stays + [(known, Origin.TYPED)]


@pytest.mark.parametrize(
    ("box", "left"),
    [
        (Box(60, 100, 140, 120), "kh"),  # its centre is the left edge of the typed word: what is before that stays
        (Box(58, 100, 140, 120), "kh"),  # its own holds the typed word's centre
        (Box(58, 100, 118, 120), "khác"),
        (Box(140, 100, 142, 120), "khác"),
        (Box(100, 120, 140, 140), "khác"),
        (Box(100, 100, 140, 111), None),
        (Box(100, 105, 140, 115), "khác"),  # half as high: the typed word is slanted
        (None, "khác"),
    ],
)
def test_words_in_one_place(box, left):
    found = {text for text, _ in after_typing(Word("khác", box, 0.1), "1849")}
    assert found == {"1849", *([left] if left else [])}


def test_marks_take_words_away_and_add_none():
    read = Word("Kybi", Box(100, 100, 140, 120), 0.5)
    verdict = Verdict(Layer.STAMP_ONLY, marks=(Word("Ký bởi", Box(50, 50, 70, 60)),))
    assert list(with_typed(page_of(read), verdict, 2.0).words) == []
    assert with_typed(page_of(read), Verdict(Layer.STAMP_ONLY), 2.0) == page_of(read)


def test_typed_words_are_turned_with_the_page():
    """A quarter turn counter-clockwise brings the right edge of the source's page to the top."""
    verdict = Verdict(Layer.PARTIAL, typed=(Line((Word("1849", Box(100, 20, 110, 60)),)),))
    (word,) = with_typed(Page(1, (), 400, 300, 120, turns=1), verdict, 2.0).words
    assert (word.box, word.origin, word.confidence) == (Box(40, 80, 120, 100), Origin.TYPED, 1.0)


# --- the second opinion ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "confidence", "heard", "box", "then"),
    [
        ("Số", 0.4, "so:", Box(100, 100, 140, 120), 0.7),
        ("Số", 0.84, "so", Box(100, 100, 140, 120), 0.92),
        ("Số", 0.85, "so", Box(100, 100, 140, 120), 0.85),
        ("Số", 0.4, "sổ", Box(120, 110, 140, 120), 0.7),
        ("Số", 0.4, "sổ", Box(121, 110, 140, 120), 0.4),
        ("Số", 0.4, "sổ", Box(100, 100, 120, 120), 0.4),
        ("Số", 0.4, "sổ", Box(100, 111, 140, 120), 0.4),
        ("Số", 0.4, "sổ", Box(100, 100, 140, 110), 0.4),
        ("Số", 0.4, "sơn", Box(100, 100, 140, 120), 0.4),
        ("—.", 0.4, ".", Box(100, 100, 140, 120), 0.4),
        ("..", 0.4, ".", Box(100, 100, 140, 120), 0.4),
    ],
)
def test_agreement_in_place_halves_the_doubt(read, confidence, heard, box, then):
    page = page_of(Word(read, Box(100, 100, 140, 120), confidence))
    (word,) = with_second_opinion(page, [Word(heard, box), Word(heard)], 1.0).words
    assert (word.text, word.confidence) == (read, pytest.approx(then))


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Đường,", "duong"), ("“Số:”", "“so:”"), ("(TỈNH)", "tinh"), ("254-KH/TU;", "254-kh/tu"), ("--", "")],
)  # fmt: skip
def test_fold(text, plain):
    assert fold(text) == plain
