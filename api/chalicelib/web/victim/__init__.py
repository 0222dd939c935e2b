"""The pages of the public service."""

from chalicelib.web.victim import lookup
from chalicelib.web.victim.errors import error_page

PAGES = [lookup.pages]

__all__ = ["PAGES", "error_page"]
