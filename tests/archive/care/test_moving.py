"""Export and import: what comes out of one archive stands in the other, once; the same archive gives the same bytes."""

import json
import os
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.archive.care.test_salvage import content, corrected
from tests.archive.conftest import HereAndNow, ledger_rows, results
from tests.archive.faults import canned
from tests.archive.test_bundles import bundle, cut
from vndoc import Archive
from vndoc.archive.care import check, export_archive, import_archive, portable
from vndoc.archive.jobs import Category, Failure, Outcome
from vndoc.archive.runner import BusyError, alone
from vndoc.errors import FormatError, MissingFileError
from vndoc.facts import ValueFact

__all__ = ["bundle", "corrected", "cut"]

BAD = os.fsdecode(b"v\xe3n b\xe1n.txt")


@pytest.fixture
def varied(corrected, tmp_path):
    """Results, corrections, a failure, files of odd names, a container, files left out, one that is still queued."""
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / BAD).write_text("Công văn lạ", encoding="utf-8")
    (folder / "fails.txt").write_text("hỏng", encoding="utf-8")
    (folder / "x.dwg").touch()
    with zipfile.ZipFile(folder / "a.zip", "w") as made:
        made.writestr("trong.txt", "Công văn trong tệp nén")
    (folder / "b.zip").write_bytes(b"PK\x03\x04 no ZIP file")

    def work(job):
        if job.path.endswith("fails.txt"):
            return Outcome(job, failure=Failure(Category.CRASH, f"{job.path}: died"))
        return Outcome(job, failure=Failure(Category.FORMAT, "in")) if job.container else canned(job)

    corrected.batch([folder], executor=HereAndNow(work))
    corrected._db.execute("INSERT INTO document (sha256, queued_at) VALUES (?, '2024-01-01')", ("ab" * 32,))
    return corrected


def exported(archive, target):
    export_archive(archive, target)
    return {path.name: path.read_bytes() for path in sorted(target.iterdir())}


def test_what_goes_out_comes_in_and_goes_out_the_same(varied, tmp_path):
    first = exported(varied.path, tmp_path / "one")
    assert set(first) == {portable.HEAD, *portable.FILES}
    done = import_archive(tmp_path / "one", tmp_path / "new.sqlite")
    assert (done.added, done.replaced, done.kept) == (sum(varied.counts().values()), 0, 0)
    assert exported(tmp_path / "new.sqlite", tmp_path / "two") == first
    assert check(tmp_path / "new.sqlite").whole
    with Archive(tmp_path / "new.sqlite", create=False) as new:
        assert content(new) == content(varied)
        assert results(new) == results(varied)
        assert ledger_rows(new) == ledger_rows(varied)
        assert [hit.path for hit in new.search("doi ngoai")] == [hit.path for hit in varied.search("doi ngoai")]
        assert [change.who for change in new.desk.changes()] == ["Minh", "Lan", "Lan", "Lan"]


def test_twice_is_once(varied, tmp_path):
    first = exported(varied.path, tmp_path / "one")
    for _ in range(2):
        done = import_archive(tmp_path / "one", varied.path)
        assert (done.added, done.replaced, done.changes) == (0, 0, 0)
    assert exported(varied.path, tmp_path / "two") == first


