"""The local pool where it is stopped in the middle of something."""

import signal
from concurrent.futures import Future

import pytest

from vndoc.archive.jobs import Job
from vndoc.archive.pool import LocalPool

JOB = Job(1, "0" * 64, "a.txt")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_until_a_document_is_handed_over(monkeypatch, number):
    kept = signal.signal(signal.SIGTERM, signal.default_int_handler)
    pool, steps = LocalPool(1), []

    def schedule(work, args):
        steps.append("begun")
        signal.raise_signal(number)
        steps.append("done")
        return Future()

    monkeypatch.setattr(pool._pool, "schedule", schedule)
    try:
        with pytest.raises(KeyboardInterrupt):
            pool.submit(JOB)
        assert steps == ["begun", "done"]
        assert pool.pending == 1
        assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGTERM, kept)
