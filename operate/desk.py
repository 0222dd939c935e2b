"""Staff at work without a browser: what commands do, they do as a member of staff would."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.staff import StaffSession
from chalicelib.services.issue_code import Check, activate_code, issue_code
from chalicelib.services.victim_sessions import session_key
from operate.hub_home import DemoCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.cases import Case, Victim
    from chalicelib.domain.staff import StaffMember
    from chalicelib.services.deps import Deps

FACE_TO_FACE = "face to face"
THE_VICTIM = "the victim"


@contextmanager
def at_the_desk(deps: Deps, member: StaffMember, role: str) -> Iterator[StaffSession]:
    """Give the session of somebody who has just signed in; it ends with the block."""
    key, now = session_key(deps.new_token()), deps.now()
    session = StaffSession(key, member, role, started_at=now, seen_at=now, fresh_at=now)
    hours = timedelta(minutes=deps.rules.limits.staff_total_minutes)
    deps.ledger.write([deps.access.new_staff_session(session, now + hours)])
    try:
        yield session
    finally:
        deps.access.end_staff_session(key)


def make_code(deps: Deps, session: StaffSession, case: Case, victim: Victim) -> DemoCode:
    """Return a code that opens the case for this victim, made and read back as at the desk."""
    check = Check(FACE_TO_FACE, THE_VICTIM)
    made = issue_code(deps, session, case.key, victim.key, check)
    activate_code(deps, session, case.key, victim.key, made.record.id)
    return DemoCode(
        case.reference, made.code, victim.label, session.member.id, made.record.code_key
    )
