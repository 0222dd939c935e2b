"""Supervisor: leave to open a case that is not their team's, for an hour and with a reason (D7)."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.cases import Case, CaseKey, GlassBreak
from chalicelib.domain.errors import HubError, NotAllowedError, NotFoundError, StaleError
from chalicelib.domain.staff import BrokenGlass, StaffSession, case_exists_for
from chalicelib.services.deps import Deps
from chalicelib.services.staff_case import stored_id
from chalicelib.services.staff_sessions import need_role, write_as

LONGEST_REASON = 500


class ReasonNeededError(HubError):
    """A reason is missing, too short to be one, or too long to be read."""


def break_glass(deps: Deps, session: StaffSession, key: CaseKey, typed_reason: str) -> bool:
    """Return whether the case is open now; a restricted one waits for a second supervisor.

    The leave, the note that the officer in charge sees and the audit line with the
    reason are one transaction. Before a reason is given, nothing is read.

    Raises:
        NotAllowedError: this role may not.
        ReasonNeededError: the reason does not do.
        NotFoundError: there is no such case.
    """
    need_role(deps, session, "may_break_glass")
    reason = _reason(deps, typed_reason)
    case = deps.cases.read(key)
    if case is None:
        write_as(deps, session, "asked to open a case that does not exist", about=key, why=reason)
        raise NotFoundError
    if case_exists_for(session, case, deps.rules, None, deps.now()):
        return True
    leave = _leave(deps, session, key, reason)
    if case.restricted:
        waiting = deps.access.keep_waiting_leave(leave)
        write_as(deps, session, "asked for leave to open", waiting, about=key, why=reason)
        return False
    note = GlassBreak(leave.by, leave.name, reason, deps.now())
    parts = [deps.access.keep_broken_glass(leave), deps.cases.glass_break(key, note)]
    write_as(deps, session, "broke the glass", *parts, about=key, why=reason)
    return True


def waiting_leave(deps: Deps, session: StaffSession, key: CaseKey) -> BrokenGlass:
    """Return the leave that was asked for, for who asked and for who may confirm it.

    Raises:
        NotFoundError: nothing waits, or this person has no part in it: one answer for both.
    """
    if not deps.rules.roles[session.role].may_break_glass:
        raise NotFoundError
    leave, case = deps.access.waiting_leave(key), deps.cases.read(key)
    if leave is None or case is None or deps.now() >= leave.until:
        raise NotFoundError
    if leave.by != session.member.id and not _is_outside(session, case):
        raise NotFoundError
    write_as(deps, session, "looked at leave that was asked for", about=key)
    return leave


def asking_id(leave: BrokenGlass) -> str:
    """Return what stands for one asking: who, when and why."""
    return stored_id(leave.by, leave.until, leave.reason)


def confirm_leave(deps: Deps, session: StaffSession, key: CaseKey, seen: str) -> None:
    """Let the supervisor who asked open the restricted case from now on.

    `seen` is the asking that the person had before them: nobody puts themselves in its place.

    Raises:
        NotFoundError: nothing waits here for this person.
        NotAllowedError: nobody confirms their own.
        StaleError: somebody asked, or confirmed, since the person looked.
        ConflictError: the same, at this very moment.
    """
    waiting = waiting_leave(deps, session, key)
    if waiting.by == session.member.id:
        raise NotAllowedError
    if asking_id(waiting) != seen:
        raise StaleError
    minutes = timedelta(minutes=deps.rules.limits.break_glass_minutes)
    leave = replace(waiting, until=deps.now() + minutes, confirmed_by=session.member.id)
    who = f"{leave.name}, with leave of {session.member.name}"
    note = GlassBreak(leave.by, who, leave.reason, deps.now())
    parts = [
        deps.access.confirm_waiting_leave(waiting, leave),
        deps.access.keep_broken_glass(leave),
        deps.cases.glass_break(key, note),
    ]
    write_as(deps, session, f"confirmed leave of {leave.by}", *parts, about=key, why=leave.reason)


def _reason(deps: Deps, typed: str) -> str:
    """Return the reason on one line; blanks do not make it longer."""
    reason = " ".join(typed.split())
    if not deps.rules.limits.break_glass_reason_characters <= len(reason) <= LONGEST_REASON:
        raise ReasonNeededError
    return reason


def _leave(deps: Deps, session: StaffSession, key: CaseKey, reason: str) -> BrokenGlass:
    member = session.member
    until = deps.now() + timedelta(minutes=deps.rules.limits.break_glass_minutes)
    return BrokenGlass(member.id, member.name, member.team, key, reason, until)


def _is_outside(session: StaffSession, case: Case) -> bool:
    return session.member.team != case.officer.team
