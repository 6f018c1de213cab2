"""Fifty clerks at once beside a running batch: nothing fails, nothing is lost, nobody overwrites another.

``python -m benchmarks.web_load --minutes 10``: an archive of ``--rows`` made-up dispatches is served on this machine's
loopback while ``vndoc batch --watch`` reads texts into it. Each client reads pages, searches, hands in small texts, and
mends fields of documents chosen at random from so few that clients meet; whoever is told of a conflict counts it and
goes on. At the end the archive itself is asked: is every change there that was answered with success, does each
document hold what was last confirmed, has any revision been given twice, is every file there that was taken in.
"""

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx2

from benchmarks.web_archive import WORDS
from benchmarks.web_filling import fill, sample_keys
from benchmarks.web_server import clerk, serving
from vndoc.archive import Archive

CLIENTS, HOT = 50, 30
"""Clients, and documents that they mend."""

FIELDS = ("/code_number", "/place", "/subject", "/signer/full_name")
WEIGHTS = {"queue": 20, "document": 25, "search": 15, "completions": 10, "mend": 20, "audit": 4, "upload": 6}
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A change that the server has answered with success."""

    key: str
    pointer: str
    value: str
    revision: int


@dataclass(slots=True)
class Seen:
    """What all clients saw; they share one."""

    waits: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in WEIGHTS})
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    confirmed: list[Confirmed] = field(default_factory=list)
    uploaded: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    """Connections that ended without an answer."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, action: str, seconds: float, status: int) -> None:
        """An answer came."""
        with self._lock:
            self.waits[action].append(1000 * seconds)
            self.statuses[action, status] += 1


class Client:
    """One clerk, who does one thing after the other until the time is over."""

    def __init__(self, number: int, url: str, keys: Sequence[str], seen: Seen) -> None:
        self.number, self.keys, self.seen = number, keys, seen
        self.rng = random.Random(number)
        self.http = clerk(url)
        self.done = 0

    def work(self, until: float, think: float) -> None:
        """Until then, with so many seconds between two steps on average."""
        steps: dict[str, Callable[[], None]] = {name: getattr(self, f"_{name}") for name in WEIGHTS}
        with self.http:
            while time.monotonic() < until:
                name = self.rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
                try:
                    steps[name]()
                except httpx2.TransportError as error:
                    self.seen.broken.append(f"{name}: {type(error).__name__}")
                self.done += 1
                time.sleep(min(self.rng.expovariate(1 / think), 10 * think))

    def _ask(self, action: str, method: str, path: str, **given: Any) -> httpx2.Response:
        started = time.perf_counter()
        answer = self.http.request(method, path, **given)
        self.seen.note(action, time.perf_counter() - started, answer.status_code)
        return answer

    def _queue(self) -> None:
        self._ask("queue", "GET", "/")

    def _document(self) -> None:
        self._ask("document", "GET", f"/documents/{self.rng.choice(self.keys)}")

    def _search(self) -> None:
        self._ask("search", "GET", "/search", params={"q": self.rng.choice(WORDS)})

    def _completions(self) -> None:
        self._ask("completions", "GET", "/api/v1/completions", params={"pointer": "/organ_name", "typed": "ủy ban"})

    def _audit(self) -> None:
        self._ask("audit", "GET", "/audit")

    def _mend(self) -> None:
        key = self.rng.choice(self.keys[:HOT])
        sheet = self._ask("mend", "GET", f"/api/v1/documents/{key}")
        if not sheet.is_success:
            return
        time.sleep(self.rng.uniform(0, 0.3))  # someone else may be quicker
        pointer, value = self.rng.choice(FIELDS), f"{self.number}-{self.done}"
        fact = {"kind": "value", "pointer": pointer, "value": value}
        body = {"revision": sheet.json()["revision"], "facts": [fact]}
        answer = self._ask("mend", "POST", f"/api/v1/documents/{key}/corrections", json=body)
        if answer.is_success:
            self.seen.confirmed.append(Confirmed(key, pointer, value, int(answer.json()["revision"])))

    def _upload(self) -> None:
        data = _text(f"tải lên {self.number}-{self.done}")
        answer = self._ask("upload", "POST", "/api/v1/documents", files={"file": (f"{self.done}.txt", data)})
        if answer.is_success:
            self.seen.uploaded.add(hashlib.sha256(data).hexdigest())


def _text(name: str) -> bytes:
    return f"Số: 815/UBND\n\nV/v {name}\n\nKính gửi: Các phòng, ban thuộc huyện\n".encode()


