"""Supervisor: what the team owes by when, whoever owns it."""

from dataclasses import dataclass

from chalicelib.domain.cases import CaseKey
from chalicelib.domain.promises import Promise
from chalicelib.domain.staff import Force, StaffMember, StaffSession, case_exists_for
from chalicelib.services.deps import Deps
from chalicelib.services.staff_sessions import need_role, write_as


@dataclass(frozen=True, slots=True)
class TeamRow:
    """An open promise of the team; without `shown` only its due date may stand on a page.

    `owner` is none when nobody of the staff list answers for it; `cover` answers while
    the owner is away.
    """

    promise: Promise
    shown: bool
    late: bool
    owner: StaffMember | None
    cover: StaffMember | None


@dataclass(frozen=True, slots=True)
class TeamList:
    """One page of the team's rows by due date, which puts the late ones first."""

    team: str
    rows: tuple[TeamRow, ...]
    next_after: str | None


def open_team_list(deps: Deps, session: StaffSession, after: str | None) -> TeamList:
    """Return a page of the team's open promises, in four requests.

    A restricted case costs one more, to learn whether this person is named for it.

    Raises:
        NotAllowedError: this role has no team list.
    """
    need_role(deps, session, "team_list")
    team = session.member.team
    found = deps.threads.open_of_team(team, after=after, limit=deps.rules.limits.worklist_page)
    force = deps.cases.read_force()
    rows = tuple(_row(deps, session, force, promise) for promise in found.promises)
    cases = tuple(dict.fromkeys(row.promise.case_key for row in rows if row.shown))
    write_as(deps, session, "opened the team's list", cases=cases)
    return TeamList(force.team_name(team), rows, found.next_after)


def _row(deps: Deps, session: StaffSession, force: Force, promise: Promise) -> TeamRow:
    today = deps.today()
    owner = force.member(promise.owner)
    return TeamRow(
        promise=promise,
        shown=not promise.restricted or _is_named(deps, session, CaseKey(promise.case_key)),
        late=promise.is_late(today),
        owner=owner if owner is not None and owner.active else None,
        cover=force.cover_of(promise.owner, today),
    )


def _is_named(deps: Deps, session: StaffSession, key: CaseKey) -> bool:
    case = deps.cases.read(key)
    return case is not None and case_exists_for(session, case, deps.rules, None, deps.now())
