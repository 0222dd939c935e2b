"""Safe mode, what a page hides, and how hard news is heard: as a victim chose, or with staff."""

from dataclasses import dataclass

from chalicelib.domain.cases import CaseKey, VictimKey
from chalicelib.domain.contact import BY_VICTIM
from chalicelib.domain.errors import HubError, NotAllowedError, StaleError, StoreUnavailableError
from chalicelib.domain.sessions import VictimSession
from chalicelib.domain.staff import StaffSession
from chalicelib.services.deps import Deps
from chalicelib.services.notices import word_to_officer
from chalicelib.services.ports import ConflictError
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
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import find_case, need_role, write_as
from chalicelib.services.victim_sessions import Opened, read_victim, write_admitted

TRIES = 6
STANDS = "chose for their page what stands"
ON, OFF = "turned safe mode on", "asked for safe mode to be off"
CONFIRMED_OFF = "confirmed that safe mode is off"
HIDES, HEARS = "chose whether the past is shown", "chose how to hear hard news"


@dataclass(frozen=True, slots=True)
class Step:
    """One change by staff: what the audit line says, the reason if one is needed, and how."""

    what: str
    decide: Decide
    why: str = ""


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
    for _ in range(TRIES):
        opened = read_victim(deps, session)
        case, file = opened.case, opened.file
        try:
            now = decide(case, file)
        except StaleError as error:
            write_admitted(deps, session, "saw their choices changed meanwhile")
            raise SafetyChangedError(opened) from error
        if now is None:
            return write_admitted(deps, session, STANDS)
        parts = safety_parts(deps, case, victim_of(case, session.victim), file, now)
        parts += word_to_officer(deps, case.officer.id) if is_word else []
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


def turn_on(deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey) -> None:
    """Turn a victim's safe mode on, at once.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    _change_as(deps, session, key, victim, Step(ON, turning_on(deps, session.member.name)))


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
    _change_as(deps, session, key, victim, Step(CONFIRMED_OFF, decide, why))


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
    _change_as(deps, session, key, victim, Step(HEARS, decide))


def _change_as(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, step: Step
) -> None:
    need_role(deps, session, "answers")
    for _ in range(TRIES):
        # The victim's side before the case, as everywhere: see `read_victim`.
        file = deps.threads.read(victim)
        case = find_case(deps, session, key)
        whose = victim_of(case, victim)
        now = step.decide(case, file)
        if now is None:
            return write_as(deps, session, STANDS, about=key)
        parts = safety_parts(deps, case, whose, file, now)
        try:
            return write_as(deps, session, step.what, *parts, about=key, why=step.why)
        except ConflictError:
            continue
        except StoreUnavailableError:
            if not _is_so(deps, key, victim, step.decide):
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
