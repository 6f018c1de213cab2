"""The HTTP API asked with made-up requests, right and wrong ones: no error of the server, and answers as described.

``python -m benchmarks.web_fuzz``: a small archive of made-up dispatches is served, and Schemathesis makes ``--calls``
requests from the API's own description, half of them such as the description forbids. Where a request names a document,
it mostly is one that is there. An answer counts as a fault where it is an error of the server, or has a status, a type,
a header or a body that the description does not have.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from rich.console import Console
from rich.table import Table
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from benchmarks.web_filling import fill
from benchmarks.web_server import serving, token

DESCRIPTION = "/api/v1/openapi.json"
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
KNOWN_SHARE = 0.9
"""Share of the requests that name a document of the archive, and no made-up token."""

ROWS = 300


@dataclass(slots=True)
class Asked:
    """What became of the requests to one operation."""

    operation: str
    calls: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    """What is wrong, each kind once, with the request that showed it."""


def fuzz(schema: Any, calls: int, headers: Mapping[str, str], keys: Sequence[str], seed: int = 815) -> Iterator[Asked]:
    """Ask every operation of the description, all together about so many times."""
    operations = [found.ok() for found in schema.get_all_operations()]
    each = max(2, calls // (2 * len(operations)))
    rng = random.Random(seed)
    for operation in operations:
        asked = Asked(operation.label)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _run(operation.as_strategy(generation_mode=mode), each, _caller(asked, headers, keys, rng))
        yield asked


def _run(strategy: Any, amount: int, call: Callable[[Any], None]) -> None:
    """Call with so many made-up cases, the same ones each time; an operation without parameters has but one."""
    plan = settings(
        max_examples=amount,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    try:
        plan(given(case=strategy)(call))()
    except Unsatisfiable:  # nothing can be wrong about it
        return


def _caller(asked: Asked, headers: Mapping[str, str], keys: Sequence[str], rng: random.Random) -> Callable[[Any], None]:
    load_all_checks()
    checks = CHECKS.get_by_names(list(CHECKED))

    def call(case: Any) -> None:
        if keys and "key" in (case.path_parameters or {}) and rng.random() < KNOWN_SHARE:
            case.path_parameters["key"] = rng.choice(keys)
        if rng.random() < KNOWN_SHARE:  # made-up tokens are refused, whatever else the request holds
            for name in [name for name in case.headers or () if name.lower() == "authorization"]:
                del case.headers[name]
        asked.calls += 1
        response = case.call(headers=dict(headers))
        asked.statuses[response.status_code] += 1
        try:
            case.validate_response(response, checks=checks)
        except BaseExceptionGroup as group:
            for failure in group.exceptions:
                title, _, about = str(failure).partition("\n")
                about = " ".join(about.split())[:300]
                shown = f"{response.status_code} {title}: {about}"
                asked.faults.setdefault(f"{response.status_code} {title}", f"{shown} -- {case.as_curl_command()[:500]}")

    return call


def table(report: Sequence[Asked]) -> Table:
    """The statuses of each operation."""
    made = Table("operation", "statuses", title=f"{sum(asked.calls for asked in report):,} requests")
    made.add_column("faults", justify="right")
    for asked in report:
        statuses = "  ".join(f"{status}: {times}" for status, times in sorted(asked.statuses.items()))
        made.add_row(asked.operation, statuses, str(len(asked.faults)), style="red" if asked.faults else "")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code: 1 where an answer was a fault."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web_fuzz", description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("--calls", type=int, default=10_000, help="requests, about (10000)")
    parser.add_argument("--seed", type=int, default=815)
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "archive.sqlite")
        keys = fill(archive, ROWS, Path(folder, "scans"))
        with serving(archive) as url:
            schema = schemathesis.openapi.from_url(f"{url}{DESCRIPTION}")
            headers = {"X-CSRF-Token": token(url)}
            report = list(fuzz(schema, options.calls, headers, keys, options.seed))
    faults = [fault for asked in report for fault in asked.faults.values()]
    if options.json:
        shown = [(asked.operation, asked.calls, asked.statuses, asked.faults) for asked in report]
        print(json.dumps(shown, indent=1, ensure_ascii=False))
    else:
        Console(width=120).print(table(report))
        print(*faults, sep="\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
