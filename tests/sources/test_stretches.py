"""Pages of a long file are drawn from copies of some of them, as they are."""

import numpy as np
import pikepdf
import pytest

from tests.sources.test_pdf_layers import shown, text_pdf
from vndoc.settings import Settings
from vndoc.sources import load_file, open_file
from vndoc.sources.pdf import stretches, windows
from vndoc.sources.pdf.poppler import render
from vndoc.sources.pdf.stretches import Stretches

AMOUNT = 7


@pytest.fixture
def long_file(tmp_path, monkeypatch):
    monkeypatch.setattr(stretches, "_LONG", AMOUNT)
    monkeypatch.setattr(windows, "PAGES", 2)
    monkeypatch.setattr(windows, "_KEPT", 2)
    path = tmp_path / "a.pdf"
    path.write_bytes(text_pdf(*(shown(f"trang {n}", x=20 * n) for n in range(1, AMOUNT + 1))))
    return path


def test_every_page_looks_as_in_the_file_and_few_copies_are_kept(long_file):
    parts = Stretches(long_file, AMOUNT)
    for number in (*range(1, AMOUNT + 1), 1, 6):
        path, at = parts.of(number)
        assert path != long_file
        whole, part = (render(p, n, 40, 30.0).image for p, n in ((long_file, number), (path, at)))
        assert np.array_equal(whole, part)
    assert len(list(long_file.parent.glob("stretch-*.pdf"))) == 2


def test_the_pages_of_a_file_that_is_opened_are_in_order(long_file):
    with open_file(load_file(long_file), Settings())[0] as file:
        lefts = [int(np.argmax(file.image(n, 40).min(axis=(0, 2)) < 128)) for n in range(1, AMOUNT + 1)]
    assert lefts == sorted(set(lefts))


@pytest.mark.parametrize("name", ["/OCProperties", "/AcroForm"])
def test_where_something_beside_the_pages_says_how_they_look_the_file_is_drawn_from(long_file, name):
    with pikepdf.open(long_file, allow_overwriting_input=True) as pdf:
        pdf.Root[name] = pikepdf.Dictionary()
        pdf.save(long_file)
    assert Stretches(long_file, AMOUNT).of(5) == (long_file, 5)


def test_short_and_damaged_files_are_drawn_from_themselves(long_file):
    assert Stretches(long_file, AMOUNT - 1).of(5) == (long_file, 5)
    parts = Stretches(long_file, AMOUNT)
    long_file.write_bytes(b"%PDF-1.4 nothing")
    assert parts.of(5) == (long_file, 5)
