"""Every page of the desk begins here: who is it, what exists for them, note that they looked."""

from datetime import timedelta

from chalicelib.domain.cases import Case, CaseKey
from chalicelib.domain.errors import (
    FreshSignInNeededError,
    NotAllowedError,
    NotFoundError,
    SessionEndedError,
)
from chalicelib.domain.staff import BrokenGlass, StaffSession, case_exists_for
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ConflictError, Part
from chalicelib.services.victim_sessions import session_key


def find_staff_session(deps: Deps, token: str) -> StaffSession:
    """Return the open session of a browser by one read.

    Raises:
        SessionEndedError: there is none, or its time is over.
    """
    session = deps.access.staff_session(session_key(token))
    if session is None or not _is_open(deps, session):
        raise SessionEndedError
    return session


def _is_open(deps: Deps, session: StaffSession) -> bool:
    limits, now = deps.rules.limits, deps.now()
    return now < min(
        session.seen_at + timedelta(minutes=limits.staff_idle_minutes),
        session.started_at + timedelta(minutes=limits.staff_total_minutes),
    )


def need_fresh(deps: Deps, session: StaffSession) -> None:
    """Let codes, outcomes and exports pass only behind a sign-in of the last 15 minutes (D6).

    Raises:
        FreshSignInNeededError: asked before the form opens, so that nothing typed is lost.
    """
    minutes = timedelta(minutes=deps.rules.limits.staff_fresh_minutes)
    if session.fresh_at is None or deps.now() >= session.fresh_at + minutes:
        raise FreshSignInNeededError


def need_role(deps: Deps, session: StaffSession, may: str) -> None:
    """Let pass only a role whose row in roles.toml has this permission.

    Raises:
        NotAllowedError: the role has not.
    """
    if not getattr(deps.rules.roles[session.role], may):
        raise NotAllowedError


def write_as(
    deps: Deps,
    session: StaffSession,
    what: str,
    *parts: Part,
    about: str = "",
    why: str = "",
    cases: tuple[str, ...] = (),
) -> None:
    """Write parts together with the session's use and the audit line, before anything is shown.

    The line is about a case, or about the reader when it is for a list that names its cases.

    Raises:
        SessionEndedError: the session ended meanwhile, or the administrator ended it.
        ConflictError: one of the parts failed.
    """
    about = about or f"staff {session.member.id}"
    line = deps.audited(about, f"{session.role} {session.member.id}", what, why=why, cases=cases)
    admission = [
        deps.access.session_stands(session),
        deps.access.touch_staff_session(session, deps.now()),
        line,
    ]
    try:
        deps.ledger.write([*admission, *parts])
    except ConflictError as error:
        if error.failed & {"session", "stands"}:
            raise SessionEndedError from error
        raise


def find_case(deps: Deps, session: StaffSession, key: CaseKey) -> Case:
    """Return a case that exists for this person; the audit line is the caller's to write.

    Raises:
        NotFoundError: it does not exist, or not for them: one answer for both (D7).
    """
    return case_for(deps, session, key, deps.cases.read(key))


def case_for(deps: Deps, session: StaffSession, key: CaseKey, case: Case | None) -> Case:
    """Return a case that was read, if it was there and exists for this person.

    Raises:
        NotFoundError: one answer for both.
    """
    if case is not None and case_exists_for(session, case, deps.rules, None, deps.now()):
        return case
    # Read for a case that does not exist as well: both answers take the same work.
    glass = _glass(deps, session, key)
    if case is not None and case_exists_for(session, case, deps.rules, glass, deps.now()):
        return case
    raise NotFoundError


def _glass(deps: Deps, session: StaffSession, key: CaseKey) -> BrokenGlass | None:
    if not deps.rules.roles[session.role].may_break_glass:
        return None
    return deps.access.broken_glass(session.member.id, key)


def open_case_page(deps: Deps, session: StaffSession, key: CaseKey, what: str) -> Case:
    """Return a case after the audit line of opening it is written."""
    case = find_case(deps, session, key)
    write_as(deps, session, what, about=key)
    return case
