"""A partner agency's page of one person, as far as they agreed, and what is done for them."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.agreements import DATES, MEASURES, NEEDS, SCOPES, scope_words
from chalicelib.domain.cases import CaseKey, VictimKey
from chalicelib.domain.dates import add_months, date_and_time, long_date
from chalicelib.domain.errors import NotFoundError, StaleError
from chalicelib.domain.needs import in_order, need_words
from chalicelib.domain.promises import LINE, Promise
from chalicelib.domain.staff import StaffSession
from chalicelib.rules import Rules, Task
from chalicelib.rules.measures import load_measures
from chalicelib.services.give_task import AfterCourtError
from chalicelib.services.support import Supported, open_supported
from chalicelib.services.support_work import OwnTask, keep_view, mark_done, take_on, view_seen
from chalicelib.web.measure_parts import state_words
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import (
    Errors,
    coming_day,
    kept_form_key,
    key_of,
    length_problem,
    sentence,
)
from chalicelib.web.staff.desk import desk_page, signed_in
from chalicelib.web.staff.missing import CASE_KEY
from chalicelib.web.staff.rows import row_of

pages = Pages()

DONE = {
    "view": "Saved. It stands with the review before court.",
    "task": "Noted. It is in your list until you mark it as done.",
    "done": "Marked as done.",
    "line": "Recorded.",
}
REVIEW_IS_NEAR = "Court is near and the review has not been held."
AFTER_COURT = "This is after the day at court. Write that day or one before it."
DAY_HINT = "For example 2026-12-04 or 4/12/2026. Left empty, we count the usual days for it."
COLLEAGUE_FIRST = (
    "A colleague wrote while you were writing. Nothing of yours was saved. Bring both together, "
    "then save it."
)


def address_of(case: CaseKey, victim: VictimKey) -> str:
    """Return where a partner reads what one person agreed to."""
    return f"/support/{case}?victim={victim}"


def line_address(promise: Promise) -> str:
    """Return where a partner records that a minimum expectation of theirs was kept."""
    whose = f"victim={promise.victim}&promise={promise.id}"
    return f"/support/{promise.case_key}/line?{whose}"


def task_words(visit: Visit, promise: Promise) -> dict[str, Any]:
    """Return what is to be done as a row of a list, text ready to show."""
    row = row_of(promise, visit.deps.today(), visit.deps.rules)
    return {
        "id": promise.id,
        "address": f"{address_of(CaseKey(promise.case_key), promise.victim)}#task-{promise.id}",
        "due": row.due,
        "state": row.state,
        "what": row.what,
        "words": promise.task,
        "reference": promise.reference,
        "victim": row.victim,
        "owner": promise.owner_name,
        # A minimum expectation is recorded with the day and the way.
        "line": line_address(promise) if promise.kind == LINE else "",
    }


def _missed(visit: Visit, promise: Promise) -> str:
    row = row_of(promise, visit.deps.today(), visit.deps.rules)
    return f"{row.what}: due {row.due}, in the list of {promise.owner_name}."


@pages.page("/support/{case}", "GET")
@signed_in
def person(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show what a person agreed that this partner may see of them."""
    whose = victim_key_of(visit.request.query.get("victim", ""))
    return _page(visit, session, key_of(case), whose)


