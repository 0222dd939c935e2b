"""Access codes: checked before, shown once, read back, confirmed, cancelled (D4)."""

from http import HTTPStatus

from chalicelib.domain.access import code_groups, nato_words
from chalicelib.domain.cases import Case, CaseKey, Victim, VictimKey
from chalicelib.domain.codes import CANCELLED, WAITING, CodeRecord
from chalicelib.domain.contact import PHONE, may_use, number_proves, number_proves_from
from chalicelib.domain.dates import in_london, long_date
from chalicelib.domain.errors import NotFoundError, NotOpenToLookupError
from chalicelib.domain.safety import Safety, in_safe_mode
from chalicelib.domain.staff import StaffSession
from chalicelib.services.issue_code import (
    CodeGoneError,
    MadeCode,
    activate_code,
    cancel_code,
    confirm_code,
    issue_code,
    may_confirm,
    need_open_to_lookup,
    needs_confirming,
    open_code_page,
)
from chalicelib.services.ports import VictimFile
from chalicelib.services.read_first import shown_of
from chalicelib.services.staff_sessions import need_fresh, need_role, open_case_page
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import Errors, key_of
from chalicelib.web.staff.case_words import code_words, in_order, victim_name
from chalicelib.web.staff.code_check import ANSWERS, check_of, choices, problems_of
from chalicelib.web.staff.contact_block import contact_block, number_words
from chalicelib.web.staff.desk import case_desk_page, signed_in

pages = Pages()


@pages.page("/cases/{case}/codes/new", "GET")
@signed_in
def code_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Ask how identity and safety were checked; where there are several victims, for whom it is."""
    need_role(visit.deps, session, "issues_codes")
    need_fresh(visit.deps, session)
    whose = visit.request.query.get("victim", "")
    if not whose:
        return _choose(visit, session, key_of(case))
    return _form(visit, session, key_of(case), VictimKey(whose))


def _choose(visit: Visit, session: StaffSession, key: CaseKey) -> Answer:
    case = open_case_page(visit.deps, session, key, "opened codes")
    if len(case.victims) == 1:
        return Redirect(f"/cases/{key}/codes/new?victim={case.victims[0].key}")
    victims = [(victim.key, victim_name(victim)) for victim in in_order(case)]
    return case_desk_page(visit, case, "staff/code_whose.html", {"victims": victims})


@pages.page("/cases/{case}/codes/new", "POST")
@signed_in
def make(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Make a code and show it, this once; or say what is missing, or why there is none."""
    key, form = key_of(case), visit.form
    whose = VictimKey(form.text("victim"))
    found, victim, file = open_code_page(visit.deps, session, key, whose)
    safe_mode = _is_safe_mode(visit, found, file.safety)
    errors = problems_of(form, safe_mode=safe_mode, may_ring=_may_ring(visit, file))
    if errors:
        return _form_page(visit, found, victim, file, errors)
    try:
        made = issue_code(
            visit.deps,
            session,
            key,
            whose,
            check_of(form),
            cancel_others=form.text("cancel_others") == "yes",
        )
    except NotOpenToLookupError:
        return _form_page(visit, found, victim, file)
    return _made(visit, made, file.safety)


def _may_ring(visit: Visit, file: VictimFile) -> bool:
    """Return whether a number was agreed that may be relied on, and not just now (D4)."""
    return number_proves(file.contact, visit.deps.now(), visit.deps.rules)


def _number_from(visit: Visit, file: VictimFile) -> str:
    """Return from which day on the agreed number is enough, where it is too new for that."""
    if not may_use(file.contact, PHONE, visit.deps.now(), visit.deps.rules):
        return ""
    proves_from = number_proves_from(file.contact, visit.deps.rules)
    return long_date(in_london(proves_from).date()) if proves_from else ""


def _is_safe_mode(visit: Visit, case: Case, safety: Safety) -> bool:
    return in_safe_mode(case, safety, visit.deps.rules)


def _form(
    visit: Visit, session: StaffSession, key: CaseKey, whose: VictimKey, errors: Errors = ()
) -> Page:
    case, victim, file = open_code_page(visit.deps, session, key, whose)
    return _form_page(visit, case, victim, file, errors)


