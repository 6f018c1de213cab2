"""What SQLite and the disk under it may do: each time one line of vndoc, an exit code, and no word of a document."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.archive.conftest import DISPATCHES
from tests.archive.faults import canned
from tests.cli.conftest import one_line, run
from vndoc import Archive, VndocError
from vndoc.archive import connection
from vndoc.archive.backup import back_up
from vndoc.archive.care import check, salvage
from vndoc.archive.connection import Connection, DamagedError, LockedError, NoDatabaseError, archive_error, is_open_here
from vndoc.archive.database import open_untouched, transaction
from vndoc.archive.intake import look
from vndoc.archive.jobs import Failure
from vndoc.archive.left_out import LeftOut
from vndoc.archive.locations import digest
from vndoc.archive.runner import BusyError, alone
from vndoc.archive.worker import work
from vndoc.errors import EngineError, FormatError, MachineError, MissingFileError, SetupError, TooLargeError
from vndoc.facts import ValueFact

SECRET = "thông tin đối ngoại"
RAISED = [
    *(kind(f"about {SECRET}") for kind in (sqlite3.Warning, sqlite3.Error, sqlite3.InterfaceError)),
    *(kind(f"about {SECRET}") for kind in (sqlite3.DatabaseError, sqlite3.DataError, sqlite3.OperationalError)),
    *(kind(f"about {SECRET}") for kind in (sqlite3.IntegrityError, sqlite3.InternalError, sqlite3.ProgrammingError)),
    sqlite3.NotSupportedError(SECRET),
    sqlite3.OperationalError("database or disk is full"),
    sqlite3.OperationalError("database is locked"),
    sqlite3.OperationalError("disk I/O error"),
    sqlite3.OperationalError("attempt to write a readonly database"),
    sqlite3.OperationalError("unable to open database file"),
    sqlite3.OperationalError(f"Could not decode to UTF-8 column 'json' with text '{SECRET}'"),
    sqlite3.DatabaseError("database disk image is malformed"),
    MemoryError(),
    OverflowError("Python int too large to convert to SQLite INTEGER"),
    UnicodeEncodeError("utf-8", f"{SECRET}\udcff", 0, 1, "surrogates not allowed"),
    UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, "invalid start byte"),
]


class _Raising(sqlite3.Cursor):
    """Stands between our cursor and SQLite's own; ``plan`` counts down the calls until one of them raises."""

    plan: list = []  # noqa: RUF012

    def _count(self):
        if self.plan:
            self.plan[0] -= 1
            if self.plan[0] < 0:
                error = self.plan[1]
                self.plan.clear()
                raise error

    def execute(self, *given):
        self._count()
        return super().execute(*given)

    def executemany(self, *given):
        self._count()
        return super().executemany(*given)

    def fetchone(self):
        self._count()
        return super().fetchone()

    def fetchall(self):
        self._count()
        return super().fetchall()

    def __next__(self):
        self._count()
        return super().__next__()


class _FaultyCursor(connection.Cursor, _Raising):
    pass


class _FaultyConnection(Connection):
    def cursor(self, factory=_FaultyCursor):
        return super().cursor(factory)


FACTS = [ValueFact(pointer="/code_number", value="9")]
METHODS = {
    "entries": lambda a, _: list(a.entries()),
    "left_out": lambda a, _: list(a.left_out()),
    "counts": lambda a, _: a.counts(),
    "dispatch": lambda a, _: a.dispatch(1),
    "key": lambda a, _: a.key(1),
    "document_id": lambda a, _: a.document_id(a.key(1)),
    "pages": lambda a, _: a.pages(1),
    "queue": lambda a, _: a.queue(),
    "queue_counts": lambda a, _: a.queue_counts(),
    "grid": lambda a, _: a.grid("/code_number"),
    "completions": lambda a, _: a.completions("/organ_name", "uy"),
    "register": lambda a, _: list(a.register()),
    "luutru": lambda a, _: list(a.luutru()),
    "search": lambda a, _: list(a.search("doi ngoai")),
    "cites": lambda a, _: a.cites("254-KH/TU"),
    "tasks": lambda a, _: list(a.tasks()),
    "stats": lambda a, _: a.stats(),
    "draw": lambda a, folder: a.draw(2, 1, folder / "qc.csv"),
    "export_corrections": lambda a, folder: a.export_corrections(folder / "pairs"),
    "sheet": lambda a, _: a.desk.sheet(1),
    "confirm": lambda a, _: a.desk.confirm(1, FACTS, "Lan", a.desk.sheet(1).revision),
    "close": lambda a, _: a.desk.close(1, "Lan", a.desk.sheet(1).revision),
    "undo": lambda a, _: a.desk.undo(1, "Lan"),
    "changes": lambda a, _: list(a.desk.changes()),
    "claim": lambda a, _: a.ledger.claim(),
    "retry": lambda a, _: a.ledger.retry_failed(),
    "recover": lambda a, _: a.ledger.recover(),
    "stamps": lambda a, _: a.ledger.stamps(),
}


