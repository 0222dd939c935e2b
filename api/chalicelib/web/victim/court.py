"""The day at court on one page that prints well, and an entry for a calendar for who wants one."""

from datetime import date
from typing import Any

from chalicelib.domain.appointments import calendar_entry
from chalicelib.domain.dates import long_date
from chalicelib.domain.measures import GRANTED, PARTLY, VARIED, WITHDRAWN, step_shown
from chalicelib.domain.needs import in_order, need_words
from chalicelib.rules.measures import load_measures
from chalicelib.services.hidden_news import hidden_from
from chalicelib.services.read_case import knows_of_charge
from chalicelib.services.victim_sessions import Opened
from chalicelib.web.measure_parts import state_words
from chalicelib.web.page import Answer, Download, Pages, Redirect, Visit
from chalicelib.web.victim.visits import case_page, open_visit

pages = Pages()

ALLOWED = (GRANTED, PARTLY, VARIED)
FILE = "appointment.ics"


@pages.page("/case/court", "GET")
def court(visit: Visit) -> Answer:
    """Show the next date at court with all that is arranged for it."""
    opened = open_visit(visit, "read the page of the day")
    day, contacts = hearing_shown(visit, opened), visit.deps.rules.contacts
    context = {
        "day": long_date(day) if day else None,
        "place": opened.shown.court if day else None,
        "not_needed": _is_not_needed(opened, day),
        "knows": knows_of_charge(opened, visit.deps.rules),
        "people": contacts["witness_care"].label,
        "phone": contacts["not_emergency"].phone,
        "needs": [
            (row.label, need_words(need, visit.deps.rules))
            for row, need in in_order(opened.file.needs, visit.deps.rules)
        ],
        **_arranged(visit, opened),
        **_company(opened),
    }
    return case_page(visit, opened, "victim/court.html", "court", context=context)


@pages.page("/case/court/date", "GET")
def date_warning(visit: Visit) -> Answer:
    """Say what an entry in a calendar gives away, before anybody makes one."""
    opened = open_visit(visit, "asked for an entry of a calendar")
    day = hearing_shown(visit, opened)
    if day is None:
        return Redirect("/case/court")
    return case_page(
        visit, opened, "victim/calendar.html", "calendar", context={"day": long_date(day)}
    )


@pages.page("/case/court/date.ics", "GET")
def date_file(visit: Visit) -> Answer:
    """Return the entry: a day and the word appointment, and nothing else."""
    opened = open_visit(visit, "took an entry for a calendar")
    day = hearing_shown(visit, opened)
    if day is None:
        return Redirect("/case/court")
    return Download(calendar_entry(day, visit.deps.new_token(), visit.now), FILE)


def hearing_shown(visit: Visit, opened: Opened) -> date | None:
    """Return the next date at court that this victim may read, while it lies ahead."""
    day = opened.shown.next_hearing_on
    return day if day is not None and day >= visit.deps.today() else None


def _is_not_needed(opened: Opened, day: date | None) -> bool:
    """Return whether they need not come, if the date that they read is the one that holds.

    What was typed behind news that nobody told them yet would tell of it (D10).
    """
    case, victim = opened.case, opened.session.victim
    if day is None or day != case.next_hearing_on or case.hearing is None:
        return False
    since, typed_at = hidden_from(case, opened.shown.entry), case.hearing.typed_at
    came_behind = since is not None and (typed_at is None or typed_at >= since)
    return case.needed_on(victim) is None and not came_behind


def _arranged(visit: Visit, opened: Opened) -> dict[str, Any]:
    """Return what is allowed or arranged, and what is asked for and open, as it may be read."""
    rules, knows = load_measures(), knows_of_charge(opened, visit.deps.rules)
    arranged, asked = [], []
    for key, row in rules.measures.items():
        measure = opened.file.measure(key)
        step = step_shown(measure, rules, knows_of_charge=knows) if measure else None
        if step is None or step.state == WITHDRAWN:
            continue
        says = state_words(row, rules.states[step.state]).says
        if step.state in ALLOWED:
            arranged.append({"row": row, "says": says, "note": step.note})
        elif not rules.states[step.state].decided:
            asked.append({"row": row, "says": says})
    return {"arranged": arranged, "asked": asked}


def _company(opened: Opened) -> dict[str, str]:
    """Return who is with them, how they get there and who interprets, empty if nobody knows."""
    row = opened.file.court
    return {
        "supporter": row.supporter if row else "",
        "travel": row.travel if row else "",
        "interpreter": row.interpreter if row else "",
    }
