"""Offices that there could be: their names, and the layout that all their documents share."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from vndoc.parse.knowledge import load

_COMMUNES = (
    "Lạc Hồng", "Tân Phú", "Phước An", "Bình Sơn", "Mỹ Lâm", "Hòa Thuận", "An Lạc", "Krông Búk", "Đức Trọng", "Cửa Lò",
    "Vĩnh Hưng", "Nghĩa Lộ", "Kim Bôi", "Đông Hà", "Thới Lai", "Trà Cú", "Ea H'leo", "Phường 5", "Sa Pa", "Cầu Giấy",
)  # fmt: skip

Names = tuple[list[str], list[str]]
"""Lines of the body above, and of the body itself."""


@dataclass(slots=True, frozen=True)
class Office:
    """What the documents of an office have in common.

    Lengths are shares of the page's width, ``pitch`` and ``gap`` of the type size and of the line pitch. ``text`` is
    None for pages with boxes, else the order in which a web page gives the head: by 'columns', 'rows', or 'joined'.
    """

    names: Names
    place: str
    code: str
    party: bool
    authority: str | None
    """Who decides, below the title and in front of the body; empty: the office, None: nobody."""
    number: str
    about: str
    subject: str
    sent: str
    """How addressees are set: 'one' line, behind a 'dash' each, or 'plain'."""
    capital_subject: bool
    date_row: str
    left: float
    right: float
    axis: float
    margins: tuple[float, float]
    indent: float
    filled: float
    em: int
    pitch: float
    gap: float
    joined: float
    noise: float
    stamps: float
    specks: float
    text: str | None


def office(seed: int) -> Office:
    """The office of a number; the same number gives the same office."""
    rng = random.Random(seed)
    party = rng.random() < 0.12
    names = _names(rng, _PARTY if party else _STATE)
    if not party and rng.random() < 0.05:
        names = _joint(rng)
    initials = [word[0] for word in " ".join(names[1]).replace("-", " ").split() if word[0].isalpha()]
    return Office(
        names=names,
        place=rng.choice([*_provinces(), *_COMMUNES, *["Hà Nội"] * 20, *["Tp. Hồ Chí Minh"] * 8]),
        code="".join(initials)[:6],
        party=party,
        authority=rng.choice([None, None, "GIÁM ĐỐC", "CHỦ TỊCH", "BỘ TRƯỞNG", "HIỆU TRƯỞNG", ""]),
        number=rng.choice([*["Số: "] * 4, "Số ", "Số:", "số: ", ""]),
        about=rng.choice([*["V/v "] * 4, "V/v: ", "Về việc ", "v/v ", ""]),
        subject=rng.choice(["Về việc ", "Về việc ", "", "", "V/v ", "(V/v ", "(Về việc ", "Về "]),
        sent=rng.choice(["one", "one", "dash", "dash", "plain"]),
        capital_subject=rng.random() < 0.12,
        date_row=rng.choice(["same", "same", "above", "below"]),
        left=rng.uniform(0.2, 0.31),
        right=rng.uniform(0.64, 0.73),
        axis=rng.uniform(0.5, 0.54),
        margins=(rng.uniform(0.09, 0.16), rng.uniform(0.91, 0.965)),
        indent=rng.choice([0.0, 0.03, 0.05, 0.06]),
        filled=rng.uniform(0.38, 0.74),
        em=rng.choice([48, 52, 54, 56, 60]),
        pitch=rng.uniform(1.15, 1.6),
        gap=rng.uniform(1.0, 3.2),
        joined=rng.choice([0, 0, 0, 0.3, 0.8]),
        noise=rng.choice([0, 0, 0.05, 0.15, 0.4]),
        stamps=rng.choice([0, 0, 0.3, 0.8]),
        specks=rng.choice([0, 0.06, 0.24]),
        text=rng.choice([*[None] * 4, "columns", "rows", "joined"]),
    )


@cache
def _provinces() -> list[str]:
    return [province["name"] for province in load("places")["provinces"]]


def field(rng: random.Random) -> str:
    """What an office is in charge of: 'Giao thông vận tải'."""
    names: list[str] = load("organs")["fields"]
    return rng.choice([name for name in names if " " in name])


def place(rng: random.Random) -> str:
    """A province's name."""
    return rng.choice(_provinces())


