"""What every page of an open case does first, and what every one of them shows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.dates import in_london, long_date
from chalicelib.domain.errors import NotFoundError, SessionEndedError
from chalicelib.domain.safety import in_safe_mode
from chalicelib.services.victim_sessions import Opened, open_page, seconds_left
from chalicelib.web.page import Page, Visit

Errors = Sequence[tuple[str | None, str]]
MOST_DIGITS = 4


def token_of(visit: Visit) -> str:
    """Return the token of this browser's session.

    Raises:
        SessionEndedError: it has none, which is known without asking anyone.
    """
    token = visit.request.cookies.get(visit.cookie.name)
    if not token:
        raise SessionEndedError
    return token


def open_visit(visit: Visit, what: str) -> Opened:
    """Return the case as this browser's victim may see it, in four requests."""
    return open_page(visit.deps, token_of(visit), what)


def number_of(text: str) -> int:
    """Return the number in an address.

    Raises:
        NotFoundError: it is none that a thread can have; 07 is not another name for 7.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > MOST_DIGITS or text[0] == "0":
        raise NotFoundError
    return int(text)


def case_page(  # noqa: PLR0913 -- a page is made of these; all but the first four are named
    visit: Visit,
    opened: Opened,
    template: str,
    title: str,
    *,
    status: int = 200,
    errors: Errors = (),
    context: Mapping[str, Any],
) -> Page:
    """Return a page of an open case: neutral title, safe-mode line, and when it will close."""
    rules = visit.deps.rules
    visit.session_ends_in = seconds_left(visit.deps, opened.session)
    safe = in_safe_mode(opened.case, opened.file.safety, rules)
    return Page(
        template,
        {
            "title": rules.titles[title].text,
            "errors": errors,
            "error_of": {name: sentence for name, sentence in errors if name},
            "in_safe_mode": safe,
            "safe_mode_line": rules.force.safe_mode_line if safe else None,
            **context,
        },
        status=status,
        private=True,
        form=True,
    )


def day_of(moment: datetime) -> str:
    """Return the London day of a moment as pages write it."""
    return long_date(in_london(moment).date())
