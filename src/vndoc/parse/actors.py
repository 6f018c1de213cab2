"""Who must act: the phrase that names the units on which a duty is laid, and where it ends."""

from functools import cache

import regex

from vndoc.parse.fold import tidy
from vndoc.parse.knowledge import load
from vndoc.parse.organs import organs_in

_LISTING = regex.compile(r"\bcác \p{L}+$")  # 'Giám đốc các Sở: Y tế, Tài chính'
_LEADS = regex.compile(
    r"\s+(?:chủ trì(?!\s+(?:cuộc|buổi|hội nghị|họp|phiên))|chịu trách nhiệm|có trách nhiệm)(?!\p{L})"
)
_MAX = 500
_TRIM = " ,;:.-–"


def _words(words: list[str]) -> str:
    return "|".join(r"\s+".join(map(regex.escape, w.split())) for w in sorted(set(words), key=len, reverse=True))


@cache
def _starts() -> "regex.Pattern[str]":
    """What an actor's name may begin with, at the start of a sentence."""
    organs, duties = load("issuers"), load("duties")
    names = [*organs["posts"], *organs["fixed"], *organs["placed"], *organs["heads"], *duties["actors"]]
    return regex.compile(rf"(?!(?:{_words(duties['not_actors'])})(?!\p{{L}}))(?:{_words(names)})(?!\p{{L}})")


@cache
def _starts_within() -> "regex.Pattern[str]":
    """The same behind an order, where it need not be a capital: 'yêu cầu các sở, ngành …'."""
    return regex.compile(rf"(?:{_words(load('duties')['actors_small'])})(?!\p{{L}})|{_starts().pattern}")


@cache
def _order() -> "regex.Pattern[str]":
    words = load("duties")["orders"]
    both = _words([*words, *(w[0].upper() + w[1:] for w in words)])
    return regex.compile(rf"(?<!\p{{L}})(?:{both})\s+(?:cho\s+)?(?!của|tại)")


@cache
def _ends() -> "regex.Pattern[str]":
    """The verb that opens the duty; "tổ chức" alone is a noun as often ('cơ quan, tổ chức, cá nhân')."""
    return regex.compile(rf"[.;:(]|(?<!\bđược)\s+(?:{_words(load('duties')['verbs'])})(?!\p{{L}})")


def actor_at(text: str, start: int = 0, within: bool = False) -> tuple[str, int] | None:
    """The actor named from ``start`` of ``text`` and where his name ends; None where none is named.

    ``within`` a sentence, behind an order, he need not begin with a capital.
    """
    opening = (_starts_within() if within else _starts()).match(text, start)
    if not opening:
        return None
    end = _end(text, opening.end(), start + _MAX)
    if end == opening.end() and " " not in opening.group() and text[end : end + 1] == " ":
        end = _end(text, end + 1, start + _MAX)  # a bare head: 'Đoàn kiểm tra', 'Tổ giám sát'
    name = tidy(text[start:end]).strip(_TRIM)
    return (name, end) if name else None


def _end(text: str, at: int, limit: int) -> int:
    """Where the name ends: at the verb, or at a stop; a semicolon before another post or office goes on."""
    while stop := _ends().search(text, at, min(limit, len(text))):
        mark = stop.group()
        following = regex.compile(r"\s*").match(text, stop.end())
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
    """The office that leads or answers for something in the middle of a sentence: '…; Chi cục Kiểm lâm chủ trì'."""
    for organ in organs_in(text, 0, len(text)):
        if _LEADS.match(text, organ.end):
            return organ.name
    return None


def opening_actor(text: str, acting: bool = False) -> str | None:
    """The actor with whom a title or a sentence opens, with or without an order before him.

    ``acting``: only if a verb says what he does; a list of those who attend a meeting lays no duty on them.
    """
    start = len(text) - len(text.lstrip(" -–+•*“("))
    order = _order().match(text, start)
    found = actor_at(text, order.end(), within=True) if order else actor_at(text, start)
    if found and (order := _order().match(text, found[1] + 1)):  # 'UBND tỉnh yêu cầu Sở Y tế …'
        found = actor_at(text, order.end(), within=True)
    if not found or (acting and not _acts(text, found[1])):
        return None
    return found[0]


def _acts(text: str, end: int) -> bool:
    """Whether a verb follows the name: at once, or behind a colon ('- Sở Y tế: Chủ trì …')."""
    rest = text[end : end + 40].lstrip(" :")
    return bool(_ends().match(f" {rest[:1].lower()}{rest[1:]}"))