def _form_page(
    visit: Visit, case: Case, victim: Victim, file: VictimFile, errors: Errors = ()
) -> Page:
    form, rules = visit.form, visit.deps.rules
    held = [record for record in file.codes if record.state != CANCELLED]
    return case_desk_page(
        visit,
        case,
        "staff/code_new.html",
        {
            "victim": victim.key,
            "name": victim_name(victim),
            "closed_reason": _closed_reason(visit, case),
            "needs_confirming": needs_confirming(case),
            "is_safe_mode": _is_safe_mode(visit, case, file.safety),
            "held": [code_words(record) for record in held],
            "errors": errors,
            "error_of": dict(errors),
            "may_ring": _may_ring(visit, file),
            **choices(may_ring=_may_ring(visit, file)),
            "agreed": contact_block(case, victim, shown_of(file), visit.deps.now(), rules),
            "number_from": _number_from(visit, file),
            "number_words": number_words(file.contact),
            "days": rules.limits.code_unused_days,
            "chosen": {name: form.text(name) for name in (*ANSWERS, "cancel_others")},
        },
        files={victim.key: file},
        status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK,
    )


def _closed_reason(visit: Visit, case: Case) -> str:
    try:
        need_open_to_lookup(visit.deps, case)
    except NotOpenToLookupError:
        return visit.deps.rules.crime_type(case.crime_type).closed_reason
    return ""


def _made(visit: Visit, made: MadeCode, safety: Safety) -> Page:
    """Show the code: the only page that ever does, and it answers the form itself."""
    return case_desk_page(
        visit,
        made.case,
        "staff/code_made.html",
        {
            "name": victim_name(made.victim),
            "victim": made.victim.key,
            "code_id": made.record.id,
            "groups": code_groups(made.code),
            "spellings": [" ".join(words) for words in nato_words(made.code)],
            "is_safe_mode": _is_safe_mode(visit, made.case, safety),
            "needs_confirming": needs_confirming(made.case),
            "same_answers": [(name, visit.form.text(name)) for name in ("victim", *ANSWERS)],
            "days": visit.deps.rules.limits.code_unused_days,
        },
    )


@pages.page("/cases/{case}/codes/{code}/activate", "POST")
@signed_in
def activate(visit: Visit, session: StaffSession, case: str, code: str) -> Answer:
    """Make a code active that was read back correctly; a child's waits for a supervisor."""
    key, whose = key_of(case), VictimKey(visit.form.text("victim"))
    try:
        record = activate_code(visit.deps, session, key, whose, code)
    except CodeGoneError:
        return _gone(visit, session, key, whose)
    return Redirect(f"/cases/{key}?done={'waiting' if record.state == WAITING else 'activated'}")


def _gone(visit: Visit, session: StaffSession, key: CaseKey, whose: VictimKey) -> Page:
    case, victim, file = open_code_page(visit.deps, session, key, whose)
    return case_desk_page(
        visit,
        case,
        "staff/code_gone.html",
        {"victim": victim.key, "name": victim_name(victim)},
        files={victim.key: file},
        status=HTTPStatus.CONFLICT,
    )


@pages.page("/cases/{case}/codes/{code}/confirm", "GET")
@signed_in
def confirmation_form(visit: Visit, session: StaffSession, case: str, code: str) -> Answer:
    """Show a supervisor what they confirm, behind a fresh sign-in."""
    need_fresh(visit.deps, session)
    found = open_case_page(visit.deps, session, key_of(case), "opened codes")
    if not may_confirm(visit.deps, session, found):
        raise NotFoundError
    victim, record = _code_of(visit, found, code)
    return case_desk_page(
        visit,
        found,
        "staff/code_confirm.html",
        {
            "victim": victim.key,
            "name": victim_name(victim),
            "code": code_words(record),
        },
    )


def _code_of(visit: Visit, case: Case, code: str) -> tuple[Victim, CodeRecord]:
    """Return a code and whose it is, wherever in the case it is."""
    for victim in case.victims:
        for record in visit.deps.threads.read(victim.key).codes:
            if record.id == code:
                return victim, record
    raise NotFoundError


@pages.page("/cases/{case}/codes/{code}/confirm", "POST")
@signed_in
def confirm(visit: Visit, session: StaffSession, case: str, code: str) -> Answer:
    """Confirm a child's code."""
    key, whose = key_of(case), VictimKey(visit.form.text("victim"))
    try:
        confirm_code(visit.deps, session, key, whose, code)
    except CodeGoneError:
        return _gone(visit, session, key, whose)
    return Redirect(f"/cases/{key}?done=confirmed")


@pages.page("/cases/{case}/codes/{code}/cancel", "POST")
@signed_in
def cancel(visit: Visit, session: StaffSession, case: str, code: str) -> Answer:
    """Cancel a code at once; no check, no question."""
    key = key_of(case)
    cancel_code(visit.deps, session, key, VictimKey(visit.form.text("victim")), code)
    return Redirect(f"/cases/{key}?done=cancelled")
