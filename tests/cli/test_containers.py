"""``vndoc parse`` of files that hold others: an array, the mail's own text first, and names that tell where from."""

import io
import json
import zipfile

import pytest

from samples.letter import Letter
from samples.office import write_mail
from tests.archive.test_containers import mail, portfolio
from tests.cli.conftest import run
from tests.conftest import SAMPLES
from vndoc import isolated, sandbox
from vndoc.cli.inputs import inputs
from vndoc.sandbox import DeathError
from vndoc.settings import DEFAULTS
from vndoc.sources import SourceFile

TEXT = "SỞ NỘI VỤ\nSố: 12/SNV-VP\nHà Nội, ngày 5 tháng 6 năm 2025\nKính gửi: Các phòng.\nNội dung thư./.\n"


@pytest.mark.slow
def test_a_mail_and_its_attachments(tmp_path):
    path = tmp_path / "thư.eml"
    write_mail(Letter.load(SAMPLES / "giay-moi-89" / "dispatch.json"), path)
    result = run("parse", path)
    found = json.loads(result.stdout)
    assert [d["source"]["name"] for d in found] == ["thư.eml", "thư.eml/thư.docx"]
    assert found[0]["source"]["media_type"] == "message/rfc822"
    assert [(d["type_name"], d["code_number"]) for d in found] == [("Giấy mời", "89")] * 2
    assert found[0]["issued_date"] == found[1]["issued_date"]
    assert result.exit_code == 0


def test_what_cannot_be_read_is_told_by_name_and_kind(tmp_path):
    path = tmp_path / "a.eml"
    path.write_bytes(mail(TEXT, bang__xlsx=b"PK\x03\x04" + bytes(26) + b"xl/workbook.xml", phu__txt=TEXT.encode()))
    result = run("parse", path)
    assert [d["source"]["name"] for d in json.loads(result.stdout)] == ["a.eml", "a.eml/phu.txt"]
    assert "a.eml/bang.xlsx: is an Office file (XLSX or PPTX), which is not read here" in " ".join(
        result.stderr.split()
    )
    assert result.exit_code == 9


def test_each_document_is_a_file_of_its_own_where_asked(tmp_path):
    path, folder = tmp_path / "a.eml", tmp_path / "out"
    folder.mkdir()
    path.write_bytes(mail(TEXT, phu__txt=TEXT.encode()))
    assert run("parse", path, "--format", "edxml", "--output", folder).exit_code == 0
    assert sorted(p.name for p in folder.iterdir()) == ["a.edxml", "a.eml - phu.edxml"]
    one = run("parse", path, "--format", "edxml", "--output", tmp_path / "b.edxml")
    assert one.exit_code == 9
    assert "--output must name a folder" in " ".join(one.stderr.split())


def test_files_attached_to_a_pdf(tmp_path):
    path = tmp_path / "a.pdf"
    portfolio(path, phu__txt=TEXT.encode())
    alone = json.loads(run("parse", path).stdout)
    assert "attachments-unread" in {notice["code"] for notice in alone["warnings"]}
    found = json.loads(run("parse", path, "--attachments").stdout)
    assert [d["source"]["name"] for d in found] == ["a.pdf", "a.pdf/phu.txt"]
    assert "attachments-unread" not in {notice["code"] for d in found for notice in d["warnings"]}


def test_a_container_that_ends_the_process_which_lists_it_takes_no_other_file_with_it(tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(name)

    def parts(file, **_):
        if file.name == "a.txt":
            raise DeathError("a.txt: ended")
        yield file

    monkeypatch.setattr(isolated, "parts", parts)
    given = [tmp_path / "a.txt", tmp_path / "b.txt"]
    (_, first), (_, second) = inputs(given, DEFAULTS, attachments=False)
    assert isinstance(first, DeathError)
    assert second.name == "b.txt"


def test_without_a_sandbox_no_process_is_started_for_the_parts_either(monkeypatch):
    monkeypatch.setattr(sandbox, "stream", lambda *_, **__: pytest.fail("a process was started"))
    (part,) = isolated.parts(b"SO NOI VU", settings=DEFAULTS.model_copy(update={"sandbox": False}))
    assert part.data == b"SO NOI VU"


def test_the_process_that_looked_into_a_file_is_free_to_read_it():
    sandbox.close()
    found = isolated.parts(b"SO NOI VU")
    assert next(found).data == b"SO NOI VU"
    assert len(sandbox.shared._waiting) == 1
    assert list(found) == []


def test_a_file_is_given_before_what_is_wrong_with_its_parts(monkeypatch):
    def ends(*_, **__):
        yield None
        raise DeathError("a.eml: ended")

    monkeypatch.setattr(sandbox, "stream", ends)
    found = isolated.parts(b"SO NOI VU")
    assert next(found).data == b"SO NOI VU"
    with pytest.raises(DeathError):
        next(found)


def test_of_a_mail_the_attachments_are_looked_for_no_longer_than_a_file_is_opened(monkeypatch):
    begun = []
    monkeypatch.setattr(sandbox, "Budget", begun.append)
    for name, limits in (("thư.eml", [60.0]), ("a.zip", [])):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as made:
            made.writestr("a.txt", "SO NOI VU")
        data = mail("thư", a__txt=b"SO NOI VU") if limits else packed.getvalue()
        assert list(isolated._parts_there(SourceFile(name, data), attachments=False, page_seconds=60.0))
        assert begun == limits
        begun.clear()


def test_a_mail_that_cannot_be_read_nor_looked_into_is_one_failure(tmp_path):
    path = tmp_path / "thư.eml"
    head = "Content-Type: multipart/mixed; boundary=b{}\n\n--b{}\n"
    deep = "".join(head.format(n, n) for n in range(120))
    path.write_text(f"From: a@b.vn\nTo: c@d.vn\nMIME-Version: 1.0\n{deep}\nthư", encoding="utf-8")
    result = run("parse", path)
    assert result.exit_code == 6
    assert result.stderr.count("\n") == 1
    twice = run("parse", path, path)
    assert twice.exit_code == 9
    assert twice.stderr.count("\n") == 2
