"""A sample drawn, filled in as checkers do, and read again; tables that were spoilt."""

import csv
import io
import json
import random
from collections import Counter
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.archive.conftest import HereAndNow
from tests.cli.conftest import filled, one_line, run
from vndoc import Archive
from vndoc.archive.jobs import Outcome
from vndoc.archive.quality import Sample, draw, read_sheet, tally
from vndoc.archive.quality.sample import FIELDS, Item
from vndoc.archive.quality.sheet import Filled, Mark
from vndoc.dispatch import Dispatch, Evidence, Source
from vndoc.errors import EmptyFileError, FormatError, MissingFileError

__all__ = ["filled"]

ROW, MARK, STATE, FIELD = "Mã dòng", "Đúng/Sai", "Tình trạng", "Trường"


def dispatch(job):
    """Given, withheld and absent values; a formula."""
    source = Source(name="x", sha256=job.sha256, media_type="text/plain", page_amount=1)
    unsure = {"/code_number": Evidence(confidence=0.3, page=2, candidates=[("12", 0.3)], method="handwriting")}
    fields = {"type_name": "Công văn", "issued_date": date(2024, 3, 21), "subject": "=1+1"}
    return Outcome(job, Dispatch(source=source, evidence=unsure, **fields).model_dump_json())


@pytest.fixture
def archive(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for k in range(12):
        (folder / f"{k}.txt").write_text(str(k))
    with Archive(tmp_path / "a.sqlite") as archive:
        archive.batch([folder], executor=HereAndNow(dispatch))
        yield archive


def rows_of(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def save(rows, path, encoding="utf-8-sig", delimiter=","):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def marked(rows, wrong=()):
    for at, row in enumerate(rows):
        if row[STATE] != "chưa chắc":
            row[MARK] = "Sai" if at in wrong else "Đúng"
    return rows


@pytest.fixture
def table(archive, tmp_path):
    assert archive.draw(4, 7, tmp_path / "qc.csv") == Sample(7, 4, 12)
    return tmp_path / "qc.csv"


def test_a_seed_draws_the_same_documents_and_another_others(archive, tmp_path):
    def keys(seed, amount=4):
        return [item.key for item in draw(archive._db, amount, seed)[1]]

    assert keys(7) == keys(7)
    assert keys(7) != keys(8)
    assert keys(7)[:20] == keys(7, 2)  # a larger sample of the same seed goes on
    assert len(set(keys(7, 100))) == 12


def test_every_document_is_as_likely(archive):
    drawn = Counter(
        item.key for seed in range(600) for item in draw(archive._db, 3, seed)[1] if item.pointer == FIELDS[0]
    )
    assert min(drawn.values()) > 110  # of 150
    assert max(drawn.values()) < 190


def test_the_table(table):
    rows = rows_of(table)
    assert len(rows) == 4 * len(FIELDS)
    by_field = {row[FIELD]: row for row in rows[: len(FIELDS)]}
    assert (by_field["Ngày ban hành"]["Giá trị"], by_field["Ngày ban hành"][STATE]) == ("21/03/2024", "có giá trị")
    assert (by_field["Số"][STATE], by_field["Số"]["Trang"]) == ("chưa chắc", "2")
    assert by_field["Số"]["Gợi ý"].startswith("chưa chắc; có thể là 12")
    assert by_field["Độ khẩn"][STATE] == "không có"
    assert by_field["Trích yếu"]["Giá trị"] == "'=1+1"
    assert {row["Đợt"] for row in rows} == {"seed=7 n=4 N=12"}
    assert {row[MARK] for row in rows} == {""}


def test_rates_of_a_table_that_was_filled_in(archive, table):
    rows = marked(rows_of(table), wrong={0, 10, 8})  # two types, and an urgency that is there
    found = archive.checked(save(rows, table))
    assert (found.fields["/type_name"].rate.wrong, found.fields["/type_name"].rate.amount) == (2, 4)
    urgency = found.fields["/urgency"]
    assert (urgency.rate.wrong, urgency.rate.amount, urgency.missed, urgency.given) == (1, 1, 1, 0)
    number = found.fields["/code_number"]
    assert (number.withheld, number.rate.amount, number.rate.share) == (4, 0, None)
    assert (found.all.rate.wrong, found.all.rate.amount, found.all.withheld) == (3, 13, 4)
    assert (found.documents.wrong, found.documents.amount) == (2, 4)
    assert found.all.rate.low < 3 / 13 < found.all.rate.high
    assert [found.verdict(limit) for limit in (0.01, 0.2, 0.9)] == ["rejected", "undecided", "accepted"]


def test_all_that_was_looked_at_is_known(archive, tmp_path):
    archive.draw(99, 1, tmp_path / "a.csv")
    rate = archive.checked(save(marked(rows_of(tmp_path / "a.csv"), wrong={0}), tmp_path / "a.csv")).all.rate
    assert (rate.low, rate.high) == (1 / 36, 1 / 36)


def test_as_spreadsheets_save_it(archive, table, tmp_path):
    rows = marked(rows_of(table), wrong={0})
    for row in rows:  # a day in the machine's way, zeros lost, a column filled with something
        row["Giá trị"], row["Ghi chú"] = row["Giá trị"].replace("21/03/2024", "2024-03-21"), "x"
    rows[2][MARK], rows[3][MARK] = " đúng ", "Đ"
    shuffled = random.Random(1).sample(rows, len(rows))
    expected = archive.checked(save(rows, tmp_path / "comma.csv"))
    assert archive.checked(save(shuffled, tmp_path / "semicolon.csv", delimiter=";")) == expected
    assert archive.checked(save(rows, tmp_path / "unicode.csv", "utf-16", "\t")) == expected


def test_as_a_workbook(archive, tmp_path):
    path = tmp_path / "qc.xlsx"
    archive.draw(4, 7, path)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    heads = [cell.value for cell in sheet[3]]
    assert "=1+1" in {row[heads.index("Giá trị")].value for row in sheet.iter_rows(min_row=5)}
    assert {cell.data_type for row in sheet.iter_rows(min_row=5) for cell in row} <= {"s", "n"}  # no formula
    assert sheet.data_validations.dataValidation[0].formula1 == '"Đúng,Sai"'
    for row in sheet.iter_rows(min_row=5):
        if row[heads.index(STATE)].value != "chưa chắc":
            row[heads.index(MARK)].value = "Đúng"
    sheet.cell(4, heads.index(MARK) + 1).value = "Đúng"  # dragged over the blank row below the headings
    book.save(path)
    assert archive.checked(path).all.rate.wrong == 0


def spoilt_rows(rows):
    yield "3 of 40 rows are missing", lambda: rows[3:], "rows are missing (row 1, row 2, row 3)"
    yield "twice", lambda: [*rows, rows[1]], "row 2: is there more than once"
    yield "edited", lambda: [{**rows[0], FIELD: "Số"}, *rows[1:]], "line 2: the code of the row does not belong"
    yield "swapped", lambda: [{**rows[0], "Tài liệu": rows[15]["Tài liệu"]}, *rows[1:]], "line 2: the code"
    yield "state", lambda: [{**rows[1], STATE: "không có"}, rows[0], *rows[2:]], "line 2: the code"
    yield "strange", lambda: [{**rows[0], MARK: "có lẽ"}, *rows[1:]], "line 2: 'có lẽ': is no mark; write Đúng or Sai"
    yield "empty", lambda: [{**rows[0], MARK: ""}, *rows[1:]], "1 of 36 values have no mark yet (line 2)"
    yield "two samples", lambda: [{**rows[0], "Đợt": "seed=1 n=1 N=1"}, *rows[1:]], "names rows of several samples"
    yield "no sample", lambda: [{**row, "Đợt": "?"} for row in rows], "names no sample"
    yield (
        "no column",
        lambda: [{k: v for k, v in row.items() if k != MARK} for row in rows],
        "is no table of 'vndoc qc'",
    )


@pytest.mark.parametrize("at", range(10))
def test_a_spoilt_table_is_refused_with_the_place(table, tmp_path, at):
    _, spoil, message = list(spoilt_rows(marked(rows_of(table))))[at]
    with pytest.raises(FormatError) as caught:
        read_sheet(save(spoil(), tmp_path / "spoilt.csv"))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_other_files(tmp_path, table):
    with pytest.raises(MissingFileError, match="no such file"):
        read_sheet(tmp_path / "none.csv")
    for data in (b"", b"PK\x03\x04 broken", b"s\xf4;ng\xe0y\n1;2\n", b"\xff\xfe\x00"):
        (tmp_path / "other.csv").write_bytes(data)
        with pytest.raises(FormatError):
            read_sheet(tmp_path / "other.csv")


def test_another_archive(table, archive, tmp_path):
    save(marked(rows_of(table)), table)
    with (
        Archive(tmp_path / "b.sqlite") as other,
        pytest.raises(FormatError, match="4 of the 4 documents"),
    ):
        other.checked(table)
    with Archive(tmp_path / "b.sqlite") as other, pytest.raises(EmptyFileError, match="no document that was read"):
        other.draw(4, 1, tmp_path / "x.csv")
    with pytest.raises(MissingFileError, match="cannot be written"):
        archive.draw(4, 1, tmp_path / "none" / "x.csv")


@given(st.lists(st.tuples(st.sampled_from(["given", "absent", "withheld"]), st.booleans()), min_size=1, max_size=60))
def test_every_mark_is_counted_once(said):
    marks = [
        Mark(f"#{at // len(FIELDS)}", FIELDS[at % len(FIELDS)], state, None if state == "withheld" else right)
        for at, (state, right) in enumerate(said)
    ]
    found = tally(Filled(Sample(1, len({mark.document for mark in marks}), 1000), marks))
    states = Counter(state for state, _ in said)
    assert found.all.given == states["given"]
    assert found.all.withheld == states["withheld"]
    assert found.all.rate.wrong == sum(state != "withheld" and not right for state, right in said)
    assert found.all.rate.amount == found.all.given + found.all.missed
    for name in ("given", "missed", "withheld"):
        assert sum(getattr(own, name) for own in found.fields.values()) == getattr(found.all, name)
    assert 0 <= found.all.rate.low <= (found.all.rate.share or 0) <= found.all.rate.high <= 1


@given(st.integers(0, 10**6), st.integers(1, 10**5), st.integers(1, 10**6))
def test_a_sample_is_told_in_words_and_back(seed, drawn, population):
    sample = Sample(seed, drawn, population)
    assert Sample.parse(str(sample)) == sample
    assert Sample.parse(f"{sample} x") is None


def test_the_code_of_a_row_is_no_number_for_a_spreadsheet():
    item = Item(12, "#0", FIELDS[0], "given", None, None, None, "")
    assert item.check(Sample(1, 2, 3)).startswith("D0012-")


def test_command(filled, tmp_path):
    table = tmp_path / "qc.csv"
    drawn = run("qc", filled.path, "--sample", 2, "--seed", 3, "--output", table)
    assert (drawn.exit_code, drawn.stdout) == (0, "")
    assert "2 of 3 documents (seed 3), 20 rows" in drawn.stderr
    result = run("qc", filled.path, "--read", table)
    assert result.exit_code == 6
    assert "have no mark yet" in one_line(result)
    save(marked(rows_of(table), wrong={0}), table)
    out = run("qc", filled.path, "--read", table, "--limit", 2).stdout
    assert "2 of 3 documents (seed 3); intervals of Wilson, 95 %" in out
    assert "Tên loại" in out
    assert "error limit of 2 %: " in out
    found = json.loads(run("qc", filled.path, "--read", table, "--limit", 2, "--json").stdout)
    assert found["sample"] == {"seed": 3, "drawn": 2, "population": 3}
    assert found["all"]["rate"]["wrong"] == 1
    assert found["verdict"] in ("rejected", "undecided")


def test_wrong_flags(filled, tmp_path):
    for flags in ([], ["--sample", 2], ["--sample", 2, "--output", "a.docx"], ["--sample", 2, "--read", "a"]):
        assert run("qc", filled.path, *flags).exit_code == 2
    assert run("qc", filled.path, "--read", tmp_path / "none.csv").exit_code == 4
    assert run("qc", tmp_path / "none.sqlite", "--sample", 2, "--output", tmp_path / "a.csv").exit_code == 4
    told = run("qc", filled.path, "--sample", 2, "--output", tmp_path / "a.csv").stderr
    assert "seed " in told
