"""The fixed words of the form, recognised in spite of misread letters: what tells one zone from the next."""

from dataclasses import dataclass
from functools import cache, lru_cache

import regex

from vndoc.parse.knowledge import bare, best_match, is_capitals, likeness, load

NUMBER_START = regex.compile(
    r"^\W{0,3}(?:\p{L}\s)?(?:(?-i:\p{Lu}\p{Ll}{2,6})(?:\s\p{L}{2,6}){0,3}\s(?=số\s?:))?(?:S[ốóôòỏõọồộổoơ06éêẽẻẹèếềểễệở]|só|số|sô)\s*(?=[^\p{L}]|[\p{L}\W]{0,3}\d|\w{1,8}\s*/)",
    regex.I,
)
"""The word 'Số' at the head of a line, with what OCR makes of it; 'Nghị quyết số:' where the type stands before it."""

_WORDS = frozenset(("vi", "vy", "ly", "li"))
"""Words of the letters that 'V/v' is misread as."""
_BARE_NUMBER = regex.compile(
    r"^(?:\W{0,3}(?:S\S{0,6}\s?)?|\S{1,3}\s?:\s?\d{1,6}\s?)[/⁄]\s?((?:19|20)\d\d[/⁄])?\p{Lu}{2,}\S{0,20}$"
)
"""A notation without its number, or behind a label of which half is lost: 'ố: 21/QĐ-UBND'."""

DAY_MONTH = regex.compile(
    r"ng[àaáâạảãă]y(?P<day>.{0,16}?)th[áaàâảãạúuủ]\s?ng(?P<month>.{0,8}?)n[ăaâáäd]{1,2}m(?P<year>[^\p{L}]{0,8}\w{0,8})",
    regex.I,
)
"""'ngày … tháng … năm …', on one line; the groups are what stands between the printed words."""

SUBJECT_START = regex.compile(r"^\W{0,2}V\s*[/⁄\\íìỉil|!1]+\s*v\b[\s:.]*", regex.I)
"""'V/v' at the head of a line."""

_ABOUT = regex.compile(r"^\W{0,2}V[ềêeé]\s?vi[ệêe]c\b", regex.I)

_RUINED = regex.compile(
    r"^\W{0,2}(?P<label>(?:V\s)?[VvWwyýỳỷíìỉịilI1|!/⁄\\.]{1,4}):?\s+(?!(?:kiến|nghĩa|thức|tưởng|định|chí)\b)(?=\p{Lu}?\p{Ll})"
)
"""What OCR makes of 'V/v' besides: 'V⁄y', 'ý', 'Vly:', '/v'."""

SENT_TO = regex.compile(
    r"^\W{0,3}k[íìỉiïĩ]nh\s?\W?\s?g[ửừứữựưuúùủi]+[irj1l]?\s*[:;.]?|^(?-i:[\p{Lu}\s]{5,80})\s[đd]i[ệêe]n\s?:", regex.I
)
"""'Kính gửi', and 'THỦ TƯỚNG CHÍNH PHỦ điện:' of a telegram."""

_PLACES_LABEL = r"^\W{0,3}\w{0,2}[oơôóờớởaq]i?\s?nh[aâậạấầăắặ]n"
_TO_PLACES = regex.compile(rf"{_PLACES_LABEL}\s*[:;.]|^(?-i:Nơi nhận(?=$|\s\p{{Lu}}{{2}}|\s[TK]/))", regex.I)
_TO_PLACES_LABEL = regex.compile(rf"{_PLACES_LABEL}\s*[:;.]?\s*", regex.I)
_AS_ABOVE = regex.compile(
    r"^\W{0,3}nh[ưuứ]\s+(tr[êeé]n|[đd]i[ềeêé]u\s+\d|th[àa]nh\s+ph[ầaâ]n|TP m[ờo]i|k[íi]nh g[ửu]i)\b", regex.I
)
_STORED = regex.compile(r"^\W{0,4}(?:L[ưuứ][ưuứ]|[\p{L}]{2,3}(?=:?\s?VT))\s?[:.]?\s*(?:VT|V[ăa]n th[ưu])\b")
_DASHED = regex.compile(r"^\s*[-–—_•+ˆ¬]\s*(?=[\p{L}\"“(]|\d+\s\p{L})")
_BULLET = regex.compile(r"^\s*[-–—_•*+ˆ¬.]+\s*")
_ROUND = regex.compile(r"\s+L[ẦÀA]N\s+(?:TH[ỨU]\s+)?\w{1,4}$")
_PRINT = regex.compile(r"\p{L}{2}|\d{2}")
_PAGE_NUMBER = regex.compile(r"^\W{0,3}(trang\s*)?\d{1,3}(\s*/\s*\d{1,3})?\W{0,3}$", regex.I)
_ANNEX = regex.compile(r"^\W{0,3}(PH[ỤUỦÙ]\s?L[ỤUỦÙ]C|Ph[ụu]\s?l[ụu]c|M[ẪA]U\s+S[ỐO]|M[ẫa]u\s+s[ốo])\b[^.;,]{0,60}$")
_ATTACHED = regex.compile(r"^\W{0,2}\((?:Ban hành )?[Kk]èm theo \p{Lu}")


