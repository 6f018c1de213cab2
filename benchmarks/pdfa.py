"""Copies for keeping: ``python -m benchmarks.pdfa [FOLDER]`` makes PDF/A-2b of every sample, or of a folder's scans.

Each copy is checked by programs that know nothing of each other:

- pikepdf's checker, which follows the rules of veraPDF's profiles; it does not know extension schemas of XMP and
  JPEG 2000 images, so what it says of these is left to the next;
- Apache PDFBox preflight (Debian: ``libpdfbox2-java libactivation-java libjaxb-api-java``), which knows PDF/A-1b: it
  is given a twin that claims part 1, and what part 2 allows and part 1 does not is left out (transparency, profiles of
  version 4, JPEG 2000, subsets without a CIDSet);
- ``qpdf --check`` for the file's syntax, ``pdffonts`` for fonts that are not in the file.

Where a program is not installed, the report says so. Told are failures by clause, how many copies are no PDF/A, how
much the pages' look has changed (poppler at 60 dpi), and how the size has. veraPDF itself is no package of Debian, PyPI
or npm; where it is at hand, ``--output`` keeps the copies for it.
"""

import argparse
import io
import json
import pickle
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np
import pikepdf
from pdf2image import convert_from_path
from pikepdf import pdfa

import vndoc
from vndoc.document import Document
from vndoc.export.frames import pdf_of_frames
from vndoc.export.xmp import NAMESPACE

SAMPLES = Path(__file__).parent.parent / "samples"
_JARS = ("preflight", "xmpbox", "pdfbox2", "fontbox2", "commons-logging", "javax.activation", "jaxb-api")
_JAVA = Path("/usr/share/java")
_PART_2 = ("2.2.1", "2.2.2", "4.1", "3.1.11", "2.1.6", "2.3.2", "1.4.")
"""Preflight's codes for what part 1 forbids and part 2 does not."""
_FILTER = "1.2.12"  # one that part 1 does not know
_OWN = (NAMESPACE, "http://www.aiim.org/pdfa/ns/", "vndoc:", "pdfaExtension:", "JPEG 2000", "image has no /ColorSpace")
_CLAIM = re.compile(rb"(<pdfaid:part>)2(<)")
_DPI = 60


@dataclass(slots=True)
class Result:
    """Of all copies."""

    files: int = 0
    plain: list[str] = field(default_factory=list)
    """Names of those that are no PDF/A."""
    failures: Counter[str] = field(default_factory=Counter)
    """By program and clause."""
    drawn: int = 0
    """Pages that are a picture, or have their text as one."""
    pages: int = 0
    looks: list[float] = field(default_factory=list)
    """Mean difference of a page, in grey levels of 255."""
    sizes: list[float] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Programs that are not installed."""

    def as_json(self) -> dict[str, object]:
        """The figures."""
        return {
            "files": self.files,
            "not_pdfa": self.plain,
            "failures": dict(self.failures),
            "checkers_missing": self.missing,
            "pages": self.pages,
            "pages_drawn": self.drawn,
            "look": {"median": round(median(self.looks), 3), "worst": round(max(self.looks), 3)},
            "size": {"median": round(median(self.sizes), 2), "worst": round(max(self.sizes), 2)},
        }


def documents(paths: list[Path], state: Path | None) -> Iterator[Document]:
    """Each as it was read; what was read is kept in the folder ``state``."""
    for path in paths:
        kept = state / f"{path.parent.name}-{path.stem}.pickle" if state else None
        if kept and kept.is_file():
            yield pickle.loads(kept.read_bytes())
            continue
        document = vndoc.read(path)
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(pickle.dumps(document))
        yield document


def approved(data: bytes) -> Iterator[str]:
    """Clauses that pikepdf's checker finds broken, or does not know to be kept."""
    for finding in pdfa.validate_written(io.BytesIO(data), "2b").findings:
        if not any(own in finding.message for own in _OWN):
            yield f"pikepdf {finding.rule}"


