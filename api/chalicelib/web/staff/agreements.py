"""What a victim told the officer of partner agencies: yes until a day, or no more; and the past."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.agreements import (
    BY_VICTIM,
    DATES,
    MEASURES,
    NEEDS,
    SCOPES,
    Agreement,
    agreement_with,
    changed_of,
    scope_words,
)
from chalicelib.domain.cases import CaseKey, VictimKey
from chalicelib.domain.dates import date_and_time, long_date
from chalicelib.domain.errors import NotFoundError, StaleError
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import WAYS_OF_TELLING
from chalicelib.rules import Partner
from chalicelib.services.agree import note_agreement, note_stop
from chalicelib.services.ports import VictimFile
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import need_role, open_case_page
from chalicelib.web.agreement_form import AgreementForm, form_context
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import Errors, key_of
from chalicelib.web.staff.case_words import victim_name
from chalicelib.web.staff.desk import case_desk_page, signed_in

pages = Pages()

OPTIONS = [
    (NEEDS, "Needs", "What helps them, as they told it."),
    (DATES, "Dates at court", "Only dates that they were told themselves."),
    (MEASURES, "What may help at court", "What was asked for, and where it stands."),
]
DONE = {
    "agreed": "Noted. The partner agency sees it from now on.",
    "stopped": "Noted. The partner agency sees nothing of them any more.",
}
HOW = "Say how they told you."
MEANWHILE = "This changed while you had the page open. Nothing was noted. See how it stands now."


@pages.page("/cases/{case}/support", "GET")
@signed_in
def agreements(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show what a victim agreed with each partner agency, and the form to note what they say."""
    return _page(visit, session, key_of(case), VictimKey(visit.request.query.get("victim", "")))


@pages.page("/cases/{case}/support", "POST")
@signed_in
def note(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Note a yes or a no to one partner agency, or show what is missing."""
    key, form, deps = key_of(case), visit.form, visit.deps
    whose, partner = VictimKey(form.text("victim")), form.text("partner")
    if partner not in deps.rules.partners:
        raise NotFoundError
    how, errors = WAYS_OF_TELLING.get(form.text(f"how_{partner}"), ""), list[tuple[str, str]]()
    if not how:
        errors.append((f"how_{partner}", HOW))
    if form.text("stop"):
        if errors:
            return _page(visit, session, key, whose, partner=partner, errors=errors)
        note_stop(deps, session, key, whose, partner, how=how)
        return Redirect(f"/cases/{key}/support?victim={whose}&done=stopped")
    terms, problems = AgreementForm.of(form, partner).terms(deps.today(), deps.rules)
    errors = [*problems, *errors]
    if terms is None or errors:
        return _page(visit, session, key, whose, partner=partner, errors=errors)
    seen = form.text("seen")
    try:
        note_agreement(deps, session, key, whose, partner, terms, how=how, seen=seen)
    except StaleError:
        problem = [(f"scope_{partner}", MEANWHILE)]
        return _page(visit, session, key, whose, partner=partner, errors=problem, stale=True)
    return Redirect(f"/cases/{key}/support?victim={whose}&done=agreed")


def _page(  # noqa: PLR0913 -- whose page, and what happened to the form
    visit: Visit,
    session: StaffSession,
    key: CaseKey,
    whose: VictimKey,
    *,
    partner: str = "",
    errors: Errors = (),
    stale: bool = False,
) -> Page:
    need_role(visit.deps, session, "answers")
    case = open_case_page(visit.deps, session, key, "opened what partners may see")
    victim = victim_of(case, whose)
    file, rules = visit.deps.threads.read(victim.key), visit.deps.rules
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return case_desk_page(
        visit,
        case,
        "staff/case_support.html",
        {
            "name": victim_name(victim),
            "victim": victim.key,
            "done": DONE.get(visit.request.query.get("done", ""), ""),
            "options": OPTIONS,
            "ways": [(way, words.capitalize()) for way, words in WAYS_OF_TELLING.items()],
            "partners": [
                _partner(visit, file, row, errors if row.key == partner else ())
                for row in rules.partners.values()
            ],
            "errors": errors,
            "error_of": dict(errors),
        },
        files={victim.key: file},
        status=HTTPStatus.CONFLICT if stale else status,
    )


def _partner(visit: Visit, file: VictimFile, row: Partner, errors: Errors) -> dict[str, Any]:
    rules, today = visit.deps.rules, visit.deps.today()
    agreement = agreement_with(file.agreements, row.key)
    holds = agreement is not None and agreement.holds(today)
    held = AgreementForm.as_agreed(agreement) if agreement and holds else AgreementForm(row.key)
    typed = AgreementForm.of(visit.form, row.key) if errors else held
    return {
        **form_context(row, typed, errors, today, rules),
        "what": row.what,
        "holds": holds,
        "is_open": bool(errors),
        "seen": changed_of(agreement),
        "how": visit.form.text(f"how_{row.key}"),
        "state": _state(agreement, holds=holds),
        "past": list(reversed(agreement.past)) if agreement else [],
    }


def _state(agreement: Agreement | None, *, holds: bool) -> str:
    if agreement is None:
        return "Nothing was agreed. They see nothing."
    if agreement.withdrawn_at is not None:
        return f"No longer agreed since {date_and_time(agreement.withdrawn_at)}. They see nothing."
    if not holds:
        return f"Ended on {long_date(agreement.until)}. They see nothing."
    who = "the victim" if agreement.given_by == BY_VICTIM else f"{agreement.given_by} with them"
    sees = scope_words(w for w in SCOPES if w in agreement.scope)
    return f"They see: {sees}. Until {long_date(agreement.until)}. Noted by {who}."
