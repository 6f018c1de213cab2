"""Fields by office: how right a dispatch is, and how right the fields are where no office counts more than another.

An office of fifty documents would hide ten of one each. So what is compared between two states of the code is the mean
over offices and their worst tenth: rules found on one office show there, once for that office and never for the others.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from rich.table import Table

from benchmarks.scoring import folded

Outcome = Literal["right", "left open", "wrong"]
RIGHT: Final = "right"
OPEN: Final = "left open"
WRONG: Final = "wrong"
OUTCOMES: Final = (RIGHT, OPEN, WRONG)
Judged = Mapping[str, Counter[str]]
"""For each field of a document how many of its values are right, left open and wrong."""


@dataclass(slots=True, frozen=True)
class Office:
    """The documents of one office: their mean score, and the outcomes of each field over all of them."""

    name: str
    documents: int
    mean: float
    fields: Judged


def offices_of(folder: Path) -> dict[str, str]:
    """Which office each document of a folder is of: ``offices.json`` in the folder or beside it, empty without one."""
    for path in (folder / "offices.json", folder.parent / "offices.json"):
        if path.is_file():
            content: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
            return content
    return {}


def office_of(name: str, truth: Mapping[str, Any], known: Mapping[str, str]) -> str:
    """The office of a document: the one that is known, else the issuer that the truth gives."""
    return known.get(name) or folded(truth.get("organ_name") or "").casefold() or name


def document_score(judged: Judged) -> float:
    """Mean over the fields of a document of the share of values that are right; 1 where nothing is judged."""
    shares = [counts[RIGHT] / counts.total() for counts in judged.values() if counts]
    return sum(shares) / len(shares) if shares else 1.0


def by_office(documents: Iterable[tuple[str, Judged]]) -> list[Office]:
    """The offices of judged documents, each given with its office; the worst first."""
    found: dict[str, list[Judged]] = defaultdict(list)
    for office, judged in documents:
        found[office].append(judged)
    offices = [
        Office(name, len(all_), sum(map(document_score, all_)) / len(all_), added(all_)) for name, all_ in found.items()
    ]
    return sorted(offices, key=lambda office: (office.mean, office.name))


def added(judged: Iterable[Judged]) -> dict[str, Counter[str]]:
    """The outcomes of several documents, or offices, field by field."""
    total: dict[str, Counter[str]] = defaultdict(Counter)
    for one in judged:
        for field, counts in one.items():
            total[field] += counts
    return dict(total)


def mean_of(offices: Sequence[Office]) -> float:
    """Mean over offices of their means; each counts once, however many documents it has."""
    return sum(office.mean for office in offices) / len(offices) if offices else 1.0


def worst_tenth(offices: Sequence[Office]) -> float:
    """Mean of the worst tenth of offices, of one at least; they come worst first."""
    return mean_of(offices[: max(1, len(offices) // 10)])


def field_means(offices: Sequence[Office]) -> dict[str, float]:
    """For each field the mean over offices of the share that is right, by the offices that have it."""
    shares: dict[str, list[float]] = defaultdict(list)
    for office in offices:
        for field, counts in office.fields.items():
            shares[field].append(counts[RIGHT] / counts.total())
    return {field: sum(some) / len(some) for field, some in shares.items()}


def as_json(offices: Sequence[Office]) -> dict[str, Any]:
    """The tables as plain values."""
    total, means = added(office.fields for office in offices), field_means(offices)
    return {
        "offices": len(offices),
        "documents": sum(office.documents for office in offices),
        "mean": round(mean_of(offices), 4),
        "worst_tenth": round(worst_tenth(offices), 4),
        "fields": {f: {"mean": round(means[f], 4), **_outcomes(counts)} for f, counts in total.items()},
        "by_office": {
            office.name: {
                "documents": office.documents,
                "mean": round(office.mean, 4),
                "fields": {f: _outcomes(counts) for f, counts in office.fields.items()},
            }
            for office in offices
        },
    }


def _outcomes(counts: Counter[str]) -> dict[str, int]:
    return {outcome: counts[outcome] for outcome in OUTCOMES}


def tables(offices: Sequence[Office]) -> list[Table]:
    """A table by field and one by office, the worst office first."""
    total, means = added(office.fields for office in offices), field_means(offices)
    fields = Table("field", "mean of offices", *OUTCOMES)
    for field, counts in total.items():
        fields.add_row(field, f"{means[field]:.3f}", *(str(counts[outcome]) for outcome in OUTCOMES))
    each = Table("office", "documents", "mean", *OUTCOMES, "not right")
    for office in offices:
        sums = sum(office.fields.values(), Counter[str]())
        missed = [field for field, counts in office.fields.items() if counts[RIGHT] < counts.total()]
        each.add_row(
            office.name,
            str(office.documents),
            f"{office.mean:.3f}",
            *(str(sums[outcome]) for outcome in OUTCOMES),
            ", ".join(missed),
        )
    each.add_section()
    each.add_row("mean of offices", str(sum(o.documents for o in offices)), f"{mean_of(offices):.3f}")
    each.add_row("worst tenth", "", f"{worst_tenth(offices):.3f}")
    return [fields, each]
