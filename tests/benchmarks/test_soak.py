"""The soak's own truth: the same files each time, and a check that sees each kind of loss."""

import hashlib
import random
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.soak import documents, hostile
from benchmarks.soak.checking import Verdict, check
from benchmarks.soak.faults import clock_environment, clock_library, set_clock
from benchmarks.soak.laying import lay, load, save
from benchmarks.soak.report import as_json, markdown, picture, publish, tenths
from benchmarks.soak.running import State, Turn
from benchmarks.soak.watching import Sample
from vndoc.archive.database import connect
from vndoc.archive.fingerprint import Fingerprint
from vndoc.archive.intake import IntakeItem
from vndoc.archive.jobs import Category, Failure, Outcome
from vndoc.archive.ledger import Ledger
from vndoc.archive.left_out import LeftOut, LeftOutFiles
from vndoc.dispatch import Dispatch, PageText, Source

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and odd names")

NUMBERS = range(1, 130)


def test_marks_are_words_that_no_other_document_has():
    marks = [documents.content(7, number).mark for number in range(30_000)]
    assert len(set(marks)) == len(marks)
    assert all(mark.startswith(documents.MARK) and mark.isascii() and mark.isalpha() for mark in marks)


def test_the_same_seed_lays_the_same_files_and_does_not_touch_them_again(tmp_path):
    first = list(lay(tmp_path / "a", 1, NUMBERS))
    times = {path: path.lstat().st_mtime_ns for path in (tmp_path / "a").rglob("*")}
    assert list(lay(tmp_path / "a", 1, NUMBERS)) == first
    assert {path: path.lstat().st_mtime_ns for path in (tmp_path / "a").rglob("*")} == times
    again = {Path(one.path).name: one.sha256 for one in lay(tmp_path / "b", 1, NUMBERS)}
    changed = [one.path for one in first if again[Path(one.path).name] != one.sha256]
    assert len(changed) < 3  # encrypted files have salt in them
    assert [one.sha256 for one in lay(tmp_path / "c", 2, range(1, 9))] != [one.sha256 for one in first[:8]]
    save(tmp_path / "truth.jsonl", first)
    assert [one.path for one in load(tmp_path / "truth.jsonl")] == [one.path for one in first]
    kinds = {one.kind for one in first}
    assert kinds >= {"text", "html", "mail", "word", "digital", "scan", "copy", "packed", "post", "hostile", "empty"}


@pytest.mark.parametrize("number", range(10, 400, 10))
def test_hostile_files_are_small(number):
    suffix, data = hostile.hostile(1, number, documents.content(1, number))
    assert suffix.startswith(".")
    assert len(data) < 300_000


def test_mutation_changes_and_never_grows_without_end():
    rng = random.Random(1)
    data = b"abcdefgh" * 100
    changed = [hostile.mutated(rng, data) for _ in range(200)]
    assert sum(one != data for one in changed) > 190
    assert max(map(len, changed)) < 40 * len(data)
    assert hostile.mutated(rng, b"") == b""


@pytest.fixture
def soak(tmp_path):
    """A tree of which the archive says what is true, as if batches had read it."""
    state = State(1, NUMBERS.stop, 0.0, laid=NUMBERS.stop)
    place = SimpleNamespace(
        truth=tmp_path / "truth",
        logs=tmp_path / "logs",
        temporary=tmp_path / "tmp",
        archive=tmp_path / "archive.sqlite",
        state=state,
        jobs=1,
    )
    for folder in (place.truth, place.logs, place.temporary):
        folder.mkdir()
    place.laid = list(lay(tmp_path / "in", 1, NUMBERS))
    save(place.truth / "000.jsonl", place.laid)
    return place


def fill(place, *, without=(), wrong=(), unread=()):
    """Write the ledger; the files named are lost, their numbers wrong, or their text missing."""
    db = connect(place.archive, create=True)
    ledger, left_out = Ledger(db), LeftOutFiles(db)
    pipeline = Fingerprint("0" * 64, "{}")
    truth = {}
    for one in place.laid:
        if one.path in without:
            continue
        if one.kind == "special":
            left_out.note(LeftOut(one.path, ".pdf"))
            continue
        own = one.good[:1] if one.kind != "packed" else ()
        if one.kind == "packed":
            ledger.note_zip(IntakeItem(one.path, "zip", (1, 1)))
        else:
            ledger.note(IntakeItem(one.path, "file", (1, 1)), one.sha256)
        for number, known in enumerate(one.good[len(own) :], 1):
            ledger.note(IntakeItem(f"{one.path}/{number}.txt", "member", (1, 1), one.path), known.sha256)
        truth |= {known.sha256: (known, one.path) for known in one.good}
    while job := ledger.claim():
        if job.sha256 not in truth:
            ledger.finish(Outcome(job, failure=Failure(Category.FORMAT, "is damaged")), pipeline)
            continue
        known, path = truth[job.sha256]
        text = "" if path in unread else f"Hồ sơ {known.mark}"
        dispatch = Dispatch(
            source=Source(name="a", sha256=job.sha256, media_type="text/plain", page_amount=1),
            code_number="0" if path in wrong else known.code,
            text=text,
            pages=[PageText(number=1, text=text, layer="none", method="text")],
        )
        ledger.finish(Outcome(job, dispatch.model_dump_json(), b""), pipeline)
    db.close()


def test_a_zip_file_of_nothing_that_is_read_is_not_lost(soak):
    """Its members are noted as left out, and no row of the ledger speaks of itself."""
    hostile = next(one.path for one in soak.laid if one.kind == "hostile")
    fill(soak, without=[hostile])
    assert check(soak).told["file lost"] == (1, [hostile])
    with closing(connect(soak.archive, create=False)) as db:
        LeftOutFiles(db).note(LeftOut(f"{hostile}/0.bmp", ".bmp", hostile))
    assert "file lost" not in check(soak).told


