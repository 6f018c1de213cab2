"""Stored results: written again by one switch, never unseen, and never in continuous integration."""

import os
import subprocess
import sys

import pytest

from tests.conftest import REWRITE, ROOT, compare_with_stored


@pytest.mark.parametrize("kept", ["old", None])
def test_another_result_fails_and_only_the_switch_writes_it(tmp_path, kept):
    path = tmp_path / "result.txt"
    if kept:
        path.write_text(kept, encoding="utf-8")
    with pytest.raises(AssertionError, match=REWRITE):
        compare_with_stored(path, "mới\n", rewrite=False)
    assert path.exists() is bool(kept)
    with pytest.raises(pytest.fail.Exception, match=r"result\.txt is written again"):
        compare_with_stored(path, "mới\n", rewrite=True)
    assert path.read_bytes() == "mới\n".encode()
    for rewrite in (True, False):
        compare_with_stored(path, "mới\n", rewrite=rewrite)


@pytest.mark.slow
@pytest.mark.parametrize(("ci", "status"), [("true", pytest.ExitCode.USAGE_ERROR), ("", pytest.ExitCode.OK)])
def test_continuous_integration_refuses_the_switch(ci, status):
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", REWRITE, __file__]
    run = subprocess.run(command, cwd=ROOT, env=os.environ | {"CI": ci}, capture_output=True, text=True, check=False)
    assert (run.returncode, "continuous integration" in run.stderr) == (status, bool(ci))
