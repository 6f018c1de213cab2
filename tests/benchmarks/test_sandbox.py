"""What a sandbox costs is measured by the command that the documentation names."""

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT, SAMPLES


@pytest.mark.slow
def test_both_ways_read_the_same_pages():
    command = [sys.executable, "-m", "benchmarks.sandbox", str(SAMPLES / "giay-moi-89" / "text.txt"), "--rounds", "1"]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    assert told["pages"] == 1
    assert min(told["cpu_seconds_a_page"], told["cpu_seconds_a_page_in_a_sandbox"], told["ratio"]) > 0
