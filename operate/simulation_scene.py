"""What everything in a simulated year stands on: a clock that is stepped, chance from one seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from chalicelib.domain.cases import OfficerId
from chalicelib.domain.codes import ACTIVE, CodeItem
from chalicelib.domain.dates import LONDON
from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    QuestionsClosedError,
    StaleError,
)
from chalicelib.domain.sessions import VictimSession
from chalicelib.domain.staff import StaffMember, StaffSession
from chalicelib.services.choose_rhythm import RhythmClosedError
from chalicelib.services.nothing_new import ToldTodayError, UntoldNewsError
from chalicelib.services.post_update import OpposedVictimsError
from chalicelib.services.reassign import CheckAgainError
from chalicelib.services.staff_sessions import find_staff_session
from chalicelib.services.victim_sessions import find_session, session_key

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence

    from chalicelib.domain.case_file import CaseRow
    from chalicelib.domain.cases import Case, CaseKey, VictimKey
    from chalicelib.domain.messages import Door
    from chalicelib.services.deps import Deps
    from chalicelib.services.import_ports import ImportStore

T = TypeVar("T")
OFFICER, SUPERVISOR = "officer", "supervisor"
LAST_MINUTE = 24 * 60 - 1
NIGHT_ENDS = 5 * 60
EARLY, LATE = 7 * 60 + 30, 18 * 60 + 30
SIGNED_IN = timedelta(minutes=10)
# So often somebody presses a button again.
SENT_TWICE = 0.05
# What people get to hear when two do the same, when news must be told first, when a case is over.
REFUSALS = (
    StaleError,
    ToldTodayError,
    UntoldNewsError,
    NotAllowedError,
    NotFoundError,
    RhythmClosedError,
    QuestionsClosedError,
    OpposedVictimsError,
    CheckAgainError,
)


class YearWentWrongError(Exception):
    """Something happened in a simulated year that must not; the text says what."""


@dataclass(frozen=True)
class Deed:
    """What somebody does at a minute of a day; `number` keeps an order where minutes are equal."""

    minute: int
    number: int
    name: str
    do: Callable[[], None]


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


@dataclass
class Lived:
    """What happened in a year, for those who check it.

    `doors_at` is how every door stood when a month was counted; `due_when_seen` is the day of
    each promise when somebody first saw it in a list.
    """

    staff: dict[OfficerId, StaffMember] = field(default_factory=dict)
    victims: dict[VictimKey, CaseKey] = field(default_factory=dict)
    deeds: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    raised: int = 0
    raised_at: list[datetime] = field(default_factory=list)
    counted_at: dict[str, datetime] = field(default_factory=dict)
    doors_at: dict[str, tuple[Door, ...]] = field(default_factory=dict)
    due_when_seen: dict[str, date] = field(default_factory=dict)


@dataclass
class Scene:
    """A force, its cases, and chance; `said` is what the file said of each case last."""

    deps: Deps
    imports: ImportStore
    clock: SteppingClock
    rng: random.Random
    lived: Lived = field(default_factory=Lived)
    said: dict[CaseKey, list[CaseRow]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _sessions: dict[OfficerId, StaffSession] = field(default_factory=dict)
    _codes: dict[VictimKey, str] = field(default_factory=dict)

    # --- chance

    def happens(self, share: float) -> bool:
        """Return whether something happens that happens so often."""
        return self.rng.random() < share

    def one_of(self, among: Sequence[T]) -> T:
        """Return one of several."""
        return self.rng.choice(among)

    def number(self) -> int:
        """Return a number that nothing else has."""
        return next(self._numbers)

    def form(self) -> str:
        """Return the key of a form that was never sent."""
        return f"form-{self.number()}"

    def minute(self) -> int:
        """Return a minute of the day: mostly by day, at times in the night or the last one."""
        kind = self.one_of(("last", "night", *["day"] * 18))
        if kind == "last":
            return LAST_MINUTE
        return (
            self.rng.randrange(NIGHT_ENDS) if kind == "night" else self.rng.randrange(EARLY, LATE)
        )

    # --- deeds

    def deed(self, name: str, do: Callable[[], None], minute: int | None = None) -> Deed:
        """Return something to be done at this minute, or at any."""
        return Deed(self.minute() if minute is None else minute, self.number(), name, do)

    def carry_out(self, name: str, do: Callable[[], None]) -> None:
        """Let somebody do something; what the service refuses in words is counted."""
        try:
            do()
        except REFUSALS as refusal:
            self.lived.refused[name, type(refusal).__name__] += 1
        else:
            self.lived.deeds[name] += 1

    def send(self, key: CaseKey, form: Callable[[], object]) -> None:
        """Let somebody send a form, at times twice, which must do nothing more."""
        form()
        if self.happens(SENT_TWICE):
            stored = self._stored(key)
            self.clock.tick()
            form()
            self.must(self._stored(key) == stored, "a form that was sent twice did more than once")

    def _stored(self, key: CaseKey) -> object:
        case = self.case(key)
        return case, [self.deps.threads.read(victim.key) for victim in case.victims]

    def must(self, is_so: bool, otherwise: str) -> None:  # noqa: FBT001 -- as one says it
        """Stop the year when something is not so."""
        if not is_so:
            raise YearWentWrongError(otherwise)

    # --- people

    def officers(self) -> list[StaffMember]:
        """Return everybody who is given cases."""
        return [m for m in self.lived.staff.values() if role_of(m.id) == OFFICER]

    def supervisors(self) -> list[StaffMember]:
        """Return the supervisors of all teams."""
        return [m for m in self.lived.staff.values() if role_of(m.id) == SUPERVISOR]

    def desk(self, identity: OfficerId) -> StaffSession:
        """Return the open session of a member of staff, who signs in anew when it is old."""
        now, session = self.deps.now(), self._sessions.get(identity)
        if session is None or now - session.started_at > SIGNED_IN:
            token = f"desk-{self.number()}"
            session = StaffSession(
                key=session_key(token),
                member=self.lived.staff[identity],
                role=role_of(identity),
                started_at=now,
                seen_at=now,
                fresh_at=now,
            )
            self.deps.ledger.write(
                [
                    self.deps.access.new_staff_session(session, now + timedelta(days=1)),
                    self.deps.audited(f"staff {identity}", identity, "signed in"),
                ]
            )
            self._sessions[identity] = find_staff_session(self.deps, token)
        return self._sessions[identity]

    def in_charge(self, case: Case) -> StaffSession:
        """Return the session of the officer in charge, at times of their supervisor."""
        if self.happens(0.1):
            return self.desk(supervisor_of(case.officer.team))
        return self.desk(case.officer.id)

    def visit(self, victim: VictimKey) -> VictimSession:
        """Return the session of a victim who has just opened their case."""
        now, case, parts = self.deps.now(), self.lived.victims[victim], []
        if victim not in self._codes:
            key = f"code of {victim}"
            code = CodeItem(key, case, victim, ACTIVE, expires_at=None, used_at=now)
            parts.append(self.deps.access.new_code(code))
            self._codes[victim] = key
        token = f"visit-{self.number()}"
        session = VictimSession(session_key(token), case, victim, self._codes[victim], now, now)
        parts.append(self.deps.access.new_session(session, now + timedelta(hours=2)))
        line = self.deps.audited(case, f"victim {victim}", "opened their case")
        self.deps.ledger.write([*parts, line])
        return find_session(self.deps, token)

    def case(self, key: CaseKey) -> Case:
        """Return a case as it stands."""
        case = self.deps.cases.read(key)
        if case is None:
            raise YearWentWrongError("a case is gone")
        return case


def supervisor_of(team: str) -> OfficerId:
    """Return the supervisor of a team."""
    return OfficerId(f"sgt-{team}-0")


def role_of(identity: OfficerId) -> str:
    """Return the role of a member of staff."""
    return SUPERVISOR if identity.startswith("sgt") else OFFICER
