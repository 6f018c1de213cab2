"""Outlook mails for tests: an OLE file ([MS-CFB]) of the streams of a mail, as small as the format allows."""

import struct
from itertools import pairwise

SECTOR, END, FREE, FAT = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def outlook_mail(texts, attachments, streams=None, fixed=None):
    """A mail with text properties by their tags, attachments, further streams, and fixed properties."""
    return ole_file(_storage(texts, attachments, 32, streams, fixed))


def _storage(texts, attachments, head, streams=None, fixed=None):
    rows = b"".join(struct.pack("<III4x", tag << 16 | 3, 6, value) for tag, value in (fixed or {}).items())
    made = {"__properties_version1.0": bytes(head) + rows}
    made |= {f"__substg1.0_{tag}001F": text.encode("utf-16-le") for tag, text in texts.items()}
    made |= {f"__substg1.0_{tag}": data for tag, data in (streams or {}).items()}
    for number, attachment in enumerate(attachments):
        inner = {"__properties_version1.0": bytes(8)}
        for tag, value in attachment.items():
            if tag == "data":
                inner["__substg1.0_37010102"] = value
            elif tag == "mail":
                inner["__substg1.0_3701000D"] = _storage(value, [], 24)
            else:
                inner[f"__substg1.0_{tag}001F"] = value.encode("utf-16-le")
        made[f"__attach_version1.0_#{number:08X}"] = inner
    return made


class _Sectors:
    """Blocks of one size, and for each the number of the next."""

    def __init__(self, size):
        self.size, self.blocks, self.next = size, [], []

    def store(self, content):
        first = len(self.blocks)
        blocks = [content[k : k + self.size].ljust(self.size, b"\0") for k in range(0, len(content), self.size)]
        if not blocks:
            return END
        self.blocks += blocks
        self.next += [*range(first + 1, first + len(blocks)), END]
        return first


def _numbers(values):
    return b"".join(struct.pack("<I", value) for value in values)


def ole_file(tree):
    """Storages are dictionaries, streams bytes; those of less than 4,096 bytes lie in a stream of small blocks."""
    entries, large, small = [], _Sectors(SECTOR), _Sectors(64)

    def add(name, content, kind):
        number = len(entries)
        entries.append([name, kind, FREE, FREE, FREE, END, 0])
        if isinstance(content, dict):
            # Siblings hang to the right of one another: a tree as readers may meet it.
            numbers = [add(n, c, 1 if isinstance(c, dict) else 2) for n, c in sorted(content.items())]
            for one, other in pairwise(numbers):
                entries[one][3] = other
            entries[number][4] = numbers[0] if numbers else FREE
        else:
            sectors = small if len(content) < 4096 else large
            entries[number][5], entries[number][6] = sectors.store(content), len(content)
        return number

    add("Root Entry", tree, 5)
    together = b"".join(small.blocks)
    entries[0][5], entries[0][6] = large.store(together), len(together)
    small_table = large.store(_numbers(small.next)) if small.next else END
    directory = large.store(b"".join(_entry(*entry) for entry in entries))
    tables = 1
    while (len(large.next) + tables) * 4 > tables * SECTOR:
        tables += 1
    places = list(range(len(large.next), len(large.next) + tables))
    table = _numbers([*large.next, *[FAT] * tables]).ljust(tables * SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    blocks = -(-4 * len(small.next) // SECTOR)
    head += _numbers([0, tables, directory, 0, 4096, small_table, blocks, END, 0])
    head += _numbers(places).ljust(SECTOR - len(head), b"\xff")
    return head + b"".join(large.blocks) + table


def _entry(name, kind, left, right, child, start, size):
    written = (name + "\0").encode("utf-16-le")
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBB", len(written), kind, 1)
        + struct.pack("<III", left, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
