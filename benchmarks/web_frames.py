"""The review page under the hand: frames a second while a page of 800 boxes is scrolled and zoomed, keys for a field.

``python -m benchmarks.web_frames``: a small archive of made-up dispatches is served, and Chromium (``--browser``, on
PATH by default, without a window) opens its scans. On the first one the boxes of the words are repeated until there are
``--boxes`` of them; then the page is scrolled, and zoomed in and out, while each frame notes its time. On the others
every doubtful field is settled as a clerk does who agrees with the first suggestion, by the keyboard alone: keys are
counted, and the time from a key until the next field has the focus is taken.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from shutil import which
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.web_filling import fill
from benchmarks.web_server import serving

ROWS = 600

_REPEAT = """amount => {
  const boxes = [...document.querySelectorAll('#boxes rect.w')];
  for (let k = 0; boxes.length && document.querySelectorAll('#boxes rect.w').length < amount; k++)
    boxes[k % boxes.length].after(boxes[k % boxes.length].cloneNode());
  return document.querySelectorAll('#boxes rect.w').length;
}"""
_FRAMES = """([seconds, what]) => new Promise(done => {
  const view = document.querySelector('#view'), times = [];
  const zoom = to => document.querySelector(`[data-do=${to}]`).click();
  let zoomed = 0;
  const frame = now => {
    times.push(now);
    const since = now - times[0];
    if (what === 'scroll') view.scrollTop = (Math.sin(since / 500) + 1) / 2 * (view.scrollHeight - view.clientHeight);
    if (what === 'zoom' && since > zoomed * 100) zoom(zoomed++ % 8 < 4 ? 'in' : 'out');
    if (since < 1000 * seconds) requestAnimationFrame(frame); else done(times);
  };
  requestAnimationFrame(frame);
})"""
_NEXT_FIELD = "spot => document.activeElement.closest('[data-doubt]')?.id !== spot"
_SETTLED = "spot => !document.getElementById(spot)?.matches('[data-doubt]')"


@dataclass(frozen=True, slots=True)
class Frames:
    """What a movement looked like."""

    movement: str
    boxes: int
    per_second: float
    p95_ms: float
    longest_ms: float


@dataclass(frozen=True, slots=True)
class Keys:
    """What settling doubtful fields cost."""

    fields: int
    keys: int
    per_field: float
    wait_ms: float
    """From the last key of a field until the next has the focus: median."""
    wait_p95_ms: float
    settled_ms: float
    """Until the page shows that the server has it: median. Nobody needs to wait for that."""


def frames(page: Page, movement: str, boxes: int, seconds: float) -> Frames:
    """Move the page for so many seconds."""
    times = page.evaluate(_FRAMES, [seconds, movement])
    gaps = [after - before for before, after in pairwise(times)]
    return Frames(
        movement,
        boxes,
        round(1000 * len(gaps) / (times[-1] - times[0]), 1),
        round(quantiles(gaps, n=20)[-1], 1),
        round(max(gaps), 1),
    )


def settle(page: Page) -> list[tuple[int, float, float]]:
    """Settle every doubtful field of the open document: keys, milliseconds until the next, and until it is settled."""
    found = []
    while spot := page.evaluate("document.activeElement.closest('[data-doubt]')?.id"):
        field = page.locator(f"[id='{spot}']")
        keys = [*(["1"] if field.locator(".picks button").count() else []), "Enter"]
        if not (len(keys) > 1 or field.locator("[name=value]").input_value()):
            keys = ["x"]
        for key in keys:
            started = time.perf_counter()
            page.keyboard.press(key)
        page.wait_for_function(_NEXT_FIELD, arg=spot, timeout=30_000)
        moved = time.perf_counter()
        page.wait_for_function(_SETTLED, arg=spot, timeout=30_000)
        found.append((len(keys), 1000 * (moved - started), 1000 * (time.perf_counter() - started)))
        page.wait_for_timeout(100)  # the focus may follow
    return found


def measure(url: str, keys: Sequence[str], options: argparse.Namespace) -> tuple[list[Frames], Keys | None]:
    """Frames on the first document, keys on the others."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.browser)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"{url}/documents/{keys[0]}", wait_until="networkidle")
        boxes = int(page.evaluate(_REPEAT, options.boxes))
        moved = [frames(page, movement, boxes, options.seconds) for movement in ("scroll", "zoom")] if boxes else []
        settled: list[tuple[int, float, float]] = []
        for key in keys[1 : 1 + options.documents]:
            page.goto(f"{url}/documents/{key}", wait_until="networkidle")
            settled += settle(page)
        browser.close()
    return moved, _keys(settled)


def _keys(settled: Sequence[tuple[int, float, float]]) -> Keys | None:
    if not settled:
        return None
    keys, waits, whole = zip(*settled, strict=True)
    p95 = quantiles(waits, n=20)[-1] if len(waits) > 1 else waits[0]
    numbers = (sum(keys) / len(keys), median(waits), p95, median(whole))
    return Keys(len(keys), sum(keys), *(round(number, 1) for number in numbers))


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code: 1 where there is no browser."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web_frames", description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("--boxes", type=int, default=800, help="boxes of words on the page (800)")
    parser.add_argument("--seconds", type=float, default=5, help="seconds of each movement (5)")
    parser.add_argument("--documents", type=int, default=10, help="documents whose fields are settled (10)")
    parser.add_argument("--browser", default=which("chromium"), help="the Chromium to run")
    options = parser.parse_args(arguments)
    if not options.browser:
        print("no chromium on PATH: apt-get install chromium, or --browser FILE", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "archive.sqlite")
        keys = fill(archive, ROWS, Path(folder, "scans"))
        with serving(archive) as url:
            moved, settled = measure(url, keys, options)
    shown: dict[str, Any] = {"frames": [asdict(one) for one in moved], "keys": asdict(settled) if settled else None}
    print(json.dumps(shown, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
