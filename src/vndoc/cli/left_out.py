"""``vndoc left-out``: the files that the batches passed over."""

from vndoc.archive.archive import Archive
from vndoc.cli.options import Json, Opened
from vndoc.cli.terminal import failing, shown, to_json, write


def left_out_command(archive: Opened, as_json: Json = False) -> None:
    """List the files that were passed over: of formats that vndoc does not read, and texts beside their scans."""
    with failing(), Archive(archive, create=False) as opened:
        found = list(opened.left_out())
    if as_json:
        plain = [{"path": left.path, "kind": left.kind, "container": left.container} for left in found]
        write(to_json(plain, indent=2) + "\n", None)
    else:
        write("".join(f"{left.kind}\t{shown(left.path)}\n" for left in found), None)
