"""The annotated scan: frames where the values are, nothing from outside, nothing smuggled in."""

import base64
import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

import vndoc
from tests.conftest import SAMPLES, pdf_of
from tests.parse.tables.pages_of_tables import page as page_of
from tests.parse.tables.pages_of_tables import table
from vndoc.dispatch import Dispatch, Evidence, Notice, Reference, Signature, Signer, Source, Task
from vndoc.export.html import to_html
from vndoc.page import Block, Box, Line, Method, Page, Word, page_from_text
from vndoc.parse import parse_pages

EVIL = "<script>alert('1')</script>\"&"


class Tree(HTMLParser):
    """Elements with their attributes; fails where tags do not match."""

    EMPTY = ("meta", "img", "br")

    def __init__(self, html):
        super().__init__()
        self.open, self.all, self.texts = [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def named(self, tag):
        return [attrs for name, attrs in self.all if name == tag]

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


@pytest.fixture
def dispatch():
    seen = {"page": 1, "box": (100, 50, 300, 90), "method": "rule"}
    return Dispatch(
        source=Source(name="a.pdf", sha256="0" * 64, media_type="application/pdf", page_amount=1),
        type_name="Công văn",
        code_notation="UBND",
        subject=EVIL,
        recipients=["Sở Y tế", "Sở Xây dựng"],
        signer=Signer(full_name="Nguyễn Hữu Đạt"),
        references=[Reference(type_name="Kế hoạch", notation="254-KH/TU", issued_date="2024-01-19", organ_name=EVIL)],
        tasks=[
            Task(assignee="Sở Y tế", text="báo cáo " + "rất dài " * 60, due_date="2024-11-05", start=0, end=1),
            Task(text="tổng hợp", recurrence="hằng năm", start=0, end=1),
        ],
        due_date="2024-11-05",
        signatures=[
            Signature(name=EVIL, sub_filter="x", covers_whole_file=True, intact=False),
            Signature(signed_at="2024-05-14T08:00:00+07:00", sub_filter="x", covers_whole_file=True),
        ],
        warnings=[
            Notice(code="page-doubtful", pointer="/pages/1", message="blurred"),
            Notice(code="something-new", message=EVIL),
        ],
        evidence={
            "/type_name": Evidence(confidence=0.9, **seen),
            "/code_number": Evidence(confidence=0.3, page=1, box=(5, 6, 7, 8), method="handwriting"),
            "/issued_date": Evidence(
                confidence=0.4,
                raw="2/",
                candidates=[("2024-03-21", 0.4), ("2024-13-77", 0.1)],
                method="slot",
            ),
            "/subject": Evidence(confidence=0.7, **seen),
        },
    )


@pytest.fixture
def page():
    words = (Word("Sở", Box(10, 10, 50, 40), 0.99), Word(EVIL, Box(60, 10, 90, 40), 0.4))
    return Page(1, (Block((Line(words),)),), 1000, 500, 240, method=Method.OCR)


def image_of(html):
    return Image.open(io.BytesIO(base64.b64decode(re.search(r"base64,([^\"]+)", html)[1])))


def test_values_and_frames_belong_together(dispatch, page):
    html = to_html(dispatch, [page], [np.full((250, 500, 3), 200, np.uint8)])
    tree = Tree(html)
    ids = {attrs["id"]: attrs for _, attrs in tree.all if "id" in attrs}
    twins = [attrs for _, attrs in tree.all if "data-twin" in attrs]
    assert len(twins) == 6  # three values with a box, and their frames
    for attrs in twins:
        twin = ids[attrs["data-twin"]]
        assert twin["data-twin"] == attrs["id"]
        assert attrs["href"] == "#" + twin["id"]
    frame = next(a for a in tree.named("a") if a.get("aria-label") == "Tên loại: Công văn")
    assert "left:10.00%;top:10.00%;width:20.00%;height:8.00%" in frame["style"]
    assert "class" not in frame
    number = next(a for a in tree.named("a") if a.get("aria-label") == "Số: chưa chắc")
    assert number["class"] == "doubt"
    assert image_of(html).size == (500, 250)
    (shade,) = tree.named("i")
    assert "left:6.00%" in shade["style"]
    assert shade["title"] == f"{EVIL} · 40 %"


def test_what_is_listed(dispatch, page):
    text = Tree(to_html(dispatch, [page], [np.full((250, 500), 200, np.uint8)])).text
    assert "chưa chắc 40 % có thể là 21/03/2024 (40 %), 2024-13-77 (10 %); đọc được: “2/”; chỗ để trống" in text
    assert "Cơ quan ban hành không thấy" in text
    assert "Kính gửi Sở Y tế Sở Xây dựng" in text
    assert "Thời hạn 05/11/2024" in text
    assert "rất dài …" in text
    assert "Sở Y tế · hạn 05/11/2024" in text
    assert "tổng hợp hằng năm" in text
    assert "Kế hoạch 254-KH/TU ngày 19/01/2024 của" in text
    assert "Trang 1: Trang này đọc chưa chắc." in text
    assert "08:00 14/05/2024 (+0700) · chưa kiểm tra được" in text
    assert "đã bị thay đổi" in text


def test_nothing_comes_from_outside_or_from_the_document(dispatch, page):
    html = to_html(dispatch, [page], [np.full((250, 500), 200, np.uint8)])
    tree = Tree(html)
    assert html.count("<script>") == 1
    assert not re.search(r"https?:|url\(|@import|//[a-z]", html.replace("// A field", ""))
    assert all(i["src"].startswith("data:image/jpeg;base64,") for i in tree.named("img"))
    assert all(a["href"].startswith("#") for a in tree.named("a"))
    (policy,) = (m["content"] for m in tree.named("meta") if "http-equiv" in m)
    assert policy.startswith("default-src 'none'")
    assert EVIL in tree.text


def test_a_text_has_no_image(dispatch):
    html = to_html(dispatch, [page_from_text(f"Kính gửi: {EVIL}")], [None])
    tree = Tree(html)
    assert tree.named("img") == []
    assert tree.named("pre")
    assert f"Kính gửi: {EVIL}" in tree.text


def test_pages_are_drawn_one_at_a_time(dispatch, page):
    """No image is asked for before the one in front of it is done with."""
    log = []

    def images():
        for number in (1, 2, 3):
            log.append(number)
            yield np.full((20, 20), 255, np.uint8)

    pages = [Page(n, (), 100, 100, 240) for n in (1, 2, 3)]
    assert to_html(dispatch, pages, images()).count("<img") == 3
    assert log == [1, 2, 3]


@pytest.mark.slow
def test_documents_of_all_kinds(page_image, tmp_path):
    lying = np.ascontiguousarray(np.rot90(page_image, 2))
    document = vndoc.read(pdf_of(lying))
    html = document.to_html()
    # The image is shown as it was read: upright, at the resolution for screens.
    shown = np.asarray(image_of(html).convert("L"), dtype=float)
    assert shown.shape == (550, pytest.approx(909, abs=1))
    upright = np.asarray(Image.fromarray(page_image).convert("L").resize(shown.shape[::-1]), dtype=float)
    assert np.abs(shown - upright).mean() < 6
    path = tmp_path / "a.png"
    Image.fromarray(page_image).save(path, dpi=(240, 240))
    assert image_of(vndoc.read(path).to_html()).size == (pytest.approx(909, abs=1), 550)
    assert "<pre>" in vndoc.read(SAMPLES / "cv815" / "ocr.txt").to_html()


def test_tables_are_tables_with_the_page_they_begin_on():
    found = parse_pages([page_of(3, "Danh sách:", table(("TT", "Tên", "<"), ("1", EVIL, "x\n- y")))])
    tree = Tree(to_html(found, [], []))
    assert [attrs for name, attrs in tree.all if name in ("th", "td")] == [{}, {"colspan": "2"}, {}, {}, {}]
    assert f"Bảng Trang 3 TT Tên 1 {EVIL} x - y" in tree.text
