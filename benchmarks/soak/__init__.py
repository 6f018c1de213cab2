"""A soak of the batch: see :mod:`benchmarks.soak.__main__`."""
