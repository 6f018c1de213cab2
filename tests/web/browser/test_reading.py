"""Pages to look at: without scripts, with assistive technology, under hostile words."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from vndoc.facts import EntryFact, ValueFact

PAGES = [
    "/",
    "/take-in",
    "/grid/code_number",
    "/search?q=ke+hoach",
    "/calendar?month=2024-11",
    "/figures",
    "/audit",
    "/help",
    "/documents/{key}",
    "/documents/{key}/cites",
    "/documents/{key}/parts",
    "/audit?document={key}",
    "/documents/nothing",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page, key_of, scheme):
    key = key_of("to-trinh-145~0.pdf")
    page = open_page(f"/documents/{key}", color_scheme=scheme)
    expect(page.locator("#signer-full_name-in")).to_be_focused()
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    expect(page.locator("#signer-full_name.settled")).to_be_visible()
    found = {}
    for path in PAGES:
        page.goto(path.format(key=key))
        results = Axe().run(page).response["violations"]
        for one in results:
            if one["impact"] in ("serious", "critical"):
                found[path, one["id"]] = [node["html"][:200] for node in one["nodes"][:3]]
    assert found == {}


def test_a_document_is_read_and_a_value_confirmed_without_scripts(open_page, archive, key_of):
    key = key_of("to-trinh-145~0.pdf")
    page = open_page(f"/documents/{key}?page=1", java_script_enabled=False)
    expect(page.locator("h1")).to_contain_text("145")
    page.get_by_text("Toàn văn trang này").click()
    expect(page.locator("#panel pre")).to_contain_text("CỘNG HÒA")
    page.locator("#page-next").click()
    expect(page.locator(".pager")).to_contain_text("2/2")
    page.get_by_role("button", name="Lý Văn Páo").click()
    expect(page.locator("#signer-full_name.settled")).to_be_visible()
    assert archive.desk.sheet(archive.document_id(key)).dispatch.signer.full_name == "Lý Văn Páo"


def test_hostile_words_are_words(open_page, archive, key_of):
    key = key_of("cv815~0.pdf")
    document = archive.document_id(key)
    evil = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>\u202etxt.exe"
    desk = archive.desk
    revision = desk.sheet(document).revision
    facts = [
        ValueFact(pointer="/subject", value=evil),
        ValueFact(pointer="/organ_name", value=evil),
        EntryFact(pointer="/tasks", after={"text": evil, "assignee": evil, "due_date": "2024-11-05"}),
        EntryFact(pointer="/references", after={"notation": evil}),
    ]
    desk.confirm(document, facts, evil, revision)
    page = open_page(f"/documents/{key}")
    shown = []
    page.on("dialog", lambda dialog: (shown.append(dialog.message), dialog.dismiss()))
    for path in (*PAGES, "/calendar?month=2024-11", "/search?q=onerror"):
        page.goto(path.format(key=key))
        assert page.locator("img[src=x]").count() == 0
    assert shown == []


def test_eight_hundred_boxes_move_without_work_on_the_page(open_page, key_of):
    """Zoom and pan change one transform and the place of scrolling: no box is touched, and none is laid out anew."""
    page = open_page(f"/documents/{key_of('cv815~0.pdf')}")
    page.wait_for_selector("html.js")
    counted = page.evaluate(
        """async () => {
            const boxes = document.querySelector("#boxes");
            for (let n = boxes.children.length; n < 800; n++) boxes.append(boxes.children[0].cloneNode());
            const touched = [];
            const all = { subtree: true, attributes: true, childList: true };
            new MutationObserver((some) => touched.push(...some)).observe(boxes, all);
            const view = document.querySelector("#view");
            view.focus();
            for (const key of "++-+") view.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            view.scrollBy(50, 300);
            await new Promise(requestAnimationFrame);
            await new Promise(requestAnimationFrame);
            return [touched.length, document.querySelector("#canvas").style.transform, boxes.children.length];
        }"""
    )
    assert counted[0] == 0
    assert counted[1].startswith("scale(1.5")
    assert counted[2] >= 800
