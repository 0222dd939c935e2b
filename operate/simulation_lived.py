"""A simulated year: its clock, and what those who check it have to know of what happened."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain.dates import LONDON

if TYPE_CHECKING:
    from chalicelib.domain.agreements import Terms
    from chalicelib.domain.cases import CaseKey, OfficerId, VictimKey
    from chalicelib.domain.messages import Door
    from chalicelib.domain.staff import StaffMember


@dataclass
class SteppingClock:
    """A clock that stands until it is moved, and never goes back."""

    moment: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return when it is."""
        return self.moment

    def set(self, day: date, minute: int) -> None:
        """Go to this minute of a day, London time, or a second on where that is past."""
        wanted = datetime.combine(day, time(*divmod(minute, 60)), LONDON).astimezone(UTC)
        self.moment = max(wanted, self.moment + timedelta(seconds=1))

    def tick(self) -> None:
        """Let a little time pass."""
        self.moment += timedelta(seconds=20)


@dataclass(frozen=True)
class Noted:
    """What somebody did that the review before a victim's court date depends on.

    `what` is one of the names below; `on` is the court date that holds from then on, or the one
    for which a review was closed; `is_so` is whether any need of theirs is known.
    """

    HARM: ClassVar = "high harm"
    DATE: ClassVar = "date"
    NEED: ClassVar = "need"
    CLOSED: ClassVar = "closed"
    REOPENED: ClassVar = "reopened"

    at: datetime
    victim: VictimKey
    what: str
    on: date | None = None
    is_so: bool = False


@dataclass(frozen=True)
class Looked:
    """What stood on a team's list before court until a day, and whose cases the team had then."""

    at: datetime
    until: date
    shown: frozenset[VictimKey]
    red: int
    of_team: frozenset[VictimKey]


@dataclass
class Lived:
    """What happened in a year, for those who check it.

    `doors_at` is how every door stood when a month was counted; `due_when_seen` is the day of
    each promise when somebody first saw it in a list. `noted` is written down by those who do
    it, in order, and not read from what the services stored; `agreed` is what victims said,
    by partner, none for who took it back.
    """

    staff: dict[OfficerId, StaffMember] = field(default_factory=dict)
    roles: dict[OfficerId, str] = field(default_factory=dict)
    agreed: dict[str, dict[VictimKey, Terms | None]] = field(default_factory=dict)
    agendas: list[Looked] = field(default_factory=list)
    noted: list[Noted] = field(default_factory=list)
    victims: dict[VictimKey, CaseKey] = field(default_factory=dict)
    deeds: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    taken_back: int = 0
    raised: int = 0
    raised_at: list[datetime] = field(default_factory=list)
    counted_at: dict[str, datetime] = field(default_factory=dict)
    doors_at: dict[str, tuple[Door, ...]] = field(default_factory=dict)
    due_when_seen: dict[str, date] = field(default_factory=dict)
