"""``vndoc export-corrections``: what people have confirmed becomes pairs, and nothing else leaves the archive."""

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw
from typer.testing import CliRunner

from samples.fonts import Fonts, Style
from tests.archive.conftest import HereAndNow
from tests.parse.form_builder import HEIGHT, WIDTH, centred, line, page
from vndoc import Archive
from vndoc.archive.corrections.pairs import ABOUT, PAIRS, LinePair, SlotPair, TextPair, Withdrawn, load
from vndoc.archive.corrections.slots import written
from vndoc.archive.jobs import Outcome
from vndoc.cli import app
from vndoc.dispatch import Source
from vndoc.errors import FormatError, MissingFileError
from vndoc.facts import ValueFact, WordFact
from vndoc.page import Line, Word
from vndoc.pipeline import parse_again
from vndoc.reading import Reading
from vndoc.slots import SlotForm, SlotKey, SlotKind

CLERK = "chị Hoa phòng một cửa"
READ_AS = {"hoạch": "hoạeh"}  # what the engine made of a word that the repair left


def misread(row: Line) -> Line:
    """The row as an engine read it that measures lines."""
    texts = [READ_AS.get(w.text, w.text) for w in row.words]
    words = [Word(text, w.box, w.confidence, text) for text, w in zip(texts, row.words, strict=True)]
    return Line(tuple(words), row.box.y1, 40.0)


def rows():
    return [
        centred("ỦY BAN NHÂN DÂN", 700, 300),
        centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 1750, 300),
        centred("HUYỆN PHÚ ĐIỀN", 700, 370),
        centred("Độc lập - Tự do - Hạnh phúc", 1750, 370),
        line("Số: 815 /UBND-NN", 500, 480, 0.8),
        line("Phú Điền, ngày 06 tháng 9 năm 2024", 1300, 480, 0.9),
        centred("V/v chủ động ứng phó với mưa lũ", 700, 560),
        line("Kính gửi: Các phòng, ban thuộc huyện.", 800, 760),
        line("1. Các phòng, ban báo cáo theo kế hoạch này.", 300, 980),
    ]


def drawn(path):
    """The page as a scan."""
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    pen = ImageDraw.Draw(image)
    for row in rows():
        for word in row.words:
            pen.text((word.box.x0, word.box.y1), word.text, 0, Fonts().face(Style(13), 46), anchor="ls")
    image.save(path, "PDF", resolution=300)


def reading_of(sha256):
    lines = rows()
    lines[-1] = misread(lines[-1])
    slots = {
        SlotKey(SlotForm.DISPATCH, SlotKind.NUMBER): [("875", 0.6), ("815", 0.3)],
        SlotKey(SlotForm.DISPATCH, SlotKind.DAY): [("06", 0.9)],
    }
    source = Source(name="scan.pdf", sha256=sha256, media_type="application/pdf", page_amount=1)
    return Reading(source, (page(*lines),), slots)


def work(job):
    reading = reading_of(job.sha256)
    return Outcome(job, parse_again(reading).model_dump_json(), reading.to_bytes())


@pytest.fixture(scope="module")
def arrivals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    (folder / "đến").mkdir()
    drawn(folder / "đến" / "scan của anh Nam.pdf")
    with Archive(folder / "archive.sqlite") as archive:
        archive.batch([folder / "đến"], executor=HereAndNow(work))
    return folder


@pytest.fixture
def office(arrivals, tmp_path):
    """An archive with one dispatch of which the reader got the number and a word wrong."""
    shutil.copy(arrivals / "archive.sqlite", tmp_path)
    with Archive(tmp_path / "archive.sqlite") as archive:
        yield archive


def say(archive, *facts):
    revision = archive.desk.sheet(1).revision
    return archive.desk.confirm(1, facts, CLERK, revision)


def mended():
    word = next(w for row in rows() for w in row.words if w.text == "hoạch")
    return WordFact(page=1, box=tuple(word.box), before="hoạeh", after="hoạch")


