"""Posts of the page of a document, as a browser without scripts sends them."""

import json
import re
from html import unescape

import pytest

from vndoc import Archive
from vndoc.facts import ValueFact


@pytest.fixture
def archive(archive_path):
    with Archive(archive_path) as archive:
        yield archive


@pytest.fixture
def document(client, keys, archive):
    class Document:
        def __init__(self, name):
            self.key = keys[name]
            self.id = archive.document_id(self.key)

        @property
        def sheet(self):
            return archive.desk.sheet(self.id)

        def page(self, query=""):
            return client.get(f"/documents/{self.key}{query}").text

        def post(self, what="facts", **data):
            data = {"revision": self.sheet.revision, "on": 1} | data
            return client.post(f"/documents/{self.key}/{what}", data=data)

    return Document


def test_a_doubtful_value_has_its_candidates_and_stays_empty(document):
    text = document("c.txt").page()
    unit = text[text.index('id="code_number"') :].split("</form>")[0]
    assert 'value="12"' in unit
    assert 'id="code_number-in" value=""' in unit
    assert "required" in unit


def test_a_candidate_is_taken_by_its_button(document):
    c = document("c.txt")
    answer = c.post(kind="value", pointer="/code_number", value="", pick="12", back="code_number")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/documents/{c.key}?page=1#code_number")
    assert c.sheet.dispatch.code_number == "12"
    assert not c.sheet.doubts
    assert 'class="unit settled" id="code_number"' in c.page()


def test_a_typed_day_is_understood_with_the_year_of_today_only_where_there_is_none(document):
    b = document("b.txt")
    b.post(kind="value", pointer="/issued_date", value="21.3.24")
    assert str(b.sheet.dispatch.issued_date) == "2024-03-21"
    b.post(kind="value", pointer="/arrival/date", value="5/4")
    assert str(b.sheet.dispatch.arrival.date) == "2024-04-05"


def test_a_wrong_day_is_told_and_what_was_typed_stays(document):
    b = document("b.txt")
    answer = b.post(kind="value", pointer="/issued_date", value='31/2/24"', back="issued_date")
    assert answer.status_code == 422
    assert b.sheet.dispatch.issued_date is None
    assert "không phải là một ngày" in answer.text
    assert 'value="31/2/24&#34;"' in answer.text


def test_what_cannot_be_read_and_what_is_not_there_are_different(document):
    c = document("c.txt")
    c.post(kind="value", pointer="/code_number", do="unreadable")
    assert c.sheet.facts[0].unreadable
    assert "không đọc được" in c.page()
    c.post(kind="value", pointer="/code_number", do="absent")
    assert c.sheet.facts[0] == ValueFact(pointer="/code_number", value=None)


def test_the_last_change_is_undone(document):
    c = document("c.txt")
    c.post(kind="value", pointer="/subject", value="việc khác")
    change = re.search(r'name="change" value="(\d+)"', c.page())[1]
    assert c.post("undo", change=change).status_code == 303
    assert c.sheet.dispatch.subject == "phòng cháy, chữa cháy rừng"


def test_entries_of_a_list_are_changed_added_and_removed(document):
    b = document("b.txt")
    first = json.dumps("Công an huyện", ensure_ascii=False)
    b.post(kind="entry", pointer="/recipients", before=first, value="Công an  tỉnh")
    b.post(kind="entry", pointer="/recipients", value="Viện kiểm sát")
    assert b.sheet.dispatch.recipients == ["Công an tỉnh", "Các phòng, ban thuộc huyện", "Viện kiểm sát"]
    b.post(kind="entry", pointer="/recipients", before=json.dumps("Công an tỉnh"), do="remove")
    assert b.sheet.dispatch.recipients == ["Các phòng, ban thuộc huyện", "Viện kiểm sát"]


def test_a_task_keeps_what_the_form_does_not_show(document):
    a = document("a.txt")
    text = a.page()
    before = unescape(re.search(r'name="before" value="([^"]+)"', text[text.index('id="tasks-0"') :])[1])
    data = {"kind": "entry", "pointer": "/tasks", "before": before, "text": "Báo cáo.", "assignee": "Sở Y tế"}
    a.post(**data, due_date="6/11", coordinators="Công an; Sở Nội vụ", report_to="Tỉnh ủy")
    task = a.sheet.dispatch.tasks[0]
    assert (task.text, task.assignee, str(task.due_date)) == ("Báo cáo.", "Sở Y tế", "2024-11-06")
    assert task.coordinators == ["Công an", "Sở Nội vụ"]
    assert task.section == "1.a"
    a.post(kind="entry", pointer="/tasks", text="Việc mới", assignee="Văn phòng")
    assert a.sheet.dispatch.tasks[-1].text == "Việc mới"


def test_a_reference_and_a_section_are_added(document):
    a = document("a.txt")
    a.post(kind="entry", pointer="/references", notation="12/NQ-CP", type_name="Nghị quyết", issued_date="010224")
    assert a.sheet.dispatch.references[-1].notation == "12/NQ-CP"
    a.post(kind="entry", pointer="/sections", style="dieu", label="Điều 1", text="Phạm vi")
    a.post(kind="entry", pointer="/sections/0/children", style="khoan", label="1", text="Một")
    assert a.sheet.dispatch.sections[0].children[0].text == "Một"
    assert 'id="sections-0-children-0"' in a.page()


