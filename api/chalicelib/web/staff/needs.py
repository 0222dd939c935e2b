"""Needs on the desk: all that was told, by whom, who read it, what it was before; and the form."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.cases import Case, CaseKey, Victim, VictimKey
from chalicelib.domain.dates import date_and_time
from chalicelib.domain.errors import StaleError
from chalicelib.domain.needs import BY_VICTIM, Need, PastNeed, in_order, need_words, seen_by
from chalicelib.domain.staff import StaffSession
from chalicelib.rules import NeedKind, Rules
from chalicelib.services.keep_needs import note_need, withdraw_noted
from chalicelib.services.open_needs import NeedsPage, open_needs
from chalicelib.services.ports import VictimFile
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import need_role, open_case_page
from chalicelib.web.need_forms import (
    kind_of,
    lacks_language,
    need_form,
    need_problems,
    need_told,
    said_of,
    seen_of,
)
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import Errors, key_of
from chalicelib.web.staff.case_words import in_order as victims_in_order
from chalicelib.web.staff.case_words import victim_name
from chalicelib.web.staff.desk import case_desk_page, signed_in

pages = Pages()


@pages.page("/cases/{case}/needs", "GET")
@signed_in
def needs(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show the needs of one victim, or of all."""
    whose = visit.request.query.get("victim", "")
    opened = open_needs(visit.deps, session, key_of(case), VictimKey(whose) or None)
    return _all(visit, session, opened)


@pages.page("/cases/{case}/needs/{kind}", "GET")
@signed_in
def form(visit: Visit, session: StaffSession, case: str, kind: str) -> Answer:
    """Show the form of one kind with what is known of it."""
    need_role(visit.deps, session, "answers")
    row = kind_of(kind, visit.deps.rules)
    whose = VictimKey(visit.request.query.get("victim", ""))
    return _form(visit, session, key_of(case), whose, row)


@pages.page("/cases/{case}/needs", "POST")
@signed_in
def note(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Store what they told, or show the form with what to do; every word is still there."""
    key, whose, rules = key_of(case), VictimKey(visit.form.text("victim")), visit.deps.rules
    kind = kind_of(visit.form.text("kind"), rules)
    told = need_told(visit.form, kind)
    errors = need_problems(told, kind, rules)
    if errors:
        need_role(visit.deps, session, "answers")
        return _form(visit, session, key, whose, kind, errors=errors)
    try:
        note_need(visit.deps, session, key, whose, told)
    except StaleError:
        return _form(visit, session, key, whose, kind, meanwhile=True)
    return Redirect(f"/cases/{key}?done=need")


@pages.page("/cases/{case}/needs/withdraw", "POST")
@signed_in
def withdraw(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Note that a need holds no more, or show what somebody made of it meanwhile."""
    key, whose = key_of(case), VictimKey(visit.form.text("victim"))
    kind = kind_of(visit.form.text("kind"), visit.deps.rules)
    try:
        withdraw_noted(visit.deps, session, key, whose, kind.key, seen_of(visit.form))
    except StaleError:
        opened = open_needs(visit.deps, session, key, whose)
        return _all(visit, session, opened, meanwhile=kind.label)
    return Redirect(f"/cases/{key}?done=need-withdrawn")


def _all(visit: Visit, session: StaffSession, opened: NeedsPage, *, meanwhile: str = "") -> Page:
    case, rules = opened.case, visit.deps.rules
    people = [v for v in victims_in_order(case) if v.key in opened.past]
    return case_desk_page(
        visit,
        case,
        "staff/needs.html",
        {
            "meanwhile": meanwhile,
            "may_note": rules.roles[session.role].answers,
            "people": [_person(v, opened.files[v.key], opened.past[v.key], rules) for v in people],
        },
        files=opened.files,
        status=HTTPStatus.CONFLICT if meanwhile else HTTPStatus.OK,
    )


def _person(
    victim: Victim, file: VictimFile, past: tuple[PastNeed, ...], rules: Rules
) -> dict[str, Any]:
    known = {need.kind for need in file.needs.needs}
    return {
        "victim": victim.key,
        "name": victim_name(victim),
        "told": [_told(kind, need, file, rules) for kind, need in in_order(file.needs, rules)],
        "untold": [(k.key, k.label) for k in rules.need_kinds.values() if k.key not in known],
        "lacks_language": lacks_language(file.needs),
        "past": [_past_words(each, rules) for each in past],
    }


def _told(kind: NeedKind, need: Need, file: VictimFile, rules: Rules) -> dict[str, Any]:
    return {
        "kind": kind.key,
        "label": kind.label,
        "said": said_of(need, kind, rules),
        "how": _how_told(need),
        "unread": f"Nobody {'' if need.told_by == BY_VICTIM else 'else '}has read it yet.",
        "read_by": [
            f"{seen.name}, {seen.role}, {date_and_time(seen.at)}"
            for seen in seen_by(need, file.seen)
        ],
    }


def _how_told(need: Need) -> str:
    if need.told_by == BY_VICTIM:
        return f"Told on their own page, {date_and_time(need.told_at)}."
    return f"Written down by {need.told_by}, {date_and_time(need.told_at)}."


def _past_words(past: PastNeed, rules: Rules) -> dict[str, str]:
    kind = rules.need_kinds.get(past.need.kind)
    who = "the victim" if past.ended_by == BY_VICTIM else past.ended_by
    ended = "Withdrawn" if past.withdrawn else "Changed"
    return {
        "label": kind.label if kind else past.need.kind,
        "words": need_words(past.need, rules),
        "told": _how_told(past.need),
        "ended": f"{ended} by {who}, {date_and_time(past.ended_at)}.",
    }


def _form(  # noqa: PLR0913 -- whose need of which kind, and what happened to the form
    visit: Visit,
    session: StaffSession,
    key: CaseKey,
    whose: VictimKey,
    kind: NeedKind,
    *,
    errors: Errors = (),
    meanwhile: bool = False,
) -> Page:
    case = open_case_page(visit.deps, session, key, "opened the form of needs")
    victim, file = _read(visit, case, whose)
    rules, stands = visit.deps.rules, file.needs.of(kind.key)
    typed = visit.form if visit.request.method == "POST" else None
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return case_desk_page(
        visit,
        case,
        "staff/needs_form.html",
        {
            "name": victim_name(victim),
            "victim": victim.key,
            "label": kind.label,
            "question": kind.question,
            "hint": kind.hint,
            "need": need_form(kind, rules, stands, typed),
            "meanwhile": meanwhile,
            "now": said_of(stands, kind, rules) if stands else None,
            "how": _how_told(stands) if stands else "",
            "errors": errors,
            "error_of": dict(errors),
        },
        files={victim.key: file},
        status=HTTPStatus.CONFLICT if meanwhile else status,
    )


def _read(visit: Visit, case: Case, whose: VictimKey) -> tuple[Victim, VictimFile]:
    victim = victim_of(case, whose)
    return victim, visit.deps.threads.read(victim.key)
