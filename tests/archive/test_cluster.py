"""The cluster engine on a real scheduler with two worker processes, one of which dies at work."""

import sys
import warnings
from pathlib import Path

import pytest

from tests.archive import faults
from vndoc.archive import cluster
from vndoc.archive.cluster import Cluster
from vndoc.archive.fingerprint import Fingerprint
from vndoc.archive.jobs import Category, Job
from vndoc.errors import SetupError

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def scheduler():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as local:
            yield local.scheduler_address


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of dask's own threads
def test_a_worker_that_dies_loses_nothing(scheduler, archive, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("murder", *(f"good {k}" for k in range(21))):
        (folder / f"{name}.txt").write_text(name)
    summary = archive.batch([folder], executor=Cluster(scheduler, work=faults.first_time_kills))
    assert (folder / "murder.killed").exists()
    assert (summary.done, summary.failures) == (22, [])
    assert {e.attempts for e in archive.entries()} == {1}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_document_that_kills_its_process_leaves_the_worker_alive(scheduler, archive, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("kill", "hang", *(f"good {k}" for k in range(6))):
        (folder / f"{name}.txt").write_text(name)
    archive.batch([folder], executor=Cluster(scheduler, work=faults.work), timeout=1)
    failed = {Path(e.paths[0]).stem: e.category for e in archive.entries("failed")}
    assert failed == {"kill": Category.CRASH, "hang": Category.TIMEOUT}
    assert archive.counts()["done"] == 6


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_worker_of_another_pipeline_stops_the_run(scheduler, archive, folder, monkeypatch):
    monkeypatch.setattr(cluster, "fingerprint", lambda lang: Fingerprint("other", lang))
    with pytest.raises(SetupError, match="differ on tcp://"):
        archive.batch([folder], executor=Cluster(scheduler, work=faults.canned))
    assert archive.counts()["failed"] == archive.counts()["running"] == 0


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_without_workers(archive, folder):
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=None) as empty,
        pytest.raises(SetupError, match="has no workers"),
    ):
        Cluster(empty.scheduler_address)


@pytest.mark.filterwarnings("ignore")
def test_no_scheduler(monkeypatch):
    monkeypatch.setattr(cluster, "_PATIENCE", 0.1)
    with pytest.raises(SetupError, match="does not answer"):
        Cluster("tcp://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SetupError, match=r"vndoc\[cluster\]"):
        Cluster("tcp://127.0.0.1:1")


def test_a_document_that_dask_gives_up_is_a_crash():
    failure = cluster._lost(Job(1, "", "a.pdf"), RuntimeError("KilledWorker"))
    assert failure.category is Category.CRASH
    assert "a.pdf: lost on the cluster" in failure.message
