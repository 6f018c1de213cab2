"""Takes the pictures of the review page in ``docs/images``, of the project's own samples.

``python docs/make_screenshots.py`` from the root of the repository; needs Chromium. The samples are read into an
archive of their own, which is served on this machine's loopback as ``vndoc serve`` does.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.web_server import serving  # noqa: E402  a package of this repository, not installed
from vndoc import Archive  # noqa: E402

IMAGES = ROOT / "docs" / "images"
VIEW = {"width": 1280, "height": 720}
COLOURS = 200
CLERK = "nguyen.lan"


def queue(page: Page, keys: dict[str, str]) -> None:
    """Documents that wait, the second of them chosen."""
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("j")


def review(page: Page, keys: dict[str, str]) -> None:
    """A doubtful name with its candidates, one of which is taken."""
    page.goto(f"/documents/{keys['to-trinh-145']}")
    page.wait_for_selector("#signer-full_name-in:focus")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("3")


def mend(page: Page, keys: dict[str, str]) -> None:
    """A shaded word that is being mended."""
    page.goto(f"/documents/{keys['cv815']}")
    page.wait_for_selector("#close button:focus")
    page.wait_for_load_state("networkidle")
    word = page.locator("rect.w.shaded").first
    word.scroll_into_view_if_needed()
    word.focus()
    page.keyboard.press("Enter")


def dark(page: Page, keys: dict[str, str]) -> None:
    """The same page in English and in the dark."""
    page.goto(f"/documents/{keys['to-trinh-145']}?lang=en")
    page.wait_for_selector("#signer-full_name-in:focus")
    page.wait_for_load_state("networkidle")


SHOTS: dict[str, tuple[Callable[[Page, dict[str, str]], None], str]] = {
    "queue": (queue, "light"),
    "review": (review, "light"),
    "mend": (mend, "light"),
    "review-dark": (dark, "dark"),
}


def main() -> None:
    """Read the samples, serve them, take the pictures."""
    os.environ["LOGNAME"] = CLERK
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        arrivals = Path(folder, "arrivals")
        arrivals.mkdir()
        for scan in sorted((ROOT / "samples").glob("*/scan.pdf")):
            shutil.copy(scan, arrivals / f"{scan.parent.name}.pdf")
        path = Path(folder, "archive.sqlite")
        with Archive(path) as archive:
            archive.batch([arrivals])
            keys = {Path(entry.paths[0]).stem: entry.sha256 or "" for entry in archive.entries("done")}
        with serving(path) as address:
            take(address, keys)


def take(address: str, keys: dict[str, str]) -> None:
    """All the pictures."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        for name, (prepare, scheme) in SHOTS.items():
            page = browser.new_page(viewport=VIEW, base_url=address, color_scheme=scheme)
            prepare(page, keys)
            page.wait_for_timeout(500)
            picture = IMAGES / f"{name}.png"
            page.screenshot(path=picture)
            page.close()
            image = Image.open(picture).convert("RGB")
            image.quantize(COLOURS, dither=Image.Dither.NONE).save(picture, optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
