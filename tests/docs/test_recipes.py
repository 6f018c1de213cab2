"""The recipes work as they are written."""

import re
import sys
from pathlib import Path

import cv2
import pytest

import vndoc
from tests.conftest import SAMPLES, draw_lines
from vndoc.sources import registry

RECIPES = Path(__file__).parents[2] / "docs" / "recipes"


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Put the code and entry point of a recipe on the path, as pip would."""

    def put(recipe: str) -> None:
        text = (RECIPES / recipe).read_text("utf-8")
        code, point = (re.search(rf"( *)```{kind}\n(.*?)```", text, re.S) for kind in ("python", "toml"))
        assert code
        assert point
        group, name, value = re.search(r'entry-points\."([\w.]+)"\]\s*(\S+) = "(.*?)"', point[2]).groups()
        module = value.partition(":")[0]
        (tmp_path / f"{module}.py").write_text(re.sub(rf"^{code[1]}", "", code[2], flags=re.M), "utf-8")
        about = tmp_path / f"{module}-1.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1\n", "utf-8")
        (about / "entry_points.txt").write_text(f"[{group}]\n{name} = {value}\n", "utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        for cached in (registry.backends, registry.suffixes):
            cached.cache_clear()

    yield put
    sys.modules.pop("my_package", None)
    for cached in (registry.backends, registry.suffixes):
        cached.cache_clear()


def test_the_engine_of_the_recipe_reads(install):
    install("engine.md")
    dispatch = vndoc.parse(SAMPLES / "giay-moi-89" / "scan.png", settings=vndoc.Settings(engine="my-engine"))
    assert (dispatch.code_number, dispatch.code_notation, dispatch.recipients) == ("12", "SYT-VP", ["Sở Nội vụ"])
    assert [page.method for page in dispatch.pages] == ["my-engine"]


def test_the_format_of_the_recipe_is_read(install, tmp_path):
    install("format.md")
    page = cv2.cvtColor(draw_lines(["Số: 12/QĐ-UBND", "Căn cứ Luật Đất đai năm 2024;"]), cv2.COLOR_RGB2GRAY)
    assert cv2.imwrite(str(tmp_path / "scan.pgm"), page)
    dispatch = vndoc.parse(tmp_path / "scan.pgm")
    assert (dispatch.source.media_type, dispatch.code_number) == ("image/x-portable-graymap", "12")
    with pytest.raises(vndoc.FormatError, match="damaged or cut off"):
        vndoc.parse(b"P5 nothing")
