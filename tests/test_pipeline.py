"""The whole way: files in, typed dispatches out, through real Tesseract."""

import json

import pytest

import vndoc
from tests.conftest import SAMPLES, pdf_of
from vndoc import pipeline
from vndoc.dispatch import Dispatch
from vndoc.ocr.engines.engine import ImageKind
from vndoc.page import Box, Line, Method, Page, Word
from vndoc.repair.syllable import strip_marks


def test_public_names():
    assert set(vndoc.__all__) <= set(dir(vndoc))
    assert callable(vndoc.parse)
    assert callable(vndoc.repair)
    assert vndoc.repair("Ké hoach").text == "Kế hoạch"


def test_cv815_from_its_garbled_text():
    """The user's own example, field by field against its truth."""
    truth = json.loads((SAMPLES / "cv815" / "truth.json").read_text(encoding="utf-8"))
    got = vndoc.parse(SAMPLES / "cv815" / "ocr.txt")
    for name in (
        "type_name",
        "code_number",
        "code_notation",
        "organ_name",
        "place",
        "subject",
        "recipients",
        "to_places",
    ):
        assert getattr(got, name) == truth[name], name
    assert got.evidence["/organ_name"].method == "inferred"
    # The day was read as "2/": unresolved, with its candidates.
    assert got.issued_date is None
    days = got.evidence["/issued_date"]
    assert days.confidence < 0.5
    assert "2/" in days.raw
    assert {"2024-03-21", "2024-03-27"} <= {value for value, _ in days.candidates}
    assert got.signer.authority == truth["signer"]["authority"]
    assert (got.signer.position, got.signer.full_name) == ("PHÓ CHỦ TỊCH", None)
    references = [(r.type_name, r.notation, str(r.issued_date), r.organ_name) for r in got.references]
    assert references == [
        tuple(r[k] for k in ("type_name", "notation", "issued_date", "organ_name")) for r in truth["references"]
    ]
    party_plan = got.references[4]
    assert party_plan.as_printed == "187-KH-HU"
    for reference in got.references:
        assert reference.mentions
        assert all(got.text[m.start : m.end] == m.text for m in reference.mentions)
    assert [s.label for s in got.sections] == truth["outline"]
    for section, want in zip(got.sections, truth["sections"], strict=True):
        # The letters of a title are the repair's matter, whose word errors are counted elsewhere.
        assert strip_marks(section.title).replace("—", "–") == strip_marks(want["title"])
        assert [c.label for c in section.children] == want["points"]
    assert got.sections[4].label_as_read == "6"
    assert any(w.code == "label-repaired" and w.pointer == "/sections/4/label" for w in got.warnings)
    dated = [t for t in got.tasks if t.due_date]
    assert [(str(t.due_date), t.assignee, t.report_to, t.via) for t in dated] == [
        ("2024-11-05", "Thủ trưởng các cơ quan, đơn vị, địa phương", "UBND huyện", "Phòng Văn hóa và Thông tin")
    ]
    assert str(got.due_date) == "2024-11-05"
    yearly = [t for t in got.tasks if t.recurrence]
    assert [(t.recurrence, t.section, t.assignee) for t in yearly] == [
        ("hằng năm", "6.d", "Phòng Văn hóa và Thông tin")
    ]
    assert got.source.media_type == "text/plain"


@pytest.mark.slow
def test_a_scanned_dispatch_through_real_tesseract():
    """A page image of the sample decision: every field of the form."""
    truth = json.loads((SAMPLES / "quyet-dinh-1247" / "dispatch.json").read_text(encoding="utf-8"))
    got = vndoc.parse(SAMPLES / "quyet-dinh-1247" / "scan.pdf")
    assert got.type_name == "Quyết định"
    assert (got.code_number, got.code_notation) == ("1247", "QĐ-UBND")
    assert str(got.issued_date) == "2024-05-14"
    assert got.organ_name == "Ủy ban nhân dân huyện Vạn An"
    assert [s.label for s in got.sections] == [f"Điều {n}" for n in range(1, len(got.sections) + 1)]
    assert got.signer.full_name == truth["signer"]["full_name"]
    assert got.subject == truth["subject"]
    for pointer, evidence in got.evidence.items():
        assert pointer.startswith("/")
        assert evidence.page is None or evidence.page <= got.source.page_amount
    assert Dispatch.model_validate_json(got.model_dump_json()) == got