@pages.page("/support/{case}/view", "POST")
@signed_in
def view(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Keep the partner's view for the review, or show what is missing or who was first."""
    form, key = visit.form, key_of(case)
    whose, text = victim_key_of(form.text("victim")), form.text("text").strip()
    limit = visit.deps.rules.limits.note_characters
    problem = length_problem(text, limit, "It") if text else "Write what you want to be known."
    if problem:
        return _page(visit, session, key, whose, errors=[("text", problem)])
    try:
        keep_view(visit.deps, session, key, whose, text, seen=form.text("seen"))
    except StaleError:
        errors = [("text", COLLEAGUE_FIRST)]
        return _page(visit, session, key, whose, errors=errors, status=HTTPStatus.CONFLICT)
    return Redirect(f"{address_of(key, whose)}&done=view")


@pages.page("/support/{case}/task", "POST")
@signed_in
def task(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Note what this person does for somebody and by when, or show what is missing."""
    key, whose = key_of(case), victim_key_of(visit.form.text("victim"))
    own, errors = _own_task(visit)
    if own is None:
        return _page(visit, session, key, whose, errors=errors)
    try:
        take_on(visit.deps, session, key, whose, own, kept_form_key(visit))
    except AfterCourtError:
        return _page(visit, session, key, whose, errors=[("due_on", AFTER_COURT)])
    return Redirect(f"{address_of(key, whose)}&done=task")


@pages.page("/support/{case}/done", "POST")
@signed_in
def done(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Mark as done what the partner's people were to do."""
    key, whose = key_of(case), victim_key_of(visit.form.text("victim"))
    mark_done(visit.deps, session, key, whose, visit.form.text("promise"))
    return Redirect(f"{address_of(key, whose)}&done=done")


def victim_key_of(text: str) -> VictimKey:
    """Return the key of a victim that an address or a form brought.

    Raises:
        NotFoundError: no victim has such a key, which is known without asking.
    """
    if not CASE_KEY.fullmatch(text):
        raise NotFoundError
    return VictimKey(text)


def _own_task(visit: Visit) -> tuple[OwnTask | None, Errors]:
    form, rules, today = visit.form, visit.deps.rules, visit.deps.today()
    errors: list[tuple[str, str]] = []
    chosen, words = form.text("task"), " ".join(form.text("words").split())
    if chosen not in _own_kinds(rules):
        errors.append(("task", "Choose what you will do."))
    if problem := length_problem(words, rules.limits.need_characters, "It"):
        errors.append(("words", problem))
    due_on = None
    if typed := form.text("due_on").strip():
        last = add_months(today, rules.limits.agreement_months)
        day = coming_day(typed, last=last, last_is="the last day that can be chosen", today=today)
        due_on = day.day
        if day.day is None:
            errors.append(("due_on", sentence(day.problem)))
    return (None, errors) if errors else (OwnTask(chosen, words, due_on), ())


def _page(
    visit: Visit,
    session: StaffSession,
    key: CaseKey,
    whose: VictimKey,
    *,
    errors: Errors = (),
    status: HTTPStatus | None = None,
) -> Page:
    found, form = open_supported(visit.deps, session, key, whose), visit.form
    said = found.agreement.view
    is_typed = "text" in dict(errors)
    return desk_page(
        "staff/support.html",
        {
            **_head(visit, key, found),
            **_what_is_agreed(visit, found),
            "tasks": [task_words(visit, each) for each in found.tasks],
            "missed": [_missed(visit, each) for each in found.missed],
            "escalate_days": visit.deps.rules.limits.escalate_working_days,
            "kinds": _kinds(found, visit.deps.rules),
            "said": said.text if said else "",
            "said_by": f"{said.by}, {date_and_time(said.at)}" if said else "",
            "seen": view_seen(found.agreement),
            "text": form.text("text") if is_typed else said.text if said else "",
            "limit": visit.deps.rules.limits.note_characters,
            "task": form.text("task"),
            "words": form.text("words"),
            "due_on": form.text("due_on"),
            "day_hint": DAY_HINT,
            "form_key": kept_form_key(visit) if errors else visit.deps.new_token(),
            "meanwhile": status == HTTPStatus.CONFLICT,
            "errors": errors,
            "error_of": dict(errors),
        },
        status=status or (HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK),
    )


def _head(visit: Visit, key: CaseKey, found: Supported) -> dict[str, Any]:
    agreement, officer = found.agreement, found.officer
    return {
        "done": DONE.get(visit.request.query.get("done", ""), ""),
        "key": key,
        "victim": agreement.victim,
        "name": f"Victim {agreement.label}" if agreement.label else "",
        "reference": agreement.reference,
        "partner": found.partner.name,
        "officer": f"{officer.name}, number {officer.number}",
        "sees": scope_words(agreement.scope),
        "until": long_date(agreement.until),
    }


def _what_is_agreed(visit: Visit, found: Supported) -> dict[str, Any]:
    """Return each part that was agreed ready to show, and none for each that was not."""
    rules = visit.deps.rules
    agreed = {what: what in found.agreement.scope for what in SCOPES}
    needs = in_order(found.needs, rules) if found.needs is not None else ()
    hearing = long_date(found.hearing) if found.hearing else ""
    return {
        "sees_needs": agreed[NEEDS],
        "needs": [(row.label, need_words(need, rules)) for row, need in needs],
        "sees_dates": agreed[DATES],
        "hearing": f"{hearing}, {found.court}" if hearing and found.court else hearing,
        "red": REVIEW_IS_NEAR if found.is_red else "",
        "sees_measures": agreed[MEASURES],
        "measures": _measures(found),
    }


def _measures(found: Supported) -> list[tuple[str, str]]:
    rules, lines = load_measures(), []
    for measure, step in found.measures or ():
        row = rules.measures[measure.key]
        state = state_words(row, rules.states[step.state]).label
        lines.append((row.name, f"{state}, since {long_date(step.on)}"))
    return lines


def _kinds(found: Supported, rules: Rules) -> list[tuple[str, str]]:
    """Return what can be taken on; what would tell of a charge only where that is known."""
    return [
        (row.key, row.label)
        for row in _own_kinds(rules).values()
        if found.knows_of_charge or not row.from_charge
    ]


def _own_kinds(rules: Rules) -> dict[str, Task]:
    """Return what a partner agency can take on, by key."""
    return {row.key: row for row in rules.tasks.values() if row.on_form and not row.police_only}
