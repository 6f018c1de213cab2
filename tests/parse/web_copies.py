"""Dispatches as browsers, converters and mail programs copy them: the lines of the head broken where no one would.

``data/web_copies.json`` holds the dispatches, :data:`LAYOUTS` the ways to break them.
"""

import json
import random
import textwrap
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

DISPATCHES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "web_copies.json").read_text("utf-8"))
TITLE, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
Break = Callable[[str], list[str]]


def dated(told: dict[str, Any]) -> str:
    day = date.fromisoformat(told["day"])
    return f"{told['place']}, ngày {day:%d} tháng {day.month:02d} năm {day.year}"


def parts(told: dict[str, Any]) -> dict[str, list[str]]:
    """The parts of a dispatch, each as lines that are not broken yet."""
    letter = told["type_name"] == "Công văn"
    head = [part for part in (told["parent"], told["organ"]) if part]
    about = told["subject"] if told["subject"].startswith("Về việc") else f"Về việc {told['subject']}"
    sent = told["recipients"]
    several = ["Kính gửi:", *(f"- {name};" for name in sent[:-1]), *(f"- {name}." for name in sent[-1:])]
    return {
        "issuer": head,
        "number": [f"Số: {told['number']}/{told['notation']}", *([f"V/v {told['subject']}"] if letter else [])],
        "national": [TITLE, MOTTO],
        "date": [dated(told)],
        "title": []
        if letter
        else [told["type_name"].upper(), about if told["subject"][0].islower() else told["subject"]],
        "sent to": several if len(sent) > 1 else [f"Kính gửi: {name}" for name in sent],
        "body": told["body"].split("\n"),
        "places": ["Nơi nhận:", *(f"- {place}{'' if place[-1] == '.' else ';'}" for place in told["to_places"])],
        "signing": told["signing"],
        "name": [told["name"]],
    }


def whole(line: str) -> list[str]:
    return [line]


def narrow(width: int) -> Break:
    """Breaks at a width, as a column of a table does."""
    return lambda line: textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)


def at_random(seed: int, share: float) -> Break:
    """Breaks at some blanks, as source text of a web page is broken."""
    rng = random.Random(seed)
    return lambda line: "".join(c if c != " " or rng.random() > share else "\n" for c in line).split("\n")


def _rows(told: dict[str, list[str]], names: list[str], broken: Break) -> list[str]:
    return [row for name in names for line in told[name] for row in broken(line)]


def in_columns(told: dict[str, Any], head: Break, foot: Break = whole) -> str:
    """The left column of the letterhead, then the right one."""
    part = parts(told)
    rows = [*_rows(part, ["issuer", "number", "national", "date"], head), "", *_rows(part, ["title"], head), ""]
    rows += [*_rows(part, ["sent to", "body"], narrow(90)), ""]
    return "\n".join([*rows, *_rows(part, ["places"], narrow(40)), "", *_rows(part, ["signing", "name"], foot)])


def by_rows(told: dict[str, Any], head: Break, gap: str = "\n\n", ruled: bool = False) -> str:
    """Cell after cell of the letterhead's table, row by row, with rules below the names."""
    part = parts(told)
    rule = ["-------"] if ruled else []
    cells = [[*_rows(part, ["issuer"], head), *rule], [*_rows(part, ["national"], head), *rule]]
    cells += [_rows(part, ["number"], head), _rows(part, ["date"], head), _rows(part, ["title"], head)]
    cells += [_rows(part, ["sent to"], whole), _rows(part, ["body"], whole), part["places"]]
    cells += [[*part["signing"], "", "", *part["name"]]]
    return gap.join("\n".join(cell) for cell in cells if cell)


def spaced(told: dict[str, Any]) -> str:
    """A blank line behind every line, and the halves of some lines apart: what Word saves as text."""
    return in_columns(told, narrow(26)).replace("\n", "\n\n")


