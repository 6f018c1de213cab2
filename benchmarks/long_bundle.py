"""Time and memory over one long bundle, against its documents as files of their own; see :mod:`benchmarks.bundles`.

Time is that of the processors, of this process and those that it starts, so that others at work beside it change
nothing. Memory is what this process holds when a tenth of the pages is done: a bundle of any length should take as much
at its end as after its first tenth, beside the file itself.
"""

import os
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import img2pdf
import pikepdf

from samples.compose import compose
from samples.letter import Letter
from samples.render import write_digital
from samples.vary import letters
from vndoc import read, read_each
from vndoc.export.parts import FileParts
from vndoc.settings import Settings
from vndoc.sources import load_file
from vndoc.sources.pdf import PDF

SAMPLES = Path(__file__).parent.parent / "samples"
_VARIED = 40
"""Born-digital documents that are made; a bundle has each as often as it takes."""
_TENTHS = 10


@dataclass(slots=True)
class Course:
    """What was seen while a bundle was read."""

    seconds: list[float] = field(default_factory=list)
    """Processor seconds so far, after each page."""
    memory: list[int] = field(default_factory=list)
    """MiB held by the process, after each page."""
    begun: set[int] = field(default_factory=set)
    """Pages on which a document was cut off."""

    def as_json(self) -> dict[str, Any]:
        """By tenths of the pages: milliseconds a page, and MiB at the end of each."""
        parts = min(_TENTHS, len(self.seconds))
        ends = [round(len(self.seconds) * at / parts) for at in range(1, parts + 1)]
        begins = [0, *ends[:-1]]
        spent = [
            self.seconds[end - 1] - (self.seconds[begin - 1] if begin else 0.0)
            for begin, end in zip(begins, ends, strict=True)
        ]
        return {
            "milliseconds_a_page": round(1000 * self.seconds[-1] / len(self.seconds)),
            "milliseconds_a_page_by_tenths": [
                round(1000 * time / (end - begin)) for time, begin, end in zip(spent, begins, ends, strict=True)
            ],
            "mib_by_tenths": [self.memory[end - 1] for end in ends],
        }


def measure(pages: int, *, digital: bool, seed: int = 1, singles: int = 40) -> dict[str, Any]:
    """Read a bundle of about so many pages as ``vndoc split`` does, and up to ``singles`` of its documents alone."""
    with tempfile.TemporaryDirectory(prefix="vndoc-") as name:
        folder = Path(name)
        documents = list(_digital(folder, seed) if digital else _scanned(folder))
        order, starts = _order(documents, pages, seed)
        bundle = folder / "bundle.pdf"
        _bind(order, bundle)
        course = _course(bundle, folder / "parts")
        alone = _alone(order[:singles])
        amount = len(course.seconds)
        return {
            "pages": amount,
            "documents": len(order),
            "file_mib": bundle.stat().st_size >> 20,
            **course.as_json(),
            "wrong_cuts": len(course.begun - starts),
            "missed": len(starts - course.begun),
            "milliseconds_a_page_alone": round(alone),
        }


def _digital(folder: Path, seed: int) -> Iterator[tuple[Path, int]]:
    kept = [Letter.load(path) for path in sorted(SAMPLES.glob("*/dispatch.json"))]
    for at, letter in enumerate(letters(kept, _VARIED, seed)):
        path, sheets = folder / f"{at}.pdf", compose(letter)
        write_digital(sheets, path, seed)
        yield path, len(sheets)


_HERE = Settings(jobs=1, sandbox=False)
"""In this process, whose memory and time are measured."""


def _scanned(folder: Path) -> Iterator[tuple[Path, int]]:
    """The scans of the samples, each as a PDF."""
    for letter in (Letter.load(path) for path in sorted(SAMPLES.glob("*/dispatch.json"))):
        for name, kind in letter.printed.scans.items():
            path = SAMPLES / letter.doc / name
            if kind == "digital":
                continue
            if path.suffix != ".pdf":
                path = folder / f"{letter.doc}.pdf"
                path.write_bytes(img2pdf.convert(str(SAMPLES / letter.doc / name)))
            with pikepdf.open(path) as pdf:
                yield path, len(pdf.pages)


def _order(documents: Sequence[tuple[Path, int]], pages: int, seed: int) -> tuple[list[Path], set[int]]:
    """Documents in random order, none beside itself, until there are ``pages``; where those behind the first begin."""
    rng, order, at, starts = random.Random(seed), list[Path](), 1, set[int]()
    while at <= pages:
        path, amount = rng.choice([one for one in documents if not order or one[0] != order[-1]])
        order.append(path)
        at += amount
        starts.add(at)
    return order, {start for start in starts if start < at}


def _bind(order: Sequence[Path], target: Path) -> None:
    """One PDF; the same document comes in anew each time, as another scan of it would."""
    with pikepdf.new() as bound:
        for path in order:
            with pikepdf.open(path) as pdf:
                bound.pages.extend(pdf.pages)
        bound.save(target)


def _course(bundle: Path, folder: Path) -> Course:
    """Read the bundle one document after the other and write each, holding none."""
    file = load_file(bundle)
    course, before = Course(), _processor_seconds()
    folder.mkdir()

    def page_done(done: int, total: int) -> None:
        course.seconds.append(_processor_seconds() - before)
        course.memory.append(_memory())
        if done % 50 == 0:
            print(f"{done} of {total} pages, {course.seconds[-1]:.0f} s, {course.memory[-1]} MiB", file=sys.stderr)

    with FileParts(file.data, PDF, file.name) as parts:
        for number, document in enumerate(read_each(file, settings=_HERE, progress=page_done)):
            assert document.part
            (folder / f"{number}.pdf").write_bytes(parts.part(document.part.pages, document.dispatch))
            if document.part.begins:
                course.begun.add(document.part.begins.before_page)
    return course


def _alone(paths: Sequence[Path]) -> float:
    """Processor milliseconds a page of files that are read one by one."""
    before, pages = _processor_seconds(), 0
    for path in paths:
        pages += len(read(path, settings=_HERE).pages)
    return 1000 * (_processor_seconds() - before) / max(1, pages)


def _processor_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _memory() -> int:
    """MiB of memory that this process holds."""
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return held * os.sysconf("SC_PAGE_SIZE") >> 20
