"""What lies in the folders, by name and size, as the disk tells them: documents, and files that are none for vndoc."""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from vndoc.archive.connection import is_open_here
from vndoc.archive.jobs import Failure, InputKind, Job
from vndoc.archive.left_out import BESIDE_A_SCAN, IN_A_MAIL, LeftOut, kind_by_name, kind_without_end
from vndoc.archive.locations import files_within, import_fsspec, is_url
from vndoc.archive.pagefolder import ImageFolders, are_pages, page_images
from vndoc.containers import Holds, holds, is_hidden
from vndoc.errors import MissingFileError, SetupError, VndocError
from vndoc.filenames import slashed
from vndoc.sources import SourceFile, detect, suffixes
from vndoc.sources.file import open_regular
from vndoc.sources.mail import EML, MSG
from vndoc.sources.text import TEXT

_PACKED = "packed"
_HEAD = 2048
_MOUNT_POINT = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT, which Python's stat has on Windows only
Stamp = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds: where both are as they were, the content is."""


@dataclass(slots=True, frozen=True)
class IntakeItem:
    """A document in a folder, a ZIP file, or what could not be looked at."""

    path: str
    kind: InputKind
    stamp: Stamp
    container: str | None = None
    failure: Failure | None = None
    sha256: str | None = None
    """Of a member, where it had to be read to be found."""
    mail: bool = False
    """A mail, whatever its name: it may have attachments."""


def look(roots: Sequence[str | Path], folders: ImageFolders = ImageFolders.AUTO) -> Iterator[IntakeItem | LeftOut]:
    """All files below ``roots`` (files, folders, addresses), each folder in the order of its names.

    Left out are those of no known format, and texts beside a scan of the same name: those are what another OCR made of
    it, and what has no end (pipes, sockets, devices, links to these). Files whose suffix says nothing are looked into.
    Hidden files are passed over in silence; links to folders are not followed.

    Raises:
        MissingFileError: one of the roots is not there.
    """
    found = _look(roots, folders)
    yield from found if os.sep == "/" else map(_slashed, found)


def _slashed(found: IntakeItem | LeftOut) -> IntakeItem | LeftOut:
    """Under the path that the archive knows it by; what follows takes names and folders apart at slashes."""
    return replace(found, path=slashed(found.path))


def _look(roots: Sequence[str | Path], folders: ImageFolders) -> Iterator[IntakeItem | LeftOut]:
    for root in map(str, roots):
        if is_url(root):
            yield from _look_remote(root)
        elif Path(root).is_dir():
            yield from _look_local(os.path.abspath(root), folders)
        else:
            path = os.path.abspath(root)
            endless = kind_without_end(mode) if (mode := _mode(path)) else None
            yield LeftOut(path, endless) if endless else _file(path, must=True)


def unpack(found: IntakeItem, *, attachments: bool = False) -> Iterator[IntakeItem | LeftOut]:
    """The files in a container, and in those in it; errors of :meth:`vndoc.containers.Container.members`.

    Args:
        found: a ZIP file or its like, a mail, or a PDF with files attached.
        attachments: whether files attached to PDFs are wanted.
    """
    walked = files_within(found.path, attachments=attachments)
    inside = {f"{found.path}/{item.path}": item for item in walked if not is_hidden(item.path)}
    documents = {path for path, item in inside.items() if not (item.container or item.decoration)}
    for path, left_out in _parted({path: _known_kind(path) for path in inside if path in documents}):
        if left_out:
            yield LeftOut(path, left_out, found.path)
        else:
            item = inside[path]
            yield IntakeItem(path, "member", (item.size, found.stamp[1]), found.path, sha256=item.sha256)
    for item in walked:
        path = f"{found.path}/{item.path}"
        if item.decoration:
            yield LeftOut(path, IN_A_MAIL, found.path)
        elif item.error is not None:
            yield IntakeItem(
                path, "member", (-1, -1), found.path, Failure.of(type(item.error)(f"{found.path}/{item.error}"))
            )


def _look_local(folder: str, folders: ImageFolders) -> Iterator[IntakeItem | LeftOut]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(folder, "folder", error)
        return
    seen = [entry for entry in entries if not entry.name.startswith(".")]
    inner = [entry.path for entry in seen if entry.is_dir(follow_symlinks=False)]
    modes = {entry.path: mode for entry in seen if not stat.S_ISDIR(mode := _mode(entry.path))}
    endless = {path: kind for path, mode in modes.items() if mode and (kind := kind_without_end(mode))}
    yield from (LeftOut(path, kind) for path, kind in endless.items())
    kinds = {path: _kind(path) for path in modes if path not in endless}
    documents = [path for path, kind in kinds.items() if kind and kind != TEXT]
    if not inner and are_pages([os.path.basename(p) for p in documents], folders):
        yield _folder(folder, documents)
        others = {path: kind for path, kind in kinds.items() if not kind or kind == TEXT}
        yield from (LeftOut(path, BESIDE_A_SCAN if kind else kind_by_name(path)) for path, kind in others.items())
    else:
        for path, left_out in _parted(kinds):
            yield LeftOut(path, left_out) if left_out else _file(path, mail=kinds[path] in (EML, MSG))
    for path in inner:
        if not is_junction(os.lstat(path)):
            yield from _look_local(path, folders)


def is_junction(about: os.stat_result) -> bool:
    """Whether a folder of Windows is another one's second place, as links are: it may lead back to where we are."""
    return getattr(about, "st_reparse_tag", 0) == _MOUNT_POINT


