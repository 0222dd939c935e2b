"""How often a victim hears from us: they choose, or an officer notes what was agreed."""

from dataclasses import replace

from chalicelib.domain.cases import Case, CaseKey, VictimKey
from chalicelib.domain.errors import HubError, NotFoundError, StoreUnavailableError
from chalicelib.domain.promises import UPDATE
from chalicelib.domain.sessions import VictimSession
from chalicelib.domain.staff import StaffSession
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.follow import next_update_parts, open_of
from chalicelib.services.ports import ConflictError, Part, VictimFile
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import find_case, need_role, write_as
from chalicelib.services.victim_sessions import read_victim, write_admitted

TRIES = 6
BY_VICTIM = "victim"
CHANGED = "Another rhythm was chosen."


class RhythmClosedError(HubError):
    """The case is decided, or this victim asked to hear nothing more: there is no rhythm now."""


def choose_rhythm(deps: Deps, session: VictimSession, rhythm: str) -> None:
    """Store the rhythm that a victim chose; what is late already stays owed.

    Raises:
        NotFoundError: there is no such rhythm.
        RhythmClosedError: a decision was told; nothing was stored.
        SessionEndedError: the code was cancelled meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    for _ in range(TRIES):
        opened = read_victim(deps, session)
        victim, file = session.victim, opened.file
        if file.door.rhythm == rhythm:
            return write_admitted(deps, session, "chose the rhythm they have")
        parts = rhythm_parts(deps, opened.case, victim, file, rhythm, by=BY_VICTIM)
        try:
            return write_admitted(deps, session, "chose a rhythm of updates", *parts)
        except ConflictError:
            continue
        except StoreUnavailableError:
            if deps.threads.read(victim).door.rhythm != rhythm:
                raise
            return None
    raise StoreUnavailableError


def agree_rhythm(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, rhythm: str
) -> None:
    """Store the rhythm that an officer agreed with a victim.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: no such case for this person, no such victim in it, or no such rhythm.
        RhythmClosedError: there is no rhythm in this case any more.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    need_role(deps, session, "answers")
    for _ in range(TRIES):
        # The door before the case: what then changes the case moves the door as well.
        file = deps.threads.read(victim)
        case = find_case(deps, session, key)
        victim_of(case, victim)
        if file.door.rhythm == rhythm:
            return write_as(deps, session, "noted the rhythm that stands", about=key)
        parts = rhythm_parts(deps, case, victim, file, rhythm, by=session.member.name)
        try:
            return write_as(deps, session, "noted a rhythm of updates", *parts, about=key)
        except ConflictError:
            continue
        except StoreUnavailableError:
            # The answer may have been lost after the write: read once and tell the truth.
            if deps.threads.read(victim).door.rhythm != rhythm:
                raise
            return None
    raise StoreUnavailableError


def rhythm_parts(
    deps: Deps, case: Case, victim: VictimKey, file: VictimFile, rhythm: str, *, by: str
) -> list[Part]:
    """Return the writes that give a victim a rhythm, and the update that is owed next by it.

    A late update is neither cancelled nor replaced: the new rhythm begins once it is kept.

    Raises:
        NotFoundError: there is no such rhythm.
        RhythmClosedError: nothing is followed in this case any more.
    """
    if rhythm not in deps.rules.rhythms:
        raise NotFoundError
    door = file.door
    if door.closed_on is not None or victim_of(case, victim).left_on is not None:
        raise RhythmClosedError
    now = replace(door, rhythm=rhythm, rhythm_on=deps.today(), rhythm_by=by)
    parts = promises.move_door(deps, victim, door, now)
    waiting = open_of(file, UPDATE)
    if any(promise.is_late(deps.today()) for promise in waiting):
        return parts
    for promise in waiting:
        parts += promises.cancel(deps, promise, CHANGED)
    last_on = min((promise.working.counted_from for promise in waiting), default=None)
    in_a_row = max((promise.nothing_new for promise in waiting), default=0)
    return parts + next_update_parts(deps, case, victim, now, nothing_new=in_a_row, last_on=last_on)
