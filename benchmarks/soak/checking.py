"""What the ledger says against what is true: every document once, the good ones right, nothing of any in a log."""

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.soak.documents import MARK
from benchmarks.soak.faults import FULL_ARCHIVE, FULL_TEMPORARY, INTERRUPT, KILL, STOPPED, TERM
from benchmarks.soak.laying import Known, Laid, load
from benchmarks.soak.running import Soak
from benchmarks.soak.watching import used_bytes
from vndoc.archive import Archive
from vndoc.archive.ledger import Entry

_WORDS = re.compile("[À-ÖØ-öø-ỹ]")
_OF_PYTHON = re.compile("resource_tracker")  # multiprocessing's helper, which outlives a killed parent and says so
_EXAMPLES = 12
_UNREAD = {"page-failed"}


@dataclass(slots=True)
class Verdict:
    """``faults`` are what must not be, each kind with its examples; the rest are counts."""

    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    documents: int = 0
    files: int = 0
    good: int = 0
    right: Counter[str] = field(default_factory=Counter)
    """Good documents whose number was read right, by kind."""
    open: Counter[str] = field(default_factory=Counter)
    """Left open, none of them wrong."""
    hostile: Counter[str] = field(default_factory=Counter)
    """What became of the hostile ones: done, or the category."""
    left_out: int = 0
    duplicates: int = 0

    def note(self, kind: str, example: str) -> None:
        """Something that must not be."""
        self.faults[kind].append(example)

    @property
    def told(self) -> dict[str, tuple[int, list[str]]]:
        """How many of each kind, and the first of them."""
        return {kind: (len(found), found[:_EXAMPLES]) for kind, found in sorted(self.faults.items())}


def check(soak: Soak) -> Verdict:
    """Everything, after the last batch has ended."""
    verdict = Verdict()
    laid = [one for path in sorted(soak.truth.glob("*.jsonl")) for one in load(path)]
    verdict.files = len(laid)
    _check_file(soak.archive, verdict)
    with Archive(soak.archive, create=False) as archive:
        entries = list(archive.entries())
        left_out = {left.path for left in archive.left_out()}
        _check_states(entries, laid, left_out, verdict)
        _check_good(archive, entries, laid, verdict)
        _check_hostile(entries, laid, left_out, verdict)
    _check_turns(soak, verdict)
    _check_logs(soak, entries, verdict)
    if used_bytes(soak.temporary):
        verdict.note("temporary bytes left", f"{used_bytes(soak.temporary)} bytes in {_names(soak.temporary)}")
    return verdict


def _names(folder: Path) -> str:
    return ", ".join(sorted(path.name for path in folder.iterdir())[:5])


def _check_file(path: Path, verdict: Verdict) -> None:
    with closing(sqlite3.connect(path)) as db:
        for (line,) in db.execute("PRAGMA integrity_check").fetchall():
            if line != "ok":
                verdict.note("archive damaged", line)
        for row in db.execute("PRAGMA foreign_key_check").fetchall():
            verdict.note("row that refers to nothing", str(tuple(row)))


def _check_states(entries: Sequence[Entry], laid: Sequence[Laid], left_out: set[str], verdict: Verdict) -> None:
    """Every file at one place of the ledger, and nothing in it that is not on disk."""
    verdict.documents = len(entries)
    places = Counter(path for entry in entries for path in entry.paths)
    verdict.duplicates = sum(max(0, len(entry.paths) - 1) for entry in entries)
    verdict.left_out = len(left_out)
    for entry in entries:
        if entry.state not in ("done", "failed"):
            verdict.note(f"left {entry.state}", " ".join(entry.paths))
        if not entry.paths:
            verdict.note("lies nowhere", f"document {entry.document_id}")
    told_of = [*places, *left_out]
    for one in laid:
        holds = one.kind in ("packed", "hostile")
        inside = holds and any(path.startswith(f"{one.path}/") for path in told_of)
        found = places[one.path] + (one.path in left_out) + inside
        if found == 0 and not (one.kind == "packed" and inside):
            verdict.note("file lost", one.path)
        if places[one.path] > 1:
            verdict.note("file twice", one.path)
    known = {one.path for one in laid}
    for path in places:
        if path not in known and not any(path.startswith(f"{at}/") for at in _above(path) if at in known):
            verdict.note("file that never was", path)


def _above(path: str) -> Iterator[str]:
    return (str(parent) for parent in Path(path).parents)


