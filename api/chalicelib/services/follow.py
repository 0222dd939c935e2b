"""How a victim is followed through an open case: a first contact, then updates in their rhythm."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.cases import (
    Case,
    Victim,
    VictimKey,
    entry_shown_to,
    is_decided,
    needs_telling,
)
from chalicelib.domain.dates import in_london
from chalicelib.domain.expectations import LEFT
from chalicelib.domain.messages import Door
from chalicelib.domain.promises import (
    LINE,
    OWED_UPDATE,
    OWED_WELCOME,
    TELL,
    UPDATE,
    WELCOME,
    Promise,
    next_update_due,
    promise_of,
    welcome_working,
)
from chalicelib.domain.tellings import event_telling_of, telling_of
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.expect import hearing_parts, report_parts
from chalicelib.services.ports import ConflictError, Part, VictimFile

NO_DOOR = Door()
VICTIMS_A_TRANSACTION = 20
TRIES = 6
DECIDED = "A decision was told; what comes next is owed by its own rules."


def begin_parts(deps: Deps, case: Case, victim: Victim) -> list[Part]:
    """Return the writes that begin to follow a victim of a new case: a door, a first contact.

    Where a decision was made already, whoever was not told of it is followed until they
    are, and owed the same as others: what was not promised to them alone would tell (D10).
    """
    if is_decided(entry_shown_to(victim.key, case, deps.rules), deps.rules):
        return []
    door = replace(NO_DOOR, team=case.officer.team)
    return [
        *promises.move_door(deps, victim.key, NO_DOOR, door),
        *promises.make(deps, _welcome_of(deps, case, victim)),
        *report_parts(deps, case, victim),
    ]


def handed_parts(deps: Deps, after: Case, victim: Victim, file: VictimFile) -> list[Part]:
    """Return the writes for a victim whose case has another officer in charge now.

    The door moves in any case: a question asked this very moment is decided anew.
    """
    door = file.door
    is_open = door.closed_on is None
    now = replace(door, team=after.officer.team) if door.team and is_open else door
    return promises.move_door(deps, victim.key, door, now)


def owe_first_contact(deps: Deps, case: Case, by: str) -> None:
    """Let the new officer in charge owe a first contact to every victim who is followed.

    Who still waits for one is owed that one, by the same day. A few victims a transaction,
    each with their door as it was read; running it again makes no second one.
    """
    for start in range(0, len(case.victims), VICTIMS_A_TRANSACTION):
        some = case.victims[start : start + VICTIMS_A_TRANSACTION]
        for _ in range(TRIES):
            parts = [part for victim in some for part in _first_contact_parts(deps, case, victim)]
            if not parts:
                break
            try:
                deps.ledger.write([*parts, deps.audited(case.key, by, "owes a first contact")])
            except ConflictError:
                continue
            break


def _first_contact_parts(deps: Deps, case: Case, victim: Victim) -> list[Part]:
    file = deps.threads.read(victim.key)
    door = file.door
    has_left = door.closed_on is not None or victim.left_on is not None
    if has_left or not door.team or open_of(file, WELCOME):
        return []
    return [
        *promises.move_door(deps, victim.key, door, door),
        *promises.make(deps, _welcome_of(deps, case, victim)),
    ]


def followed_again_parts(deps: Deps, case: Case, victim: Victim, file: VictimFile) -> list[Part]:
    """Return the writes for a victim who wants to hear of a case again.

    What they were not told meanwhile is owed anew, counted from today; so are the minimum
    expectations that ended because they left.
    """
    again = _told_again_parts(deps, case, victim, file)
    if file.door.closed_on is not None:
        return again
    door = replace(file.door, team=case.officer.team)
    parts = promises.move_door(deps, victim.key, file.door, door)
    parts += promises.make(deps, _welcome_of(deps, case, victim))
    others = tuple(other for other in case.victims if other.key != victim.key)
    back = replace(case, victims=(*others, victim))
    parts += report_parts(deps, back, victim, file)
    if file.court is not None and file.court.on is not None:
        parts += hearing_parts(deps, back, victim, file, file.court.on)
    return again + parts + next_update_parts(deps, back, victim.key, door)


def _told_again_parts(deps: Deps, case: Case, victim: Victim, file: VictimFile) -> list[Part]:
    """Return the writes of promises to tell what nobody told them since they left."""
    missed = {p.subject for p in file.owed if p.kind == TELL and p.cancelled_why == LEFT}
    owed_by_now = {p.subject for p in file.owed if p.kind == TELL and p.cancelled_why != LEFT}
    missed |= _decided_meanwhile(file)
    today, now = deps.today(), deps.now()
    parts: list[Part] = []
    for event in case.events:
        if event.id in missed - owed_by_now:
            anew = replace(event, happened_on=today, recorded_at=now)
            promise = event_telling_of(
                anew,
                victim,
                case,
                identity=deps.new_id(),
                calendar=deps.calendar,
                rules=deps.rules,
            )
            parts += promises.make(deps, promise)
    untold = (e for e in case.entries if needs_telling(e, deps.rules))
    for entry in untold:
        is_known = victim.key in entry.told or entry.id in owed_by_now
        if is_known or not (entry.id in missed or entry == case.current):
            continue
        anew_entry = replace(entry, since=today, recorded_at=now)
        promise = telling_of(
            anew_entry,
            victim,
            case,
            identity=deps.new_id(),
            calendar=deps.calendar,
            rules=deps.rules,
        )
        parts += promises.make(deps, promise)
    return parts


def _decided_meanwhile(file: VictimFile) -> set[str]:
    """Return the events of what was decided on measures that nobody was owed to tell them."""
    promised = {promise.subject for promise in file.owed}
    steps = (step for measure in file.measures for step in measure.steps)
    return {step.event for step in steps if step.event and step.told is None} - promised


def informed_parts(  # noqa: PLR0913 -- who heard what, how and when; the last two are named
    deps: Deps,
    case: Case,
    victim: VictimKey,
    file: VictimFile,
    how: str,
    *,
    news: bool = True,
    at: datetime | None = None,
    guard: bool = True,
) -> list[Part]:
    """Return the writes for a victim who has heard something: the rhythm begins anew.

    `news` is false for an update that there is nothing new; `at` is when they heard it, or
    none for now. What they heard before an update was owed does not keep that one.

    The door is written as it was read, unless `guard` is false because it moves in this
    transaction anyway: a rhythm that is chosen at the same moment makes
    the transaction fail, and it is decided anew.
    """
    waiting, heard_at = open_of(file, UPDATE), at or deps.now()
    day = in_london(heard_at).date()
    if any(promise.working.counted_from > day for promise in waiting):
        return []
    parts = [part for promise in waiting for part in promises.keep(deps, promise, heard_at, how)]
    in_a_row = 0 if news else max((promise.nothing_new for promise in waiting), default=0) + 1
    parts += next_update_parts(deps, case, victim, file.door, nothing_new=in_a_row, last_on=day)
    unmoved = promises.move_door(deps, victim, file.door, file.door) if parts and guard else []
    return [*unmoved, *parts]


def next_update_parts(
    deps: Deps,
    case: Case,
    victim: VictimKey,
    door: Door,
    *,
    nothing_new: int = 0,
    last_on: date | None = None,
) -> list[Part]:
    """Return the writes of the next update that is owed in a victim's rhythm, if they have one.

    It is counted from today, or from the day of the last update where that leaves a day
    that is still to come.
    """
    whose, today = case.victim(victim), deps.today()
    if whose is None or whose.left_on is not None:
        return []
    due = next_update_due(door.rhythm, last_on or today, case, deps.calendar, deps.rules)
    if due is not None and due[0] <= today:
        due = next_update_due(door.rhythm, today, case, deps.calendar, deps.rules)
    if due is None or door.closed_on is not None:
        return []
    identity = deps.new_id()
    promise = promise_of(
        kind=UPDATE,
        identity=identity,
        case=case,
        victim=victim,
        subject=identity,
        owed=OWED_UPDATE,
        made_at=deps.now(),
        due=due,
        rules=deps.rules,
        nothing_new=nothing_new,
    )
    return promises.make(deps, promise)


def stopped_parts(deps: Deps, file: VictimFile, why: str) -> list[Part]:
    """Return the writes that end what is owed only while a victim is followed."""
    rows = deps.rules.expectations
    lines = [p for p in open_of(file, LINE) if p.line in rows and rows[p.line].until_decided]
    return [
        part
        for promise in (*open_of(file, UPDATE), *open_of(file, WELCOME), *lines)
        for part in promises.cancel(deps, promise, why)
    ]


def open_of(file: VictimFile, kind: str) -> list[Promise]:
    """Return what is still owed to a victim of one kind, besides answers."""
    return [promise for promise in file.owed if promise.kind == kind and promise.is_open]


def _welcome_of(deps: Deps, case: Case, victim: Victim) -> Promise:
    identity = deps.new_id()
    return promise_of(
        kind=WELCOME,
        identity=identity,
        case=case,
        victim=victim.key,
        subject=identity,
        owed=OWED_WELCOME,
        made_at=deps.now(),
        due=welcome_working(case, victim, deps.today(), deps.calendar, deps.rules),
        rules=deps.rules,
    )
