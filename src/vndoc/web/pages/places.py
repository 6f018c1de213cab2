"""Addresses of the images that pages show, and how large crops stand."""

from vndoc.web.pages.units import Place

_SHOWN_DPI = 96  # CSS pixels of an inch
_LARGEST = 460  # CSS pixels that the column of fields has for a crop


def image_url(key: str, page: int, tag: str) -> str:
    """The image of a page, as it was read."""
    return f"/api/v1/documents/{key}/pages/{page}/image?width=1600{_tagged(tag)}"


def thumb_url(key: str, page: int) -> str:
    """A small image of a page."""
    return f"/api/v1/documents/{key}/pages/{page}/image?width=240"


def crop_url(key: str, place: Place, tag: str = "") -> str:
    """The part of a page where a value stands, with a margin."""
    return f"/api/v1/documents/{key}/pages/{place.page}/crop?box={','.join(map(str, place.crop()))}{_tagged(tag)}"


def _tagged(tag: str) -> str:
    return f"&v={tag}" if tag else ""


def crop_width(place: Place, dpi: int) -> int:
    """CSS pixels of a crop at twice its size on paper, as far as the column is wide."""
    x0, _, x1, _ = place.crop()
    return max(40, min(_LARGEST, round(2 * (x1 - x0) * _SHOWN_DPI / dpi)))
