"""Who must act: the phrase that names the units on which a duty is laid, and where it ends."""

from functools import cache

import regex

from vndoc.parse.fold import tidy
from vndoc.parse.knowledge import load
from vndoc.parse.organs import organs_in

_LISTING = regex.compile(r"\b[Cc]ác \p{L}+$")  # 'Giám đốc các Sở: Y tế, Tài chính'
_LEADS = regex.compile(
    r"\s+(?:chủ trì(?!\s+(?:cuộc|buổi|hội nghị|họp|phiên))|chịu trách nhiệm|có trách nhiệm)(?!\p{L})"
)
_MAX = 500
_OPENING = 300  # characters in which the opening phrase of a sentence ends
_COMMA = regex.compile(r"[,:]\s+")
_LEAD = regex.compile(r"[ –+•*“(-]*(?:\(?(?:[ivx]{1,4}|\d{1,2})\)\s*)?")  # a bullet, '(ii)'
_DONE = regex.compile(r"\s+(?:đã|đang)\b")
_DANGLING = regex.compile(r"(?:[\s,]+(?:và|hoặc|cùng|với|của|có|cho|theo|được|thì))+$")
_FOR = regex.compile(r"(?<!\p{L})(?:để|cho|tới|đến)\s+")
_KNOWS = regex.compile(r"\s*(?:được\s+)?(?:biết|nắm được|tham khảo)\s*(?:,|và)\s*")
_SO_THAT = regex.compile(r"\s+(?:để|nhằm)\s+")
_CLAUSE = regex.compile(r"[;,]\s+")
_PASSIVE = regex.compile(r"\bđược (?!giao|phân công|phân cấp|ủy quyền|cấp|Ủy ban)")
_COUNTED = r"tổ chức(?=\s+\d)"  # 'tổ chức 06 lớp'; by itself it is a noun as often
_BLANK = regex.compile(r"\s*")
_GROUP = regex.compile(r"[Cc]ác\b")
_GAP = regex.compile(r"(?:,|;|\s+và|\s+cùng)\s+")
_WITH = regex.compile(
    r"\b[Pp]hối hợp(?: chặt chẽ| thường xuyên)?(?: cùng| với)*\s+|\b[Cc]hủ trì cùng(?: với)?\s+(?=\p{L})"
)
_TRIM = " ,;:.-–"


def _words(words: list[str]) -> str:
    return "|".join(r"\s+".join(map(regex.escape, w.split())) for w in sorted(set(words), key=len, reverse=True))


@cache
def _starts() -> "regex.Pattern[str]":
    """What an actor's name may begin with, at the start of a sentence."""
    organs, duties = load("issuers"), load("duties")
    names = [*organs["posts"], *organs["fixed"], *organs["placed"], *organs["heads"], *duties["actors"]]
    no_names = rf"(?:{_words(duties['not_actors'])})(?!\p{{L}})"
    return regex.compile(rf"(?<!\p{{L}})(?!{no_names}|{_no_members()})(?:{_words(names)})(?!\p{{L}})")


def _no_members() -> str:
    """A group of things, which cannot act: 'mỗi ngày', 'những vướng mắc'; 'các đơn vị' can."""
    duties = load("duties")
    groups, members = _words(duties["groups"]), _words(duties["members"])
    return rf"(?i:(?:{groups})\s+(?!(?:{groups}|{members})(?!\p{{L}})))"


@cache
def _starts_within() -> "regex.Pattern[str]":
    """The same behind an order, where it need not be a capital: 'yêu cầu các sở, ngành …'."""
    duties = load("duties")
    others = _words([name[0].lower() + name[1:] for name in duties["not_actors"]])
    small = _words(duties["actors_small"])
    return regex.compile(rf"(?!(?:{others})(?!\p{{L}})|{_no_members()})(?:{small})(?!\p{{L}})|{_starts().pattern}")


@cache
def _order() -> "regex.Pattern[str]":
    words = load("duties")["orders"]
    both = _words([*words, *(w[0].upper() + w[1:] for w in words)])
    return regex.compile(rf"(?<!\p{{L}}|\b(?:bàn|chuyển|được) )(?:{both})\s+(?:cho\s+)?(?!của|tại)")


