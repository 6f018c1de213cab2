"""``python -m training.zones``: weights of the head's zones, learned and written."""

import argparse
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import regex

from training.corpus import read_lines
from training.zones import __doc__ as about
from training.zones.documents import documents
from training.zones.forms import Rows, Texts, form
from training.zones.learning import Example, Tables, examples, learn, right
from training.zones.offices import office
from vndoc.page import Page
from vndoc.parse.knowledge import load

_SUBJECT = regex.compile(
    r"(?:[Vv]ề việc|V/v)\s(?P<about>[^;.()“”]{22,160})|"
    r"(?<=^|\s)(?P<acts>(?:ban hành|phê duyệt|công bố|tăng cường|triển khai|hướng dẫn|góp ý)\s[^;.()“”]{25,240})"
    r"(?=[.;]|$)"
)
_PARAGRAPH = range(100, 900)
_LEFT_OUT = 100_000  # number of the first office that is only judged by


def texts_of(lines: Iterable[str], most: int = 6000) -> Texts:
    """What documents are about, and paragraphs, from lines of administrative text; at most so many of each."""
    subjects: set[str] = set()
    paragraphs: set[str] = set()
    for line in lines:
        subjects.update((found["about"] or found["acts"]).strip(" ,") for found in _SUBJECT.finditer(line))
        if len(line) in _PARAGRAPH:
            paragraphs.add(line)
    if not subjects or not paragraphs:
        raise SystemExit("The texts have no subjects ('về việc …') or no paragraphs: give administrative texts.")
    rng = random.Random(0)
    return Texts(*(rng.sample(sorted(found), min(most, len(found))) for found in (subjects, paragraphs)))


def made(texts: Texts, offices: Iterable[int], each: int) -> Iterator[tuple[str, Page, Rows]]:
    """So many pages of each office that is given by its number."""
    for number in offices:
        for k in range(each):
            yield (f"made {number}", *form(office(number), texts, number * 1000 + k))


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn, report, write."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, required=True, help="folder of admin*.txt or .txt.xz, a paragraph a line")
    parser.add_argument("--documents", type=Path, nargs="*", default=[], help="folders of documents with truth files")
    parser.add_argument("--weigh", type=int, default=5, help="how often each labelled document counts")
    parser.add_argument("--offices", type=int, default=400, help="how many offices are made")
    parser.add_argument("--each", type=int, default=3, help="pages of each")
    parser.add_argument("--rate", type=float, default=0.01)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--report", action="store_true", help="pieces right on offices left out, before and after")
    parser.add_argument("--output", type=Path, default=Path("zones.json"))
    chosen = parser.parse_args(arguments)
    texts = texts_of(line for path in sorted(chosen.texts.glob("admin*.txt*")) for line in read_lines(path))
    labelled = [head for folder in chosen.documents for head in documents(folder)]
    heads = [*examples(made(texts, range(chosen.offices), chosen.each)), *labelled * chosen.weigh]
    start: Tables = load("zones")
    learned = learn(heads, start, chosen.rate, chosen.rounds)
    print(f"{len(heads) - len(labelled) * chosen.weigh} pages made, {len(labelled)} documents labelled")
    if chosen.report:
        _report(texts, labelled, start, learned, chosen)
    chosen.output.write_text(as_file(learned), encoding="utf-8")


def _report(
    texts: Texts, labelled: Sequence[Example], start: Tables, learned: Tables, chosen: argparse.Namespace
) -> None:
    """Prints the shares of pieces and of heads that are right, as means over offices that were not learned from."""
    others = list(examples(made(texts, range(_LEFT_OUT, _LEFT_OUT + 100), 2)))
    for name, tables in (("as before", start), ("learned", learned)):
        _print_shares(f"made, {name}", [right(others, tables)])
    if labelled:
        _print_shares("documents, as before", [right(labelled, start)])
        _print_shares("documents, each office left out", _each_left_out(texts, labelled, start, chosen))


def _each_left_out(
    texts: Texts, labelled: Sequence[Example], start: Tables, chosen: argparse.Namespace
) -> Iterator[dict[str, tuple[float, float]]]:
    """What is right on a sixth of the offices by weights that were learned without them, six times."""
    pages = list(examples(made(texts, range(chosen.offices), chosen.each)))
    names = sorted({head.office for head in labelled})
    for k in range(min(6, len(names))):
        out = set(names[k::6])
        known = [head for head in labelled if head.office not in out] * chosen.weigh
        tables = learn([*pages, *known], start, chosen.rate, chosen.rounds)
        yield right([head for head in labelled if head.office in out], tables)


def _print_shares(name: str, parts: Iterable[dict[str, tuple[float, float]]]) -> None:
    shares = sorted(share for part in parts for share in part.values())
    pieces, heads = (sum(share[i] for share in shares) / len(shares) for i in (0, 1))
    tenth = shares[: max(1, len(shares) // 10)]
    worst = sum(share for share, _ in tenth) / len(tenth)
    print(f"{name}: {len(shares)} offices, pieces {pieces:.4f} (worst tenth {worst:.4f}), whole heads {heads:.4f}")


def as_file(tables: Tables) -> str:
    """The tables as the package has them: one row of weights a line."""
    parts = []
    for name, table in tables.items():
        if not isinstance(table, dict):
            parts.append(f' "{name}": {json.dumps(table, ensure_ascii=False)}')
            continue
        rows = ",\n".join(f'  "{row}": {json.dumps(value, ensure_ascii=False)}' for row, value in table.items())
        parts.append(f' "{name}": {{\n{rows}\n }}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main()
