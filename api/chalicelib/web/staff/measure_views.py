"""After a talk: what a victim thinks of a measure, in their own words."""

from collections.abc import Mapping
from http import HTTPStatus

from chalicelib.domain.cases import VictimKey
from chalicelib.domain.errors import NotFoundError, StaleError
from chalicelib.domain.staff import StaffSession
from chalicelib.rules.measures import load_measures
from chalicelib.services.note_view import note_view
from chalicelib.services.open_measures import open_measures
from chalicelib.services.staff_case import victim_of
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import Errors, key_of, length_problem, number_of
from chalicelib.web.staff.case_words import victim_name
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.measure_words import measure_words, measures_address

pages = Pages()

EMPTY = "Write what they think of it, as they said it."


@pages.page("/cases/{case}/measures/view", "GET")
@signed_in
def view_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Ask what a victim thinks of a measure, with what is written down already."""
    return _page(visit, session, case, visit.request.query)


@pages.page("/cases/{case}/measures/view", "POST")
@signed_in
def view(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Note it once, or show the form with what is missing; nothing typed is lost."""
    form, key = visit.form, key_of(case)
    named = {"victim": form.text("victim"), "measure": form.text("measure")}
    text = form.text("view").strip()
    limit = visit.deps.rules.limits.note_characters
    problem = length_problem(text, limit, "Their view") if text else EMPTY
    if problem:
        return _page(visit, session, case, named, errors=[("view", problem)])
    whose, seen = VictimKey(named["victim"]), number_of(form.text("version"))
    try:
        note_view(visit.deps, session, key, whose, named["measure"], text, seen=seen)
    except StaleError:
        return _page(visit, session, case, named, status=HTTPStatus.CONFLICT)
    return Redirect(f"/cases/{key}/measures?victim={whose}&done=view")


def _page(
    visit: Visit,
    session: StaffSession,
    case: str,
    named: Mapping[str, str],
    *,
    errors: Errors = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> Page:
    whose, which = VictimKey(named.get("victim", "")), named.get("measure", "")
    opened = open_measures(visit.deps, session, key_of(case), whose, "opened the form of a view")
    found, file = opened
    measure = file.measure(which)
    if measure is None or which not in load_measures().measures:
        raise NotFoundError
    victim = victim_of(found, whose)
    context = {
        "errors": errors,
        "error_of": dict(errors),
        "is_stale": status == HTTPStatus.CONFLICT,
        "name": victim_name(victim),
        "victim": whose,
        "back": measures_address(found, victim),
        "stands": measure_words(found, victim, measure),
        "version": measure.version,
        "view": visit.form.text("view") or measure.view,
        "limit": visit.deps.rules.limits.note_characters,
    }
    return case_desk_page(
        visit,
        found,
        "staff/measure_view.html",
        context,
        files={whose: file},
        status=HTTPStatus.BAD_REQUEST if errors else status,
    )
