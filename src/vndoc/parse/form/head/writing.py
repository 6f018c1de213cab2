"""Names of bodies in ordinary writing: 'SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG' -> 'Sở Nông nghiệp và Môi trường'.

In a letterhead everything is capital; in a register the kind of body and each field of its work begin with one (Decree
30/2020/NĐ-CP, Appendix II, IV). Which words make a field is knowledge, not spelling: ``data/organs.json``.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from unicodedata import normalize

import regex

from vndoc.parse.knowledge import bare, load
from vndoc.parse.misreading import is_syllable, is_well_spelt

WORD = regex.compile(r"[\p{L}\d]+(?:[./&'’][\p{L}\d]+)*\.?|[^\p{L}\d\s]")
"""A word or a sign of a body's name."""
_DASH = regex.compile(r"[-–]")
_NAME = regex.compile(r"(?:\p{L}['’])?(?=\p{L}*[AEIOUYĂÂÊÔƠƯaeiouyăâêôơưÀ-ỹ])\p{L}{2,7}")
"""A word of a place's name in any of the country's languages: 'ĐĂK', 'KRÔNG', "H'LEO"."""
_ROMAN = regex.compile(r"[IVXL]+")
_SHAPE, _TONE = regex.compile("[\u0302\u0306\u031b]"), regex.compile("[\u0300\u0301\u0303\u0309\u0323]")
"""Circumflex, breve and horn; the marks of the tones."""
_ETH = str.maketrans("Ðð", "Đđ")
"""The Icelandic letter that fonts and OCR have for Đ."""
_LONGEST_SYLLABLE = 7  # letters of 'nghiêng'


@cache
def _phrases() -> tuple[dict[str, str], dict[str, str], int]:
    """Known phrases by their lower-case words, the same by bare letters, and the longest phrase's length in words."""
    organs, places = load("organs"), load("places")
    known = [
        *organs["fields"],
        *organs["kinds"],
        *(body["name"] for body in organs["named"]),
        *organs["joining"],
        *places["units"],
        *(p["name"] for p in places["provinces"]),
    ]
    exact: dict[str, str] = {}
    loose: dict[str, str] = {}
    for phrase in known:
        exact[_key(phrase)] = phrase
        key = bare(phrase)
        # Bare letters that stand for two phrases tell neither.
        loose[key] = phrase if loose.get(key, phrase).casefold() == phrase.casefold() else ""
    return exact, loose, max(len(WORD.findall(p)) for p in known)


_NEW_TONES = {
    "oà": "òa",
    "oá": "óa",
    "oả": "ỏa",
    "oã": "õa",
    "oạ": "ọa",
    "uỷ": "ủy",
    "uý": "úy",
    "uỳ": "ùy",
    "uỵ": "ụy",
}


_NEW_TONE = regex.compile(rf"(?:{'|'.join(_NEW_TONES)})(?!\p{{L}})")


@lru_cache(maxsize=10_000)
def _key(phrase: str) -> str:
    lowered = " ".join(WORD.findall(phrase.lower()))
    return str(_NEW_TONE.sub(lambda found: _NEW_TONES[found.group()], lowered))


def words_of(name: str) -> list[str]:
    """The words and signs of a body's name."""
    return WORD.findall(name)


def ordinary_case(name: str) -> str:
    """A body's name as a register writes it: 'SỞ Y TẾ' -> 'Sở Y tế', 'UBND TỈNH AN GIANG' -> 'UBND tỉnh An Giang'."""
    words = WORD.findall(name.translate(_ETH))
    out: list[str] = []
    i = 0
    proper = school = False
    while i < len(words):
        phrase, size = phrase_at(words, i, proper)
        if phrase:
            opens = not out or out[-1] in {"-", "("}
            out.append(phrase[0].upper() + phrase[1:] if opens else phrase)
            school = school or phrase in load("organs")["places_follow"]
            proper = school or phrase in load("places")["units"]
            i += size
            continue
        run = i
        while run < len(words) and phrase_at(words, run, proper)[1] == 0 and words[run][0].isalnum():
            run += 1
        if run == i:
            out.append(words[i])
            i += 1
            continue
        out += _unknown_run(words[i:run], proper, numbered=out[-1:] in (["khu vực"], ["số"]))
        i = run
    text = " ".join(out)
    text = regex.sub(r"\s+([,.;)])", r"\1", text)
    return regex.sub(r"\(\s+", "(", text)


