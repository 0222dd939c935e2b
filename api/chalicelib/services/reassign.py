"""Supervisor: open promises of the team go to somebody else in it; their dates stay.

A promise is moved, not its case: the officer in charge stays who they are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

from chalicelib.domain.cases import Case, CaseKey, OfficerId
from chalicelib.domain.errors import HubError, StaleError
from chalicelib.domain.promises import Promise
from chalicelib.domain.staff import Force, StaffMember, StaffSession, case_exists_for
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.services import promises
from chalicelib.services.board import people_of, row_id
from chalicelib.services.break_glass import LONGEST_REASON
from chalicelib.services.deps import Deps
from chalicelib.services.notices import given_word
from chalicelib.services.ports import ConflictError, Part
from chalicelib.services.staff_sessions import need_role, write_as
from chalicelib.services.worklist import MOST_ROWS

PROMISES_A_TRANSACTION = 20


class Problem(StrEnum):
    """What a form lacks."""

    NOTHING_CHOSEN = "nothing chosen"
    NOBODY = "nobody"
    REASON = "reason"
    WAITS = "waits"


class Left(StrEnum):
    """Why a promise was left where it is."""

    GONE = "gone"
    SHUT = "shut"


class CheckAgainError(HubError):
    """A form lacks something; nothing was moved."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("to be checked again: " + ", ".join(problems))
        self.problems = frozenset(problems)


class TooManyError(HubError):
    """More than may be moved in one go; nothing was moved. Carries the number and to whom."""

    def __init__(self, count: int, to: StaffMember) -> None:
        super().__init__(f"{count} at once")
        self.count = count
        self.to = to


@frozen
class Reassignment:
    """What a supervisor wants: these rows of the team's list, to this person, for this reason."""

    chosen: frozenset[str]
    to: OfficerId
    reason: str


@frozen
class Given:
    """How many are in the person's list now, those that were there already among them.

    `left` counts what was left where it is: gone from the team's list or changed meanwhile,
    or of a case that one of the two may not open.
    """

    to: OfficerId
    there: int
    left: Mapping[Left, int]


@frozen
class Plan:
    """What can be moved of what was chosen, and what became of the rest."""

    to: StaffMember
    movable: tuple[Promise, ...]
    there: int
    left: Mapping[Left, int]


@frozen
class Note:
    """What stands with each move and in the audit: what was done, why and by whom."""

    what: str
    why: str
    by: str


def reassign(deps: Deps, session: StaffSession, wanted: Reassignment) -> Given:
    """Give chosen open promises of the team to one of its members.

    Raises:
        NotAllowedError: this role has no board.
        CheckAgainError: something is missing, or nobody of the team has this id.
        TooManyError: they are more than a supervisor moves alone.
    """
    wanted = checked(deps, session, wanted)
    plan = plan_of(deps, session, wanted)
    if len(plan.movable) > deps.rules.limits.bulk_promises:
        raise TooManyError(len(plan.movable), plan.to)
    return give(deps, session, plan, Note("gave promises", wanted.reason, session.member.name))


def checked(deps: Deps, session: StaffSession, wanted: Reassignment) -> Reassignment:
    """Return what is wanted with its reason on one line, before anything is read.

    Raises:
        NotAllowedError: this role has no board.
        CheckAgainError: something is missing.
    """
    need_role(deps, session, "team_list")
    reason = reason_of(deps, wanted.reason)
    problems = {
        Problem.NOTHING_CHOSEN: not wanted.chosen,
        Problem.NOBODY: not wanted.to,
        Problem.REASON: reason is None,
    }
    if reason is None or any(problems.values()):
        raise CheckAgainError(*(problem for problem, is_so in problems.items() if is_so))
    return Reassignment(wanted.chosen, wanted.to, reason)


def reason_of(deps: Deps, typed: str) -> str | None:
    """Return a reason on one line, or none when it is too short to be one or too long."""
    reason = " ".join(typed.split())
    fits = deps.rules.limits.break_glass_reason_characters <= len(reason) <= LONGEST_REASON
    return reason if fits else None


def plan_of(deps: Deps, asker: StaffSession, wanted: Reassignment) -> Plan:
    """Return what can be moved now: the team's list is read again, and each of the cases.

    Raises:
        CheckAgainError: nobody of the asker's team who works with cases has this id.
    """
    team, force = asker.member.team, deps.cases.read_force()
    people = people_of(force, team, deps.rules)
    to = next((member for member in people if member.id == wanted.to), None)
    if to is None:
        raise CheckAgainError(Problem.NOBODY)
    listed = deps.threads.open_of_team(team, after=None, limit=MOST_ROWS).promises
    found = [promise for promise in listed if row_id(promise) in wanted.chosen]
    theirs = [promise for promise in found if promise.owner == to.id]
    others = [promise for promise in found if promise.owner != to.id]
    keys = dict.fromkeys(CaseKey(promise.case_key) for promise in others)
    open_cases = {key for key in keys if _is_open_to_both(deps, asker, force, to, key)}
    movable = tuple(promise for promise in others if promise.case_key in open_cases)
    left = {
        Left.GONE: len(wanted.chosen) - len(found),
        Left.SHUT: len(others) - len(movable),
    }
    return Plan(to, movable, len(theirs), left)


def _is_open_to_both(
    deps: Deps, asker: StaffSession, force: Force, to: StaffMember, key: CaseKey
) -> bool:
    # An hour's leave by broken glass does not count: what is given stays given.
    case = deps.cases.read(key)
    if case is None or not case_exists_for(asker, case, deps.rules, None, deps.now()):
        return False
    return _may_have(force, case, to, deps.rules)


def _may_have(force: Force, case: Case, to: StaffMember, rules: Rules) -> bool:
    if case.restricted and to.id not in (case.officer.id, *case.named):
        return False
    return force.may_get(case, to, rules)


def give(
    deps: Deps, session: StaffSession, plan: Plan, note: Note, *, guards: Sequence[Part] = ()
) -> Given:
    """Move what a plan says, twenty a transaction; running it again moves what is left.

    Raises:
        StaleError: a guard no longer holds; what was moved before that stays moved.
    """
    moved = 0
    for start in range(0, len(plan.movable), PROMISES_A_TRANSACTION):
        some = plan.movable[start : start + PROMISES_A_TRANSACTION]
        moved += _move(deps, session, some, plan.to, note, guards)
    left = Counter(plan.left)
    left[Left.GONE] += len(plan.movable) - moved
    return Given(plan.to.id, plan.there + moved, left)


def _move(
    deps: Deps,
    session: StaffSession,
    owed: Sequence[Promise],
    to: StaffMember,
    note: Note,
    guards: Sequence[Part],
) -> int:
    whom = (to.id, to.name, to.team)
    parts = [p for one in owed for p in promises.move(deps, one, whom, why=note.why, by=note.by)]
    cases = tuple(dict.fromkeys(promise.case_key for promise in owed))
    parts += given_word(deps, session, to.id)
    what = f"{note.what} to {to.id}"
    try:
        write_as(deps, session, what, *guards, *parts, why=note.why, cases=cases)
    except ConflictError as error:
        if error.failed & {guard.name for guard in guards}:
            raise StaleError from error
        if len(owed) == 1:
            return 0
        # One of them changed meanwhile; alone, it is left where it is.
        return sum(_move(deps, session, [one], to, note, guards) for one in owed)
    return len(owed)