@dataclass(slots=True, frozen=True)
class Mark:
    """A mark of urgency, secrecy, circulation or draft: the field it fills and its canonical value."""

    field: str
    value: str
    score: float


@lru_cache(maxsize=10_000)
def national_likeness(text: str) -> float:
    """How alike the text is to a national title or motto; 1 and more for what passes as one."""
    floors = {"state": 0.8, "party": 0.88, "union": 0.88}
    titles = load("marks")["national_titles"]
    known = [(t["name"], floors[t["group"]]) for t in titles] + [(t["motto"], 0.8) for t in titles if t["motto"]]
    return max(likeness(text, name) / floor for name, floor in known)


def is_national_title(text: str) -> bool:
    """Quốc hiệu, or the Party's title, alone on the line."""
    titles = load("marks")["national_titles"]
    # The Party's title is short, and half of it stands in other names: 'HỘI NÔNG DÂN VIỆT NAM'.
    return any(likeness(text, t["name"]) >= (0.75 if t["group"] == "state" else 0.85) for t in titles)


def is_motto(text: str) -> bool:
    """Tiêu ngữ 'Độc lập - Tự do - Hạnh phúc'."""
    return any(title["motto"] and likeness(text, title["motto"]) >= 0.7 for title in load("marks")["national_titles"])


def is_number_line(text: str) -> bool:
    """'Số: 01/CT-UBND': the word Số, and a slash or a capital notation behind it."""
    found = NUMBER_START.match(text)
    if not found:
        return bool(_BARE_NUMBER.match(text))
    rest = text[found.end() :]
    labelled = bool(regex.match(r"\s*[:.;,]", rest)) and bool(regex.search(r"\p{Lu}{2,}", rest))
    labelled = labelled or bool(regex.match(r"\s*\d{1,5}\s?[:;.,|]\s?\p{Lu}{2,3}\s?-\s?\p{Lu}{2}", rest))
    return (labelled or bool(regex.search(r"[/⁄]\s*(\d{4}/)?\p{Lu}", rest))) and len(rest) < 60


def is_place_date(text: str) -> bool:
    """'Hà Nội, ngày … tháng … năm …' with nothing much around it."""
    found = DAY_MONTH.search(text)
    return found is not None and found.start() < 45 and len(text) - found.end() < 6


def type_and_subject(text: str) -> tuple[str, str] | None:
    """Type and subject printed as one line of capitals: 'BÁO CÁO TÌNH HÌNH THỰC HIỆN …'."""
    words = text.strip(" |.,;-_'\"`~*").split()
    if len(words) < 4 or not is_capitals(text, 0.9):
        return None
    for size in (4, 3, 2):
        name = titles().get(" ".join(words[:size]))
        if name:
            return name, " ".join(words[size:])
    return None


def starts_subject(text: str) -> bool:
    """'V/v …', or 'Về việc …' as the Party's letters have it, at the head of a line."""
    return bool(SUBJECT_START.match(text) or _ABOUT.match(text))


def ruined_subject_start(text: str) -> int:
    """Where the subject begins behind letters that are no word and can only be 'V/v'; 0 where there are none.

    >>> ruined_subject_start("V⁄y rà soát hồ sơ"), ruined_subject_start("ý kiến về dự thảo")
    (4, 0)
    """
    found = _RUINED.match(text)
    if found is None or bare(found["label"]) in _WORDS or not regex.search("[VvWw/⁄ýÝ]", found["label"]):
        return 0
    return int(found.end())


