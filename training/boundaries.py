"""What the signs of a page are worth for a document's beginning there: ``python -m training.boundaries FOLDER``.

The folder holds documents, one a file, with what is attached to them; ``--offices FILE`` says of which office each is
(``{"NAME": "office"}``). Every page is recognised (kept in ``--state``, so that a second run takes seconds). Pages
behind the first are no beginnings; each first page is put behind other documents, whole, with the last page missing
and with a blank back. A logistic regression then learns how likely a page with such signs
(:mod:`vndoc.bundles.relation`) is a beginning. Cases that something in ``against`` speaks for are left to it: of these
the share that are beginnings is written down. The table that is printed comes from offices that the fit had not seen;
the weights that are written into ``bundles/data/boundaries.json`` come from all. Needs scikit-learn.
"""

import argparse
import json
import pickle
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from vndoc import bundles
from vndoc.bundles.deciding import against, likelihood
from vndoc.bundles.relation import Before, Features, features
from vndoc.bundles.signs import PageSigns, signs_of
from vndoc.pipeline import STAGES, started
from vndoc.sources import suffixes

DATA = Path(bundles.__file__).parent / "data" / "boundaries.json"
HARD = (
    "cited",
    "like cited",
    "named",
    "shared",
    "unfilled",
    "draft",
    "annex",
    "belongs",
    "own code",
    "copy",
    "another",
)
"""Signs that cuts are not made against, so that they need no weights."""
_BEHIND = 27
"""Documents that each first page is put behind."""
_STRENGTH = 10.0
"""Of the fit: more believes the outcomes, less the prior that signs are worth nothing."""
_FOLDS = 10
_LEVELS = (0.5, 0.8, 0.9, 0.95, 0.98)


class Case(NamedTuple):
    """A page behind a document: of which offices both are, its features, whether it begins a document, its weight."""

    offices: frozenset[str]
    name: str
    page: int
    found: Features
    begins: bool
    weight: float


def signs(document: Path) -> list[PageSigns]:
    """The signs of all pages of a document."""
    with started(document) as context:
        STAGES[0].run(context)
        return [signs_of(page) for page in context.read]


def cases(known: Mapping[str, Sequence[PageSigns]], offices: Mapping[str, str], seed: int = 1) -> Iterator[Case]:
    """The cases that the documents make."""
    rng = random.Random(seed)
    for name, own in known.items():
        office = offices.get(name, name)
        others = [other for other in known if other != name]
        behind = rng.sample(others, min(_BEHIND, len(others)))
        for at, other in enumerate(behind):
            before = _read(known[other], at % 4)
            both = frozenset((office, offices.get(other, other)))
            yield Case(both, name, 1, features(before, own[0]), True, 1 / len(behind))
        before = Before.begun(own[0])
        for page in own[1:]:
            if not page.blank:
                yield Case(frozenset((office,)), name, page.number, features(before, page), False, 1.0)
            before.go_on(page)


def _read(pages: Sequence[PageSigns], kind: int) -> Before:
    """A document up to its end, or up to its last page but one, or with a blank back."""
    said = [page for page in pages if not page.blank]
    kept = said[:-1] if kind == 2 and len(said) > 1 else pages
    before = Before.begun(kept[0])
    for page in kept[1:]:
        before.go_on(page)
    before.blanks += kind == 3
    return before


def fitted(rows: Sequence[Case]) -> dict[str, Any]:
    """Bias and weights by the cases that nothing speaks against, and the share of beginnings among the others."""
    plain = [row for row in rows if not against(row.found)]
    names = sorted(name for name in rows[0].found if name not in HARD)
    x = np.array([[row.found[name] for name in names] for row in plain])
    found = LogisticRegression(C=_STRENGTH, max_iter=3000).fit(
        x, [row.begins for row in plain], sample_weight=[row.weight for row in plain]
    )
    weights = zip(names, found.coef_[0], strict=True)
    hard = [row for row in rows if against(row.found) and row.found["head"] > 0]
    share = (sum(row.weight for row in hard if row.begins) + 1) / (sum(row.weight for row in hard) + 2)
    return {
        "bias": round(float(found.intercept_[0]), 3),
        "weights": {name: round(float(worth), 3) for name, worth in weights if abs(worth) > 0.005},
        "contradicted": round(share, 2),
    }


def cross_validated(rows: Sequence[Case], seed: int = 1) -> list[float]:
    """The probability of each case by weights fitted on other offices; noughts where something speaks against it."""
    offices = sorted({office for row in rows for office in row.offices})
    random.Random(seed).shuffle(offices)
    sure: dict[int, float] = {}
    for fold in range(_FOLDS):
        out = set(offices[fold::_FOLDS])
        own = [k for k, row in enumerate(rows) if min(row.offices & out, default=None) and k not in sure]
        weights = fitted([row for row in rows if not row.offices & out])
        sure |= {k: 0.0 if against(rows[k].found) else likelihood(rows[k].found, weights) for k in own}
    return [sure[k] for k in range(len(rows))]


def table(rows: Sequence[Case], sure: Sequence[float]) -> str:
    """For some levels: the share of beginnings that are cut there, and how many cuts are wrong (Markdown)."""
    lines = ["| cut from | beginnings found | wrong cuts |", "| --- | --- | --- |"]
    total = sum(row.weight for row in rows if row.begins)
    for level in _LEVELS:
        cut = [row for row, p in zip(rows, sure, strict=True) if p >= level]
        found = sum(row.weight for row in cut if row.begins) / total
        lines.append(f"| {level:.2f} | {found:.4f} | {sum(not row.begins for row in cut)} |")
    return "\n".join(lines)


def read(folder: Path, state: Path) -> dict[str, list[PageSigns]]:
    """The signs of all documents of a folder; what ``state`` has is not read again."""
    known: dict[str, list[PageSigns]] = pickle.loads(state.read_bytes()) if state.is_file() else {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in suffixes() and path.stem not in known:
            known[path.stem] = signs(path)
            state.write_bytes(pickle.dumps(known))
    return known


def main() -> None:
    """Read, fit, print the table, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--offices", type=Path, required=True)
    parser.add_argument("--state", type=Path, default=Path("boundaries.pickle"), help="pages that were read before")
    options = parser.parse_args()
    known = read(options.folder, options.state)
    rows = [*cases(known, json.loads(options.offices.read_text("utf-8")))]
    print(table(rows, cross_validated(rows)))
    data = json.loads(DATA.read_text("utf-8"))
    DATA.write_text(json.dumps({**data, **fitted(rows)}, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
