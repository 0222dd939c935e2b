"""Staff: a new access code, shown once, read back, perhaps confirmed, cancelled at once (D4)."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.access import AccessCode, CaseReference, new_code
from chalicelib.domain.cases import Case, CaseKey, Victim, VictimKey
from chalicelib.domain.codes import ACTIVE, CANCELLED, PENDING, WAITING, CodeItem, CodeRecord
from chalicelib.domain.errors import (
    HubError,
    NotAllowedError,
    NotFoundError,
    NotOpenToLookupError,
)
from chalicelib.domain.staff import StaffSession
from chalicelib.frozen import frozen
from chalicelib.services.change_code import BY_VICTIM
from chalicelib.services.deps import Deps
from chalicelib.services.open_case import code_key
from chalicelib.services.ports import ConflictError, VictimFile
from chalicelib.services.staff_case import need_recent, victim_of
from chalicelib.services.staff_sessions import find_case, need_role, open_case_page, write_as

CHILD = "child"


class CodeGoneError(HubError):
    """The code was cancelled, replaced or too old before it was made active: make another."""


@frozen
class Check:
    """How an officer made sure to whom a code goes and that having it is safe.

    `kept` says where the code will be, in a safe-mode case; neither holds free text.
    """

    how: str
    for_whom: str
    kept: str = ""


@frozen
class MadeCode:
    """A new code, which nobody sees again after the page that shows it."""

    case: Case
    victim: Victim
    code: AccessCode
    record: CodeRecord


def need_open_to_lookup(deps: Deps, case: Case) -> None:
    """Let pass only a crime type for which codes are made; one that is not known is not.

    Raises:
        NotOpenToLookupError: the page says why.
    """
    if not deps.rules.crime_type(case.crime_type).open_to_lookup:
        raise NotOpenToLookupError


def needs_confirming(case: Case) -> bool:
    """Return whether a supervisor confirms a code before it opens anything."""
    return CHILD in case.flags


def may_confirm(deps: Deps, session: StaffSession, case: Case) -> bool:
    """Return whether this person is a supervisor of the case's team."""
    role = deps.rules.roles[session.role]
    return role.team_list and session.member.team == case.officer.team


def issue_code(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    check: Check,
    *,
    cancel_others: bool = False,
) -> MadeCode:
    """Return a new code; it opens nothing until it was read back.

    A code that was shown before and never read back is cancelled: its page is gone.
    `cancel_others` cancels every code that this victim has, because one may be lost.

    Raises:
        NotAllowedError: the role may not issue codes.
        FreshSignInNeededError: the form cannot have been opened behind a fresh sign-in.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        NotOpenToLookupError: there are no codes for this crime type.
    """
    need_role(deps, session, "issues_codes")
    need_recent(deps, session)
    case = find_case(deps, session, key)
    person = victim_of(case, victim)
    need_open_to_lookup(deps, case)
    for record in deps.threads.read(victim).codes:
        if _never_read_back(record) or (cancel_others and record.state != CANCELLED):
            _cancel(deps, session, case, victim, record)
    return _make(deps, session, case, person, check)


def _never_read_back(record: CodeRecord) -> bool:
    """Return whether an officer's code was shown and left; one that a victim makes is theirs."""
    return record.state == PENDING and record.made_by != BY_VICTIM


def _make(deps: Deps, session: StaffSession, case: Case, victim: Victim, check: Check) -> MadeCode:
    code, now = new_code(deps.random_below), deps.now()
    item_key = code_key(deps, code, CaseReference(case.reference))
    item = CodeItem(item_key, case.key, victim.key, PENDING, _unused_until(deps), used_at=None)
    record = CodeRecord(
        deps.new_id(), item_key, PENDING, check.for_whom, check.how, session.member.name, now
    )
    why = f"checked {check.how}; for {check.for_whom}"
    if check.kept:
        why += f"; said to be safe to look; kept {check.kept}"
    parts = [deps.access.new_code(item), deps.threads.keep_code_record(victim.key, record)]
    write_as(deps, session, "made a code", *parts, about=case.key, why=why)
    return MadeCode(case, victim, code, record)


def _unused_until(deps: Deps) -> datetime:
    return deps.now() + timedelta(days=deps.rules.limits.code_unused_days)


def open_code_page(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey
) -> tuple[Case, Victim, VictimFile]:
    """Return what a page about a victim's codes shows, after the audit line is written.

    Raises:
        NotFoundError: the case does not exist for this person, or the victim not in it.
    """
    case = open_case_page(deps, session, key, "opened codes")
    person = victim_of(case, victim)
    return case, person, deps.threads.read(victim)


