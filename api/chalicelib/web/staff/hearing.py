"""The next court date: which day, which court, who may be needed, or that there is none."""

from datetime import date
from http import HTTPStatus
from typing import Any

from chalicelib.domain.cases import HEARING_MONTHS_AHEAD, Case, CaseKey, Hearing
from chalicelib.domain.dates import add_months, long_date, read_day
from chalicelib.domain.errors import StaleError
from chalicelib.domain.staff import StaffSession
from chalicelib.services.keep_measures import BeforeChargeError
from chalicelib.services.record_hearing import record_hearing
from chalicelib.services.staff_sessions import find_case, need_role, open_case_page
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import (
    COMING_HINT,
    DAY_HINT,
    DayField,
    Errors,
    coming_day,
    key_of,
    length_problem,
    number_of,
    past_day,
    sentence,
    victims_ticked,
)
from chalicelib.web.staff.case_words import in_order, victim_name
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.plea import BEFORE_CHARGE
from chalicelib.web.staff.updates import meanwhile_words

pages = Pages()

THERE, NONE_ANY_MORE = "date", "none"
LONGEST_COURT = 100
TODAY = "today"
FROM_FILE = (
    "This date stands already, from the case file, and follows it. Record here what is different."
)
Errs = list[tuple[str, str]]


@pages.page("/cases/{case}/hearing", "GET")
@signed_in
def hearing_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Ask for the next court date, with what is recorded already."""
    return _page(visit, session, key_of(case))


@pages.page("/cases/{case}/hearing", "POST")
@signed_in
def hearing(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Record the date once, or show the form with what is missing; nothing typed is lost."""
    key = key_of(case)
    found = find_case(visit.deps, session, key)
    errors: Errs = []
    typed, heard_on = _hearing(visit, found, errors), _heard_on(visit, found, errors)
    if typed is None or heard_on is None or errors:
        return _page(visit, session, key, errors)
    try:
        made = record_hearing(
            visit.deps,
            session,
            key,
            typed,
            heard_on=heard_on,
            seen=number_of(visit.form.text("version")),
        )
    except BeforeChargeError:
        return _page(visit, session, key, [("there", BEFORE_CHARGE)])
    except StaleError:
        return _page(visit, session, key, status=HTTPStatus.CONFLICT)
    # Without an event nobody is owed to be told of anything.
    said = f"hearing&event={made}" if made else "event"
    return Redirect(f"/cases/{key}?done={said}")


def _hearing(visit: Visit, case: Case, errors: Errs) -> Hearing | None:
    there = visit.form.text("there")
    if there == NONE_ANY_MORE:
        return Hearing(None, None)
    if there != THERE:
        errors.append(("there", "Say whether there is a court date."))
    day = _day(visit, case)
    if day.day is None:
        errors.append(("on", sentence(day.problem)))
    court = " ".join(visit.form.text("court").split())
    if not court:
        errors.append(("court", "Write which court it is."))
    if too_long := length_problem(court, LONGEST_COURT, "The name of the court"):
        errors.append(("court", too_long))
    needed = victims_ticked(visit, case, "needed")
    not_needed = frozenset(victim.key for victim in case.victims if victim.key not in needed)
    typed = Hearing(day.day, court, not_needed)
    if case.hearing is None and typed == Hearing(case.next_hearing_on, case.court):
        errors.append(("on", FROM_FILE))
    return typed


def _day(visit: Visit, case: Case) -> DayField:
    """Return the date; the court sits today or later, and after the report in any case."""
    today, text = visit.deps.today(), visit.form.text("on")
    read = read_day(text, today)
    if read is not None and read < case.reported_on:
        before = f"{long_date(read)} is before the report, {long_date(case.reported_on)}."
        return DayField(None, before)
    last = add_months(today, HEARING_MONTHS_AHEAD)
    return coming_day(text, last=last, last_is="the last day that can be right", today=today)


def _heard_on(visit: Visit, case: Case, errors: Errs) -> date | None:
    heard = past_day(
        visit.form.text("heard_on"),
        first=case.reported_on,
        first_is="the report",
        today=visit.deps.today(),
    )
    if heard.day is None:
        errors.append(("heard_on", sentence(heard.problem)))
    return heard.day


def date_words(case: Case) -> str:
    """Return the next date at court and which court it is, or nothing."""
    if case.next_hearing_on is None:
        return ""
    court = f", {case.court}" if case.court else ""
    return f"{long_date(case.next_hearing_on)}{court}"


def _page(
    visit: Visit,
    session: StaffSession,
    key: CaseKey,
    errors: Errors = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> Page:
    deps = visit.deps
    need_role(deps, session, "answers")
    case = open_case_page(deps, session, key, "opened the form of the court date")
    is_stale = status == HTTPStatus.CONFLICT
    return case_desk_page(
        visit,
        case,
        "staff/hearing.html",
        {
            **_typed(visit, case),
            "errors": errors,
            "error_of": dict(errors),
            "meanwhile": meanwhile_words(visit, case) if is_stale else None,
            # What somebody typed stays on the page, also where it cannot be recorded.
            "may_record": deps.rules.stages[case.current.stage].from_charge or bool(errors),
            "before_charge": BEFORE_CHARGE,
            "recorded": date_words(case),
            "is_typed": case.hearing is not None,
            "version": case.version,
            "entry_count": len(case.entries),
            "update_count": len(case.updates),
            "victims": [(victim.key, victim_name(victim)) for victim in in_order(case)],
            "choices": [
                (THERE, "There is a date"),
                (NONE_ANY_MORE, "There is no date any more"),
            ],
            "coming_hint": COMING_HINT,
            "day_hint": DAY_HINT,
        },
        status=HTTPStatus.BAD_REQUEST if errors else status,
    )


def _typed(visit: Visit, case: Case) -> dict[str, Any]:
    """Return what was typed, or before that what is recorded: everybody may be needed."""
    form = visit.form
    if form.text("version"):
        names = ("there", "on", "court", "heard_on")
        return {**{name: form.text(name) for name in names}, "needed": form.every("needed")}
    on, not_needed = case.next_hearing_on, case.hearing.not_needed if case.hearing else ()
    return {
        "there": THERE,
        "on": on.isoformat() if on and on >= visit.deps.today() else "",
        "court": case.court or "",
        "heard_on": TODAY,
        "needed": [victim.key for victim in case.victims if victim.key not in not_needed],
    }
