"""The pages of the public service."""

from chalicelib.web.victim import (
    ask,
    case,
    check_message,
    code,
    contact,
    court,
    figures,
    finder,
    leaving,
    lookup,
    measures,
    needs,
    rhythm,
    safety,
    support,
    thread,
)
from chalicelib.web.victim.errors import error_page

PAGES = [
    lookup.pages,
    leaving.pages,
    case.pages,
    ask.pages,
    thread.pages,
    rhythm.pages,
    needs.pages,
    contact.pages,
    safety.pages,
    support.pages,
    measures.pages,
    court.pages,
    code.pages,
    figures.pages,
    finder.pages,
    check_message.pages,
]

__all__ = ["PAGES", "error_page"]
