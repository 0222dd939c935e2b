"""Staff: a case goes to another officer, and what is owed goes with it."""

from dataclasses import replace

from chalicelib.domain.cases import Case, CaseKey, Officer, OfficerId
from chalicelib.domain.errors import NotAllowedError, NotFoundError, StaleError
from chalicelib.domain.promises import Promise
from chalicelib.domain.staff import StaffMember, StaffSession, case_exists_for
from chalicelib.services import promises
from chalicelib.services.change_case import Change, change_case
from chalicelib.services.court_dates import court_parts
from chalicelib.services.deps import Deps
from chalicelib.services.follow import handed_parts, owe_first_contact
from chalicelib.services.given_work import with_somebody_else
from chalicelib.services.notices import given_word
from chalicelib.services.ports import ConflictError, Part
from chalicelib.services.staff_case import open_promises_of, read_files
from chalicelib.services.staff_sessions import find_case, write_as

PROMISES_A_TRANSACTION = 20
HANDED_OVER = "The case went to another officer."


def may_hand_over(deps: Deps, session: StaffSession, case: Case) -> bool:
    """Return whether this person decides who has the case: its officer, or a supervisor.

    Not one whom broken glass lets in: an hour's leave would become leave for good.
    """
    if session.member.id == case.officer.id:
        return True
    is_supervisor = deps.rules.roles[session.role].team_list
    return is_supervisor and case_exists_for(session, case, deps.rules, None, deps.now())


def hand_over(
    deps: Deps, session: StaffSession, key: CaseKey, to: OfficerId, *, seen_officer: OfficerId
) -> bool:
    """Give a case to another officer and return whether it still exists for who gave it.

    What is owed moves after the case; running it again finishes what was cut short.

    The case and the doors of all victims change first, in one transaction: a question
    that is asked at the same moment is decided anew and goes to the new officer.

    `to` is an active member of staff for whom it would exist, or the officer in charge to
    finish an earlier hand-over; `seen_officer` is who had the case when the person decided.

    Raises:
        NotAllowedError: neither the officer in charge nor a supervisor.
        NotFoundError: the case does not exist for this person, or nobody of that id works here.
        StaleError: somebody else handed it to a third person meanwhile.
    """
    case = find_case(deps, session, key)
    officer = _officer_for(deps, case, to)
    if case.officer.id not in (seen_officer, to):
        raise StaleError
    if case.officer.id != to:
        if not may_hand_over(deps, session, case):
            raise NotAllowedError
        change = Change(
            "handed over",
            is_done=lambda now: now.officer.id == to,
            parts_of=lambda now: [
                *_parts(deps, now, seen_officer, officer),
                *given_word(deps, session, officer.id),
            ],
            officer=officer,
        )
        change_case(deps, session, key, change)
    else:
        write_as(deps, session, "moved what is owed", about=key)
    handed = replace(case, officer=officer)
    move_open_promises(deps, handed, officer, by=session.member.name)
    owe_first_contact(deps, handed, session.member.name)
    return case_exists_for(session, replace(case, officer=officer), deps.rules, None, deps.now())


def _officer_for(deps: Deps, case: Case, identity: OfficerId) -> Officer:
    force = deps.cases.read_force()
    member = force.member(identity)
    if member is None or not force.may_get(case, member, deps.rules):
        raise NotFoundError
    return officer_of(member)


def officer_of(member: StaffMember) -> Officer:
    """Return a member of staff as a case names them."""
    return Officer(member.id, member.name, member.number, member.team)


def _parts(deps: Deps, case: Case, seen_officer: OfficerId, officer: Officer) -> list[Part]:
    """Return the writes that move every victim's door, and their court date with the team."""
    if case.officer.id != seen_officer:
        raise StaleError
    parts: list[Part] = []
    files, after = read_files(deps, case), replace(case, officer=officer)
    for victim in case.victims:
        file = files[victim.key]
        parts += handed_parts(deps, after, victim, file)
        parts += court_parts(deps, after, victim, file)
    return parts


def move_open_promises(deps: Deps, case: Case, officer: Officer, *, by: str) -> int:
    """Give everything that is open in a case to this officer; return how much was moved.

    The dates stay. `by` is who handed the case over, as staff read it.

    Twenty a transaction, so that a long list fits; what is moved already is left alone,
    so that running it again finishes what a failure cut short.
    """
    owed = [p for victim in case.victims for p in open_promises_of(deps, victim.key)]
    stay = {promise.id for promise in with_somebody_else(deps, owed, officer)}
    elsewhere = [
        promise
        for promise in owed
        if (promise.owner, promise.team) != (officer.id, officer.team) and promise.id not in stay
    ]
    for start in range(0, len(elsewhere), PROMISES_A_TRANSACTION):
        _move(deps, elsewhere[start : start + PROMISES_A_TRANSACTION], officer, by)
    return len(elsewhere)


def _move(deps: Deps, owed: list[Promise], officer: Officer, by: str) -> None:
    to = (officer.id, officer.name, officer.team)
    parts = [
        part
        for one in owed
        for part in promises.move(deps, one, to, why=HANDED_OVER, by=by, follows=True)
    ]
    cases = tuple(dict.fromkeys(one.case_key for one in owed))
    line = deps.audited(cases[0], by, "moved what is owed", cases=cases)
    try:
        deps.ledger.write([*parts, line])
    except ConflictError:
        # One of them was kept meanwhile; alone, it is left where it is.
        if len(owed) > 1:
            for one in owed:
                _move(deps, [one], officer, by)


def may_name(deps: Deps, session: StaffSession, case: Case) -> bool:
    """Return whether this person may let one more open a restricted case."""
    return case.restricted and may_hand_over(deps, session, case)


def name_person(
    deps: Deps, session: StaffSession, key: CaseKey, who: OfficerId, *, seen: int
) -> None:
    """Let one more named person open a restricted case.

    Raises:
        NotAllowedError: the case is not restricted, or neither the officer in charge nor
            a supervisor who is named asks for it.
        NotFoundError: the case does not exist for this person, or nobody of that id works here.
        StaleError: somebody else changed the case meanwhile.
    """
    case = find_case(deps, session, key)
    if not may_name(deps, session, case):
        raise NotAllowedError
    officer = _officer_for(deps, case, who)
    if who in case.named:
        return
    if case.version != seen:
        raise StaleError
    named = deps.cases.name_person(case, officer.id, deps.now())
    try:
        write_as(deps, session, "let a person open", named, about=key, why=f"named {officer.id}")
    except ConflictError as error:
        raise StaleError from error
