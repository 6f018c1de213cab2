"""The programs that measure the web, each for a moment, on one server with a small archive."""

import argparse
import json
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
import schemathesis

from benchmarks import web_archive, web_filling, web_frames, web_fuzz, web_load, web_server
from tests.conftest import SAMPLES

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """An archive, its keys, and the address at which it is served. Its scans are of one page each."""
    folder = tmp_path_factory.mktemp("served")
    text = web_filling._read(SAMPLES / "giay-moi-89" / "text.txt")
    scan = web_filling.unsure(web_filling._read(SAMPLES / "to-trinh-145" / "scan.pdf"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(web_filling, "bases", lambda: ([text], [scan]))
        patch.setattr(web_filling, "SCANNED", 20)
        keys = web_filling.fill(folder / "a.sqlite", 60, folder / "scans")
    with web_server.serving(folder / "a.sqlite") as url:
        yield folder / "a.sqlite", keys, url


def test_every_page_and_answer_comes(served):
    archive, keys, url = served
    templates = web_archive.readable_routes(archive)
    asked = web_archive.Asked(web_filling.sample_keys(archive, 5), keys)
    waits = list(web_archive.measure(url, [path for path in templates if "{secret}" not in path], asked, 1))
    assert {wait.path for wait in waits} == {path for path in templates if "{secret}" not in path}
    assert not [wait for wait in waits if max(wait.statuses) >= 400]
    assert all(0 < wait.median_ms <= wait.most_ms for wait in waits)
    assert asked.path("/somewhere/{unknown}") is None
    assert web_archive.table(waits, 60).row_count == len(waits)


def test_made_up_requests_find_no_fault(served):
    _, keys, url = served
    schema = schemathesis.openapi.from_url(f"{url}{web_fuzz.DESCRIPTION}")
    headers = {"X-CSRF-Token": web_server.token(url)}
    report = list(web_fuzz.fuzz(schema, 300, headers, keys))
    assert [fault for asked in report for fault in asked.faults.values()] == []
    statuses = sum((asked.statuses for asked in report), Counter())
    assert {200, 201, 404, 422} <= set(statuses)
    assert sum(asked.calls for asked in report) == statuses.total() > 200
    assert web_fuzz.table(report).row_count == len(report)


def test_a_fault_is_told_with_the_request_that_shows_it(served):
    _, keys, url = served
    described = httpx2.get(f"{url}{web_fuzz.DESCRIPTION}").json()
    del described["paths"]["/api/v1/queue"]["get"]["responses"]["422"]
    described["paths"] = {"/api/v1/queue": described["paths"]["/api/v1/queue"]}
    schema = schemathesis.openapi.from_dict(described)
    schema.config.update(base_url=url)
    (asked,) = web_fuzz.fuzz(schema, 60, {}, keys)
    fault = next(fault for fault in asked.faults.values() if fault.startswith("422 Undocumented status code"))
    assert "curl -X GET" in fault


def test_nothing_is_lost_under_load(served, monkeypatch, tmp_path):
    archive, keys, url = served
    monkeypatch.setattr(web_load, "CLIENTS", 4)
    everyone = [*keys, *web_filling.sample_keys(archive, 40)]
    seen, arrived = web_load.run(url, everyone, 4, 0.05, lambda number: keys[0])
    assert web_load.verified(archive, seen, arrived) == []
    told = web_load.report(seen, 4, len(arrived), [])
    assert json.loads(json.dumps(told)) == told
    assert told["confirmed"] + told["conflicts"] > 0
    seen.confirmed.append(web_load.Confirmed(keys[0], "/place", "nowhere", 100_000))
    seen.uploaded.add("0" * 64)
    seen.statuses["queue", 500] += 1
    wrong = " ".join(web_load.verified(archive, seen, arrived))
    for found in ("the audit does not", "was last confirmed as nowhere", "taken in and is not there", "queue: 1 × 500"):
        assert found in wrong


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs chromium")
def test_the_page_moves_and_fields_are_settled_by_keyboard(served):
    _, keys, url = served
    options = argparse.Namespace(boxes=400, seconds=0.3, documents=2, browser=shutil.which("chromium"))
    # In a thread: another test of this process may have a browser whose loop runs in this one.
    with ThreadPoolExecutor(1) as elsewhere:
        moved, settled = elsewhere.submit(web_frames.measure, url, keys, options).result()
    assert [(one.movement, one.boxes) for one in moved] == [("scroll", 400), ("zoom", 400)]
    assert settled.fields >= 2
    assert settled.keys <= 2 * settled.fields


def test_a_server_that_does_not_come_up_is_told(tmp_path):
    (tmp_path / "a.sqlite").write_text("no archive", encoding="utf-8")
    with pytest.raises(RuntimeError, match="did not come up"), web_server.serving(tmp_path / "a.sqlite"):
        pass


def test_without_a_browser_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(web_frames, "which", lambda name: None)
    assert web_frames.main(["--browser", ""]) == 1
    assert "apt-get install chromium" in capsys.readouterr().err
