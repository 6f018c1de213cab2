"""Make the registry of places, ``places.json`` and ``units.json`` of the parser, from vietnamadminunits (MIT).

The package brings maps and 7 MB of coordinates along, of which nothing is needed to read a name; so only the names are
taken, and the files are committed. To bring them up to date: install ``vietnamadminunits`` into an environment of its
own, run ``python scripts/make_places.py`` with it, and look at the difference.
"""

import json
import unicodedata
from pathlib import Path

from vietnamadminunits.database import get_data

DATA = Path(__file__).parents[1] / "src" / "vndoc" / "parse" / "data"
MERGED, NEW = "2025-06-30", "2025-07-01"  # Resolutions 202/2025/QH15, and of the communes; districts end the same day
LEVELS = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "thị trấn", "xã", "phường", "đặc khu")
INTO = {  # Resolution 202/2025/QH15, Article 1
    "An Giang": "Kiên Giang", "Bắc Ninh": "Bắc Giang", "Cà Mau": "Bạc Liêu", "Cần Thơ": "Sóc Trăng, Hậu Giang",
    "Đà Nẵng": "Quảng Nam", "Đắk Lắk": "Phú Yên", "Đồng Nai": "Bình Phước", "Đồng Tháp": "Tiền Giang",
    "Gia Lai": "Bình Định", "Hải Phòng": "Hải Dương", "Hồ Chí Minh": "Bình Dương, Bà Rịa - Vũng Tàu",
    "Hưng Yên": "Thái Bình", "Khánh Hòa": "Ninh Thuận", "Lào Cai": "Yên Bái", "Lâm Đồng": "Đắk Nông, Bình Thuận",
    "Ninh Bình": "Hà Nam, Nam Định", "Phú Thọ": "Vĩnh Phúc, Hòa Bình", "Quảng Ngãi": "Kon Tum",
    "Quảng Trị": "Quảng Bình", "Tây Ninh": "Long An", "Thái Nguyên": "Bắc Kạn", "Tuyên Quang": "Hà Giang",
    "Vĩnh Long": "Bến Tre, Trà Vinh",
}  # fmt: skip
TONES = dict(pair.split() for pair in ("oà òa", "oá óa", "oả ỏa", "oã õa", "oạ ọa",
                                       "uỳ ùy", "uý úy", "uỷ ủy", "uỹ ũy", "uỵ ụy"))  # fmt: skip


def spelt(name: str) -> str:
    """The name in NFC, tone marks where the rest of the data has them ('Hòa', not 'Hoà'), blanks around a dash."""
    words = unicodedata.normalize("NFC", name.strip()).replace(" – ", " - ").split()
    return " ".join(moved(word) for word in words)


def moved(word: str) -> str:
    """The word with the tone of a final 'oa' or 'uy' on its first vowel, but behind a 'q'."""
    last = word[-2:]
    return word[:-2] + TONES[last] if last in TONES and word[-3:-2].lower() != "q" else word


def split(name: str) -> tuple[str, str]:
    """'Thành phố Hà Nội' -> ('thành phố', 'Hà Nội')."""
    level = next(level for level in LEVELS if name.lower().startswith(level + " "))
    return level, spelt(name[len(level) :])


def units(table: str, field: str) -> dict[str, set[str]]:
    """Names by level; those that are mere numbers need no list."""
    names: dict[str, set[str]] = {}
    for row in get_data(fields=field, table=table):
        if row[field]:
            level, name = split(row[field])
            if not name.isdigit():
                names.setdefault(level, set()).add(name)
    return names


def provinces() -> list[dict[str, object]]:
    """Provinces and cities of every time: until when, and into which they were merged."""
    before, after = units("admin_units_legacy", "province"), units("admin_units", "province")
    into = {old: new for new, olds in INTO.items() for old in olds.split(", ")}
    names = {name: level for level, group in before.items() for name in group}
    assert set(names) - set(into) == {name for group in after.values() for name in group}
    records: list[dict[str, object]] = [
        {"name": name, "unit": level, "from": None, "to": MERGED if name in into else None, "into": into.get(name)}
        for name, level in sorted(names.items())
    ]
    records.append({"name": "Thừa Thiên Huế", "unit": "tỉnh", "from": None, "to": "2024-12-31", "into": "Huế"})
    next(r for r in records if r["name"] == "Huế").update({"from": "2025-01-01"})
    for record in records:
        record["examples"] = [f"{record['unit']} {record['name']}"]
    return records


def groups() -> list[dict[str, object]]:
    """Names of districts and communes by level, with the days between which there were such."""
    periods = (("admin_units_legacy", "district", None, MERGED), ("admin_units_legacy", "ward", None, MERGED),
               ("admin_units", "ward", NEW, None))  # fmt: skip
    found = []
    for table, field, start, end in periods:
        for level, names in units(table, field).items():
            known = sorted(names)
            example = f"{level} {known[0]}"
            found.append({"level": level, "from": start, "to": end, "examples": [example], "names": known})
    return found


def write(path: Path, about: str, **lists: object) -> None:
    """A JSON file with each record on a line."""
    parts = [f' "about": {json.dumps(about, ensure_ascii=False)}']
    for key, value in lists.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in value)
            parts.append(f" {json.dumps(key)}: [\n{rows}\n ]")
        else:
            parts.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def main() -> None:
    """Write both files; what is not of the package (abbreviations of the units) is kept."""
    old = json.loads((DATA / "places.json").read_text(encoding="utf-8"))
    write(
        DATA / "places.json",
        "Provinces and centrally run cities, those before the mergers of 1 July 2025 included, since scans are of any "
        "age: `to` is a province's last day, `into` the one it went into. Made by scripts/make_places.py.",
        provinces=provinces(),
        units=old["units"],
        unit_abbreviations=old["unit_abbreviations"],
    )
    write(
        DATA / "units.json",
        "Names of districts (until 30 June 2025) and communes, before the mergers of 1 July 2025 and since, by level; "
        "numbered ones ('Phường 7') are left out. Made by scripts/make_places.py from vietnamadminunits (MIT).",
        groups=groups(),
    )


if __name__ == "__main__":
    main()
