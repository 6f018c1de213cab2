"""What ``pip install 'vndoc[web]'`` brings beside ``pip install vndoc``, by what the installed packages ask for."""

import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MOST = 17


def brought(requirements):
    """Names of all packages that these requirements lead to on this machine."""
    found, waiting = {}, [(Requirement(text), {""}) for text in requirements]
    while waiting:
        wanted, extras = waiting.pop()
        if wanted.marker and not any(wanted.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        name, new = canonicalize_name(wanted.name), wanted.extras | {""}
        if name in found and new <= found[name]:
            continue
        found[name] = found.get(name, set()) | new
        waiting += [(Requirement(text), found[name]) for text in metadata.requires(name) or ()]
    return set(found)


def test_the_web_brings_few_packages():
    plain = brought(PROJECT["dependencies"])
    web = brought([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["web"]])
    assert {"numpy", "pillow"} <= plain
    assert {"fastapi", "uvicorn", "starlette"} <= web - plain
    assert len(web - plain) <= MOST, sorted(web - plain)


def test_no_starlette_with_known_holes():
    web = {found.name: found.specifier for found in map(Requirement, PROJECT["optional-dependencies"]["web"])}
    # Before 0.49.1 a range header takes minutes; before 1.0 request.url believes any Host.
    assert not [version for version in ("0.40.0", "0.49.0", "0.52.1") if web["starlette"].contains(version)]
