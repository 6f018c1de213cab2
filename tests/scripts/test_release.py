"""What a release is made of: the same bytes each time, a bill of materials, an audit that never guesses."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
WHEN = "1700000000"


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def copy(folder: Path) -> Path:
    """The files of the checkout that a release is made of, with other times than the first ones have."""
    taken = ("src", "tests", "samples", "benchmarks", "training", "docs", "scripts", "deploy")
    for name in taken:
        shutil.copytree(
            ROOT / name, folder / name, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns("__pycache__")
        )
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copyfile(path, folder / path.name)
    return folder


def built(folder: Path, output: Path) -> dict[str, str]:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": WHEN}
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(output), str(folder)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in output.iterdir()}


@pytest.mark.slow
def test_two_copies_in_two_folders_give_the_same_wheel_and_source_archive(tmp_path):
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    (tmp_path / "a").mkdir()
    (tmp_path / "deep" / "er").mkdir(parents=True)
    first = built(copy(tmp_path / "a"), tmp_path / "first")
    second = built(copy(tmp_path / "deep" / "er"), tmp_path / "second")
    assert {Path(name).suffix for name in first} == {".whl", ".gz"}
    assert first == second


def test_a_package_is_kept_back_only_from_versions_known_as_bad_with_the_reason_beside_it():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    asked = [
        *project["dependencies"],
        *(d for e in ("cluster", "formats", "web") for d in project["optional-dependencies"][e]),
    ]
    for line in asked:
        operators = {one.operator for one in Requirement(line).specifier}
        assert operators <= {">=", "!="}, line
        if "!=" in operators:
            assert "#" in next(row for row in text.splitlines() if f'"{line}"' in row), line


@pytest.fixture(scope="module")
def bill(tmp_path_factory):
    """The bill of materials, made twice."""
    pytest.importorskip("cyclonedx")
    folder = tmp_path_factory.mktemp("sbom")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", WHEN)
        for name in ("a.json", "b.json"):
            assert script("make_sbom").main(["--output", str(folder / name)]) == 0
    assert (folder / "a.json").read_bytes() == (folder / "b.json").read_bytes()
    return json.loads((folder / "a.json").read_text(encoding="utf-8"))


def test_the_bill_of_materials_is_valid(bill):
    schema, validation = pytest.importorskip("cyclonedx.schema"), pytest.importorskip("cyclonedx.validation.json")
    pytest.importorskip("jsonschema")
    validator = validation.JsonStrictValidator(schema.SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(bill)) is None


def test_every_package_of_an_installation_is_in_the_bill_and_what_develops_it_is_not(bill):
    parts = {part["name"]: part for part in bill["components"]}
    assert {"numpy", "pillow", "pikepdf", "lxml", "fastapi", "jinja2", "markupsafe"} <= parts.keys()
    assert not {"pytest", "ruff", "mypy"} & parts.keys()
    assert parts["numpy"]["purl"].startswith("pkg:pypi/numpy@")
    assert all(part.get("licenses") for part in parts.values() if part["type"] == "library")
    assert bill["metadata"]["component"]["name"] == "vndoc"
    assert bill["metadata"]["timestamp"].startswith("2023-11-14")


def test_models_are_in_the_bill_with_their_hashes(bill):
    models = [part for part in bill["components"] if part["type"] == "machine-learning-model"]
    digests = {part["name"]: part["hashes"][0]["content"] for part in models}
    lines = ROOT / "src/vndoc/ocr/engines/lines/lines.npz"
    assert digests["ocr/engines/lines/lines.npz"] == hashlib.sha256(lines.read_bytes()).hexdigest()
    assert "repair/model/words.txt" in digests


def test_a_package_of_the_bill_that_is_not_installed_is_said():
    pytest.importorskip("cyclonedx")
    sbom = script("make_sbom")
    with pytest.raises(sbom.LackingError, match="no-such-package is not installed"):
        sbom.closure("no-such-package", ())


@pytest.mark.parametrize(
    ("answers", "code", "told"),
    [
        (
            [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "version": "2", "vulns": []}],
            0,
            "no vulnerability",
        ),
        ([{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}], 2, "1 of 2"),
        ([{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}], 1, "a 1: X-1; mended in 2"),
        ([], 2, "2 of 2 packages could not be looked up"),
    ],
)
def test_what_could_not_be_looked_up_is_never_told_as_safe(answers, code, told):
    found, lines = script("audit").judge(["a==1", "b==2"], answers)
    assert found == code
    assert told in "\n".join(lines)


def test_an_audit_without_an_answer_is_none(monkeypatch):
    audit = script("audit")
    monkeypatch.setattr(audit.sys, "executable", "/nonexistent/python")
    assert audit.ask(["a==1"]) == []
    assert audit.installed()


@pytest.mark.skipif(not shutil.which("make") or sys.platform == "win32", reason="needs make")
@pytest.mark.parametrize(("found", "code", "line"), [(0, 0, "passed"), (1, 0, "passed"), (2, 0, "passed")])
def test_ci_tells_of_known_vulnerabilities_and_does_not_fail_what_passed_before(tmp_path, found, code, line):
    for folder in (".ci", "scripts", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    (tmp_path / "Makefile").write_text("test:\n\t@true\n", encoding="utf-8")
    (tmp_path / "scripts" / "audit.py").touch()
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(f"#!/bin/sh\nexit {found}\n", encoding="utf-8")
    python.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name != "VENV"}
    run = subprocess.run(
        [tmp_path / ".ci" / "run"], capture_output=True, text=True, check=False, cwd="/", env=environment
    )
    assert run.returncode == code
    assert run.stdout.splitlines()[-1] == f"make test: {line}"
