"""A ledger in memory: parts know what they need and what they change; all of them or none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from chalicelib.domain.figures import CountKey, Tally
from chalicelib.services.ports import ConflictError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from datetime import datetime

    from chalicelib.domain.audit import AuditLine
    from chalicelib.domain.promises import Promise
    from chalicelib.services.ports import Part

MOST_WRITES = 100
MOST_MONTHS = 13


class RefusedError(Exception):
    """DynamoDB takes no such transaction: no write, too many, or two of one item."""


@dataclass(frozen=True)
class FakePart:
    """One write: whether it may happen, and what it changes.

    `item` names what it touches; `change` says what becomes of `promise`.
    """

    name: str
    item: Hashable
    apply: Callable[[], None]
    holds: Callable[[], bool] = lambda: True
    change: str = ""
    promise: Promise | None = None
    line: AuditLine | None = None
    is_counter: bool = False

    @property
    def key(self) -> Hashable:
        """Return by what several writes of one counter are known."""
        return self.item


@dataclass(frozen=True)
class FakeAdd:
    """An amount for one counter."""

    counter: Counter[CountKey]
    key: CountKey
    amount: int

    @property
    def name(self) -> str:
        return "count"


@dataclass(frozen=True)
class Written:
    """What became of promises in one transaction, and the audit lines in it."""

    changes: tuple[tuple[str, Promise], ...]
    lines: tuple[AuditLine, ...]


@dataclass
class FakeLedger:
    """Checks every part, then applies all of them; remembers what became of promises."""

    written: list[Written] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def write(self, parts: Sequence[Part]) -> None:
        known = [part for part in parts if isinstance(part, FakePart)]
        adds = [part for part in parts if isinstance(part, FakeAdd)]
        if len(known) + len(adds) != len(parts):
            message = "a part came from another store"
            raise TypeError(message)
        with self._lock:
            self._write(known, adds)

    def _write(self, parts: Sequence[FakePart], adds: Sequence[FakeAdd]) -> None:
        amounts: Counter[CountKey] = Counter()
        for add in adds:
            amounts[add.key] += add.amount
        moved = {key: amount for key, amount in amounts.items() if amount}
        if not 0 < len({part.item for part in parts}) + len(moved) <= MOST_WRITES:
            message = f"{len(parts) + len(moved)} writes in one transaction"
            raise RefusedError(message)
        once = [part for part in parts if not part.is_counter]
        once += {part.item: part for part in parts if part.is_counter}.values()
        if len({part.item for part in once}) < len(once):
            twice = Counter(part.item for part in once).most_common(1)
            message = f"two writes of one item: {twice}"
            raise RefusedError(message)
        failed = frozenset(part.name for part in parts if not part.holds())
        if failed:
            raise ConflictError(failed)
        for part in parts:
            part.apply()
        for add in adds:
            if add.key in moved:
                add.counter[add.key] += add.amount
        self._remember(parts)

    def _remember(self, parts: Sequence[FakePart]) -> None:
        changes = tuple((part.change, part.promise) for part in parts if part.promise)
        if changes:
            lines = tuple(part.line for part in parts if part.line)
            self.written.append(Written(changes, lines))


@dataclass
class FakeAudit:
    """Lines that can only be added."""

    lines: dict[tuple[str, datetime, str], AuditLine] = field(default_factory=dict)

    def line(self, line: AuditLine) -> FakePart:
        key = (line.about, line.at, line.id)
        return FakePart(
            "audit",
            ("audit", *key),
            lambda: self.lines.update({key: line}),
            lambda: key not in self.lines,
            line=line,
        )


@dataclass
class FakeFigures:
    """Counters, and months that ended."""

    counter: Counter[CountKey] = field(default_factory=Counter)
    months: dict[tuple[str, str], dict[str, dict[str, int]]] = field(default_factory=dict)

    def add(self, key: CountKey, amount: int) -> FakeAdd:
        return FakeAdd(self.counter, key, amount)

    def live(self, month: str) -> tuple[Tally, ...]:
        found: dict[tuple[str, str], dict[str, int]] = {}
        for key, amount in self.counter.items():
            if key.month == month:
                found.setdefault((key.team, key.kind), {})[key.what] = amount
        return tuple(Tally(month, team, kind, counts) for (team, kind), counts in found.items())

    def published(self, team: str = "") -> tuple[Tally, ...]:
        newest = sorted((month for of, month in self.months if of == team), reverse=True)
        return tuple(
            Tally(month, team, kind, dict(counts))
            for month in newest[:MOST_MONTHS]
            for kind, counts in self.months[team, month].items()
        )

    def end_month(self, tallies: Sequence[Tally], counted_at: datetime) -> list[FakePart]:
        del counted_at  # kept for people who look into the table; nothing reads it
        of_team: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
        for tally in tallies:
            kinds = of_team.setdefault((tally.team, tally.month), {})
            kinds[tally.kind] = dict(tally.counts)
        return [self._month(key, kinds) for key, kinds in of_team.items()]

    def _month(self, key: tuple[str, str], kinds: dict[str, dict[str, int]]) -> FakePart:
        return FakePart(
            "month",
            ("month", *key),
            lambda: self.months.update({key: kinds}),
            lambda: key not in self.months,
        )
