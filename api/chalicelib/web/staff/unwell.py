"""Somebody is too unwell to come to court: what there is instead, what each needs, who decides."""

from typing import Any

from chalicelib.domain.applying import seems_open
from chalicelib.domain.cases import Case, Victim, VictimKey
from chalicelib.domain.finder import Openness
from chalicelib.domain.measures import DISCUSSED
from chalicelib.domain.staff import StaffSession
from chalicelib.rules.measures import Measure as Row
from chalicelib.rules.measures import load_measures
from chalicelib.services.open_measures import open_measures
from chalicelib.services.ports import VictimFile
from chalicelib.services.staff_case import victim_of
from chalicelib.web.page import Answer, Pages, Visit
from chalicelib.web.staff.case_fields import key_of
from chalicelib.web.staff.case_words import victim_name
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.measure_words import measure_words, measures_address, step_address
from chalicelib.web.staff.step_fields import UNWELL

pages = Pages()

# What comes instead of the day at court, then what lets somebody be in another place or time.
ALSO = ("recorded_questions", "recorded_interview", "live_link")


@pages.page("/cases/{case}/unwell", "GET")
@signed_in
def unwell(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show what there is instead of coming to court, one way after the other."""
    whose = VictimKey(visit.request.query.get("victim", ""))
    opened = open_measures(visit.deps, session, key_of(case), whose, "opened ways not to attend")
    found, file = opened
    victim = victim_of(found, whose)
    context = {
        "name": victim_name(victim),
        "victim": whose,
        "back": measures_address(found, victim),
        "is_charged": visit.deps.rules.stages[found.current.stage].from_charge,
        "ways": [_way(visit, found, victim, file, row) for row in ways()],
    }
    return case_desk_page(visit, found, "staff/unwell.html", context, files={whose: file})


def ways() -> tuple[Row, ...]:
    """Return what there is instead of coming to court, in the order in which it is shown."""
    rules = load_measures()
    return (*rules.of_kind("instead"), *(rules.measures[key] for key in ALSO))


def _way(visit: Visit, case: Case, victim: Victim, file: VictimFile, row: Row) -> dict[str, Any]:
    measure = file.measure(row.key)
    return {
        "row": row,
        "stands": measure_words(case, victim, measure) if measure else None,
        "asks_why": _asks_why(visit, case, file, row),
        "address": f"{step_address(case, victim, row.key, DISCUSSED)}&why={UNWELL}",
    }


def _asks_why(visit: Visit, case: Case, file: VictimFile, row: Row) -> bool:
    """Return whether the law seems not to open it, so that its form asks for a reason first."""
    found = seems_open(row.key, case, file.needs, visit.deps.rules, load_measures())
    return found.openness == Openness.NOT_SHOWN
