"""Models are used only when they are the files that their hashes name."""

import json
import shutil
from pathlib import Path

import pytest

import vndoc
from tests.cli.conftest import one_line, run
from training.manifest import PACKAGED, main, write
from vndoc.errors import SetupError
from vndoc.models import MANIFEST, hashes, read_model, unchecked, write_hashes
from vndoc.ocr.engines.lines import network as lines
from vndoc.ocr.handwriting import network as digits
from vndoc.repair.model import MODEL, load

ROOT = Path(vndoc.__file__).parent
LINES, DIGITS = ROOT / "ocr/engines/lines/lines.npz", ROOT / "ocr/handwriting/digits.npz"


@pytest.mark.parametrize("place", PACKAGED)
def test_the_packages_models_are_those_that_their_hashes_name(place):
    folder = ROOT / place
    known = hashes(folder)
    assert known
    assert set(known) >= {path.name for path in folder.glob("*.npz")}
    for name in known:
        assert read_model(folder, name, packaged=True)


@pytest.mark.parametrize("packaged", [True, False])
def test_a_file_of_another_hash_is_refused_in_one_line(tmp_path, packaged):
    (tmp_path / "a.npz").write_bytes(b"weights")
    write_hashes(tmp_path, "a.npz")
    assert read_model(tmp_path, "a.npz", packaged=packaged) == b"weights"
    (tmp_path / "a.npz").write_bytes(b"weightS")
    with pytest.raises(SetupError, match=r"a\.npz: has not the SHA-256") as caught:
        read_model(tmp_path, "a.npz", packaged=packaged)
    assert ("install vndoc again" if packaged else "training.manifest") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_without_hashes_only_the_users_own_are_taken(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"weights")
    assert read_model(tmp_path, "a.npz", packaged=False) == b"weights"
    assert unchecked(tmp_path) == [tmp_path]
    with pytest.raises(SetupError):
        read_model(tmp_path, "a.npz", packaged=True)


def test_a_file_that_the_hashes_do_not_name_is_refused(tmp_path):
    for name in ("a.npz", "b.npz"):
        (tmp_path / name).write_bytes(b"weights")
    write_hashes(tmp_path, "a.npz")
    with pytest.raises(SetupError, match=r"b\.npz"):
        read_model(tmp_path, "b.npz", packaged=False)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sha256": 1}', "\0", '{"sha256": ["a"]}'])
def test_damaged_hashes_are_said(tmp_path, text):
    (tmp_path / "a.npz").write_bytes(b"weights")
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match=r"models\.json: is damaged"):
        read_model(tmp_path, "a.npz", packaged=False)


def test_hashes_of_files_that_are_gone_go_and_the_others_stay(tmp_path):
    for name in ("a.npz", "b.npz"):
        (tmp_path / name).write_bytes(name.encode())
        write_hashes(tmp_path, name)
    (tmp_path / "a.npz").unlink()
    (tmp_path / "c.npz").write_bytes(b"c")
    write_hashes(tmp_path, "c.npz")
    assert list(json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))["sha256"]) == ["b.npz", "c.npz"]


def test_each_network_of_ones_own_is_checked_when_it_is_loaded(tmp_path):
    for source, trained in ((LINES, lines.trained), (DIGITS, digits.trained)):
        own = Path(shutil.copy(source, tmp_path))
        trained(own)
        trained.cache_clear()
        write_hashes(tmp_path, source.name)
        trained(own)
        trained.cache_clear()
        (tmp_path / MANIFEST).write_text(json.dumps({"sha256": {source.name: "0" * 64}}), encoding="utf-8")
        with pytest.raises(SetupError, match="SHA-256"):
            trained(own)
        (tmp_path / MANIFEST).unlink()
        trained.cache_clear()


def test_a_language_of_ones_own_is_checked_when_it_is_loaded(tmp_path):
    language = tmp_path / "language"
    shutil.copytree(MODEL, language)
    words = language / "words.txt"
    words.write_bytes(words.read_bytes() + b"zzz\n")
    with pytest.raises(SetupError, match=r"words\.txt: has not the SHA-256"):
        load(language)
    (path,) = write(tmp_path)
    assert path == language / MANIFEST
    assert hashes(language).keys() == hashes(MODEL).keys()


def test_the_command_line_says_which_models_are_taken_unchecked(tmp_path):
    shutil.copy(DIGITS, tmp_path)
    text = tmp_path / "a.txt"
    text.write_text("Công văn\n", encoding="utf-8")
    result = run("parse", text, "--models", tmp_path, "--format", "text")
    assert result.exit_code == 0
    assert f"vndoc: {tmp_path}: has no models.json, so its models are used unchecked" in one_line(result)
    main([str(tmp_path)])
    assert "unchecked" not in run("parse", text, "--models", tmp_path, "--format", "text").stderr
