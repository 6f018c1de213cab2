"""Boundaries in files of several documents: ``python -m benchmarks.bundles [FOLDER]``.

Without a folder bundles are made of the samples: 2 to 40 documents in random order, some with blank backs, some with
their last page missing, some with an annex without a head behind them, some upside down. The documents are the scans
of the samples, the same turned upside down, and born-digital ones with other numbers, dates, places and signers
(:mod:`samples.vary`). With a folder they are made of 2 to 12 of its documents, one a file with what is attached to it.

Every page is recognised once (``--state`` keeps what was seen on it); bundles are then put together from pages. Told
are the share of cuts that are right, of boundaries that are cut, the wrong cuts, and of the boundaries that were not
cut how many are among the doubtful ones that a person is shown. The weights were fitted on scans of offices (see
``training/boundaries.py``, which prints the figures on offices that were kept out), never on samples.

``--pages 500`` measures one long bundle instead: time a page and memory over its course, against its documents as files
of their own. It is made of the samples' scans, with ``--digital`` of born-digital documents.
"""

import argparse
import json
import pickle
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pikepdf
from PIL import Image

from benchmarks import long_bundle
from samples.compose import Composer, compose
from samples.fonts import Fonts, Style
from samples.letter import Letter
from samples.render import write_digital
from samples.typeset import Sheet
from samples.vary import letters
from training.boundaries import read, signs
from vndoc.bundles import PageSigns, cut

SAMPLES = Path(__file__).parent.parent / "samples"
_DIGITAL = 45
_BLANK, _BACKS, _MISSING, _ANNEX = 0.1, 0.1, 0.1, 0.15
"""Shares of documents with a blank page behind them, with blank backs, without their last page, with an annex."""
_ROWS = ("Trần Thị Hạnh", "Lê Văn Bình", "Phạm Minh Đức", "Nguyễn Thu Hà", "Đỗ Quang Vinh", "Hoàng Thị Yến")


@dataclass(slots=True)
class Score:
    """Boundaries over all bundles."""

    found: int = 0
    wrong: int = 0
    missed: int = 0
    listed: int = 0
    """Of the missed ones those that are among the doubtful."""
    doubtful: int = 0
    """Places that are listed as doubtful and are no boundary."""
    seconds: float = 0.0
    pages: int = 0
    failures: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, float]:
        """Precision, recall, F1 and the counts."""
        precision = self.found / max(1, self.found + self.wrong)
        recall = self.found / max(1, self.found + self.missed)
        return {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
            "boundaries": self.found + self.missed,
            "wrong_cuts": self.wrong,
            "missed": self.missed,
            "missed_but_listed": self.listed,
            "others_listed": self.doubtful,
            "milliseconds_a_page": round(1000 * self.seconds / max(1, self.pages), 2),
        }


def judge(documents: Sequence[tuple[str, Sequence[PageSigns]]], score: Score) -> None:
    """Add one bundle, given as its documents and the pages of each, to the score."""
    pages: list[PageSigns] = []
    owners: list[str] = []
    starts = set()
    for name, own in documents:
        if any(not page.blank for page in pages):
            first = next(at for at, page in enumerate(own) if not page.blank)
            starts.add(len(pages) + first + 1)
        owners += [f"{name} {page.number}" for page in own]
        pages += [replace(page, number=len(pages) + at) for at, page in enumerate(own, 1)]
    began = time.process_time()
    parts = list(cut(pages))
    score.seconds += time.process_time() - began
    score.pages += len(pages)
    made = {part.begins.before_page for part in parts if part.begins}
    doubtful = {boundary.before_page for part in parts for boundary in part.doubtful}
    score.found += len(made & starts)
    score.wrong += len(made - starts)
    score.missed += len(starts - made)
    score.listed += len((starts - made) & doubtful)
    score.doubtful += len(doubtful - starts)
    score.failures += [f"wrong cut before {owners[page - 1]}" for page in sorted(made - starts)]
    score.failures += [f"no cut before {owners[page - 1]} behind {owners[page - 2]}" for page in sorted(starts - made)]


