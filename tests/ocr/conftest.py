"""A stand-in for the program ``tesseract``, which does as a shell script says; a page with a black seal."""

import shutil
import stat

import cv2
import numpy as np
import pytesseract
import pytest

from tests.conftest import draw_lines

VERSION = 'echo "tesseract 5.3.0"; exit 0'


@pytest.fixture
def fake_tesseract(tmp_path, monkeypatch):
    """Install a shell script in Tesseract's place; ``$real`` in it is the true one."""
    real = shutil.which("tesseract")

    def install(body, version=VERSION):
        path = tmp_path / "tesseract"
        path.write_text(f'#!/bin/sh\nreal={real}\nif [ "$1" = "--version" ]; then {version}; fi\n{body}\n')
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", str(path))

    return install


BODY = "Ủy ban nhân dân huyện yêu cầu các đơn vị báo cáo"
CENTRE, RADIUS = (900, 800), 165
"""Of the seal, in pixels."""


def sealed_page():
    """A signature block in black: the seal's ring runs through the first letters of position and name."""
    page = draw_lines([*[BODY] * 4, "", "", [(960, "PHÓ CHỦ TỊCH")]])[..., 0].copy()
    page = np.minimum(page, draw_lines([[(950, "Nguyễn Trúc Giang")]], top=CENTRE[1] + 138)[..., 0])
    for radius, width in ((RADIUS, 6), (RADIUS - 9, 2), (115, 3)):
        cv2.circle(page, CENTRE, radius, (0,), width)
    for angle in range(0, 360, 24):
        x, y = (int(c + 138 * f(np.radians(angle))) for c, f in zip(CENTRE, (np.cos, np.sin), strict=True))
        cv2.putText(page, "N", (x - 10, y + 10), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (0,), 3)
    return page
