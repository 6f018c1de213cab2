"""Folders whose images are the pages of one document, as many scanners write them: 001.png, 002.png, …"""

import re
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

IMAGES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff"})
_NUMBERED = re.compile(r"(?P<before>.*?)(?P<number>\d+)(?P<after>\D*)", re.DOTALL)


class ImageFolders(StrEnum):
    """Which folders of images are one document: those whose names count up the pages, all, or none."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def are_pages(names: Iterable[str], mode: ImageFolders = ImageFolders.AUTO) -> bool:
    """Whether files of these names, all that a folder holds, are the pages of one document.

    In ``AUTO`` mode they are where there are two or more images, alike in name but for one number that counts up from
    0 or 1 without a gap.

    >>> are_pages(["trang-02.png", "trang-01.png"]), are_pages(["cv-815.png", "cv-816.png"])
    (True, False)
    """
    names = list(names)
    if mode is ImageFolders.NEVER or not names or any(Path(n).suffix.lower() not in IMAGES for n in names):
        return False
    if mode is ImageFolders.ALWAYS:
        return True
    parts = [_NUMBERED.fullmatch(name) for name in names]
    if len(names) < 2 or len({(p["before"], p["after"].lower()) if p else None for p in parts}) > 1 or parts[0] is None:
        return False
    numbers = sorted(int(p["number"]) for p in parts if p)
    return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def page_images(folder: str) -> list[str]:
    """Paths of the images in a folder in the order of their pages: by the numbers in their names."""
    names = [entry.name for entry in Path(folder).iterdir() if entry.suffix.lower() in IMAGES and entry.name[0] != "."]
    return [str(Path(folder, name)) for name in sorted(names, key=_natural)]


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name.casefold())]