def test_an_empty_entry_is_refused_in_words(document):
    answer = document("b.txt").post(kind="entry", pointer="/recipients", value="  ")
    assert answer.status_code == 422
    assert "còn trống" in answer.text


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "other"},
        {"kind": "value", "pointer": "/text", "value": "x"},
        {"kind": "value", "pointer": "/urgency", "value": "Từ từ"},
        {"kind": "entry", "pointer": "/tasks", "before": "{", "text": "x"},
        {"kind": "entry", "pointer": "/evidence", "value": "x"},
        {"kind": "word", "page": "1", "box": "1,2,3", "before": "a", "after": "b"},
    ],
)
def test_a_forged_form_changes_nothing(document, form):
    b = document("b.txt")
    revision = b.sheet.revision
    assert b.post(**form).status_code == 422
    assert b.sheet.revision == revision


def test_a_conflict_tells_who_and_shows_both_values(document, archive):
    c = document("c.txt")
    seen = c.sheet.revision
    archive.desk.confirm(c.id, [ValueFact(pointer="/code_number", value="13")], "Lan", seen)
    answer = c.post(kind="value", pointer="/code_number", value="<12>", back="code_number", revision=seen)
    assert answer.status_code == 409
    assert "Lan đã sửa lúc" in answer.text
    assert "<dd>13</dd>" in answer.text
    assert "<dd>&lt;12&gt;</dd>" in answer.text
    assert c.sheet.dispatch.code_number == "13"
    again = re.search(r"<form.*?data-|" + re.escape('name="value" value="&lt;12&gt;"'), answer.text)
    assert again


def test_a_document_is_closed_and_the_next_one_opened(document, keys):
    b = document("b.txt")
    answer = b.post("close")
    assert answer.status_code == 303
    assert answer.headers["location"].removeprefix("/documents/") in set(keys.values()) - {b.key}
    assert b.sheet.closed
    assert b.post("reopen").headers["location"] == f"/documents/{b.key}"
    assert not b.sheet.closed
    assert b.post("close", revision=0).status_code == 409


def test_values_that_look_like_tags_are_shown_as_they_are(document):
    b = document("b.txt")
    evil = "</textarea><script>alert('1')</script>\u202e\"x"
    b.post(kind="value", pointer="/subject", value=evil)
    b.post(kind="entry", pointer="/recipients", value=evil)
    for path in (b.page(), b.page("/cites"), b.page("/parts"), b.page("?find=%3Cscript%3E")):
        assert "<script>alert" not in path
    assert "\u202e" in b.page()


def test_the_grid_confirms_what_is_not_marked(client, document):
    c = document("c.txt")
    data = {"key": [c.key], "revision": [c.sheet.revision], "shown": ["12"], "value": [""], "wrong": ["0"]}
    answer = client.post("/grid/code_number", data=data)
    assert "1 chỗ đánh dấu sai" in answer.text
    assert c.sheet.dispatch.code_number is None
    answer = client.post("/grid/code_number", data=data | {"value": ["013"]})
    assert "Đã xác nhận 1 chỗ" in answer.text
    assert c.sheet.dispatch.code_number == "013"
    assert "vừa sửa văn bản này" in client.post("/grid/code_number", data=data | {"wrong": []}).text
    assert c.sheet.dispatch.code_number == "013"


def test_the_audit_has_every_change_and_undoes_it(client, document):
    c = document("c.txt")
    c.post(kind="value", pointer="/code_number", value="12")
    c.post("close")
    text = client.get(f"/audit?document={c.key}").text
    assert "<td>12</td>" in text
    assert "Kiểm tra xong" in text
    change = re.findall(r'name="change" value="(\d+)"', text)[-1]
    back = f"/audit?document={c.key}"
    answer = client.post(f"/documents/{c.key}/undo", data={"change": change, "back": back})
    assert answer.headers["location"] == back
    assert "đã hoàn tác" in client.get(back).text
    assert c.sheet.dispatch.code_number is None


def test_a_file_is_cut_where_the_marked_pages_begin(client, document, archive):
    a = document("a.txt")
    text = a.page("/parts")
    assert text.count("văn bản mới bắt đầu từ trang này") == 2
    answer = a.post("parts", start=["1", "2"])
    assert answer.headers["location"] == f"/documents/{a.key}.1/parts"
    assert archive.document_id(f"{a.key}.2")
    assert client.get(f"/documents/{a.key}").headers["location"] == f"/documents/{a.key}.1"


def test_a_document_that_waits_to_be_read_says_so(client, document):
    a = document("a.txt")
    a.post("parts", start=["1", "2"])
    answer = client.get(f"/documents/{a.key}.1")
    assert "chờ đọc" in answer.text
    assert answer.headers["refresh"] == "3"


def test_what_was_typed_is_offered_again_where_somebody_was_faster(document, archive):
    c = document("c.txt")
    seen = c.sheet.revision
    archive.desk.close(c.id, "Lan", seen)
    text = c.post(kind="value", pointer="/place", value="Huế", back="place", revision=seen).text
    again = text[text.index('class="conflict"') :].split("</form>")[0]
    assert 'name="value" value="Huế"' in again
    assert f'name="revision" value="{c.sheet.revision}"' in again
    assert again.count('name="csrf"') == 1
