"""The set-up script, the Makefile and the CI command, in a folder of their own with fake programs on PATH."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REAL = ["bash", "env", "cat", "cksum", "grep", "mktemp", "tail", "rm", "mkdir", "dirname", "basename", "chmod", "true"]
TESSERACT = '[ "$1" = --list-langs ] && printf "List (2):\\neng\\nvie\\n"; exit 0'
PYTHON = """
case "$1" in
  --version) echo "Python 3.12.9" ;;
  -m) if [ "$2" = venv ]; then
        echo "venv" >> "$LOG"; mkdir -p "$4/bin"; printf '#!/bin/sh\\nexec %s "$@"\\n' "$0" > "$4/bin/python"
        printf '#!%s/bin/python\\n' "$(cd "$4" && pwd)" > "$4/bin/pip"; chmod +x "$4/bin/python"
      else echo "$*" >> "$LOG"; fi ;;
esac
"""
COMPLETE = {"sleep": "", "tesseract": TESSERACT, "pdftoppm": "", "pdfinfo": "", "pdftotext": "", "python3": PYTHON}

pytestmark = pytest.mark.skipif(not shutil.which("bash") or sys.platform == "win32", reason="needs a POSIX shell")


class Place:
    """A copy of the set-up in an empty folder, and a PATH of fakes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "vndoc"
        self.bin = folder / "bin"
        self.log = folder / "log"
        (self.folder / "scripts").mkdir(parents=True)
        self.bin.mkdir()
        shutil.copy(ROOT / "scripts" / "setup.sh", self.folder / "scripts")
        shutil.copy(ROOT / "pyproject.toml", self.folder)
        for name in REAL:
            (self.bin / name).symlink_to(shutil.which(name) or pytest.skip(f"needs {name}"))

    def put(self, **bodies: str) -> None:
        for name, body in bodies.items():
            path = self.bin / name.replace("_", "-")
            path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
            path.chmod(0o755)

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.bin / "bash", self.folder / "scripts" / "setup.sh", *arguments],
            env={"PATH": str(self.bin), "LOG": str(self.log), "HOME": str(self.folder), **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_complete_machine_is_set_up_once_and_then_left_alone(place):
    place.put(**COMPLETE)
    first = place.run()
    assert (first.returncode, first.stdout) == (0, "")
    assert "installing vndoc into .venv with Python 3.12.9" in first.stderr
    assert place.calls[0] == "venv"
    assert place.calls[1].startswith("-m pip install")
    assert place.calls[1].endswith("-e .")
    second = place.run()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert len(place.calls) == 2


def test_a_changed_dependency_is_installed_into_the_same_environment(place):
    place.put(**COMPLETE)
    place.run()
    with (place.folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert place.run().returncode == 0
    assert [call.split()[0] for call in place.calls] == ["venv", "-m", "-m"]


def test_a_moved_folder_gets_a_new_environment(place):
    place.put(**COMPLETE)
    place.run()
    place.folder = place.folder.rename(place.folder.with_name("elsewhere"))
    assert place.run().returncode == 0
    assert place.calls.count("venv") == 2


def test_development_includes_the_demo(place):
    place.put(**COMPLETE, fc_list="echo Tinos")
    assert place.run("dev").returncode == 0
    assert place.calls[1].endswith("-e .[dev]")
    assert place.run("demo").stderr == ""
    assert len(place.calls) == 2


def test_the_web_comes_with_its_packages_and_includes_the_demo(place):
    place.put(**COMPLETE)
    assert place.run("demo").returncode == 0
    assert place.run("web").returncode == 0
    assert place.calls[-1].endswith("-e .[web]")
    calls = place.calls
    (place.folder / ".venv" / ".setup-demo").unlink()
    assert (place.run("web").stderr, place.run("demo").stderr) == ("", "")
    assert place.calls == calls


def test_development_brings_a_browser_once(place):
    place.put(**COMPLETE, fc_list="echo Tinos", sudo='shift; exec "$@"')
    place.put(apt_get='echo "apt $@" >> "$LOG"', apt_cache='printf "chromium:\\n  Candidate: 150.0-1\\n"')
    run = place.run("dev")
    assert (run.returncode, place.calls[:2]) == (
        0,
        ["apt update -qq", "apt install -y -qq --no-install-recommends chromium"],
    )
    calls = place.calls
    assert place.run("dev").stderr == ""
    assert place.calls == calls


@pytest.mark.parametrize(
    ("apt_get", "apt_cache", "said"),
    [
        ("", "", "apt has no package chromium here"),
        ("", 'printf "chromium:\\n  Candidate: (none)\\n"', "apt has no package chromium here"),
        ('case "$*" in *chromium) exit 100 ;; esac', 'printf "chromium:\\n  Candidate: 150.0-1\\n"', "that failed"),
    ],
)
def test_without_a_browser_development_goes_on(place, apt_get, apt_cache, said):
    place.put(**COMPLETE, fc_list="echo Tinos", sudo='shift; exec "$@"', apt_get=apt_get, apt_cache=apt_cache)
    run = place.run("dev")
    assert run.returncode == 0
    assert said in run.stderr
    assert "the tests in a browser are skipped" in run.stderr
    assert place.calls[-1].endswith("-e .[dev]")


def test_a_profile_that_is_not_there(place):
    place.put(**COMPLETE)
    run = place.run("deb")
    assert (run.returncode, run.stderr) == (2, "vndoc: no profile deb; there are demo, web and dev\n")
    assert place.calls == []


def test_without_a_package_manager_it_says_what_to_install(place):
    place.put(python3=PYTHON)
    run = place.run()
    assert run.returncode == 10
    assert "these programs are missing: tesseract-ocr tesseract-ocr-vie poppler-utils" in run.stderr
    assert place.calls == []


def test_a_sudo_that_asks_for_a_password_is_not_waited_for(place):
    if os.geteuid() == 0:
        pytest.skip("root needs no sudo")
    place.put(python3=PYTHON, apt_get='echo "$@" >> "$LOG"', sudo="exit 1")
    run = place.run()
    assert run.returncode == 10
    assert "sudo apt-get install tesseract-ocr tesseract-ocr-vie poppler-utils" in run.stderr
    assert place.calls == []


def test_what_is_missing_is_installed_where_that_is_allowed(place):
    fake = {**COMPLETE, "tesseract": TESSERACT.replace("vie", "osd")}
    place.put(**fake, apt_get='echo "apt $@" >> "$LOG"', sudo='shift; exec "$@"')
    run = place.run("dev")
    assert run.returncode == 0
    assert place.calls[:2] == [
        "apt update -qq",
        "apt install -y -qq --no-install-recommends tesseract-ocr-vie fontconfig fonts-croscore",
    ]


def test_a_failed_installation_prints_why_and_what_to_do(place):
    place.put(python3=PYTHON, apt_get='echo "E: no such package"; exit 100', sudo='shift; exec "$@"')
    run = place.run()
    assert run.returncode == 10
    assert "E: no such package" in run.stderr
    assert "sudo apt-get install tesseract-ocr" in run.stderr


LOCKED = """
echo "apt $@" >> "$LOG"
if [ "$(grep -c "^apt" "$LOG")" -le 3 ]; then
  echo "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4711 (unattended-upgr)"
  echo "E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?"
  exit 100
fi
"""


def test_a_lock_of_apt_is_waited_for_and_reported_once(place):
    place.put(**{**COMPLETE, "tesseract": TESSERACT.replace("vie", "osd")}, apt_get=LOCKED, sudo='shift; exec "$@"')
    run = place.run()
    assert run.returncode == 0
    assert run.stderr.count("another program is using apt; waiting for it, for at most 600 seconds") == 1
    assert run.stderr.count("held by process 4711 (unattended-upgr)") == 1
    assert place.calls[:5] == [
        "apt update -qq",
        "apt -o DPkg::Lock::Timeout=600 update -qq",
        "apt -o DPkg::Lock::Timeout=600 update -qq",
        "apt -o DPkg::Lock::Timeout=600 update -qq",
        "apt install -y -qq --no-install-recommends tesseract-ocr-vie",
    ]


def test_a_lock_of_apt_is_not_waited_for_without_end(place):
    place.put(sleep="", python3=PYTHON, apt_get=LOCKED.replace("-le 3", "-le 99"), sudo='shift; exec "$@"')
    run = place.run(APT_PATIENCE="0")
    assert run.returncode == 10
    assert "It is held by process 4711" in run.stderr
    assert "sudo apt-get install tesseract-ocr" in run.stderr
    assert len(place.calls) == 2


def test_a_python_without_venv_gets_its_package_named(place):
    place.put(**{**COMPLETE, "python3": 'case "$2" in *ensurepip*) exit 1 ;; esac'})
    run = place.run()
    assert run.returncode == 10
    assert "these programs are missing: python3-venv" in run.stderr


def test_too_old_a_python_does_not_count(place):
    place.put(**{**COMPLETE, "python3": 'case "$1" in -c) exit 1 ;; esac'})
    run = place.run()
    assert run.returncode == 10
    assert "python3 python3-venv" in run.stderr


@pytest.mark.parametrize(("body", "code", "line"), [("true", 0, "passed"), ("false", 2, "FAILED with exit code 2")])
def test_ci_passes_the_exit_code_through(tmp_path, body, code, line):
    if not shutil.which("make"):
        pytest.skip("needs make")
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    (tmp_path / "Makefile").write_text(f"test:\n\t@{body}\n", encoding="utf-8")
    run = subprocess.run([tmp_path / ".ci" / "run"], capture_output=True, text=True, check=False, cwd="/")
    assert run.returncode == code
    assert run.stdout.splitlines()[-1] == f"make test: {line}"


def test_help_lists_every_command_of_the_readme():
    if not shutil.which("make"):
        pytest.skip("needs make")
    run = subprocess.run(["make", "-C", ROOT, "help"], capture_output=True, text=True, check=True)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = {
        word for line in run.stdout.splitlines() if (words := line.split())[:1] == ["make"] for word in [words[1]]
    }
    assert {"demo", "web", "test", "check", "lint", "samples", "bench", "build"} <= listed
    for name in ("demo", "web", "test", "check", "bench", "samples"):
        assert f"make {name}" in readme
