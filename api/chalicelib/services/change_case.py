"""How staff change a case: read, decide, write in one transaction, or see who was first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.cases import (
    NO_TEAM,
    Case,
    CaseKey,
    Hearing,
    Officer,
    Plea,
    StageEntry,
    Victim,
    VictimKey,
    entry_shown_to,
    is_decided,
    needs_telling,
)
from chalicelib.domain.errors import StaleError, StoreUnavailableError
from chalicelib.domain.promises import TELL
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import door_after, replaces, telling_of
from chalicelib.frozen import frozen
from chalicelib.services import promises
from chalicelib.services.court_end import turned_parts
from chalicelib.services.deps import Deps
from chalicelib.services.expect import entry_lines
from chalicelib.services.first_try import first_try_parts
from chalicelib.services.follow import (
    DECIDED,
    informed_parts,
    next_update_parts,
    open_of,
    stopped_parts,
)
from chalicelib.services.given_work import returned_parts
from chalicelib.services.ports import ConflictError, Part, VictimFile
from chalicelib.services.rounds import fitting
from chalicelib.services.staff_sessions import find_case, write_as

TRIES = 6
REPLACED = "Another decision was recorded before this one was told."


@frozen
class Change:
    """One change of a case.

    `what` is what the audit line says. `is_done` tells whether the case as read holds
    this very change already: then the form was sent twice, or an answer of the store was
    lost. `parts_of` makes the writes for the case as read, and may raise. `seen` is the
    version that the person decided upon, or none when any will do; `officer` is the new
    officer in charge, or none for the same; `plea` is one that was recorded, or none, and
    `hearing` what was typed of the next court date; `why` is the reason that was given.
    """

    what: str
    is_done: Callable[[Case], bool]
    parts_of: Callable[[Case], list[Part]]
    seen: int | None = None
    officer: Officer | None = None
    plea: Plea | None = None
    hearing: Hearing | None = None
    why: str = ""


def change_case(deps: Deps, session: StaffSession, key: CaseKey, change: Change) -> None:
    """Write a change with the case's version, the session's use and the audit line.

    Raises:
        NotFoundError: the case does not exist for this person.
        StaleError: somebody else changed the case; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be read.
    """
    for _ in range(TRIES):
        case = find_case(deps, session, key)
        if change.is_done(case):
            return
        if change.seen is not None and case.version != change.seen:
            raise StaleError
        moved = deps.cases.desk_change(
            case,
            officer=change.officer,
            at=deps.now(),
            plea=change.plea,
            hearing=change.hearing,
        )
        try:
            parts = change.parts_of(case)
            write_as(deps, session, change.what, moved, *parts, about=key, why=change.why)
        except ConflictError:
            continue
        except (StaleError, StoreUnavailableError):
            # The answer may have been lost after the write, or the same form was stored
            # between two reads: read once and tell the truth, also where the change took
            # the case from who made it.
            now = deps.cases.read(key)
            if now is not None and change.is_done(now):
                return
            raise
        return
    raise StoreUnavailableError


def entry_parts(
    deps: Deps,
    case: Case,
    files: Mapping[VictimKey, VictimFile],
    entry: StageEntry,
    besides: Sequence[Part] = (),
) -> list[Part]:
    """Return the writes that put a new stage entry and what follows from it for each victim.

    The door follows what the victim may now read. Open tellings of a decision are
    cancelled by the next: it was replaced before they were told of it, so they are not
    owed it. All other news stays owed. The entry keeps what was known of court before it.
    What ends with it for very many victims may not fit here: `record_outcome` sees to that.
    `besides` is what else belongs into the same transaction.
    """
    entry = replace(entry, court_before=case.court, hearing_before=case.next_hearing_on)
    after = replace(case, entries=(*case.entries, entry))
    parts: list[Part] = [deps.cases.new_entry(case.key, entry), *besides]
    at_end: list[list[Part]] = []
    for victim in case.victims:
        ended, file = turned_parts(deps, case, after, victim, files[victim.key])
        at_end.append(ended)
        parts += door_parts(deps, after, victim.key, file)
        parts += withdrawn_parts(deps, file, case, entry)
        parts += _telling_parts(deps, after, victim, file, entry)
        parts += entry_lines(deps, after, victim, file, entry)
        parts += returned_parts(deps, case, after, file)
    return fitting(parts, at_end)[0]


def _telling_parts(
    deps: Deps, after: Case, victim: Victim, file: VictimFile, entry: StageEntry
) -> list[Part]:
    """Return the writes of the promise to tell a victim, kept already for whom was told.

    Being told counts as an update as well, unless it closes the door.
    """
    told = entry.told.get(victim.key)
    is_nothing_owed = told is None and victim.left_on is not None
    if is_nothing_owed or not needs_telling(entry, deps.rules):
        return []
    promise = telling_of(
        entry,
        victim,
        after,
        identity=deps.new_id(),
        calendar=deps.calendar,
        rules=deps.rules,
    )
    if told is None:
        tried = first_try_parts(deps, after, victim, entry)
        return [*promises.make(deps, promise), *tried]
    at = promises.kept_on(deps, told.on)
    parts = promises.make_kept(deps, promise, at, told.how)
    if is_decided(entry, deps.rules):
        return parts
    return parts + informed_parts(deps, after, victim.key, file, told.how, at=at)


def door_parts(deps: Deps, after: Case, victim: VictimKey, file: VictimFile) -> list[Part]:
    """Return the writes that close or open a victim's door as the case afterwards asks for.

    Behind a closed door no update is owed in a rhythm; where it opens again one is.
    """
    decided = is_decided(entry_shown_to(victim, after, deps.rules), deps.rules)
    door = door_after(file.door, deps.today(), after, decided=decided)
    if door == file.door:
        return []
    whose = after.victim(victim)
    if whose is not None and whose.left_on is not None:
        door = replace(door, team=NO_TEAM)
    parts = promises.move_door(deps, victim, file.door, door)
    if decided:
        return parts + stopped_parts(deps, file, DECIDED)
    return parts + next_update_parts(deps, after, victim, door)


def withdrawn_parts(deps: Deps, file: VictimFile, case: Case, entry: StageEntry) -> list[Part]:
    """Return the writes that cancel open tellings of what this entry takes the place of."""
    replaced = {
        older.id
        for older in case.entries
        if older.id != entry.id and replaces(entry, older, deps.rules)
    }
    return [
        part
        for promise in open_of(file, TELL)
        if promise.subject in replaced
        for part in promises.cancel(deps, promise, REPLACED)
    ]
