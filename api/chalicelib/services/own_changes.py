"""What a victim chose for themselves changes: by them or by staff, decided anew until it stands.

A change is decided upon the case and the victim's side as they are read. Where anything moved
meanwhile it is decided again; where the store's answer is lost, what stands is read once.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from chalicelib.domain.cases import Case, CaseKey, Victim, VictimKey
from chalicelib.domain.errors import StaleError, StoreUnavailableError
from chalicelib.domain.sessions import VictimSession
from chalicelib.domain.staff import StaffSession
from chalicelib.frozen import frozen
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ConflictError, Part, VictimFile
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import find_case, need_role, write_as
from chalicelib.services.victim_sessions import Opened, read_victim, write_admitted

TRIES = 6
NowT = TypeVar("NowT")


@frozen
class OwnChange(Generic[NowT]):
    """One change: how it is decided, which writes follow, and what the audit lines say.

    `decide` gives what becomes, or none where it is so already; it raises StaleError where
    somebody was first. `stands` is the line for nothing to change, `why` a reason of staff.
    """

    what: str
    stands: str
    decide: Callable[[Case, VictimFile], NowT | None]
    parts_of: Callable[[Case, Victim, VictimFile, NowT], list[Part]]
    why: str = ""


def change_own(
    deps: Deps,
    session: VictimSession,
    change: OwnChange[NowT],
    *,
    saw: str,
    changed: Callable[[Opened], Exception],
) -> None:
    """Write a change by a victim; where somebody was first, say what they see and raise `changed`.

    Raises:
        SessionEndedError: the code was cancelled meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    for _ in range(TRIES):
        opened = read_victim(deps, session)
        case, file = opened.case, opened.file
        try:
            now = change.decide(case, file)
        except StaleError as error:
            write_admitted(deps, session, saw)
            raise changed(opened) from error
        if now is None:
            return write_admitted(deps, session, change.stands)
        parts = change.parts_of(case, victim_of(case, session.victim), file, now)
        try:
            return write_admitted(deps, session, change.what, *parts)
        except ConflictError:
            continue
        except StoreUnavailableError:
            if not _is_so(deps, session.case, session.victim, change):
                raise
            return None
    raise StoreUnavailableError


def change_as(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, change: OwnChange[NowT]
) -> None:
    """Write a change by staff who answer victims.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        StaleError: somebody else changed it meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    need_role(deps, session, "answers")
    for _ in range(TRIES):
        # The victim's side before the case, as everywhere: see `read_victim`.
        file = deps.threads.read(victim)
        case = find_case(deps, session, key)
        whose = victim_of(case, victim)
        now = change.decide(case, file)
        if now is None:
            return write_as(deps, session, change.stands, about=key)
        parts = change.parts_of(case, whose, file, now)
        try:
            return write_as(deps, session, change.what, *parts, about=key, why=change.why)
        except ConflictError:
            continue
        except StoreUnavailableError:
            if not _is_so(deps, key, victim, change):
                raise
            return None
    raise StoreUnavailableError


def _is_so(deps: Deps, key: CaseKey, victim: VictimKey, change: OwnChange[NowT]) -> bool:
    """Return whether what was to be written stands: the store's answer alone may be lost."""
    file, case = deps.threads.read(victim), deps.cases.read(key)
    try:
        return case is not None and change.decide(case, file) is None
    except StaleError:
        return False
