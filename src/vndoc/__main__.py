"""``python -m vndoc`` is the ``vndoc`` command."""

from vndoc.cli import main

if __name__ == "__main__":
    main()