def activate_code(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, code_id: str
) -> CodeRecord:
    """Return the record of a code that was read back correctly: active, or waiting.

    For somebody under 18 it waits for a supervisor of the team, who confirms it at once
    when it is they who made it.

    Raises:
        NotAllowedError: the role may not issue codes.
        NotFoundError: the case does not exist for this person, or the code not in it.
        CodeGoneError: it was cancelled or replaced, or is too old.
    """
    need_role(deps, session, "issues_codes")
    case = find_case(deps, session, key)
    record = find_code(deps, case, victim, code_id)
    if record.state in (ACTIVE, WAITING):
        return record
    if record.made_by == BY_VICTIM:
        # Theirs to type back: nobody else knows it, or lets it open anything.
        raise NotFoundError
    _need_young(deps, record, PENDING)
    if needs_confirming(case) and not may_confirm(deps, session, case):
        waiting = replace(record, state=WAITING)
        part = deps.threads.keep_code_record(victim, waiting)
        write_as(deps, session, "read back a code", part, about=key)
        return waiting
    by = session.member.name if needs_confirming(case) else None
    return _activate(deps, session, case, victim, replace(record, confirmed_by=by))


def confirm_code(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, code_id: str
) -> CodeRecord:
    """Return the record of a code that waited for a supervisor and is active now.

    Raises:
        NotAllowedError: not a supervisor of the case's team.
        FreshSignInNeededError: the form cannot have been opened behind a fresh sign-in.
        NotFoundError: the case does not exist for this person, or the code not in it.
        CodeGoneError: it was cancelled, or is too old.
    """
    need_recent(deps, session)
    case = find_case(deps, session, key)
    if not may_confirm(deps, session, case):
        raise NotAllowedError
    record = find_code(deps, case, victim, code_id)
    if record.state == ACTIVE:
        return record
    _need_young(deps, record, WAITING)
    return _activate(deps, session, case, victim, replace(record, confirmed_by=session.member.name))


def _need_young(deps: Deps, record: CodeRecord, state: str) -> None:
    days = timedelta(days=deps.rules.limits.code_unused_days)
    if record.state != state or deps.now() >= record.made_at + days:
        raise CodeGoneError


def _activate(
    deps: Deps, session: StaffSession, case: Case, victim: VictimKey, record: CodeRecord
) -> CodeRecord:
    active = replace(record, state=ACTIVE)
    what = "confirmed a code" if active.confirmed_by else "activated a code"
    parts = [
        deps.access.activate_code(record.code_key, _unused_until(deps)),
        deps.threads.keep_code_record(victim, active),
    ]
    try:
        write_as(deps, session, what, *parts, about=case.key)
    except ConflictError as error:
        # The same button pressed twice: the other press was first.
        stands = find_code(deps, case, victim, record.id)
        if stands.state != ACTIVE:
            raise CodeGoneError from error
        return stands
    return active


def cancel_code(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, code_id: str
) -> None:
    """Cancel a code at once; whoever it let in is out with their next request.

    Cancelling needs no check and no fresh sign-in: it must never wait.

    Raises:
        NotAllowedError: the role may not answer for the case.
        NotFoundError: the case does not exist for this person, or the code not in it.
    """
    need_role(deps, session, "answers")
    case = find_case(deps, session, key)
    record = find_code(deps, case, victim, code_id)
    if record.state != CANCELLED:
        _cancel(deps, session, case, victim, record)


def _cancel(
    deps: Deps, session: StaffSession, case: Case, victim: VictimKey, record: CodeRecord
) -> None:
    cancelled = replace(record, state=CANCELLED, cancelled_at=deps.now())
    noted = deps.threads.keep_code_record(victim, cancelled)
    try:
        item = deps.access.cancel_code(record.code_key)
        write_as(deps, session, "cancelled a code", item, noted, about=case.key)
    except ConflictError:
        # The item is gone (unused for 14 days) or cancelled already: note it all the same.
        write_as(deps, session, "cancelled a code", noted, about=case.key)


def find_code(deps: Deps, case: Case, victim: VictimKey, code_id: str) -> CodeRecord:
    """Return what staff see of a code of this victim.

    Raises:
        NotFoundError: the victim is not of this case, or has no such code.
    """
    codes = deps.threads.read(victim_of(case, victim).key).codes
    record = next((code for code in codes if code.id == code_id), None)
    if record is None:
        raise NotFoundError
    return record
