"""How, when and whether a victim may be contacted: said by them, or by staff with them."""

from functools import partial

from chalicelib.domain.cases import Case, CaseKey, Victim, VictimKey
from chalicelib.domain.contact import BY_VICTIM, SafeContact
from chalicelib.domain.errors import HubError
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
from chalicelib.services.own_changes import OwnChange, change_as, change_own
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.victim_sessions import Opened

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
    def parts_of(case: Case, whose: Victim, file: VictimFile, now: SafeContact) -> list[Part]:
        parts = contact_parts(deps, case, whose, file, now)
        if not same_words(now, file.contact):
            parts += word_to_officer(deps, case.officer.id)
        return parts

    change = OwnChange(what, STANDS, decide, parts_of)
    saw = "saw safe contact changed meanwhile"
    change_own(deps, session, change, saw=saw, changed=ContactChangedError)


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
    change = OwnChange(what, STANDS, decide, partial(contact_parts, deps))
    change_as(deps, session, key, victim, change)