def test_progress_comes_page_by_page(page_image):
    seen = []
    vndoc.parse(
        pdf_of(page_image, page_image),
        settings=vndoc.Settings(jobs=1),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(1, 2), (2, 2)]


class Failing:
    """An engine that dies on the pages asked for."""

    name, version = "failing", "1"

    def __init__(self, *pages):
        self.pages, self.at = pages, 0

    def read(self, images, kind, dpi):
        if kind is not ImageKind.PAGE:
            return [[] for _ in images]
        self.at += 1
        if self.at in self.pages:
            raise vndoc.EngineError("Tesseract failed with status -9")
        return [[Line((Word("Số:", Box(100, 100, 160, 140)), Word("12/QĐ-UBND", Box(170, 100, 400, 140))))]]


def test_one_failed_page_is_a_warning(page_image):
    got = vndoc.parse(pdf_of(page_image, page_image), settings=vndoc.Settings(jobs=1), engine=Failing(2))
    assert [p.method for p in got.pages] == ["failing", "failed"]
    assert got.warnings[0].code == "page-failed"  # before those of the form
    assert len(got.warnings) > 1
    assert any(w.code == "page-failed" and w.pointer == "/pages/2" and "status -9" in w.message for w in got.warnings)


def test_all_pages_failed_is_an_error(page_image):
    with pytest.raises(vndoc.EngineError, match="no page could be read"):
        vndoc.parse(pdf_of(page_image), engine=Failing(1))


def test_page_that_is_not_there(page_image):
    with pytest.raises(vndoc.EmptyFileError, match="it has 1"):
        vndoc.parse(pdf_of(page_image), pages=[7])


class Recorded:
    """Reads the same rows on every page, whatever is on it; counts the pages."""

    name, version = "recorded", "1"

    def __init__(self, *rows):
        self.rows, self.pages = rows, 0

    def read(self, images, kind, dpi):
        if kind is not ImageKind.PAGE:
            return [[] for _ in images]
        self.pages += len(images)
        return [[self.line(row, 100 + 60 * k) for k, row in enumerate(self.rows)] for _ in images]

    def line(self, text, y):
        words, x = [], 100
        for part in text.split():
            words.append(Word(part, Box(x, y, x + 20 * len(part), y + 40), 0.1 if "~" in part else 0.95))
            x += 20 * len(part) + 16
        return Line(tuple(words))


class Sharp:
    """A reader of slots that keeps what it was given."""

    name = "sharp"

    def __init__(self):
        self.asked = []
        self.sure = 0.9

    def read(self, image, slots, words, dpi, angle):
        self.asked.append((image.shape, [slot.kind.value for slot in slots], dpi))
        return {slot.key: [("41", self.sure)] for slot in slots if slot.kind.value == "number"}


@pytest.fixture
def sharp(monkeypatch):
    reader = Sharp()
    monkeypatch.setattr(pipeline, "slot_reader", lambda settings: reader)
    return reader


ALONE = vndoc.Settings(jobs=1)
HEAD = ("SỞ Y TẾ", "Số: ~~~ /SYT-VP", "An Giang, ngày 05 tháng 6 năm 2024", "V/v báo cáo")


def test_the_slots_of_the_form_are_read_on_its_page_alone(page_image, sharp):
    got = vndoc.parse(pdf_of(page_image, page_image), settings=ALONE, engine=Recorded(*HEAD))
    assert (got.code_number, got.evidence["/code_number"].method) == ("41", "handwriting")
    assert [(shape[:2], dpi) for shape, _, dpi in sharp.asked] == [((1200, 1984), 240)]
    assert "number" in sharp.asked[0][1]


def test_slots_that_print_fills_are_read_by_both_readers(page_image, sharp):
    rows = [row.replace("~~~", "77") for row in HEAD]
    sharp.sure = 0.5
    assert vndoc.parse(pdf_of(page_image), settings=ALONE, engine=Recorded(*rows)).code_number == "77"
    assert len(sharp.asked) == 1
    sharp.sure = 0.98
    doubted = vndoc.parse(pdf_of(page_image), settings=ALONE, engine=Recorded(*rows))
    assert doubted.code_number is None
    assert {text for text, _ in doubted.evidence["/code_number"].candidates} == {"41", "77"}


