"""Every target on its seeds, on some damaged by chance, and on what broke a promise once."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.hunting import NAMES, hunt_by_chance
from tests.fuzz.mutations import mutated
from tests.fuzz.targets import TARGETS

EXAMPLES = {"text": 15, "repair": 8, "pages": 30, "images": 20, "docx": 12, "office": 12, "http": 60}
REGRESSIONS = sorted(file for file in Path(__file__).with_name("regressions").glob("*/*") if file.is_file())


def test_all_are_named():
    assert tuple(TARGETS) == NAMES


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of libraries, on damaged files
@pytest.mark.parametrize("name", NAMES)
def test_seeds_and_damaged_ones_break_no_promise(name):
    target = TARGETS[name]
    seeds = target.seeds()
    for _, data in seeds[:3]:
        target.run(data)

    def damaged(chosen, number):
        kind, data = chosen
        return mutated(data, kind, Random(number), [other for own, other in seeds if own == kind])[0]

    inputs = st.builds(damaged, st.sampled_from(seeds), st.integers(0, 2**32))

    @settings(max_examples=EXAMPLES.get(name, 6), suppress_health_check=list(HealthCheck), database=None)
    @given(inputs if target.kinds else inputs | st.binary(max_size=1500))
    def holds(data):
        target.run(data)

    holds()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("file", REGRESSIONS, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_broke_a_promise_once(file):
    TARGETS[file.parent.name].run(file.read_bytes())


def broken(data):
    if data:
        raise ValueError("a letter of the document")


def test_findings_are_kept_once_with_the_command_to_see_them(tmp_path, monkeypatch, capsys):
    class Found:
        run = staticmethod(broken)

        def seeds(self):
            return [("text", b"a b c")]

    monkeypatch.setattr("tests.fuzz.hunting._target", lambda name: Found())
    monkeypatch.setattr("resource.setrlimit", lambda *_: None)
    assert hunt_by_chance("text", 0.05, 1, tmp_path) == 1
    (kept,) = tmp_path.iterdir()
    assert kept.read_bytes()
    assert f"python -m tests.fuzz text {kept}" in capsys.readouterr().err
