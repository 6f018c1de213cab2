"""Files of learned models, and the hashes by which one that was damaged or exchanged is noticed before it is used.

A folder of models holds ``models.json``: the SHA-256 of each of its files, written by whatever made them. The package's
folders always hold one. A folder of the user's own (:attr:`vndoc.Settings.models`) may: ``python -m training.manifest
FOLDER`` writes it. The hashes protect from damage and mix-ups, not from somebody who may write both files.
"""

import hashlib
import json
from importlib.resources.abc import Traversable
from pathlib import Path

from vndoc.errors import SetupError

MANIFEST = "models.json"
"""Name of the file with the hashes, in each folder of models."""

_HASHES = "sha256"


def read_model(folder: Traversable, name: str, *, packaged: bool) -> bytes:
    """The bytes of a model's file, which are those that the folder's hashes name.

    Args:
        folder: where it lies.
        name: its name there.
        packaged: whether the folder is the package's, so that there must be hashes.

    Raises:
        SetupError: the file has another hash, or none where there must be one.
        OSError: there is no such file, or it cannot be read.
    """
    data = folder.joinpath(name).read_bytes()
    known = hashes(folder)
    if known is None and not packaged:
        return data
    if known is None or known.get(name) != hashlib.sha256(data).hexdigest():
        advice = (
            "it is damaged, or another file; install vndoc again: pip install --force-reinstall vndoc"
            if packaged
            else "copy it again, or, if it is what it should be: python -m training.manifest FOLDER"
        )
        raise SetupError(f"{folder.joinpath(name)}: has not the SHA-256 that {MANIFEST} beside it gives; {advice}")
    return data


def hashes(folder: Traversable) -> dict[str, str] | None:
    """SHA-256 of the folder's files by their names; None where the folder has no hashes.

    Raises:
        SetupError: the file with the hashes is damaged.
    """
    path = folder.joinpath(MANIFEST)
    try:
        known: dict[str, str] = dict(json.loads(path.read_text(encoding="utf-8"))[_HASHES])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(f"{path}: is damaged ({type(error).__name__}); copy it again") from None
    return known


def write_hashes(folder: Path, *names: str) -> None:
    """Note the hashes of these files; of those noted before, the ones still there stay noted."""
    noted = {name: digest for name, digest in (hashes(folder) or {}).items() if (folder / name).is_file()}
    noted |= {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    text = json.dumps({_HASHES: dict(sorted(noted.items()))}, indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def unchecked(folder: Path) -> list[Path]:
    """Folders of models, this one and ``language`` in it, whose files no hashes protect."""
    return [part for part in (folder, folder / "language") if _has_models(part) and hashes(part) is None]


def _has_models(folder: Path) -> bool:
    return folder.is_dir() and any(folder.glob("*.npz"))