@contextmanager
def batch_beside(archive: Path, folder: Path) -> Iterator[Callable[[int], str]]:
    """``vndoc batch --watch`` on a folder; what is given puts the text of a number there and tells its SHA-256."""
    folder.mkdir()
    command = [sys.executable, "-m", "vndoc", "batch", str(folder), "--archive", str(archive), "--jobs", "1", "--watch"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def put(number: int) -> str:
        data = _text(f"đến {number}")
        (folder / f"{number}.txt").write_bytes(data)
        return hashlib.sha256(data).hexdigest()

    try:
        yield put
    finally:
        process.terminate()
        process.wait(120)


def run(
    url: str, keys: Sequence[str], seconds: float, think: float, put: Callable[[int], str]
) -> tuple[Seen, set[str]]:
    """Let the clients work; what they saw, and the files that were put before the batch."""
    seen, until = Seen(), time.monotonic() + seconds
    clients = [Client(number, url, keys, seen) for number in range(CLIENTS)]
    threads = [threading.Thread(target=client.work, args=(until, think)) for client in clients]
    for thread in threads:
        thread.start()
    arrived: set[str] = set()
    while time.monotonic() < until:
        arrived.add(put(len(arrived)))
        time.sleep(1)
    for thread in threads:
        thread.join()
    return seen, arrived


def verified(archive: Path, seen: Seen, arrived: set[str]) -> list[str]:
    """What is wrong in the archive after all that the server has said; nothing, if all is well."""
    wrong = [f"{action}: {times} × {status}" for (action, status), times in seen.statuses.items() if _bad(status)]
    wrong += seen.broken
    with Archive(archive, create=False) as opened:
        by_key: dict[str, dict[int, Confirmed]] = {}
        for said in seen.confirmed:
            if said.revision in by_key.setdefault(said.key, {}):
                wrong.append(f"{said.key[:8]}: revision {said.revision} was given twice")
            by_key[said.key][said.revision] = said
        for key, changes in by_key.items():
            wrong += _wrong_changes(opened, key, changes)
        known = {entry.sha256 for entry in opened.entries()}
    wrong += [f"{sha256[:8]}: was taken in and is not there" for sha256 in seen.uploaded - known]
    return wrong + [f"{sha256[:8]}: lay before the batch and is not there" for sha256 in arrived - known]


def _bad(status: int) -> bool:
    """Answers that nobody should have had: a conflict (409) is what two clerks at one document get."""
    return status >= _SERVER_ERROR or status not in (200, 201, 202, 204, 303, 409)


def _wrong_changes(archive: Archive, key: str, said: dict[int, Confirmed]) -> Iterator[str]:
    document = archive.document_id(key)
    kept = {change.revision: change for change in archive.desk.changes(document, limit=1_000_000)}
    for revision, confirmed in said.items():
        fact = kept[revision].facts[0].after if revision in kept and kept[revision].facts else None
        if fact is None or getattr(fact, "value", None) != confirmed.value:
            yield f"{key[:8]}: revision {revision} said {confirmed.pointer} is {confirmed.value}; the audit does not"
    last = {confirmed.pointer: confirmed.value for _, confirmed in sorted(said.items())}
    held = {fact.key: getattr(fact, "value", None) for fact in archive.desk.sheet(document).facts}
    for pointer, value in last.items():
        if held.get(pointer) != value:
            yield f"{key[:8]}: {pointer} was last confirmed as {value}, and is {held.get(pointer)}"


def report(seen: Seen, seconds: float, arrived: int, wrong: Sequence[str]) -> dict[str, Any]:
    """All of it as JSON."""
    waits = {}
    for action, found in seen.waits.items():
        if len(found) > 1:
            cuts = quantiles(found, n=100)
            waits[action] = {"requests": len(found), "p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}
            waits[action] = {name: round(value, 1) for name, value in waits[action].items()}
    requests = sum(seen.statuses.values())
    return {
        "clients": CLIENTS,
        "seconds": seconds,
        "requests": requests,
        "per second": round(requests / seconds, 1),
        "milliseconds": waits,
        "statuses": {f"{action} {status}": times for (action, status), times in sorted(seen.statuses.items())},
        "confirmed": len(seen.confirmed),
        "conflicts": sum(times for (_, status), times in seen.statuses.items() if status == httpx2.codes.CONFLICT),
        "taken in": len(seen.uploaded),
        "put before the batch": arrived,
        "wrong": list(wrong),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code: 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web_load", description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=10, help="minutes (10)")
    parser.add_argument("--rows", type=int, default=5000, help="made-up dispatches in the archive (5000)")
    parser.add_argument(
        "--think", type=float, default=1.0, help="seconds between two steps of a client, on average (1)"
    )
    options = parser.parse_args(arguments)
    seconds = 60 * options.minutes
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "archive.sqlite")
        fill(archive, options.rows, Path(folder, "scans"))
        keys = sample_keys(archive, 1000)
        with serving(archive) as url, batch_beside(archive, Path(folder, "in")) as put:
            seen, arrived = run(url, keys, seconds, options.think, put)
        wrong = verified(archive, seen, arrived)
    print(json.dumps(report(seen, seconds, len(arrived), wrong), indent=1, ensure_ascii=False))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
