"""Measures what one kind of text costs as it grows: seconds for 100 kB and the growth exponent, through all stages.

``python -m benchmarks.linear`` repeats short pieces of text (labels, codes, dates, brackets, form feeds, lines without
blanks …), the same each time or counting on, up to ``--sizes`` kB, and reads each with :func:`vndoc.pipeline.read`. A
kind whose work grows with its square has an exponent of 2, one that grows with the text has 1 (less on small texts,
which cost something by being there). ``--kinds`` names some of them, ``--limit`` fails above so many s for 100 kB.
"""

import argparse
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from rich.console import Console
from rich.table import Table

from vndoc import Settings
from vndoc.pipeline import read

SIZES = (25, 50, 100)
LETTERS = "abcdđeghiklmnopqrstuvxy"
KINDS: dict[str, str] = {
    "points": "a) Hai\n",
    "points counting": "{a}) Hai\n",
    "articles": "Điều 1.\n",
    "articles counting": "Điều {n}. Khoản\n",
    "articles in one line": "Điều {n} ",
    "slashes": "a/b/",
    "slashes, blanks": "a / b / ",
    "pages": "a\f",
    "empty pages": "\n\f",
    "pages of a head": "Số: {n}/QĐ-UBND\n\f",
    "pages of a state title": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: {n}/UBND\nV/v họp\nKính gửi: Sở Y tế\n\f",
    "pages of a sign-off": "Nơi nhận:\n- Lưu: VT.\nCHỦ TỊCH\nNguyễn Văn A\n\f",
    "page numbers": "{n}\nChữ\f",
    "dates": "ngày 1 tháng 1 ",
    "dates counting": "ngày {d} tháng {m} năm 2{c}\n",
    "dates in digits": "{d}/{m}/2024 ",
    "years": "năm năm năm 20/ / / tháng ",
    "bases": "Căn cứ ",
    "bases with codes": "Căn cứ Nghị định số {n}/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ;\n",
    "codes": "{n}/QĐ-UBND ",
    "one code": "12/QĐ-UBND ",
    "one code of many days": "Quyết định số 12/QĐ-UBND ngày {d} tháng {m} năm 2{c} và số 12/QĐ-UBND, ",
    "codes in lists": "các Quyết định số {n}/QĐ-UBND, số {n}/KH-UBND và {n}/TB, ",
    "acts": "Luật Đất đai năm 2{c} và Nghị định {n}, ",
    "provisions": "điểm a khoản {n} Điều {n}, ",
    "provisions of a code": "khoản 1 Điều {n} Nghị định số 30/2020/NĐ-CP; ",
    "this": "Quyết định này; Công văn trên; Nghị định nêu trên ",
    "dashes": "- ",
    "dash lines": "- Gạch\n+ Cộng\n",
    "bars": "|",
    "bars between words": "a | b | ",
    "tabs": "a\tb\t",
    "ones": "1. ",
    "one lines": "1. Một\n",
    "clauses counting": "{n}. Giao Sở Y tế báo cáo.\n",
    "numbering by parts": "1.{n}. Chữ\n",
    "Roman": "I. PHẦN\nII. PHẦN\n",
    "chapters": "Chương I\nQUY ĐỊNH CHUNG\nĐiều {n}.\n",
    "to places": "Nơi nhận:\n",
    "to": "Kính gửi: ",
    "to lines": "Kính gửi:\n- Sở Y tế;\n",
    "filing": "Lưu: VT, ",
    "subject": "V/v ",
    "numbers": "Số: ",
    "authorities": "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n",
    "names": "Nguyễn Văn A\n",
    "organs": "ỦY BAN NHÂN DÂN\n",
    "organs in one line": "Ủy ban nhân dân tỉnh Lam Giang ",
    "departments": "Sở Y tế, Sở Nội vụ và các sở, ban, ngành; ",
    "duties": "Giao Sở Y tế chủ trì, phối hợp với Sở Tài chính, ",
    "duties by deadline": "Sở Y tế báo cáo trước ngày {d}/{m}/2025.\n",
    "terms": "trong thời hạn 05 ngày làm việc kể từ ngày nhận được Công văn này ",
    "recurrence": "trước ngày 20 hằng tháng và tháng cuối quý ",
    "moments": "Trước ngày, Sau khi, Hằng năm, ",
    "quarters": "quý II, tháng {m}, ",
    "arrival stamps": "ĐẾN Số: {n} Ngày: {d}/{m}\n",
    "annexes": "Phụ lục {n}\n",
    "annexes issued": "PHỤ LỤC\n(Kèm theo Quyết định số {n}/QĐ-UBND)\n",
    "types": "QUYẾT ĐỊNH\n",
    "decides": "QUYẾT ĐỊNH:\nĐiều 1. Nay\n",
    "urgency": "HỎA TỐC\nMẬT\n",
    "copies": "SAO Y\nBản sao\n",
    "table rows": "STT | Nội dung | Thời hạn\n{n} | Họp | {d}/{m}/2025\n",
    "words": "chữ ",
    "capitals": "CHỮ HOA ",
    "letters": "a ",
    "one line of letters": "a",
    "one line of marks": "ế",
    "one line of capitals": "Đ",
    "one line of digits": "7",
    "one line of hyphens": "-",
    "one line of stops": ".",
    "one line of syllables": "nghiêng",
    "one line of words with stops": "một.hai,",
    "one-letter lines": "a\n",
    "one-digit lines": "1\n",
    "lines of capitals": "A B\n",
    "stops": ". ",
    "commas": "a, ",
    "semicolons": "a; ",
    "colons": "a: ",
    "figures": "1.000.000,5 ",
    "figures counting": "{n}.{n},{d} ",
    "brackets open": "(",
    "brackets open and words": "(a ",
    "brackets": "(a) ",
    "square brackets": "[1] ",
    "quotation marks": "“ngoặc ” “",
    "opening quotation marks": "“a ",
    "straight quotation marks": '"a ',
    "ellipses": "… ... ",
    "underscores": "____ ",
    "mail addresses": "a@b.vn ",
    "links": "http://a.vn/{n} ",
    "tags": "<p>a</p>\n",
    "tags left open": "<a ",
    "entities": "&amp;&#7841; ",
    "mojibake": "á»™ng hÃ²a ",
    "typed letters": "Uû ban nh©n d©n ",
    "stripped": "Uy ban nhan dan tinh, ",
    "misread letters": "6y b4n nh4n d1n, ",
    "combining marks": "e\u0301\u0323",
    "joiners": "a\u200d\u200b",
    "wide letters": "中文",
    "emoji": "😀 ",
    "blanks": " ",
    "line feeds": "a\n\n",
    "many blanks": "a          ",
    "non-breaking blanks": "a\u00a0",
}
"""A piece of each kind of text; ``{n}`` counts, ``{a}`` goes through the alphabet, ``{d}``, ``{m}`` and ``{c}`` make
dates that change."""


