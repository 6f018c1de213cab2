"""The JSON Schema in the documentation is that of the model."""

import json
from pathlib import Path

from vndoc.dispatch import Dispatch
from vndoc.page import page_from_text
from vndoc.parse import parse_pages

SCHEMA = Path(__file__).parents[2] / "docs" / "dispatch.schema.json"


def test_the_schema_in_the_documentation_is_up_to_date(stored):
    stored(SCHEMA, json.dumps(Dispatch.model_json_schema(), ensure_ascii=False, indent=2) + "\n")


def test_every_field_of_the_dispatch_is_described():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    dumped = json.loads(parse_pages([page_from_text("Số: 12/QĐ-UBND")]).model_dump_json())
    assert set(dumped) == set(schema["properties"])
    assert all(model.get("description") for model in schema["$defs"].values())
