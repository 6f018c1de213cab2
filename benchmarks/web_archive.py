"""How long the pages and the API of a large archive let one wait for the first byte.

``python -m benchmarks.web_archive``: an archive of ``--rows`` made-up dispatches is filled (see
:mod:`benchmarks.web_filling`), ``vndoc serve`` is started on it, and every route that is read with GET is asked for
``--times`` times with other documents, words and filters, after one that does not count. Nothing else should run
beside it. ``--archive`` takes one that is there, which it only reads.
"""

import argparse
import itertools
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles

import httpx2
from rich.console import Console
from rich.table import Table

from benchmarks.web_filling import NAMES, fill, sample_keys
from benchmarks.web_server import serving
from vndoc.web.app import create_app
from vndoc.web.config import WebConfig
from vndoc.web.deps import route_roles

TARGET_MS = 200.0
"""Milliseconds to the first byte that no page should exceed."""

WORDS = ("kế hoạch thông tin đối ngoại", "ke hoach", '"phòng cháy" chữa cháy', "bao cao ket qua", "57-KL/TW", "xuan*")
FILTERS: tuple[dict[str, str], ...] = (
    {"type": "kế hoạch", "type_name": "kế hoạch"},  # the pages' name, and the API's
    {"organ": "thanh binh"},
    {"year": "2024"},
    {"urgency": "hỏa tốc"},
    {"due": "2024-12-31", "due_before": "2024-12-31"},
)
KINDS: dict[str, tuple[str, ...]] = {
    "/search": ("words", "filter"),
    "/api/v1/search": ("words", "filter"),
    "/api/v1/cites": ("notation",),
    "/api/v1/completions": ("typed",),
    "/api/v1/grid": ("pointer",),
    "/api/v1/register": ("filter", "workbook"),
    "/api/v1/documents/{key}/pages/{number}/crop": ("box",),
}
"""Kinds of queries that a route is asked with; others with none, and where no document is named with a filter."""

OF_FILES = ("/original", "/searchable.pdf", "/image", "/crop")
"""Ends of paths that need a document's file."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Milliseconds until the first byte of one route came, and what came."""

    path: str
    query: str
    median_ms: float
    p95_ms: float
    most_ms: float
    kilobytes: float
    """Of the largest answer."""
    statuses: list[int]


def readable_routes(archive: Path) -> list[str]:
    """Templates of all paths that are read with GET."""
    routes = route_roles(create_app(WebConfig(archive)))
    return sorted({path for method, path, _ in routes if method == "GET"})


class Asked:
    """What is put into the templates: one document after the other, and words as people type them.

    Args:
        keys: documents.
        with_file: those whose file is there.
        seed: of the choices.
    """

    def __init__(self, keys: Sequence[str], with_file: Sequence[str], seed: int = 815) -> None:
        self._keys, self._with_file = itertools.cycle(keys), itertools.cycle(with_file or keys)
        self._rng = random.Random(seed)

    def path(self, template: str) -> str | None:
        """A path of this template; None where it has a part that is not known here."""
        known = {
            "key": next(self._with_file if template.endswith(OF_FILES) else self._keys),
            "number": "1",
            "field": self._rng.choice(["code_number", "issued_date"]),
        }
        if not set(re.findall(r"\{(\w+)", template)) <= set(known):
            return None
        return re.sub(r"\{(\w+)[^}]*\}", lambda found: known[found[1]], template)

    def query(self, kind: str) -> str:
        """A query string of a kind: see :data:`KINDS`."""
        rng, place = self._rng, self._rng.choice(list(NAMES["places"]))
        top = rng.randrange(200, 600)
        made: dict[str, dict[str, str]] = {
            "": {},
            "words": {"q": rng.choice(WORDS)},
            "filter": rng.choice(FILTERS),
            "notation": {"notation": f"{rng.randint(1, 3000)}/QĐ-UBND"},
            "typed": {"pointer": "/organ_name", "typed": f"ủy ban nhân dân xã {place}"[: rng.randint(1, 25)]},
            "pointer": {"pointer": rng.choice(["/code_number", "/issued_date"])},
            "workbook": {"format": "xlsx", "year": "2024"},
            "box": {"box": f"200,{top},600,{top + 60}"},
        }
        return str(httpx2.QueryParams(made[kind]))


