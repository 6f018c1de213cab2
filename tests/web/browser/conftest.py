"""A browser before a server of this test run, over an archive that was filled through the real pipeline."""

import io
import json
import os
import shutil
import socket
import threading
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
import uvicorn

from tests.archive.conftest import HereAndNow, variant
from tests.conftest import SAMPLES
from vndoc import Archive
from vndoc.archive.worker import work
from vndoc.reading import Reading
from vndoc.settings import Settings
from vndoc.web.app import create_app
from vndoc.web.config import WebConfig

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
VIEW = {"width": 1280, "height": 720}
COPIES, NUMBERS = 6, 31
PATIENCE = 180_000
"""Milliseconds: a busy machine must fail no test."""

pytestmark = pytest.mark.slow


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415

    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("no Chromium is installed")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if root else [])
        yield browser
        browser.close()


def bundle(*names):
    """The scans of samples as one file."""
    whole = pikepdf.new()
    for name in names:
        with pikepdf.open(SAMPLES / name / "scan.pdf") as scan:
            whole.pages.extend(scan.pages)
    out = io.BytesIO()
    whole.save(out, deterministic_id=True)
    return out.getvalue()


class ReadOnce:
    """Reads each kind of file once; its copies, which differ in nothing that is seen, get the same result."""

    def __init__(self):
        self.known = {}

    def __call__(self, job):
        kind = Path(job.path).name.split("~")[0]
        if kind not in self.known:
            self.known[kind] = work(job)
        outcome = self.known[kind]
        assert outcome.failure is None
        plain = json.loads(outcome.dispatch)
        plain["source"] |= {"sha256": job.sha256, "name": Path(job.path).name}
        if "~number" in job.path:
            plain["code_number"] = None
            plain["evidence"]["/code_number"] |= {"confidence": 0.4, "candidates": [["815", 0.4], ["875", 0.3]]}
        reading = Reading.from_bytes(outcome.reading)
        source = reading.source.model_copy(update={"sha256": job.sha256})
        return replace(outcome, job=job, dispatch=json.dumps(plain), reading=replace(reading, source=source).to_bytes())


@pytest.fixture(scope="session")
def _read(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    arrivals = folder / "arrivals"
    arrivals.mkdir()
    files = {"to-trinh-145": COPIES, "cv815": 1}
    for name, copies in files.items():
        data = (SAMPLES / name / "scan.pdf").read_bytes()
        for n in range(copies):
            (arrivals / f"{name}~{n}.pdf").write_bytes(variant(data, n))
    data = (SAMPLES / "cv815" / "scan.pdf").read_bytes()
    for n in range(NUMBERS):
        (arrivals / f"cv815~number{n}.pdf").write_bytes(variant(data, 100 + n))
    (arrivals / "bundle.pdf").write_bytes(bundle("chi-thi-06", "bao-cao-233"))
    with Archive(folder / "archive.sqlite") as archive:
        archive.batch([arrivals], executor=HereAndNow(ReadOnce()), settings=Settings(split="never"))
    return folder / "archive.sqlite"


@pytest.fixture
def archive_path(_read, tmp_path):
    return Path(shutil.copy(_read, tmp_path / "archive.sqlite"))


@pytest.fixture
def archive(archive_path):
    with Archive(archive_path) as archive:
        yield archive


@pytest.fixture
def key_of(archive):
    def key_of(name):
        return next(e.sha256 for e in archive.entries() if Path(e.paths[0]).name == name)

    return key_of


@pytest.fixture
def address(archive_path):
    """Address of a server over this archive, in a thread of this process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(WebConfig(archive_path, port=port))
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, http="h11", ws="none", lifespan="on", log_level="warning")
    )
    started = threading.Event()
    main_loop = server.main_loop

    async def main_loop_told():
        started.set()
        await main_loop()

    server.main_loop = main_loop_told
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert started.wait(60)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(30)


@pytest.fixture
def open_page(chromium, address):
    """Open a path in a browser of its own; errors of scripts and refusals of the policy fail the test."""
    contexts, wrong = [], []

    def open_page(path, **options):
        context = chromium.new_context(viewport=VIEW, base_url=address, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
        page.goto(path, wait_until="domcontentloaded")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
