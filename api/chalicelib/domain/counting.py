"""Which counters a promise moves: when it is made, when it is closed, and all of it again."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from chalicelib.domain.calendar import WorkingDays, working_time
from chalicelib.domain.dates import in_london
from chalicelib.domain.figures import (
    CANCELLED,
    FOLLOWED,
    KEPT_IN_TIME,
    KEPT_LATE,
    MADE,
    NOW,
    OPEN_LATE,
    RHYTHM,
    WITH_RHYTHM,
    CountKey,
    bucket_of,
    month_of,
)
from chalicelib.domain.messages import Door
from chalicelib.domain.promises import LINE, REPLY, TELL, Promise
from chalicelib.rules import Rules

OTHER_NEWS = "other"


def kinds_counted(promise: Promise) -> tuple[str, ...]:
    """Return the kinds under which a promise is counted; tellings are counted by event.

    What is a minimum expectation of police and ISVAs is counted once more, by its line.
    """
    kind = f"{TELL}:{promise.event or OTHER_NEWS}" if promise.kind == TELL else promise.kind
    line = f"{LINE}:{promise.line}"
    if promise.kind == LINE:
        return (line,)
    return (kind, line) if promise.line else (kind,)


def made_counts(promise: Promise) -> tuple[CountKey, ...]:
    """Return the counters of a promise that is made, in the month in which it is."""
    month, team = _month(promise.made_at), promise.made_team
    return tuple(CountKey(month, team, kind, MADE) for kind in kinds_counted(promise))


def closed_counts(promise: Promise, calendar: WorkingDays) -> tuple[CountKey, ...]:
    """Return the counters of a promise that was closed, in the month in which that was recorded.

    A month never changes once it is over: what is recorded later counts later. Whether a
    promise was kept in time is decided by when it was kept. The time of an answer is
    counted in working hours from the question to it.
    """
    if promise.closed_at is None:
        return ()
    month, team, kinds = _month(promise.closed_at), promise.team, kinds_counted(promise)
    if promise.kept_at is None:
        return tuple(CountKey(month, team, kind, CANCELLED) for kind in kinds)
    what = KEPT_IN_TIME if promise.was_in_time else KEPT_LATE
    counts = [CountKey(month, team, kind, what) for kind in kinds]
    if promise.kind == REPLY:
        worked = working_time(promise.made_at, promise.kept_at, calendar)
        counts.append(CountKey(month, team, REPLY, bucket_of(worked)))
    return tuple(counts)


def door_counts(door: Door, rules: Rules) -> tuple[CountKey, ...]:
    """Return what a victim is counted as now: followed by a team, perhaps in a rhythm."""
    if not door.team:
        return ()
    followed = CountKey(NOW, door.team, RHYTHM, FOLLOWED)
    row = rules.rhythms.get(door.rhythm)
    if row is None or row.working_days is None:
        return (followed,)
    return (followed, CountKey(NOW, door.team, RHYTHM, WITH_RHYTHM))


def late_at(promise: Promise, month: str, counted_at: datetime) -> tuple[CountKey, ...]:
    """Return the counters of a promise that was open and late when a month ended, or none.

    `counted_at` is when that was counted, soon after the month's last day.
    """
    due_in_time = month_of(promise.due_on) > month
    closed_before = promise.closed_at is not None and promise.closed_at <= counted_at
    if due_in_time or closed_before or promise.made_at > counted_at:
        return ()
    team = promise.team_at(counted_at)
    return tuple(CountKey(month, team, kind, OPEN_LATE) for kind in kinds_counted(promise))


def recounted(
    promises: Iterable[Promise], doors: Iterable[Door], calendar: WorkingDays, rules: Rules
) -> Counter[CountKey]:
    """Return every counter as the stored promises and doors say that it must stand."""
    return Counter(_all_keys(promises, doors, calendar, rules))


def _all_keys(
    promises: Iterable[Promise], doors: Iterable[Door], calendar: WorkingDays, rules: Rules
) -> Iterator[CountKey]:
    for promise in promises:
        yield from made_counts(promise)
        yield from closed_counts(promise, calendar)
    for door in doors:
        yield from door_counts(door, rules)


def _month(moment: datetime) -> str:
    return month_of(in_london(moment).date())
