"""Measures the parser on plain text: pages a second on one core, and whether long documents cost more by the page.

``python -m benchmarks.parse`` composes decisions of 1 to 256 pages from the samples' sentences, with articles, clauses
and points; ``--pages 1 16`` for other lengths. No page is read or repaired: the time is that of ``parse_pages`` alone.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, cycle, islice
from pathlib import Path

import regex
from rich.console import Console
from rich.table import Table

from vndoc.page import Page, page_from_text
from vndoc.parse import parse_pages

SAMPLES = Path(__file__).parents[1] / "samples"
LINES, WIDTH = 40, 88
PAGES = (1, 4, 16, 64, 256)
RUNS = 3
HEAD = [
    "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "TỈNH LAM GIANG Độc lập - Tự do - Hạnh phúc",
    "Số: 1250/QĐ-UBND Lam Giang, ngày 05 tháng 3 năm 2025",
    "QUYẾT ĐỊNH",
    "Ban hành Quy chế phối hợp trong quản lý nhà nước",
]
FOOT = ["Nơi nhận:", "- Như Điều 2;", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Văn Minh"]
_HEADING = regex.compile(r"\p{Lu}{2,} \p{Lu}{2,}")
_LABEL = regex.compile(r"^(?:Điều \d+\.|[\dIVX]+[.)]|\p{Ll}\)|[-+])\s*|.*\s(?:\p{Ll}\)|[-+])\s")


@dataclass(frozen=True)
class Measured:
    """One length: pages, characters, and the seconds that the fastest of several runs took on one core."""

    pages: int
    characters: int
    seconds: float

    @property
    def pages_a_second(self) -> float:
        """Pages parsed in a second."""
        return self.pages / self.seconds


def sentences() -> list[str]:
    """Sentences of the samples' bodies, without labels."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*/text.txt"))]
    rows = (_LABEL.sub("", " ".join(row.split())) for text in texts for row in regex.split(r"(?<=[.;:])\n", text))
    return [row for row in rows if 60 <= len(row) <= 600 and row[-1] in ".;" and not _HEADING.search(row)]


def body() -> Iterator[str]:
    """Lines of a body without end: articles of three clauses, every third of them with points."""
    words = cycle(sentences())
    for article in count(1):
        yield f"Điều {article}. Trách nhiệm của các cơ quan"
        for clause in range(1, 4):
            yield from _wrapped(f"{clause}. {next(words)}")
            for point in "abc" if article % 3 == 0 else "":
                yield from _wrapped(f"{point}) {next(words)}")


def _wrapped(text: str) -> list[str]:
    return [row.strip() for row in regex.findall(rf".{{1,{WIDTH}}}(?:\s|$)", text)]


def document(pages: int) -> list[Page]:
    """A decision of that many pages, numbered at the top from the second on."""
    rows = [*HEAD, *islice(body(), pages * LINES - len(HEAD) - len(FOOT)), *FOOT]
    parts = [rows[i : i + LINES] for i in range(0, len(rows), LINES)]
    return [
        page_from_text("\n".join([str(number)] * (number > 1) + part), number) for number, part in enumerate(parts, 1)
    ]


def measure(pages: int, runs: int = RUNS) -> Measured:
    """The fastest of ``runs`` over a document of ``pages``."""
    read = document(pages)
    times = []
    for _ in range(runs):
        start = time.process_time()
        dispatch = parse_pages(read)
        times.append(time.process_time() - start)
    return Measured(pages, len(dispatch.text), min(times))


def table(rows: Sequence[Measured]) -> Table:
    """The figures, with the time by the page relative to the shortest document's."""
    shown = Table("pages", "characters", "seconds", "pages/s", "ms/page", title="vndoc.parse, one core")
    for row in rows:
        per_page = f"{1000 * row.seconds / row.pages:.1f}"
        shown.add_row(
            str(row.pages), f"{row.characters:,}", f"{row.seconds:.2f}", f"{row.pages_a_second:.0f}", per_page
        )
    return shown


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=PAGES, help="lengths to measure")
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each, of which the fastest counts")
    options = parser.parse_args(arguments)
    parse_pages(document(1))  # patterns are compiled once
    Console().print(table([measure(pages, options.runs) for pages in options.pages]))


if __name__ == "__main__":
    main()
