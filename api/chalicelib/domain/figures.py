"""What is counted of promises, month by month, and in which words its numbers are read."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, timedelta
from fractions import Fraction

from chalicelib.frozen import frozen

MADE = "made"
KEPT_IN_TIME = "kept_in_time"
KEPT_LATE = "kept_late"
CANCELLED = "cancelled"
OPEN_LATE = "open_late"
# Not by month: how many victims are followed in open cases now, and how many of them
# agreed on a rhythm of updates. They stand under the month NOW.
FOLLOWED = "followed"
WITH_RHYTHM = "with_rhythm"
NOW = "now"
RHYTHM = "rhythm"

# How long answers took is counted in these buckets of working hours and nowhere more
# finely: up to a day by hours, then by half days, then by days and weeks.
EDGES = (1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 48, 56, 64, 80, 120, 160)
MONTH = re.compile(r"[1-9]\d{3}-(0[1-9]|1[0-2])", re.ASCII)
BEYOND = f"over-{EDGES[-1]}"
HALF = Fraction(1, 2)
NEARLY_ALL = Fraction(19, 20)


@frozen
class CountKey:
    """What one counter counts: a month such as "2026-11", a team, a kind and what of it.

    `kind` is a promise's kind; of tellings it names the event as well: "tell:charged".
    """

    month: str
    team: str
    kind: str
    what: str


@frozen
class Tally:
    """The counts of one kind in one month and team, by what was counted.

    `team` is empty for the whole force.
    """

    month: str
    team: str
    kind: str
    counts: Mapping[str, int] = field(default_factory=dict)

    def count(self, what: str) -> int:
        """Return how often it was counted."""
        return self.counts.get(what, 0)

    @property
    def kept(self) -> int:
        """Return how many were kept, in time or late."""
        return self.count(KEPT_IN_TIME) + self.count(KEPT_LATE)


@frozen
class Hours:
    """So many working hours or fewer; without an edge, more than the last edge."""

    within: int | None

    def __str__(self) -> str:
        if self.within is None:
            return f"more than {EDGES[-1]} working hours"
        return f"within {self.within} working hour{'' if self.within == 1 else 's'}"


def bucket_of(worked: timedelta) -> str:
    """Return the bucket of a time in working hours; a time exactly on an edge is within it."""
    edge = next((edge for edge in EDGES if worked <= timedelta(hours=edge)), None)
    return BEYOND if edge is None else _bucket(edge)


def percentile(counts: Mapping[str, int], share: Fraction) -> Hours | None:
    """Return within how many working hours so large a share was done, or none of nothing.

    It is defined on the buckets, by nearest rank: the upper edge of the first bucket at
    which the running total reaches the share of the whole.

    Args:
        counts: by bucket; what is no bucket is passed over.
        share: above 0, at most 1; a fraction, so that 95 % of 20 is 19 and nothing else.
    """
    buckets = [*((_bucket(edge), Hours(edge)) for edge in EDGES), (BEYOND, Hours(None))]
    wanted = share * sum(counts.get(name, 0) for name, _ in buckets)
    running = 0
    for name, hours in buckets:
        running += counts.get(name, 0)
        if running and running >= wanted:
            return hours
    return None


def month_of(day: date) -> str:
    """Return the month of a day as it is stored, which sorts as time does: "2026-11"."""
    return f"{day:%Y-%m}"


def first_day_of(month: str) -> date:
    """Return the first day of a month.

    Raises:
        ValueError: the text is no month such as "2026-11".
    """
    if not MONTH.fullmatch(month):
        raise ValueError("a month is written as 2026-11")
    return date.fromisoformat(f"{month}-01")


def month_in_words(month: str) -> str:
    """Return the month as pages write it: "November 2026"."""
    return f"{first_day_of(month):%B %Y}"


def base_kind(kind: str) -> str:
    """Return the kind of promise without the event that a telling was of."""
    return kind.partition(":")[0]


def add_up(tallies: Iterable[Tally], *, team: str = "") -> Tally:
    """Return the sum of tallies of one month and one kind, of the force if no team is named.

    Raises:
        ValueError: there is none, or they are of several months or kinds.
    """
    every = tuple(tallies)
    about = {(tally.month, base_kind(tally.kind)) for tally in every}
    if len(about) != 1:
        raise ValueError("only counts of one month and kind can be added up")
    month, kind = about.pop()
    return Tally(month, team, kind, _sum(every))


def added_up(tallies: Iterable[Tally], *, team: str = "") -> tuple[Tally, ...]:
    """Return one tally for each month and kind there is, the newest month first."""
    groups: dict[tuple[str, str], list[Tally]] = {}
    for tally in tallies:
        groups.setdefault((tally.month, base_kind(tally.kind)), []).append(tally)
    sums = (add_up(group, team=team) for group in groups.values())
    return tuple(sorted(sums, key=lambda tally: tally.month, reverse=True))


def percent(part: int, rest: int) -> int | None:
    """Return a share in per cent, rounded down so that 100 means all; none of nothing."""
    return 100 * part // (part + rest) if part + rest else None


def _bucket(edge: int) -> str:
    return f"within-{edge:03}"


def _sum(tallies: Iterable[Tally]) -> Mapping[str, int]:
    total: Counter[str] = Counter()
    for tally in tallies:
        total.update(tally.counts)
    return dict(total)
