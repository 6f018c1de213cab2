"""What exceptions of others stand for."""

import pytest

from vndoc.errors import MachineError, machine_fault


@pytest.mark.parametrize(
    "words",
    [
        "libopenblas.so.0: failed to map segment from shared object",
        "libgomp.so.1: cannot allocate memory in static TLS",
    ],
)
def test_a_library_for_which_there_is_no_memory_is_the_machines_fault(words):
    error = RuntimeError("numpy could not be loaded")
    error.__cause__ = ImportError(words)
    assert isinstance(machine_fault(error), MachineError)


def test_a_library_that_is_not_there_is_none():
    assert machine_fault(ImportError("No module named 'a'")) is None
