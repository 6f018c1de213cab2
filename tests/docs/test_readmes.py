"""The README in English and in Vietnamese say the same, and the badges say what ``pyproject.toml`` says."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
VIETNAMESE = (ROOT / "README.vi.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(text: str) -> list[tuple[str, list[str]]]:
    """Language and lines of each code block; of the tree of files its paths. Comments are translated."""
    found = []
    for language, code in FENCE.findall(text):
        lines = code.splitlines()
        if language in ("sh", "python"):
            lines = [re.sub(r"\s+# .*", "", line) for line in lines]
        elif not language:
            lines = re.findall(r"[\w/]+(?:\.py|/)(?!\w)", code)
        found.append((language, lines))
    return found


def headings(text: str) -> list[str]:
    return re.findall(r"^(#+) ", FENCE.sub("", text), re.MULTILINE)


def links(text: str) -> list[str]:
    """What is pointed to, in its order; each README points to the other."""
    return re.findall(r"\]\(([^)]+)\)", text.replace("(README.vi.md)", "(README.md)"))


def figures(text: str) -> list[str]:
    """The numbers of its tables, decimal signs apart."""
    rows = "\n".join(re.findall(r"^\|.*$", text, re.MULTILINE))
    return sorted(number.replace(",", "").replace(".", "") for number in re.findall(r"\d+(?:[.,]\d+)?", rows))


@pytest.mark.parametrize("part", [blocks, headings, links, figures])
def test_both_have_the_same(part):
    assert part(ENGLISH)
    assert part(VIETNAMESE) == part(ENGLISH)


@pytest.mark.parametrize("readme", ["README.md", "README.vi.md"])
def test_what_it_points_to_is_there(readme):
    found = re.findall(r"\]\(([^)#]+)", (ROOT / readme).read_text(encoding="utf-8"))
    assert [target for target in found if not (ROOT / target).exists()] == []


def test_the_badges_say_what_the_project_file_says():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = [kind.rpartition(" ")[2] for kind in project["classifiers"] if "Python :: 3." in kind]
    badges = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "badges").glob("*.svg")}
    assert f"<title>Python: {' | '.join(versions)}</title>" in badges["python"]
    assert f"<title>licence: {project['license']}</title>" in badges["licence"]
