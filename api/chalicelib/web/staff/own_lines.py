"""An ISVA records that a minimum expectation of their own service was kept."""

from http import HTTPStatus

from chalicelib.domain.cases import VictimKey
from chalicelib.domain.errors import StaleError
from chalicelib.domain.staff import StaffSession
from chalicelib.services.keep_line import keep_own_line, open_own_line
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import Errors, key_of
from chalicelib.web.staff.desk import desk_page, signed_in
from chalicelib.web.staff.line_forms import asked, done_of, form_context, sent
from chalicelib.web.staff.support import address_of

pages = Pages()


@pages.page("/support/{case}/line", "GET")
@signed_in
def own_line_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Ask an ISVA how and when they kept a line of theirs."""
    return _own_page(visit, session, case, *asked(visit))


@pages.page("/support/{case}/line", "POST")
@signed_in
def own_line(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Record it once, or show the form with what is missing."""
    key, (whose, which) = key_of(case), sent(visit)
    promise = open_own_line(visit.deps, session, key, whose, which)
    errors: list[tuple[str, str]] = []
    done = done_of(visit, promise, errors)
    if done is None:
        return _own_page(visit, session, case, whose, which, errors=errors)
    try:
        keep_own_line(visit.deps, session, key, whose, which, done=done)
    except StaleError:
        return _own_page(visit, session, case, whose, which, status=HTTPStatus.CONFLICT)
    return Redirect(f"/support/{key}?victim={whose}&done=line")


def _own_page(  # noqa: PLR0913 -- whose line, and what happened to the form
    visit: Visit,
    session: StaffSession,
    case: str,
    whose: VictimKey,
    which: str,
    *,
    errors: Errors = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> Page:
    key = key_of(case)
    promise = open_own_line(visit.deps, session, key, whose, which)
    context = {
        **form_context(visit, promise, errors),
        "reference": promise.reference,
        "name": f"Victim {promise.label}",
        "action": f"/support/{key}/line",
        "back": address_of(key, whose),
    }
    shown = HTTPStatus.BAD_REQUEST if errors else status
    return desk_page("staff/own_line.html", context, status=shown)