def is_party_title(text: str) -> bool:
    """The Party's title 'ĐẢNG CỘNG SẢN VIỆT NAM'."""
    titles = [title["name"] for title in load("marks")["national_titles"] if title["group"] == "party"]
    return any(likeness(text, title) >= 0.85 for title in titles)


def is_to_places(text: str) -> bool:
    """'Nơi nhận:' at the head of the line."""
    return bool(_TO_PLACES.match(text))


def after_to_places(text: str) -> str:
    """The line without the label 'Nơi nhận:' that it may begin with."""
    return _TO_PLACES_LABEL.sub("", text) if is_to_places(text) else text


def is_as_above(text: str) -> bool:
    """'- Như trên', '- Như Điều 3': the first entry of Nơi nhận, wherever its heading is unreadable."""
    return bool(_AS_ABOVE.match(text)) and len(text) < 40


def is_stored(text: str) -> bool:
    """'- Lưu: VT, …': the last entry of Nơi nhận."""
    return bool(_STORED.match(text)) and len(text) < 60


def is_annex_title(text: str) -> bool:
    """'Phụ lục II', 'PHỤ LỤC', 'Mẫu số 01' as a heading."""
    return bool(_ANNEX.match(text))


def is_attached_to(text: str) -> bool:
    """'(Kèm theo Kế hoạch số 12/KH-UBND ngày …)' in brackets, below the title of an annex."""
    return bool(_ATTACHED.match(text))


def is_bullet(text: str) -> bool:
    """Whether the line opens with a dash."""
    return bool(_DASHED.match(text))


def without_bullet(text: str) -> str:
    """The line without its leading dash."""
    return _BULLET.sub("", text)


@cache
def _overlays() -> list[regex.Pattern[str]]:
    return [regex.compile(entry["pattern"], regex.I) for entry in load("marks")["overlays"]]


def is_overlay(text: str) -> bool:
    """What a digital signature prints on the page: 'Ký bởi: …', an address, a time stamp."""
    return any(pattern.search(text) for pattern in _overlays())


def is_page_number(text: str) -> bool:
    """A number of at most three digits alone on the line."""
    return bool(_PAGE_NUMBER.match(text))


def is_noise(text: str) -> bool:
    """Specks and rules read as letters: no word of two letters in it."""
    return not _PRINT.search(text)


def mark_of(text: str) -> Mark | None:
    """The mark that the text consists of ('HỎA TỐC', 'MẬT', 'LƯU HÀNH NỘI BỘ', 'DỰ THẢO LẦN 2'), in capitals only."""
    stripped = _ROUND.sub("", text.strip(" |:.,;-_[](){}'\"`"))
    if not 3 <= len(stripped) <= 20 or not is_capitals(stripped):
        return None
    options = _marks()
    if stripped in options:
        return Mark(*options[stripped], 1.0)
    found = best_match(stripped, options, 0.85, options.__getitem__)
    # One syllable alone is too easily a fragment of something else.
    if found is None or len(bare(found[0]).split()) < 2:
        return None
    return Mark(*options[found[0]], found[1])


@cache
def _marks() -> dict[str, tuple[str, str]]:
    """Field and canonical value of every mark by its wording."""
    marks, fields = load("marks"), ("urgency", "secrecy", "circulation", "draft")
    return {e: (field, r["name"]) for field in fields for r in marks[field] for e in r["examples"]}


@cache
def titles() -> dict[str, str]:
    """The names of the types as titles are printed, with the type of each."""
    return {title: entry["name"] for entry in load("document_types")["types"] for title in entry["titles"]}


def type_of_title(text: str) -> tuple[str, float] | None:
    """The document type whose name the line consists of, and the likeness; capitals only."""
    stripped = text.strip(" |.,;-_'\"`~*")
    if stripped.endswith(":") or not 3 <= len(stripped) <= 40 or not is_capitals(stripped, 0.7):
        return None
    known = titles()
    found = best_match(stripped, known, 0.8, known.__getitem__)
    if found is None or (len(bare(found[0])) <= 6 and found[1] < 0.9):
        return None
    return known[found[0]], found[1]
