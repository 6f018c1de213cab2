"""The components of a dispatch's form, as Decree 30/2020/NĐ-CP, Article 8 counts them, cut out of its lines."""

from dataclasses import dataclass, field
from typing import Literal

from vndoc.parse.lines import TextLine

ZoneName = Literal[
    "issuer",
    "national_title",
    "number",
    "place_date",
    "title",
    "recipients",
    "body",
    "tables",
    "signature",
    "to_places",
    "stamps",
    "furniture",
    "annex",
    "copy",
    "overlays",
]


@dataclass(slots=True, frozen=True)
class Zones:
    """Every line, or a column's part of a line, in the zone it belongs to; reading order within each zone."""

    issuer: tuple[TextLine, ...] = ()
    """Cơ quan chủ quản and cơ quan ban hành (box 2 of the decree's layout)."""
    national_title: tuple[TextLine, ...] = ()
    """Quốc hiệu and tiêu ngữ, or the Party's title (box 1)."""
    number: tuple[TextLine, ...] = ()
    """Số, ký hiệu (box 3)."""
    place_date: tuple[TextLine, ...] = ()
    """Địa danh, ngày tháng năm (box 4)."""
    title: tuple[TextLine, ...] = ()
    """Tên loại and trích yếu (box 5a), or V/v under the number (box 5b)."""
    recipients: tuple[TextLine, ...] = ()
    """Kính gửi (box 9a)."""
    body: tuple[TextLine, ...] = ()
    """Nội dung (box 6), but for its tables."""
    tables: tuple[TextLine, ...] = ()
    """The cells of the tables of the body; those of annexes stand there."""
    signature: tuple[TextLine, ...] = ()
    """Quyền hạn, chức vụ, họ tên (boxes 7a, 7b)."""
    to_places: tuple[TextLine, ...] = ()
    """Nơi nhận (box 9b)."""
    stamps: tuple[TextLine, ...] = ()
    """Dấu đến, độ mật, độ khẩn (boxes 10a, 10b)."""
    furniture: tuple[TextLine, ...] = ()
    """Page numbers, digital-signature overlays, running heads, scanner noise."""
    annex: tuple[TextLine, ...] = ()
    """Phụ lục, forms and attached documents behind the signature, with their own headers."""
    copy: tuple[TextLine, ...] = ()
    """What an office that certified a copy has put below the signature: its name, number, date and signer."""
    overlays: tuple[TextLine, ...] = ()
    """Notes that were typed over the page later, such as a chief's orders (bút phê)."""


@dataclass(slots=True)
class Collector:
    """Zones being filled."""

    lines: dict[ZoneName, list[TextLine]] = field(default_factory=dict)

    def put(self, zone: ZoneName, *lines: TextLine) -> None:
        """Adds lines at the end of a zone."""
        self.lines.setdefault(zone, []).extend(lines)

    def in_order(self, zone: ZoneName) -> None:
        """Lines of a zone in the order of the text: what runs over several of them has offsets that say it."""
        self.lines.get(zone, []).sort(key=lambda line: line.start)

    def last(self, zone: ZoneName) -> TextLine | None:
        """The zone's last line so far."""
        return self.lines[zone][-1] if self.lines.get(zone) else None

    def zones(self) -> Zones:
        """What has been collected."""
        return Zones(**{name: tuple(lines) for name, lines in self.lines.items()})
