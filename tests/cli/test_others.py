"""The commands without an archive beside ``parse``, and the command line as a process, where streams matter."""

import json
import subprocess
import sys
from importlib import metadata

import pytest

import vndoc
from tests.cli.conftest import one_line, run
from tests.conftest import SAMPLES
from vndoc.dispatch import Dispatch

CV815 = SAMPLES / "cv815" / "ocr.txt"


def test_repair_from_file_and_standard_input(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Ké hoach s6 254-KH/TU ngay 19/01/2024 cta Ban Thudng vu Tinh uy\n", encoding="utf-8")
    expected = "Kế hoạch số 254-KH/TU ngày 19/01/2024 của Ban Thường vụ Tỉnh ủy\n"
    assert run("repair", path).stdout == expected
    assert run("repair", "-", text=path.read_text(encoding="utf-8")).stdout == expected


def test_repair_of_what_is_no_text(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xff\xfe\xfd")
    result = run("repair", path)
    assert result.exit_code == 6
    assert "UTF-8" in one_line(result)
    assert run("repair", tmp_path / "none.txt").exit_code == 4


def test_schema_is_that_of_the_model():
    assert json.loads(run("schema").stdout) == Dispatch.model_json_schema()


def test_doctor_says_what_is_missing(monkeypatch, tmp_path):
    assert run("doctor").exit_code == 0
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("doctor")
    assert result.exit_code == 10
    assert "tesseract-ocr-vie" in result.stdout


def test_the_version_is_printed_alone_and_by_the_doctor():
    line = f"vndoc {metadata.version('vndoc')}"
    assert run("--version").stdout == f"{line}\n"
    assert run("doctor").stdout.splitlines()[0] == line
    assert vndoc.__version__ == metadata.version("vndoc")


def test_help_names_the_commands():
    result = run("--help")
    assert all(name in result.stdout for name in ("parse", "repair", "schema", "doctor"))


@pytest.mark.slow
def test_as_a_process(tmp_path):
    command = [sys.executable, "-m", "vndoc"]
    done = subprocess.run([*command, "parse", CV815], capture_output=True, check=True, encoding="utf-8")
    assert json.loads(done.stdout)["source"]["name"] == "ocr.txt"
    failed = subprocess.run(
        [*command, "parse", tmp_path / "không có.pdf"], capture_output=True, encoding="utf-8", check=False
    )
    assert failed.returncode == 4
    assert failed.stderr.count("\n") == 1
    assert "Traceback" not in failed.stderr
