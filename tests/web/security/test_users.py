"""The users file, and the commands that write it."""

import json
import os
import stat
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import one_line, run
from vndoc.errors import MissingFileError, SetupError
from vndoc.web.security.roles import Role
from vndoc.web.security.users import Account, Users, edited, load

PASSWORD = "một mật khẩu dài"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "users.json"


def add(file, name="hoa", *more, password=PASSWORD):
    return run("users", "add", file, name, "--role", "clerk", *more, text=f"{password}\n")


def test_a_user_is_added(file):
    result = add(file, " Nguyễn Thị Hoa ", "--role", "admin")
    assert (result.exit_code, result.stdout) == (0, "Nguyễn Thị Hoa: added\n")
    assert PASSWORD not in file.read_text(encoding="utf-8")
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    users = Users(file)
    account = users.by_password("Nguyễn Thị Hoa", PASSWORD)
    assert account
    assert account.roles == {Role.CLERK, Role.ADMIN}
    assert users.by_password("Nguyễn Thị Hoa", "một mật khẩu dài hơn") is None


def test_a_user_gets_another_password_and_keeps_tokens(file):
    add(file)
    secret = run("users", "token", file, "hoa", "--note", "sổ đến").stdout.strip()
    assert add(file, password="mật khẩu thứ hai").stdout == "hoa: changed\n"
    users = Users(file)
    assert users.by_password("hoa", PASSWORD) is None
    assert users.by_password("hoa", "mật khẩu thứ hai")
    assert users.by_token(secret)


def test_a_token_is_printed_once(file):
    add(file)
    secret = run("users", "token", file, "hoa", "--days", "7").stdout.strip()
    assert secret.startswith("vnd_")
    assert secret not in file.read_text(encoding="utf-8")
    users = Users(file)
    user = users.by_token(secret)
    assert user
    assert (user.name, user.by) == ("hoa", "token")
    (token,) = load(file).users["hoa"].tokens
    assert timedelta(days=6) < token.expires - datetime.now(UTC) <= timedelta(days=7)
    assert "(expired)" not in run("users", "list", file).stdout
    assert run("users", "token", file, "hoa", "--revoke").stdout == "hoa: no tokens\n"
    assert users.by_token(secret) is None


def test_who_is_removed_is_out_at_once(file):
    add(file)
    add(file, "nam")
    secret = run("users", "token", file, "hoa").stdout.strip()
    users = Users(file)
    assert users.by_token(secret)
    assert run("users", "remove", file, "hoa").stdout == "hoa: removed\n"
    assert users.by_token(secret) is None
    assert users.account("hoa") is None
    assert users.account("nam")


def test_the_users_are_listed(file):
    add(file)
    run("users", "add", file, "máy", "--role", "read", "--no-password")
    run("users", "token", file, "máy", "--note", "báo cáo")
    lines = run("users", "list", file).stdout.splitlines()
    assert lines[0] == "hoa  clerk"
    assert lines[1].startswith("máy  read  no password  token (báo cáo) until 20")


def test_a_user_without_a_password_cannot_sign_in(file):
    run("users", "add", file, "máy", "--role", "read", "--no-password")
    users = Users(file)
    assert users.by_password("máy", "") is None
    assert users.by_password("máy", PASSWORD) is None


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [
        ("hoa", "ngắn", "10 to 200"),
        ("hoa", "x" * 201, "10 to 200"),
        ("a\tb", PASSWORD, "visible"),
        ("", PASSWORD, "visible"),
    ],
)
def test_what_is_no_name_or_password(file, name, password, told):
    result = add(file, name, password=password)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not file.exists()


def test_mistakes_of_the_caller(file):
    assert run("users", "list", file).exit_code == 4
    assert "vndoc users add" in one_line(run("users", "list", file))
    add(file)
    assert run("users", "remove", file, "nam").exit_code == 2
    assert run("users", "token", file, "nam").exit_code == 2
    assert run("users", "add", file / "users.json", "x", "--role", "read", "--no-password").exit_code == 4


def test_the_web_is_not_installed(file, monkeypatch):
    monkeypatch.setitem(sys.modules, "vndoc.web.security.users", None)
    result = add(file)
    assert result.exit_code == 10
    assert "pip install 'vndoc[web]'" in one_line(result)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"users": {"a": {"name": "a", "roles": []}}}', '{"user": {}}'])
def test_a_file_that_is_none(file, content):
    file.write_text(content, encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(SetupError, match="no file of 'vndoc users'"):
        load(file)


def test_a_broken_file_is_told_without_its_secrets(file):
    add(file)
    content = json.loads(file.read_text(encoding="utf-8"))
    content["users"]["hoa"]["password"] = {"bí mật": "bí mật"}
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(SetupError) as caught:
        load(file)
    assert "bí mật" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_user_under_another_name(file):
    add(file)
    content = json.loads(file.read_text(encoding="utf-8"))
    content["users"]["nam"] = content["users"].pop("hoa")
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(SetupError, match="another name"):
        load(file)


@pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")
def test_a_file_that_others_may_write_is_not_believed(file):
    add(file)
    file.chmod(0o622)
    with pytest.raises(SetupError, match="chmod 600"):
        load(file)


def test_a_file_that_breaks_while_the_server_runs_lets_nobody_in(shared_app, clerk_client, users_file):
    users_file.write_text("{", encoding="utf-8")
    assert clerk_client.get("/api/v1/session").status_code == 503
    users_file.unlink()
    assert clerk_client.get("/api/v1/session").status_code in (404, 503)
    assert clerk_client.post("/probe/empty").status_code in (404, 503)


def test_a_change_that_fails_leaves_the_file(file):
    add(file)
    before = file.read_bytes()
    with pytest.raises(ValueError, match="visible"), edited(file) as content:
        content.put(Account(name="\t", roles=frozenset({Role.READ})))
    assert file.read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir()) in (["users.json"], ["users.json", "users.json.lock"])


def test_two_changes_at_once(file):
    """The second waits for the first, and neither is lost."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    def put(k):
        with edited(file) as content:
            content.put(Account(name=f"user {k}", roles=frozenset({Role.READ})))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(put, range(12)))
    assert len(load(file).users) == 12


def test_no_file_at_the_start(archive_path, tmp_path):
    from vndoc.web.app import create_app  # noqa: PLC0415
    from vndoc.web.config import WebConfig  # noqa: PLC0415

    with pytest.raises(MissingFileError):
        create_app(WebConfig(archive_path, users=tmp_path / "none.json"))
