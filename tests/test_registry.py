"""Things found by name: vndoc's own first, then those of other packages, each imported only when asked for."""

import sys
from importlib.metadata import EntryPoint

import pytest
from hypothesis import given
from hypothesis import strategies as st

import vndoc.registry
from vndoc.errors import SetupError
from vndoc.registry import Registry

GROUP = "vndoc.things"
OWN = {"tau": "math:tau", "e": "math:e", "broken": "math:nothing"}


@pytest.fixture
def registry(monkeypatch):
    """A registry, and the entry points that other packages have registered for it."""
    others = [("zeta", "math:pi"), ("e", "math:inf"), ("alpha", "no_such_module:x"), ("alpha", "math:nan")]
    asked = []

    def entry_points(*, group):
        asked.append(group)
        return tuple(EntryPoint(name, value, group) for name, value in others)

    monkeypatch.setattr(vndoc.registry, "entry_points", entry_points)
    yield Registry(GROUP, "kind of thing", OWN)
    assert set(asked) <= {GROUP}


def test_names_are_vndoc_s_own_in_their_order_and_then_the_others_by_the_alphabet(registry):
    assert registry.names() == ["tau", "e", "broken", "alpha", "zeta"]


def test_vndoc_s_own_wins(registry):
    assert [round(registry.get(name), 2) for name in ("tau", "e", "zeta")] == [6.28, 2.72, 3.14]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("quiet", r"there is no kind of thing 'quiet'; there are: tau, e, broken, alpha, zeta$"),
        ("broken", r"the kind of thing 'broken' \(math:nothing\) cannot be loaded: AttributeError"),
        ("alpha", r"the kind of thing 'alpha' \(no_such_module:x\) cannot be loaded: ModuleNotFoundError"),
    ],
)
def test_what_is_not_there_or_cannot_be_loaded_says_so(registry, name, message):
    with pytest.raises(SetupError, match=message):
        registry.get(name)


def test_all_come_in_the_order_of_their_names(monkeypatch):
    monkeypatch.setattr(vndoc.registry, "entry_points", lambda *, group: (EntryPoint("a", "math:pi", group),))
    found = Registry(GROUP, "kind of thing", {"tau": "math:tau", "e": "math:e"})
    assert [round(number, 2) for number in found.all()] == [6.28, 2.72, 3.14]


def test_nothing_is_imported_before_it_is_asked_for(monkeypatch):
    monkeypatch.delitem(sys.modules, "this", raising=False)
    found = Registry("vndoc.no.such.group", "kind of thing", {"zen": "this:c", "tau": "math:tau"})
    assert (found.names(), found.get("tau") > 6) == (["zen", "tau"], True)
    everything = found.all()
    assert "this" not in sys.modules
    assert next(iter(everything)) is not None
    assert "this" in sys.modules


NAMES = st.lists(st.sampled_from("abcd"), max_size=6)


@given(st.lists(st.sampled_from("abcd"), unique=True), NAMES)
def test_each_name_is_listed_once_and_found_as_a_search_through_the_list_finds_it(own, others):
    listed = [(name, "own") for name in own] + [(name, f"other {k}") for k, name in enumerate(others)]
    with pytest.MonkeyPatch.context() as patch:
        points = tuple(EntryPoint(name, f"other {k}", GROUP) for k, name in enumerate(others))
        patch.setattr(vndoc.registry, "entry_points", lambda *, group: points)
        patch.setattr(EntryPoint, "load", lambda point: point.value)
        registry = Registry(GROUP, "thing", dict.fromkeys(own, "own"))
        assert registry.names() == own + sorted({name for name in others if name not in own})
        for name in registry.names():
            assert registry.get(name) == next(value for other, value in listed if other == name)
