"""The lookup form: reference and access code to the case."""

import logging
from http import HTTPStatus

from chalicelib.domain.access import CodeMistypedError
from chalicelib.domain.errors import KeysUnavailableError, StoreUnavailableError
from chalicelib.services.open_case import CouldNotOpenError, open_case
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.victim.visits import Errors

CHECK_CODE = "Check the code. One letter may be wrong or missing."
NOT_OPENED = (
    "We could not open your information with these details. Check both, or call 101 and "
    "ask for the officer in your case; they will arrange a new code safely."
)
TOO_MANY = (
    "We could not open your information with these details. Others at this address may have "
    "tried as well. You are not locked out: a right code still works. Check both, or call 101 "
    "and ask for the officer in your case; they will arrange a new code safely."
)
NO_ANSWER = (
    "Our system did not answer. What you typed is still here: try again in a minute, or call 101."
)
LOG = logging.getLogger("hub")
# Alarms go by these lines. They say that it happened, and nothing of who or what.
FAILED = "a lookup failed"
NO_KEYS = "keys unavailable at /case/open"
NO_STORE = "store unavailable at /case/open"
CHECK_BOTH = {"reference": "Check your crime reference.", "code": "Check your access code."}

pages = Pages()


@pages.page("/case/open", "GET")
def lookup_form(visit: Visit) -> Answer:
    """Show the empty form, also to who has a case open: it may be another one they want."""
    return _form(visit, HTTPStatus.OK)


@pages.page("/case/open", "POST")
def look_up(visit: Visit) -> Answer:
    """Open the case, or show the form with one of its two errors; what was typed stays."""
    try:
        token = open_case(
            visit.deps,
            reference=visit.form.text("reference"),
            code=visit.form.text("code"),
            address=visit.request.address,
        )
    except CodeMistypedError:
        return _form(visit, HTTPStatus.BAD_REQUEST, [("code", CHECK_CODE)], {"code": CHECK_CODE})
    except CouldNotOpenError as error:
        LOG.warning(FAILED)
        return _not_opened(visit, too_many=error.too_many)
    except (KeysUnavailableError, StoreUnavailableError) as error:
        LOG.error(NO_KEYS if isinstance(error, KeysUnavailableError) else NO_STORE)  # noqa: TRY400
        return _form(visit, HTTPStatus.SERVICE_UNAVAILABLE, no_answer=NO_ANSWER)
    return Redirect("/case", cookies=(visit.cookie.set(token),))


def _not_opened(visit: Visit, *, too_many: bool) -> Page:
    status = HTTPStatus.TOO_MANY_REQUESTS if too_many else HTTPStatus.BAD_REQUEST
    sentence = TOO_MANY if too_many else NOT_OPENED
    return _form(visit, status, [(None, sentence), *CHECK_BOTH.items()], CHECK_BOTH)


def _form(
    visit: Visit,
    status: HTTPStatus,
    errors: Errors = (),
    error_of: dict[str, str] | None = None,
    *,
    no_answer: str = "",
) -> Page:
    rules = visit.deps.rules
    return Page(
        "victim/lookup.html",
        {
            "title": rules.titles["open"].text,
            "reference": visit.form.text("reference"),
            "code": visit.form.text("code"),
            "errors": errors,
            "error_of": error_of or {},
            "no_answer": no_answer,
            "reference_hint": rules.force.reference_hint,
        },
        status=status,
        form=True,
        private=True,
    )
