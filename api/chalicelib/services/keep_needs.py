"""A need is told once, put right or withdrawn: by the victim, or by staff who note it with them."""

from chalicelib.domain.cases import CaseKey, VictimKey
from chalicelib.domain.errors import HubError, StaleError, StoreUnavailableError
from chalicelib.domain.needs import BY_VICTIM
from chalicelib.domain.sessions import VictimSession
from chalicelib.domain.staff import StaffSession
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.need_changes import (
    Decide,
    NeedTold,
    is_so,
    need_parts,
    telling,
    withdrawing,
)
from chalicelib.services.notices import word_to_officer
from chalicelib.services.ports import ConflictError
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import find_case, need_role, write_as
from chalicelib.services.talks import talk_parts
from chalicelib.services.victim_sessions import Opened, read_victim, write_admitted

TRIES = 6


class NeedChangedError(HubError):
    """Somebody changed this very need while a victim wrote; nothing was stored."""

    def __init__(self, opened: Opened) -> None:
        super().__init__("the need was changed meanwhile")
        self.opened = opened


# --- by the victim


def tell_need(deps: Deps, session: VictimSession, told: NeedTold) -> None:
    """Store what a victim told of one kind; the officer gets it as something to talk about.

    Raises:
        NeedChangedError: somebody else changed this need meanwhile; nothing was stored.
        SessionEndedError: the code was cancelled meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    _change_own(deps, session, telling(deps, told, BY_VICTIM), talk_of=told.kind)


def withdraw_need(deps: Deps, session: VictimSession, kind: str, seen: int) -> None:
    """Withdraw what a victim told of one kind; staff keep what it was.

    Raises:
        As `tell_need`.
    """
    _change_own(deps, session, withdrawing(deps, kind, seen, BY_VICTIM))


def _change_own(deps: Deps, session: VictimSession, decide: Decide, talk_of: str = "") -> None:
    for _ in range(TRIES):
        opened = read_victim(deps, session)
        case, file = opened.case, opened.file
        try:
            change = decide(file.needs)
        except StaleError as error:
            write_admitted(deps, session, "saw a need changed meanwhile")
            raise NeedChangedError(opened) from error
        if change is None:
            return write_admitted(deps, session, "told of their needs what is known")
        victim = victim_of(case, session.victim)
        # The door as it was read: a case handed over at this moment, or another talk owed at it,
        # decides anew who owes what.
        parts = promises.move_door(deps, victim.key, file.door, file.door)
        parts += need_parts(deps, case, victim, file, change)
        if talk_of:
            parts += talk_parts(deps, case, victim, file, _about(deps, talk_of))
            parts += word_to_officer(deps, case.officer.id)
        try:
            return write_admitted(deps, session, "changed what is known of their needs", *parts)
        except ConflictError:
            continue
        except StoreUnavailableError:
            if not is_so(deps, session.victim, decide):
                raise
            return None
    raise StoreUnavailableError


def _about(deps: Deps, kind: str) -> str:
    # What it is stands with the needs alone, never in a list.
    return f"They told us a need on their page: {deps.rules.need_kinds[kind].label}"


# --- by staff, with the victim


def note_need(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, told: NeedTold
) -> None:
    """Store what a victim told somebody of the staff about one kind of need.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        StaleError: somebody else changed this need meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    decide = telling(deps, told, session.member.name, session.role)
    _change_as(deps, session, key, victim, decide)


def withdraw_noted(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, kind: str, seen: int
) -> None:
    """Withdraw a need because the victim said that it holds no more.

    Raises:
        As `note_need`.
    """
    _change_as(deps, session, key, victim, withdrawing(deps, kind, seen, session.member.name))


def _change_as(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, decide: Decide
) -> None:
    need_role(deps, session, "answers")
    for _ in range(TRIES):
        # The victim's side before the case, as everywhere: see `read_victim`.
        file = deps.threads.read(victim)
        case = find_case(deps, session, key)
        whose = victim_of(case, victim)
        change = decide(file.needs)
        if change is None:
            return write_as(deps, session, "noted a need that stands", about=key)
        parts = need_parts(deps, case, whose, file, change)
        try:
            return write_as(deps, session, "changed what is known of needs", *parts, about=key)
        except ConflictError:
            continue
        except StoreUnavailableError:
            if not is_so(deps, victim, decide):
                raise
            return None
    raise StoreUnavailableError