def preflight(folder: Path) -> Iterator[tuple[str, str]]:
    """Names of files and clauses that PDFBox finds broken in them."""
    jars = ":".join(str(_JAVA / f"{jar}.jar") for jar in _JARS)
    command = ["java", "-cp", jars, "org.apache.pdfbox.preflight.Validator_A1b", "batch", str(folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    name, judged = "", set()
    for line in said.splitlines():
        if found := re.match(r"The file (.+) is (?:not )?a valid", line):
            name = found[1]
            judged.add(name)
        elif (found := re.match(r"([\d.]+) : (.*)", line)) and not found[1].startswith(_PART_2):
            packed = b"/JPXDecode" in (folder / name).read_bytes()
            if not (packed and (found[1] == _FILTER or "JPEG2000" in found[2])):
                yield name, f"preflight {found[1]} {found[2][:60]}"
    for path in folder.glob("*.pdf"):
        if path.name not in judged:
            yield path.name, "preflight gave no verdict"


def twin(data: bytes, target: Path) -> None:
    """A copy that claims to be PDF/A-1b, and has no object streams."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        packet = _CLAIM.sub(rb"\g<1>1\g<2>", pdf.Root.Metadata.read_bytes())
        pdf.Root.Metadata = pdf.make_stream(packet, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable, force_version="1.4")


def syntax(path: Path) -> Iterator[str]:
    """What qpdf and poppler find."""
    if shutil.which("qpdf"):
        checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
        if checked.returncode:
            yield f"qpdf {checked.stderr.strip().splitlines()[-1][-60:]}"
    listed = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout
    for row in listed.splitlines()[2:]:
        if row.split()[-5:-4] != ["yes"]:
            yield f"pdffonts not in the file: {row.split()[0]}"


def looks(before: Path, after: Path) -> Iterator[float]:
    """Mean difference of each page."""
    pages = (convert_from_path(path, dpi=_DPI, use_cropbox=True) for path in (before, after))
    for old, new in zip(*pages, strict=True):
        yield float(np.abs(np.asarray(old, int) - np.asarray(new.resize(old.size), int)).mean())


def measure(paths: list[Path], state: Path | None, kept: Path) -> Result:
    """Make the copies, leave them in ``kept``, and check them."""
    result = Result()
    twins = kept / "part-1"
    twins.mkdir(parents=True, exist_ok=True)
    for path, document in zip(paths, documents(paths, state), strict=True):
        made = document.searchable()
        target = kept / f"{path.parent.name}-{path.stem}.pdf"
        target.write_bytes(made.data)
        result.files += 1
        result.sizes.append(len(made.data) / path.stat().st_size)
        result.drawn += sum(notice.code == "pdf-page-drawn" for notice in made.notices)
        before = kept / "before.pdf"
        is_pdf = document.dispatch.source.media_type == "application/pdf"
        before.write_bytes(document.file.data if is_pdf else pdf_of_frames(document.file.data, document.pages[0]))
        changed = list(looks(before, target))
        before.unlink()
        result.looks += changed
        result.pages += len(changed)
        if not made.archival:
            result.plain.append(path.name)
            continue
        twin(made.data, twins / target.name)
        result.failures.update({*approved(made.data), *syntax(target)})
    if shutil.which("java") and all((_JAVA / f"{jar}.jar").is_file() for jar in _JARS):
        result.failures.update(clause for _, clause in set(preflight(twins)))
    else:
        result.missing.append("Apache PDFBox preflight")
    result.missing += [] if shutil.which("qpdf") else ["qpdf"]
    shutil.rmtree(twins)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="scans; the samples without it")
    parser.add_argument("--state", type=Path, help="folder that keeps what was read, for the next time")
    parser.add_argument("--output", type=Path, help="folder that keeps the copies")
    options = parser.parse_args()
    if options.folder:
        paths = sorted(p for p in options.folder.iterdir() if p.suffix.lower() in (".pdf", ".jpg", ".png", ".tif"))
    else:
        paths = sorted(SAMPLES.glob("*/scan.pdf"))
    with tempfile.TemporaryDirectory() as folder:
        result = measure(paths, options.state, options.output or Path(folder))
    print(json.dumps(result.as_json(), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
