"""One page image to a page of words: made level and clean, read, and what is no ordinary print read by itself.

Only the first reading can fail the page. All that is read after it (the page turned over, stamps, coloured ink, print
under a seal) is an extra: where it fails, the page keeps what it has and a warning says what is missing.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from vndoc.errors import EngineError
from vndoc.ocr.attempts import Attempts, PixelBudget
from vndoc.ocr.engines.engine import TextEngine
from vndoc.ocr.filtering import drop_noise
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.imaging.ink import coloured_ink, single_inks
from vndoc.ocr.imaging.skew import rotate
from vndoc.ocr.layout import text_height
from vndoc.ocr.legibility import unread_print
from vndoc.ocr.orientation import PageReading, read_upright
from vndoc.ocr.regions import arrival_stamp, coloured_text, crossing_lines, sealed_lines, urgency_stamp
from vndoc.ocr.regions.merging import merge
from vndoc.ocr.regions.region import Readings, Region, RegionKind, erase_frames
from vndoc.ocr.regions.sealed_lines import SealedText
from vndoc.ocr.tables import fill_all, find_grids, with_tables
from vndoc.ocr.tables.unread import CellRow, propose_cell_rows
from vndoc.page import Grid, Layer, Line, Method, Page
from vndoc.trace import note

logger = logging.getLogger(__name__)

_TABLE = 3  # rows and columns with rules between them that no arrival stamp has
_SAME_FRAME = 0.5  # of the smaller area, from which on a frame is that of a table


def failed_page(number: int, error: Exception, layer: Layer = Layer.NONE) -> Page:
    """The empty page for one that could not be read, with the reason as its warning."""
    return Page(number, (), layer=layer, method=Method.FAILED, warnings=(str(error),))


def read_image(
    image: Image8,
    number: int,
    dpi: int,
    engine: TextEngine,
    layer: Layer = Layer.NONE,
) -> Page:
    """Clean one page image (``uint8``, RGB or grey, at ``dpi``) and read it; boxes are those of the levelled image.

    Raises :class:`SetupError` alone: an engine that fails gives an empty page.
    """
    engine = PixelBudget(engine, image.shape[0] * image.shape[1])
    attempts = Attempts(number)
    try:
        reading = read_upright(image, engine, dpi, attempts)
    except EngineError as error:
        return failed_page(number, error, layer)
    if reading is None:
        height, width = image.shape[:2]
        return Page(number, (), width, height, dpi, layer, Method.BLANK)
    lines = drop_noise(reading.lines)
    # Arrival stamps first: their rows run into lines of the page, and are no lines that were missed or misread.
    arrivals = _arrival_stamps(image, reading, engine, dpi, attempts) if number == 1 else []
    page = _without_arrival_stamps(reading, lines, arrivals)
    grids = _tables(page.black, number, dpi, attempts)
    regions = _propose(page, reading.gray, arrivals, grids, dpi, attempts)
    readings = attempts.read(engine, regions.all, dpi)
    under = crossing_lines.accepted_lines(regions.crossing, readings, arrivals)
    printed = arrival_stamp.without_stamp_strokes(merge(page.lines, under), arrivals)
    urgencies, lines = _accept(printed, regions, readings, attempts)
    body = with_tables(lines, grids, regions.cells, readings)
    # A stamp is a block of its own, before the page: it is askew between the columns and belongs to neither.
    blocks = (*(stamp.block for stamp in arrivals), *(stamp.block for stamp in urgencies), *body)
    unread = unread_print(page.black, [line for block in body for line in block.lines], dpi)
    if unread:
        attempts.warnings.append(unread)
    height, width = reading.gray.shape
    read = Page(number, blocks, width, height, dpi, layer, Method.OCR, tuple(attempts.warnings))
    return replace(read, angle=reading.angle, turns=reading.turns, engine=engine.name)


@dataclass(slots=True, frozen=True)
class _PrintedPage:
    """A level page without its arrival stamps: black print, coloured ink if there is any, and the lines read so far."""

    black: Image8
    coloured: Image8 | None
    lines: list[Line]


@dataclass(slots=True, frozen=True)
class _Regions:
    """What is to be read of a page by itself, by proposer."""

    urgency: list[Region]
    coloured: list[Region]
    sealed: SealedText | None
    crossing: list[Region]
    cells: list[CellRow]

    @property
    def all(self) -> list[Region]:
        """All of them, to be read together."""
        sealed = self.sealed.regions if self.sealed else ()
        return [*self.urgency, *self.coloured, *sealed, *self.crossing, *(row.region for row in self.cells)]


def _arrival_stamps(
    image: Image8, reading: PageReading, engine: TextEngine, dpi: int, attempts: Attempts
) -> list[arrival_stamp.ArrivalStamp]:
    """The arrival stamps of a first page, in ink of any colour."""
    ink = rotate(reading.inks.inked, reading.angle)
    candidates: list[arrival_stamp.StampCandidate] = []

    def layers() -> list[Image8]:
        if reading.inks.coloured is None:
            return []
        upright = np.ascontiguousarray(np.rot90(image, reading.turns))
        return [rotate(layer, reading.angle) for layer in single_inks(upright)]

    propose = partial(arrival_stamp.propose_stamps, ink, dpi, layers)
    candidates = _no_tables(attempts.make(str(RegionKind.ARRIVAL_STAMP), propose, candidates), reading, dpi, attempts)
    readings = attempts.read(engine, [region for one in candidates for region in one.regions], dpi)
    stamps = []
    for candidate in candidates:
        place = tuple(candidate.frame.box)
        stamp = arrival_stamp.accepted_stamp(candidate, readings)
        if stamp:
            stamps.append(stamp)
            text = stamp.block.text.replace("\n", " / ")
            note(logger, attempts.subject, f"arrival stamp in {place}", f"its labels were read: {text}")
        else:
            note(logger, attempts.subject, f"no arrival stamp in {place}", "a frame without its labels")
    return stamps


def _no_tables(
    candidates: list[arrival_stamp.StampCandidate], reading: PageReading, dpi: int, attempts: Attempts
) -> list[arrival_stamp.StampCandidate]:
    """The frames but for those of tables: a small one with a column of days has what a stamp has."""
    none: list[Grid] = []
    grids = attempts.make("tables", partial(find_grids, reading.gray, 1, dpi), none) if candidates else none
    tables = [grid.box for grid in grids if grid.box and grid.rows >= _TABLE and grid.columns >= _TABLE]
    return [one for one in candidates if all(one.frame.box.overlap(box) < _SAME_FRAME for box in tables)]


def _without_arrival_stamps(
    reading: PageReading, lines: Sequence[Line], stamps: Sequence[arrival_stamp.ArrivalStamp]
) -> _PrintedPage:
    frames = [replace(stamp.frame, angle=0.0) for stamp in stamps]
    ink = coloured_ink(reading.inks)
    return _PrintedPage(
        erase_frames(reading.gray, frames),
        None if ink is None else erase_frames(rotate(ink, reading.angle), frames),
        arrival_stamp.without_stamps(lines, stamps),
    )


def _tables(black: Image8, number: int, dpi: int, attempts: Attempts) -> list[Grid]:
    """The ruled tables of a page."""
    none: list[Grid] = []
    grids = attempts.make("tables", partial(find_grids, black, number, dpi), none)
    for grid in grids:
        size = f"table of {grid.rows} rows and {grid.columns} columns in {tuple(grid.box or ())}"
        note(logger, attempts.subject, size, "rules part its cells")
    return grids


def _propose(
    page: _PrintedPage,
    gray: Image8,
    arrivals: Sequence[arrival_stamp.ArrivalStamp],
    grids: Sequence[Grid],
    dpi: int,
    attempts: Attempts,
) -> _Regions:
    """All that is to be read by itself."""
    size, ink = text_height(page.lines), page.coloured
    none: list[Region] = []

    def regions(kind: RegionKind, propose: Callable[[], list[Region]]) -> list[Region]:
        return attempts.make(str(kind), propose, none)

    urgency = regions(RegionKind.URGENCY_STAMP, partial(urgency_stamp.propose_stamps, page.black, ink, dpi))
    if not page.lines:
        return _Regions(urgency, [], None, [], [])
    coloured = none
    if ink is not None:
        coloured = regions(RegionKind.COLOURED_TEXT, partial(coloured_text.propose_coloured_text, ink, size))
    sealed = partial(sealed_lines.propose_sealed_lines, page.black, page.lines, dpi)
    under = partial(crossing_lines.propose_crossing_lines, gray, page.lines, arrivals, dpi)
    crossing = regions(RegionKind.STAMPED_LINE, under)
    cells: list[CellRow] = []
    if grids:
        tables, _ = fill_all(grids, page.lines)
        cells = attempts.make(str(RegionKind.TABLE_CELL), partial(propose_cell_rows, page.black, tables, dpi), cells)
    return _Regions(urgency, coloured, attempts.make(str(RegionKind.SEALED_LINE), sealed, None), crossing, cells)


def _accept(
    lines: list[Line], regions: _Regions, readings: Readings, attempts: Attempts
) -> tuple[list[urgency_stamp.UrgencyStamp], list[Line]]:
    """The urgency stamps, and the lines with what the other regions add to them."""
    stamps = []
    for region in regions.urgency:
        stamp = urgency_stamp.accepted_stamp(region, readings.get(region, ()))
        if stamp:
            stamps.append(stamp)
            note(logger, attempts.subject, f"urgency stamp '{stamp.block.text}'", f"framed, {region.frame.angle:.0f}°")
        else:
            note(logger, attempts.subject, f"no urgency stamp in {tuple(region.frame.box)}", "a frame without capitals")
    more = coloured_text.accepted_lines(regions.coloured, readings)
    frames = [stamp.frame for stamp in stamps]
    merged = merge(urgency_stamp.outside(lines, frames), urgency_stamp.outside(more, frames))
    if regions.sealed:
        note(logger, attempts.subject, "black seal", "the print beside it is read with the seal taken away")
        merged = merge(merged, sealed_lines.accepted_lines(regions.sealed, readings))
        merged = sealed_lines.without_seal_strokes(merged, regions.sealed.seal)
    if merged != lines:
        known = {line.text for line in lines}
        added = " / ".join(line.text for line in merged if line.text not in known)
        note(logger, attempts.subject, f"lines added or mended: {added}", "read by themselves")
    return stamps, merged
