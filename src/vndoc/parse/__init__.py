"""From repaired pages to the typed dispatch."""

from vndoc.parse.assemble import Parsed, parse_form, parse_pages
from vndoc.parse.form.slots import Slot
from vndoc.parse.resolution import Readings, settle

__all__ = ["Parsed", "Readings", "Slot", "parse_form", "parse_pages", "settle"]
