"""The command that counts the stored promises again and holds every counter against that.

It reads everything of the table, which no request ever does: it is for an operator, at a
quiet hour. What it counts from are promises and doors, what it holds against them are the
counters of every month and what was kept of months that ended.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.counting import late_at, recounted
from chalicelib.domain.figures import (
    FOLLOWED,
    OPEN_LATE,
    WITH_RHYTHM,
    CountKey,
    base_kind,
)
from chalicelib.stores.tables import CountItem, DoorItem, MonthItem, PromiseItem, ThreadsTable
from chalicelib.stores.text import moment
from chalicelib.stores.thread_items import door_of, promise_of
from operate.hub_deps import deps_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rich.console import Console

    from chalicelib.domain.messages import Door
    from chalicelib.domain.promises import Promise
    from chalicelib.services.deps import Deps
    from operate.hub_home import HubHome

SHOWN = 20
# What is counted when a month ends, and cannot be counted again from counters.
AT_THE_END = {OPEN_LATE, FOLLOWED, WITH_RHYTHM}


Ended = tuple[str, str, "datetime", dict[str, dict[str, int]]]


@dataclass(frozen=True, slots=True)
class Stored:
    """Everything of the table that counting needs.

    `ended` are the months that are over, of each team and of the force (team ""): team,
    month, when it was counted, and the counts of each kind.
    """

    promises: tuple[Promise, ...]
    doors: tuple[Door, ...]
    counters: Counter[CountKey]
    ended: tuple[Ended, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter that does not stand as the promises say."""

    key: CountKey
    stored: int
    counted: int


def recount(home: HubHome, console: Console) -> bool:
    """Print what differs in the running hub, and return whether nothing does.

    Raises:
        HomeError: the hub is not running.
    """
    deps = deps_of(home.running().endpoint)
    stored = read_everything()
    found = list(differences(deps, stored))
    console.print(
        f"{len(stored.promises):,} promises of {len(stored.doors):,} victims, "
        f"{len(stored.counters):,} counters, {len(stored.ended):,} months of teams that ended."
    )
    for each in found[:SHOWN]:
        key = each.key
        where = f"{key.month} {key.team or 'whole force'} {key.kind} {key.what}"
        console.print(f"{where}: {each.stored} stored, {each.counted} counted", highlight=False)
    if found:
        console.print(f"{len(found):,} counters differ.")
    else:
        console.print("Every counter stands exactly as the promises say.")
    return not found


def read_everything() -> Stored:
    """Return what the whole table says, by reading all of it."""
    promises: list[Promise] = []
    doors: list[Door] = []
    counters: Counter[CountKey] = Counter()
    ended: list[Ended] = []
    for row in ThreadsTable.scan(consistent_read=True):
        if isinstance(row, PromiseItem):
            promises.append(promise_of(row))
        elif isinstance(row, DoorItem):
            doors.append(door_of(row))
        elif isinstance(row, CountItem):
            counters[_key_of(row)] += int(row.amount)
        elif isinstance(row, MonthItem):
            team = row.pk.split("#", 2)[2]
            ended.append((team, row.sk, moment(row.counted_at), row.counts))
    return Stored(tuple(promises), tuple(doors), counters, tuple(ended))


def _key_of(row: CountItem) -> CountKey:
    team, kind, what = row.sk.rsplit("#", 2)
    return CountKey(row.pk.split("#")[1], team, kind, what)


def differences(deps: Deps, stored: Stored, team: str | None = None) -> Iterator[Difference]:
    """Give every counter, perhaps of one team only, that differs from a new count."""
    counted = recounted(stored.promises, stored.doors, deps.calendar, deps.rules)
    kept = Counter(stored.counters)
    kept.update(_late_kept(stored))
    counted.update(_late_counted(stored))
    for key in sorted(kept.keys() | counted.keys(), key=repr):
        if kept[key] != counted[key] and team in (None, key.team):
            yield Difference(key, kept[key], counted[key])
    for difference in _months_that_differ(stored):
        if team in (None, difference.key.team):
            yield difference


def _months_that_differ(stored: Stored) -> Iterator[Difference]:
    """Give what was kept of a month that ended and is not what counters and teams say."""
    of_teams: Counter[CountKey] = Counter()
    for team, month, _, kinds in stored.ended:
        for key, amount in _keys(month, team, kinds) if team else ():
            of_teams[CountKey(month, "", base_kind(key.kind), key.what)] += amount
            if key.what not in AT_THE_END and stored.counters[key] != amount:
                yield Difference(key, amount, stored.counters[key])
    for team, month, _, kinds in stored.ended:
        for key, amount in _keys(month, team, kinds) if not team else ():
            if of_teams[key] != amount:
                yield Difference(key, amount, of_teams[key])


def _keys(
    month: str, team: str, kinds: dict[str, dict[str, int]]
) -> Iterator[tuple[CountKey, int]]:
    for kind, counts in kinds.items():
        for what, amount in counts.items():
            yield CountKey(month, team, kind, what), amount


def _late_kept(stored: Stored) -> Counter[CountKey]:
    late: Counter[CountKey] = Counter()
    for team, month, _, kinds in stored.ended:
        # The force's own month adds up those of its teams.
        for kind, counts in kinds.items() if team else ():
            late[CountKey(month, team, kind, OPEN_LATE)] += counts.get(OPEN_LATE, 0)
    return late


def _late_counted(stored: Stored) -> Counter[CountKey]:
    return Counter(
        key
        for team, month, at, _ in stored.ended
        if team
        for promise in stored.promises
        if promise.team_at(at) == team
        for key in late_at(promise, month, at)
    )
