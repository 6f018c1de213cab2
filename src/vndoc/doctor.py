"""``vndoc doctor``: what this machine has of the things that vndoc needs, and what to do about the rest.

Looks only; installs nothing. The programs are those of the pipeline: poppler's ``pdfinfo``, ``pdftoppm`` and
``pdftotext``, and Tesseract 4.1 or newer with its Vietnamese data (``vie``), without which vndoc's own reader reads
alone.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from vndoc.errors import SetupError
from vndoc.models import hashes, read_model
from vndoc.ocr.engines.registry import ENGINES
from vndoc.ocr.handwriting import SLOT_READERS
from vndoc.sandbox import protections
from vndoc.sources import BACKENDS

OLDEST_TESSERACT = (4, 1)
OLDEST_PYTHON = (3, 11)
LANGUAGE = "vie"
NOT_FOUND = "not found"
_WITH_TESSERACT = "to have what vndoc's own reader doubts read again, and languages other than Vietnamese read"
_AGAIN = "install vndoc again: pip install --force-reinstall vndoc"
_SECONDS = 20  # for one call of a program to answer what version it is


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked for: ``found`` is its version or place, ``advice`` what to do when it is not ``ok``."""

    name: str
    ok: bool
    found: str = NOT_FOUND
    advice: str | None = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class _Package:
    """How one program is called in each package manager."""

    apt: str
    dnf: str
    brew: str
    windows: str

    @property
    def advice(self) -> str:
        """The line to run on this system."""
        if sys.platform == "darwin":
            return f"brew install {self.brew}"
        if sys.platform == "win32":
            return self.windows
        if shutil.which("dnf") and not shutil.which("apt-get"):
            return f"sudo dnf install {self.dnf}"
        return f"sudo apt-get install {self.apt}"


_TESSERACT = _Package(
    "tesseract-ocr tesseract-ocr-vie",
    "tesseract tesseract-langpack-vie",
    "tesseract tesseract-lang",
    "winget install UB-Mannheim.TesseractOCR (tick Vietnamese), then add its folder to PATH",
)
_LANGUAGE = _Package(
    "tesseract-ocr-vie",
    "tesseract-langpack-vie",
    "tesseract-lang",
    "run the Tesseract installer again and tick Vietnamese, or put vie.traineddata into its tessdata folder",
)
_POPPLER = _Package(
    "poppler-utils",
    "poppler-utils",
    "poppler",
    "winget install oschwartz10612.Poppler, then add its Library\\bin folder to PATH",
)


_UNPACKER = _Package("unar", "unar", "unar", "winget install RARLab.WinRAR, then add its folder to PATH")
_UNPACKERS = ("unrar", "unar", "7z", "7zz", "bsdtar")
_FORMATS = (("pillow-heif", "HEIC"), ("py7zr", "7z"), ("rarfile", "RAR"))
"""Packages of the extra ``formats``, and what each reads."""
_EXTRA = "to have them read: pip install 'vndoc[formats]'"


def examine() -> list[Check]:
    """Look for everything, in the order of a page's way through the pipeline. Never raises."""
    return [
        _python(),
        *(_poppler(program) for program in ("pdfinfo", "pdftoppm", "pdftotext")),
        _model("line model", "ocr/engines/lines"),
        _tesseract(),
        _language(),
        _model("repair model", "repair/model"),
        _model("handwriting model", "ocr/handwriting"),
        *_formats(),
        *_additions(),
        *_protections(),
        _cores(),
    ]


def healthy(checks: Sequence[Check]) -> bool:
    """Whether everything that is required is there."""
    return all(check.ok for check in checks if check.required)


