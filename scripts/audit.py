"""Known vulnerabilities of the packages installed here: ``python scripts/audit.py`` (``make audit``), by pip-audit.

Its data come from PyPI, so it needs the network; a mirror of PyPI does not have them. Exit code 0: none is known of
any package; 1: some are, and standard output names them; 2: the data cannot be had, for all packages or for some. What
could not be looked up is never told as safe.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

_SECONDS = 300


def installed() -> list[str]:
    """All packages of this environment but vndoc itself, as pip's requirements."""
    found = {(d.metadata["Name"], d.version) for d in metadata.distributions() if d.metadata["Name"] != "vndoc"}
    return sorted(f"{name}=={version}" for name, version in found)


def ask(requirements: Sequence[str]) -> list[dict[str, Any]]:
    """pip-audit's answer for each of them; empty where it has none to give."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "requirements.txt")
        listed.write_text("\n".join(requirements) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
        command += ["--no-deps", "--disable-pip", "--requirement", str(listed)]
        try:
            run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_SECONDS)
            answers: list[dict[str, Any]] = json.loads(run.stdout)["dependencies"]
        except (OSError, ValueError, KeyError, subprocess.TimeoutExpired):
            return []
    return answers


def judge(requirements: Sequence[str], answers: Sequence[dict[str, Any]]) -> tuple[int, list[str]]:
    """The exit code, and the lines to print."""
    lines = []
    for answer in answers:
        for known in answer.get("vulns", ()):
            mended = ", ".join(known.get("fix_versions", ())) or "no version yet"
            lines.append(f"{answer['name']} {answer['version']}: {known['id']}; mended in {mended}")
    unknown = len(requirements) - sum("vulns" in answer for answer in answers)
    if unknown:
        lines.append(
            f"audit: {unknown} of {len(requirements)} packages could not be looked up; "
            "this needs the network and PyPI itself, not a mirror"
        )
    if any(answer.get("vulns") for answer in answers):
        return 1, lines
    if unknown:
        return 2, lines
    return 0, [f"audit: no vulnerability is known of {len(requirements)} packages"]


def main() -> int:
    """Command line; returns the exit code."""
    requirements = installed()
    code, lines = judge(requirements, ask(requirements))
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
