"""What the signals of a value are worth: ``python -m training.trust FOLDER --offices FILE``.

The folder holds truth files (``*.json``) beside the documents they name, as for :mod:`benchmarks.fields`; the file says
of which office each is (``{"NAME": "office"}``). Every document is read up to its identity, as it is and with the
kinds of ``--damage`` (first and last page, :mod:`samples.damage`): a good reader makes few mistakes on
good scans. A logistic regression for each field then learns how likely a value with such signals
(:mod:`vndoc.parse.trust`) is right. The table that is printed comes from offices that the fit had not seen; the
weights that are written into ``parse/data/trust.json`` come from all. An archive's own corrected documents, in such
a folder, will do as well. Needs scikit-learn.
"""

import argparse
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image
from sklearn.linear_model import LogisticRegression

from benchmarks.fields import fold, pick, truths
from samples.damage import KINDS, damaged
from vndoc.parse import trust
from vndoc.parse.evidence import SURE
from vndoc.parse.trust import confidence_of, judged
from vndoc.pipeline import STAGES, started

DATA = Path(trust.__file__).parent / "data" / "trust.json"
_FEWEST = 4
"""Wrong values of a field from which on there is something to learn."""
_DAMAGED = 0.25
"""Weight of an outcome on a damaged copy: users' scans are rather like those that are not."""
_BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
_DPI = 240


class Outcome(NamedTuple):
    """One value that was read: where, with which signals, and whether it is right."""

    office: str
    document: str
    damage: str
    field: str
    confidence: float
    """As the field's reader has it."""
    signals: dict[str, float]
    right: bool


def outcomes(document: Path, want: dict[str, Any], office: str, damage: str = "") -> Iterator[Outcome]:
    """The outcomes of one document; those of fields whose truth is doubtful are left out."""
    with started(document) as context:
        for stage in STAGES[: [stage.name for stage in STAGES].index("trust")]:
            stage.run(context)
    assert context.identity is not None
    assert context.form is not None
    for pointer, found, signals in judged(context.identity, context.form, context.signatures):
        name = pointer.replace("/", ".")
        if found.value is not None and name not in want.get("doubtful", ()):
            right = fold(found.value) == fold(pick(want, name))
            yield Outcome(office, document.stem, damage, pointer, found.confidence, dict(signals), right)


