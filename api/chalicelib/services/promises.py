"""The one place where promises are made, kept, cancelled, moved and raised.

Each function gives the writes that belong into the transaction of what caused them, the
counters among them: whoever calls writes them together with that, and with its audit line.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from chalicelib.domain.cases import OfficerId, TeamId, VictimKey
from chalicelib.domain.counting import closed_counts, door_counts, made_counts
from chalicelib.domain.dates import LONDON
from chalicelib.domain.messages import Door
from chalicelib.domain.promises import Move, Promise
from chalicelib.services.deps import Deps
from chalicelib.services.ports import Part

NOON = time(12)


def make(deps: Deps, promise: Promise) -> list[Part]:
    """Return the writes of a new promise."""
    return [deps.threads.new_promise(promise), *_made(deps, promise)]


def make_kept(deps: Deps, promise: Promise, at: datetime, how: str) -> list[Part]:
    """Return the writes of a promise that was kept before it was recorded.

    It stands in no list, but it is counted and its page shows when it was due.
    """
    kept = replace(promise, kept_at=at, kept_how=how, closed_at=deps.now())
    return [
        deps.threads.new_promise(kept),
        *_made(deps, kept),
        *_counted(deps, kept),
    ]


def keep(deps: Deps, promise: Promise, at: datetime, how: str, *, note: str = "") -> list[Part]:
    """Return the writes that keep an open promise: when it was, and by what.

    `note` is what was done, for staff alone.
    """
    now = deps.now()
    kept = replace(promise, kept_at=at, kept_how=how, closed_at=now)
    return [
        deps.threads.keep_promise(promise, at, how=how, recorded_at=now, note=note),
        *_counted(deps, kept),
    ]


def cancel(deps: Deps, promise: Promise, why: str) -> list[Part]:
    """Return the writes that cancel an open promise; the reason is a sentence for staff."""
    now = deps.now()
    cancelled = replace(promise, cancelled_why=why, closed_at=now)
    return [deps.threads.cancel_promise(promise, why, now), *_counted(deps, cancelled)]


def move(
    deps: Deps,
    promise: Promise,
    to: tuple[OfficerId, str, TeamId],
    *,
    why: str,
    by: str,
    follows: bool = False,
) -> list[Part]:
    """Return the writes that give an open promise to another person; its date stays.

    `to` is who answers for it from now on: id, name and team. One that `follows` goes with
    its case from now on, also where it stayed with its owner until now.
    """
    return [deps.threads.move_promise(promise, Move(deps.now(), *to, why, by), follows=follows)]


def note_task(deps: Deps, promise: Promise, words: str) -> list[Part]:
    """Return the writes that say anew what exactly is to be done; its date stays."""
    return [] if words == promise.task else [deps.threads.note_on_promise(promise, words)]


def raise_to(deps: Deps, promise: Promise, who: str) -> list[Part]:
    """Return the writes that let somebody, by name, look into a late promise from now on."""
    return [deps.threads.raise_promise(promise, who, deps.now())]


def kept_on(deps: Deps, day: date) -> datetime:
    """Return when a promise was kept that was kept on a day: then, not when it was typed."""
    if day == deps.today():
        return deps.now()
    return datetime.combine(day, NOON, LONDON).astimezone(UTC)


def move_door(deps: Deps, victim: VictimKey, seen: Door, now: Door) -> list[Part]:
    """Return the writes that bring a victim's door from what was read to what it becomes.

    Whether they are followed, and in a rhythm, is counted as it stands now.
    """
    gone, come = door_counts(seen, deps.rules), door_counts(now, deps.rules)
    return [
        deps.threads.moved_door(victim, seen, now),
        *(deps.figures.add(key, -1) for key in gone if key not in come),
        *(deps.figures.add(key, 1) for key in come if key not in gone),
    ]


def _made(deps: Deps, promise: Promise) -> list[Part]:
    return [deps.figures.add(key, 1) for key in made_counts(promise)]


def _counted(deps: Deps, closed: Promise) -> list[Part]:
    return [deps.figures.add(key, 1) for key in closed_counts(closed, deps.calendar)]
