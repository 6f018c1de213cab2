"""Where documents begin in a file, page by page: sure cuts, doubtful ones, and what stays together."""

import json
from importlib.resources import files

import pytest

from tests.bundles.conftest import numbered, parts, texts
from vndoc.bundles import Cutter, part_notices, signs_of
from vndoc.bundles.relation import Before, features
from vndoc.page import Method, Page, page_from_text

LETTER = """SỞ Y TẾ TỈNH AN BÌNH
Số: 245/SYT-NVY
V/v báo cáo kết quả tiêm chủng
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
An Bình, ngày 12 tháng 5 năm 2025

Kính gửi: Trung tâm Y tế các huyện, thành phố

Xét đề nghị của Trung tâm Y tế huyện Đồng Mây tại Công văn số 77/TTYT-KH ngày 10/5/2025 (gửi kèm theo),
Sở Y tế yêu cầu các đơn vị báo cáo kết quả tiêm chủng trước ngày 30/5/2025./.

Nơi nhận:
- Như trên;
- Lưu: VT, NVY.
GIÁM ĐỐC

Nguyễn Văn An"""

SENT_ALONG = """TRUNG TÂM Y TẾ HUYỆN ĐỒNG MÂY
Số: 77/TTYT-KH
V/v xin hướng dẫn báo cáo
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Đồng Mây, ngày 10 tháng 5 năm 2025

Kính gửi: Sở Y tế tỉnh An Bình

Trung tâm đề nghị Sở hướng dẫn mẫu báo cáo tiêm chủng của năm nay.

Nơi nhận:
- Như trên;
- Lưu: VT.
GIÁM ĐỐC

Trần Thị Bình"""


def pages_of(found):
    return [list(part.pages) for part in found]


@pytest.fixture(scope="module")
def three():
    return [*texts("to-trinh-145"), *texts("quyet-dinh-1247"), *texts("thong-bao-312")]


def test_documents_begin_at_their_heads(three):
    found = parts(*three)
    assert pages_of(found) == [[1, 2], [3, 4], [5, 6]]
    assert [part.whole for part in found] == [False] * 3
    assert found[0].begins is None
    assert found[1].begins.before_page == 3
    assert "national title" in found[1].begins.why
    assert all(0.8 < part.confidence <= 1 for part in found)
    assert [part.doubtful for part in found] == [()] * 3


@pytest.mark.parametrize(
    "sheet", ["TỜ NGĂN", "BÌA HỒ SƠ\nSố: 12", "- Tờ  ngăn -\n\nTO NGAN 3", "SEPARATOR SHEET", "Patch T"]
)
def test_a_separator_sheet_parts_what_has_no_head(sheet):
    pages = [LETTER, "Danh sách kèm theo\n1. Trần Thị Hạnh\n2. Lê Văn Bình", sheet, "", "Trang không có đầu đề\nvà chữ"]
    found = parts(*pages)
    assert [(part.pages, part.blank_pages, part.separator_pages) for part in found] == [
        ((1, 2), (3, 4), (3,)),
        ((5,), (), ()),
    ]
    assert found[1].begins.why == "behind a separator sheet"
    (notice,) = [notice for notice in part_notices(found[0]) if notice.code == "blank-left-out"]
    assert notice.message == "Page 4 of the file is blank; page 3 of the file is there to part documents"
    (whole,) = parts(*pages, split="never")
    assert [boundary.before_page for boundary in whole.uncut] == [5]


@pytest.mark.parametrize("text", ["Tờ ngăn này dùng để chia hồ sơ theo từng năm", "Bìa", "Phụ lục 1", "HỒ SƠ"])
def test_a_page_that_says_more_is_none(text):
    assert not signs_of(page_from_text(text)).separator


def test_a_separator_at_either_end_parts_nothing():
    (only,) = parts("TỜ NGĂN", LETTER, "TỜ NGĂN")
    assert (only.pages, only.separator_pages, only.whole) == ((2,), (1, 3), True)


def test_blank_pages_belong_to_no_document(three):
    found = parts("", three[0], "", three[1], "", *three[2:], "")
    assert pages_of(found) == [[2, 4], [6, 7], [8, 9]]
    assert [part.blank_pages for part in found] == [(1, 3, 5), (), (10,)]
    assert [n.message for n in part_notices(found[0])] == ["Pages 1, 3 and 5 of the file are blank"]
    assert [n.message for n in part_notices(found[2])] == ["Page 10 of the file is blank"]


