"""Names by a template: the values of a dispatch, words where there are none, and nothing that reaches further."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.dispatch import Arrival, Dispatch, Signer, Source
from vndoc.export.naming import FIELDS, Named, NameTemplate
from vndoc.filenames import safe_name

SOURCE = Source(name="thư.eml/quét 07.pdf", sha256="", media_type="application/pdf", page_amount=4)
FULL = Dispatch(
    source=SOURCE,
    type_name="Kế hoạch",
    code_number="58",
    code_notation="KH-UBND",
    issued_date=datetime.date(2024, 3, 21),
    organ_name="Ủy ban nhân dân huyện Bình Sơn",
    subject="triển khai",
    signer=Signer(full_name="Nguyễn Văn A"),
    arrival=Arrival(number="123", date=datetime.date(2024, 3, 25)),
)


def filled(template, dispatch=FULL, pages=(1, 2, 3), place=2):
    return NameTemplate(template).fill(Named(dispatch, pages, place))


def test_values():
    assert filled("{issued_date} {organ} {code}") == "2024-03-21 Ủy ban nhân dân huyện Bình Sơn 58/KH-UBND"
    assert filled("{place} {type_name} {code_number} {code_notation}") == "002 Kế hoạch 58 KH-UBND"
    assert filled("{stem} tr. {pages}, {signer}, {subject}") == "quét 07 tr. 1-3, Nguyễn Văn A, triển khai"
    assert filled("{arrival_number} {arrival_date} {{x}}") == "123 2024-03-25 {x}"
    assert [filled("{pages}", pages=pages) for pages in ((4,), (1, 3), ())] == ["4", "1,3", "không rõ trang"]


def test_words_stand_for_what_is_not_known():
    bare = Dispatch(source=SOURCE)
    assert filled("{issued_date} {organ} {code}", bare) == "không ngày không rõ cơ quan không số"
    assert filled("{code}", bare.model_copy(update={"code_notation": "UBND"})) == "không số UBND"
    assert filled("{code}", bare.model_copy(update={"code_number": "7"})) == "7"
    assert filled("{code}", bare.model_copy(update={"code_number": "254", "code_notation": "KH/TU"})) == "254-KH/TU"
    assert all(filled(f"{{{name}}}", bare) for name in FIELDS)


@pytest.mark.parametrize(
    "template",
    [
        "{nothing}",
        "{}",
        "{0}",
        "{code.__class__}",
        "{code[0]}",
        "{code!r}",
        "{code:>1000000000}",
        "{code:{place}}",
        "{issued_date:%Y}",
        "{ code }",
    ],
)
def test_what_is_no_field_is_refused_with_a_list(template):
    with pytest.raises(ValueError, match=r"is no field; those known are \{type_name\}.*\{organ\}"):
        NameTemplate(template)


@pytest.mark.parametrize("template", ["{code", "code}", "{", "", "  ", "{organ}/{code}", "a\\{code}"])
def test_what_is_no_template_is_refused(template):
    with pytest.raises(ValueError, match=r"brace|empty|names a file"):
        NameTemplate(template)


@given(st.text(max_size=60))
def test_any_text_is_a_template_or_refused(text):
    try:
        template = NameTemplate(text)
    except ValueError as error:
        assert any(said in str(error) for said in ("fields are", "those known", "names a file"))  # noqa: PT017
    else:
        assert len(safe_name(template.fill(Named(FULL, (1,), 1)), ".pdf")) <= 120