def by_kind(folder, kind):
    return [pair for pair in load(folder) if isinstance(pair, kind)]


def test_a_number_is_a_pair_with_the_ink_that_the_reader_saw(office, tmp_path):
    change = say(office, ValueFact(pointer="/code_number", value="815"))
    done = office.export_corrections(tmp_path / "out")
    (pair,) = by_kind(tmp_path / "out", SlotPair)
    assert (pair.raw, pair.truth, pair.written, pair.slot) == ("875", "815", ("815",), SlotKind.NUMBER)
    assert (pair.document, pair.change, pair.page) == (office.key(1), change.id, 1)
    assert pair.office == office.dispatch(1).organ_name
    for cut in pair.cuts:
        ink = cv2.imread(str(tmp_path / "out" / cut.crop), cv2.IMREAD_GRAYSCALE)
        assert 20 < ink.shape[0] < 60
        assert ink.max() > 200
        assert cut.body[0] < cut.body[1] <= ink.shape[0]
    assert (done.pairs["slot"], done.confirmed, done.last_change) == (1, 0, change.id)


def test_what_was_read_right_is_a_pair_too(office, tmp_path):
    say(office, ValueFact(pointer="/issued_date", value="2024-09-06"))
    done = office.export_corrections(tmp_path / "out")
    found = {pair.slot: (pair.raw, pair.written) for pair in by_kind(tmp_path / "out", SlotPair)}
    assert found == {
        SlotKind.DAY: ("06", ("06", "6")),
        SlotKind.MONTH: (None, ("09", "9")),
        SlotKind.YEAR: (None, ("2024",)),
    }
    assert done.confirmed == 1


def test_what_nobody_can_read_is_no_pair(office, tmp_path):
    say(
        office,
        ValueFact(pointer="/code_number", unreadable=True),
        ValueFact(pointer="/issued_date", value=None),
        ValueFact(pointer="/arrival/number", value="12"),  # there is no stamp
    )
    done = office.export_corrections(tmp_path / "out")
    assert [*load(tmp_path / "out")] == []
    assert sum(done.pairs.values()) == done.documents == 0


def test_a_word_is_a_pair_with_its_line_and_the_line_is_one(office, tmp_path):
    say(office, mended())
    office.export_corrections(tmp_path / "out")
    (word,), (whole,) = by_kind(tmp_path / "out", TextPair), by_kind(tmp_path / "out", LinePair)
    assert (word.raw, word.truth) == ("hoạeh", "hoạch")
    assert word.context == "1. Các phòng, ban báo cáo theo kế hoạeh này."
    assert whole.truth == "1. Các phòng, ban báo cáo theo kế hoạch này."
    strip = cv2.imread(str(tmp_path / "out" / whole.crop), cv2.IMREAD_GRAYSCALE)
    assert strip.shape[0] == 48
    assert (np.median(strip), strip.max()) == (0, 255)


def test_a_field_is_a_pair_with_what_was_read_before_the_repair(office, tmp_path):
    say(office, ValueFact(pointer="/subject", value="chủ động ứng phó với mưa lũ"))
    office.export_corrections(tmp_path / "out")
    (pair,) = by_kind(tmp_path / "out", TextPair)
    assert pair.pointer == "/subject"
    assert "ứng phó với mưa lũ" in pair.raw
    assert pair.truth == "chủ động ứng phó với mưa lũ"


def test_the_same_archive_gives_the_same_bytes_and_names_nobody(office, arrivals, tmp_path):
    say(office, ValueFact(pointer="/code_number", value="815"), mended())
    trees = []
    for name in ("a", "b"):
        office.export_corrections(tmp_path / name)
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        trees.append({path.relative_to(tmp_path / name).as_posix(): path.read_bytes() for path in files})
    assert trees[0] == trees[1]
    assert {PAIRS, ABOUT} < trees[0].keys()
    everything = b"".join(trees[0].values())
    assert not any(word.encode() in everything for word in (CLERK, "anh Nam", ".pdf", str(arrivals)))


