"""The bill of materials of a release: ``python scripts/make_sbom.py --output dist/vndoc.cdx.json`` (CycloneDX 1.6).

Lists what an installation of vndoc with its extras brings: each package in the version that this environment has, with
its licence and what it needs in turn, and each model with its SHA-256. The same environment gives the same bytes: the
time is that of ``SOURCE_DATE_EPOCH``, the serial number is made from the content. Programs of the system (poppler,
Tesseract) are not part of a release and are not in it; ``vndoc doctor`` shows their versions.
"""

import argparse
import os
import sys
import tomllib
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import vndoc
from vndoc.models import MANIFEST, hashes

EXTRAS = ("formats", "web")
_DEFAULT_TIME = 1_577_836_800  # 2020-01-01, where SOURCE_DATE_EPOCH is not set
_OWN = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text(encoding="utf-8"))["project"]
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://pypi.org/project/vndoc/")


class LackingError(Exception):
    """A package that the list must hold is not installed here."""


def needed(name: str, extras: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Packages that a package needs here, with the extras that are asked of each.

    Raises:
        LackingError: the package is not installed.
    """
    if name == "vndoc":  # what is installed of it may be an older checkout
        lines = [*_OWN["dependencies"], *(line for extra in extras for line in _OWN["optional-dependencies"][extra])]
    else:
        lines = _about(name).get_all("Requires-Dist") or []
    for requirement in map(Requirement, lines):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield canonicalize_name(requirement.name), tuple(sorted(requirement.extras))


def closure(name: str, extras: Sequence[str]) -> dict[str, set[str]]:
    """All packages that an installation brings, each with those that it needs, in the order of their names."""
    found: dict[str, set[str]] = {}
    seen: set[tuple[str, tuple[str, ...]]] = set()
    waiting = [(canonicalize_name(name), tuple(extras))]
    while waiting:
        package = waiting.pop()
        if package not in seen:
            seen.add(package)
            below = [one for one in needed(*package) if one[0] != package[0]]
            waiting += below
            found.setdefault(package[0], set()).update(name for name, _ in below)
    return dict(sorted(found.items()))


def bill(extras: Sequence[str] = EXTRAS, when: int = _DEFAULT_TIME) -> Bom:
    """The bill of materials of vndoc with these extras, as installed here."""
    packages = closure("vndoc", extras)
    parts = {name: _component(name) for name in packages}
    bom = Bom()
    own = parts.pop("vndoc")
    own.type = ComponentType.APPLICATION
    bom.metadata.component = own
    bom.metadata.timestamp = datetime.fromtimestamp(when, UTC)
    models = list(_models())
    bom.components.update(parts.values())
    bom.components.update(models)
    for name, below in packages.items():
        target = own if name == "vndoc" else parts[name]
        bom.register_dependency(target, [parts[one] for one in sorted(below)] + (models if target is own else []))
    content = "\n".join(sorted(str(one.bom_ref.value) for one in (own, *bom.components)))
    bom.serial_number = uuid.uuid5(_NAMESPACE, content)
    return bom


def _about(name: str) -> metadata.PackageMetadata:
    try:
        return metadata.metadata(name)
    except metadata.PackageNotFoundError:
        raise LackingError(f"{name} is not installed; 'make setup-dev' installs what a release is made with") from None


def _component(name: str) -> Component:
    about = _about(name)
    version = _OWN["version"] if name == "vndoc" else about["Version"]
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{name}=={version}",
        purl=PackageURL("pypi", None, name, version),
        licenses=[found] if (found := _licence(about)) else [],
    )


def _licence(about: metadata.PackageMetadata) -> License | None:
    """As the package tells it: an SPDX expression, its classifiers, or a name."""
    factory = LicenseFactory()
    if expression := about.get("License-Expression"):
        return factory.make_from_string(expression, license_acknowledgement=None)
    prefix = "License :: OSI Approved :: "
    named = [line.removeprefix(prefix) for line in about.get_all("Classifier") or () if line.startswith(prefix)]
    told = " / ".join(named) or (about.get("License") or "").strip().partition("\n")[0]
    return factory.make_with_name(told) if told else None


def _models() -> Iterator[Component]:
    """Each file of a model of the package, under its path in it."""
    root = Path(vndoc.__file__).parent
    for path in sorted(root.rglob(MANIFEST)):
        for name, digest in (hashes(path.parent) or {}).items():
            place = f"{path.parent.relative_to(root).as_posix()}/{name}"
            yield Component(
                name=place,
                version=_OWN["version"],
                type=ComponentType.MACHINE_LEARNING_MODEL,
                bom_ref=f"vndoc/{place}@{digest[:12]}",
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--extra", action="append", help="an extra of vndoc; formats and web without")
    options = parser.parse_args(arguments)
    try:
        made = bill(options.extra or EXTRAS, int(os.environ.get("SOURCE_DATE_EPOCH", _DEFAULT_TIME)))
    except LackingError as error:
        print(f"make_sbom: {error}", file=sys.stderr)
        return 1
    text = make_outputter(made, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)
    options.output.write_text(f"{text}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
