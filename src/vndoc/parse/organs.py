"""Names of offices in running text: where one begins and, harder, where it ends.

Only the first letter of each part of such a name is a capital ('Ban Quản lý dự án Đầu tư xây dựng'), so capitals do
not tell the end. Known names do, and for the others the words that open what an office does (``data/issuers.json``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

import regex

from vndoc.parse.fold import fold, tidy
from vndoc.parse.knowledge import is_capitals, load
from vndoc.parse.notation import initials, kinds
from vndoc.parse.places import place_at

_MAX_WORDS = 16
_MAX = 300  # characters that a name with its posts may take
_END_MARKS = tuple(',;:.)(“”"')
_CHIEF = regex.compile(r"(?:Phó )?Trưởng\s+(?=(?:phòng|ban|khoa)\s+\p{Lu})")
_OF_LEVEL = regex.compile(r"của\s+(?:tỉnh|thành phố|huyện|thị xã|quận|xã|phường|thị trấn)(?!\p{L})")
_WORD = regex.compile(r"\S+")
_NUMBERED = regex.compile(
    r"\s+(?:[Kk]hu\s+vực\s+(?:[IVX]+|\d{1,2})(?:\s+-\s+\p{Lu}\p{Ll}+(?:\s+\p{Lu}\p{Ll}+){0,3})?|(?<=cơ\s+sở\s+)\d{1,2})(?!\w)"
)
_SHORT = regex.compile(r"\s*\(\p{Lu}[\p{Lu}\d]{1,9}\)(?=\s)")


@dataclass(slots=True, frozen=True)
class OrganMatch:
    """An office named at ``start`` (up to ``end``, exclusive); ``name`` is tidy, known parts spelt as known."""

    start: int
    end: int
    name: str
    post: str | None = None

    @property
    def office(self) -> str:
        """The name without the post before it: 'Giám đốc Sở Tư pháp' -> 'Sở Tư pháp'."""
        return self.name[len(self.post) + 1 :] if self.post else self.name

    @property
    def initials(self) -> str:
        """Initials of the office as notations use them: 'Sở Giáo dục và Đào tạo' -> 'SGDĐT'."""
        return initials(self.office)


def organ_at(text: str, start: int, end: int | None = None) -> OrganMatch | None:
    """The office whose name (or post) begins at ``start`` of ``text``; the name stops before ``end``."""
    window = text[start : min(start + _MAX, len(text) if end is None else end)]
    if chief := _CHIEF.match(window):  # 'Trưởng phòng Nội vụ': the head of Phòng Nội vụ
        window = window[: chief.end()] + window[chief.end()].upper() + window[chief.end() + 1 :]
    folded = fold(window)
    if not window[:1].isupper() and not _common(folded):
        return None
    posts, at = _posts(window, folded)
    body = _body(window, folded, at)
    if body is None and not posts and _pattern("posts").match(folded) and (word := _WORD.match(window)):
        at, posts = word.end() + 1, True  # 'Chánh Thanh tra thành phố': the office is part of the post
        body = _body(window, folded, at)
    if body is None:
        return None
    stop, office = body
    post = tidy(window[:at]).rstrip() if posts else None
    name = f"{post} {office}" if post else office
    return OrganMatch(start, start + stop, name, post)


def _body(window: str, folded: str, at: int) -> tuple[int, str] | None:
    if at >= len(window):
        return None
    known = [body for body in (_fixed(folded, at), _placed(window, folded, at)) if body]
    return max(known, key=lambda body: body[0], default=None) or _headed(window, folded, at)


def _common(folded: str) -> bool:
    """Whether a name long enough to be known by itself opens the text: 'ủy ban nhân dân tỉnh' without a capital."""
    match = _pattern("placed").match(folded)
    return bool(match and match.group().count(" ") >= 3)


def organs_in(text: str, start: int, end: int) -> Iterator[OrganMatch]:
    """All offices named between two offsets, longest at each place, in order."""
    window = text[start:end]
    folded, at = fold(window), 0
    known, free = _openers().search(folded), _heads().search(window)
    while known or free:
        match = min((m for m in (known, free) if m), key=lambda m: m.start())
        organ = organ_at(text, start + match.start(), end)
        if organ:
            yield organ
        at = organ.end - start if organ else match.end()
        if known and known.start() < at:
            known = _openers().search(folded, at)
        if free and free.start() < at:
            free = _heads().search(window, at)


def _phrase(words: Iterable[str]) -> str:
    """Alternation of phrases, longest first, with any white space between words."""
    return "|".join(r"\s+".join(map(regex.escape, w.split())) for w in sorted(set(words), key=len, reverse=True))


@cache
def _pattern(*groups: str) -> "regex.Pattern[str]":
    """The phrases of some groups, to be laid over folded text."""
    data = load("issuers")
    return regex.compile(rf"(?:{_phrase(fold(w) for g in groups for w in data[g])})(?![\p{{L}}\d])")


@cache
def _openers() -> "regex.Pattern[str]":
    return regex.compile(rf"(?<![\p{{L}}\d]){_pattern('posts', 'fixed', 'placed').pattern}")


@cache
def _heads() -> "regex.Pattern[str]":
    """Head words, with their marks: folded, "Số" would be 'Sở', and "Bố" 'Bộ'."""
    return regex.compile(rf"(?<![\p{{L}}\d])(?:{_phrase(load('issuers')['heads'])})(?![\p{{L}}\d])")


@cache
def _stops() -> "regex.Pattern[str]":
    """Stop words, with their marks: folded, "từ" would cut 'Đầu tư' and "do" 'đô thị'."""
    return regex.compile(rf"(?:{_phrase(load('issuers')['stops'])})(?![\p{{L}}\d])")


@cache
def _types() -> "regex.Pattern[str]":
    names = [fold(name) for names in kinds().values() for name in names]
    return regex.compile(rf"(?:{_phrase([*names, 'luat', 'bo luat'])})(?![\p{{L}}\d])")


@cache
def _spellings(group: str) -> dict[str, str]:
    return {" ".join(fold(name).split()): name for name in load("issuers")[group]}


def _posts(window: str, folded: str) -> tuple[bool, int]:
    """Whether posts open the window, and where they end: 'Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ' has two."""
    at, found = 0, False
    while match := _pattern("posts").match(folded, at):
        post = " ".join(window[at : match.end()].split())  # it may be broken over two lines
        if _heads().match(window, at) and post[0].lower() + post[1:] not in _post_words():
            break  # 'Trường THCS …' is a school, not a 'Trưởng'
        last = match.start() + max(map(match.group().rfind, " \n")) + 1
        if last > match.start() and _heads().match(window, last):  # 'Trưởng Ban Chỉ đạo'
            return True, last
        gap = regex.compile(r"\s+|,\s+(?=\p{Lu})").match(window, match.end())
        if not gap or not window[gap.end() : gap.end() + 1].isupper():
            break
        if "," in gap.group() and not _pattern("posts").match(folded, gap.end()):
            break
        at, found = gap.end(), True
    return found, at


@cache
def _post_words() -> frozenset[str]:
    return frozenset(post[0].lower() + post[1:] for post in load("issuers")["posts"])


def _fixed(folded: str, at: int) -> tuple[int, str] | None:
    match = _pattern("fixed").match(folded, at)
    return (match.end(), _spellings("fixed")[" ".join(match.group().split())]) if match else None


def _placed(window: str, folded: str, at: int) -> tuple[int, str] | None:
    match = _pattern("placed").match(folded, at)
    if not match or not (window[at].isupper() or _common(folded)):
        return None
    name, stop = _spellings("placed")[" ".join(match.group().split())], match.end()
    if short := _SHORT.match(window, stop):
        stop = short.end()  # 'Ủy ban nhân dân (UBND) tỉnh …'
    if name.startswith(("Đảng", "Văn phòng")) and (inner := _inner(window, folded, stop)):
        return inner[0], f"{name} {inner[1]}"
    if number := _NUMBERED.match(window, stop):
        name, stop = f"{name} {tidy(number.group())}", number.end()  # 'Thuế cơ sở 3', 'khu vực 5 - …'
    level = _level().match(folded, stop)
    if level:
        name, stop = f"{name} {_level_name(tidy(window[stop : level.end()]))}", level.end()
    elif regex.compile(r"\s+(?:cap|cac)\s").match(folded, stop):
        return None if at == 0 and not window[at:].strip() else _headed(window, folded, at)
    proper, place = place_at(_level_name(tidy(level.group())).lower() if level else "", window, stop)
    place = place or _place(window, folded, stop)
    if place > stop:
        proper = proper or tidy(window[stop:place])
        name, stop = f"{name} {proper.title() if is_capitals(proper) and len(proper) > 3 else proper}", place
    return stop, name


def _inner(window: str, folded: str, at: int) -> tuple[int, str] | None:
    """The office behind another's name: 'Đảng ủy UBND tỉnh'."""
    gap = regex.compile(r"\s+").match(window, at)
    return _placed(window, folded, gap.end()) if gap and _pattern("placed").match(folded, gap.end()) else None


