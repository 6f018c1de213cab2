"""What the pages take from the code when the site is built, so that it cannot fall behind.

A page asks for a part with a comment, ``<!-- generated: NAME -->``; :data:`PARTS` has the names.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from typing import Any

import typer.main
from pydantic import BaseModel
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.typing import stringify_annotation
from typer.testing import CliRunner

import vndoc
from vndoc.cli import app as command_line

_MARKER = re.compile(r"<!-- generated: ([a-z-]+) -->")


def connect(app: Any) -> None:
    """Tie the parts to Sphinx's events."""
    app.connect("source-read", _fill)
    app.connect("autodoc-process-docstring", _describe_fields, priority=100)  # before napoleon formats the docstring
    app.connect("autodoc-process-signature", _hide_signature)


def _fill(_app: Any, _page: str, source: list[str]) -> None:
    source[0] = _MARKER.sub(lambda found: PARTS[found[1]](), source[0])


def _hide_signature(_app: Any, _kind: str, _name: str, thing: object, *_: Any) -> tuple[str, None] | None:
    """Drop what says nothing: the ``(*args, **kwargs)`` of a protocol, and that of a model, whose fields are listed."""
    return ("", None) if getattr(thing, "_is_protocol", False) or _is_model(thing) else None


def _describe_fields(_app: Any, _kind: str, _name: str, thing: object, _options: Any, lines: list[str]) -> None:
    """Add the fields of a pydantic model with their descriptions or docstrings."""
    if not (isinstance(thing, type) and issubclass(thing, BaseModel)):
        return
    documented = ModuleAnalyzer.for_module(thing.__module__).find_attr_docs()
    lines += ["", "Attributes:"]
    for name, field in thing.model_fields.items():
        kind = stringify_annotation(field.annotation, "smart")
        about = field.description or " ".join(documented.get((thing.__name__, name), ()))
        lines.append(f"    {name} ({kind}): {about}".rstrip())
    lines.append("")


def notice_codes() -> str:
    """The notice codes, each with its meaning, as a table."""
    rows = "".join(f"| `{code}` | {meaning} |\n" for code, meaning in vndoc.NOTICE_CODES.items())
    return f"| code | meaning, and what to do |\n| --- | --- |\n{rows}"


def commands() -> str:
    """Every command of the command line with its help."""
    return "\n".join(_command(path) for path in command_paths())


def _command(path: tuple[str, ...]) -> str:
    shown = CliRunner().invoke(command_line, [*path, "--help"], prog_name="vndoc", env={"COLUMNS": "100"})
    if shown.exit_code:
        raise RuntimeError(f"vndoc {' '.join(path)} --help: {shown.output}")
    return f"### vndoc {' '.join(path)}\n\n```text\n{shown.output.strip()}\n```\n"


def command_paths(group: Any = None, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of each command, such as ``("parse",)``; commands of a group have several."""
    for name, command in (group or typer.main.get_command(command_line)).commands.items():
        if getattr(command, "commands", None):
            yield from command_paths(command, (*before, name))
        else:
            yield (*before, name)


def public(wanted: Callable[[Any], bool]) -> list[str]:
    """The public names of the package whose object is ``wanted``, in the order of the source."""
    found = [name for name in vndoc.__all__ if wanted(getattr(vndoc, name))]
    return sorted(found, key=lambda name: (getattr(vndoc, name).__module__, _line(getattr(vndoc, name))))


def _line(thing: Any) -> int:
    return inspect.getsourcelines(thing)[1]


def _is_error(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, vndoc.VndocError)


def _is_model(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, BaseModel)


def _autodoc(kind: str, names: list[str]) -> str:
    options = "   :members:\n" if kind == "class" else ""
    return "```{eval-rst}\n" + "\n".join(f".. auto{kind}:: {name}\n{options}" for name in names) + "```\n"


def functions() -> str:
    """The functions of the package."""
    return _autodoc("function", [f"vndoc.{name}" for name in public(inspect.isfunction)])


def objects() -> str:
    """The classes that are neither models nor errors."""
    plain = public(lambda thing: isinstance(thing, type) and not _is_error(thing) and not _is_model(thing))
    return _autodoc("class", [f"vndoc.{name}" for name in plain])


def models() -> str:
    """The pydantic models, the dispatch first."""
    names = sorted(public(_is_model), key=lambda name: name != "Dispatch")
    return "```{eval-rst}\n" + "\n".join(f".. autoclass:: vndoc.{name}\n" for name in names) + "```\n"


def errors() -> str:
    """The exceptions."""
    return "```{eval-rst}\n" + "\n".join(f".. autoexception:: vndoc.{name}\n" for name in public(_is_error)) + "```\n"


def protocols() -> str:
    """The protocols that other packages may implement, wherever in the package they are."""
    return _autodoc("class", sorted(_protocols()))


BUILDING_BLOCKS = (
    "vndoc.page.Word",
    "vndoc.page.Line",
    "vndoc.page.Box",
    "vndoc.page.Origin",
    "vndoc.ocr.engines.engine.ImageKind",
    "vndoc.ocr.engines.calibration.Calibration",
    "vndoc.sources.backend.Layout",
    "vndoc.sources.backend.TextLayer",
    "vndoc.sources.backend.Remark",
    "vndoc.sources.file.SourceFile",
    "vndoc.slots.Slot",
    "vndoc.slots.SlotKey",
    "vndoc.slots.SlotKind",
    "vndoc.slots.SlotForm",
)
"""What the methods of the protocols take and return."""


def building_blocks() -> str:
    """The types that an engine, a format or a slot reader is made with."""
    return _autodoc("class", list(BUILDING_BLOCKS))


def _protocols() -> Iterator[str]:
    for module in pkgutil.walk_packages(vndoc.__path__, "vndoc."):
        if module.name.endswith("__main__") or module.name.startswith("vndoc.cli"):
            continue
        for name, thing in vars(importlib.import_module(module.name)).items():
            own = getattr(thing, "__module__", None) == module.name
            if own and getattr(thing, "_is_protocol", False) and not name.startswith("_"):
                yield f"{module.name}.{name}"


PARTS: dict[str, Callable[[], str]] = {
    "notice-codes": notice_codes,
    "commands": commands,
    "functions": functions,
    "objects": objects,
    "models": models,
    "errors": errors,
    "protocols": protocols,
    "building-blocks": building_blocks,
}