@cache
def _ends() -> "regex.Pattern[str]":
    """The verb that opens the duty; "tổ chức" alone is a noun as often ('cơ quan, tổ chức, cá nhân')."""
    data = load("duties")
    verbs = _words([*data["verbs"], *data["loose_verbs"], *data["no_deeds"]])
    nouns = "|".join(rf"(?<=\b{a})\s+{b}\b" for a, b in (words.split() for words in data["half_words"]))
    return regex.compile(rf"[.;:(]|(?<!\bđược)(?!{nouns})\s+(?:(?:{verbs})(?!\p{{L}})|{_COUNTED})")


@cache
def _does(strict: bool) -> "regex.Pattern[str]":
    """A verb that shows that the one named before it acts; what he has done already is no duty."""
    data = load("duties")
    verbs = data["verbs"] if strict else [*data["verbs"], *data["loose_verbs"]]
    return regex.compile(rf"(?<!\p{{L}})(?:(?:{_words(verbs)})(?!\p{{L}})|{_COUNTED})")


@cache
def _counted_deeds() -> "regex.Pattern[str]":
    """What was done so many times: 'tiếp nhận 25 hồ sơ' is no duty."""
    return regex.compile(rf"\s+(?:{_words(load('duties')['counted_deeds'])})\s+(?:được\s+)?\d")


@cache
def _openings() -> "regex.Pattern[str]":
    return regex.compile(rf"(?:{_words(load('duties')['openings'])})(?!\p{{L}})")


def actor_at(text: str, start: int = 0, within: bool = False) -> tuple[str, int] | None:
    """The actor named from ``start`` of ``text`` and where his name ends; None where none is named.

    ``within`` a sentence, behind an order, he need not begin with a capital.
    """
    opening = (_starts_within() if within else _starts()).match(text, start)
    if not opening:
        return None
    end = _end(text, opening.end(), start + _MAX)
    if (
        end == opening.end()
        and " " not in opening.group()
        and text[end : end + 1] == " "
        and not _DONE.match(text, end)
        and opening.group() in load("duties")["teams"]
    ):
        end = _end(text, end + 1, start + _MAX)  # a bare head: 'Đoàn kiểm tra', 'Tổ giám sát'
    name = _DANGLING.sub("", tidy(text[start:end]).strip(_TRIM))
    return (name, end) if name else None


def _end(text: str, at: int, limit: int) -> int:
    """Where the name ends: at the verb, or at a stop; a semicolon before another post or office goes on."""
    while stop := _ends().search(text, at, min(limit, len(text))):
        mark = stop.group()
        following = _BLANK.match(text, stop.end())
        goes_on = following and _starts().match(text, following.end())
        listed = _LISTING.search(text[max(0, stop.start() - 40) : stop.start()])
        if (mark == ";" and goes_on) or (mark == ":" and listed and not _acts(text, stop.end())):
            at = stop.end()
        elif mark == "(":
            close = text.find(")", stop.end(), stop.end() + 120)
            if close < 0:
                return stop.start()
            at = close + 1
        else:
            return stop.start()
    return min(limit, len(text))


def ordered(text: str, start: int = 0) -> tuple[str, int] | None:
    """The first actor behind an order ('giao Sở Y tế chủ trì') from ``start`` on, and where his name ends."""
    for order in _order().finditer(text, start):
        if found := actor_at(text, order.end(), within=True):
            return found
    return None


def leading_actor(text: str) -> str | None:
    """The one who leads or answers for something in the middle of a sentence: '…; Chi cục Kiểm lâm chủ trì'."""
    if not _LEADS.search(text):
        return None
    for organ in organs_in(text, 0, len(text)):
        if _LEADS.match(text, organ.end):
            return organ.name
    for start in _starts().finditer(text):
        found = actor_at(text, start.start())
        if found and _LEADS.match(text, found[1]):
            return found[0]
    return None


