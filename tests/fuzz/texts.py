"""Generated texts and boxed pages, hostile and plausible, each read through all stages and held to what is promised.

``python -m tests.fuzz.texts --amount 100000 --seed 1 --processes 2`` prints what breaks a promise, with the seed that
makes the same text again (``--only SEED`` shows that one), and at last one line of figures. Half of the texts are
under 1 kB and none is over 20, so that many kinds are met in little time; what long texts cost,
:mod:`benchmarks.linear` measures.

The promises: no exception but that a text is empty or none; every offset in the text, and what stands there is what the
value says; every box on its page; no character that steers a terminal; valid by ``docs/dispatch.schema.json``; the
same when read back from JSON.
"""

import argparse
import json
import math
import multiprocessing
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from benchmarks.linear import KINDS, text_of
from vndoc import InputError, Settings
from vndoc.characters import lawful
from vndoc.dispatch import Dispatch
from vndoc.export.edxml import to_edxml
from vndoc.export.markdown import to_markdown
from vndoc.export.register import to_register
from vndoc.ocr.engines.engine import TextEngine
from vndoc.ocr.engines.registry import text_engine
from vndoc.page import Block, BlockKind, Box, Grid, GridCell, Line, Method, Origin, Page, Word
from vndoc.parse import parse_pages
from vndoc.parse.fold import fold
from vndoc.pipeline import read
from vndoc.repair import repair_pages

ROOT = Path(__file__).parents[2]
SETTINGS = Settings(jobs=1)
MEDIAN, SPREAD = 700, 1.0
"""Characters of the middle text, and the standard deviation of the logarithm."""
MOST = 20_000
"""Characters of the longest text."""

PIECES = [
    *"\n\n\n \n\t\f-+•;:.,()[]{}“”\"'/|\\#*_=<>&@%§©°…–—0123456789",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "ĐẢNG CỘNG SẢN VIỆT NAM",
    "ỦY BAN NHÂN DÂN\nTỈNH LAM GIANG",
    "Số: 815/UBND-KGVX",
    "Số 12-NQ/TU",
    "Số:      /QĐ-UBND",
    "Lam Giang, ngày 05 tháng 3 năm 2025",
    "ngày    tháng    năm 2025",
    "V/v rà soát hồ sơ",
    "QUYẾT ĐỊNH",
    "QUYẾT ĐỊNH:",
    "NGHỊ QUYẾT",
    "Kính gửi:",
    "- Sở Y tế;",
    "Căn cứ Luật Đất đai ngày 18 tháng 01 năm 2024;",
    "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ;",
    "Điều 1. ",
    "Điều 12a. ",
    "Chương II",
    "Mục 1",
    "Phần thứ nhất",
    "1. ",
    "1.1. ",
    "a) ",
    "đ) ",
    "z) ",
    "(iii) ",
    "I. ",
    "XXXIX. ",
    "Giao Sở Y tế chủ trì, phối hợp với Sở Tài chính báo cáo trước ngày 20/3/2025.",
    "trong thời hạn 05 ngày làm việc kể từ ngày ký",
    "ngày 31 tháng 02 năm 2024",
    "ngày 99/99/9999",
    "trước 25h61 ngày 30/02/2025",
    "định kỳ ngày 31 hằng tháng",
    "quý V năm 0",
    "năm 1850",
    "trong 99999999999 ngày",
    "khoản 1 Điều 5 Nghị định số 30/2020/NĐ-CP",
    "Quyết định này",
    "Công văn số 254-KH/TU, 255 và 256-KH/TU",
    "thay thế Quyết định số 1/QĐ-UBND",
    "Nơi nhận:",
    "- Như Điều 2;",
    "- Lưu: VT, KGVX.th50 (3b).",
    "TM. ỦY BAN NHÂN DÂN",
    "KT. CHỦ TỊCH",
    "PHÓ CHỦ TỊCH",
    "Nguyễn Văn Minh",
    "(Đã ký)",
    "HỎA TỐC",
    "MẬT",
    "DỰ THẢO",
    "SAO Y",
    "Phụ lục I",
    "(Kèm theo Quyết định số 12/QĐ-UBND)",
    "ĐẾN Số: 12 Ngày: 3/4",
    "STT | Nội dung | Đơn vị chủ trì | Thời hạn",
]
CONTROLS = [
    "\x1b[31m",
    "\x1b]0;tên\x07",
    "\x1b[2J",
    "\x9b1m",
    "\x00",
    "\x07",
    "\x08\x08\x08",
    "\x0b",
    "\r",
    "\x1c",
    "\x7f",
    "\x85",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u2028",
    "\u2029",
    "\ufeff",
    "\ufffe",
    "\uffff",
    "\U000e0041",
    "\ufff9",
]
ODD = [
    "\u200b",
    "\u200d",
    "\u00ad",
    "\u00a0",
    "\u3000",
    "\u0301",
    "\u0323\u0302\u0301",
    "İ",
    "ß",
    "ﬁ",
    "ǅ",
    "١٢",
    "²",
    "Ⅳ",
    "①",
    "中",
    "ก็",
    "😀",
    "👨‍👩‍👧",
    "á»™",
    "Uû",
    "𝐐",
    "\ue000",
    "\U0010ffff",
    "ð",
]