def test_a_page_whose_image_is_lost_leaves_its_slots_open(page_image, sharp, monkeypatch):
    def lost(*_):
        raise vndoc.EngineError("the page cannot be drawn")

    monkeypatch.setattr(pipeline, "_image_of", lost)
    got = vndoc.parse(pdf_of(page_image), settings=ALONE, engine=Recorded(*HEAD))
    assert (got.code_number, sharp.asked) == (None, [])
    (notice,) = [notice for notice in got.warnings if notice.code == "page-doubtful"]
    assert notice.pointer == "/pages/1"
    assert "the page cannot be drawn" in notice.message


def test_the_first_page_read_is_not_drawn_again(page_image, monkeypatch):
    drawn = []
    real = pipeline.open_file

    def spied(file, settings):
        opened, kind = real(file, settings)
        image = opened.image
        monkeypatch.setattr(opened, "image", lambda number, *a, **k: drawn.append(number) or image(number, *a, **k))
        return opened, kind

    monkeypatch.setattr(pipeline, "open_file", spied)
    vndoc.parse(pdf_of(page_image, page_image), pages=[2], settings=ALONE, engine=Recorded(*HEAD))
    assert drawn == [2]


def test_each_document_of_a_file_has_the_slots_of_its_own_first_page_read(page_image, sharp, monkeypatch):
    drawn = []
    real = pipeline.open_file

    def spied(file, settings):
        opened, kind = real(file, settings)
        image = opened.image
        monkeypatch.setattr(opened, "image", lambda number, *a, **k: drawn.append(number) or image(number, *a, **k))
        return opened, kind

    monkeypatch.setattr(pipeline, "open_file", spied)
    rows = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", *HEAD, "Kính gửi: Sở Tài chính")
    found = vndoc.read_all(pdf_of(*[page_image] * 3), settings=ALONE, engine=Recorded(*rows))
    assert [[page.number for page in document.pages] for document in found] == [[1], [2], [3]]
    assert [document.dispatch.code_number for document in found] == ["41"] * 3
    assert len(sharp.asked) == 3
    assert sorted(drawn) == [1, 2, 3]  # each page once, for recognition and slots


def test_a_repair_that_is_off_changes_no_word(page_image):
    rows = ("Ke hoach so 254-KH/TU ve vlệc báo cáo kết quả",)
    raw, repaired = (
        vndoc.parse(pdf_of(page_image), settings=vndoc.Settings(jobs=1, repair=how), engine=Recorded(*rows)).text
        for how in ("off", "vie")
    )
    assert raw == rows[0]
    assert repaired != raw


def test_pages_come_in_their_order_each_once(page_image):
    engine = Recorded(*HEAD)
    document = vndoc.read(pdf_of(*[page_image] * 4), pages=[4, 2, 2, 9], settings=ALONE, engine=engine)
    assert [page.number for page in document.pages] == [2, 4]
    assert (engine.pages, document.dispatch.source.page_amount) == (2, 4)


def test_what_a_page_warns_of_is_a_notice_of_that_page():
    failed = Page(3, (), method=Method.FAILED, warnings=("killed", "again"))
    read = Page(4, (), method=Method.OCR, warnings=("only 3 letters",))
    assert [(n.code, n.pointer, n.message) for page in (failed, read) for n in pipeline._page_notices(page)] == [
        ("page-failed", "/pages/3", "Page 3: killed"),
        ("page-failed", "/pages/3", "Page 3: again"),
        ("page-doubtful", "/pages/4", "Page 4: only 3 letters"),
    ]


def test_the_stages_settle_who_a_dispatch_is_before_what_it_says():
    names = [stage.name for stage in pipeline.STAGES]
    assert names == [
        "recognition",
        "boundaries",
        "repair",
        "form",
        "slots",
        "signatures",
        "identity",
        "trust",
        "content",
        "dispatch",
    ]


def test_what_a_task_says_is_what_the_text_says():
    dispatch = vndoc.parse(SAMPLES / "cv815" / "ocr.txt")

    def letters(text: str) -> str:
        return "".join(text.split())

    said = letters(dispatch.text)
    assert "hằng năm" in [task.recurrence for task in dispatch.tasks]
    assert [task.text for task in dispatch.tasks if letters(task.text) not in said] == []
    assert [task.recurrence for task in dispatch.tasks if letters(task.recurrence or "") not in said] == []