def test_a_document_without_its_last_page_ends_where_the_next_begins(three):
    assert pages_of(parts(three[0], *three[2:])) == [[1], [2, 3], [4, 5]]


def test_a_second_copy_is_a_document_of_its_own():
    plan = texts("ke-hoach-58")
    assert pages_of(parts(*plan, *plan)) == [[1, 2], [3, 4]]


def test_what_was_sent_along_is_left_to_a_person():
    (found,) = parts(LETTER, SENT_ALONG)
    assert found.pages == (1, 2)
    (doubt,) = found.doubtful
    assert (doubt.before_page, doubt.sure) == (2, False)
    assert 0.05 <= doubt.probability < 0.5
    assert "the document before cites it and sends something along" in doubt.why
    (notice,) = part_notices(found)
    assert (notice.code, notice.pointer) == ("boundary-doubtful", "/pages/2")
    assert found.confidence < 0.95
    # The same letter behind a document that has nothing to do with it is cut off.
    assert len(parts(*texts("quyet-dinh-1247"), SENT_ALONG)) == 2


def test_what_is_issued_later_was_not_sent_along():
    later = SENT_ALONG.replace("ngày 10 tháng 5 năm 2025", "ngày 10 tháng 6 năm 2025")
    assert len(parts(LETTER, later)) == 2


@pytest.mark.parametrize(
    "annex",
    [
        "PHỤ LỤC I\nDANH SÁCH CÁC ĐƠN VỊ\n(Kèm theo Công văn số 245/SYT-NVY ngày 12/5/2025)\n1. Trạm Y tế xã Hòa Bình",
        "1. Trần Thị Hạnh, thôn 4\n2. Lê Văn Bình, thôn 7\n3. Phạm Minh Đức, thôn 9",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nAn Bình, ngày ... tháng ... năm 2025\n"
        "PHIẾU ĐÁNH GIÁ\n1. Họ và tên: ...........",
        "SỞ Y TẾ TỈNH AN BÌNH\nSố: 12/SY-SYT\nSAO Y\nAn Bình, ngày 15 tháng 5 năm 2025\nTL. GIÁM ĐỐC\nCHÁNH VĂN PHÒNG\n"
        "Lê Thị Cúc",
    ],
)
def test_annexes_forms_and_copy_sheets_stay_with_what_stands_before(annex):
    found = parts(LETTER, annex, *texts("quyet-dinh-1247"))
    assert pages_of(found) == [[1, 2], [3, 4]]


def test_pages_that_could_not_be_read_are_no_documents(three):
    cutter = Cutter()
    pages = [Page(1, (), method=Method.FAILED), *(page_from_text(text, n) for n, text in enumerate(three, 2))]
    ended = [part for page in pages if (part := cutter.add(signs_of(page)))]
    assert pages_of([*ended, cutter.end()]) == [[1, 2, 3], [4, 5], [6, 7]]


def test_always_cuts_what_is_likely_and_never_cuts_nothing(three):
    worn = three[2].replace("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "").replace("Độc lập - Tự do - Hạnh phúc", "")
    bundle = [*three[:2], worn, *three[3:]]
    assert [part.pages[0] for part in parts(*bundle, split="always")] == [1, 3, 5]
    (whole,) = parts(*three, split="never")
    assert [boundary.before_page for boundary in whole.uncut] == [3, 5]
    assert whole.whole
    (notice,) = (n for n in part_notices(whole) if n.code == "several-documents")
    assert "pages 3 and 5" in notice.message


def test_two_documents_on_one_sheet_are_told():
    (found,) = parts(f"{SENT_ALONG}\n{LETTER}")
    assert found.shared_pages == (1,)
    assert [n.code for n in part_notices(found)] == ["sheet-shared"]


def test_every_page_is_in_one_place(three):
    found = parts("", *three, "", LETTER, SENT_ALONG)
    assert sorted(n for part in found for n in (*part.pages, *part.blank_pages)) == list(range(1, 11))


def test_the_data_name_signs_that_there_are():
    data = json.loads(files("vndoc.bundles").joinpath("data", "boundaries.json").read_text(encoding="utf-8"))
    first, second = map(signs_of, numbered(LETTER, SENT_ALONG))
    known = set(features(Before.begun(first), second))
    assert set(data["weights"]) <= known
    assert set(data["why"]) <= known
    assert {name.lstrip("!") for case in data["against"] for name in case["signs"]} <= known
