"""The benchmark of the network of lines runs, and prints a time for each width."""

import json
import sys

from benchmarks.line_network import WIDTHS, main


def test_every_runtime_has_its_times(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["line_network", "--rounds", "1", "--json"])
    main()
    first, *_ = json.loads(capsys.readouterr().out)
    assert first["name"].startswith("vndoc")
    assert set(first["lines"]) == {str(width) for width in WIDTHS}
    assert all(0 < ms < 1e4 for ms in first["lines"].values())
