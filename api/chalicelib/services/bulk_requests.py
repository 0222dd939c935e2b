"""Supervisors: many promises at once change hands when a second supervisor agrees.

Any other supervisor decides, of whatever team: a team may have one alone. They read how many
promises it is about and why, and nothing of the cases.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.cases import TeamId
from chalicelib.domain.errors import NotAllowedError, StaleError
from chalicelib.domain.promises import Promise
from chalicelib.domain.staff import BulkRequest, BulkRequests, StaffSession
from chalicelib.services.board import row_id
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ConflictError
from chalicelib.services.reassign import (
    CheckAgainError,
    Given,
    Note,
    Plan,
    Problem,
    Reassignment,
    TooManyError,
    checked,
    give,
    plan_of,
    reason_of,
)
from chalicelib.services.staff_case import stored_id
from chalicelib.services.staff_sessions import need_role, write_as

# All requests are one item, and other teams change it too.
TRIES = 5
Changed = tuple[BulkRequest, ...]


def ask_bulk(
    deps: Deps, session: StaffSession, wanted: Reassignment, number: int
) -> Given | BulkRequest:
    """Return the request that waits now; what few are left by now are moved at once.

    `number` is how many the supervisor typed that there are.

    Raises:
        NotAllowedError: this role has no board.
        CheckAgainError: something is missing, or a request of this team waits already.
        TooManyError: the number is not how many there are now.
    """
    wanted = checked(deps, session, wanted)
    plan = plan_of(deps, session, wanted)
    if len(plan.movable) <= deps.rules.limits.bulk_promises:
        return give(deps, session, plan, Note("gave promises", wanted.reason, session.member.name))
    if number != len(plan.movable):
        raise TooManyError(len(plan.movable), plan.to)
    request = _request(deps, session, plan, wanted.reason)

    def with_it(requests: Changed) -> Changed:
        if any(r.team == request.team and r.waits(deps.now()) for r in requests):
            raise CheckAgainError(Problem.WAITS)
        return (*(r for r in requests if r.team != request.team), request)

    cases = tuple(dict.fromkeys(promise.case_key for promise in plan.movable))
    what = f"asked to give {len(plan.movable)} promises to {plan.to.id}"
    _change(deps, session, with_it, what, why=request.reason, cases=cases)
    return request


def asking_id(request: BulkRequest) -> str:
    """Return what stands for one asking, so that nobody puts another in its place."""
    return stored_id(request.by, request.asked_at, request.reason, *request.chosen)


def waiting_requests(deps: Deps, session: StaffSession) -> tuple[BulkRequest, ...]:
    """Return what waits for a second supervisor, of all teams.

    Raises:
        NotAllowedError: this role decides nothing of it.
    """
    need_role(deps, session, "team_list")
    found = deps.access.bulk_requests().requests
    write_as(deps, session, "looked at what waits for a second supervisor")
    return tuple(request for request in found if request.waits(deps.now()))


def confirm_bulk(deps: Deps, session: StaffSession, team: TeamId, asked: str) -> Given:
    """Carry a request out by the rules of who asked; cut short, it goes on where it stopped.

    Each transaction checks that the request still stands, so that nothing moves once it was
    withdrawn.

    Raises:
        NotAllowedError: this role decides nothing of it, or they asked themselves.
        StaleError: it was decided or withdrawn, its time is over, or who asked could not
            ask it today.
        CheckAgainError: who was to get them no longer can.
    """
    seen, request = _waiting(deps, session, team, asked)
    if request.by == session.member.id:
        raise NotAllowedError
    asker = _as_asker(deps, session, request)
    wanted = Reassignment(frozenset(request.chosen), request.to, request.reason)
    plan = plan_of(deps, asker, wanted)
    by = f"{request.name}, confirmed by {session.member.name}"
    note = Note(f"confirmed for {request.by}: gave promises", request.reason, by)
    guards = [deps.access.bulk_requests_stand(seen)]
    given = give(deps, session, plan, note, guards=guards)
    decided = replace(request, decided_by=session.member.name, there=given.there)
    what = f"confirmed the request of {request.by}"
    _change(deps, session, _with(request, decided), what, why=request.reason)
    return given


def refuse_bulk(
    deps: Deps, session: StaffSession, team: TeamId, asked: str, typed_reason: str
) -> None:
    """Refuse a request; who asked reads why.

    Raises:
        NotAllowedError: this role decides nothing of it, or they asked themselves.
        StaleError: it was decided or withdrawn, or its time is over.
        CheckAgainError: the reason does not do.
    """
    _, request = _waiting(deps, session, team, asked)
    if request.by == session.member.id:
        raise NotAllowedError
    reason = reason_of(deps, typed_reason)
    if reason is None:
        raise CheckAgainError(Problem.REASON)
    refused = replace(request, decided_by=session.member.name, refused_why=reason)
    what = f"refused the request of {request.by}"
    _change(deps, session, _with(request, refused), what, why=reason)


def withdraw_bulk(deps: Deps, session: StaffSession, team: TeamId, asked: str) -> None:
    """Take one's own request back.

    Raises:
        NotAllowedError: somebody else asked.
        StaleError: it was decided or withdrawn, or its time is over.
    """
    _, request = _waiting(deps, session, team, asked)
    if request.by != session.member.id:
        raise NotAllowedError
    what = f"withdrew the request for {len(request.chosen)} promises"
    _change(deps, session, _with(request, None), what)


def _request(deps: Deps, session: StaffSession, plan: Plan, reason: str) -> BulkRequest:
    member, now = session.member, deps.now()
    return BulkRequest(
        by=member.id,
        name=member.name,
        role=session.role,
        team=member.team,
        chosen=tuple(sorted(row_id(promise) for promise in plan.movable)),
        owners=_owners(plan.movable),
        late=sum(promise.is_late(deps.today()) for promise in plan.movable),
        to=plan.to.id,
        to_name=plan.to.name,
        reason=reason,
        asked_at=now,
        until=now + timedelta(hours=deps.rules.limits.bulk_request_hours),
    )


def _owners(owed: Sequence[Promise]) -> str:
    """Return who has how many; of restricted cases a second supervisor reads no names."""
    names = Counter(p.owner_name or "nobody" for p in owed if not p.restricted)
    return ", ".join(f"{name} ({count})" for name, count in sorted(names.items()))


def _waiting(
    deps: Deps, session: StaffSession, team: TeamId, asked: str
) -> tuple[BulkRequests, BulkRequest]:
    need_role(deps, session, "team_list")
    seen = deps.access.bulk_requests()
    found = (r for r in seen.requests if r.team == team and r.waits(deps.now()))
    request = next((r for r in found if asking_id(r) == asked), None)
    if request is None:
        raise StaleError
    return seen, request


def _as_asker(deps: Deps, session: StaffSession, request: BulkRequest) -> StaffSession:
    """Return who asked as they stand today, to learn what exists for them.

    Nothing is written with it: what is done is done by the session of who confirms.
    """
    force = deps.cases.read_force()
    member = force.member(request.by)
    role = force.roles.get(request.by, request.role)
    rules = deps.rules.roles.get(role)
    is_here = member is not None and member.active and member.team == request.team
    if member is None or not is_here or rules is None or not rules.team_list:
        raise StaleError
    return replace(session, member=member, role=role)


def _with(request: BulkRequest, now: BulkRequest | None) -> Callable[[Changed], Changed]:
    """Return the change that puts a request as it is now, or none, in its place."""

    def change(requests: Changed) -> Changed:
        if request not in requests:
            raise StaleError
        others = tuple(other for other in requests if other != request)
        return (*others, now) if now else others

    return change


def _change(
    deps: Deps,
    session: StaffSession,
    change: Callable[[Changed], Changed],
    what: str,
    *,
    why: str = "",
    cases: tuple[str, ...] = (),
) -> None:
    """Write a change of what waits, as it stands now; those whose time is over go."""
    for _ in range(TRIES):
        seen = deps.access.bulk_requests()
        kept = tuple(r for r in change(seen.requests) if deps.now() < r.until)
        part = deps.access.keep_bulk_requests(seen, kept, deps.now())
        try:
            write_as(deps, session, what, part, why=why, cases=cases)
        except ConflictError:
            continue
        return
    raise StaleError
