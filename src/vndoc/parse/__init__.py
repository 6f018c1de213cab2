"""From repaired pages to the typed dispatch."""

from vndoc.parse.assemble import Parsed, parse_form, parse_pages

__all__ = ["Parsed", "parse_form", "parse_pages"]