def run_of(place, out="", err="", **about):
    turn = Turn(len(place.state.turns) + 1, 0, **{"code": 0, **about})
    place.state.turns.append(turn)
    (place.logs / f"turn-{turn.number:04d}.out").write_text(out, encoding="utf-8")
    (place.logs / f"turn-{turn.number:04d}.err").write_text(err, encoding="utf-8")


def test_a_ledger_that_tells_the_truth_has_no_fault(soak):
    fill(soak)
    run_of(soak, out='{"event": "done", "path": "a", "document_id": 1}\n', err="vndoc: a: is damaged\n")
    run_of(soak, code=-9, faults=["SIGTERM", "stopped with the soak"])
    run_of(soak, code=-9, faults=["SIGKILL"], out='{"event": "done", "path": "a", "document_id": 2}\n')
    verdict = check(soak)
    assert verdict.told == {}
    assert verdict.files == len(NUMBERS)
    assert sum(verdict.right.values()) == verdict.good > 100
    assert verdict.duplicates == 1
    assert "Nothing was lost" in markdown(soak, verdict, [])


def test_what_is_lost_wrong_or_unread_is_seen(soak):
    texts = [one.path for one in soak.laid if one.kind == "text"]
    fill(soak, without=texts[:1], wrong=texts[1:2], unread=texts[2:3])
    told = check(soak).told
    assert told.keys() == {"file lost", "good document lost", "number wrong", "done with a page unread"}
    assert told["file lost"] == (1, texts[:1])
    assert texts[1] in told["number wrong"][1][0]


def test_what_batches_leave_behind_or_tell_is_seen(soak):
    fill(soak)
    mark = soak.laid[3].good[0].mark
    done = '{"event": "done", "path": "a", "document_id": 7}\n'
    run_of(soak, out=done, err=f"vndoc: {mark}\n")
    run_of(soak, out=done, err="Traceback (most recent call last):\n", code=1, left=2)
    run_of(soak, err="libtiff: strange\n", faults=["SIGTERM"], code=130)
    run_of(soak, err="vndoc: cannot read Nghĩa\n", hung=True)
    (soak.temporary / "left").write_bytes(b"x")
    told = check(soak).told
    assert told.keys() == {
        "word of a document in a log", "traceback", "exit code 1", "processes lived on", "read twice", "batch hung",
        "foreign line on standard error", "temporary bytes left",
    }  # fmt: skip
    assert told["word of a document in a log"][0] == 2


def test_what_is_tried_again_may_be_read_again(soak):
    fill(soak)
    done = '{"event": "done", "path": "a", "document_id": 7}\n'
    run_of(soak, out=done)
    run_of(soak, out=done, options=("--retry-failed",))
    assert check(soak).told == {}


def test_figures_over_time():
    sample = Sample(0.0, 1, 100.0, 300.0, 400.0, 3, 30, 0.5, 1.0, 0, faulty=False)
    samples = [replace(sample, seconds=float(k), parent=100.0 + k // 10, done=k) for k in range(100)]
    assert tenths(samples, lambda one: one.parent) == [100.0 + k for k in range(10)]
    drawn = picture(samples)
    assert drawn.startswith("<svg")
    assert drawn.count("<polyline") == 6
    place = SimpleNamespace(state=State(1, 100, 0.0, laid=100, turns=[Turn(1, 0, ["SIGKILL"])]), jobs=1)
    found = as_json(place, Verdict(), samples)
    assert found["faults"] == {"SIGKILL": 1}
    assert found["curves"]["memory of the batch's own process, MiB"]["peak"] == 109.0


def test_a_report_takes_the_place_of_the_last_one(tmp_path):
    (tmp_path / "images").mkdir()
    page = tmp_path / "soak.md"
    page.write_text("# The soak\n\n<!-- report -->\nold\n<!-- end of report -->\nend\n", encoding="utf-8")
    publish("first\n", "<svg/>", tmp_path)
    publish("second\n", "<svg/>", tmp_path)
    text = page.read_text(encoding="utf-8")
    assert "second" in text
    assert "old" not in text
    assert "first" not in text
    assert text.startswith("# The soak")
    assert text.endswith("-->\nend\n")
    assert (tmp_path / "images" / "soak.svg").read_text(encoding="utf-8") == "<svg/>"


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="needs Linux and a C compiler")
def test_the_clock_of_a_process_jumps_and_its_stopwatch_does_not(tmp_path):
    library = clock_library(tmp_path)
    assert library is not None
    environment = clock_environment(library, tmp_path / "offset")
    code = "import sys, time\nfor _ in sys.stdin:\n print(time.time(), time.monotonic(), flush=True)"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True, env=environment) as process:
        assert process.stdin
        assert process.stdout
        told = []
        for offset in (0, 86_400):
            set_clock(tmp_path / "offset", offset)
            process.stdin.write("\n")
            process.stdin.flush()
            told.append(list(map(float, process.stdout.readline().split())))
        process.stdin.close()
    (day, stopwatch), (next_day, later) = told
    assert 86_000 < next_day - day < 87_000
    assert later - stopwatch < 600


def test_a_scan_is_another_file_each_time_and_shows_what_it_says():
    (first, content), (second, other) = (documents.scan(1, number) for number in (1, 1 + documents.SCAN_PAGES))
    assert content == other
    assert hashlib.sha256(first).digest() != hashlib.sha256(second).digest()
    assert documents.scan(1, 1)[0] == first
