"""Folders of small documents, and archives filled with them."""

import io
import signal
import zipfile
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from samples.compose import compose
from samples.letter import Letter
from samples.render import write_digital
from tests.archive.faults import canned
from tests.conftest import SAMPLES
from vndoc import Archive
from vndoc.dispatch import (
    Arrival,
    CertifiedCopy,
    Dispatch,
    Evidence,
    JointIssuer,
    PageText,
    Reference,
    Signer,
    Source,
    Task,
)


class HereAndNow:
    """An executor without processes: the work is done when the outcome is asked for."""

    def __init__(self, work=canned):
        self.work, self.waiting = work, []
        self.capacity = 3

    @property
    def pending(self):
        return len(self.waiting)

    def submit(self, job):
        self.waiting.append(job)

    def finished(self, seconds):
        jobs, self.waiting = self.waiting, []
        return [self.work(job) for job in jobs]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.waiting = []


@pytest.fixture
def quick(monkeypatch):
    """Batches that read nothing and spawn nothing."""
    monkeypatch.setattr("vndoc.archive.pool.LocalPool", lambda jobs: HereAndNow(canned))
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def here():
    return HereAndNow


@pytest.fixture
def folder(tmp_path):
    """Five texts, two of them alike."""
    folder = tmp_path / "đến"
    folder.mkdir()
    for k in range(4):
        (folder / f"văn bản {k}.txt").write_text(f"Công văn số {k}", encoding="utf-8")
    (folder / "bản sao 3.txt").write_text("Công văn số 3", encoding="utf-8")
    return folder


@pytest.fixture
def archive(tmp_path):
    with Archive(tmp_path / "archive.sqlite") as archive:
        yield archive


@pytest.fixture(scope="session")
def one_page_pdf(tmp_path_factory):
    """Bytes of a born-digital dispatch of one page."""
    letter = next(
        letter
        for letter in (Letter.load(path) for path in sorted(SAMPLES.glob("*/dispatch.json")))
        if letter.pages == 1
    )
    path = tmp_path_factory.mktemp("pdf") / "one.pdf"
    write_digital(compose(letter), path, seed=1)
    return path.read_bytes()


def variant(data: bytes, number: int) -> bytes:
    """The same PDF with other bytes: a document of its own."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.docinfo["/Subject"] = f"variant {number}"
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def zip_of(files: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


DISPATCHES = {
    "a.txt": {
        "type_name": "Kế hoạch",
        "code_number": "254",
        "code_notation": "KH/TU",
        "organ_name": "Tỉnh ủy Quảng Bình",
        "issued_date": date(2024, 1, 19),
        "subject": "thực hiện công tác thông tin đối ngoại",
        "text": "Kế hoạch thực hiện Kết luận số 57-KL/TW về công tác thông tin đối ngoại.\fTrang hai nói về du lịch.",
        "references": [
            Reference(
                type_name="Kết luận",
                notation="57-KL/TW",
                issued_date=date(2023, 6, 15),
                organ_name="Bộ Chính trị",
                relations=["implements"],
            )
        ],
        "due_date": date(2024, 11, 5),
        "tasks": [
            Task(
                section="1.a",
                assignee="Sở Thông tin và Truyền thông",
                text="Báo cáo kết quả trước ngày 05/11/2024.",
                due_date=date(2024, 11, 5),
                report_to="Tỉnh ủy",
                start=0,
                end=5,
            ),
            Task(
                assignee="Các huyện ủy",
                text="Báo cáo hằng tháng.",
                recurrence="hằng tháng",
                recurrence_rules=["FREQ=MONTHLY;BYMONTHDAY=20"],
                start=0,
                end=5,
            ),
            Task(assignee="Các ban", text="Phối hợp thực hiện.", start=0, end=5),
        ],
    },
    "b.txt": {
        "type_name": "Công văn",
        "code_number": "815",
        "code_notation": "UBND",
        "organ_name": "Ủy ban nhân dân huyện Bình Sơn",
        "issued_date": None,
        "subject": '=HYPERLINK("x") đối ngoại',
        "urgency": "Hỏa tốc",
        "draft": True,
        "circulation": "Lưu hành nội bộ",
        "certified_copy": CertifiedCopy(type_name="Bản sao y"),
        "joint_issuers": [
            JointIssuer(organ_name="Ủy ban nhân dân huyện Bình Sơn"),
            JointIssuer(organ_name="Huyện ủy Bình Sơn"),
        ],
        "recipients": ["Công an huyện", "Các phòng, ban thuộc huyện"],
        "arrival": Arrival(number="77", date=date(2024, 3, 25)),
        "text": "Thực hiện Kế hoạch số 254-KH/TU ngày 19/01/2024 của Tỉnh ủy về đối ngoại.",
        "references": [Reference(type_name="Kế hoạch", notation="254-KH/TU", issued_date=date(2024, 1, 19))],
        "evidence": {
            "/issued_date": Evidence(
                confidence=0.3,
                page=1,
                raw="2/",
                candidates=[("2024-03-21", 0.5), ("2024-03-27", 0.4)],
                method="handwriting",
            )
        },
    },
    "c.txt": {
        "type_name": "Kế hoạch",
        "code_number": None,
        "code_notation": "KH-UBND",
        "organ_name": "Ủy ban nhân dân xã Đại Đồng",
        "issued_date": date(2025, 2, 3),
        "subject": "phòng cháy, chữa cháy rừng",
        "signer": Signer(full_name="Đỗ Thị Ơn"),
        "text": "Kế hoạch phòng cháy, chữa cháy rừng; căn cứ Kế hoạch số 254-KH/TU.",
        "references": [Reference(notation="254-KH/TU")],
        "evidence": {"/code_number": Evidence(confidence=0.4, page=1, candidates=[("12", 0.4)], method="handwriting")},
    },
}
"""Three dispatches that refer to each other, by the name of the file that stands for them."""


def dispatch_for(name: str, sha256: str) -> Dispatch:
    values = dict(DISPATCHES[name])
    pages = [
        PageText(number=n, text=text, layer="none", method="text")
        for n, text in enumerate(values["text"].split("\f"), 1)
    ]
    source = Source(name=name, sha256=sha256, media_type="text/plain", page_amount=len(pages))
    return Dispatch(source=source, pages=pages, **values)


@pytest.fixture
def filled(tmp_path):
    """An archive with the three dispatches."""
    from vndoc.archive.jobs import Outcome  # noqa: PLC0415

    arrivals = tmp_path / "arrivals"
    arrivals.mkdir()
    for name in DISPATCHES:
        (arrivals / name).write_text(name, encoding="utf-8")

    def work(job):
        dispatch = dispatch_for(Path(job.path).name, job.sha256)
        return Outcome(job, dispatch.model_dump_json(), seconds=0.5)

    with Archive(tmp_path / "filled.sqlite") as archive:
        archive.batch([arrivals], executor=HereAndNow(work))
        yield archive


def ledger_rows(archive):
    """The ledger without what differs between two runs of the same: times, memory, numbers of rows."""
    return sorted(
        (e.sha256 or "", e.state, e.category, e.attempts, e.page_amount, tuple(Path(p).name for p in e.paths))
        for e in archive.entries()
    )


def results(archive):
    """The dispatches by the content they were read from."""
    return {e.sha256: archive.dispatch(e.document_id).model_dump_json() for e in archive.entries("done")}
