"""Pages of the samples' texts, and a born-digital file of several of them."""

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from samples.compose import compose
from samples.letter import Letter
from samples.render import write_digital
from tests.conftest import SAMPLES
from vndoc.bundles import PageSigns, cut, signs_of
from vndoc.page import Page, page_from_text

BUNDLED = ("to-trinh-145", "quyet-dinh-1247", "thong-bao-312")
"""Two pages each."""


def texts(name: str) -> list[str]:
    return (SAMPLES / name / "text.txt").read_text(encoding="utf-8").strip("\f\n").split("\f")


def numbered(*pages: str) -> list[Page]:
    return [page_from_text(text, number) for number, text in enumerate(pages, 1)]


def parts(*pages: str, split="auto"):
    return list(cut(map(signs_of, numbered(*pages)), split))


def blank(number: int = 1) -> PageSigns:
    return replace(signs_of(page_from_text("", number)), number=number)


@pytest.fixture(scope="session")
def bundle(tmp_path_factory) -> Path:
    """A PDF of the three documents with a blank page behind the first: pages 1–2, 4–5 and 6–7."""
    folder = tmp_path_factory.mktemp("bundle")
    path = folder / "hồ sơ.pdf"
    with pikepdf.new() as pdf:
        for name in BUNDLED:
            write_digital(compose(Letter.load(SAMPLES / name / "dispatch.json")), folder / "one.pdf", seed=1)
            with pikepdf.open(io.BytesIO((folder / "one.pdf").read_bytes())) as one:
                pdf.pages.extend(one.pages)
            if len(pdf.pages) == 2:
                pdf.add_blank_page(page_size=(595, 842))
        pdf.save(path)
    return path


@pytest.fixture(scope="session")
def single(tmp_path_factory) -> Path:
    """The second of the three by itself."""
    path = tmp_path_factory.mktemp("single") / "quyết định.pdf"
    write_digital(compose(Letter.load(SAMPLES / BUNDLED[1] / "dispatch.json")), path, seed=1)
    return path