@cache
def _level() -> "regex.Pattern[str]":
    levels = _phrase(map(fold, load("issuers")["levels"]))
    return regex.compile(rf"\s+(?:{levels})(?=[\s,;:.)]|$|(?<=\.)\p{{L}})")


def _level_name(word: str) -> str:
    """A level spelt as known, its capital kept: 'tính' -> 'tỉnh', 'Thành phố' stays, 'TỈNH' -> 'tỉnh'."""
    known = next((level for level in load("issuers")["levels"] if fold(level) == fold(word)), word)
    capital = word[0].isupper() and not (word.isupper() and len(word) > 3)
    return known[0].upper() + known[1:] if capital else known


def _place(window: str, folded: str, at: int) -> int:
    """End of the proper name after ``at``: up to five capitalised words, or a number; ``at`` for none."""
    end = at
    for match in islice(_WORD.finditer(window, at), 5):
        word = match.group().rstrip(',;:.)/”"')
        if not word or not (word[0].isupper() or (word.isdigit() and end == at)) or window[end : match.start()].strip():
            break
        if _types().match(folded, match.start()) or _opens_subject(window, match.start()):
            break
        if _is_heading(window, end, match.start()):
            break
        end = match.start() + len(word)
        if len(word) < len(match.group()):
            break
    return end