def _output(program: str, *arguments: str) -> str | None:
    """Both outputs of a program together; None where it is missing, hangs or cannot be started."""
    path = shutil.which(program)
    if path is None:
        return None
    try:
        run = subprocess.run(
            [path, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return f"{run.stdout}\n{run.stderr}"


def _version(text: str) -> str | None:
    match = re.search(r"\bv?(\d+(?:\.\d+)+)", text)
    return match[1] if match else None


def _python() -> Check:
    oldest = ".".join(map(str, OLDEST_PYTHON))
    ok = sys.version_info[:2] >= OLDEST_PYTHON
    return Check("Python", ok, platform.python_version(), None if ok else f"install Python {oldest} or newer")


def _poppler(program: str) -> Check:
    answer = _output(program, "-v")
    if answer is None:
        return Check(program, False, NOT_FOUND, _POPPLER.advice)
    return Check(program, True, _version(answer) or "unknown version")


def _tesseract() -> Check:
    answer = _output("tesseract", "--version")
    if answer is None:
        return _without_tesseract("tesseract", NOT_FOUND, _TESSERACT.advice)
    version = _version(answer)
    if version is None:
        return _without_tesseract("tesseract", "unknown version", _TESSERACT.advice)
    if tuple(map(int, version.split(".")[:2])) < OLDEST_TESSERACT:
        oldest = ".".join(map(str, OLDEST_TESSERACT))
        return _without_tesseract("tesseract", version, f"version {oldest} or newer: {_TESSERACT.advice}")
    return Check("tesseract", True, version, required=False)


def _without_tesseract(name: str, found: str, advice: str) -> Check:
    return Check(name, False, found, f"{_WITH_TESSERACT}: {advice}", required=False)


def _language() -> Check:
    """The ``vie`` data, as Tesseract itself lists it: that takes TESSDATA_PREFIX into account."""
    name = f"tesseract data '{LANGUAGE}'"
    rows = (_output("tesseract", "--list-langs") or "").splitlines()
    if LANGUAGE in (row.strip() for row in rows):
        return Check(name, True, "installed", required=False)
    return _without_tesseract(name, NOT_FOUND, _LANGUAGE.advice)


def _model(name: str, place: str) -> Check:
    """A model's files, which come with the package, and whether they are those that came."""
    folder = Path(__file__).parent / place
    try:
        sizes = [len(read_model(folder, file, packaged=True)) for file in hashes(folder) or ()]
    except (OSError, SetupError):
        return Check(name, False, "damaged, or not the released one", _AGAIN)
    if not any(sizes):
        return Check(name, False, NOT_FOUND, _AGAIN)
    return Check(name, True, f"{len(sizes)} file{'s' * (len(sizes) > 1)}, {sum(sizes) / 1e6:.1f} MB, as released")


def _formats() -> Iterator[Check]:
    """Libraries of formats that are read only with an extra, and what RAR files need besides."""
    for package, what in _FORMATS:
        try:
            yield Check(f"{what} files", True, version(package), required=False)
        except PackageNotFoundError:
            yield Check(f"{what} files", False, NOT_FOUND, _EXTRA, required=False)
    found = next((program for program in _UNPACKERS if shutil.which(program)), None)
    advice = None if found else f"to have RAR files unpacked: {_UNPACKER.advice}"
    yield Check("program for RAR files", found is not None, found or NOT_FOUND, advice, required=False)


def _additions() -> Iterator[Check]:
    """Engines, formats and slot readers that other packages bring."""
    for registry in (ENGINES, SLOT_READERS, BACKENDS):
        for name in registry.names():
            if name in registry.own:
                continue
            try:
                registry.get(name)
                yield Check(f"{registry.what} '{name}'", True, "from another package", required=False)
            except SetupError as error:
                advice = "update or uninstall the package that brings it"
                yield Check(f"{registry.what} '{name}'", False, str(error), advice, required=False)


def _protections() -> Iterator[Check]:
    """What the processes that open files are held to; none is required, since a system may lack them."""
    for protection in protections():
        yield Check(f"sandbox: {protection.name}", protection.held, protection.how, required=False)


def _cores() -> Check:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Check("processor cores", True, str(count), required=False)