def pool(state: Path) -> dict[str, list[PageSigns]]:
    """The documents that generated bundles are made of, by name."""
    known: dict[str, list[PageSigns]] = pickle.loads(state.read_bytes()) if state.is_file() else {}

    def add(name: str, make: Callable[[], list[PageSigns]]) -> None:
        if name not in known:
            known[name] = make()
            state.write_bytes(pickle.dumps(known))

    kept = [Letter.load(path) for path in sorted(SAMPLES.glob("*/dispatch.json"))]
    with tempfile.TemporaryDirectory() as folder:
        for letter in kept:
            for name in letter.printed.scans:
                scan = SAMPLES / letter.doc / name
                add(f"{letter.doc} {name}", lambda scan=scan: signs(scan))  # type: ignore[misc]
                if name.startswith("scan"):
                    turned = Path(folder, f"turned{scan.suffix}")
                    add(f"{letter.doc} {name} upside down", lambda s=scan, t=turned: signs(_turned(s, t)))  # type: ignore[misc]
        for at, letter in enumerate(letters(kept, _DIGITAL)):
            path = Path(folder, "digital.pdf")
            add(f"{letter.doc} digital {at}", lambda one=letter, p=path: _digital(compose(one), p))  # type: ignore[misc]
        add("annex", lambda: _digital([_annex(kept[0])], Path(folder, "annex.pdf")))
    return known


def _turned(scan: Path, target: Path) -> Path:
    """A copy of a scan with all pages upside down."""
    if scan.suffix == ".pdf":
        with pikepdf.open(scan) as pdf:
            for page in pdf.pages:
                page.rotate(180, relative=True)
            pdf.save(target)
        return target
    with Image.open(scan) as image:
        frames = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append(image.rotate(180))
        dpi = image.info.get("dpi", (200, 200))
        if len(frames) > 1:
            frames[0].save(target, dpi=dpi, save_all=True, append_images=frames[1:])
        else:
            frames[0].save(target, dpi=dpi)
    return target


def _digital(sheets: Sequence[Sheet], path: Path) -> list[PageSigns]:
    write_digital(sheets, path, seed=1)
    return signs(path)


def _annex(letter: Letter) -> Sheet:
    """A list without a heading of its own."""
    page = Composer(letter, Fonts())
    for number in range(1, 25):
        page.centred(f"{number}. {_ROWS[number % len(_ROWS)]}, thôn {number}, diện tích {number * 130} m2", Style(13))
    return page.sheet


def generated(known: dict[str, list[PageSigns]], amount: int, seed: int) -> Score:
    """Bundles of the samples."""
    rng, score = random.Random(seed), Score()
    names = sorted(name for name in known if name != "annex")
    blank = PageSigns(1, True, known["annex"][0].size)
    for _ in range(amount):
        judge([_disturbed(name, known, blank, rng) for name in rng.choices(names, k=rng.randint(2, 40))], score)
    return score


def _disturbed(
    name: str, known: dict[str, list[PageSigns]], blank: PageSigns, rng: random.Random
) -> tuple[str, list[PageSigns]]:
    """A document as it may lie in a bundle."""
    pages = list(known[name])
    if len(pages) > 1 and rng.random() < _MISSING:
        pages.pop()
    if rng.random() < _ANNEX:
        pages.append(replace(known["annex"][0], number=len(pages) + 1))
    if rng.random() < _BACKS:
        pages = [side for page in pages for side in (page, blank)]
    elif rng.random() < _BLANK:
        pages.append(blank)
    return name, pages


def real(known: dict[str, list[PageSigns]], amount: int, seed: int) -> Score:
    """Bundles of real documents."""
    rng, score = random.Random(seed), Score()
    for _ in range(amount):
        judge([(name, known[name]) for name in rng.sample(sorted(known), rng.randint(2, min(12, len(known))))], score)
    return score


def _told(failures: Sequence[str]) -> Iterator[str]:
    for failure in sorted(set(failures)):
        yield f"{failures.count(failure):4}  {failure}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--bundles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", type=Path, default=Path("bundles.pickle"), help="pages that were read before")
    parser.add_argument("--failures", action="store_true", help="name each boundary that is not cut, or cut wrongly")
    parser.add_argument("--pages", type=int, help="measure time and memory over one bundle of so many pages")
    parser.add_argument("--digital", action="store_true", help="that one of born-digital documents")
    options = parser.parse_args()
    if options.pages:
        print(json.dumps(long_bundle.measure(options.pages, digital=options.digital, seed=options.seed), indent=1))
        return
    if options.folder:
        score = real(read(options.folder, options.state), options.bundles, options.seed)
    else:
        score = generated(pool(options.state), options.bundles, options.seed)
    print(json.dumps(score.as_json(), indent=1))
    if options.failures:
        print("\n".join(_told(score.failures)))


if __name__ == "__main__":
    main()
