"""A not-guilty plea: its day and its court, from which the limit for applications is counted."""

from http import HTTPStatus

from chalicelib.domain.applying import apply_working
from chalicelib.domain.calendar import WorkingDays
from chalicelib.domain.cases import COURTS, Case, CaseKey, Plea
from chalicelib.domain.dates import long_date
from chalicelib.domain.errors import StaleError
from chalicelib.domain.staff import StaffSession
from chalicelib.rules import Rules
from chalicelib.services.keep_measures import BeforeChargeError
from chalicelib.services.record_plea import record_plea
from chalicelib.services.staff_sessions import find_case, need_role, open_case_page
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import (
    DAY_HINT,
    Errors,
    key_of,
    number_of,
    past_day,
    sentence,
)
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.updates import meanwhile_words

pages = Pages()

BEFORE_CHARGE = "Nobody is charged in this case. Record the charge first, then this."


@pages.page("/cases/{case}/plea", "GET")
@signed_in
def plea_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Ask for the day and the court of a not-guilty plea, with what is recorded already."""
    return _page(visit, session, key_of(case))


@pages.page("/cases/{case}/plea", "POST")
@signed_in
def plea(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Record the plea once, or show the form with what is missing; nothing typed is lost."""
    key, form = key_of(case), visit.form
    found = find_case(visit.deps, session, key)
    if not _is_charged(visit, found):
        return _page(visit, session, key, [("", BEFORE_CHARGE)])
    errors: list[tuple[str, str]] = []
    day = past_day(
        form.text("on"), first=found.reported_on, first_is="the report", today=visit.deps.today()
    )
    if day.day is None:
        errors.append(("on", sentence(day.problem)))
    if form.text("court") not in COURTS:
        errors.append(("court", "Choose the court."))
    if day.day is None or errors:
        return _page(visit, session, key, errors)
    pleaded = Plea(day.day, form.text("court"))
    try:
        record_plea(visit.deps, session, key, pleaded, seen=number_of(form.text("version")))
    except BeforeChargeError:
        return _page(visit, session, key, [("", BEFORE_CHARGE)])
    except StaleError:
        return _page(visit, session, key, status=HTTPStatus.CONFLICT)
    return Redirect(f"/cases/{key}?done=plea")


def plea_words(case: Case, calendar: WorkingDays, rules: Rules) -> str:
    """Return what is recorded of a plea, and the last day to apply that follows from it."""
    if case.plea is None:
        return ""
    last_day, working = apply_working(case.plea, calendar, rules)
    return (
        f"Not guilty on {long_date(case.plea.on)}, {COURTS[case.plea.court]}. The prosecutor "
        f"applies by {long_date(last_day)}: {working.working_days} business days "
        "(Criminal Procedure Rules 2025, rule 18.4)."
    )


def _is_charged(visit: Visit, case: Case) -> bool:
    return visit.deps.rules.stages[case.current.stage].from_charge


def _page(
    visit: Visit,
    session: StaffSession,
    key: CaseKey,
    errors: Errors = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> Page:
    deps, form = visit.deps, visit.form
    need_role(deps, session, "answers")
    case = open_case_page(deps, session, key, "opened the plea form")
    is_stale = status == HTTPStatus.CONFLICT
    there = case.plea
    return case_desk_page(
        visit,
        case,
        "staff/plea.html",
        {
            "errors": errors,
            "error_of": dict(errors),
            "meanwhile": meanwhile_words(visit, case) if is_stale else None,
            "may_record": _is_charged(visit, case),
            "before_charge": BEFORE_CHARGE,
            "recorded": plea_words(case, deps.calendar, deps.rules),
            "version": case.version,
            "entry_count": len(case.entries),
            "update_count": len(case.updates),
            "courts": list(COURTS.items()),
            "court": form.text("court") or (there.court if there else ""),
            "on": form.text("on") or (there.on.isoformat() if there else ""),
            "day_hint": DAY_HINT,
            "crown": deps.rules.limits.apply_crown_working_days,
            "magistrates": deps.rules.limits.apply_magistrates_working_days,
        },
        status=HTTPStatus.BAD_REQUEST if errors else status,
    )
