"""Where documents lie: the disk, a container, a folder of page images, or a store that fsspec knows (s3, sftp …).

What lies there is only read. A container is never unpacked: its files are read one at a time, each under its limit.
"""

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import BufferedIOBase
from pathlib import Path, PurePosixPath
from typing import IO, Any, TypeVar, cast

import img2pdf
from PIL import Image, ImageOps

from vndoc import sandbox
from vndoc.archive.connection import is_open_here
from vndoc.archive.jobs import Job
from vndoc.archive.pagefolder import page_images
from vndoc.containers import Found, contained, open_within, walk
from vndoc.damage import edge
from vndoc.errors import EmptyFileError, FormatError, MissingFileError, SetupError
from vndoc.filenames import safe_name
from vndoc.settings import DEFAULTS
from vndoc.sources.file import open_regular, unreadable

_A4_INCHES = 8.27
_LOOK_SECONDS = 600.0
"""For all that a container holds."""
_T = TypeVar("_T")


def is_url(path: str) -> bool:
    """Whether fsspec must open it: 's3://bucket/key', 'sftp://host/file'."""
    return "://" in path


def lies(job: Job) -> bool:
    """Whether the document is where it was found; of a store that is only believed."""
    place = job.container or job.path
    return is_url(place) or Path(place).exists()


def can_be_read(job: Job) -> bool:
    """Whether what the document lies in can be opened now; of a store: no, that its listing tells."""
    place = Path(job.container or job.path)
    if is_url(str(place)) or is_open_here(place):
        return False
    try:
        if job.kind == "folder":
            return bool(page_images(str(place)))
        with open_regular(place):
            return True
    except OSError:
        return False


@contextmanager
def open_binary(path: str) -> Iterator[BufferedIOBase]:
    """Open a file on disk or in a store.

    Raises:
        MissingFileError: it is not there, may not be read, or is an archive that is in use here.
        SetupError: fsspec, or its driver for this store, is not installed.
    """
    try:
        with _opener(path) as file:
            yield cast("BufferedIOBase", file)
    except OSError as error:
        raise unreadable(error, path) from None


def _opener(path: str) -> Any:
    if not is_url(path):
        if is_open_here(path):
            raise MissingFileError(f"{path}: is the archive itself, or belongs to it; give the folder of the documents")
        return open_regular(path)
    fsspec = import_fsspec()
    try:
        return fsspec.open(path, "rb")
    except (ImportError, ValueError) as error:
        raise SetupError(f"{path}: {error}; install what this kind of address needs") from None


