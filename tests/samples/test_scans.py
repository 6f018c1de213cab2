"""The pretend scanner, and the samples that are kept."""

import dataclasses
import json
import shutil
import subprocess
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from samples.compose import compose
from samples.degrade import Scanner, degrade, scan, scanner, write_scan
from samples.fonts import FontError, Fonts
from samples.generate import generate
from samples.letter import Letter

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = sorted(path.parent.name for path in SAMPLES.glob("*/dispatch.json"))
CLEAN = Scanner(dpi=60, mode="grey", skew=0, blur=0, ink=0, paper=255, noise=0)


@pytest.fixture(autouse=True, scope="module")
def _typeface():
    try:
        Fonts().file()
    except FontError as error:
        pytest.skip(str(error))


@pytest.fixture
def page() -> Image.Image:
    image = Image.new("RGB", (400, 560), "white")
    image.paste((10, 10, 10), (60, 60, 340, 64))
    image.paste((205, 38, 44), (150, 300, 250, 400))
    return image


def run(page: Image.Image, machine: Scanner, seed: int = 1) -> np.ndarray:
    return np.asarray(degrade(page, machine, np.random.default_rng(seed)).convert("L"), float)


def test_the_same_seed_gives_the_same_page(page):
    machine = scanner("copier")
    assert np.array_equal(run(page, machine, 5), run(page, machine, 5))
    assert not np.array_equal(run(page, machine, 5), run(page, machine, 6))


@pytest.mark.parametrize(("mode", "kind"), [("colour", "RGB"), ("grey", "L"), ("bitonal", "1")])
def test_modes(page, mode, kind):
    image = degrade(page, dataclasses.replace(CLEAN, mode=mode), np.random.default_rng(0))
    assert image.mode == kind
    assert image.size == page.size


def test_skew_turns_a_rule_within_its_limits(page):
    turned = run(page, dataclasses.replace(CLEAN, skew=2.0))
    at = [int(np.argmin(turned[:120, x])) for x in (90, 310)]
    angle = abs(np.degrees(np.arctan2(at[1] - at[0], 220)))
    assert 0.4 < angle < 2.3


def test_ink_paper_and_light(page):
    plain = run(page, dataclasses.replace(CLEAN, ink=40, paper=240))
    assert plain.max() == pytest.approx(240, abs=1)
    assert 40 <= plain.min() < 55
    dim = run(page, dataclasses.replace(CLEAN, uneven=0.3))
    assert dim[450:540, 20:380].std() > 5 > run(page, CLEAN)[450:540, 20:380].std()


def test_greys_are_counted(page):
    few = run(page, dataclasses.replace(CLEAN, blur=2, levels=16))
    assert 4 < len(np.unique(few)) <= 16


def test_unknown_scanner():
    with pytest.raises(KeyError):
        scanner("fridge")


@pytest.mark.parametrize("suffix", [".pdf", ".tif", ".png"])
def test_files_hold_the_pages(tmp_path, suffix):
    letter = Letter.load(SAMPLES / "thong-bao-312" / "dispatch.json")
    machine = dataclasses.replace(scanner("fax"), dpi=50)
    images = scan(compose(letter), machine, seed=3)
    paths = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for path in paths:
        write_scan(images, path, machine)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    if suffix == ".pdf":
        assert paths[0].read_bytes().count(b"/Type /Page\n") == len(images) == 2
    else:
        with Image.open(paths[0]) as back:
            assert getattr(back, "n_frames", 1) == (2 if suffix == ".tif" else 1)
            assert back.info["dpi"][0] == pytest.approx(50, abs=0.1)


@pytest.mark.parametrize("name", NAMES)
def test_the_kept_text_is_what_the_generator_lays_out(name, stored):
    text = "\f".join(sheet.text + "\n" for sheet in compose(Letter.load(SAMPLES / name / "dispatch.json")))
    assert text == unicodedata.normalize("NFC", text)
    stored(SAMPLES / name / "text.txt", text)


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_can_be_found_in_the_text(name):
    """A truth that is not on the page would be a test that nothing can pass."""
    letter = Letter.load(SAMPLES / name / "dispatch.json")
    text = " ".join((SAMPLES / name / "text.txt").read_text(encoding="utf-8").split())
    for wanted in [*letter.recipients, *letter.to_places, *letter.signer.authority, letter.signer.position]:
        assert wanted in text
    assert letter.subject.casefold() in text.casefold()
    assert letter.code_notation in text
    for cited in letter.references:
        assert (cited.printed_as or cited.notation) in text.replace("- ", "-")
    for deadline in letter.deadlines:
        assert deadline.quote in text


@pytest.mark.parametrize("name", NAMES)
def test_kept_scans_are_there_and_small(name):
    letter = Letter.load(SAMPLES / name / "dispatch.json")
    assert letter.doc == name
    assert letter.printed.scans
    for file in letter.printed.scans:
        size = (SAMPLES / name / file).stat().st_size
        assert 0 < size <= 260_000 * letter.pages


def test_the_kinds_of_samples_are_many():
    letters = [Letter.load(SAMPLES / name / "dispatch.json") for name in NAMES]
    assert len({letter.type_name for letter in letters}) >= 7
    assert {Path(file).suffix for letter in letters for file in letter.printed.scans} == {".pdf", ".tif", ".png"}


def test_generate_writes_all_and_counts_pages(tmp_path):
    folder = tmp_path / "giay-moi-89"
    shutil.copytree(SAMPLES / folder.name, folder, ignore=shutil.ignore_patterns("*.png", "*.txt"))
    assert [path.name for path in generate(folder)] == ["text.txt", "scan.png"]
    data = json.loads((folder / "dispatch.json").read_text(encoding="utf-8"))
    (folder / "dispatch.json").write_text(json.dumps({**data, "pages": 3}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"1 pages, its dispatch.json says 3"):
        generate(folder)


def test_the_born_digital_variant_has_its_text():
    if not shutil.which("pdftotext"):
        pytest.skip("needs pdftotext")
    folder = SAMPLES / "chi-thi-06"
    got = subprocess.run(["pdftotext", folder / "digital.pdf", "-"], capture_output=True, text=True, check=True).stdout
    wanted = (folder / "text.txt").read_text(encoding="utf-8").split()
    found = got.split()
    assert sorted(found) == sorted([*wanted, "2"])  # and the number of page 2


def test_the_signed_scan_has_the_signature_s_text_and_no_other():
    if not shutil.which("pdftotext"):
        pytest.skip("needs pdftotext")
    file = SAMPLES / "chi-thi-06" / "signed.pdf"
    got = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    assert " ".join(got.split()) == "Ký bởi: Ủy ban nhân dân tỉnh Lạc Hồng Thời gian ký: 04/02/2025 08:15:24 +07:00"
