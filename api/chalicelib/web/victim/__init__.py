"""The pages of the public service."""

from chalicelib.web.victim import ask, case, code, leaving, lookup, thread
from chalicelib.web.victim.errors import error_page

PAGES = [lookup.pages, leaving.pages, case.pages, ask.pages, thread.pages, code.pages]

__all__ = ["PAGES", "error_page"]
