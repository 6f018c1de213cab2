"""What makes results outdated: the code and data that they come from, and nothing else of vndoc."""

import compileall
import hashlib
import json
import shutil
from importlib import resources
from pathlib import Path

import pytesseract
import pytest

from vndoc.archive import Refresh, fingerprint
from vndoc.archive.fingerprint import digests
from vndoc.ocr.engines.lines.engine import Lines
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.settings import Settings


@pytest.fixture
def package(tmp_path):
    """A copy of vndoc's sources without its large models."""
    left_out = shutil.ignore_patterns("__pycache__", "model", "*.npz")
    return Path(shutil.copytree(str(resources.files("vndoc")), tmp_path / "vndoc", ignore=left_out))


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("pipeline.py", True),
        ("parse/assemble.py", True),
        ("parse/data/types.json", True),
        ("parse/new_rule.py", True),
        ("archive/worker.py", True),
        ("archive/results.py", True),
        ("new_package/step.py", True),
        ("archive/workbook.py", False),
        ("archive/data/stats.html", False),
        ("cli/batch.py", False),
        ("export/html.py", False),
        ("parse/__pycache__/assemble.cpython-311.pyc", False),
        ("py.typed", False),
    ],
)
def test_what_a_result_comes_from_counts_and_nothing_else(package, file, changes):
    before = digests(package)
    path = package / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b"\n# another rule\n")
    assert (digests(package) != before) is changes


def test_code_and_data_are_apart(package):
    before = digests(package)
    for file, part in (("parse/data/types.json", "data"), ("parse/assemble.py", "code")):
        (package / file).write_text("{}", encoding="utf-8")
        now = digests(package)
        other = {"data": "code", "code": "data"}[part]
        assert now[other] == before[other]
        changed = {
            name for name in now[part].keys() | before[part].keys() if now[part].get(name) != before[part].get(name)
        }
        assert changed == {"parse"}
        before = now


def described(settings):
    found = fingerprint.fingerprint(settings)
    assert found.key == hashlib.sha256(found.described.encode()).hexdigest()
    return json.loads(found.described), found.described


def test_a_person_can_read_what_counts(tmp_path):
    about, text = described(Settings(models=tmp_path / "mô hình", jobs=3))
    assert set(about) == {"version", "programs", "code", "data", "engine", "options", "models"}
    assert set(about["programs"]) == {"tesseract", "pdftoppm"}
    assert about["options"]["jobs"] is None
    assert "mô hình" in text
    assert list(about) == sorted(about)


def test_models_of_the_user_s_own_count_by_name_and_content(tmp_path):
    def models():
        return described(Settings(models=tmp_path))[0]["models"]

    assert described(Settings())[0]["models"] is None
    seen = {models()}
    (tmp_path / "language").mkdir()
    assert models() in seen  # an empty folder is no model
    (tmp_path / "language" / "a.npz").write_bytes(b"1")
    seen.add(models())
    (tmp_path / "language" / "a.npz").write_bytes(b"2")
    seen.add(models())
    (tmp_path / "language" / "a.npz").rename(tmp_path / "a.npz")
    seen.add(models())
    assert len(seen) == 4


def test_both_engines_of_the_default_count(monkeypatch):
    both = described(Settings())[0]["engine"]
    assert both.startswith(Lines().version)
    assert both.endswith(Tesseract().version)
    monkeypatch.setattr(Tesseract, "version", property(lambda _: "9.9.9"))
    assert described(Settings())[0]["engine"] == f"{Lines().version} 9.9.9"
    monkeypatch.setattr(Lines, "version", property(lambda _: "0123456789ab"))
    assert described(Settings())[0]["engine"] == "0123456789ab 9.9.9"
    assert described(Settings(engine="lines"))[0]["engine"] == "0123456789ab"


def test_a_machine_without_tesseract_has_a_fingerprint(monkeypatch):
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "no-such-tesseract")
    assert described(Settings())[0]["engine"] == Lines().version


def test_weights_of_the_user_s_own_are_those_of_the_engine(tmp_path):
    with resources.files("vndoc.ocr.engines.lines").joinpath("lines.npz").open("rb") as file:
        weights = file.read()
    (tmp_path / "lines.npz").write_bytes(weights)
    same = described(Settings(models=tmp_path))[0]
    assert same["engine"] == described(Settings())[0]["engine"]
    assert same["models"] is not None


def test_what_is_named_is_there(package):
    assert all((package / "archive" / f"{name}.py").is_file() for name in fingerprint._OF_ARCHIVE)


def test_a_package_without_sources_is_known_by_what_they_were_compiled_to(package):
    sources = digests(package)
    compileall.compile_dir(package, legacy=True, quiet=1)
    assert digests(package) == sources
    for path in package.rglob("*.py"):
        path.unlink()
    compiled = digests(package)
    assert compiled["code"].keys() == sources["code"].keys()
    assert compiled["code"] != sources["code"]
    path = package / "pipeline.pyc"
    data = path.read_bytes()
    path.write_bytes(data[:8] + b"12345678" + data[16:])  # compiled at another time
    assert digests(package) == compiled
    for other in (data + b"\0", data[:16] + bytes([data[16] ^ 1]) + data[17:]):
        path.write_bytes(other)
        assert digests(package) != compiled


def test_a_changed_rule_makes_results_outdated_and_refresh_reads_them_again(archive, folder, here, monkeypatch):
    archive.batch([folder], executor=here())
    monkeypatch.setattr(fingerprint, "_own_digests", lambda: {"code": {"parse": "another rule"}})
    summary = archive.batch([folder], executor=here())
    assert (summary.done, summary.outdated) == (0, 4)
    summary = archive.batch([folder], executor=here(), refresh=Refresh.OUTDATED)
    assert (summary.done, summary.outdated) == (4, 0)
