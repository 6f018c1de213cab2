"""The container, the proxy and the units are of this version, name what is there, and start real commands."""

import configparser
import fnmatch
import json
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import typer.main
import yaml

from vndoc.cli import app
from vndoc.web.config import WebConfig
from vndoc.web.security.limits import UPLOAD_BODY

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
DEBIAN_PYTHON = {"bookworm": "3.11", "trixie": "3.13"}
UNITS = sorted(DEPLOY.glob("*.service"))


def instructions(name):
    """Arguments of all instructions of this name, each on one line."""
    lines = re.sub(r"\\\n\s*", " ", DOCKERFILE)
    return re.findall(rf"^\s*{name}\s+(.*)$", lines, re.MULTILINE)


def parsed(words):
    """The options that the real command line reads from these words; it raises where one is wrong."""
    command, names = typer.main.get_command(app), list(words)
    while hasattr(command, "commands"):
        command = command.commands[names.pop(0)]
    with command.make_context("vndoc", names) as context:
        return context.params


def served(words):
    """How the server is set up with these words; a ``SetupError`` where it would not start."""
    assert words[0] == "serve"
    options = parsed(words)
    return WebConfig(
        archive=options["archive"],
        host=options["host"],
        port=options["port"],
        users=options["users"],
        public_url=options["public_url"],
        proxies=tuple(options["proxy"] or ()),
    )


def unit(path):
    read = configparser.ConfigParser(strict=False, interpolation=None, delimiters="=", comment_prefixes="#")
    read.optionxform = str
    read.read_string(path.read_text(encoding="utf-8").replace("\\\n", " "))
    return read


def test_the_container_copies_only_what_is_there():
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = {line[1:] for line in ignored if line.startswith("!")}
    copied = [word for line in instructions("COPY") if "--from" not in line for word in line.split()[:-1]]
    assert copied
    assert set(copied) == let_through
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert any(fnmatch.fnmatch("src", pattern) for pattern in ignored if pattern == "*")
    needed = {PROJECT["readme"], "pyproject.toml", "LICENSE", "src"}
    assert needed <= set(copied)


def test_versions_agree():
    assert f'org.opencontainers.image.version="{PROJECT["version"]}"' in DOCKERFILE
    assert COMPOSE["services"]["vndoc"]["image"] == f"vndoc:{PROJECT['version']}"
    bases = {line.split()[0] for line in instructions("FROM")}
    assert len(bases) == 1  # the second stage runs what was made for the Python of the first
    release = re.fullmatch(r"debian:(\w+)-slim", bases.pop())[1]
    assert any(kind.endswith(f":: {DEBIAN_PYTHON[release]}") for kind in PROJECT["classifiers"])


def test_the_container_is_small_and_runs_as_nobody():
    for line in instructions("RUN"):
        assert ("apt-get install" in line) == ("rm -rf /var/lib/apt/lists/*" in line)
        assert "pip install" not in line or "--no-cache-dir" in line
    assert instructions("USER") == ["8815:8815"]
    assert "useradd --system --uid 8815" in DOCKERFILE
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "pip" not in final
    for program in ("tesseract-ocr", "tesseract-ocr-vie", "poppler-utils"):
        assert program in final.split()


def test_what_the_container_starts_is_what_the_command_line_takes():
    (entry,), (command,) = map(json.loads, instructions("ENTRYPOINT")), map(json.loads, instructions("CMD"))
    assert entry == ["vndoc"]
    alone = served(command)
    (port,) = instructions("EXPOSE")
    assert (alone.host, str(alone.port)) == ("0.0.0.0", port)
    (check,) = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)'", DOCKERFILE)
    assert check == (port, "/healthz")


def test_the_container_behind_the_proxy():
    service = COMPOSE["services"]["vndoc"]
    config = served([re.sub(r"\$\{VNDOC_HOST:\?[^}]*\}", "vndoc.example.vn", word) for word in service["command"]])
    assert "vndoc.example.vn" in config.host_names
    assert config.secure
    assert list(config.proxies) == [COMPOSE["networks"]["inner"]["ipam"]["config"][0]["subnet"]]
    assert "ports" not in service  # only the proxy is reached from outside
    assert (ROOT / "deploy" / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
    for volume in (volume.split(":") for each in COMPOSE["services"].values() for volume in each["volumes"]):
        assert volume[0] in COMPOSE["volumes"] or (DEPLOY / volume[0]).is_file()
    caddy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert f"reverse_proxy vndoc:{config.port}" in caddy
    assert int(re.search(r"max_size (\d+)MiB", caddy)[1]) << 20 >= UPLOAD_BODY


def test_the_units_start_what_the_command_line_takes():
    words = {path.stem: shlex.split(unit(path)["Service"]["ExecStart"]) for path in UNITS}
    assert {program for program, *_ in words.values()} == {"/opt/vndoc/bin/vndoc"}
    named = dict([unit(DEPLOY / "vndoc.service")["Service"]["Environment"].split("=", 1)])  # the last of them
    config = served([named.get(word.strip("${}"), word) for word in words["vndoc"][1:]])
    assert (config.host, config.secure) == ("127.0.0.1", True)
    options = parsed(words["vndoc-backup"][1:])
    assert options["archive"] == config.archive
    assert str(options["folder"]) == unit(DEPLOY / "vndoc-backup.service")["Service"]["ReadWritePaths"]
    timer = unit(DEPLOY / "vndoc-backup.timer")
    assert "Unit" not in timer["Timer"]  # that of its own name


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_the_units_are_hardened(path):
    service = unit(path)["Service"]
    wanted = {
        "User": "vndoc",
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "CapabilityBoundingSet": "",
        "SystemCallFilter": "~@privileged",
    }
    assert {name: service.get(name) for name in wanted} == wanted
    assert {"MemoryMax", "TasksMax", "RestrictAddressFamilies", "RestrictNamespaces", "UMask"} <= set(service)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_takes_the_units(tmp_path):
    for path in (*UNITS, DEPLOY / "vndoc-backup.timer"):
        text = path.read_text(encoding="utf-8").replace("/opt/vndoc/bin/vndoc", "/bin/true")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    run = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.iterdir())], capture_output=True, text=True, check=False
    )
    # What is wrong on the machine itself is not of these units.
    assert [line for line in run.stderr.splitlines() if "vndoc" in line] == []
