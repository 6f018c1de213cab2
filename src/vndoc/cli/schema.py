"""``vndoc schema``: the JSON Schema of what ``vndoc parse`` prints."""

import json

from vndoc.cli.terminal import write


def schema_command() -> None:
    """Print the JSON Schema of a dispatch."""
    from vndoc.dispatch import Dispatch  # noqa: PLC0415

    write(json.dumps(Dispatch.model_json_schema(), ensure_ascii=False, indent=2) + "\n", None)