@dataclass(frozen=True)
class Case:
    """One text as bytes, or pages as an engine may have read them."""

    seed: int
    kind: str
    data: bytes = b""
    pages: tuple[Page, ...] = ()

    @property
    def size(self) -> int:
        """Characters, about."""
        return len(self.data) or sum(len(page.text) for page in self.pages)


@cache
def real_lines() -> list[str]:
    """Lines of the samples' texts."""
    paths = sorted((ROOT / "samples").glob("*/text.txt"))
    return [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def case_of(seed: int) -> Case:
    """The text of a seed, the same on every machine."""
    rng = random.Random(seed)
    size = min(MOST, int(rng.lognormvariate(math.log(MEDIAN), SPREAD)) + 1)
    kind = rng.choice(list(MAKERS))
    text = MAKERS[kind](rng, size)[:MOST]
    if rng.random() < 0.3:
        pages = boxed(rng, text)
        return Case(seed, f"{kind}, boxed", pages=pages)
    return Case(seed, kind, data=_encoded(rng, text))


def _encoded(rng: random.Random, text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass") if rng.random() < 0.05 else text.encode("utf-8", "replace")
    if rng.random() < 0.03:
        data = text.encode("utf-16", "replace")
    if data and rng.random() < 0.05:
        broken = bytearray(data)
        for _ in range(rng.randint(1, 5)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        data = bytes(broken)
    return data


def _filled(size: int, parts: Iterator[str]) -> str:
    found: list[str] = []
    while size > 0:
        found.append(next(parts))
        size -= max(1, len(found[-1]))
    return "".join(found)


def plausible(rng: random.Random, size: int) -> str:
    """Real lines, mostly in their order, with some left out, doubled, moved, or damaged."""
    lines = real_lines()
    first = rng.randrange(len(lines))

    def parts() -> Iterator[str]:
        at = first
        while True:
            line = lines[at % len(lines)]
            at += rng.choice([1, 1, 1, 1, 0, 2, rng.randrange(len(lines))])
            yield (damaged(rng, line) if rng.random() < 0.2 else line) + rng.choice("\n\n\n\n\n\f ")

    return _filled(size, parts())


def damaged(rng: random.Random, line: str) -> str:
    """A line with letters lost, doubled or replaced."""
    letters = list(line)
    for _ in range(rng.randint(1, 6)):
        if letters:
            at = rng.randrange(len(letters))
            letters[at] = rng.choice(["", letters[at] * 2, rng.choice(PIECES), rng.choice(ODD), rng.choice(CONTROLS)])
    return "".join(letters)


def soup(rng: random.Random, size: int) -> str:
    """Pieces of the form in any order."""
    gaps = rng.choice(["\n", " ", "", "\n \n\n\f"])
    return _filled(size, iter(lambda: rng.choice(PIECES) + (rng.choice(gaps) if gaps else ""), None))


def repeated(rng: random.Random, size: int) -> str:
    """One piece, or a few, again and again."""
    if rng.random() < 0.5:
        return text_of(rng.choice(list(KINDS)), size)
    unit = "".join(rng.choice(rng.choice([PIECES, PIECES, ODD, CONTROLS])) for _ in range(rng.randint(1, 3)))
    return unit * (size // len(unit) + 1)


def one_line(rng: random.Random, size: int) -> str:
    """A line without an end, with or without blanks."""
    gap = rng.choice([" ", "", ";", "\t"])
    return _filled(size, iter(lambda: rng.choice([*PIECES, *ODD]).replace("\n", gap) + gap, None))


def steering(rng: random.Random, size: int) -> str:
    """Real lines full of what steers a terminal, turns the direction, or is no character."""
    pool = [CONTROLS, ODD, real_lines(), PIECES]
    return _filled(size, iter(lambda: rng.choice(rng.choice(pool)) + rng.choice(["", " ", "\n"]), None))


def anything(rng: random.Random, size: int) -> str:
    """Characters of all planes."""
    tops = [0x7F, 0x24F, 0x1EFF, 0x2FFF, 0xFFFF, 0x10FFFF]
    return _filled(size, iter(lambda: chr(rng.randint(0, rng.choice(tops))), None))


MAKERS: dict[str, Callable[[random.Random, int], str]] = {
    "plausible": plausible,
    "soup": soup,
    "repeated": repeated,
    "one line": one_line,
    "steering": steering,
    "anything": anything,
}


def boxed(rng: random.Random, text: str) -> tuple[Page, ...]:
    """The text as pages of an engine: boxes in places right or wrong, lines and pages in an order right or wrong."""
    width, height = rng.choice([(2480, 3508), (3508, 2480), (1, 1), (100, 20_000), (827, 1169)])
    chaos = rng.choice([0.0, 0.02, 0.3, 1.0])
    pages = []
    for number, part in enumerate(text.split("\f")[:30], 1):
        lines, y = [], height // 20
        for row in part.splitlines():
            x = rng.choice([width // 10, width // 10, width // 2, width // 3])
            words = []
            for word in row.split(" "):
                words.append(_word(rng, word, Box(x, y, x + 20 * len(word), y + 40), width, height, chaos))
                x += 20 * (len(word) + 1) + rng.choice([0, 0, 0, 200])
            lines.append(Line(tuple(words), *((y + 35.0, 30.0) if rng.random() < 0.3 else (None, None))))
            y += rng.choice([60, 60, 60, 0, 150])
        if rng.random() < chaos:
            rng.shuffle(lines)
        blocks = list(_blocks(rng, lines))
        if rng.random() < chaos:
            rng.shuffle(blocks)
        method = rng.choice([Method.OCR, Method.OCR, Method.TEXT_LAYER])
        pages.append(Page(number, tuple(blocks), width, height, rng.choice([300, 72]), method=method))
    if rng.random() < chaos:
        rng.shuffle(pages)
    return tuple(pages)


def _word(rng: random.Random, text: str, box: Box, width: int, height: int, chaos: float) -> Word:
    placed: Box | None = box
    if rng.random() < chaos:
        across, along = (sorted(rng.randint(-width, 2 * width) for _ in "ab") for _ in "ab")
        placed = rng.choice([None, Box(across[0], along[0], across[1], along[1]), Box(box.x1, box.y1, box.x0, box.y0)])
    others = tuple(
        (rng.choice([text[:-1], text + "í", "a b", "\x1b"]), rng.random()) for _ in range(rng.choice([0, 0, 2]))
    )
    confidence = rng.choice([1.0, 0.0, rng.random(), rng.random()]) if rng.random() < 0.5 else 0.95
    return Word(text, placed, confidence, alternatives=others, origin=rng.choice(list(Origin)[:3]))


def _blocks(rng: random.Random, lines: Sequence[Line]) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        own = tuple(lines[at : at + rng.choice([1, 2, 5, 20])])
        at += len(own)
        kind = rng.choice([BlockKind.TEXT] * 6 + [BlockKind.TABLE] * 2 + list(BlockKind))
        yield Block(own, kind, _grid(rng, len(own))) if kind is BlockKind.TABLE else Block(own, kind)


def _grid(rng: random.Random, lines: int) -> Grid:
    columns = rng.randint(1, min(5, lines))
    rows = math.ceil(lines / columns)
    cells = []
    for i in range(rows * columns):
        first = min(i, lines)
        cells.append(GridCell(i // columns, i % columns, first=first, last=min(i + 1, lines)))
    return Grid(rows, columns, tuple(cells), ruled=rng.random() < 0.7, header_rows=rng.choice([0, 0, 1]))


@cache
def _engine() -> TextEngine:
    """One for all: no text needs it."""
    return text_engine(SETTINGS)


def read_case(case: Case) -> Dispatch | None:
    """The dispatch of a case; None where the file is refused as one that holds no text."""
    if not case.pages:
        try:
            return read(case.data, settings=SETTINGS, engine=_engine()).dispatch
        except InputError:
            return None
    return parse_pages(repair_pages(case.pages))


def faults_of(dispatch: Dispatch) -> Iterator[str]:
    """Every promise that a dispatch breaks."""
    text = dispatch.text
    dumped = dispatch.model_dump_json()
    values = json.loads(dumped)
    yield from (f"schema: {error.instance_path}: {error.kind}"[:200] for error in _schema().iter_errors(values))
    if Dispatch.model_validate_json(dumped) != dispatch:
        yield "not the same when read back"
    yield from (f"a character to be taken out in {where}" for where, one in _strings(values, "") if lawful(one) != one)
    for where, start, end, said in _spans(values, ""):
        if not 0 <= start <= end <= len(text):
            yield f"offsets {start}:{end} of {where} in a text of {len(text)}"
        elif said and not _says(text[start:end], said):
            yield f"offsets of {where} do not say it: {text[start:end]!r} for {said!r}"
    sizes = {page.number: (page.width, page.height) for page in dispatch.pages}
    for where, number, box in _boxes(values, ""):
        if number not in sizes:
            yield f"page {number} of {where} is none"
        elif box and not (0 <= box[0] <= box[2] <= sizes[number][0] and 0 <= box[1] <= box[3] <= sizes[number][1]):
            yield f"box {box} of {where} on a page of {sizes[number]}"
    for made in (to_markdown(dispatch), to_edxml(dispatch, b""), to_register([dispatch])):
        if lawful(made.replace("\r\n", "\n")) != made.replace("\r\n", "\n"):
            yield "a character to be taken out in an output"


@cache
def _schema() -> Any:
    return jsonschema_rs.validator_for(json.loads((ROOT / "docs" / "dispatch.schema.json").read_text(encoding="utf-8")))


def _walk(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    yield where, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _walk(one, f"{where}/{key}")


def _strings(values: Any, where: str) -> Iterator[tuple[str, str]]:
    return ((place, one) for place, one in _walk(values, where) if isinstance(one, str))


def _spans(values: Any, where: str) -> Iterator[tuple[str, int, int, str]]:
    for place, one in _walk(values, where):
        if isinstance(one, dict) and "start" in one:
            start = one["start"]
            yield place, start, one.get("end", start), one.get("text", "") if "end" in one else ""


def _boxes(values: Any, where: str) -> Iterator[tuple[str, int, list[int] | None]]:
    for place, one in _walk(values, where):
        if isinstance(one, dict) and one.get("page"):
            yield place, one["page"], one.get("box")


def _says(cut: str, said: str) -> bool:
    """Whether all letters of a value stand in what its offsets cut out, in order: page numbers may stand between."""
    left = iter(_letters(cut))
    return all(letter in left for letter in _letters(said))


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def checked(seed: int) -> tuple[str, list[str], float]:
    """Kind, broken promises and seconds of the text of a seed."""
    case = case_of(seed)
    start = time.process_time()
    try:
        dispatch = read_case(case)
        seconds = time.process_time() - start
        return case.kind, [] if dispatch is None else list(faults_of(dispatch)), seconds
    except Exception:  # whatever it is, it is what is looked for
        return case.kind, [traceback.format_exc(limit=-4)], time.process_time() - start


def main() -> None:
    """Check so many texts; exit 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--amount", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1, help="of the first text; the others count on")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--only", type=int, help="show the text of this seed and what is wrong with it")
    wanted = parser.parse_args()
    if wanted.only is not None:
        case = case_of(wanted.only)
        print(case if case.size < 5000 else replace(case, data=case.data[:5000], pages=()))
        print(*checked(wanted.only)[1], sep="\n")
        return
    seeds = range(wanted.seed, wanted.seed + wanted.amount)
    kinds: Counter[str] = Counter()
    bad, spent = 0, 0.0
    with multiprocessing.get_context("spawn").Pool(wanted.processes) as pool:
        for seed, (kind, faults, seconds) in zip(seeds, pool.imap(checked, seeds, chunksize=20), strict=True):
            kinds[kind] += 1
            spent += seconds
            bad += bool(faults)
            for fault in faults[:3]:
                print(f"seed {seed} ({kind}): {fault}", flush=True)
            if (seed - wanted.seed + 1) % 1000 == 0:
                print(f"{seed - wanted.seed + 1} texts, {bad} with faults", file=sys.stderr, flush=True)
    amount = sum(kinds.values())
    print(f"{amount} texts of {len(kinds)} kinds, {bad} with faults, {1000 * spent / max(1, amount):.1f} ms each")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