def test_a_later_export_has_what_was_said_later_and_what_holds_no_more(office, tmp_path):
    first = say(office, ValueFact(pointer="/code_number", value="875"))
    office.export_corrections(tmp_path / "first")
    (old,) = by_kind(tmp_path / "first", SlotPair)
    office.desk.undo(first.id, CLERK)
    second = say(office, mended())
    done = office.export_corrections(tmp_path / "second", since=first.id)
    found = [*load(tmp_path / "second")]
    assert {type(pair) for pair in found} == {TextPair, LinePair, Withdrawn}
    assert old.id in {pair.id for pair in found if isinstance(pair, Withdrawn)}
    assert all(pair.change == second.id for pair in found if not isinstance(pair, Withdrawn))
    assert office.export_corrections(tmp_path / "third", since=done.last_change).documents == 0


def test_a_truth_that_was_changed_keeps_its_id_and_is_not_withdrawn(office, tmp_path):
    first = say(office, ValueFact(pointer="/code_number", value="875"))
    office.export_corrections(tmp_path / "first")
    say(office, ValueFact(pointer="/code_number", value="815"))
    office.export_corrections(tmp_path / "second", since=first.id)
    (old,), (new,) = (by_kind(tmp_path / name, SlotPair) for name in ("first", "second"))
    assert (old.id, old.truth, new.truth) == (new.id, "875", "815")
    assert old.id not in {pair.id for pair in by_kind(tmp_path / "second", Withdrawn)}


def test_nothing_is_overwritten(office, tmp_path):
    say(office, ValueFact(pointer="/code_number", value="815"))
    office.export_corrections(tmp_path / "out")
    with pytest.raises(FormatError, match="not empty"):
        office.export_corrections(tmp_path / "out")


def test_without_its_file_a_document_gives_texts_alone(office, tmp_path, monkeypatch):
    say(office, ValueFact(pointer="/code_number", value="815"), mended())
    with monkeypatch.context() as patched:
        patched.setattr("vndoc.archive.corrections.export.digest", lambda *_: "another file's")
        done = office.export_corrections(tmp_path / "out")
    assert {type(pair) for pair in load(tmp_path / "out")} == {TextPair}
    assert "no longer the file" in done.without_image[0]


def test_the_command_tells_what_it_wrote_and_where_to_go_on(office, tmp_path):
    change = say(office, ValueFact(pointer="/code_number", value="815"))
    office.close()
    command = ["export-corrections", str(tmp_path / "archive.sqlite"), "--output", str(tmp_path / "out")]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0
    assert "1 blanks" in result.stdout
    assert f"--since {change.id}" in result.stdout
    assert json.loads((tmp_path / "out" / ABOUT).read_text("utf-8"))["last_change"] == change.id
    assert CliRunner().invoke(app, command).exit_code == FormatError.exit_code


def test_a_folder_that_is_no_export_is_refused(tmp_path):
    with pytest.raises(MissingFileError, match="export the corrections again"):
        next(load(tmp_path))
    Path(tmp_path / PAIRS).write_text('{"kind": "slot"}\n', encoding="utf-8")
    with pytest.raises(FormatError, match="line 1"):
        next(load(tmp_path))


@pytest.mark.parametrize(
    ("kind", "value", "ways"),
    [
        (SlotKind.NUMBER, "5", ("5", "05")),
        (SlotKind.NUMBER, "05", ("05", "5")),
        (SlotKind.NUMBER, "12a", ()),
        (SlotKind.NUMBER, "0", ()),
        (SlotKind.MONTH, "2024-11-06", ("11",)),
        (SlotKind.DATE, "2024-11-06", ()),
    ],
)
def test_ways_to_write_a_value(kind, value, ways):
    assert written(kind, value) == ways
