"""Damage by the rules of the formats: the same from the same chance, and past the first check of its format."""

import io
import zipfile
import zlib
from random import Random

import pikepdf
import pytest

from tests.fuzz.cases import SHARES, case
from tests.fuzz.mutations import MOST, SHAPED, mutated, packed, pictures, portable
from tests.fuzz.seeds import CANARY, seeds


def test_every_kind_has_seeds_and_mutations_of_its_own():
    assert set(SHARES) == set(seeds()) == set(SHAPED)
    assert sum(SHARES.values()) == 100


def test_seeds_are_small_and_readable_text_holds_the_name_that_no_message_may_quote():
    assert sum(len(data) for files in seeds().values() for data in files) < 400_000
    assert all(CANARY in data.decode("utf-16" if data[0] in (0xFE, 0xFF) else "utf-8") for data in seeds()["text"])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning")  # of zipfile, on two members of one name
def test_a_case_is_made_again_from_its_number():
    made = [case(7, number) for number in range(60)]
    assert made == [case(7, number) for number in range(60)]
    assert len({one.data for one in made}) > 50
    assert len({one.kind for one in made}) > 10
    assert all(len(one.data) <= MOST for one in made)


def test_anything_can_be_damaged_further():
    for kind in SHAPED:
        for number in range(5):
            data, done = mutated(b"\0" * number, kind, Random(number))
            assert done
            assert len(data) <= MOST


def test_chunks_of_a_png_keep_their_sums():
    data = seeds()["png"][0]
    assert pictures.png_of(pictures.png_chunks(data)) == data
    for number in range(20):
        for kind, content in pictures.png_chunks(pictures.png_chunk(data, Random(number))):
            assert isinstance(zlib.crc32(kind + content), int)


def test_a_pdf_can_still_be_opened_after_its_objects_are_changed():
    opened = 0
    for number in range(10):
        made = portable.contents(seeds()["pdf"][0], Random(number))
        with pikepdf.open(io.BytesIO(made)) as pdf:
            opened += bool(pdf.objects)
    assert opened == 10


@pytest.mark.parametrize("kind", ["zip", "docx", "odt"])
def test_members_are_packed_again(kind):
    data = seeds()[kind][0]
    for number in range(10):
        with zipfile.ZipFile(io.BytesIO(packed.member(data, Random(number), [data]))) as file:
            assert file.testzip() is None