def test_a_zip_file_has_the_same_bytes_each_time(varied, tmp_path):
    export_archive(varied.path, tmp_path / "a.zip")
    export_archive(varied.path, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    import_archive(tmp_path / "a.zip", tmp_path / "new.sqlite")
    export_archive(tmp_path / "new.sqlite", tmp_path / "c.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "c.zip").read_bytes()


def test_two_archives_become_one(filled, tmp_path):
    """What was said here stays, what was said there of a document nobody here spoke of comes in."""
    export_archive(filled.path, tmp_path / "bare")
    import_archive(tmp_path / "bare", tmp_path / "other.sqlite")
    with Archive(tmp_path / "other.sqlite") as other:
        for number, value in ((1, "7"), (2, "8")):
            other.desk.confirm(
                number, [ValueFact(pointer="/code_number", value=value)], "Minh", other.desk.sheet(number).revision
            )
    filled.desk.confirm(1, [ValueFact(pointer="/code_number", value="9")], "Lan", filled.desk.sheet(1).revision)
    export_archive(tmp_path / "other.sqlite", tmp_path / "theirs")
    done = import_archive(tmp_path / "theirs", filled.path)
    assert (done.added, done.replaced, done.kept, done.changes) == (0, 1, 2, 1)
    assert [filled.dispatch(n).code_number for n in (1, 2)] == ["9", "8"]
    assert [change.who for change in filled.desk.changes()] == ["Minh", "Lan"]
    assert check(filled.path).whole
    assert import_archive(tmp_path / "theirs", filled.path).replaced == 0


def test_a_result_comes_to_a_document_that_waits(filled, tmp_path):
    export_archive(filled.path, tmp_path / "one")
    with Archive(tmp_path / "new.sqlite") as new:
        sha256 = next(filled.entries()).sha256
        new._db.execute("INSERT INTO document (sha256, queued_at) VALUES (?, '2024')", (sha256,))
    done = import_archive(tmp_path / "one", tmp_path / "new.sqlite")
    assert (done.added, done.replaced, done.kept) == (2, 1, 0)
    with Archive(tmp_path / "new.sqlite") as new:
        assert new.counts()["done"] == 3


@pytest.mark.slow
def test_a_file_that_was_cut_comes_with_its_parts(cut, tmp_path):
    archive, _ = cut
    archive.desk.confirm(2, [ValueFact(pointer="/code_number", value="7")], "Lan", archive.desk.sheet(2).revision)
    first = exported(archive.path, tmp_path / "one")
    import_archive(tmp_path / "one", tmp_path / "new.sqlite")
    assert exported(tmp_path / "new.sqlite", tmp_path / "two") == first
    assert check(tmp_path / "new.sqlite").whole
    assert check(archive.path).whole
    with Archive(tmp_path / "new.sqlite") as new:
        assert len(list(new.register())) == 3


def test_what_is_there_is_not_written_over(filled, tmp_path):
    (tmp_path / "there").mkdir()
    with pytest.raises(MissingFileError, match="is there already"):
        export_archive(filled.path, tmp_path / "there")
    with pytest.raises(MissingFileError, match="no such export"):
        import_archive(tmp_path / "none", filled.path)
    with pytest.raises(FormatError, match=r"has no archive\.json"):
        import_archive(tmp_path / "there", filled.path)
    (tmp_path / "text.zip").write_text("no ZIP file")
    with pytest.raises(FormatError, match="neither a folder nor a ZIP file"):
        import_archive(tmp_path / "text.zip", filled.path)
    export_archive(filled.path, tmp_path / "one")
    with alone(filled.path), pytest.raises(BusyError):
        import_archive(tmp_path / "one", filled.path)


_ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.lists(st.integers()),
    st.just({}),
    st.sampled_from(["\ud800", "\0", 2**70, -1, "done", [{}]]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=st.data())
def test_an_export_that_was_tampered_with_is_taken_in_whole_or_not_at_all(varied, tmp_path, data):
    folder, target = tmp_path / "one", tmp_path / "new.sqlite"
    if not folder.exists():
        export_archive(varied.path, folder)
    for end in ("", "-wal", "-shm"):
        target.with_name(target.name + end).unlink(missing_ok=True)
    name = data.draw(st.sampled_from([portable.HEAD, *portable.FILES]))
    file = folder / name
    whole = file.read_bytes()
    lines = [json.loads(line) for line in whole.splitlines()]
    at = data.draw(st.integers(0, len(lines) - 1))
    key = data.draw(st.sampled_from(sorted([*lines[at], "more"])))
    how = data.draw(st.sampled_from(["value", "drop", "line", "bytes", "double"]))
    if how == "value":
        lines[at][key] = data.draw(_ODD)
    elif how == "drop":
        lines[at].pop(key, None)
    elif how == "line":
        del lines[at]
    elif how == "double":
        lines.append(lines[at])
    text = "".join(portable.dumped(line) + "\n" for line in lines).encode()
    if how == "bytes":
        cut_at = data.draw(st.integers(0, len(text)))
        text = text[:cut_at] + data.draw(st.binary(max_size=3)) + text[cut_at + data.draw(st.integers(0, 3)) :]
    file.write_bytes(text)
    try:
        import_archive(folder, target)
    except FormatError as told:
        _is_plain(told)
        with Archive(target) as new:
            assert sum(new.counts().values()) == 0
    finally:
        file.write_bytes(whole)
    assert check(target).whole, check(target)
    with suppress(FormatError):
        export_archive(target, tmp_path / "again.zip")
    (tmp_path / "again.zip").unlink(missing_ok=True)


def _is_plain(told):
    assert "\n" not in str(told)
    assert "thông tin đối ngoại" not in f"{told}{told!r}"