def _check_good(archive: Archive, entries: Sequence[Entry], laid: Sequence[Laid], verdict: Verdict) -> None:
    wanted: dict[str, tuple[Known, str, set[str]]] = {}
    for one in laid:
        for number, known in enumerate(one.good):
            _, kind, paths = wanted.setdefault(known.sha256, (known, one.kind, set()))
            del kind
            paths |= {one.path} if number == 0 and one.kind != "packed" else set()
    by_content: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_content[entry.sha256 or ""].append(entry)
    verdict.good = len(wanted)
    for sha256, (known, kind, paths) in wanted.items():
        found = by_content.get(sha256, [])
        where = f"{kind}: {', '.join(sorted(paths)) or sha256[:12]}"
        if len(found) != 1:
            verdict.note("good document lost" if not found else "good document twice", where)
            continue
        if missing := paths - set(found[0].paths):
            verdict.note("copy not recognised", ", ".join(missing))
        if found[0].state == "done":
            _check_reading(archive, found[0], known, kind, verdict)
        else:
            verdict.note("good document not read", f"{where}: {found[0].category}: {found[0].message}")


def _check_reading(archive: Archive, entry: Entry, known: Known, kind: str, verdict: Verdict) -> None:
    dispatch = archive.dispatch(entry.document_id)
    where = f"{kind}: {entry.paths[0] if entry.paths else entry.document_id}"
    if _UNREAD & {notice.code for notice in dispatch.warnings} or any(not page.text for page in dispatch.pages):
        verdict.note("done with a page unread", where)
    elif kind != "scan" and known.mark not in dispatch.text:
        verdict.note("text not whole", where)
    if dispatch.code_number == known.code:
        verdict.right[kind] += 1
    elif dispatch.code_number is None:
        verdict.open[kind] += 1
    else:
        verdict.note("number wrong", f"{where}: {dispatch.code_number} for {known.code}")


def _check_hostile(entries: Sequence[Entry], laid: Sequence[Laid], left_out: set[str], verdict: Verdict) -> None:
    by_path = {path: entry for entry in entries for path in entry.paths}
    for one in laid:
        if one.good:
            continue
        entry = by_path.get(one.path)
        if one.kind == "special" and entry and entry.state == "done":
            verdict.note("read what is no file", one.path)
        if entry is None:
            verdict.hostile["left out" if one.path in left_out else "its members"] += 1
            continue
        verdict.hostile["done" if entry.state == "done" else str(entry.category)] += 1
        if entry.state == "failed" and entry.category in ("internal", "crash"):
            verdict.note(f"failed as {entry.category}", f"{Path(one.path).name!r}: {entry.message}")


def _check_turns(soak: Soak, verdict: Verdict) -> None:
    told: Counter[str] = Counter()
    for turn in soak.state.turns:
        name = f"turn {turn.number} ({', '.join(turn.faults) or 'no fault'})"
        if turn.hung:
            verdict.note("batch hung", name)
        elif turn.code not in _expected(turn.faults):
            verdict.note(f"exit code {turn.code}", name)
        if turn.left:
            verdict.note("processes lived on", f"{name}: {turn.left}")
        if turn.options:  # those that failed are tried again, and told again
            told.clear()
        log = (soak.logs / f"turn-{turn.number:04d}.out").read_text(encoding="utf-8", errors="replace")
        told.update(re.findall(r'"event": "done".*?"document_id": (\d+)', log))
    for document, times in told.items():
        if times > 1:
            verdict.note("read twice", f"document {document}")


def _expected(faults: Sequence[str]) -> set[int]:
    """Exit codes that a batch may end with: its own, and those of what was done to it."""
    codes = {0, 9, 12}
    last = faults[-1] if faults else ""
    codes |= {-9} if last in (KILL, STOPPED) else {130} if last in (TERM, INTERRUPT) else set()
    return codes | ({10} if {FULL_ARCHIVE, FULL_TEMPORARY} & set(faults) else set())


def _check_logs(soak: Soak, entries: Sequence[Entry], verdict: Verdict) -> None:
    """No word of a document in any output or message, no traceback, and on standard error vndoc's own lines alone."""
    for path in sorted(soak.logs.iterdir()):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        for line in lines:
            if MARK in line or _WORDS.search(line):
                verdict.note("word of a document in a log", f"{path.name}: {line[:200]}")
        if any(line.startswith("Traceback") for line in lines):
            verdict.note("traceback", path.name)
        elif path.suffix == ".err":
            for line in lines:
                if not line.startswith("vndoc: ") and not _OF_PYTHON.search(line):
                    verdict.note("foreign line on standard error", f"{path.name}: {line[:200]}")
    for entry in entries:
        if entry.message and (MARK in entry.message or _WORDS.search(entry.message)):
            verdict.note("word of a document in a message", entry.message[:200])
