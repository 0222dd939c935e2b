"""How, when and whether a victim may be contacted: said by them, or by staff with them."""

from chalicelib.domain.cases import CaseKey, VictimKey
from chalicelib.domain.contact import BY_VICTIM
from chalicelib.domain.errors import HubError, StaleError, StoreUnavailableError
from chalicelib.domain.sessions import VictimSession
from chalicelib.domain.staff import StaffSession
from chalicelib.services.contact_changes import (
    ContactSaid,
    Decide,
    confirming,
    contact_parts,
    same_words,
    setting,
)
from chalicelib.services.deps import Deps
from chalicelib.services.notices import word_to_officer
from chalicelib.services.ports import ConflictError
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import find_case, need_role, write_as
from chalicelib.services.victim_sessions import Opened, read_victim, write_admitted

TRIES = 6
SET, CONFIRMED = "set safe contact", "confirmed safe contact"
STANDS = "said of safe contact what stands"


class ContactChangedError(HubError):
    """Somebody changed safe contact while a victim wrote; nothing was stored."""

    def __init__(self, opened: Opened) -> None:
        super().__init__("safe contact was changed meanwhile")
        self.opened = opened


# --- by the victim


def set_contact(deps: Deps, session: VictimSession, said: ContactSaid) -> None:
    """Store what a victim says; the officer gets word that it changed.

    Raises:
        ContactChangedError: somebody else changed it meanwhile; nothing was stored.
        SessionEndedError: the code was cancelled meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    _change_own(deps, session, setting(deps, said, BY_VICTIM), SET)


def confirm_own(deps: Deps, session: VictimSession, seen: int) -> None:
    """Note that a victim says it is still right; `seen` is the version that they read.

    Raises:
        As `set_contact`.
    """
    _change_own(deps, session, confirming(deps, seen, BY_VICTIM), CONFIRMED)


def _change_own(deps: Deps, session: VictimSession, decide: Decide, what: str) -> None:
    for _ in range(TRIES):
        opened = read_victim(deps, session)
        case, file = opened.case, opened.file
        try:
            now = decide(case, file)
        except StaleError as error:
            write_admitted(deps, session, "saw safe contact changed meanwhile")
            raise ContactChangedError(opened) from error
        if now is None:
            return write_admitted(deps, session, STANDS)
        parts = contact_parts(deps, case, victim_of(case, session.victim), file, now)
        if not same_words(now, file.contact):
            parts += word_to_officer(deps, case.officer.id)
        try:
            return write_admitted(deps, session, what, *parts)
        except ConflictError:
            continue
        except StoreUnavailableError:
            if not _is_so(deps, session.case, session.victim, decide):
                raise
            return None
    raise StoreUnavailableError


# --- by staff, with the victim


def note_contact(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, said: ContactSaid
) -> None:
    """Store what a victim said to somebody of the staff, who asked them.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        StaleError: somebody else changed it meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    _change_as(deps, session, key, victim, setting(deps, said, session.member.name), what=SET)


def confirm_contact(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, seen: int
) -> None:
    """Note that a victim said it is still right; `seen` is the version that was read to them.

    Raises:
        As `note_contact`.
    """
    decide = confirming(deps, seen, session.member.name)
    _change_as(deps, session, key, victim, decide, what=CONFIRMED)


def _change_as(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, decide: Decide, *, what: str
) -> None:
    need_role(deps, session, "answers")
    for _ in range(TRIES):
        # The victim's side before the case, as everywhere: see `read_victim`.
        file = deps.threads.read(victim)
        case = find_case(deps, session, key)
        whose = victim_of(case, victim)
        now = decide(case, file)
        if now is None:
            return write_as(deps, session, STANDS, about=key)
        parts = contact_parts(deps, case, whose, file, now)
        try:
            return write_as(deps, session, what, *parts, about=key)
        except ConflictError:
            continue
        except StoreUnavailableError:
            if not _is_so(deps, key, victim, decide):
                raise
            return None
    raise StoreUnavailableError


def _is_so(deps: Deps, key: CaseKey, victim: VictimKey, decide: Decide) -> bool:
    """Return whether what was to be written stands: the store's answer alone may be lost."""
    file, case = deps.threads.read(victim), deps.cases.read(key)
    try:
        return case is not None and decide(case, file) is None
    except StaleError:
        return False
