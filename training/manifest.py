"""Write the hashes by which vndoc checks models when it loads them: ``python -m training.manifest FOLDER``.

For a folder of models that was put together by hand; what ``training`` makes has its hashes already. Without a folder,
those of the package.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import vndoc
from vndoc.models import MANIFEST, write_hashes

PACKAGED = ("ocr/handwriting", "ocr/engines/lines", "repair/model")
_OF_MODELS = (".npz",)
_OF_LANGUAGE = (".npz", ".txt")


def write(folder: Path) -> list[Path]:
    """Write ``models.json`` in the folder and in ``language`` below it; those that were written."""
    written = []
    for part in (folder, folder / "language"):
        suffixes = _OF_LANGUAGE if (part / "language.npz").is_file() else _OF_MODELS
        if names := sorted(path.name for path in part.glob("*") if path.suffix in suffixes):
            write_hashes(part, *names)
            written.append(part / MANIFEST)
    return written


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("folder", type=Path, nargs="?", help="as --models takes it; the package's without")
    folder = parser.parse_args(arguments).folder
    for place in [folder] if folder else [Path(vndoc.__file__).parent / name for name in PACKAGED]:
        for path in write(place):
            print(path)


if __name__ == "__main__":
    main()