def kinds_of_query(template: str) -> tuple[str, ...]:
    """Kinds of queries that a route is asked with."""
    return KINDS.get(template, ("",) if "{" in template else ("", "filter"))


def measure(url: str, templates: Sequence[str], asked: Asked, times: int) -> Iterator[Wait]:
    """Wait for each route so many times; those with unknown parts are passed over."""
    with httpx2.Client(base_url=url, timeout=120) as client:
        for template in templates:
            for kind in kinds_of_query(template):
                found = []
                for _ in range(times + 1):
                    path = asked.path(template)
                    if path is None:
                        break
                    query = asked.query(kind)
                    found.append(_first_byte(client, f"{path}?{query}" if query else path))
                if found:
                    yield _wait(template, kind, found[1:])


def _first_byte(client: httpx2.Client, path: str) -> tuple[float, int, int]:
    """Milliseconds to the first byte of the body, the status, the bytes."""
    started = time.perf_counter()
    with client.stream("GET", path) as answer:
        parts = answer.iter_raw()
        size = len(next(parts, b""))
        waited = 1000 * (time.perf_counter() - started)
        size += sum(map(len, parts))
    return waited, answer.status_code, size


def _wait(template: str, kind: str, found: Sequence[tuple[float, int, int]]) -> Wait:
    waited = [ms for ms, _, _ in found]
    return Wait(
        template,
        kind,
        round(median(waited), 1),
        round(quantiles(waited, n=20)[-1] if len(waited) > 1 else waited[0], 1),
        round(max(waited), 1),
        round(max(size for *_, size in found) / 1000, 1),
        sorted({status for _, status, _ in found}),
    )


def table(waits: Sequence[Wait], rows: int) -> Table:
    """The waits, the longest first."""
    made = Table("route", "query", title=f"milliseconds to the first byte, {rows:,} documents", title_justify="left")
    for heading in ("median", "95 %", "most", "kB", "status"):
        made.add_column(heading, justify="right")
    for wait in sorted(waits, key=lambda wait: -wait.median_ms):
        style = "red" if wait.median_ms > TARGET_MS else ""
        times = (f"{wait.median_ms:.0f}", f"{wait.p95_ms:.0f}", f"{wait.most_ms:.0f}", f"{wait.kilobytes:.0f}")
        made.add_row(wait.path, wait.query, *times, " ".join(map(str, wait.statuses)), style=style)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code: 1 where a route failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web_archive", description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("--rows", type=int, default=100_000, help="made-up dispatches (100000)")
    parser.add_argument("--times", type=int, default=20, help="times that each route is asked for (20)")
    parser.add_argument("--archive", type=Path, help="an archive that is there; it is only read")
    parser.add_argument("--only", default="", help="routes whose path holds this")
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        archive = options.archive or Path(temporary, "archive.sqlite")
        with_file: Sequence[str] = []
        if options.archive is None:
            with_file = fill(archive, options.rows, Path(temporary, "scans"))
        keys = [*with_file[: options.times], *sample_keys(archive, 2 * options.times)]
        templates = [path for path in readable_routes(archive) if options.only in path]
        asked = Asked(keys, with_file)
        unknown = [path for path in templates if asked.path(path) is None]
        with serving(archive) as url:
            waits = list(measure(url, templates, asked, options.times))
    if options.json:
        print(json.dumps({"waits": [asdict(wait) for wait in waits], "not asked for": unknown}, indent=1))
    else:
        Console(width=120).print(table(waits, options.rows))
        for path in unknown:
            print(f"not asked for: {path}")
    return int(any(status >= httpx2.codes.INTERNAL_SERVER_ERROR for wait in waits for status in wait.statuses))


if __name__ == "__main__":
    sys.exit(main())
