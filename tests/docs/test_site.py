"""The documentation builds without a warning, its links lead somewhere, and it leaves nothing public out."""

import os
import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import typer.main

import vndoc
from vndoc.cli import app

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

pytestmark = [
    pytest.mark.slow,  # on a busy machine
    pytest.mark.skipif(not all(map(find_spec, ("sphinx", "myst_parser", "furo"))), reason="needs vndoc[docs]"),
]


class Page(HTMLParser):
    """Addresses, what a browser would load by itself, anchors and words of one page."""

    LOADED = (("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "srcset"))

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.words: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        values = {name: value for name, value in attrs if value}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        self.loaded += [values[name] for kind, name in self.LOADED if kind == tag and name in values]

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The pages of the site by their path in it, built as ``make docs`` builds it."""
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-qW", "--keep-going", "-d", folder / "doctrees", DOCS, folder / "html"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return {path: Page(path) for path in sorted((folder / "html").rglob("*.html"))}


def page(site, name):
    return next(found for path, found in site.items() if path.name == f"{name}.html")


def broken(site, path, address):
    """Whether an address within the site leads nowhere."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return False
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_file():
        return True
    anchors = site[target].anchors if target in site else set()
    return bool(parts.fragment) and target in site and unquote(parts.fragment) not in anchors


def test_internal_links_lead_somewhere(site):
    resolved = {path.resolve(): found for path, found in site.items()}
    wrong = [
        f"{path.name}: {address}"
        for path, found in resolved.items()
        for address in (*found.links, *found.loaded)
        if broken(resolved, path, address)
    ]
    assert wrong == []


def test_nothing_is_loaded_from_a_network(site):
    assert [address for found in site.values() for address in found.loaded if urlsplit(address).netloc] == []


def test_every_public_name_is_in_the_api_reference(site):
    anchors = page(site, "api").anchors
    assert [name for name in vndoc.__all__ if f"vndoc.{name}" not in anchors] == []


def test_every_command_is_on_the_page_of_the_command_line(site):
    text = page(site, "commands").text
    names = list(typer.main.get_command(app).commands)
    assert names
    assert [name for name in names if f"Usage: vndoc {name} " not in text] == []


def test_every_notice_code_is_on_the_page_of_the_contract(site):
    text = page(site, "contract").text
    assert [code for code, meaning in vndoc.NOTICE_CODES.items() if code not in text or not meaning] == []


def test_every_page_is_in_the_navigation(site):
    front = page(site, "index")
    linked = {urlsplit(address).path for address in front.links}
    pages = {path.relative_to(DOCS).with_suffix(".html").as_posix() for path in DOCS.rglob("*.md")} - {"index.html"}
    assert pages - linked == set()
