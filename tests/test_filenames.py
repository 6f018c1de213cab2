"""Names of files that any system takes, none of which is given twice."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vndoc.filenames import LONGEST, FreeNames, safe_name

WORDS = st.text(st.characters() | st.sampled_from('/\\:*?"<>|. \0\n\r\t\u202e\u200b\udc80ộ\u0323\u0302'), max_size=200)
SUFFIXES = st.sampled_from([".pdf", " (2).html", "", ".docx", " (1234).edxml"])


@given(WORDS, SUFFIXES)
@settings(max_examples=500)
def test_any_words_make_a_name(stem, suffix):
    name = safe_name(stem, suffix)
    assert name.endswith(suffix)
    assert len(name) <= LONGEST
    assert len(name.encode("utf-8")) <= 255
    assert unicodedata.is_normalized("NFC", name)
    assert not set(name) & set('/\\:*?"<>|')
    assert not any(unicodedata.category(letter).startswith("C") for letter in name)
    assert name[0] not in " ."
    assert name[-1] not in " ."
    assert name.removesuffix(suffix)
    assert name.partition(".")[0].rstrip().lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


@given(WORDS)
def test_a_safe_name_stays_as_it_is(stem):
    once = safe_name(stem)
    assert safe_name(once) == once


@given(st.lists(st.tuples(st.sampled_from(["a", "A", "ă", "Ă", "a\u0306", "b/", "b:", ""]), st.binary(max_size=2))))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_name_is_given_twice(tmp_path_factory, asked):
    folder = tmp_path_factory.mktemp("names")
    names = FreeNames(folder)
    paths = []
    for stem, data in asked:
        path = names.of(stem, ".x", data)
        path.write_bytes(data)
        paths.append(path)
    assert len({unicodedata.normalize("NFD", path.name).casefold() for path in paths}) == len(asked)
    # Written once more, each file is where it was.
    later = FreeNames(folder)
    assert [later.of(stem, ".x", data) for stem, data in asked] == paths


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("Công văn 815/UBND", "Công văn 815-UBND.pdf"),
        ("../../etc/passwd", "etc-passwd.pdf"),
        ("aux", "aux_.pdf"),
        ("Com1.báo cáo", "Com1_.báo cáo.pdf"),
        ("console", "console.pdf"),
        ("a\x00b\u202ec\r\nd", "abc d.pdf"),
        ("", "văn bản.pdf"),
        (". .", "văn bản.pdf"),
        ("x" * 300, "x" * 116 + ".pdf"),
        ("từ " * 80, ("từ " * 39).strip() + ".pdf"),
        ("ộ" * 200, "ộ" * 83 + ".pdf"),
    ],
)
def test_names(stem, name):
    assert safe_name(stem, ".pdf") == name


def test_a_suffix_is_made_safe_as_well():
    assert safe_name("a", ".x:/\n") == "a.x-"
    assert len(safe_name("a" * 200, "." + "b" * 200)) <= LONGEST


def test_what_is_there_with_another_content_is_not_written_over(tmp_path):
    (tmp_path / "CÔNG VĂN.pdf").write_bytes(b"other")
    assert FreeNames(tmp_path).of("Công văn", ".pdf", b"mine") == tmp_path / "Công văn (2).pdf"
    assert FreeNames(tmp_path).of("Công văn", ".pdf", b"other") == tmp_path / "CÔNG VĂN.pdf"
    (tmp_path / "Báo cáo.pdf").mkdir()
    assert FreeNames(tmp_path).of("Báo cáo", ".pdf", b"") == tmp_path / "Báo cáo (2).pdf"
