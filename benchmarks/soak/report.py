"""What the soak found, for people (Markdown and a picture) and for programs (JSON)."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.soak.checking import Verdict
from benchmarks.soak.running import Soak
from benchmarks.soak.watching import Sample

_TENTHS = 10
_BEGIN, _END = "<!-- report -->", "<!-- end of report -->"
_WIDTH, _HEIGHT, _GAP = 720, 110, 34
_CURVES: Sequence[tuple[str, Callable[[Sample], float]]] = (
    ("documents read", lambda sample: sample.done),
    ("memory of the batch's own process, MiB", lambda sample: sample.parent),
    ("memory of the largest worker, MiB", lambda sample: sample.worker),
    ("open files of all processes", lambda sample: sample.files),
    ("temporary files, MiB", lambda sample: 0.0 if sample.faulty else sample.temporary),
    ("archive, MiB", lambda sample: sample.archive),
)


def tenths(samples: Sequence[Sample], value: Callable[[Sample], float]) -> list[float]:
    """The median of each tenth of the samples, in their order."""
    if len(samples) < _TENTHS:
        return [value(sample) for sample in samples]
    cuts = [len(samples) * k // _TENTHS for k in range(_TENTHS + 1)]
    return [round(median(map(value, samples[a:b])), 1) for a, b in pairwise(cuts)]


def _steady(samples: Sequence[Sample]) -> list[Sample]:
    """Samples of batches that are at work: not just begun, and with no fault under way."""
    return [sample for sample in samples if not sample.faulty and sample.processes > 1 and sample.parent]


def as_json(soak: Soak, verdict: Verdict, samples: Sequence[Sample]) -> dict[str, Any]:
    """All figures."""
    steady = _steady(samples)
    return {
        "documents": soak.state.documents,
        "laid": soak.state.laid,
        "seed": soak.state.seed,
        "jobs": soak.jobs,
        "minutes": round(soak.state.spent / 60, 1),
        "turns": len(soak.state.turns),
        "faults": dict(Counter(fault for turn in soak.state.turns for fault in turn.faults)),
        "skipped": soak.state.skipped,
        "ledger": {
            "files": verdict.files,
            "documents": verdict.documents,
            "good": verdict.good,
            "right": dict(verdict.right),
            "open": dict(verdict.open),
            "hostile": dict(verdict.hostile.most_common()),
            "duplicates": verdict.duplicates,
            "left_out": verdict.left_out,
        },
        "curves": {name: {"tenths": tenths(steady, value), "peak": _peak(steady, value)} for name, value in _CURVES},
        "slowest_end": max((turn.ended_after for turn in soak.state.turns), default=0.0),
        "wrong": {kind: {"count": count, "examples": some} for kind, (count, some) in verdict.told.items()},
    }


def _peak(samples: Sequence[Sample], value: Callable[[Sample], float]) -> float:
    return max(map(value, samples), default=0.0)


def markdown(soak: Soak, verdict: Verdict, samples: Sequence[Sample]) -> str:
    """The report."""
    return "\n".join(_lines(as_json(soak, verdict, samples))) + "\n"


def _lines(found: dict[str, Any]) -> Iterator[str]:
    ledger = found["ledger"]
    read, left = sum(ledger["right"].values()), sum(ledger["open"].values())
    yield f"{found['laid']} files, {found['turns']} batches, {found['minutes']} minutes, {found['jobs']} worker(s)."
    yield ""
    yield "| fault | times |"
    yield "| --- | --- |"
    yield from (f"| {name} | {count} |" for name, count in found["faults"].items())
    yield from (f"| {name} | not possible on this machine |" for name in found["skipped"])
    yield ""
    yield "| ledger | |"
    yield "| --- | --- |"
    yield f"| files laid out | {ledger['files']} |"
    yield f"| documents in the ledger | {ledger['documents']} |"
    yield f"| copies recognised | {ledger['duplicates']} |"
    yield f"| good documents | {ledger['good']}: number right {read}, left open {left} |"
    hostile = ", ".join(f"{count} {name}" for name, count in ledger["hostile"].items())
    yield f"| hostile files | {hostile} |"
    yield f"| slowest end of a batch's processes after its death | {found['slowest_end']} s |"
    yield ""
    yield "| over time, medians of tenths | " + " | ".join(map(str, range(1, _TENTHS + 1))) + " | peak |"
    yield "| --- |" + " --- |" * (_TENTHS + 1)
    for name, curve in found["curves"].items():
        yield f"| {name} | " + " | ".join(f"{value:g}" for value in curve["tenths"]) + f" | {curve['peak']:g} |"
    yield ""
    if not found["wrong"]:
        yield "Nothing was lost, nothing read twice, nothing left behind, and no word of a document stands in a log."
        return
    for kind, about in found["wrong"].items():
        yield f"- **{kind}**: {about['count']}"
        yield from (f"  - `{example}`" for example in about["examples"])


def picture(samples: Sequence[Sample]) -> str:
    """The curves one below the other as SVG, over hours."""
    height = (_HEIGHT + _GAP) * len(_CURVES) + 10
    end = max((sample.seconds for sample in samples), default=1.0) or 1.0
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH + 90} {height}" font-family="sans-serif" '
        'font-size="12"><rect width="100%" height="100%" fill="white"/>'
    ]
    for number, (name, value) in enumerate(_CURVES):
        top = number * (_HEIGHT + _GAP) + 24
        most = max(map(value, samples), default=1.0) or 1.0
        points = " ".join(f"{x:.0f},{y:.1f}" for x, y in _thinned(samples, value, end, most, top))
        parts.append(
            f'<text x="10" y="{top - 6}">{name}</text><text x="{_WIDTH + 18}" y="{top + 10}">{most:g}</text>'
            f'<text x="{_WIDTH + 18}" y="{top + _HEIGHT}">0</text>'
            f'<rect x="10" y="{top}" width="{_WIDTH}" height="{_HEIGHT}" fill="none" stroke="#bbb"/>'
            f'<polyline points="{points}" fill="none" stroke="#1f5fa8"/>'
        )
    parts.append(f'<text x="{_WIDTH - 70}" y="{height - 4}">{end / 60:.0f} minutes</text></svg>')
    return "\n".join(parts) + "\n"


def _thinned(
    samples: Sequence[Sample], value: Callable[[Sample], float], end: float, most: float, top: float
) -> Iterator[tuple[float, float]]:
    """A point for each pixel: the largest value there."""
    largest: dict[int, float] = {}
    for sample in samples:
        at = 10 + round(sample.seconds / end * _WIDTH)
        largest[at] = max(largest.get(at, 0.0), value(sample))
    for at, found in sorted(largest.items()):
        yield at, top + _HEIGHT * (1 - found / most)


def publish(told: str, drawn: str, docs: Path) -> None:
    """Put the report between its marks in the documentation, and the picture beside the others."""
    page = docs / "soak.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    picture_line = "![Documents, memory, open files, temporary bytes and the archive over time](images/soak.svg)"
    page.write_text(f"{before}{_BEGIN}\n\n{told}\n{picture_line}\n\n{_END}{after}", encoding="utf-8")
    (docs / "images" / "soak.svg").write_text(drawn, encoding="utf-8")
