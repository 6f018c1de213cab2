"""A stand-in for the program ``tesseract``, which does as a shell script says."""

import shutil
import stat

import pytesseract
import pytest

VERSION = 'if [ "$1" = "--version" ]; then echo "tesseract 5.3.0"; exit 0; fi\n'


@pytest.fixture
def fake_tesseract(tmp_path, monkeypatch):
    """Install a shell script in Tesseract's place; ``$real`` in it is the true one."""
    real = shutil.which("tesseract")

    def install(body):
        path = tmp_path / "tesseract"
        path.write_text(f"#!/bin/sh\nreal={real}\n{VERSION}{body}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", str(path))
        pytesseract.get_tesseract_version.cache_clear() if hasattr(
            pytesseract.get_tesseract_version, "cache_clear"
        ) else None

    return install
