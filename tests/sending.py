"""A hub in memory that sends messages, and a provider that does as a test says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from itertools import count
from typing import TYPE_CHECKING

from chalicelib.domain.cases import OfficerId, TeamId
from chalicelib.domain.contact import EMAIL, TEXT, SafeContact
from chalicelib.domain.notices import FAILED, TAKEN, UNKNOWN, to_officer, to_victim
from chalicelib.domain.staff import StaffMember
from chalicelib.services.notices import ended_parts
from chalicelib.services.send import send_due
from tests.all_messages import record
from tests.fake_stores import fake_deps, fake_stores
from tests.fakes import FixedClock
from tests.seeding import Hub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chalicelib.domain.cases import VictimKey
    from chalicelib.domain.gate import Cleared
    from chalicelib.domain.notices import Notice
    from chalicelib.services.ports import Provider
    from tests.builders import SeededCase

HOME = "https://your-information.example"
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
EVERY_DAY = frozenset(range(7))
# What a provider can do with a message, beside what it says of it.
LOSES_ANSWER = "takes it and its answer is lost"
LOSES_REQUEST = "does not take it and says nothing"
KILLED_BEFORE = "the sender is killed before it hands it over"
KILLED_AFTER = "the sender is killed before it marks it"
ARRIVES = {TAKEN, LOSES_ANSWER, KILLED_AFTER}
SAYS = {LOSES_ANSWER: UNKNOWN, LOSES_REQUEST: UNKNOWN}


class KilledError(Exception):
    """The sender was killed at this moment."""


@dataclass(frozen=True)
class Handed:
    """A message as it was handed over; `arrived` if the provider carries it."""

    at: datetime
    message: Cleared
    arrived: bool


@dataclass
class PlayedProvider:
    """Takes every message, or does what `does` says: once for each, and then the last for good."""

    clock: Callable[[], datetime]
    name: str = "played"
    knows: bool = True
    does: list[str] = field(default_factory=lambda: [TAKEN])
    is_up: bool = True
    handed: list[Handed] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)
    meanwhile: Callable[[Cleared], None] = lambda _: None

    def deliver(self, message: Cleared) -> str:
        record("played", message.subject, message.words)
        does = self._next()
        if does == KILLED_BEFORE:
            raise KilledError
        self.handed.append(Handed(self.clock(), message, does in ARRIVES))
        self.meanwhile(message)
        if does == KILLED_AFTER:
            raise KilledError
        return SAYS.get(does, does)

    def _next(self) -> str:
        if not self.is_up:
            return FAILED
        return self.does.pop(0) if len(self.does) > 1 else self.does[0]

    def has(self, receipt: str) -> bool | None:
        if not self.knows or not self.is_up:
            return None
        return any(one.message.receipt == receipt for one in self.arrived)

    def answers(self) -> bool:
        self.asked.append(self.clock())
        return self.is_up

    @property
    def arrived(self) -> list[Handed]:
        """Return what it carried."""
        return [one for one in self.handed if one.arrived]

    @property
    def arrivals(self) -> Counter[str]:
        """Return how often each address got something."""
        return Counter(one.message.address for one in self.arrived)


@dataclass
class Sending:
    """A hub with one provider for all channels, and a clock that a test moves."""

    hub: Hub
    provider: PlayedProvider
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def clock(self) -> FixedClock:
        return self.hub.clock

    def run(self, providers: Mapping[str, Provider] | None = None) -> int:
        """Let the sender look once; one that is killed has done what it had done until then."""
        own: Mapping[str, Provider] = {TEXT: self.provider, EMAIL: self.provider}
        try:
            return send_due(self.hub.deps, own if providers is None else providers, home=HOME)
        except KilledError:
            return 0

    def run_for(self, minutes: int) -> None:
        """Let the sender look every minute, now and until so many minutes are over."""
        self.run()
        for _ in range(minutes):
            self.clock.forward(minutes=1)
            self.run()

    def victim(self, **contact: object) -> SeededCase:
        """Return a case whose victim agreed to texts at any hour, or as said."""
        case = self.hub.seed()
        self.agrees(case, agreed(self.clock(), f"07700 900{next(self.numbers):03}", **contact))
        return case

    def agrees(self, case: SeededCase, contact: SafeContact) -> None:
        """Put safe contact in place of what is there; it ends a message that it does not allow."""
        threads, stands = self.hub.deps.threads, self.hub.case(case)
        file = threads.read(case.victim)
        now = replace(contact, version=file.contact.version)
        (victim,) = stands.victims
        ended = ended_parts(self.hub.deps, stands, victim, file, replace(file, contact=now))
        self.hub.write(threads.keep_contact(case.victim, now), *ended)

    def officer(self, name: str = "willow", *, email: str | None = None) -> OfficerId:
        """Return an officer with a work e-mail of their own, or the one given."""
        member = StaffMember(
            OfficerId(name),
            "PC Willow",
            "0007",
            TeamId("stafford"),
            email=f"{name}@desk.example" if email is None else email,
        )
        self.hub.write(self.hub.deps.cases.keep_member(member))
        return member.id

    def something_new(self, case: SeededCase, victim: VictimKey | None = None) -> None:
        """Give a victim a reason for a message."""
        to, threads = to_victim(victim or case.victim), self.hub.deps.threads
        self.hub.write(threads.want_notice(to, case.key, self.clock()))

    def something_to_do(self, officer: OfficerId) -> None:
        """Give an officer a reason for a message."""
        threads = self.hub.deps.threads
        self.hub.write(threads.want_notice(to_officer(officer), None, self.clock()))

    def notice(self, victim: VictimKey) -> Notice:
        """Return a victim's message as it is stored."""
        found = self.hub.deps.threads.notice(to_victim(victim))
        assert found is not None
        return found


def sending(moment: datetime = NOON, *, an_hour: int | None = None, knows: bool = True) -> Sending:
    """Return a hub in memory at a moment, perhaps with another limit of the brake."""
    stores, clock = fake_stores(), FixedClock(moment)
    deps = fake_deps(stores, clock)
    if an_hour is not None:
        limits = replace(deps.rules.limits, notices_an_hour=an_hour)
        deps = replace(deps, rules=replace(deps.rules, limits=limits))
    return Sending(Hub(deps, stores.imports, clock), PlayedProvider(clock, knows=knows))


def agreed(now: datetime, number: str, **more: object) -> SafeContact:
    """Return an agreement of this moment to texts at any hour, or as said."""
    contact = SafeContact(
        ways={TEXT: number},
        days=EVERY_DAY,
        first=time(0),
        last=time(23, 59),
        notify_by=TEXT,
        confirmed_at=now,
        confirmed_by="victim",
    )
    return replace(contact, **more)  # type: ignore[arg-type]
