"""Officer: what is owed to whom by when, the late first, then the questions that wait."""

import base64
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date, timedelta
from enum import StrEnum

from chalicelib.domain.cases import OfficerId, TeamId
from chalicelib.domain.dates import iso
from chalicelib.domain.promises import LINE, REPLY, Promise
from chalicelib.domain.staff import Absence, Force, StaffMember, StaffSession
from chalicelib.frozen import frozen
from chalicelib.services.deps import Deps
from chalicelib.services.looked_into import raised_in
from chalicelib.services.read_first import Known, first_of_victims
from chalicelib.services.staff_sessions import need_role, write_as

# One request's worth; who has more open works off the soonest first.
MOST_ROWS = 1000
SUNDAY = 6


class Group(StrEnum):
    """The groups of a worklist, in their order; the value sorts and stands in cursors."""

    LATE = "1"
    QUESTIONS = "2"
    TODAY = "3"
    THIS_WEEK = "4"
    LATER = "5"


@frozen
class WorklistRow:
    """An open promise in its group; `unread` is a question that nobody has seen yet.

    `away` is its owner when this person answers for them. Without `shown` the case does not
    exist for this person: a page says what is late with whom (`team`), and not whose it is.
    """

    promise: Promise
    group: Group
    unread: bool
    away: StaffMember | None = None
    shown: bool = True
    team: str = ""


@frozen
class Worklist:
    """One page of rows; the counts are of the whole list.

    `is_cut` says that there are even more than were counted; `away` is this person's own
    absence today, with who answers meanwhile, who may be nobody. `known` is what stands first
    of the victims of these rows.
    """

    rows: tuple[WorklistRow, ...]
    counts: Mapping[Group, int]
    unread: int
    total: int
    is_cut: bool
    next_after: str | None
    away: tuple[Absence, StaffMember | None] | None = None
    known: Known = field(default_factory=dict)


def open_worklist(deps: Deps, session: StaffSession, after: str | None) -> Worklist:
    """Return a page of what this person answers for.

    Five requests: session, their promises, the staff list, contact and needs of these rows'
    victims, and the audit line with the use of the session; without rows none for victims, and
    one more for everybody who is away and whom they answer for.

    Args:
        deps: stores and clock.
        session: whose list it is.
        after: the cursor of the page before; what is none begins at the top.

    Raises:
        NotAllowedError: this role sees no cases.
    """
    need_role(deps, session, "sees_cases")
    force = deps.cases.read_force()
    rows, is_cut = _all_rows(deps, session, force)
    behind = place_at(after)
    left = [row for row in rows if _place(row) > behind]
    size = deps.rules.limits.worklist_page
    shown = tuple(left[:size])
    opened = [row.promise for row in shown if row.shown]
    cases = tuple(dict.fromkeys(promise.case_key for promise in opened))
    known = first_of_victims(deps, (promise.victim for promise in opened))
    write_as(deps, session, "opened their list", cases=cases)
    return Worklist(
        rows=shown,
        counts=Counter(row.group for row in rows),
        unread=sum(row.unread for row in rows),
        total=len(rows),
        is_cut=is_cut,
        next_after=cursor_at(_place(shown[-1])) if len(left) > size else None,
        away=_own_absence(force, session.member.id, deps.today()),
        known=known,
    )


def _own_absence(
    force: Force, me: OfficerId, today: date
) -> tuple[Absence, StaffMember | None] | None:
    mine = (a for a in force.absences if a.officer == me and a.covers(today))
    absence = max(mine, key=lambda one: one.last_day, default=None)
    return (absence, force.cover_of(me, today)) if absence else None


def _all_rows(deps: Deps, session: StaffSession, force: Force) -> tuple[list[WorklistRow], bool]:
    """Return their own open promises and those of whom they answer for, in order."""
    me, today = session.member, deps.today()
    own = deps.threads.open_of_owner(me.id, after=None, limit=MOST_ROWS)
    rows = [_row(promise, today) for promise in own.promises]
    for away in force.covered_by(me.id, today):
        theirs = deps.threads.open_of_owner(away.id, after=None, limit=MOST_ROWS)
        # Restricted cases open for named people only, whoever answers for whom.
        open_to_cover = (p for p in theirs.promises if not p.restricted)
        rows += [_row(promise, today, away) for promise in open_to_cover]
    if me.id == deps.rules.force.isva_contact_point:
        rows += _missed_by_isvas(deps, me, force)
    return sorted(rows, key=_place), own.next_after is not None


def _missed_by_isvas(deps: Deps, point: StaffMember, force: Force) -> Iterator[WorklistRow]:
    """Give what ISVAs missed and the police's contact point looks into, by one request a service.

    Most are of other teams' cases: the contact point asks the service, by line and person.
    """
    teams = [TeamId(row.team) for row in deps.rules.partners.values() if row.isva]
    for promise in raised_in(deps, teams, point.name):
        if promise.kind == LINE:
            row = _row(promise, deps.today())
            yield replace(row, shown=False, team=force.team_name(promise.team))


def group_of(promise: Promise, today: date) -> Group:
    """Return the group in which an open promise stands today; a week ends on Sunday."""
    if promise.is_late(today):
        return Group.LATE
    if promise.kind == REPLY:
        return Group.QUESTIONS
    if promise.due_on == today:
        return Group.TODAY
    return Group.THIS_WEEK if promise.due_on <= last_day_of_week(today) else Group.LATER


def last_day_of_week(today: date) -> date:
    """Return the Sunday with which this week ends."""
    return today + timedelta(days=SUNDAY - today.weekday())


def _row(promise: Promise, today: date, away: StaffMember | None = None) -> WorklistRow:
    unread = promise.kind == REPLY and promise.seen_at is None
    return WorklistRow(promise, group_of(promise, today), unread, away)


def _place(row: WorklistRow) -> str:
    return place_of(row.promise, row.group)


def place_of(promise: Promise, group: str = "") -> str:
    """Return a row's key in a list: rows that come or go elsewhere do not move it."""
    return f"{group}#{promise.due_on.isoformat()}#{iso(promise.made_at)}#{promise.id}"


def cursor_at(place: str) -> str:
    """Return what an address says of the row behind which the next page begins."""
    return base64.urlsafe_b64encode(place.encode()).decode()


def place_at(cursor: str | None) -> str:
    """Return the place of a cursor; what is none of ours is the top of the list."""
    try:
        return base64.urlsafe_b64decode(cursor or "").decode()
    except ValueError:
        return ""
