"""Make the files of every sample: ``python -m samples.generate [NAME …]`` from the root of the repository."""

import argparse
import hashlib
import sys
from datetime import timedelta
from pathlib import Path

from samples.compose import compose
from samples.degrade import scan, scanner, write_scan
from samples.fonts import FontError
from samples.letter import Letter
from samples.render import write_digital, write_signed

HERE = Path(__file__).parent


def generate(folder: Path) -> list[Path]:
    """Write the scans that ``folder/dispatch.json`` asks for and ``text.txt``, pages parted by a form feed.

    Returns the files written. Raises ``ValueError`` when the pages are not as many as the JSON says.
    """
    letter = Letter.load(folder / "dispatch.json")
    seed = int.from_bytes(hashlib.sha256(letter.doc.encode()).digest()[:4])
    sheets = compose(letter)
    if len(sheets) != letter.pages:
        raise ValueError(f"{letter.doc} has {len(sheets)} pages, its dispatch.json says {letter.pages}")
    text = folder / "text.txt"
    text.write_text("\f".join(sheet.text + "\n" for sheet in sheets), encoding="utf-8")
    written = [text]
    for name, kind in letter.printed.scans.items():
        path = folder / name
        if kind == "digital":
            write_digital(sheets, path, seed)
        elif kind == "signed":
            machine = scanner("office")
            write_signed(scan(sheets, machine, seed), path, machine.dpi, machine.quality, signature_rows(letter))
        else:
            machine = scanner(kind)
            write_scan(scan(sheets, machine, seed), path, machine)
        written.append(path)
    return written


def signature_rows(letter: Letter) -> list[str]:
    """What the signing program of the state writes onto a page: who signed, and when (the day after the date)."""
    day = letter.issued_date + timedelta(days=1)
    return [f"Ký bởi: {letter.organ_name}", f"Thời gian ký: {day:%d/%m/%Y} 08:15:24 +07:00"]


def main() -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="samples to make; all without")
    names = parser.parse_args().names or sorted(p.parent.name for p in HERE.glob("*/dispatch.json"))
    for name in names:
        try:
            for path in generate(HERE / name):
                print(f"{path.relative_to(HERE.parent)}  {path.stat().st_size / 1000:.0f} kB")
        except (FontError, OSError) as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