@dataclass(frozen=True)
class Measured:
    """One kind of text: the processor's seconds at each size in kB."""

    kind: str
    sizes: tuple[float, ...]
    seconds: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Seconds for 100 kB, by the longest text."""
        return self.seconds[-1] / self.sizes[-1] * 100

    @property
    def exponent(self) -> float:
        """The power of the size that the time grows with, between the two longest texts."""
        return math.log(self.seconds[-1] / self.seconds[-2]) / math.log(self.sizes[-1] / self.sizes[-2])


def text_of(kind: str, size: int) -> str:
    """A text of one of the :data:`KINDS` of about ``size`` bytes of UTF-8."""
    unit = KINDS[kind]
    parts: list[str] = []
    left = size
    for n in count(1):
        part = unit.format(n=n, a=LETTERS[n % len(LETTERS)], d=n % 28 + 1, m=n % 12 + 1, c=f"{n % 1000:03}")
        left -= len(part.encode())
        if left < 0:
            break
        parts.append(part)
    return "".join(parts)


def seconds_of(text: str) -> float:
    """The processor's seconds for reading a text through all stages."""
    start = time.process_time()
    read(f"Văn bản\n{text}".encode(), settings=Settings(jobs=1))
    return time.process_time() - start


def measured(kind: str, sizes: Sequence[int], timed: Callable[[str], float] = seconds_of) -> Measured:
    """One kind at each size in kB."""
    return Measured(kind, tuple(sizes), tuple(timed(text_of(kind, size * 1000)) for size in sizes))


def main() -> None:
    """Print a row for each kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="kB of the texts, at least two")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), metavar="KIND", help="only these")
    parser.add_argument("--limit", type=float, help="exit 1 where 100 kB take longer than so many s")
    wanted = parser.parse_args()
    seconds_of("Chữ")  # models are loaded once
    rows = []
    for kind in wanted.kinds:
        rows.append(row := measured(kind, sorted(wanted.sizes)))
        print(f"{kind}: {row.rate:.2f} s, {row.exponent:.2f}", file=sys.stderr, flush=True)
    table = Table("text", *(f"{size} kB" for size in sorted(wanted.sizes)), "s for 100 kB", "exponent")
    for row in rows:
        table.add_row(
            row.kind, *(f"{seconds:.2f}" for seconds in row.seconds), f"{row.rate:.2f}", f"{row.exponent:.2f}"
        )
    Console().print(table)
    slow = [row.kind for row in rows if wanted.limit and row.rate > wanted.limit]
    if slow:
        sys.exit(f"over {wanted.limit:g} s for 100 kB: {', '.join(slow)}")


if __name__ == "__main__":
    main()
