"""Every page, in both languages, from the canned archive, by a browser without scripts."""

import re
from html.parser import HTMLParser

import pytest

from vndoc.web.pages import figures
from vndoc.web.pages.texts import LANGUAGES

PAGES = [
    "/",
    "/?state=closed",
    "/?state=all&type=cong+van",
    "/take-in",
    "/grid/code_number",
    "/grid/issued_date",
    "/search",
    "/search?q=doi+ngoai",
    "/calendar",
    "/calendar?month=2024-11",
    "/figures",
    "/audit",
    "/help",
    "/documents/{a}",
    "/documents/{b}?page=1&find=doi+ngoai&under=0.95",
    "/documents/{c}",
    "/documents/{a}/cites",
    "/documents/{c}/cites",
    "/documents/{a}/parts",
    "/audit?document={a}",
]


class Outline(HTMLParser):
    """What a page has of elements, to be checked."""

    VOID = frozenset({"meta", "link", "input", "img", "br", "rect", "path"})

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.styles, self.handlers, self.unlabelled = [], [], 0, [], []
        self.labels = set()
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        if tag not in self.VOID:
            self.open.append(tag)
        if "id" in known:
            self.ids.append(known["id"])
        self.styles += "style" in known or tag == "style"
        self.handlers += [name for name in known if name.startswith("on")]
        if tag == "script":
            assert known["src"].startswith("/static/")

    def handle_startendtag(self, tag, attributes):
        if tag in self.VOID:
            self.handle_starttag(tag, attributes)
        else:
            self.handle_starttag(tag, attributes)
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.fixture
def get(client, keys):
    names = {name[0]: key for name, key in keys.items()}

    def get(path, **options):
        return client.get(path.format(**names), **options)

    return get


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_and_has_neither_inline_script_nor_style(get, path, language):
    path += f"{'&' if '?' in path else '?'}lang={language}"
    answer = get(path)
    assert answer.status_code == 200
    page = Outline(answer.text)
    assert f'<html lang="{language}">' in answer.text
    assert len(page.ids) == len(set(page.ids))
    assert (page.styles, page.handlers) == (0, [])
    assert answer.text.count("<h1>") == 1


def test_the_language_is_chosen_by_a_post_and_kept_in_a_cookie(client):
    answer = client.post("/language", data={"lang": "en", "back": "/search?q=a"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=a")
    assert "Search" in client.get("/search").text
    assert client.post("/language", data={"lang": "xx", "back": "//evil.example/"}).headers["location"] == "/"
    assert client.post("/language", data={"lang": "vi", "back": "/\\evil.example"}).headers["location"] == "/"


def test_an_error_is_a_page_in_words(client):
    answer = client.get("/documents/" + 64 * "0")
    assert answer.status_code == 404
    assert "Không tìm thấy" in answer.text
    assert client.get("/documents/xyz").status_code == 422
    assert "Not found" in client.get("/nothing?lang=en").text


def test_the_queue_has_the_documents_with_doubts_first(get):
    text = get("/").text
    rows = re.findall(r'href="/documents/([0-9a-f]{64})"', text)
    assert len(rows) == 3
    assert text.index("815/UBND") < text.index("254-KH/TU")
    assert "HỎA TỐC" in text.upper()


def test_the_queue_is_filtered_and_tells_what_is_no_filter(get):
    assert "254-KH/TU" not in get("/?type=cong+van").text
    assert "815/UBND" in get("/?type=cong+van").text
    odd = get("/?due=31/2/2024&year=abc").text
    assert "31/2/2024" in odd
    assert "không phải là một ngày" in odd
    assert "“abc” không phải là một năm" in odd


def test_a_hit_links_to_its_place_and_shows_the_words(get, keys):
    text = get("/search?q=doi+ngoai").text
    assert f"/documents/{keys['a.txt']}?" in text
    assert "<mark>đối</mark>" in text or "<mark>đối ngoại</mark>" in text
    assert "Không tìm thấy" in get("/search?q=zzzz").text


def test_words_that_look_like_tags_are_shown_as_words(get):
    text = get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_duties_stand_on_their_days_with_a_link(get, keys):
    text = get("/calendar?month=2024-11").text
    assert "05/11/2024" in text
    assert f"/documents/{keys['a.txt']}#tasks-0" in text
    assert "không có thời hạn" in get("/calendar?month=2031-01").text
    assert get("/calendar?month=2024-13").status_code == 422


def test_a_calendar_can_be_subscribed_to(client):
    page = client.post("/calendar/feed").text
    address = re.search(r'value="http://127.0.0.1:\d+(/api/v1/calendars/[^"]+\.ics)"', page)[1]
    assert "BEGIN:VCALENDAR" in client.get(address).text
    assert address not in client.get("/calendar").text


def test_what_cites_a_document_is_drawn_and_listed(get, keys):
    text = get("/documents/{a}/cites").text
    assert "<svg" in text
    assert text.count(f"/documents/{keys['b.txt']}") == 2
    assert "57-KL/TW" in text
    assert "thực hiện" in text


def test_figures_count_the_archive(get, monkeypatch):
    monkeypatch.setattr(figures, "PATIENCE", 180.0)  # a busy machine counts for longer than a request waits
    text = get("/figures").text
    assert "<b>3</b> văn bản đã đọc" in text
    assert "Kế hoạch" in text


def test_whoever_may_only_read_is_offered_nothing_to_write(reader_client, keys):
    text = reader_client.get(f"/documents/{keys['b.txt']}").text
    assert "readonly" in text
    assert not re.search(r'action="/documents/[^"]+/(facts|close|reopen)"', text)
    assert "Đăng xuất" in text
    assert 'action="/documents' not in reader_client.get("/audit").text


def test_signing_in_goes_on_to_where_one_wanted_to_go(anonymous_client):
    answer = anonymous_client.get("/search?q=x")
    assert answer.headers["location"] == "/login?next=%2Fsearch%3Fq%3Dx"
    page = anonymous_client.get(answer.headers["location"]).text
    assert 'name="next" value="/search?q=x"' in page
    assert "<nav" not in page