def copies(document: Path, folder: Path, kinds: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """The document's first and last page with each kind of damage, as PDF."""
    with started(document) as context:
        opened = context.opened
        pages = [Image.fromarray(opened.image(n, _DPI)) for n in sorted({1, opened.page_amount})]
    for kind in kinds:
        made = [damaged(page, _DPI, kind, zlib.crc32(document.name.encode()) + k) for k, page in enumerate(pages)]
        first, *others = [page.image.convert("L" if page.image.mode == "1" else "RGB") for page in made]
        path = folder / f"{document.stem}.pdf"
        resolution = (made[0].dpi or (_DPI, _DPI))[0]
        first.save(path, save_all=True, append_images=others, resolution=resolution, quality=made[0].quality or 95)
        yield kind, path


def fitted(rows: Sequence[Outcome]) -> dict[str, Any] | None:
    """Bias and weights of one field; None where too few of its values are wrong to learn from."""
    if sum(not row.right for row in rows) < _FEWEST:
        return None
    names = sorted(rows[0].signals)
    x, right = np.array([[row.signals[n] for n in names] for row in rows]), [row.right for row in rows]
    weights = [_DAMAGED if row.damage else 1.0 for row in rows]
    found = LogisticRegression(max_iter=1000).fit(x, right, sample_weight=weights)
    coefficients = zip(names, found.coef_[0], strict=True)
    return {"bias": round(float(found.intercept_[0]), 3), "weights": {n: round(float(c), 3) for n, c in coefficients}}


def cross_validated(rows: Sequence[Outcome]) -> list[float]:
    """How sure each value is by weights fitted on all other offices."""
    sure: dict[int, float] = {}
    for office in sorted({row.office for row in rows}):
        fields = by_field(row for row in rows if row.office != office)
        own = [k for k, row in enumerate(rows) if row.office == office]
        sure |= {k: confidence_of(rows[k].field, rows[k].confidence, rows[k].signals, fields) for k in own}
    return [sure[k] for k in range(len(rows))]


def by_field(rows: Iterable[Outcome]) -> dict[str, Any]:
    """The weights of every field of which there are enough outcomes."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for row in rows:
        groups[row.field].append(row)
    return {name: weights for name, group in sorted(groups.items()) if (weights := fitted(group))}


def table(rows: Sequence[Outcome], sure: Sequence[float]) -> str:
    """Reliability: of the values given with a confidence between two bounds, how many are right (Markdown)."""
    lines = ["| field | withheld (right of them) | " + " | ".join(f"{low:.2f}–" for low in _BINS[:-1]) + " |"]
    lines.append("| --- |" + " --- |" * len(_BINS))
    for name in [*sorted({row.field for row in rows}), "all"]:
        own = [(c, row.right) for row, c in zip(rows, sure, strict=True) if name in {row.field, "all"}]
        held = [right for c, right in own if c < SURE]
        cells = [f"{len(held)} ({sum(held)})"]
        for low, high in pairwise(_BINS):
            inside = [right for c, right in own if low <= c < high]
            cells.append(f"{sum(inside)} of {len(inside)}" if inside else "–")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def calibration_error(rows: Sequence[Outcome], sure: Sequence[float]) -> float:
    """Expected calibration error of what is given, over ten bins."""
    given = np.array([(c, row.right) for row, c in zip(rows, sure, strict=True) if c >= SURE])
    bins = np.minimum((given[:, 0] * 10).astype(int), 9)
    gaps = [abs(float((given[bins == k, 0] - given[bins == k, 1]).sum())) for k in range(10)]
    return sum(gaps) / len(given)


def main() -> None:
    """Read, fit, print the table, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--offices", type=Path, required=True)
    parser.add_argument("--damage", default="", help=f"kinds, parted by commas: {', '.join(KINDS)}")
    parser.add_argument("--state", type=Path, default=Path("trust.jsonl"), help="outcomes so far; read ones are kept")
    options = parser.parse_args()
    rows = read(options.folder, json.loads(options.offices.read_text("utf-8")), options.damage, options.state)
    sure = cross_validated(rows)
    for kind in sorted({row.damage for row in rows}):
        chosen = [(row, c) for row, c in zip(rows, sure, strict=True) if row.damage == kind]
        own, theirs = [row for row, _ in chosen], [c for _, c in chosen]
        print(
            f"\n{kind or 'as they are'}: calibration error {calibration_error(own, theirs):.3f}\n{table(own, theirs)}"
        )
    data = json.loads(DATA.read_text("utf-8"))
    data["fields"] = by_field(rows)
    DATA.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")


def read(folder: Path, offices: dict[str, str], damage: str, state: Path) -> list[Outcome]:
    """All outcomes; what ``state`` has is not read again, what is read is added to it."""
    rows = [Outcome(**json.loads(line)) for line in state.read_text("utf-8").splitlines()] if state.is_file() else []
    done = {(row.document, row.damage) for row in rows}
    kinds = [kind for kind in damage.split(",") if kind]
    with state.open("a", encoding="utf-8") as log:
        for path, want in truths([folder]):
            document, office = path.parent / want["file"], offices.get(path.stem, path.stem)
            missing = [kind for kind in kinds if (document.stem, kind) not in done]
            found = [] if (document.stem, "") in done else [*outcomes(document, want, office)]
            for kind, copy in copies(document, state.parent, missing) if missing else ():
                found += outcomes(copy, want, office, kind)
                copy.unlink()
            log.writelines(json.dumps(row._asdict(), ensure_ascii=False) + "\n" for row in found)
            rows += found
    return rows


if __name__ == "__main__":
    main()