def barred(told: dict[str, Any]) -> str:
    """Bars where the cells of a table were."""
    part = parts(told)
    left, right = _rows(part, ["issuer"], narrow(24)), _rows(part, ["national"], narrow(24))
    number, day = _rows(part, ["number"], narrow(24)), _rows(part, ["date"], narrow(18))
    rows = ["|", *left, "|", "|", *right, "|", "| " + number[0], *number[1:], "| " + day[0], *day[1:], "|"]
    rows += ["", *_rows(part, ["title"], narrow(60)), "", *_rows(part, ["sent to"], whole), "", *part["body"], ""]
    return "\n".join([*rows, "| " + part["places"][0], *part["places"][1:], "| " + part["signing"][0],
                      *part["signing"][1:], *part["name"], "|"])  # fmt: skip


def markdown(told: dict[str, Any]) -> str:
    """Tables with line breaks in their cells, bold and italic print."""
    part = parts(told)

    def cell(name: str, mark: str) -> str:
        return "<br>".join(f"{mark}{line}{mark}" for line in part[name])

    rows = [f"| {cell('issuer', '**')} | {cell('national', '**')} |", "| :---: | :---: |"]
    rows += [f"| {cell('number', '')} | {cell('date', '*')} |", "", *(f"**{line}**" for line in part["title"]), ""]
    rows += [*part["sent to"], "", *part["body"], "", "|  |  |", "| --- | --- |"]
    return "\n".join([*rows, f"| {cell('places', '')} | {cell('signing', '**')}<br><br><br>{cell('name', '**')} |"])


def in_source(told: dict[str, Any], joined: bool = False) -> str:
    """The lines of a page's source: a break behind the first word of a name, of the place, behind 'Số:' and 'ngày'.

    ``joined``: what the page shows on several lines without a paragraph between them comes on one.
    """
    part = parts(told)
    issuer = [row for line in part["issuer"] for row in line.split(" ", maxsplit=1)]
    number = [part["number"][0].replace("Số: ", "Số:\n"), *_rows(part, ["number"], narrow(60))[1:]]
    day = part["date"][0]
    day = (
        day.replace(" ", "\n", 1)
        if " " in told["place"] and len(told["subject"]) % 2
        else day.replace("ngày ", "ngày\n")
    )
    title = [line.upper() for line in part["title"]]
    signing = [" ".join(part["signing"])] if joined else part["signing"]
    issuer, title = (part["issuer"], [" ".join(title)]) if joined else (issuer, title)
    head = [*issuer, *(["-------"] if joined else []), TITLE, MOTTO, "---------------", *number, day, *title]
    return "\n".join([*head, *part["sent to"], *part["body"], *part["places"], *signing, *part["name"]])


def emphasised(told: dict[str, Any]) -> str:
    """Bold print between low lines and signs behind strokes, as converters of Word files write."""
    part = parts(told)
    head = [f"__{line}__" for line in (*part["issuer"], TITLE, MOTTO)]
    rows = [*head, *part["number"], f"*{part['date'][0]}*", *(f"__{line}__" for line in part["title"])]
    rows += [*part["sent to"], *part["body"], "__*Nơi nhận:*__", *part["places"][1:]]
    rows += [*(f"__{line}__" for line in part["signing"]), "__ __", *(f"__{line}__" for line in part["name"])]
    return "\n\n".join(row.replace("-", "\\-").replace(".", "\\.") for row in rows)


def on_one_line(told: dict[str, Any]) -> str:
    """All of it pasted into one field of a mail or form."""
    return " ".join(in_columns(told, whole).split())


LAYOUTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "columns": lambda told: in_columns(told, whole),
    "narrow columns": lambda told: in_columns(told, narrow(18)),
    "very narrow columns": lambda told: in_columns(told, narrow(12), narrow(12)),
    "broken at random": lambda told: in_columns(told, at_random(7, 0.3), at_random(8, 0.2)),
    "broken everywhere": lambda told: in_columns(told, at_random(9, 0.6), whole),
    "rows": lambda told: by_rows(told, whole, ruled=True),
    "narrow rows": lambda told: by_rows(told, narrow(20), ruled=True),
    "rows without gaps": lambda told: by_rows(told, narrow(28), gap="\n"),
    "spaced": spaced,
    "bars": barred,
    "Markdown": markdown,
    "source": in_source,
    "source, joined": lambda told: in_source(told, joined=True),
    "emphasised": emphasised,
}
