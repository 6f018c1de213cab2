"""The edge to other people's libraries: whatever they raise is an error of vndoc, in one line, without their words."""

import errno
import struct
import warnings
import zipfile
import zlib
from threading import Barrier, Thread

import cv2
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image, UnidentifiedImageError

from vndoc.damage import QUIET, DamageError, edge, raise_if_grave, reason, spared
from vndoc.errors import (
    EncryptedError,
    FormatError,
    MachineError,
    MemoryLimitError,
    MissingFileError,
    VndocError,
    unwritable,
)

SECRET = "Nguyễn Bình\nsố 1234"


def xml_error():
    try:
        etree.fromstring(b"<a>")
    except etree.XMLSyntaxError as error:
        return error


RAISED = [
    KeyError(SECRET), ValueError(SECRET), TypeError(SECRET), IndexError(SECRET), AttributeError(SECRET),
    AssertionError(SECRET), RuntimeError(SECRET), RecursionError(SECRET), OverflowError(SECRET), EOFError(SECRET),
    OSError(SECRET), OSError(22, SECRET), NotImplementedError(SECRET), ZeroDivisionError(SECRET), SyntaxError(SECRET),
    UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET), UnicodeEncodeError("ascii", SECRET, 0, 1, SECRET),
    struct.error(SECRET), zlib.error(SECRET), zipfile.BadZipFile(SECRET), pikepdf.PdfError(SECRET), cv2.error(SECRET),
    UnidentifiedImageError(SECRET), Image.DecompressionBombError(SECRET), StopIteration(SECRET), xml_error(),
]  # fmt: skip


@pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
def test_anything_else_is_damage(error):
    with pytest.raises(FormatError) as caught, edge("a.pdf", "the PDF is damaged", "copy it again"):
        raise error
    assert str(caught.value) == f"a.pdf: the PDF is damaged ({type(error).__name__}); copy it again"
    assert caught.value.__cause__ is error


@given(st.text(min_size=3))
def test_no_word_of_an_exception_gets_out(words):
    with pytest.raises(FormatError) as caught, edge("a", "is damaged"):
        raise ValueError(words)
    assert str(caught.value) == "a: is damaged (ValueError); copy it again"


def test_our_own_words_stay():
    with (
        pytest.raises(FormatError, match=r"^a: is damaged \(it nests too deep\); copy it again$"),
        edge("a", "is damaged"),
    ):
        raise DamageError("it nests too deep")
    assert reason(DamageError("one")) == "one"


def test_our_own_errors_pass():
    with pytest.raises(EncryptedError, match=r"^asks$"), edge("a", "is damaged"):
        raise EncryptedError("asks")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EMFILE, errno.ENOMEM, errno.EAGAIN, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("through", [edge, spared])
def test_the_machines_fault_blames_no_document(code, through):
    error = pikepdf.PdfError(SECRET)
    error.__cause__ = OSError(code, SECRET)
    with pytest.raises(MachineError), through("a", "is damaged") if through is edge else through("a"):
        raise error


@pytest.mark.parametrize("through", [edge, spared])
def test_too_little_memory_is_told(through):
    with pytest.raises(MemoryLimitError) as caught, through("a", "is damaged") if through is edge else through("a"):
        raise MemoryError(SECRET)
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_can_be_done_without_is_passed_over():
    with spared():
        raise KeyError(SECRET)
    raise_if_grave(KeyError(SECRET))
    with pytest.raises(VndocError), spared():
        raise FormatError("a")


def test_warnings_are_quiet_in_all_threads_and_then_as_before():
    before, inside = list(warnings.filters), Barrier(2)
    seen = []

    def first():
        with QUIET:
            inside.wait(10)
            inside.wait(10)  # the other has left
            with_warning()

    def second():
        inside.wait(10)
        with QUIET:
            with_warning()
        inside.wait(10)

    def with_warning():
        try:
            warnings.warn("a library's", UserWarning, stacklevel=1)
        except UserWarning as warning:  # pytest makes errors of them
            seen.append(warning)

    threads = [Thread(target=first), Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert seen == []
    assert list(warnings.filters) == before


def test_a_full_disk_is_the_machine_s_fault_and_a_folder_without_rights_is_not():
    assert isinstance(unwritable(OSError(errno.ENOSPC, SECRET), "a.csv"), MachineError)
    assert isinstance(unwritable(OSError(errno.EACCES, "Permission denied"), "a.csv"), MissingFileError)
