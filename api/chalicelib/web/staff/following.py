"""How a victim wants to be followed: how often they hear from us, or not at all."""

from http import HTTPStatus

from chalicelib.domain.cases import Case, VictimKey
from chalicelib.domain.dates import long_date
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import WAYS_OF_TELLING
from chalicelib.services.choose_rhythm import RhythmClosedError, agree_rhythm
from chalicelib.services.leave_case import record_back, record_left
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import need_role, open_case_page
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import Errors, key_of
from chalicelib.web.staff.case_words import rhythm_words, victim_name
from chalicelib.web.staff.desk import case_desk_page, signed_in

pages = Pages()

CHOOSE = "Choose what you agreed with them."
CLOSED = "There is no rhythm in this case now: it is decided, or they asked to hear nothing more."


@pages.page("/cases/{case}/rhythm", "GET")
@signed_in
def rhythm_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Ask how often a victim wants updates, or whether they want to hear nothing more."""
    need_role(visit.deps, session, "answers")
    found = open_case_page(visit.deps, session, key_of(case), "opened the rhythm form")
    return _page(visit, found, visit.request.query.get("victim", ""))


@pages.page("/cases/{case}/rhythm", "POST")
@signed_in
def rhythm(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Note what was agreed, or show the form again."""
    key, whose = key_of(case), VictimKey(visit.form.text("victim"))
    chosen = visit.form.text("rhythm")
    problem = "" if chosen in visit.deps.rules.rhythms else CHOOSE
    if not problem:
        try:
            agree_rhythm(visit.deps, session, key, whose, chosen)
        except RhythmClosedError:
            problem = CLOSED
    if problem:
        need_role(visit.deps, session, "answers")
        found = open_case_page(visit.deps, session, key, "opened the rhythm form")
        return _page(visit, found, whose, [("rhythm", problem)])
    return Redirect(f"/cases/{key}?done=rhythm")


@pages.page("/cases/{case}/left", "POST")
@signed_in
def left(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Note that a victim wants to hear nothing more, or wants to again."""
    key, whose = key_of(case), VictimKey(visit.form.text("victim"))
    if visit.form.text("back"):
        record_back(visit.deps, session, key, whose)
        return Redirect(f"/cases/{key}?done=back")
    how = WAYS_OF_TELLING.get(visit.form.text("how"))
    if how is None:
        need_role(visit.deps, session, "answers")
        found = open_case_page(visit.deps, session, key, "opened the rhythm form")
        return _page(visit, found, whose, [("how", "Say how they said it.")])
    record_left(visit.deps, session, key, whose, how)
    return Redirect(f"/cases/{key}?done=left")


def _page(visit: Visit, case: Case, whose: str, errors: Errors = ()) -> Page:
    victim = victim_of(case, VictimKey(whose))
    file, rules = visit.deps.threads.read(victim.key), visit.deps.rules
    door = file.door
    return case_desk_page(
        visit,
        case,
        "staff/rhythm.html",
        {
            "name": victim_name(victim),
            "victim": victim.key,
            "ways": [(key, words.capitalize()) for key, words in WAYS_OF_TELLING.items()],
            "rhythms": [(row.key, row.label) for row in rules.rhythms.values()],
            "rhythm": visit.form.text("rhythm") or door.rhythm,
            "rhythm_now": rhythm_words(door, rules),
            "may_choose": door.closed_on is None,
            "left": long_date(victim.left_on) if victim.left_on else "",
            "errors": errors,
            "error_of": dict(errors),
        },
        files={victim.key: file},
        status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK,
    )
