"""The review before court of one victim: in the meeting it is read, written on and closed."""

from datetime import date
from http import HTTPStatus
from typing import Any

from chalicelib.domain.cases import CaseKey, OfficerId, VictimKey
from chalicelib.domain.dates import add_months, long_date
from chalicelib.domain.errors import StaleError
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.task_people import why_not
from chalicelib.rules import Task
from chalicelib.services.give_task import TaskWanted, give_task, last_day_for
from chalicelib.services.review import (
    Coming,
    CourtIsOverError,
    NotUnderReviewError,
    OpenedReview,
    close_review,
    coming_of,
    coming_stamp,
    keep_coming,
    open_review,
    reopen_review,
    review_stamp,
)
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import (
    COMING_HINT,
    Errors,
    coming_day,
    kept_form_key,
    key_of,
    length_problem,
    sentence,
)
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.review_words import owner_groups, review_words

pages = Pages()

CLOSE, COMING, TASK, REOPEN = "close", "coming", "task", "reopen"
DONE = {
    CLOSE: "The review is closed. If a date, a need or a decision of the court changes, it opens "
    "again by itself.",
    COMING: "Noted.",
    TASK: "Given. It is in their list with its date.",
    REOPEN: "The review is open again.",
}
NO_REVIEW = "There is no court date for which this case is looked at, so nothing was closed."
COURT_IS_OVER = (
    "That court date is over, so nothing was closed. When there is another date, there is a "
    "review for it."
)
LONGEST_LINE = 200
# Without a court date a task is due within a year at the latest.
MOST_MONTHS_AHEAD = 12
Errs = list[tuple[str, str]]