def _is_heading(window: str, end: int, at: int) -> bool:
    """Whether what was named up to ``end`` is over and a heading of capitals begins at ``at``, on a line of its own."""
    if "\n" not in window[end:at] or is_capitals(window[:end].rpartition("\n")[2]):
        return False
    line = window[at:].partition("\n")[0]
    return " " in line.strip() and is_capitals(line, 0.95)


def _opens_subject(window: str, at: int) -> bool:
    """Whether, capitals or not, a phrase such as "Ban hành" stands there; one word might be a name (Cần Thơ)."""
    stop = _stops().match(window.lower(), at)
    return bool(stop and (" " in stop.group() or window[at : stop.end()].isupper()))


def _headed(window: str, folded: str, at: int) -> tuple[int, str] | None:
    """A name of free wording behind a head word, up to punctuation, a stop word, a type or another office."""
    head = _heads().match(window, at) or _pattern("placed").match(folded, at)
    if not head or not window[at].isupper() or _types().match(folded, at):
        return None
    end = head.end()
    if window[end : end + 1] in _END_MARKS:
        return end, tidy(window[at:end])
    previous = ""
    for count, match in enumerate(_WORD.finditer(window, end)):
        here, word = match.start(), match.group()
        capital = word[0].isupper()
        stop = None if capital else _stops().match(window, here)
        if stop and not count and " " in stop.group():
            stop = None  # 'Tổ kiểm tra', 'Đoàn thẩm định'
        if _is_heading(window, end, here):
            break
        if count >= _MAX_WORDS or word[0] in '(“"' or (stop and not _OF_LEVEL.match(window, here)):
            break
        if _types().match(folded, here) and capital:
            break
        office = _pattern("posts", "placed").match(folded, here) or _heads().match(window, here)
        if previous in ("va", "-") and (not capital or office):
            break
        bare = word.rstrip(',;:.)/”"')
        if bare not in ("và", "-", "–") and bare:
            end = here + len(bare)
        if len(bare) < len(word):
            break
        previous = "-" if bare in ("-", "–") else fold(bare)
    return end, _respelt(tidy(window[at:end]))


def _respelt(name: str) -> str:
    """The name with letters of its known first words set right, capitals kept: 'Ban Quản lÿ' -> 'Ban Quản lý'."""
    known = _kinds().match(fold(name))
    if not known:
        return name
    spelt = _kind_spellings()[known.group()]
    mended = (
        c if c.lower() == k.lower() else k.upper() if c.isupper() else k for c, k in zip(name, spelt, strict=False)
    )
    return "".join(mended) + name[len(spelt) :]


@cache
def _kind_spellings() -> dict[str, str]:
    return {fold(kind): kind for kind in load("organs")["kinds"]}


@cache
def _kinds() -> "regex.Pattern[str]":
    kinds = sorted(_kind_spellings(), key=len, reverse=True)
    return regex.compile(rf"(?:{'|'.join(map(regex.escape, kinds))})(?!\p{{L}})")
