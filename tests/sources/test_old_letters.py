"""Word files from before Unicode: letters of TCVN3 and VNI come out as what they stand for."""

import pytest

import vndoc
from tests.sources.word_files import paragraph, word_file
from vndoc.repair.legacy import encodings

TEXT = "Thực hiện chỉ đạo của Ủy ban nhân dân tỉnh, Sở Nội vụ đề nghị các đơn vị báo cáo kết quả trước ngày 05/9/2025."


@pytest.mark.parametrize("encoding", encodings(), ids=lambda encoding: encoding.name)
def test_letters(encoding):
    old = encoding.encoded(TEXT.replace("Ủy", "Uỷ"))
    assert old.isascii() is False
    assert "Thực hiện chỉ đạo của" in vndoc.parse(word_file(paragraph(old))).text