def _mode(path: str) -> int:
    """The mode of what a name leads to; 0 where it leads nowhere, or in a circle."""
    try:
        return os.stat(path).st_mode
    except OSError:
        return 0


def _parted(kinds: Mapping[str, str | None]) -> Iterator[tuple[str, str | None]]:
    """Each file, and as what it is left out; None for documents."""
    scans = {os.path.splitext(path)[0] for path, kind in kinds.items() if kind and kind != TEXT}
    scans |= {path for path, kind in kinds.items() if kind and kind != TEXT}
    for path, kind in kinds.items():
        if not kind:
            yield path, kind_by_name(path)
        else:
            yield path, BESIDE_A_SCAN if kind == TEXT and os.path.splitext(path)[0] in scans else None


def _known_kind(path: str) -> str | None:
    return _PACKED if holds(path) is Holds.MEMBERS else suffixes().get(PurePosixPath(path).suffix.lower())


def _kind(path: str) -> str | None:
    """Media type by the suffix, else by the first bytes; None for what is no document."""
    if is_open_here(path):  # an archive that lies among its documents, or what belongs to it
        return None
    if known := _known_kind(path):
        return known
    try:
        with open_regular(path) as file:
            _, found = detect(SourceFile("", file.read(_HEAD)))
    except (OSError, VndocError):
        return None
    return found if found != TEXT else None


def _file(path: str, *, must: bool = False, mail: bool = False) -> IntakeItem:
    kind: InputKind = "zip" if holds(path) is Holds.MEMBERS else "file"
    try:
        about = os.stat(path)
    except OSError as error:
        if must:
            raise MissingFileError(f"{path}: no such file or folder; check the path") from None
        return _unreadable(path, kind, error)
    return IntakeItem(path, kind, (about.st_size, about.st_mtime_ns), mail=mail)


def found_again(job: Job) -> IntakeItem | None:
    """What could not be opened when it was found, as it lies there now; None for what is in a container."""
    if job.container is not None:
        return None
    return _folder(job.path, page_images(job.path)) if job.kind == "folder" else _file(job.path)


def _folder(path: str, images: Sequence[str]) -> IntakeItem:
    try:
        about = [os.stat(image) for image in images]
    except OSError as error:
        return _unreadable(path, "folder", error)
    return IntakeItem(path, "folder", (sum(a.st_size for a in about), max(a.st_mtime_ns for a in about)))


def _unreadable(path: str, kind: InputKind, error: OSError) -> IntakeItem:
    failure = Failure.of(MissingFileError(f"{path}: cannot be read ({error.strerror or error}); check its rights"))
    return IntakeItem(path, kind, (-1, -1), failure=failure)


def _look_remote(root: str) -> Iterator[IntakeItem | LeftOut]:
    """Documents in a store; images are taken one by one, since a folder is no thing of its own there."""
    fsspec = import_fsspec()
    try:
        store, path = fsspec.url_to_fs(root)
        listing = store.find(path, detail=True)
    except (ImportError, ValueError) as error:
        raise SetupError(f"{root}: {error}; install what this kind of address needs") from None
    except OSError as error:
        raise MissingFileError(f"{root}: cannot be listed ({error})") from None
    if not listing:
        raise MissingFileError(f"{root}: nothing is there; check the address")
    kinds = {name: _known_kind(name) for name in sorted(listing) if not is_hidden(name)}
    for name, left_out in _parted(kinds):
        if left_out:
            yield LeftOut(store.unstrip_protocol(name), left_out)
            continue
        mark = hashlib.sha256(str(store.ukey(name)).encode()).digest()
        stamp = int(listing[name].get("size") or 0), int.from_bytes(mark[:6])
        yield IntakeItem(store.unstrip_protocol(name), "zip" if kinds[name] == _PACKED else "file", stamp)
