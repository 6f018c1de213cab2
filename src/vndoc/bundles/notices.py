"""What is said of a document that is one of several in its file, or may be."""

from collections.abc import Iterator, Sequence

from vndoc.bundles.cutting import Part
from vndoc.dispatch import Notice, Signature


def part_notices(part: Part) -> Iterator[Notice]:
    """The notices on where a document begins and ends."""
    for boundary in part.doubtful:
        yield Notice(
            code="boundary-doubtful",
            pointer=f"/pages/{boundary.before_page}",
            message=f"Page {boundary.before_page} may begin another document (probability "
            f"{boundary.probability:.2f}): {boundary.why}; it was not cut there",
        )
    if part.uncut:
        starts = _listed([boundary.before_page for boundary in part.uncut])
        yield Notice(
            code="several-documents",
            pointer=f"/pages/{part.uncut[0].before_page}",
            message=f"Other documents begin on {starts}; 'vndoc split' cuts the file, read_all reads each by itself",
        )
    for number in part.shared_pages:
        yield Notice(
            code="sheet-shared",
            pointer=f"/pages/{number}",
            message=f"Page {number} holds the head of a second document; scan each by itself",
        )
    if part.blank_pages and not part.whole:
        blank = [number for number in part.blank_pages if number not in part.separator_pages]
        said = [
            f"{_listed(numbers)} of the file {'is' if len(numbers) == 1 else 'are'} {what}"
            for numbers, what in ((blank, "blank"), (part.separator_pages, "there to part documents"))
            if numbers
        ]
        yield Notice(code="blank-left-out", message=f"{'; '.join(said).capitalize()}")


def signed_notice(signatures: Sequence[Signature]) -> Notice:
    """What is said of the electronic signatures of a file that was cut, one at least."""
    said = "; ".join(
        f"{found.name or 'unknown'}{f' {found.signed_at:%Y-%m-%d %H:%M}' if found.signed_at else ''}"
        for found in signatures
    )
    return Notice(
        code="file-signed",
        pointer="/signatures",
        message=f"The file as a whole is signed ({said}); what is cut out of it bears no signature, so keep the file",
    )


def _listed(numbers: Sequence[int]) -> str:
    """'page 4', 'pages 4 and 9', 'pages 4, 9 and 12'."""
    *others, last = map(str, numbers)
    return f"pages {', '.join(others)} and {last}" if others else f"page {last}"
