"""The local pool where it is stopped in the middle of something."""

import os
import signal

import pytest

from tests.archive import faults
from vndoc.archive.jobs import Category, Job
from vndoc.archive.pool import LocalPool
from vndoc.errors import MachineError


def job(folder, name, number=1):
    path = folder / f"{name}.txt"
    path.write_text(name)
    return Job(number, "0" * 64, str(path), progress=folder / str(number))


def finished(pool):
    while not (outcomes := pool.finished(1)):
        pass
    return outcomes


@pytest.mark.slow
def test_leaving_the_pool_ends_what_is_under_way(tmp_path):
    with LocalPool(1, faults.work) as pool:
        pool.submit(job(tmp_path, "hang"))
        pool.submit(job(tmp_path, "good", 2))
        assert pool.finished(0.1) == []
    assert not pool._idle
    assert not pool._busy


@pytest.mark.slow
def test_a_document_that_waits_can_be_given_up(tmp_path):
    with LocalPool(1, faults.work) as pool:
        pool.submit(job(tmp_path, "slow"))
        pool.submit(job(tmp_path, "good", 2))
        assert pool.cancel(2)
        outcomes = finished(pool)
        outcomes += finished(pool) if len(outcomes) < 2 else []
        assert {o.job.document_id: o.failure and o.failure.category for o in outcomes} == {
            1: None,
            2: Category.CANCELLED,
        }


def test_no_process_can_be_started_is_the_machine_s_fault(tmp_path, monkeypatch):
    def fail(**_):
        raise MachineError("no process can be started")

    monkeypatch.setattr("vndoc.archive.pool.Worker", fail)
    with LocalPool(1, faults.work) as pool:
        pool.submit(job(tmp_path, "good"))
        (outcome,) = finished(pool)
    assert outcome.failure.machine


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no such signal")
def test_a_process_that_ended_while_it_waited_fails_no_document(tmp_path):
    with LocalPool(1, faults.work) as pool:
        pool.submit(job(tmp_path, "good"))
        finished(pool)
        os.kill(pool._idle[0].number, signal.SIGKILL)
        pool._idle[0]._process.wait(60)
        pool.submit(job(tmp_path, "good", 2))
        (outcome,) = finished(pool)
    assert outcome.failure is None
