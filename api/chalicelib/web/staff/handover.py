"""Give a case to another officer; let one more named person open a restricted one."""

from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any

from chalicelib.domain.cases import Case, CaseKey, OfficerId
from chalicelib.domain.dates import long_date
from chalicelib.domain.errors import NotAllowedError, StaleError
from chalicelib.domain.staff import Force, StaffMember, StaffSession
from chalicelib.services.hand_over import hand_over, may_hand_over, may_name, name_person
from chalicelib.services.staff_sessions import open_case_page
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import Errors, key_of, number_of
from chalicelib.web.staff.desk import case_desk_page, signed_in

pages = Pages()


@pages.page("/cases/{case}/hand-over", "GET")
@signed_in
def hand_over_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show who can have the case: this team first, then the others."""
    return _page(visit, session, key_of(case))


@pages.page("/cases/{case}/hand-over", "POST")
@signed_in
def give(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Hand the case over, or finish a hand-over that was cut short."""
    key, form = key_of(case), visit.form
    to, seen = OfficerId(form.text("officer")), OfficerId(form.text("from"))
    if not to:
        return _page(visit, session, key, [("officer", "Choose who gets the case.")])
    try:
        still_ours = hand_over(visit.deps, session, key, to, seen_officer=seen)
    except StaleError:
        return _page(visit, session, key, meanwhile=True)
    done = "moved" if to == seen else "handed-over"
    return Redirect(f"/cases/{key}?done={done}" if still_ours else "/?done=handed-over")


def _page(
    visit: Visit,
    session: StaffSession,
    key: CaseKey,
    errors: Errors = (),
    *,
    meanwhile: bool = False,
) -> Page:
    case = open_case_page(visit.deps, session, key, "opened the hand-over form")
    if not may_hand_over(visit.deps, session, case):
        raise NotAllowedError
    force = visit.deps.cases.read_force()
    context = {
        "seen_officer": case.officer.id,
        "meanwhile": meanwhile,
        "people": _choices(visit, case, force, but={case.officer.id}),
    }
    return _people_page(visit, case, "staff/hand_over.html", errors, context)


@pages.page("/cases/{case}/named", "GET")
@signed_in
def naming_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show who can open a restricted case, and who else could be named."""
    return _naming_page(visit, session, key_of(case))


@pages.page("/cases/{case}/named", "POST")
@signed_in
def name(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Let one more person open a restricted case."""
    key, form = key_of(case), visit.form
    who = OfficerId(form.text("officer"))
    if not who:
        return _naming_page(visit, session, key, [("officer", "Choose who can open the case.")])
    try:
        name_person(visit.deps, session, key, who, seen=number_of(form.text("version")))
    except StaleError:
        return _naming_page(visit, session, key, meanwhile=True)
    return Redirect(f"/cases/{key}?done=named")


def _naming_page(
    visit: Visit,
    session: StaffSession,
    key: CaseKey,
    errors: Errors = (),
    *,
    meanwhile: bool = False,
) -> Page:
    case = open_case_page(visit.deps, session, key, "opened the naming form")
    if not may_name(visit.deps, session, case):
        raise NotAllowedError
    force = visit.deps.cases.read_force()
    context = {
        "named": sorted(member.name for member in force.staff if member.id in case.named),
        "version": case.version,
        "meanwhile": meanwhile,
        "people": _choices(visit, case, force, but={case.officer.id, *case.named}),
    }
    return _people_page(visit, case, "staff/hand_over_named.html", errors, context)


def _people_page(
    visit: Visit, case: Case, template: str, errors: Errors, context: Mapping[str, Any]
) -> Page:
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return case_desk_page(
        visit,
        case,
        template,
        {
            "officer": case.officer.name,
            "chosen": visit.form.text("officer"),
            "errors": errors,
            "error_of": dict(errors),
            **context,
        },
        status=HTTPStatus.CONFLICT if context["meanwhile"] else status,
    )


def _choices(
    visit: Visit, case: Case, force: Force, *, but: Collection[OfficerId]
) -> list[tuple[OfficerId, str]]:
    """Return who may get the case: its own team first, then the others, by name."""
    rules = visit.deps.rules
    able = sorted(
        (m for m in force.staff if m.id not in but and force.may_get(case, m, rules)),
        key=lambda m: (m.team != case.officer.team, force.team_name(m.team), m.name),
    )
    return [(member.id, _line(visit, force, member)) for member in able]


def _line(visit: Visit, force: Force, member: StaffMember) -> str:
    today = visit.deps.today()
    away = next((a for a in force.absences if a.officer == member.id and a.covers(today)), None)
    until = f", away until {long_date(away.last_day)}" if away else ""
    return f"{member.name}, {member.number}, {force.team_name(member.team)}{until}"