def opening_actor(text: str, acting: bool = False, behind: bool = False) -> str | None:
    """The actor with whom a title or a sentence opens, with or without an order before him.

    ``acting``: only if a verb says what he does; a list of those who attend a meeting lays no duty on them.
    ``behind``: also behind an opening phrase ('Trong thời hạn 05 ngày, Sở Y tế gửi …').
    """
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    found = _named_at(text, start)
    if found and (not acting or _acts(text, found[1])):
        return found[0]
    if found or not (behind and _openings().match(text, start)):
        return None
    for comma in _COMMA.finditer(text, start, start + _OPENING):
        found = _named_at(text, comma.end(), within=True)
        told = found and (_PASSIVE.search(found[0]) or _counted_deeds().match(text, found[1]))
        if found and not told and _acts(text, found[1], strict=True):
            return found[0]
    return None


def addressed(text: str) -> str | None:
    """Whom a sentence about something else reaches, and what he does with it: 'gửi mẫu để các đơn vị thực hiện'."""
    for word in _FOR.finditer(text):
        found = actor_at(text, word.end(), within=True)
        if not found:
            continue
        known = _KNOWS.match(text, found[1])  # 'để các đơn vị biết, thực hiện'
        if _acts(text, known.end() if known else found[1], strict=True):
            return found[0]
        if (purpose := _SO_THAT.match(text, found[1])) and _does(strict=True).match(text, purpose.end()):
            return found[0]
    for stop in _CLAUSE.finditer(text):
        found = actor_at(text, stop.end(), within=True)
        if found and _acts(text, found[1], strict=True) and not _PASSIVE.search(found[0]):
            return found[0]
    return None


def _named_at(text: str, start: int, within: bool = False) -> tuple[str, int] | None:
    order = _order().match(text, start)
    found = actor_at(text, order.end(), within=True) if order else actor_at(text, start, within)
    if found and (order := _order().match(text, found[1] + 1)):  # 'UBND tỉnh yêu cầu Sở Y tế …'
        found = actor_at(text, order.end(), within=True)
    return found


def _acts(text: str, end: int, strict: bool = False) -> bool:
    """Whether a verb follows the name: at once, or behind a colon ('- Sở Y tế: Chủ trì …')."""
    rest = text[end : end + 40].lstrip(" :")
    return bool(_does(strict).match(f"{rest[:1].lower()}{rest[1:]}"))


def does_something(text: str) -> bool:
    """Whether a verb opens the text, or stands in it; a list of those who are invited has none."""
    start = text.lstrip(" -–+•*“(")
    opened = _does(strict=True).match(f"{start[:1].lower()}{start[1:]}")
    return bool(opened or _does(strict=True).search(text))


def coordinators(text: str) -> list[str]:
    """Those with whom the one who leads must act: 'chủ trì, phối hợp với Sở Tài chính, Sở Nội vụ và các đơn vị …'."""
    names: list[str] = []
    for word in _WITH.finditer(text):
        if found := actor_at(text, word.end(), within=True):
            names += [name for name in listed(found[0]) if name not in names]
    return names


def names_only(text: str) -> bool:
    """Whether the text is a list of names and no sentence about them."""
    found = actor_at(text, 0, within=True)
    return len(text) <= _MAX and (
        not _ends().search(text.rstrip(_TRIM)) if found is None else found[1] >= len(text) - 2
    )


def listed(names: str) -> list[str]:
    """The names of a list, each by itself; 'các sở, ban, ngành' stays one."""
    parts: list[str] = []
    for gap, part in zip(["", *_GAP.findall(names)], _GAP.split(names), strict=True):
        grouped = parts and _GROUP.match(parts[-1])  # 'các cơ quan, đơn vị và địa phương' are one
        small = _GROUP.match(part) or (gap.strip() in ("và", "cùng") and _starts_within().match(part))
        if parts and not (_starts().match(part) or (small and not grouped) or gap.strip() == ";"):
            parts[-1] += gap + part
        else:
            parts.append(part)
    return [name for part in parts if (name := part.strip(_TRIM))]