# Each line: {f} a field, {p} a province, {c} a commune; the lines of the body above stand in front of the bar.
_STATE = (
    "UBND TỈNH {p}|SỞ {f}", "ỦY BAN NHÂN DÂN/TỈNH {p}|SỞ {f}", "|ỦY BAN NHÂN DÂN/TỈNH {p}", "|ỦY BAN NHÂN DÂN/XÃ {c}",
    "UBND HUYỆN {c}|PHÒNG {f}", "|BỘ {f}", "BỘ {f}|CỤC {f}", "TỔNG CÔNG TY {f}/VIỆT NAM|CÔNG TY TNHH MTV/{f} {p}",
    "ĐẠI HỌC QUỐC GIA TP.HCM|TRƯỜNG ĐẠI HỌC/{f}", "BỘ Y TẾ|BỆNH VIỆN {c}", "|HỘI ĐỒNG NHÂN DÂN/TỈNH {p}",
    "TÒA ÁN NHÂN DÂN TỐI CAO|TÒA ÁN NHÂN DÂN/TỈNH {p}", "NGÂN HÀNG NHÀ NƯỚC/VIỆT NAM|CHI NHÁNH TỈNH {p}",
    "TỔNG CỤC {f}|CHI CỤC {f}/KHU VỰC V", "BẢO HIỂM XÃ HỘI VIỆT NAM|BẢO HIỂM XÃ HỘI/TỈNH {p}",
    "CÔNG AN TỈNH {p}|CÔNG AN HUYỆN {c}", "LIÊN ĐOÀN LAO ĐỘNG TỈNH {p}|CÔNG ĐOÀN NGÀNH {f}",
    "UBND THÀNH PHỐ {c}|TRƯỜNG THPT {c}", "|BAN QUẢN LÝ/KHU KINH TẾ {p}", "SỞ {f}|TRUNG TÂM/{f} {p}",
    "UBND TỈNH {p}/BAN CHỈ ĐẠO {f}|TỔ GIÚP VIỆC", "|VĂN PHÒNG CHÍNH PHỦ", "|KIỂM TOÁN NHÀ NƯỚC", "|CHÍNH PHỦ",
)  # fmt: skip
_PARTY = (
    "|TỈNH ỦY {p}", "TỈNH ỦY {p}|BAN TỔ CHỨC", "ĐẢNG BỘ TỈNH {p}|HUYỆN ỦY {c}", "TỈNH ỦY {p}|BAN TUYÊN GIÁO/VÀ DÂN VẬN",
    "BAN CHẤP HÀNH TRUNG ƯƠNG|BAN NỘI CHÍNH", "ĐẢNG ỦY KHỐI CÁC CƠ QUAN/TỈNH {p}|ĐẢNG ỦY SỞ {f}",
)  # fmt: skip


def _names(rng: random.Random, forms: Sequence[str]) -> Names:
    filled = rng.choice(forms).format_map(_Filled({"f": field, "p": place, "c": lambda r: r.choice(_COMMUNES)}, rng))
    above, own = (part.upper().split("/") for part in filled.split("|"))
    return [line for line in above if line], own


class _Filled(dict[str, str]):
    """Another word for a place holder each time it is asked for."""

    def __init__(self, makers: dict[str, Callable[[random.Random], str]], rng: random.Random) -> None:
        super().__init__()
        self.makers, self.rng = makers, rng

    def __missing__(self, key: str) -> str:
        return self.makers[key](self.rng)


def _joint(rng: random.Random) -> Names:
    """Two or three bodies of one kind that issue together."""
    kind, amount = rng.choice(["BỘ", "SỞ", "BAN"]), rng.choice([2, 2, 3])
    lines = [f"{kind} {field(rng).upper()}" for _ in range(amount)]
    dash = rng.choice([" -", ""])
    return [], [*(line + dash for line in lines[:-1]), lines[-1]]
