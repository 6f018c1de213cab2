"""Mails, portfolios and containers in an archive: their files are documents of it, each once, in any run."""

import io
from email.message import EmailMessage

import pikepdf
import pytest

from tests.archive.conftest import zip_of
from vndoc.archive.jobs import Category, Job
from vndoc.archive.left_out import IN_A_MAIL
from vndoc.errors import TimeLimitError
from vndoc.sandbox import DeathError


def mail(text, **files):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@b.vn", "c@d.vn", "thư"
    made.set_content(text)
    made.add_alternative(f"<p>{text}<img src=cid:1>", subtype="html")
    made.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<1>", filename="logo.png")
    for name, data in files.items():
        made.add_attachment(data, "application", "octet-stream", filename=name.replace("__", "."))
    return made.as_bytes()


@pytest.fixture
def reading(here):
    """An executor that notes what it is asked to read, and reads this file in its place."""
    asked = []

    def read(job):
        asked.append(job)
        return here().work(Job(job.document_id, job.sha256, __file__))

    made = here(read)
    made.asked = asked
    return made


def names(executor, folder):
    return sorted(str(job.path).removeprefix(f"{folder}/") for job in executor.asked)


def test_attachments_are_documents_beside_their_mail(archive, tmp_path, reading):
    folder = tmp_path / "in"
    folder.mkdir()
    packed = zip_of({"d.txt": b"d"}, tmp_path / "c").read_bytes()
    (folder / "thư.eml").write_bytes(mail("thư", a__txt=b"a", b__xlsx=b"PK", c__zip=packed))
    (folder / "không tên").write_bytes(mail("hai", e__txt=b"e"))
    summary = archive.batch([folder], executor=reading)
    assert names(reading, folder) == ["không tên", "không tên/e.txt", "thư.eml", "thư.eml/a.txt", "thư.eml/c.zip/d.txt"]
    assert summary.left_out == {".xlsx": 1, IN_A_MAIL: 2}
    containers = {str(job.path): job.container for job in reading.asked}
    assert containers[f"{folder}/thư.eml/c.zip/d.txt"] == f"{folder}/thư.eml"
    again = archive.batch([folder], executor=reading)
    assert (again.queued, again.failures, again.left_out) == (0, [], {".xlsx": 1, IN_A_MAIL: 2})
    (folder / "thư.eml").write_bytes(mail("thư", f__txt=b"f"))
    assert archive.batch([folder], executor=reading).done == 2
    assert {path for entry in archive.entries() for path in entry.paths} >= {f"{folder}/thư.eml/f.txt"}


def test_what_cannot_be_opened_in_a_mail_is_a_failed_row(archive, tmp_path, reading):
    path = tmp_path / "a.eml"
    path.write_bytes(mail("thư", hong__zip=b"PK\3\4hong", rong__7z=b"khong", a__txt=b"a"))
    summary = archive.batch([path], executor=reading)
    assert {f.path.rpartition("/")[2]: f.category for f in summary.failures} == {
        "hong.zip": Category.FORMAT,
        "rong.7z": Category.FORMAT,
    }
    assert all(f.message.startswith(f"{path}/") for f in summary.failures)
    assert summary.done == 2


def portfolio(path, **files):
    with pikepdf.new() as made:
        made.add_blank_page()
        for name, data in files.items():
            made.attachments[name.replace("__", ".")] = pikepdf.AttachedFileSpec(made, data)
        out = io.BytesIO()
        made.save(out)
    path.write_bytes(out.getvalue())


def test_files_attached_to_a_pdf_are_documents_where_asked(archive, tmp_path, reading):
    path = tmp_path / "a.pdf"
    portfolio(path, a__txt=b"a")
    assert archive.batch([path], executor=reading).done == 1
    assert archive.batch([path], executor=reading, attachments=True).done == 1
    assert archive.batch([path], executor=reading, attachments=True).done == 0
    assert [job.attachments for job in reading.asked] == [False, True]
    assert names(reading, tmp_path) == ["a.pdf", "a.pdf/a.txt"]


@pytest.mark.parametrize(("kind", "category"), [(DeathError, Category.CRASH), (TimeLimitError, Category.TIMEOUT)])
def test_a_container_that_ends_the_process_which_lists_it_stops_no_batch(
    archive, tmp_path, reading, monkeypatch, kind, category
):
    folder = tmp_path / "in"
    folder.mkdir()
    zip_of({"a.txt": b"a"}, folder / "a.zip")
    (folder / "b.txt").write_bytes(b"b")

    def fail(path, **_):
        raise kind(f"{path}: ended")

    monkeypatch.setattr("vndoc.archive.intake.files_within", fail)
    summary = archive.batch([folder], executor=reading)
    assert list(summary.causes) == [category]
    assert summary.done == 1
