"""How what a victim chose for their pages changes: who was first, and which writes follow."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.domain.cases import Case, Victim
from chalicelib.domain.errors import NotFoundError, StaleError
from chalicelib.domain.promises import Promise
from chalicelib.domain.safety import (
    HERE,
    ON,
    PERSON,
    PERSON_THEN_HERE,
    Safety,
    asked_off,
    asks_to_be_off,
    confirmed_off,
    in_safe_mode,
    turned_on,
)
from chalicelib.frozen import frozen
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.notices import ended_parts
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.talks import ASK_WHETHER_SAFE, IN_A_TALK, settled_parts, talk_parts

STAYS_ON = "They want safe mode to stay on."
WAYS_TO_HEAR = (PERSON, PERSON_THEN_HERE, HERE)

# What their choices become, or none where they are so already; StaleError where somebody was
# first.
Decide = Callable[[Case, VictimFile], Safety | None]


@frozen
class Seen:
    """The versions that an officer read: of what the victim chose, and of the case."""

    safety: int
    case: int


def turning_on(deps: Deps, by: str) -> Decide:
    """Return how safe mode goes on: at once, whatever else was changed meanwhile."""

    def decide(_: Case, file: VictimFile) -> Safety | None:
        return None if file.safety.wish == ON else turned_on(file.safety, deps.now(), by)

    return decide


def asking_off(deps: Deps, seen: int) -> Decide:
    """Return how somebody asks for safe mode to be off: it waits for an officer."""

    def decide(case: Case, file: VictimFile) -> Safety | None:
        stands = file.safety
        if asks_to_be_off(stands) or not in_safe_mode(case, stands, deps.rules):
            return None
        _need_same(stands, seen)
        return asked_off(stands, deps.now())

    return decide


def confirming_off(deps: Deps, seen: Seen, *, by: str, why: str) -> Decide:
    """Return how an officer confirms that it may be off; only where the victim asked for that.

    It is confirmed for the flags that the officer read, and for none that came since.
    """

    def decide(case: Case, file: VictimFile) -> Safety | None:
        stands = file.safety
        if stands.off is not None and (stands.off.by, stands.off.why) == (by, why):
            return None
        _need_same(stands, seen.safety)
        if not asks_to_be_off(stands) or case.version != seen.case:
            raise StaleError
        return confirmed_off(stands, case, deps.now(), by=by, why=why)

    return decide


def hiding(deps: Deps, seen: int, *, hides: bool) -> Decide:
    """Return how what was before leaves the page, or comes back."""

    def decide(_: Case, file: VictimFile) -> Safety | None:
        stands = file.safety
        if stands.hides_history == hides:
            return None
        _need_same(stands, seen)
        return replace(stands, hides_history=hides, hides_at=deps.now())

    return decide


def choosing_hearing(deps: Deps, hears: str, seen: int, *, by: str) -> Decide:
    """Return how somebody chooses how they hear hard news.

    Raises:
        NotFoundError: there is no such way.
    """
    if hears not in WAYS_TO_HEAR:
        raise NotFoundError

    def decide(_: Case, file: VictimFile) -> Safety | None:
        stands = file.safety
        if stands.hears == hears and stands.hears_at is not None:
            return None
        _need_same(stands, seen)
        return replace(stands, hears=hears, hears_by=by, hears_at=deps.now())

    return decide


def _need_same(stands: Safety, seen: int) -> None:
    if stands.version != seen:
        raise StaleError


def safety_parts(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, now: Safety
) -> list[Part]:
    """Return the writes of a change: a message that is not allowed any more ends with it."""
    return [
        deps.threads.keep_safety(victim.key, now),
        *ended_parts(deps, case, victim, file, replace(file, safety=now)),
        *_talk_parts(deps, case, victim, file, now),
    ]


def _talk_parts(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, now: Safety
) -> list[Part]:
    """Return the writes of the talk before it goes off: owed once asked for, else not any more."""
    asked, asks = asks_to_be_off(file.safety), asks_to_be_off(now)
    if asks and not asked:
        return [
            # The door as it was read: a case handed over at this moment decides anew who talks.
            *promises.move_door(deps, victim.key, file.door, file.door),
            *talk_parts(deps, case, victim, file, ASK_WHETHER_SAFE),
        ]
    if asked and not asks:
        since = file.safety.wish_at
        return settled_parts(deps, file, ASK_WHETHER_SAFE, since, _closing(deps, now))
    return []


def asked_again_parts(deps: Deps, case: Case, victim: Victim, file: VictimFile) -> list[Part]:
    """Return the writes that owe the talk to whoever asks for off and wants to hear of us again."""
    if not asks_to_be_off(file.safety):
        return []
    return talk_parts(deps, case, victim, file, ASK_WHETHER_SAFE)


def _closing(deps: Deps, now: Safety) -> Callable[[Promise], list[Part]]:
    """Return how the talk closes: kept where an officer asked them, else not needed any more."""
    if now.wish == ON:
        return lambda promise: promises.cancel(deps, promise, STAYS_ON)
    return lambda promise: promises.keep(deps, promise, deps.now(), IN_A_TALK)
