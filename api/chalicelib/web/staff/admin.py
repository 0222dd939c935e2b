"""The administrator's first page, and teams. No case and no way to one is on any of them."""

from http import HTTPStatus

from chalicelib.domain.dates import long_date
from chalicelib.domain.force_forms import CheckAgainError, Errors
from chalicelib.domain.staff import Absence, Force, StaffSession, Team
from chalicelib.frozen import frozen
from chalicelib.services.keep_force import (
    add_team,
    address_part,
    find_team,
    open_force,
    rename_team,
)
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.desk import desk_page, signed_in

pages = Pages()


@frozen
class AbsenceRow:
    """An absence in words."""

    id: str
    officer: str
    days: str
    cover: str


@pages.page("/admin", "GET")
@signed_in
def admin(visit: Visit, session: StaffSession) -> Answer:
    """Show the teams and who is away."""
    force = open_force(visit.deps, session)
    today = visit.deps.today()
    absences = sorted(force.absences, key=lambda absence: absence.first_day)
    return desk_page(
        "staff/admin.html",
        {
            "teams": [
                (team.name, team_address(team), len(force.of_team(team.id)))
                for team in force.all_teams()
            ],
            "absences": [_absence(force, one) for one in absences if one.last_day >= today],
        },
    )


def _absence(force: Force, absence: Absence) -> AbsenceRow:
    officer, cover = force.member(absence.officer), force.member(absence.cover)
    return AbsenceRow(
        absence.id,
        officer.name if officer else absence.officer,
        f"{long_date(absence.first_day)} to {long_date(absence.last_day)}",
        cover.name if cover else absence.cover,
    )


def team_address(team: Team) -> str:
    """Return where a team's page is."""
    return f"/admin/teams/{address_part(team.id)}"


@pages.page("/admin/teams", "GET")
@signed_in
def new_team(visit: Visit, session: StaffSession) -> Answer:
    """Show the empty form for a team."""
    open_force(visit.deps, session)
    return _new_team_page(visit, ())


@pages.page("/admin/teams", "POST")
@signed_in
def make_team(visit: Visit, session: StaffSession) -> Answer:
    """Add the team, or say what to type instead."""
    identity, name = visit.form.text("team").strip(), visit.form.text("name")
    try:
        team = add_team(visit.deps, session, identity, name)
    except CheckAgainError as error:
        return _new_team_page(visit, error.errors)
    return Redirect(team_address(team))


def _new_team_page(visit: Visit, errors: Errors) -> Page:
    context = {
        "errors": errors,
        "error_of": dict(errors),
        "team": visit.form.text("team"),
        "name": visit.form.text("name"),
    }
    return desk_page("staff/admin_new_team.html", context, status=status_of(errors))


@pages.page("/admin/teams/{part}", "GET")
@signed_in
def team(visit: Visit, session: StaffSession, part: str) -> Answer:
    """Show who is in a team."""
    force = open_force(visit.deps, session)
    found = find_team(force, part)
    return _team_page(force, found, found.name, ())


@pages.page("/admin/teams/{part}", "POST")
@signed_in
def name_team(visit: Visit, session: StaffSession, part: str) -> Answer:
    """Rename the team, or say what to type instead."""
    name = visit.form.text("name")
    try:
        renamed = rename_team(visit.deps, session, part, name)
    except CheckAgainError as error:
        return _team_page(error.force, find_team(error.force, part), name, error.errors)
    return Redirect(team_address(renamed))


def _team_page(force: Force, shown: Team, name: str, errors: Errors) -> Page:
    everybody = sorted(
        (member for member in force.staff if member.team == shown.id),
        key=lambda member: (not member.active, member.name),
    )
    context = {
        "errors": errors,
        "error_of": dict(errors),
        "address": team_address(shown),
        "team": shown.name,
        "in_files": shown.id,
        "name": name,
        "members": [
            (m.name, m.number, m.active, f"/admin/staff/{address_part(m.id)}") for m in everybody
        ],
    }
    return desk_page("staff/admin_team.html", context, status=status_of(errors))


def status_of(errors: Errors) -> HTTPStatus:
    """Return the status of a form's page."""
    return HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
