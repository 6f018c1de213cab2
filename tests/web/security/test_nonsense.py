"""Nonsense in every place where a request can hold some: refused, or shown as text, never an error of the program."""

import re
from importlib import resources

import pytest
from fastapi.routing import iter_route_contexts

from vndoc.web.deps import GuardedRoute

pytestmark = pytest.mark.slow
NONSENSE = {
    "empty": "",
    "negative": "-1",
    "huge": "9" * 30,
    "endless": "1" * 5000,
    "foreign digits": "٣²",
    "zero byte": "a\x00b",
    "markup": "\"'><script>alert(1)</script>",
    "template": "{{7*7}}${7*7}{0}%s",
    "query": "' OR 1=1 --\"*(",
    "deep": "[" * 3000,
    "day": "31/02/2024",
    "marks": "\u202e\ufeffVăn\u0301 bản",
    "path": "../../../../etc/passwd",
}
MARKUP = b"<script>alert(1)"


def form_names():
    """Names of fields that the templates have, and whatever a form of a document may say."""
    folder = resources.files("vndoc.web").joinpath("templates")
    found = {
        "kind",
        "pointer",
        "do",
        "value",
        "pick",
        "revision",
        "after",
        "before",
        "box",
        "page",
        "at",
        "start",
        "wrong",
    }
    if folder.is_dir():
        for template in folder.iterdir():
            found |= set(re.findall(r'name="(\w+)"', template.read_text(encoding="utf-8")))
    return sorted(found - {"csrf"})


def asked(app):
    """Method, path, names of the parameters in the query."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, GuardedRoute):
            names = [field.alias for field in _query(context.original_route.dependant)]
            for method in context.methods:
                yield method, context.path, names


def _query(dependant):
    yield from dependant.query_params
    for inner in dependant.dependencies:
        yield from _query(inner)


def place(path, key, other):
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda m: key if m[1] == "key" else other, path)


@pytest.fixture
def own(app):
    """The routes of the application itself, without those that break on purpose."""
    return [one for one in asked(app) if "/probe/" not in one[1]]


def broken(response):
    """Whether it is an answer that should not be: an error of the program, or a page with what was sent as a part."""
    page = response.headers.get("content-type", "").startswith("text/html")
    return response.status_code == 500 or (page and MARKUP in response.content)


@pytest.mark.parametrize("kind", NONSENSE)
def test_in_queries(own, client, keys, kind):
    calls = [(method, place(path, keys["b.txt"], "1"), name) for method, path, names in own for name in names]
    assert [one for one in calls if broken(client.request(*one[:2], params={one[2]: NONSENSE[kind]}))] == []


@pytest.mark.parametrize("kind", NONSENSE)
def test_in_forms(own, client, keys, kind):
    fields = dict.fromkeys(form_names(), NONSENSE[kind])
    stated = [
        {"kind": "value", "pointer": "/code_number"},
        {"kind": "value", "pointer": "/issued_date"},
        {"kind": "entry", "pointer": "/recipients"},
        {"kind": "entry", "pointer": "/tasks", "before": "[" * 3000},
        {"kind": "entry", "pointer": "/sections", "text": "x"},
        {"kind": "word", "page": "1", "box": "1,2,3,4"},
    ]
    paths = [path for method, path, _ in own if method == "POST" and not path.startswith("/api/")]
    found = []
    for path in paths:
        for more in ({}, *stated):
            aim = place(path, keys["b.txt"], "code_number")
            data = {**fields, "do": "save", "revision": "1", **more} if more else fields
            if broken(client.post(aim, data=data)):
                found.append((path, more))
    assert found == []


@pytest.mark.parametrize("kind", NONSENSE)
def test_in_json(own, client, keys, kind):
    text = NONSENSE[kind]
    facts = [
        {"kind": "entry", "pointer": "/tasks", "after": text},
        {"kind": "value", "pointer": "/code_number", "value": text},
        {"kind": "word", "page": 1, "box": [1, 2, 3, 4], "before": text, "after": text},
    ]
    bodies = [text, [text], {"revision": text}, *({"revision": 1, "facts": [fact]} for fact in facts)]
    found = []
    for method, path, _ in own:
        if method in ("POST", "PUT", "PATCH") and path.startswith("/api/"):
            aim = place(path, keys["b.txt"], "1")
            found += [(aim, body) for body in bodies if broken(client.request(method, aim, json=body))]
            raw = {"content": text.encode(), "headers": {"content-type": "application/json"}}
            found += [(aim, text)] if broken(client.request(method, aim, **raw)) else []
    assert found == []


@pytest.mark.parametrize("kind", NONSENSE)
def test_in_cookies_and_headers(shared_app, anonymous_client, kind):
    text = NONSENSE[kind].encode()
    for name in (
        b"cookie",
        b"authorization",
        b"origin",
        b"x-csrf-token",
        b"referer",
        b"accept-language",
        b"content-type",
    ):
        value = b"vndoc-session=" + text + b"; vndoc-visit=" + text if name == b"cookie" else text
        value = b"Bearer " + value if name == b"authorization" else value
        for method, path in (("GET", "/api/v1/session"), ("POST", "/probe/login")):
            assert not broken(anonymous_client.request(method, path, headers={name: value})), (name, method)
