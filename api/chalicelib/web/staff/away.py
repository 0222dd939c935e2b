"""Who is away says so, until when, and who answers for them meanwhile."""

from chalicelib.domain.dates import long_date
from chalicelib.domain.force_forms import AbsenceForm, CheckAgainError, Errors
from chalicelib.domain.staff import Force, StaffSession
from chalicelib.services.keep_force import add_own_absence, end_own_absence, open_own_absences
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.admin import status_of
from chalicelib.web.staff.desk import desk_page, signed_in

pages = Pages()


@pages.page("/away", "GET")
@signed_in
def away(visit: Visit, session: StaffSession) -> Answer:
    """Show this person's absences and the form for another one."""
    return _page(visit, session, open_own_absences(visit.deps, session))


@pages.page("/away", "POST")
@signed_in
def note(visit: Visit, session: StaffSession) -> Answer:
    """Note the absence, or say what to type instead."""
    try:
        add_own_absence(visit.deps, session, _typed(visit))
    except CheckAgainError as error:
        return _page(visit, session, error.force, error.errors)
    return Redirect("/away?done=noted")


@pages.page("/away/{absence}/end", "POST")
@signed_in
def end(visit: Visit, session: StaffSession, absence: str) -> Answer:
    """Take one of their absences off the list: they are back, or stay."""
    end_own_absence(visit.deps, session, absence)
    return Redirect("/away?done=ended")


DONE = {
    "noted": "Noted. Who answers for you has your rows in their list on those days.",
    "ended": "Taken off. Your rows are in your list alone.",
}


def _typed(visit: Visit) -> AbsenceForm:
    text = visit.form.text
    return AbsenceForm("", text("first_day"), text("last_day"), text("cover"))


def _page(visit: Visit, session: StaffSession, force: Force, errors: Errors = ()) -> Page:
    me, today = session.member, visit.deps.today()
    return desk_page(
        "staff/away.html",
        {
            "done": DONE.get(visit.request.query.get("done", ""), ""),
            "errors": errors,
            "error_of": dict(errors),
            "form": _typed(visit),
            "people": [
                (member.id, f"{member.name}, {member.number}")
                for member in force.of_team(me.team)
                if member.id != me.id
            ],
            "absences": [
                {
                    "id": absence.id,
                    "from": long_date(absence.first_day),
                    "until": long_date(absence.last_day),
                    "cover": cover.name if (cover := force.member(absence.cover)) else "Nobody",
                }
                for absence in sorted(force.absences, key=lambda one: one.first_day)
                if absence.officer == me.id and absence.last_day >= today
            ],
        },
        status=status_of(errors),
    )
