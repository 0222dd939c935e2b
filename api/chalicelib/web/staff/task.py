"""Record that a task before court is done, or that it is no longer needed."""

from http import HTTPStatus

from chalicelib.domain.cases import CaseKey, VictimKey
from chalicelib.domain.errors import StaleError
from chalicelib.domain.promises import Promise
from chalicelib.domain.staff import StaffSession
from chalicelib.services.keep_task import (
    TaskDone,
    do_task,
    drop_task,
    given_on,
    is_kept_by_asking,
    is_kept_by_measures,
    may_drop,
    open_task,
)
from chalicelib.services.staff_case import victim_of
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import DAY_HINT, Errors, key_of, past_day, sentence
from chalicelib.web.staff.case_fields import length_problem as too_long
from chalicelib.web.staff.case_words import victim_name, working_words
from chalicelib.web.staff.court_words import review_address
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.review_words import done_words
from chalicelib.web.staff.rows import row_of

pages = Pages()

SAY_WHAT = "Say what was done, in a few words."
SAY_WHY = "Say why it is no longer needed."
ONLY_MEASURES = "This is done when nothing is left to apply for. Record it with the measures."
ONLY_ASKING = "This is done when their safe contact is confirmed again. Confirm it there."


@pages.page("/cases/{case}/task", "GET")
@signed_in
def task_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Ask what was done on which day."""
    query = visit.request.query
    whose = VictimKey(query.get("victim", ""))
    return _page(visit, session, key_of(case), whose, query.get("promise", ""))


@pages.page("/cases/{case}/task", "POST")
@signed_in
def done(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Record the task once, or show the form with what is missing; nothing typed is lost."""
    key, form = key_of(case), visit.form
    whose, which = VictimKey(form.text("victim")), form.text("promise")
    _, __, promise = open_task(visit.deps, session, key, whose, which)
    errors: list[tuple[str, str]] = []
    said = _said(visit, promise, errors)
    if is_kept_by_measures(promise):
        errors = [("", ONLY_MEASURES)]
    if is_kept_by_asking(promise):
        errors = [("", ONLY_ASKING)]
    if said is None or errors:
        return _page(visit, session, key, whose, which, errors=errors)
    try:
        do_task(visit.deps, session, key, whose, said, promise_id=which)
    except StaleError:
        return _page(visit, session, key, whose, which, status=HTTPStatus.CONFLICT)
    return Redirect(f"/cases/{key}?done=task")


@pages.page("/cases/{case}/task/drop", "POST")
@signed_in
def dropped(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Cancel a task that is no longer needed, with a reason."""
    key, form = key_of(case), visit.form
    whose, which = VictimKey(form.text("victim")), form.text("promise")
    why = form.text("why").strip()
    problem = "" if why else SAY_WHY
    problem = problem or too_long(why, visit.deps.rules.limits.note_characters, "Your reason")
    if problem:
        return _page(visit, session, key, whose, which, errors=[("why", problem)])
    try:
        drop_task(visit.deps, session, key, whose, why, promise_id=which)
    except StaleError:
        return _page(visit, session, key, whose, which, status=HTTPStatus.CONFLICT)
    return Redirect(f"/cases/{key}?done=task-dropped")


def _said(visit: Visit, promise: Promise, errors: list[tuple[str, str]]) -> TaskDone | None:
    note = visit.form.text("note").strip()
    if not note:
        errors.append(("note", SAY_WHAT))
    if problem := too_long(note, visit.deps.rules.limits.note_characters, "Your text"):
        errors.append(("note", problem))
    day = past_day(
        visit.form.text("on"),
        first=given_on(promise),
        first_is="the day on which it was given",
        today=visit.deps.today(),
    )
    if day.day is None:
        errors.append(("on", sentence(day.problem)))
        return None
    return TaskDone(day.day, note)


def _page(  # noqa: PLR0913 -- whose task, and what happened to the form
    visit: Visit,
    session: StaffSession,
    key: CaseKey,
    whose: VictimKey,
    which: str,
    *,
    errors: Errors = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> Page:
    deps, form = visit.deps, visit.form
    case, file, promise = open_task(deps, session, key, whose, which)
    victim = victim_of(case, whose)
    if not promise.is_open and errors:
        # What became of it is all that matters now; there is no field left to put right.
        errors, status = (), HTTPStatus.CONFLICT
    return case_desk_page(
        visit,
        case,
        "staff/task.html",
        {
            "name": victim_name(victim),
            "victim": whose,
            "promise": which,
            "row": row_of(promise, deps.today(), deps.rules),
            "owner": promise.owner_name or promise.owner,
            "working": working_words(promise.working),
            "is_open": promise.is_open,
            "became": "" if promise.is_open else done_words(promise, deps.rules),
            "by_measures": is_kept_by_measures(promise),
            "by_asking": is_kept_by_asking(promise),
            "review": review_address(case, victim),
            "may_drop": may_drop(deps, session, promise),
            "note": form.text("note"),
            "on": form.text("on"),
            "why": form.text("why"),
            "day_hint": DAY_HINT,
            "limit": deps.rules.limits.note_characters,
            "errors": errors,
            "error_of": dict(errors),
        },
        files={whose: file},
        status=HTTPStatus.BAD_REQUEST if errors else status,
    )
