"""Safe mode, what a page hides, and how hard news is heard: as a victim chose, or with staff."""

from functools import partial

from chalicelib.domain.cases import Case, CaseKey, Victim, VictimKey
from chalicelib.domain.contact import BY_VICTIM
from chalicelib.domain.errors import HubError, NotAllowedError
from chalicelib.domain.safety import Safety
from chalicelib.domain.sessions import VictimSession
from chalicelib.domain.staff import StaffSession
from chalicelib.services.deps import Deps
from chalicelib.services.notices import word_to_officer
from chalicelib.services.own_changes import OwnChange, change_as, change_own
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.safety_changes import (
    Decide,
    Seen,
    asking_off,
    choosing_hearing,
    confirming_off,
    hiding,
    safety_parts,
    turning_on,
)
from chalicelib.services.victim_sessions import Opened

STANDS = "chose for their page what stands"
ON, OFF = "turned safe mode on", "asked for safe mode to be off"
CONFIRMED_OFF = "confirmed that safe mode is off"
HIDES, HEARS = "chose whether the past is shown", "chose how to hear hard news"


class SafetyChangedError(HubError):
    """Somebody changed what a victim chose while they read; nothing was stored."""

    def __init__(self, opened: Opened) -> None:
        super().__init__("what was chosen for the page was changed meanwhile")
        self.opened = opened


# --- by the victim


def wish_safe_mode(deps: Deps, session: VictimSession, *, on: bool, seen: int) -> None:
    """Turn safe mode on at once, or ask for it to be off: then an officer talks with them first.

    The officer gets word in either case: whoever holds a victim's phone can press this too.
    `seen` is the version that they read; going on asks for none.

    Raises:
        SafetyChangedError: somebody else changed it meanwhile; nothing was stored.
        SessionEndedError: the code was cancelled meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    if on:
        _change_own(deps, session, turning_on(deps, BY_VICTIM), ON, is_word=True)
    else:
        _change_own(deps, session, asking_off(deps, seen), OFF, is_word=True)


def hide_history(deps: Deps, session: VictimSession, *, hides: bool, seen: int) -> None:
    """Store whether their page leaves out what was said before.

    Raises:
        As `wish_safe_mode`.
    """
    _change_own(deps, session, hiding(deps, seen, hides=hides), HIDES)


def choose_hearing(deps: Deps, session: VictimSession, hears: str, seen: int) -> None:
    """Store how a victim wants to hear hard news, one of `WAYS_TO_HEAR`; the officer gets word.

    Raises:
        NotFoundError: there is no such way.
        As `wish_safe_mode`.
    """
    chosen = choosing_hearing(deps, hears, seen, by=BY_VICTIM)
    _change_own(deps, session, chosen, HEARS, is_word=True)


def _change_own(
    deps: Deps, session: VictimSession, decide: Decide, what: str, *, is_word: bool = False
) -> None:
    def parts_of(case: Case, whose: Victim, file: VictimFile, now: Safety) -> list[Part]:
        parts = safety_parts(deps, case, whose, file, now)
        return parts + (word_to_officer(deps, case.officer.id) if is_word else [])

    change = OwnChange(what, STANDS, decide, parts_of)
    saw = "saw their choices changed meanwhile"
    change_own(deps, session, change, saw=saw, changed=SafetyChangedError)


# --- by staff, with the victim


def turn_on(deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey) -> None:
    """Turn a victim's safe mode on, at once.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    change = _change(deps, ON, turning_on(deps, session.member.name))
    change_as(deps, session, key, victim, change)


def confirm_off(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, why: str, seen: Seen
) -> None:
    """Confirm that safe mode may be off, as the victim asked; the reason is kept.

    It is confirmed for the crime type and the flags of the case as they were read: any that
    comes later turns it on again.

    Raises:
        NotAllowedError: the role may not, or there is no reason.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        StaleError: the victim does not ask for it, or that or the case was changed meanwhile.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    if not why:
        raise NotAllowedError
    decide = confirming_off(deps, seen, by=session.member.name, why=why)
    change_as(deps, session, key, victim, _change(deps, CONFIRMED_OFF, decide, why))


def note_hearing(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, hears: str, seen: int
) -> None:
    """Note how a victim said that they want to hear hard news: one of `WAYS_TO_HEAR`.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: no such case for this person, no such victim in it, or no such way.
        StaleError: somebody changed it meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    decide = choosing_hearing(deps, hears, seen, by=session.member.name)
    change_as(deps, session, key, victim, _change(deps, HEARS, decide))


def _change(deps: Deps, what: str, decide: Decide, why: str = "") -> OwnChange[Safety]:
    return OwnChange(what, STANDS, decide, partial(safety_parts, deps), why)
