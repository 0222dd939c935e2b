"""The administrator's pages for absences: who is away, and who answers meanwhile."""

from chalicelib.domain.force_forms import AbsenceForm, CheckAgainError, Errors
from chalicelib.domain.staff import Force, StaffSession
from chalicelib.services.keep_force import add_absence, end_absence, open_force
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.admin import status_of
from chalicelib.web.staff.desk import desk_page, signed_in

pages = Pages()


@pages.page("/admin/absences", "GET")
@signed_in
def new_absence(visit: Visit, session: StaffSession) -> Answer:
    """Show the empty form for an absence."""
    return _page(open_force(visit.deps, session), _typed(visit), ())


@pages.page("/admin/absences", "POST")
@signed_in
def note(visit: Visit, session: StaffSession) -> Answer:
    """Note the absence, or say what to type instead."""
    form = _typed(visit)
    try:
        add_absence(visit.deps, session, form)
    except CheckAgainError as error:
        return _page(error.force, form, error.errors)
    return Redirect("/admin")


@pages.page("/admin/absences/{absence}/end", "POST")
@signed_in
def end(visit: Visit, session: StaffSession, absence: str) -> Answer:
    """Take the absence off the list."""
    end_absence(visit.deps, session, absence)
    return Redirect("/admin")


def _typed(visit: Visit) -> AbsenceForm:
    text = visit.form.text
    return AbsenceForm(text("officer"), text("first_day"), text("last_day"), text("cover"))


def _page(force: Force, form: AbsenceForm, errors: Errors) -> Page:
    people = [
        (member.id, f"{member.name}, {member.number}, {team.name}")
        for team in force.all_teams()
        for member in force.of_team(team.id)
    ]
    context = {"errors": errors, "error_of": dict(errors), "form": form, "people": people}
    return desk_page("staff/admin_absence.html", context, status=status_of(errors))
