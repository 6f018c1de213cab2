"""How inputs that break a promise are looked for: with libFuzzer, which sees what code they reach, or by chance."""

import hashlib
import importlib
import logging
import os
import resource
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Sequence
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, NoReturn

NAMES = ("text", "repair", "pages", "pdf", "images", "docx", "office", "mail", "containers", "http")
"""Of all targets; they are loaded when one of them is run, so that atheris sees them being loaded."""
SECONDS = 60
"""That one input may take."""
MEGABYTES = 2048
"""Of memory that the process may have."""
LONGEST = 64 * 1024
"""Bytes of an input that libFuzzer makes."""


class TooLongError(BaseException):
    """An input took more than :data:`SECONDS`; no part of vndoc can catch it for an error of its own."""


def again(name: str, files: Sequence[Path]) -> None:
    """Run files through a target; what is wrong with one is raised."""
    target = _target(name)
    for file in files:
        print(f"{name}: {file}", file=sys.stderr)
        target.run(file.read_bytes())


def _target(name: str) -> Any:
    logging.disable()
    warnings.simplefilter("ignore")
    return importlib.import_module("tests.fuzz.targets").TARGETS[name]


def hunt_by_chance(name: str, seconds: float, seed: int, keep: Path) -> int:
    """Damage seeds by chance for so long; 1 where something was found, each place once.

    Every input is made from the seed and its number alone, so the same inputs come again.
    """
    mutations = importlib.import_module("tests.fuzz.mutations")
    target = _target(name)
    seeds = target.seeds()
    resource.setrlimit(resource.RLIMIT_DATA, (MEGABYTES * 1024**2,) * 2)
    found: dict[str, int] = {}
    began, number = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        rng = Random(f"{name} {seed} {number}")
        kind, data = rng.choice(seeds)
        data, _ = mutations.mutated(data, kind, rng, [other for own, other in seeds if own == kind])
        number += 1
        if place := _broken(target, data):
            found[place] = found.get(place, 0) + 1
            if found[place] == 1:
                _keep(name, place, data, keep)
    print(f"{name}: {number} inputs, {len(found)} findings", file=sys.stderr)
    return int(bool(found))


def _broken(target: Any, data: bytes) -> str | None:
    """Which promise an input broke, and where in the code; None if it broke none."""
    signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        target.run(data)
    except (Exception, TooLongError) as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "vndoc" in frame.filename]
        where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "tests"
        return f"{type(error).__name__} in {where}: {str(error)[:100]}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return None


def _too_long(_number: int, _frame: FrameType | None) -> NoReturn:
    raise TooLongError(f"more than {SECONDS} s")


def _keep(name: str, place: str, data: bytes, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    print(f"{name}: {place}\n    python -m tests.fuzz {name} {path}", file=sys.stderr)


def hunt_with_atheris(name: str, seconds: float, seed: int, keep: Path, corpus: Path) -> NoReturn:
    """Let libFuzzer look for so long, by the mutations of the formats and its own; this process ends with it.

    Its exit code is not 0 where an input broke a promise: it ends with the first one, which it keeps.
    """
    import atheris  # noqa: PLC0415 -- where it is installed

    with atheris.instrument_imports(include=["vndoc"]):
        target = _target(name)
    mutations = importlib.import_module("tests.fuzz.mutations")
    seeds = target.seeds()
    for place, (_, data) in enumerate(seeds):
        (corpus / str(place)).write_bytes(data)
    kinds = sorted({kind for kind, _ in seeds})

    def mutated(data: bytes, longest: int, chance: int) -> bytes:
        rng = Random(chance)
        if rng.random() < 0.5:
            return bytes(atheris.Mutate(data, longest))
        kind = rng.choice(kinds)
        made, _ = mutations.mutated(data, kind, rng, [other for own, other in seeds if own == kind])
        return made[:longest]

    keep.mkdir(parents=True, exist_ok=True)
    options = {
        "max_total_time": max(1, round(seconds)),
        "seed": seed,
        "timeout": SECONDS,
        "rss_limit_mb": MEGABYTES,
        "max_len": LONGEST,
        "artifact_prefix": f"{keep}/{name}-",
        "verbosity": 0,
        "print_final_stats": 1,
    }
    flags = [f"-{key}={value}" for key, value in options.items()]
    print(f"{name}: to see a finding again: python -m tests.fuzz {name} FILE", file=sys.stderr)
    atheris.Setup([sys.argv[0], *flags, str(corpus)], target.run, custom_mutator=mutated)
    atheris.Fuzz()
    os._exit(0)