@pages.page("/cases/{case}/review", "GET")
@signed_in
def review(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show everything that the people in the meeting look at."""
    whose = VictimKey(visit.request.query.get("victim", ""))
    return _page(visit, session, key_of(case), whose)


@pages.page("/cases/{case}/review", "POST")
@signed_in
def close(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Close the review, or show what is missing; nothing typed is lost."""
    key, whose, form = key_of(case), _whose(visit), visit.form
    decisions, there = form.text("decisions").strip(), form.text("there").strip()
    errors: Errs = []
    _check_text(visit, "decisions", decisions, "Write what was decided.", errors)
    _check_text(visit, "there", there, "Write who was there.", errors)
    if errors:
        return _page(visit, session, key, whose, CLOSE, errors)
    try:
        close_review(
            visit.deps,
            session,
            key,
            whose,
            decisions=decisions,
            there=there,
            seen=form.text("seen"),
        )
    except NotUnderReviewError:
        return _page(visit, session, key, whose, CLOSE, [("decisions", NO_REVIEW)])
    except CourtIsOverError:
        return _page(visit, session, key, whose, CLOSE, [("decisions", COURT_IS_OVER)])
    except StaleError:
        return _page(visit, session, key, whose, CLOSE, stale=True)
    return _done(key, whose, CLOSE)


@pages.page("/cases/{case}/review/again", "POST")
@signed_in
def again(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Open a closed review again, with a reason."""
    key, whose = key_of(case), _whose(visit)
    reason = " ".join(visit.form.text("reason").split())
    errors: Errs = []
    _check_line("reason", reason, "Your reason", errors)
    if not reason:
        errors.append(("reason", "Say why it is opened again."))
    if errors:
        return _page(visit, session, key, whose, REOPEN, errors)
    try:
        reopen_review(visit.deps, session, key, whose, reason)
    except StaleError:
        return _page(visit, session, key, whose, REOPEN, stale=True)
    return _done(key, whose, REOPEN)


@pages.page("/cases/{case}/review/coming", "POST")
@signed_in
def coming(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Note who is with them, how they get there and who interprets."""
    key, whose, form = key_of(case), _whose(visit), visit.form
    errors: Errs = []
    texts = [" ".join(form.text(name).split()) for name in ("supporter", "travel", "interpreter")]
    for name, text in zip(("supporter", "travel", "interpreter"), texts, strict=True):
        _check_line(name, text, "This", errors)
    if errors:
        return _page(visit, session, key, whose, COMING, errors)
    try:
        keep_coming(visit.deps, session, key, whose, Coming(*texts), seen=form.text("seen"))
    except StaleError:
        return _page(visit, session, key, whose, COMING, stale=True)
    return _done(key, whose, COMING)


@pages.page("/cases/{case}/review/task", "POST")
@signed_in
def task(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Give somebody something to do by a day, once."""
    key, whose = key_of(case), _whose(visit)
    opened = open_review(visit.deps, session, key, whose)
    errors: Errs = []
    wanted = _task(visit, opened, errors)
    if wanted is None:
        return _shown(visit, opened, TASK, errors)
    give_task(visit.deps, session, key, whose, wanted, form_key=kept_form_key(visit))
    return _done(key, whose, TASK)


def _whose(visit: Visit) -> VictimKey:
    return VictimKey(visit.form.text("victim"))


def _done(key: CaseKey, whose: VictimKey, what: str) -> Redirect:
    return Redirect(f"/cases/{key}/review?victim={whose}&done={what}")


def _check_text(visit: Visit, name: str, text: str, ask: str, errors: Errs) -> None:
    if not text:
        errors.append((name, ask))
    if too_long := length_problem(text, visit.deps.rules.limits.note_characters, "Your text"):
        errors.append((name, too_long))


def _check_line(name: str, text: str, what: str, errors: Errs) -> None:
    if too_long := length_problem(text, LONGEST_LINE, what):
        errors.append((name, too_long))


def _task(visit: Visit, opened: OpenedReview, errors: Errs) -> TaskWanted | None:
    """Return what was given to whom, or none with a sentence for each field that is not right."""
    form, rules = visit.form, visit.deps.rules
    row = rules.tasks.get(form.text("task"))
    if row is None or not row.on_form:
        errors.append(("task", "Choose what is to be done."))
    people = {person for _, group in owner_groups(opened, visit.deps) for person, _ in group}
    if form.text("owner") not in people:
        errors.append(("owner", "Choose who does it."))
    elif row is not None and (refused := _why_not(visit, opened, row)):
        errors.append(("owner", refused))
    words = form.text("words").strip()
    if too_long := length_problem(words, rules.limits.note_characters, "Your text"):
        errors.append(("words", too_long))
    due = _due(visit, opened, errors)
    if row is None or errors:
        return None
    return TaskWanted(row.key, words, OfficerId(form.text("owner")), due)


def _why_not(visit: Visit, opened: OpenedReview, row: Task) -> str:
    deps, agreements = visit.deps, opened.file.agreements
    owner, today = visit.form.text("owner"), deps.today()
    return why_not(row, owner, opened.force, agreements, today, deps.rules)


def _due(visit: Visit, opened: OpenedReview, errors: Errs) -> date | None:
    """Return the day that was chosen; none for the one that the kind of task has by itself."""
    text, today = visit.form.text("due").strip(), visit.deps.today()
    if not text:
        return None
    hearing = last_day_for(visit.deps, opened.court.on)
    last = hearing or add_months(today, MOST_MONTHS_AHEAD)
    last_is = "the court date" if hearing else "the last day that can be chosen"
    due = coming_day(text, last=last, last_is=last_is, today=today)
    if due.day is None:
        errors.append(("due", sentence(due.problem)))
    return due.day


def _page(  # noqa: PLR0913 -- whose review, which of its forms, and what happened to it
    visit: Visit,
    session: StaffSession,
    key: CaseKey,
    whose: VictimKey,
    sent: str = "",
    errors: Errors = (),
    *,
    stale: bool = False,
) -> Page:
    opened = open_review(visit.deps, session, key, whose)
    return _shown(visit, opened, sent, errors, stale=stale)


def _shown(
    visit: Visit,
    opened: OpenedReview,
    sent: str = "",
    errors: Errors = (),
    *,
    stale: bool = False,
) -> Page:
    """Return the page with what was typed in the form that was sent, and why it was not stored."""
    status = HTTPStatus.OK
    if errors or stale:
        status = HTTPStatus.CONFLICT if stale else HTTPStatus.BAD_REQUEST
    return case_desk_page(
        visit,
        opened.case,
        "staff/review.html",
        {
            **review_words(visit, opened),
            **_forms(visit, opened, sent),
            "done": DONE.get(visit.request.query.get("done", ""), ""),
            "errors": errors,
            "error_of": dict(errors),
            "stale": sent if stale else "",
        },
        files={opened.victim.key: opened.file},
        status=status,
    )


def _forms(visit: Visit, opened: OpenedReview, sent: str) -> dict[str, Any]:
    form, rules = visit.form, visit.deps.rules
    known = coming_of(opened.court)

    def typed(of: str, name: str, otherwise: str = "") -> str:
        return form.text(name) if sent == of else otherwise

    hearing = last_day_for(visit.deps, opened.court.on)
    return {
        "sent": sent,
        "review_seen": review_stamp(opened.file),
        "decisions": typed(CLOSE, "decisions"),
        "there": typed(CLOSE, "there"),
        "reason": typed(REOPEN, "reason"),
        "coming_seen": coming_stamp(known),
        "known": known,
        "coming": Coming(
            typed(COMING, "supporter", known.supporter),
            typed(COMING, "travel", known.travel),
            typed(COMING, "interpreter", known.interpreter),
        ),
        "kinds": [(row.key, row.label) for row in rules.tasks.values() if row.on_form],
        "owners": owner_groups(opened, visit.deps),
        "task": {
            name: typed(TASK, field, default)
            for name, field, default in (
                ("task", "task", ""),
                ("words", "words", ""),
                ("owner", "owner", opened.case.officer.id),
                ("due", "due", ""),
            )
        },
        "form_key": kept_form_key(visit) if sent == TASK else visit.deps.new_token(),
        "due_hint": _due_hint(hearing),
        "limit": rules.limits.note_characters,
    }


def _due_hint(hearing: date | None) -> str:
    last = f", not after court on {long_date(hearing)}" if hearing else ""
    return f"Leave it empty for the usual time, 5 or 10 working days{last}. {COMING_HINT}"
