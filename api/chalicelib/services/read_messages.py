"""Supervisor: what waits to be sent, to whom, what was given up, and whether anything leaves."""

from collections.abc import Iterable, Mapping

from chalicelib.domain.brake import Brake
from chalicelib.domain.cases import Case, CaseKey, Victim, VictimKey
from chalicelib.domain.errors import NotFoundError, StaleError
from chalicelib.domain.notices import Notice, Recipient, ended
from chalicelib.domain.staff import Force, StaffMember, StaffSession, case_exists_for
from chalicelib.frozen import frozen
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ConflictError
from chalicelib.services.release_sending import release_is_asked
from chalicelib.services.send import Planned, planned
from chalicelib.services.staff_case import stored_id
from chalicelib.services.staff_sessions import need_role, write_as


@frozen
class Whose:
    """Whom a message is for, as one reader may know it; all empty for somebody of another team."""

    case: Case | None = None
    victim: Victim | None = None
    officer: StaffMember | None = None

    @property
    def is_known(self) -> bool:
        """Return whether this reader may know whom it is for."""
        return self.case is not None or self.officer is not None


@frozen
class Messages:
    """What waits, the soonest first, what was given up, the oldest first, and the brake.

    `release_asked` says that a first supervisor wants sending to go on. `waits_more` and
    `gave_up_more` say that there are more than these.
    """

    brake: Brake
    release_asked: bool
    waiting: tuple[Planned, ...]
    given_up: tuple[Notice, ...]
    whose: Mapping[Recipient, Whose]
    waits_more: bool
    gave_up_more: bool


def open_messages(deps: Deps, session: StaffSession, *, home: str) -> Messages:
    """Return what would go to whom; nothing is sent by looking.

    It takes four requests, three for each message that waits and one for each that was given
    up, so only a page of each is read. `home` is the plain home page.

    Raises:
        NotAllowedError: this role has no board.
    """
    need_role(deps, session, "team_list")
    size = deps.rules.limits.worklist_page
    brake, force = deps.access.brake(), deps.cases.read_force()
    waiting = planned(deps, home=home, limit=size + 1)
    given_up = deps.threads.given_up_notices(size + 1)
    shown = [*(plan.notice for plan in waiting[:size]), *given_up[:size]]
    whose = _whose(deps, session, force, shown)
    cases = tuple(dict.fromkeys(each.case.key for each in whose.values() if each.case))
    write_as(deps, session, "looked at messages that wait", cases=cases)
    return Messages(
        brake=brake,
        release_asked=release_is_asked(deps, brake, force),
        waiting=waiting[:size],
        given_up=given_up[:size],
        whose=whose,
        waits_more=len(waiting) > size,
        gave_up_more=len(given_up) > size,
    )


def message_id(notice: Notice) -> str:
    """Return by what a form names a message as it stands; it tells nothing of whose it is."""
    return stored_id(notice.to, notice.version)


def note_dealt_with(deps: Deps, session: StaffSession, which: str) -> None:
    """Take a message that was given up off the list, because somebody did what it was for.

    Raises:
        NotAllowedError: this role has no board.
        NotFoundError: it is for somebody of whom this person may not know.
        StaleError: it is not on the list any more, as it was.
    """
    need_role(deps, session, "team_list")
    found = deps.threads.given_up_notices(deps.rules.limits.worklist_page)
    notice = next((notice for notice in found if message_id(notice) == which), None)
    if notice is None:
        raise StaleError
    whose = _whose(deps, session, deps.cases.read_force(), [notice])[notice.to]
    if not whose.is_known:
        raise NotFoundError
    about = whose.case.key if whose.case else f"staff {notice.officer}"
    what = "dealt with a message that was given up"
    try:
        write_as(deps, session, what, deps.threads.keep_notice(ended(notice)), about=about)
    except ConflictError as error:
        raise StaleError from error


def _whose(
    deps: Deps, session: StaffSession, force: Force, notices: Iterable[Notice]
) -> Mapping[Recipient, Whose]:
    return {notice.to: _whose_is(deps, session, force, notice) for notice in notices}


def _whose_is(deps: Deps, session: StaffSession, force: Force, notice: Notice) -> Whose:
    if notice.officer is not None:
        member = force.member(notice.officer)
        is_theirs = member is not None and member.team == session.member.team
        return Whose(officer=member) if is_theirs else Whose()
    case = deps.cases.read(CaseKey(notice.case_key))
    if case is None or not case_exists_for(session, case, deps.rules, None, deps.now()):
        return Whose()
    return Whose(case, case.victim(VictimKey(notice.to)))
