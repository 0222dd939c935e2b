"""Supervisor: what the team owes, who has it, and what needs somebody to look at it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date
from enum import StrEnum

from chalicelib.domain.cases import CaseKey, OfficerId, TeamId
from chalicelib.domain.promises import KINDS, REVIEW, Promise, is_at_risk
from chalicelib.domain.reviews import is_near
from chalicelib.domain.staff import (
    BulkRequest,
    Force,
    StaffMember,
    StaffSession,
    case_exists_for,
)
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.services.deps import Deps
from chalicelib.services.keep_force import address_part
from chalicelib.services.looked_into import of_other_agencies
from chalicelib.services.read_first import Known, first_of_victims
from chalicelib.services.staff_case import stored_id
from chalicelib.services.staff_sessions import need_role, write_as
from chalicelib.services.worklist import (
    MOST_ROWS,
    cursor_at,
    last_day_of_week,
    place_at,
    place_of,
)

# So many pages of a list are shown at once where a supervisor looks at one group.
PAGES_OF_A_GROUP = 4


class Group(StrEnum):
    """The groups of a board; the value stands in addresses. A row may be in more than one."""

    LATE = "late"
    TODAY = "today"
    AT_RISK = "at-risk"
    THIS_WEEK = "this-week"
    LATER = "later"
    COURT = "court"
    UNASSIGNED = "unassigned"
    AWAY = "away"
    RAISED = "raised"
    NOTHING_NEW = "nothing-new"


@frozen
class Owner:
    """Who answers for a promise on a day; `member` is none when nobody of the staff list does.

    `cover` answers while the owner is away.
    """

    member: StaffMember | None
    is_away: bool
    cover: StaffMember | None


@frozen
class BoardRow:
    """An open promise of the team in all its groups; `id` is what a form names it by.

    Without `shown` only its due date may stand on a page.
    """

    id: str
    promise: Promise
    groups: frozenset[str]
    owner: Owner
    shown: bool


@frozen
class Board:
    """Counts of everything that is open in a team, and a page of the rows of one group.

    `show` is a group, "kind.…" or "officer.…", or empty for all; `counts` and `late` are by
    the same names. `is_cut` says that there is more than was counted. `after` is the cursor
    behind which the page begins, empty at the top. `officers` are those
    who have something and those of the team, `people` those to whom it can be given. `known` is
    what stands first of the victims whose rows are shown. `looks` is what this person looks into of
    partner agencies and witness care; it is not counted in the team's numbers.
    """

    team: str
    show: str
    rows: tuple[BoardRow, ...]
    counts: Mapping[str, int]
    late: Mapping[str, int]
    total: int
    is_cut: bool
    after: str
    next_after: str | None
    force: Force
    officers: tuple[StaffMember, ...]
    people: tuple[StaffMember, ...]
    requests: tuple[BulkRequest, ...]
    known: Known = field(default_factory=dict)
    looks: tuple[Promise, ...] = ()


def open_board(
    deps: Deps, session: StaffSession, show: str = "", *, after: str | None = None
) -> Board:
    """Return the board of a supervisor's team, in a few requests however long it is.

    They are: session, the team's open promises, the staff list, what waits for a second
    supervisor, contact and needs of the victims in these rows (none without rows, one for every
    33 victims), and the audit line with the use of the session. A restricted case on the page
    costs one more, to learn whether this person is named for it. Besides there is one for each
    partner agency and witness care, for what they are late with and this person looks into.

    Args:
        deps: stores and clock.
        session: whose board it is.
        show: the group whose rows are shown; what is no group shows all.
        after: the cursor of the page before; what is none begins at the top.

    Raises:
        NotAllowedError: this role has no board.
    """
    need_role(deps, session, "team_list")
    team = session.member.team
    found = deps.threads.open_of_team(team, after=None, limit=MOST_ROWS)
    force = deps.cases.read_force()
    waiting = deps.access.bulk_requests()
    rows = _rows(deps, force, found.promises)
    show = show if _is_a_group(force, show) else ""
    size = deps.rules.limits.worklist_page * (PAGES_OF_A_GROUP if show else 1)
    behind = place_at(after)
    left = [r for r in rows if _is_in(show, r) and place_of(r.promise, show) > behind]
    page = _opened(deps, session, left[:size])
    looks = of_other_agencies(deps, session, force)
    seen = [*looks, *(row.promise for row in page if row.shown)]
    cases = tuple(dict.fromkeys(promise.case_key for promise in seen))
    known = first_of_victims(deps, (promise.victim for promise in seen))
    write_as(deps, session, "opened the team's board", cases=cases)
    return Board(
        team=force.team_name(team),
        show=show,
        rows=page,
        counts=Counter(group for row in rows for group in row.groups),
        late=Counter(g for row in rows if Group.LATE in row.groups for g in row.groups),
        total=len(rows),
        is_cut=found.next_after is not None,
        after=cursor_at(behind),
        next_after=cursor_at(place_of(page[-1].promise, show)) if len(left) > size else None,
        force=force,
        officers=_officers(force, team, rows),
        people=people_of(force, team, deps.rules),
        requests=waiting.requests,
        known=known,
        looks=looks,
    )


def row_id(promise: Promise) -> str:
    """Return by what a form names a promise; it tells nothing of whose it is."""
    return stored_id(promise.victim, promise.id, promise.kind, promise.subject)


def kind_group(kind: str) -> str:
    """Return the group of all promises of a kind."""
    return f"kind.{kind}"


def officer_group(officer: OfficerId) -> str:
    """Return the group of all that one officer has."""
    return f"officer.{address_part(officer)}"


def people_of(force: Force, team: TeamId, rules: Rules) -> tuple[StaffMember, ...]:
    """Return the members of a team who work with cases, by name.

    Who has never signed in may be one: nobody knows their role yet.
    """

    def works_with_cases(member: StaffMember) -> bool:
        role = rules.roles.get(force.roles.get(member.id, ""))
        return role is None or role.sees_cases

    return tuple(member for member in force.of_team(team) if works_with_cases(member))


def _rows(deps: Deps, force: Force, promises: Iterable[Promise]) -> list[BoardRow]:
    today, owners = deps.today(), dict[OfficerId, Owner]()
    rows = []
    for promise in promises:
        if promise.owner not in owners:
            owners[promise.owner] = _owner(force, promise.owner, today)
        owner = owners[promise.owner]
        if promise.restricted:
            # Who answers for an officer cannot open a restricted case for that alone.
            owner = replace(owner, cover=None)
        groups = _groups(deps, promise, owner, today)
        rows.append(BoardRow(row_id(promise), promise, groups, owner, not promise.restricted))
    return rows


def _owner(force: Force, identity: OfficerId, today: date) -> Owner:
    member = force.member(identity)
    if member is None or not member.active:
        return Owner(None, is_away=False, cover=None)
    return Owner(member, force.is_away(identity, today), force.cover_of(identity, today))


def _groups(deps: Deps, promise: Promise, owner: Owner, today: date) -> frozenset[str]:
    """Return the groups of a promise; a restricted one has a date, and that is all it says."""
    groups = [_date_group(promise, today)]
    if not promise.restricted:
        limit = deps.rules.limits.nothing_new_in_a_row
        more = {
            Group.COURT: _is_before_court(deps, promise, today),
            Group.AT_RISK: is_at_risk(promise, today, deps.calendar, deps.rules),
            Group.UNASSIGNED: owner.member is None,
            Group.AWAY: owner.is_away and owner.cover is None,
            Group.RAISED: promise.raised_at is not None,
            Group.NOTHING_NEW: promise.nothing_new >= limit,
            kind_group(promise.kind): True,
            officer_group(promise.owner): owner.member is not None,
        }
        groups += [group for group, is_in in more.items() if is_in]
    return frozenset(groups)


def _is_before_court(deps: Deps, promise: Promise, today: date) -> bool:
    """Return whether court is near and this is its review, which nobody has closed."""
    hearing = promise.working.counted_from
    return promise.kind == REVIEW and is_near(hearing, today, deps.calendar, deps.rules)


def _date_group(promise: Promise, today: date) -> str:
    if promise.due_on <= today:
        return Group.TODAY if promise.due_on == today else Group.LATE
    return Group.THIS_WEEK if promise.due_on <= last_day_of_week(today) else Group.LATER


def _is_a_group(force: Force, show: str) -> bool:
    groups = {*Group, *map(kind_group, KINDS)}
    return show in groups or any(show == officer_group(member.id) for member in force.staff)


def _is_in(show: str, row: BoardRow) -> bool:
    return not show or show in row.groups


def _officers(force: Force, team: TeamId, rows: Iterable[BoardRow]) -> tuple[StaffMember, ...]:
    having = (r.owner.member for r in rows if not r.promise.restricted)
    members = {member.id: member for member in (*force.of_team(team), *having) if member}
    return tuple(sorted(members.values(), key=lambda member: (member.name, member.id)))


def _opened(deps: Deps, session: StaffSession, rows: list[BoardRow]) -> tuple[BoardRow, ...]:
    """Return the rows with those of restricted cases for which this person is named."""
    restricted = dict.fromkeys(CaseKey(r.promise.case_key) for r in rows if r.promise.restricted)
    named = {key for key in restricted if _is_named(deps, session, key)}
    return tuple(replace(r, shown=True) if r.promise.case_key in named else r for r in rows)


def _is_named(deps: Deps, session: StaffSession, key: CaseKey) -> bool:
    case = deps.cases.read(key)
    return case is not None and case_exists_for(session, case, deps.rules, None, deps.now())
