"""Decisions: collected where somebody asks, logged where somebody listens, else free."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import FrozenInstanceError

import pytest

from vndoc.trace import Decision, note, traced

LOGGER = logging.getLogger("vndoc.parse.somewhere")


def test_decisions_are_collected_in_their_order():
    note(LOGGER, "/subject", "before")
    with traced() as decisions:
        note(LOGGER, "/subject", "taken: 'a'", "first line")
        note(LOGGER, "/place", "rejected: 'b'")
    note(LOGGER, "/subject", "after")
    assert decisions == [
        Decision("/subject", "parse.somewhere", "taken: 'a'", "first line"),
        Decision("/place", "parse.somewhere", "rejected: 'b'"),
    ]


def test_threads_in_a_copy_of_the_context_add_theirs():
    with traced() as decisions, ThreadPoolExecutor(1) as pool:
        pool.submit(copy_context().run, note, LOGGER, "/pages/1", "turned").result()
    assert [decision.outcome for decision in decisions] == ["turned"]


def test_decisions_are_logged(caplog):
    with caplog.at_level(logging.DEBUG, "vndoc"):
        note(LOGGER, "/place", "taken: 'Bình Sơn'", "known")
    assert caplog.messages == ["/place: taken: 'Bình Sơn' (known)"]


def test_a_module_of_another_package_keeps_its_name_and_decisions_do_not_change():
    with traced() as decisions:
        note(logging.getLogger("other.vndoc.engine"), "/pages/1", "read")
    (decision,) = decisions
    assert decision.by == "other.vndoc.engine"
    with pytest.raises(FrozenInstanceError):
        decision.why = "another reason"


def test_an_inner_collection_ends_and_the_outer_one_goes_on():
    with traced() as outer:
        with suppress(ZeroDivisionError), traced() as inner:
            note(LOGGER, "/a", "inner")
            raise ZeroDivisionError
        note(LOGGER, "/b", "outer")
    assert [[decision.subject for decision in found] for found in (outer, inner)] == [["/b"], ["/a"]]


def test_nobody_listens_and_nothing_is_logged(caplog):
    with caplog.at_level(logging.INFO, "vndoc"):
        note(LOGGER, "/place", "taken")
    assert caplog.messages == []
