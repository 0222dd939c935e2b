"""Opening a case of another team: the reason, and for a restricted case the second supervisor."""

from http import HTTPStatus

from chalicelib.domain.dates import date_and_time
from chalicelib.domain.staff import StaffSession
from chalicelib.services.break_glass import (
    LONGEST_REASON,
    ReasonNeededError,
    asking_id,
    break_glass,
    confirm_leave,
    waiting_leave,
)
from chalicelib.web.page import Answer, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import key_of
from chalicelib.web.staff.desk import desk_page, signed_in
from chalicelib.web.staff.missing import missing_page

pages = Pages()


@pages.page("/cases/{case}/break-glass", "POST")
@signed_in
def open_with_reason(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Open the case, or say what the reason lacks, or how a second supervisor confirms."""
    try:
        is_open = break_glass(visit.deps, session, key_of(case), visit.form.text("reason"))
    except ReasonNeededError:
        least = visit.deps.rules.limits.break_glass_reason_characters
        sentence = f"Say why, in {least} to {LONGEST_REASON} characters."
        errors = (("reason", sentence),)
        return missing_page(visit, case, errors=errors, status=HTTPStatus.BAD_REQUEST)
    return Redirect(f"/cases/{case}" if is_open else f"/cases/{case}/confirm-leave")


@pages.page("/cases/{case}/confirm-leave", "GET")
@signed_in
def leave_that_waits(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Tell who asked how to go on, and a second supervisor what they would confirm."""
    leave = waiting_leave(visit.deps, session, key_of(case))
    return desk_page(
        "staff/leave.html",
        {
            "case_key": case,
            "asked": asking_id(leave),
            "is_own": leave.by == session.member.id,
            "is_confirmed": leave.confirmed_by is not None,
            "name": leave.name,
            "reason": leave.reason,
            "until": date_and_time(leave.until),
            "minutes": visit.deps.rules.limits.break_glass_minutes,
        },
    )


@pages.page("/cases/{case}/confirm-leave", "POST")
@signed_in
def confirm(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Let the other supervisor in; the page then says so."""
    confirm_leave(visit.deps, session, key_of(case), visit.form.text("asked"))
    return Redirect(f"/cases/{case}/confirm-leave")
