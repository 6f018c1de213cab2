"""Old encodings: tables both ways, detection, conversion inside the repair."""

import json
from importlib.resources import files

import pytest

from vndoc.repair import repair
from vndoc.repair.legacy import detect, encodings
from vndoc.repair.model import load

DATA = json.loads(files("vndoc.repair").joinpath("data/encodings.json").read_text(encoding="utf-8"))["encodings"]


@pytest.mark.parametrize("encoding", encodings(), ids=lambda e: e.name)
def test_tables_both_ways(encoding):
    assert len(set(encoding.letters.values())) == len(encoding.letters)
    for old, new in DATA[encoding.name]["examples"].items():
        assert encoding.decoded(old) == new
        assert encoding.encoded(new) == old
    for old, new in encoding.letters.items():
        assert encoding.decoded(old) == new


@pytest.mark.parametrize("encoding", encodings(), ids=lambda e: e.name)
def test_detected_and_repaired(encoding):
    printed = "thực hiện kế hoạch số 254-KH/TU ngày 19/01/2024 của ban thường vụ tỉnh ủy về việc triển khai nhiệm vụ"
    old = encoding.encoded(printed)
    assert detect(old.split(), load().lexicon) == encoding
    result = repair(old)
    assert result.text == printed
    assert [w.raw for w in result.words] == old.split()


@pytest.mark.parametrize(
    "text",
    [
        "Monsieur le Président de la République, je vous fais une lettre où l'été était déjà très âpre, même à Orléans",
        "UBND tinh vé viéc trién khai thuc hién Ké hoach ctia Tinh uy vé phat trién kinh té",
        "thực hiện kế hoạch của tỉnh ủy",
        "",
    ],
)
def test_not_detected(text):
    assert detect(text.split(), load().lexicon) is None