@pytest.mark.parametrize("name", METHODS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(error=st.sampled_from(RAISED), after=st.integers(0, 12))
def test_whatever_sqlite_raises_anywhere_is_an_error_of_ours_without_a_word(filled, tmp_path, name, error, after):
    filled._db.__class__ = _FaultyConnection
    _Raising.plan[:] = [after, error]
    try:
        METHODS[name](filled, tmp_path)
    except VndocError as told:
        _clean(told)
    finally:
        _Raising.plan.clear()
        filled._db.__class__ = Connection
    assert not filled._db.in_transaction
    with transaction(filled._db):  # and the archive goes on
        assert sum(filled.counts().values()) == 3


def test_codes_become_the_errors_that_the_readme_has():
    codes = {name: getattr(sqlite3, name) for name in dir(sqlite3) if name.startswith("SQLITE_")}

    def of(name):
        error = sqlite3.OperationalError(SECRET)
        error.sqlite_errorcode = codes[name]
        return type(archive_error(error, "a.sqlite")), archive_error(error, "a.sqlite").exit_code

    assert of("SQLITE_FULL") == (MachineError, 10)
    assert of("SQLITE_IOERR_SHMSIZE") == (MachineError, 10)
    assert of("SQLITE_NOMEM") == (MachineError, 10)
    assert of("SQLITE_BUSY") == of("SQLITE_BUSY_SNAPSHOT") == of("SQLITE_LOCKED") == (LockedError, 10)
    assert of("SQLITE_READONLY") == of("SQLITE_CANTOPEN") == (MissingFileError, 4)
    assert of("SQLITE_CORRUPT") == of("SQLITE_CORRUPT_VTAB") == (DamagedError, 6)
    assert of("SQLITE_NOTADB") == (NoDatabaseError, 6)
    assert of("SQLITE_CONSTRAINT_FOREIGNKEY") == (DamagedError, 6)
    assert of("SQLITE_TOOBIG") == (TooLargeError, 8)
    assert of("SQLITE_MISUSE") == (VndocError, 1)


def test_a_value_that_is_no_text_any_more_is_damage_and_not_quoted(filled):
    filled._db.execute("UPDATE dispatch SET json = CAST(x'7b22ff41' AS TEXT), subject = CAST(x'ff41' AS TEXT)")
    with pytest.raises(DamagedError, match="is damaged; 'vndoc archive check"):
        filled.dispatch(1)
    for command in ("register", "search", "tasks", "stats"):
        result = run(command, filled.path, *(["doi"] if command == "search" else []))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception


@pytest.mark.parametrize("text", ["", "{", "[]", "null", f'{{"text": "{SECRET}"}}', '{"source": 1}'])
@pytest.mark.parametrize("command", ["register", "search", "audit", "tasks"])
def test_a_row_that_does_not_load_is_one_line(filled, text, command):
    filled.desk.confirm(1, FACTS, "Lan", filled.desk.sheet(1).revision)
    for table, column in (("dispatch", "json"), ("change", "facts"), ("task", "coordinators")):
        filled._db.execute(f"UPDATE {table} SET {column} = ?", (text,))
    filled._db.execute("UPDATE dispatch SET issued_date = ?", (SECRET,))
    result = run(command, filled.path, *(["254"] if command == "search" else []))
    if result.exit_code:
        assert result.exit_code == 6
        assert "damaged" in one_line(result)
        assert SECRET not in result.stderr
    else:
        assert command == "tasks" or text == "[]"


def test_a_full_disk_stops_the_batch_and_the_next_run_goes_on(archive, folder, here):
    archive.batch([folder], executor=here())
    before = archive.counts()
    (folder / "lớn.txt").write_text("chữ " * 100_000, encoding="utf-8")
    (pages,) = archive._db.execute("PRAGMA page_count").fetchone()
    archive._db.execute(f"PRAGMA max_page_count = {pages + 5}")
    with pytest.raises(MachineError, match="no room is left on the disk of the archive"):
        archive.batch([folder], executor=here())
    assert not archive._db.in_transaction
    archive._db.execute("PRAGMA max_page_count = 1000000")
    summary = archive.batch([folder], executor=here())
    assert summary.done == 1
    assert archive.counts()["done"] == before["done"] + 1


@pytest.fixture
def mounted(tmp_path):
    """Mounts a file system of its own; skipped where that is not allowed."""
    made = []

    def mount(kind, *options):
        place = tmp_path / "mounted"
        place.mkdir(exist_ok=True)
        done = subprocess.run(["mount", "-t", kind, *options, str(place)], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("nothing may be mounted here")
        made.append(place)
        return place

    if os.name != "posix" or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("nothing may be mounted here")
    yield mount
    for place in made:
        subprocess.run(["umount", "-l", str(place)], check=False)


def test_a_disk_that_is_really_full(mounted, folder, quick):
    place = mounted("tmpfs", "-o", "size=600k", "tmpfs")
    for k in range(40):
        (folder / f"dài {k}.txt").write_text(f"{k} " + "đường " * 5000, encoding="utf-8")
    result = run("batch", folder, "--archive", place / "a.sqlite")
    assert result.exit_code == 10
    assert "full" in result.stderr or "no room is left" in result.stderr
    assert "đường" not in result.stderr + result.stdout
    assert "Traceback" not in result.stderr


def test_an_archive_on_a_disk_for_reading_is_read_by_every_command(filled, tmp_path, mounted):
    filled.desk.confirm(1, FACTS, "Lan", filled.desk.sheet(1).revision)
    filled.close()
    place = mounted("tmpfs", "-o", "size=20m", "tmpfs")
    (place / "a.sqlite").write_bytes(filled.path.read_bytes())
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    for command in (
        ("register",),
        ("register", "--format", "luutru"),
        ("search", "doi ngoai"),
        ("cites", "254-KH/TU"),
        ("tasks",),
        ("left-out",),
        ("stats",),
        ("audit",),
        ("qc", "--sample", "2", "--output", tmp_path / "qc.csv"),
        ("export-corrections", "--output", tmp_path / "pairs"),
        ("backup", tmp_path / "copies"),
    ):
        result = run(command[0], place / "a.sqlite", *command[1:])
        assert result.exit_code == 0, (command, result.stderr, result.exception)
    assert "9-KH/TU" in run("search", place / "a.sqlite", "du lich").stdout
    written = run("batch", tmp_path, "--archive", place / "a.sqlite")
    assert written.exit_code in (4, 10)
    assert len(written.stderr.splitlines()) == 1


def test_changes_that_lie_beside_an_archive_for_reading_are_told(filled, mounted):
    place = mounted("tmpfs", "-o", "size=20m", "tmpfs")
    filled._db.execute("PRAGMA wal_autocheckpoint = 0")
    filled.desk.confirm(1, FACTS, "Lan", filled.desk.sheet(1).revision)
    for end in ("", "-wal"):
        (place / f"a.sqlite{end}").write_bytes(filled.path.with_name(filled.path.name + end).read_bytes())
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    result = run("register", place / "a.sqlite")
    assert result.exit_code == 4
    assert "the changes in a.sqlite-wal are not yet in it" in one_line(result)


def test_an_immutable_file_can_be_read_and_not_written(filled, tmp_path, quick, folder):
    filled.close()
    if subprocess.run(["chattr", "+i", str(filled.path)], capture_output=True, check=False).returncode:
        pytest.skip("this file system has no immutable files")
    try:
        assert run("register", filled.path).exit_code == 0
        result = run("batch", folder, "--archive", filled.path)
        assert result.exit_code == 4
        assert "cannot be written" in one_line(result)
    finally:
        subprocess.run(["chattr", "-i", str(filled.path)], check=True)


def test_another_program_that_does_not_let_go(filled, folder, quick, monkeypatch):
    monkeypatch.setattr("vndoc.archive.database.PATIENCE", 0.05)
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert run("register", filled.path).exit_code == 0
        result = run("batch", folder, "--archive", filled.path)
        assert result.exit_code == 10
        assert "another program writes to it" in one_line(result)
    assert run("batch", folder, "--archive", filled.path).exit_code == 0


def test_a_truncated_archive_is_called_damaged_and_other_files_no_archive(filled, tmp_path):
    filled.close()
    whole = filled.path.read_bytes()
    for size in (0, 40, 90, 3000, 4096, len(whole) // 2, len(whole) - 4096):
        filled.path.write_bytes(whole[:size])
        result = run("register", filled.path)
        assert result.exit_code == 6, size
        line = one_line(result)
        assert "damaged" in line, line
        assert "no archive" not in line
    filled.path.write_bytes(b"\0" * 100 + whole[100:])
    assert "damaged" in one_line(run("register", filled.path))
    (tmp_path / "letter.txt").write_text("Công văn")
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as other:
        other.execute("CREATE TABLE a (b)")
    for name in ("letter.txt", "other.sqlite"):
        assert "no archive of vndoc" in one_line(run("register", tmp_path / name))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
def test_damage_anywhere_in_the_middle_never_ends_in_a_traceback(filled, data):
    path = filled.path
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = bytearray(path.read_bytes())
    copy = path.with_name("damaged.sqlite")
    start = data.draw(st.integers(100, len(whole) - 1))
    length = data.draw(st.sampled_from([1, 8, 64, 4096, 20_000]))
    filling = data.draw(st.sampled_from([b"\0", b"\xff", b"\x07", b"A"]))
    whole[start : start + length] = (filling * length)[: len(whole) - start]
    copy.write_bytes(whole)
    try:
        with Archive(copy, create=False) as archive:
            for name, method in METHODS.items():
                if name not in ("draw", "export_corrections"):
                    _told(method, archive)
    except VndocError as told:
        _clean(told)
    finally:
        for end in ("-wal", "-shm"):
            copy.with_name(copy.name + end).unlink(missing_ok=True)


def _told(method, archive):
    try:
        method(archive, None)
    except VndocError as told:
        _clean(told)


def _clean(told):
    assert not any(values["subject"] in f"{told}{told!r}" for values in DISPATCHES.values())
    assert "\n" not in str(told)


class _OwnError(Exception):
    pass


@pytest.mark.parametrize(
    ("error", "category", "machine"),
    [
        (MachineError("no room"), "internal", True),
        (SetupError("no Tesseract"), "internal", True),
        (EngineError("it crashed"), "engine", False),
        (OSError(28, "No space left on device"), "internal", True),
        (OSError(24, "Too many open files"), "internal", True),
        (FormatError("damaged"), "format", False),
        (MemoryError(), "memory", False),
        (ValueError(SECRET), "internal", False),
        (KeyError(SECRET), "internal", False),
        (_OwnError(SECRET), "internal", False),
    ],
)
def test_failures_blame_whom_they_must_and_quote_nothing(error, category, machine):
    failure = Failure.of(error)
    assert (failure.category, failure.machine) == (category, machine)
    assert SECRET not in failure.message


def test_a_machine_that_is_full_stops_the_batch_and_blames_no_document(archive, folder, here):
    def full(job):
        from vndoc.archive.jobs import Outcome  # noqa: PLC0415

        return Outcome(job, failure=Failure.of(OSError(28, "No space left on device")))

    with pytest.raises(SetupError, match="no room is left"):
        archive.batch([folder], executor=here(full))
    counts = archive.counts()
    assert counts == {"queued": counts["queued"] or 1, "running": 0, "done": 0, "failed": 0}
    assert {entry.attempts for entry in archive.entries()} == {0}
    assert archive.batch([folder], executor=here()).done == 4


_OTHER = """
import sys
from vndoc import Archive
with Archive(sys.argv[1]) as archive:
    archive.desk.db.execute("CREATE TABLE IF NOT EXISTS other (a)")
"""


_IS_LOCKED = """
import fcntl, sys
with open(sys.argv[1], "r+b") as index:
    try:
        fcntl.lockf(index, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 128)  # with which SQLite says that the index is in use
    except OSError:
        sys.exit(0)
sys.exit(1)
"""


def _open_again(path, folder):
    Archive(path).close()


def _open_untouched(path, folder):
    open_untouched(path).close()


def _check(path, folder):
    assert check(path).whole


def _back_up(path, folder):
    back_up(path, folder / "copies", now=datetime(2026, 1, 1))


def _batch_over_its_own_folder(path, folder):
    assert str(path) in {found.path for found in look([path.parent]) if isinstance(found, LeftOut)}


def _digest_all(path, folder):
    for part in ("", "-wal", "-shm"):
        with pytest.raises(MissingFileError, match="is the archive itself"):
            digest(f"{path}{part}", "file")


def _salvage(path, folder):
    with pytest.raises(MissingFileError, match="close it first"):
        salvage(path, folder / "new.sqlite")


_ACTS = [_open_again, _open_untouched, _check, _back_up, _batch_over_its_own_folder, _digest_all, _salvage]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at open files through /proc")
@pytest.mark.parametrize("act", _ACTS)
def test_nothing_takes_back_the_locks_of_an_archive_that_is_open(filled, tmp_path, act):
    """Else another process that closes it removes the log from under this one, and what is written here is lost."""
    act(filled.path, tmp_path)
    subprocess.run([sys.executable, "-c", _IS_LOCKED, f"{filled.path}-shm"], check=True)
    subprocess.run([sys.executable, "-c", _OTHER, str(filled.path)], check=True)
    names = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert not [name for name in names if name.startswith(str(filled.path)) and name.endswith("(deleted)")]
    filled.desk.db.execute("INSERT INTO other VALUES (1)")
    with closing(sqlite3.connect(filled.path)) as db:
        assert db.execute("SELECT count(*) FROM other").fetchone() == (1,)


def test_an_archive_is_open_here_until_its_last_connection_is_closed(filled, tmp_path):
    assert is_open_here(filled.path)
    (tmp_path / "link").symlink_to(filled.path)
    assert is_open_here(tmp_path / "link")
    with Archive(filled.path):
        pass
    assert is_open_here(filled.path)
    filled.close()
    assert not is_open_here(filled.path)
    assert not is_open_here(tmp_path / "none")


def test_an_archive_among_its_documents_is_left_out_though_its_name_is_that_of_a_document(tmp_path):
    with Archive(tmp_path / "kho.pdf"):
        assert all(isinstance(found, LeftOut) for found in look([tmp_path]))


@pytest.mark.parametrize("name", [":memory:", "file:kho.sqlite", "file:kho?mode=memory", "kho?cache=x#y%20z"])
def test_an_archive_lies_under_the_name_that_was_given(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Archive(name) as archive:
        archive.desk.db.execute("CREATE TABLE kept (a)")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert check(Path(name)).whole


def test_an_archive_is_at_work_under_all_its_names(filled, tmp_path):
    (tmp_path / "link.sqlite").symlink_to(filled.path)
    with alone(filled.path), pytest.raises(BusyError), alone(tmp_path / "link.sqlite"):
        pass
    (tmp_path / "hard.sqlite").hardlink_to(filled.path)
    with pytest.raises(MissingFileError, match="hard link"), alone(filled.path):
        pass


def test_a_copy_for_which_no_file_handle_is_left_is_the_machines_fault(monkeypatch):
    def none(*_):
        raise OSError(24, "Too many open files")

    error = sqlite3.OperationalError("unable to open database file")
    assert isinstance(archive_error(error, "a.sqlite"), MissingFileError)
    monkeypatch.setattr("os.open", none)
    assert isinstance(archive_error(error, "a.sqlite"), MachineError)


def test_a_container_without_proc_fails_no_document(archive, here, tmp_path, monkeypatch):
    def read_text(path, *args, **options):
        if str(path).startswith("/proc/"):
            raise FileNotFoundError(2, "No such file or directory")
        return original(path, *args, **options)

    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Số: 12/QĐ-UBND", encoding="utf-8")
    original = Path.read_text
    monkeypatch.setattr(Path, "read_text", read_text)
    assert archive.batch([tmp_path / "in"], executor=here(work)).done == 1


@pytest.mark.skipif(os.name == "nt", reason="keeps files that are open")
@pytest.mark.parametrize("replaced", [False, True])
def test_an_archive_that_goes_away_ends_the_run(archive, here, folder, replaced):
    """SQLite would write on into a file that has no name any more, and every document of it would be lost."""

    def gone(job):
        archive.path.unlink(missing_ok=True)
        if replaced:
            archive.path.write_bytes(b"another")
        return canned(job)

    with pytest.raises(MissingFileError, match="while it was in use"):
        archive.batch([folder], executor=here(gone))
