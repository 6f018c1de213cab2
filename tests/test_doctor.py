"""The doctor on machines that lack something, played by fake programs on PATH."""

import sys
from pathlib import Path

import pytest

from vndoc import doctor
from vndoc.doctor import Check, examine, healthy
from vndoc.models import write_hashes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the fake programs are shell scripts")

POPPLER = {name: f"echo '{name} version 22.12.0' >&2" for name in ("pdfinfo", "pdftoppm", "pdftotext")}
TESSERACT = """
case "$1" in
  --version) echo "tesseract 5.3.0"; echo " leptonica-1.82.0" ;;
  --list-langs) echo "List of available languages (2):"; echo eng; echo vie ;;
esac
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put only these fake programs on PATH: name to shell body."""

    def put(bodies: dict[str, str]) -> None:
        for name, body in bodies.items():
            path = tmp_path / name
            path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
            path.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return put


@pytest.fixture
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")


def found(name: str) -> Check:
    return next(check for check in examine() if check.name == name)


def test_a_complete_machine(programs):
    programs({**POPPLER, "tesseract": TESSERACT})
    checks = {check.name: check for check in examine()}
    assert checks["tesseract"] == Check("tesseract", True, "5.3.0", required=False)
    assert checks["line model"].ok
    assert healthy(list(checks.values()))
    assert checks["tesseract data 'vie'"].ok
    assert checks["pdftoppm"] == Check("pdftoppm", True, "22.12.0")
    assert checks["Python"].ok
    assert int(checks["processor cores"].found) >= 1
    assert all(check.advice is None for check in checks.values() if check.ok)


def test_nothing_installed(programs, linux):
    programs({})
    lacking = {check.name: check for check in examine() if not check.ok}
    assert {"pdfinfo", "pdftoppm", "pdftotext", "tesseract", "tesseract data 'vie'"} <= set(lacking)
    assert lacking["tesseract"].advice.endswith(": sudo apt-get install tesseract-ocr tesseract-ocr-vie")
    assert lacking["pdfinfo"].advice == "sudo apt-get install poppler-utils"
    assert lacking["pdfinfo"].found == "not found"
    assert not healthy(list(lacking.values()))


def test_a_machine_without_tesseract_can_read(programs, linux):
    programs(POPPLER)
    checks = {check.name: check for check in examine()}
    for name in ("tesseract", "tesseract data 'vie'"):
        assert not checks[name].ok
        assert "what vndoc's own reader doubts" in checks[name].advice
    assert healthy(list(checks.values()))


@pytest.mark.parametrize(
    ("version", "ok"), [("3.05.02", False), ("4.0.0", False), ("4.1.1", True), ("v5.4.0.20240606", True)]
)
def test_age_of_tesseract(programs, version, ok):
    programs({"tesseract": f"echo 'tesseract {version}'"})
    check = found("tesseract")
    assert check.ok is ok
    assert check.found == version.lstrip("v")
    assert (check.advice is None) or "4.1 or newer" in check.advice


def test_tesseract_that_gives_no_version(programs):
    programs({"tesseract": "echo oops"})
    check = found("tesseract")
    assert (check.ok, check.found, check.required) == (False, "unknown version", False)
    assert check.advice.endswith(doctor._TESSERACT.advice)


def test_language_data_missing(programs, linux):
    programs({"tesseract": TESSERACT.replace("echo vie", "echo osd")})
    check = found("tesseract data 'vie'")
    assert not check.ok
    assert check.advice.endswith(": sudo apt-get install tesseract-ocr-vie")
    assert found("tesseract").ok


def test_a_language_whose_name_only_begins_so(programs):
    programs({"tesseract": TESSERACT.replace("echo vie", "echo vie_vert")})
    assert not found("tesseract data 'vie'").ok


def test_a_program_that_hangs_counts_as_missing(programs, monkeypatch):
    programs({"pdfinfo": "exec /bin/sleep 30"})
    monkeypatch.setattr(doctor, "_SECONDS", 0.2)
    assert not found("pdfinfo").ok


def test_a_program_that_cannot_start_counts_as_missing(programs, tmp_path):
    programs({"pdfinfo": ""})
    (tmp_path / "pdfinfo").write_bytes(b"\x7fELF not really")
    assert not found("pdfinfo").ok


@pytest.mark.parametrize(
    ("platform", "manager", "advice"),
    [
        ("linux", "dnf", "sudo dnf install poppler-utils"),
        ("linux", "apt-get", "sudo apt-get install poppler-utils"),
        ("darwin", "brew", "brew install poppler"),
        ("win32", "winget", "winget install oschwartz10612.Poppler"),
    ],
)
def test_advice_speaks_the_system_s_language(programs, monkeypatch, platform, manager, advice):
    programs({manager: "true"})
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", platform)
        assert doctor._POPPLER.advice.startswith(advice)


def test_a_missing_model_is_reported(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "__file__", str(tmp_path / "doctor.py"))
    check = found("repair model")
    assert not check.ok
    assert "install vndoc again" in (check.advice or "")
    model = tmp_path / "repair" / "model"
    model.mkdir(parents=True)
    (model / "counts.npz").write_bytes(b"x" * 2_500_000)
    assert not found("repair model").ok  # no hashes say that it is the released one
    write_hashes(model, "counts.npz")
    assert found("repair model") == Check("repair model", True, "1 file, 2.5 MB, as released")
    (model / "counts.npz").write_bytes(b"y" * 2_500_000)
    assert found("repair model").found == "damaged, or not the released one"
    assert "install vndoc again" in (found("repair model").advice or "")
    assert not found("handwriting model").ok
    assert not found("line model").ok
    assert found("line model").required


def test_what_is_not_required_does_not_make_ill():
    assert healthy([Check("a", True), Check("b", False, required=False)])
    assert not healthy([Check("a", False)])
