"""A victim's measures on the desk: where each stands, what comes next, and others to add."""

from typing import Any

from chalicelib.domain.cases import Case, VictimKey
from chalicelib.domain.measures import DISCUSSED
from chalicelib.domain.staff import StaffSession
from chalicelib.rules.measures import load_measures
from chalicelib.services.apply_tasks import near_limit_of
from chalicelib.services.keep_measures import waiting_results
from chalicelib.services.open_measures import open_measures
from chalicelib.services.ports import VictimFile
from chalicelib.services.staff_case import victim_of
from chalicelib.web.measure_parts import in_groups
from chalicelib.web.page import Answer, Pages, Visit
from chalicelib.web.staff.case_fields import key_of
from chalicelib.web.staff.case_words import victim_name
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.measure_words import (
    measure_words,
    measures_in_order,
    near_words,
    step_address,
)
from chalicelib.web.staff.plea import plea_words

pages = Pages()

DONE = {
    "recorded": "Recorded.",
    "owed": "Recorded. They are owed to be told of it; that stands in the list of the officer.",
    "view": "Written down. They read it on their page.",
}


@pages.page("/cases/{case}/measures", "GET")
@signed_in
def measures(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show a victim's measures, and below them what can be added."""
    whose = VictimKey(visit.request.query.get("victim", ""))
    opened = open_measures(visit.deps, session, key_of(case), whose, "opened the measures")
    found, file = opened
    return case_desk_page(
        visit,
        found,
        "staff/measures.html",
        _everything(visit, found, file, whose),
        files={whose: file},
    )


def _everything(visit: Visit, case: Case, file: VictimFile, whose: VictimKey) -> dict[str, Any]:
    victim, deps = victim_of(case, whose), visit.deps
    there = {measure.key for measure in file.measures}
    rules = load_measures()
    waiting = waiting_results(file)
    return {
        "done": DONE.get(visit.request.query.get("done", ""), ""),
        "name": victim_name(victim),
        "victim": whose,
        "near": near_words(near_limit_of(deps, case, file.measures)),
        "plea": plea_words(case, deps.calendar, deps.rules),
        "measures": [measure_words(case, victim, each) for each in measures_in_order(file)],
        "tell": f"/cases/{case.key}/contact?victim={whose}&promise={waiting[0].id}"
        if waiting
        else "",
        "groups": [
            (
                heading,
                [(row, step_address(case, victim, row.key, DISCUSSED)) for row in rows],
            )
            for heading, rows in in_groups(set(rules.measures) - there, rules)
        ],
    }
