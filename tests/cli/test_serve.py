"""``vndoc serve``: what it is started with, and that it ends."""

import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from tests.cli.conftest import one_line, run
from vndoc import Archive


@pytest.fixture
def served(monkeypatch):
    """What would be served."""
    configs = []

    def serve(app, config, on_start):
        on_start()
        configs.append(config)

    monkeypatch.setattr("vndoc.web.serving.serve", serve)
    return configs


def test_an_archive_is_made_in_the_working_folder(served, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("serve")
    assert result.exit_code == 0
    assert result.stdout == "vndoc.sqlite: http://127.0.0.1:8815/ (Ctrl-C ends)\n"
    assert (tmp_path / "vndoc.sqlite").is_file()
    assert run("serve").exit_code == 0
    assert [config.port for config in served] == [8815, 8815]


def test_other_machines_need_users(served, tmp_path):
    result = run("serve", tmp_path / "a.sqlite", "--host", "0.0.0.0")
    assert result.exit_code == 10
    assert "--users" in one_line(result)
    assert served == []
    assert not (tmp_path / "a.sqlite").exists()
    run("users", "add", tmp_path / "users.json", "hoa", "--role", "clerk", text="một mật khẩu dài\n")
    result = run("serve", tmp_path / "a.sqlite", "--host", "0.0.0.0", "--users", tmp_path / "users.json")
    assert result.exit_code == 0
    assert "--certificate" in one_line(result)  # nothing is encrypted
    assert served[0].host == "0.0.0.0"


def test_models_of_an_office_read_what_comes_in(served, tmp_path):
    (tmp_path / "models").mkdir()
    assert run("serve", tmp_path / "a.sqlite", "--models", tmp_path / "models").exit_code == 0
    assert served[0].settings.models == tmp_path / "models"
    assert run("serve", tmp_path / "a.sqlite", "--models", tmp_path / "none").exit_code == 2


def test_what_is_no_archive(served, tmp_path):
    (tmp_path / "a.sqlite").write_text("văn bản", encoding="utf-8")
    assert run("serve", tmp_path / "a.sqlite").exit_code == 6
    assert served == []


def test_the_web_is_not_installed(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "vndoc.web.app", None)
    result = run("serve", tmp_path / "a.sqlite")
    assert result.exit_code == 10
    assert "pip install 'vndoc[web]'" in one_line(result)


def test_a_taken_port(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", tmp_path / "a.sqlite", "--port", taken.getsockname()[1])
    assert result.exit_code == 10
    assert "--port" in one_line(result)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_as_a_process(tmp_path, stop):
    Archive(tmp_path / "a.sqlite").close()
    command = [sys.executable, "-u", "-m", "vndoc", "serve", str(tmp_path / "a.sqlite"), "--port", str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        address = re.search(r"http://\S+/", process.stdout.readline())[0]
        with urllib.request.urlopen(f"{address}api/v1/session", timeout=30) as answer:
            assert answer.status == 200
        process.send_signal(stop)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "GET /api/v1/session 200" in told
    assert "Traceback" not in told
    assert "Aborted" not in told


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_hooks_are_told_with_a_secret(served, tmp_path, monkeypatch):
    monkeypatch.delenv("VNDOC_WEBHOOK_SECRET", raising=False)
    hook = ("serve", tmp_path / "a.sqlite", "--webhook", "https://qlvb.example.vn/hook")
    result = run(*hook)
    assert result.exit_code == 10
    assert "--webhook-secret" in one_line(result)
    (tmp_path / "secret").write_text("0123456789abcdef\n")
    assert run(*hook, "--webhook-secret", tmp_path / "secret", "--webhook-user", "qlvb").exit_code == 0
    [told] = served[0].hooks
    assert (told.url, told.secret, told.user) == ("https://qlvb.example.vn/hook", b"0123456789abcdef", "qlvb")
    monkeypatch.setenv("VNDOC_WEBHOOK_SECRET", "fedcba9876543210")
    assert run(*hook).exit_code == 0
    assert served[1].hooks[0].secret == b"fedcba9876543210"
    assert run(*hook, "--webhook-secret", tmp_path / "none").exit_code == 10
    (tmp_path / "secret").write_text("short")
    assert run(*hook, "--webhook-secret", tmp_path / "secret").exit_code == 10


def test_how_much_the_server_may_take(served, tmp_path):
    assert run("serve", tmp_path / "a.sqlite", "--jobs", "3", "--cache", "64").exit_code == 0
    assert (served[0].jobs, served[0].cache_mb) == (3, 64)