def digest(path: str, kind: str, container: str | None = None) -> str:
    """SHA-256 of the content, read in small pieces; of a folder: over those of its page images, in their order."""
    if kind == "folder":
        total = hashlib.sha256()
        for image in page_images(path):
            total.update(bytes.fromhex(digest(image, "file")))
        return total.hexdigest()
    if container is not None:
        return where_it_may_fail(container, _member_digest, container, path)
    with open_binary(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def members(path: str) -> list[tuple[str, int]]:
    """Paths of a container's files, each below the path of the container, and their sizes; folders left out.

    Raises:
        FormatError: it is no container, or a damaged one.
        TooLargeError: more files or more bytes than are taken from one container.
    """
    return where_it_may_fail(path, _members, path)


def _members(path: str) -> list[tuple[str, int]]:
    with open_binary(path) as file:
        return [(f"{path}/{member.name}", member.size) for member in contained(file, path).members()]


def files_within(path: str, *, attachments: bool = False) -> list[Found]:
    """All files in a container and in those in it; errors of :func:`members`."""
    return where_it_may_fail(path, _files_within, path, attachments)


def _files_within(path: str, attachments: bool) -> list[Found]:
    with open_binary(path) as file:
        return list(walk(contained(file, path), attachments=attachments, digests=True))


def _member_digest(container: str, path: str) -> str:
    with open_member(container, path) as member:
        return hashlib.file_digest(member, "sha256").hexdigest()


def where_it_may_fail(path: str, look: Callable[..., _T], *arguments: Any, seconds: float = _LOOK_SECONDS) -> _T:
    """What a function gives that opens a file or a container: in a sandbox, unless it is fetched over the network."""
    if is_url(path):
        return look(*arguments)
    found: _T = sandbox.call(look, *arguments, seconds=seconds, memory_mb=DEFAULTS.limits.memory_mb, about=path)
    return found


@contextmanager
def open_member(container: str, path: str) -> Iterator[BufferedIOBase]:
    """Open the file ``path`` (below ``container``) of a container, through others on the way.

    Raises:
        EncryptedError, TooLargeError, FormatError: it asks for a password, is too large, or damaged.
    """
    with open_binary(container) as file, ExitStack() as stack:
        try:
            inner = open_within(contained(file, container), path[len(container) + 1 :])
            member = stack.enter_context(inner)
        except KeyError:
            raise MissingFileError(f"{path}: is no longer in {PurePosixPath(container).name}") from None
        yield member


def local_copy(job: Job, folder: Path) -> tuple[Path, list[int]]:
    """A file on disk with the document's content: the file itself, or a copy in ``folder`` under the same name.

    The second value names the pages of a folder of images that could not be taken in and are blank in the copy.
    """
    if job.kind == "folder":
        target = folder / "pages.pdf"
        return target, _bind(page_images(job.path), target)
    if job.container is None and not is_url(job.path):
        return Path(job.path), []
    target = folder / _copy_name(PurePosixPath(job.path))
    with (
        open_member(job.container, job.path) if job.container else open_binary(job.path) as source,
        target.open("wb") as out,
    ):
        while piece := source.read(1024**2):
            out.write(piece)
    return target, []


def _copy_name(path: PurePosixPath) -> str:
    """A name that every disk takes, with the suffix by which the file says what it is."""
    return safe_name(path.stem, path.suffix, "document")


def _bind(images: Sequence[str], target: Path) -> list[int]:
    """Make one PDF of page images, their bytes as they are where PDF has a filter for them; numbers of bad pages."""
    if not images:
        raise EmptyFileError("the folder holds no page images any more")
    try:
        with target.open("wb") as out:
            img2pdf.convert(list(images), layout_fun=_layout, outputstream=out)
        return []
    except Exception:  # img2pdf refuses damaged, transparent, mirrored and 16-bit images in many ways of its own
        pages = [_as_png(image) for image in images]
    bad = [number for number, page in enumerate(pages, 1) if page is None]
    if len(bad) == len(images):
        raise FormatError("not one of the folder's page images can be decoded; copy or scan them again")
    with target.open("wb") as out:
        img2pdf.convert([page or _blank() for page in pages], layout_fun=_layout, outputstream=out)
    return bad


def _layout(width: int, height: int, said: tuple[float, float]) -> tuple[float, float, float, float]:
    """Page and image size in points: the resolution that the image states, or as if its shorter side were A4's."""
    shorter = min(width, height)
    stated = said[0] != img2pdf.default_dpi and 90 <= said[0] <= 1200 and shorter / said[0] > 4
    dpi = said[0] if stated else max(shorter / _A4_INCHES, 40.0)
    size = width * 72 / dpi, height * 72 / dpi
    return *size, *size


def _as_png(path: str) -> bytes | None:
    try:
        with (
            edge(path, "the image is damaged"),
            open_binary(path) as file,
            Image.open(cast("IO[bytes]", file)) as image,
        ):
            upright = ImageOps.exif_transpose(image)
            if upright.has_transparency_data:
                rgba = upright.convert("RGBA")
                upright = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
            return _png(upright.convert("L" if upright.mode in ("1", "L") else "RGB"))
    except (FormatError, MissingFileError):
        return None


def _blank() -> bytes:
    return _png(Image.new("L", (827, 1169), 255))


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def import_fsspec() -> Any:
    """The fsspec module; :class:`SetupError` where the extra is not installed."""
    try:
        import fsspec  # noqa: PLC0415
    except ImportError:
        raise SetupError("addresses such as s3://… need fsspec: pip install 'vndoc[cluster]'") from None
    return fsspec