def phrase_at(words: Sequence[str], start: int, proper: bool = False) -> tuple[str, int]:
    """The longest known phrase at ``start`` of some :func:`words_of`, and its length in words; ('', 0) for none.

    ``proper``: a name stands there, of which a word ('PHONG') is not taken for another ('Phòng') by its bare letters.
    """
    exact, loose, longest = _phrases()
    if not words[start][0].isalnum():
        return "", 0
    kept = words[start].upper() in load("organs")["uppercase"]
    for size in range(0 if kept else min(longest, len(words) - start), 0, -1):
        if not words[start + size - 1][0].isalnum():
            continue
        part = " ".join(words[start : start + size])
        dashes = len(_DASH.findall(part))
        for table, key in ((exact, _key), (loose, bare)):
            phrase = table.get(key(part))
            if not phrase or dashes != len(_DASH.findall(phrase)):
                continue  # 'TỔ CHỨC - CÁN BỘ' is two fields, 'Tổ chức cán bộ' one
            whole = size > 1 or start == 0 or (len(phrase) > 3 and not proper)
            if table is exact or (whole and _may_be(part, phrase)):
                return phrase, size
    return _glued_phrase_at(words, start)


def _may_be(part: str, phrase: str) -> bool:
    """Whether words as read can be those of a known phrase: marks get lost and changed, but none comes from nothing.

    'HÔI' may be 'Hội' and 'TÌNH' 'tỉnh', but 'QUÂN' is not 'quan', nor 'KHÓA' 'khoa'. Only a word that could be
    written so is taken at its letters.
    """
    pairs = zip(WORD.findall(part), WORD.findall(phrase), strict=False)
    return not any(_has_more(read, known) and is_well_spelt(read) for read, known in pairs)


def _has_more(read: str, known: str) -> bool:
    """Whether a word has a mark that makes another letter, or a tone, where the other has none such."""
    read, known = normalize("NFD", read), normalize("NFD", known)
    shapes = set(_SHAPE.findall(read)) - set(_SHAPE.findall(known))
    return bool(shapes or (_TONE.search(read) and not _TONE.search(known)))


def _glued_phrase_at(words: Sequence[str], start: int) -> tuple[str, int]:
    """The known phrase at ``start`` of which the blanks were lost: 'BANNHÂNDÂN' goes on 'ỦY'."""
    for size in (1, 2, 3):
        part = words[start : start + size]
        if any(len(word) > _LONGEST_SYLLABLE and not is_syllable(word) for word in part):
            phrase = _glued().get(bare("".join(part)), "")
            if phrase:
                return phrase, len(part)
    return "", 0


@cache
def _glued() -> dict[str, str]:
    """Known phrases of several words by their bare letters without blanks."""
    return {key.replace(" ", ""): phrase for key, phrase in _phrases()[1].items() if " " in key}


def _unknown_run(words: Sequence[str], proper: bool, numbered: bool) -> list[str]:
    """Words of no known phrase: abbreviations stay, names of places and people are capitalised, else the first word."""
    upper = set(load("organs")["uppercase"])
    surnames = {s.upper() for s in load("surnames")["surnames"]}
    person = 2 <= len(words) <= 4 and words[0] in surnames
    out = []
    for k, word in enumerate(words):
        letters = word.strip(".")
        spelt = is_syllable(letters) or (proper and bool(_NAME.fullmatch(letters)))
        numeral = bool(_ROMAN.fullmatch(letters)) and (len(letters) > 2 or numbered)
        if word in upper or letters in upper or not spelt or numeral:
            out.append(word)
        elif proper or person or k == 0 or {"TP", "TX"} & {before.strip(".") for before in words[:k]}:
            out.append(word.capitalize())
        else:
            out.append(word.lower())
    return out
