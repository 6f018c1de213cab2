"""From repaired pages to the typed dispatch: its form, its identity, its content."""

from vndoc.parse.assemble import assemble, parse_pages
from vndoc.parse.content import Content, read_content
from vndoc.parse.identity import Form, Identity, read_form
from vndoc.parse.resolution import resolve
from vndoc.parse.trust import weighed

__all__ = ["Content", "Form", "Identity", "assemble", "parse_pages", "read_content", "read_form", "resolve", "weighed"]
