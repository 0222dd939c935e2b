"""The pages of the public service."""

from chalicelib.web.victim import ask, case, code, figures, leaving, lookup, rhythm, thread
from chalicelib.web.victim.errors import error_page

PAGES = [
    lookup.pages,
    leaving.pages,
    case.pages,
    ask.pages,
    thread.pages,
    rhythm.pages,
    code.pages,
    figures.pages,
]

__all__ = ["PAGES", "error_page"]
