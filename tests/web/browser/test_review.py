"""A clerk's work by keyboard, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import SAMPLES
from vndoc.facts import ValueFact


class Keys:
    """Presses keys and counts them."""

    def __init__(self, page):
        self.page, self.pressed = page, 0

    def __call__(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


def ready(page):
    expect(page.locator("input:focus, textarea:focus, button:focus")).to_have_count(1)


def test_ten_doubtful_fields_are_settled_by_keyboard_alone(open_page, archive):
    page = open_page("/")
    keys = Keys(page)
    page.wait_for_selector("html.js")
    keys("j", "Enter")
    page.wait_for_url("**/documents/*", wait_until="domcontentloaded")
    settled, most = 0, 0
    while settled < 10:
        ready(page)
        doubts = page.locator("[data-doubt]")
        while count := doubts.count():
            before = keys.pressed
            spot = page.evaluate("document.activeElement.closest('[data-doubt]')?.id")
            assert spot
            keys(*("3", "Enter") if spot == "signer-full_name" else ("x",))
            expect(doubts).to_have_count(count - 1)
            settled += 1
            most = max(most, keys.pressed - before)
        here = page.url
        keys("Shift+Enter")
        page.wait_for_url(
            lambda url, here=here: url.split("?")[0].split("#")[0] != here.split("?")[0].split("#")[0],
            wait_until="domcontentloaded",
        )
        page.wait_for_selector("html.js")
    assert most <= 4
    names = [change.after for change in archive.desk.changes(limit=100) if change.pointer == "/signer/full_name"]
    assert len(names) >= 5
    assert len(set(names)) == 1


def test_a_value_is_typed_with_completion_and_a_wrong_one_told(open_page, archive, key_of):
    key = key_of("cv815~0.pdf")
    page = open_page(f"/documents/{key}#issued_date")
    field = page.locator("#issued_date-in")
    expect(field).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("31/2/24")
    page.keyboard.press("Enter")
    expect(page.locator("#messages .wrong")).to_contain_text("không phải là một ngày")
    expect(field).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("ngày 22 tháng 3")
    page.keyboard.press("Enter")
    expect(field).to_have_value("22/03/2024")
    assert str(archive.desk.sheet(archive.document_id(key)).dispatch.issued_date) == "2024-03-22"
    organ = page.locator("#organ_name-in")
    organ.fill("uy ban")
    expect(page.locator("#l-organ_name option")).not_to_have_count(0)


def test_capitals_and_f2_go_into_the_field_and_commands_do_not(open_page, archive, key_of):
    key = key_of("to-trinh-145~0.pdf")
    page = open_page(f"/documents/{key}")
    field = page.locator("#signer-full_name-in")
    expect(field).to_be_focused()
    page.keyboard.press("2")
    expect(field).to_have_value(re.compile("Văn Páo"))
    page.keyboard.type("Hồ Văn Xuân")
    expect(field).to_have_value("Hồ Văn Xuân")
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    page.keyboard.press("h")
    expect(page.locator("#boxes")).to_have_class(re.compile("hidden"))
    page.keyboard.press("F2")
    page.keyboard.type("hồ 1")
    expect(field).to_have_value("hồ 1")
    page.keyboard.press("Tab")
    expect(page.locator("#arrival-number-in")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(field).to_be_focused()


def test_what_is_picked_stays_while_the_answer_before_it_comes(open_page, archive, key_of):
    """The server is slow: the second field is picked before the first is written, and confirmed after that."""
    key = key_of("to-trinh-145~1.pdf")
    page = open_page(f"/documents/{key}")
    field = page.locator("#signer-full_name-in")
    expect(field).to_be_focused()
    waiting = []

    def hold(route):
        waiting.append(route)

    page.route("**/facts", hold)
    page.keyboard.press("1")
    first = field.input_value()
    page.keyboard.press("Enter")
    number = page.locator("#arrival-number-in")
    expect(number).to_be_focused()
    page.keyboard.press("1")
    picked = number.input_value()
    expect(number).not_to_have_value("")
    while not waiting:
        page.wait_for_timeout(50)
    waiting.pop().continue_()
    expect(page.locator("#signer-full_name.settled")).to_have_count(1)
    expect(number).to_be_focused()
    expect(number).to_have_value(picked)
    page.keyboard.press("Enter")
    while not waiting:
        page.wait_for_timeout(50)
    waiting.pop().continue_()
    expect(page.locator("#arrival-number.settled")).to_have_count(1)
    dispatch = archive.desk.sheet(archive.document_id(key)).dispatch
    assert (dispatch.signer.full_name, dispatch.arrival.number) == (first, picked)


def test_a_word_is_mended_in_place_and_undone(open_page, archive, key_of):
    key = key_of("cv815~0.pdf")
    document = archive.document_id(key)
    page = open_page(f"/documents/{key}")
    ready(page)
    word = page.locator("rect.w.shaded").first
    before = word.get_attribute("data-t")
    word.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#mend input[name=after]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#mend")).to_be_hidden()
    word.dblclick(force=True)
    page.keyboard.type("hoạch định")
    page.keyboard.press("Enter")
    expect(page.locator("rect.w.human").first).to_have_attribute("data-t", "hoạch")
    assert "hoạch định" in archive.desk.sheet(document).dispatch.text
    page.locator("#view").focus()
    page.keyboard.press("u")
    expect(page.locator("rect.w.human")).to_have_count(0)
    assert [change.kind for change in archive.desk.changes(document)] == ["undo", "confirm"]
    assert before in archive.desk.sheet(document).dispatch.text


def test_a_document_is_not_left_with_a_value_that_was_not_taken(open_page, archive, key_of):
    key = key_of("to-trinh-145~0.pdf")
    page = open_page(f"/documents/{key}#arrival-date")
    expect(page.locator("#arrival-date-in")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("32/8/2023")
    page.keyboard.press("Shift+Enter")
    expect(page.locator("#messages .wrong")).to_contain_text("32/8/2023")
    assert not archive.desk.sheet(archive.document_id(key)).closed
    page.locator("#arrival-date-in").fill("3/8/2023")
    page.keyboard.press("Shift+Enter")
    page.wait_for_url(lambda url: key not in url, wait_until="domcontentloaded")
    sheet = archive.desk.sheet(archive.document_id(key))
    assert (str(sheet.dispatch.arrival.date), sheet.closed) == ("2023-08-03", True)


def test_a_second_clerk_is_told_and_nothing_is_overwritten(open_page, archive, key_of):
    key = key_of("to-trinh-145~0.pdf")
    first, second = open_page(f"/documents/{key}"), open_page(f"/documents/{key}")
    ready(second)
    archive.desk.confirm(
        archive.document_id(key), [ValueFact(pointer="/signer/full_name", value="Lý Văn Páo")], "Lan", 1
    )
    ready(first)
    first.keyboard.press("1")
    first.keyboard.press("Enter")
    conflict = first.locator(".conflict")
    expect(conflict).to_contain_text("Lan đã sửa lúc")
    expect(conflict).to_contain_text("Lý Văn Páo")
    expect(conflict).to_contain_text("Lê Văn Páo")
    assert archive.desk.sheet(archive.document_id(key)).dispatch.signer.full_name == "Lý Văn Páo"
    expect(first.locator("[data-theirs]")).to_be_focused()
    first.keyboard.press("Enter")
    expect(first.locator("#signer-full_name-in")).to_have_value("Lý Văn Páo")
    expect(first.locator(".conflict")).to_have_count(0)


def test_the_boundary_of_a_bundle_is_moved_by_keyboard(open_page, archive, key_of):
    key = key_of("bundle.pdf")
    page = open_page(f"/documents/{key}/parts")
    page.wait_for_selector("html.js")
    boxes = page.locator("input[name=start][type=checkbox]")
    expect(boxes.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**.1/parts", wait_until="domcontentloaded")
    assert [part.first_page for part in archive.desk.sheet(archive.document_id(f"{key}.1")).parts] == [1, 3]
    assert archive.desk.sheet(archive.document_id(f"{key}.3")).dispatch.type_name == "Báo cáo"


def test_thirty_numbers_are_accepted_at_once_but_for_the_marked_ones(open_page, archive):
    page = open_page("/grid/code_number")
    page.wait_for_selector("html.js")
    boxes = page.locator(".card input[type=checkbox]")
    expect(boxes).to_have_count(30)
    expect(boxes.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".done")).to_contain_text("29")
    expect(page.locator(".wrong[role=status]")).to_contain_text("1 chỗ")
    said = [value.after for change in archive.desk.changes(limit=100) for value in change.values]
    assert said == ["815"] * 29


def test_a_scan_is_taken_in_by_drag_and_drop_and_opened_when_it_is_read(open_page):
    page = open_page("/")
    page.wait_for_selector("html.js")
    data = (SAMPLES / "cong-van-hoa-toc-1904" / "scan.pdf").read_bytes()
    drop = """async (bytes) => {
        const file = new File([new Uint8Array(bytes)], "Công văn <b>1904</b>.pdf", { type: "application/pdf" });
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(file);
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(drop, list(data))
    page.wait_for_url("**/take-in?sent=*", wait_until="domcontentloaded")
    page.wait_for_url("**/documents/*", wait_until="domcontentloaded")
    expect(page.locator("h1")).to_contain_text("1904")


def test_a_search_without_diacritics_opens_the_place(open_page):
    page = open_page("/search")
    expect(page.locator("input[type=search]")).to_be_focused()
    page.keyboard.type("thong tin doi ngoai")
    page.keyboard.press("Enter")
    expect(page.locator(".hits mark").first).to_be_visible()
    page.keyboard.press("j")
    page.locator(".hits a").first.click()
    page.wait_for_url("**/documents/*", wait_until="domcontentloaded")
    expect(page.locator("rect.w.found").first).to_be_attached()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_register_is_downloaded_with_the_filters(open_page, kind):
    page = open_page("/search?type=to+trinh")
    with page.expect_download() as download:
        page.locator(f".downloads a[href*='format={kind}']").click()
    assert download.value.suggested_filename.endswith(kind)
    assert download.value.path().stat().st_size > 100


def test_everything_that_was_done_is_in_the_audit(open_page, archive, key_of):
    key = key_of("to-trinh-145~1.pdf")
    page = open_page(f"/documents/{key}")
    ready(page)
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    expect(page.locator("#signer-full_name.settled")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator("#signer-full_name.doubt")).to_be_visible()
    page.goto(f"/audit?document={key}")
    rows = page.locator(".audit tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Hoàn tác: Người ký")
    expect(rows.nth(1)).to_contain_text("đã hoàn tác")
