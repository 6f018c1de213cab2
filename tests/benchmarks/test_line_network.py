"""The benchmark of the network of lines runs, and prints a time for each width."""

import json
import sys

from benchmarks.line_network import WIDTHS, main


def test_every_width_has_its_time(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["line_network", "--rounds", "1", "--json"])
    main()
    timing = json.loads(capsys.readouterr().out)
    assert set(timing["lines"]) == {str(width) for width in WIDTHS}
    assert all(0 < ms < 1e4 for ms in timing["lines"].values())
