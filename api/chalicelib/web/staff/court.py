"""The list before court: the meeting's agenda of a week, the soonest court date first."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.dates import long_date, plain_date, read_day
from chalicelib.domain.needs import in_order, need_words
from chalicelib.domain.safety import in_safe_mode
from chalicelib.domain.staff import StaffSession
from chalicelib.services.before_court import missing_of
from chalicelib.services.court_list import Agenda, AgendaRow, open_agenda
from chalicelib.services.deps import Deps
from chalicelib.services.staff_case import victim_of
from chalicelib.web.page import Answer, Pages, Visit
from chalicelib.web.staff.case_words import victim_name
from chalicelib.web.staff.contact_words import contact_line
from chalicelib.web.staff.court_words import left_words, review_address, state_of, view_lines
from chalicelib.web.staff.desk import desk_page, signed_in
from chalicelib.web.staff.measure_words import measures_of
from chalicelib.web.staff.needs_words import NONE_TOLD

pages = Pages()

ONE_WEEK, SIX_DAYS = timedelta(weeks=1), timedelta(days=6)
# Addresses that somebody makes up lead no further than a year or two from today.
MOST_DAYS_AWAY = timedelta(days=800)


@pages.page("/court", "GET")
@signed_in
def court(visit: Visit, session: StaffSession) -> Answer:
    """Show who goes to court in a week, or within the days of the list, and what is missing."""
    query, deps = visit.request.query, visit.deps
    monday = _monday(query.get("week", ""), deps.today())
    first = monday or deps.today()
    last = first + SIX_DAYS if monday else first + timedelta(deps.rules.limits.review_list_days)
    agenda = open_agenda(deps, session, first, last, query.get("after"))
    return desk_page(
        "staff/court.html",
        {
            **_weeks(monday, first, last, deps),
            "rows": [_row(visit, row) for row in agenda.rows],
            "total": agenda.total,
            "red": _red(agenda),
            "all_teams": agenda.all_teams,
            "limit": deps.rules.limits.review_working_days,
            "is_first": not query.get("after"),
            "next": _address(monday, agenda.next_after) if agenda.next_after else "",
            "top": _address(monday),
        },
    )


def _monday(text: str, today: date) -> date | None:
    """Return the Monday of the week that an address names; none for what is none of ours."""
    day = read_day(text, today)
    if day is None or abs(day - today) > MOST_DAYS_AWAY:
        return None
    return day - timedelta(days=day.weekday())


def _address(monday: date | None, after: str = "") -> str:
    query = {"week": monday.isoformat() if monday else "", "after": after}
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"/court?{asked}" if asked else "/court"


def _weeks(monday: date | None, first: date, last: date, deps: Deps) -> dict[str, Any]:
    """Return what the list is of, and the weeks that one can go to."""
    today = deps.today()
    this_week = today - timedelta(days=today.weekday())
    days = deps.rules.limits.review_list_days
    others = [
        *([("The week before", _address(monday - ONE_WEEK))] if monday else []),
        *([("This week", _address(this_week))] if monday != this_week else []),
        ("The week after", _address((monday or this_week) + ONE_WEEK)),
        *([(f"The next {days} days", _address(None))] if monday else []),
    ]
    what = f"Week from {long_date(first)}" if monday else f"The next {days} days"
    return {"what": what, "until": plain_date(last), "weeks": others}


def _red(agenda: Agenda) -> str:
    if not agenda.red:
        return ""
    return "1 is red" if agenda.red == 1 else f"{agenda.red} are red"


def _row(visit: Visit, row: AgendaRow) -> dict[str, Any]:
    """Return a row of the agenda; of a case that is not open to this person the day alone."""
    deps, on = visit.deps, row.court.on
    day = {
        "on": long_date(on) if on else "",
        "left": left_words(on, deps) if on else "",
        "team": row.team,
    }
    if row.case is None or row.file is None:
        return {**day, "is_shut": True}
    victim = victim_of(row.case, row.court.victim)
    return {
        **day,
        "is_shut": False,
        "reference": row.case.reference,
        "court": row.case.court or "",
        "case": f"/cases/{row.case.key}",
        "name": victim_name(victim),
        "left_on": long_date(victim.left_on) if victim.left_on else "",
        "address": review_address(row.case, victim),
        "state": state_of(row.court, deps),
        # Without addresses: it is read out in the meeting, and lies about on paper.
        "contact": contact_line(
            row.file.contact,
            deps.now(),
            deps.rules,
            safe_mode=in_safe_mode(row.case, row.file.safety, deps.rules),
            with_addresses=False,
        ),
        # Whole, since it is read in the meeting and on paper: what to do in an emergency too.
        "needs": [
            f"{kind.label}: {need_words(need, deps.rules)}"
            for kind, need in in_order(row.file.needs, deps.rules)
        ]
        or [NONE_TOLD],
        "measures": measures_of(visit, row.case, victim, row.file)["lines"],
        "missing": missing_of(deps, row.case, victim, row.file),
        "views": view_lines(row.file.agreements, deps.today(), deps.rules),
    }
