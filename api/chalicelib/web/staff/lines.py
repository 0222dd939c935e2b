"""Staff record that a minimum expectation of police and ISVAs was kept, or begin one by hand."""

from http import HTTPStatus

from chalicelib.domain.cases import VictimKey
from chalicelib.domain.errors import StaleError
from chalicelib.domain.staff import StaffSession
from chalicelib.services.keep_line import begin_stopping, keep_line, open_line
from chalicelib.services.staff_case import victim_of
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import Errors, key_of
from chalicelib.web.staff.case_words import victim_name
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.line_forms import asked, done_of, form_context, sent
from chalicelib.web.staff.support import victim_key_of

pages = Pages()


@pages.page("/cases/{case}/line", "GET")
@signed_in
def line_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Ask how and when a line was kept."""
    return _page(visit, session, case, *asked(visit))


@pages.page("/cases/{case}/line", "POST")
@signed_in
def line(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Record it once, or show the form with what is missing."""
    key, (whose, which) = key_of(case), sent(visit)
    _, _, promise = open_line(visit.deps, session, key, whose, which)
    errors: list[tuple[str, str]] = []
    done = done_of(visit, promise, errors)
    if done is None:
        return _page(visit, session, case, whose, which, errors=errors)
    try:
        keep_line(visit.deps, session, key, whose, which, done=done)
    except StaleError:
        return _page(visit, session, case, whose, which, status=HTTPStatus.CONFLICT)
    return Redirect(f"/cases/{key}?done=line")


@pages.page("/cases/{case}/stopping", "POST")
@signed_in
def stopping(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Note that a victim thinks of stopping."""
    key = key_of(case)
    begin_stopping(visit.deps, session, key, victim_key_of(visit.form.text("victim")))
    return Redirect(f"/cases/{key}?done=stopping")


def _page(  # noqa: PLR0913 -- whose line, and what happened to the form
    visit: Visit,
    session: StaffSession,
    case: str,
    whose: VictimKey,
    which: str,
    *,
    errors: Errors = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> Page:
    found, file, promise = open_line(visit.deps, session, key_of(case), whose, which)
    name = victim_name(victim_of(found, whose))
    context = {
        **form_context(visit, promise, errors),
        "name": name,
        "action": f"/cases/{found.key}/line",
    }
    return case_desk_page(
        visit,
        found,
        "staff/line.html",
        context,
        files={whose: file},
        status=HTTPStatus.BAD_REQUEST if errors else status,
    )
