"""Dispatches put together at random from ``data/letters.json``, as letters that :mod:`samples.compose` lays out."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from samples.letter import Annex, Cited, Deadline, Letter, Paragraph, Printed, Signer

PARTS: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "letters.json").read_text("utf-8"))
FIRST, LAST = date(2011, 1, 1), date(2026, 6, 30)


def some(key: str, least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(PARTS[key]), min_size=least, max_size=most, unique=True)


def dated(day: date) -> str:
    """'05/3/2024': a 0 before days under 10 and the months 1 and 2."""
    return f"{day:%d}/{day.month:02d}/{day.year}" if day.month < 3 else f"{day:%d}/{day.month}/{day.year}"


@st.composite
def names(draw: st.DrawFn) -> str:
    return " ".join(draw(st.sampled_from(PARTS[part])) for part in ("surnames", "middles", "givens"))


@st.composite
def citations(draw: st.DrawFn, issued: date) -> tuple[Cited, str]:
    """A cited document and the words that cite it."""
    kind, symbol, organ = draw(st.sampled_from(PARTS["cited"]))
    day = issued - timedelta(days=draw(st.integers(10, 900)))
    number = draw(st.integers(1, 4999))
    year = f"{day.year}/" if symbol == "NĐ-CP" else ""
    notation = f"{number:02d}-{symbol}" if symbol == "KL/TW" else f"{number:02d}/{year}{symbol}"
    cited = Cited(type_name=kind, notation=notation, issued_date=day, organ_name=organ)
    return cited, f"{kind} số {notation} ngày {dated(day)} của {organ}"


@st.composite
def letters(draw: st.DrawFn) -> Letter:
    """A letter: its fields, and a body that holds just the references, sections and deadlines that it names."""
    organ = draw(st.sampled_from(PARTS["organs"]))
    party = organ.get("form") == "party"
    kind, short = draw(st.sampled_from(PARTS["types"]["party" if party else "state"]))
    issued = FIRST + timedelta(days=draw(st.integers(0, (LAST - FIRST).days)))
    subject = draw(st.sampled_from(PARTS["subjects"]))
    authority, position = draw(st.sampled_from(organ["signing"]))
    recipients = draw(some("recipients", 1, 4)) if kind in ("Công văn", "Tờ trình", "Báo cáo") else []
    units = [unit for unit in organ["units"][:1] if draw(st.booleans())]
    body, references, deadlines = draw(bodies(issued, subject))
    return Letter(
        doc="random",
        type_name=kind,
        code_number=f"{draw(st.integers(1, 9999)):02d}",
        code_notation=_notation(organ, short, party),
        organ_name=organ["name"],
        parent_organ_name=organ.get("parent"),
        place=organ["place"],
        issued_date=issued,
        subject=subject,
        urgency=draw(st.sampled_from([None, None, "Khẩn", "Thượng khẩn", "Hỏa tốc"])),
        secrecy=draw(st.sampled_from([None, None, None, "Mật", "Tối mật"])),
        circulation=draw(st.sampled_from([None, None, None, "Lưu hành nội bộ"])),
        recipients=recipients,
        to_places=[
            *(["Như trên"] if recipients else []),
            *draw(some("to_places", 0, 4)),
            ", ".join(["Lưu: VT", *units]),
        ],
        signer=Signer(authority=authority, position=position, full_name=draw(names())),
        co_signer=_co_signer(draw, organ),
        references=references,
        outline=[row.split(".")[0] for row in body if row[0].isdigit()],
        deadlines=deadlines,
        annexes=draw(annexes()),
        printed=Printed(
            form="party" if party else "state",
            organ=organ["lines"],
            parent_organ=organ.get("parent_lines", []),
            subject=_printed_subject(kind, subject),
            typed_marks=True,
            body_size=draw(st.sampled_from([13, 13.5, 14])),
        ),
        body=[Paragraph(text=text) for text in body],
    )


def _co_signer(draw: st.DrawFn, organ: dict[str, Any]) -> Signer | None:
    """Who signs beside the signer, for the other of two bodies."""
    if "co_signing" not in organ:
        return None
    authority, position = draw(st.sampled_from(organ["co_signing"]))
    return Signer(authority=authority, position=position, full_name=draw(names()))


def _notation(organ: dict[str, Any], short: str | None, party: bool) -> str:
    if party:
        return f"{short}/{organ['code']}"
    if short:
        return f"{short}-{organ['code']}"
    return "-".join([organ["code"], *organ["units"][:1]])


def _printed_subject(kind: str, subject: str) -> list[str]:
    words = f"{'V/v' if kind == 'Công văn' else 'Về việc'} {subject}".split()
    most = 6 if kind == "Công văn" else 11
    size = -(-len(words) // -(-len(words) // most))  # lines of about one length
    return [" ".join(words[i : i + size]) for i in range(0, len(words), size)]


@st.composite
def bodies(draw: st.DrawFn, issued: date, subject: str) -> tuple[list[str], list[Cited], list[Deadline]]:
    """An opening that cites, and numbered duties, some with a date."""
    cited = draw(st.lists(citations(issued), min_size=1, max_size=3, unique_by=lambda c: c[0].notation))
    rows = [f"Thực hiện {'; '.join(words for _, words in cited)}, cơ quan yêu cầu các đơn vị {subject} như sau:"]
    deadlines = []
    units = draw(st.lists(st.sampled_from(PARTS["units"]), min_size=1, max_size=4, unique=True))
    for k, unit in enumerate(units, 1):
        duty = draw(st.sampled_from(PARTS["duties"]))
        row = f"{k}. {unit} {duty}"
        if draw(st.booleans()):
            due = issued + timedelta(days=draw(st.integers(5, 300)))
            row += f", hoàn thành trước ngày {dated(due)}"
            deadlines.append(Deadline(due_date=due, quote=row))
        rows.append(f"{row}.")
        rows += draw(st.lists(st.sampled_from(PARTS["fillers"]), max_size=6))
    return rows, [reference for reference, _ in cited], deadlines


@st.composite
def annexes(draw: st.DrawFn) -> list[Annex]:
    amount = draw(st.sampled_from([0, 0, 0, 1, 2]))
    labels = ["Phụ lục"] if amount == 1 else ["Phụ lục I", "Phụ lục II"][:amount]
    titles = ["Danh sách đơn vị thực hiện", "Biểu mẫu tổng hợp số liệu"]
    return [
        Annex(label=label, title=titles[k], body=["Số thứ tự, tên đơn vị, ghi chú."]) for k, label in enumerate(labels)
    ]
