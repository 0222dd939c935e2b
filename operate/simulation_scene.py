"""What everything in a simulated year stands on: people, forms, and chance from one seed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from chalicelib.domain.cases import OfficerId
from chalicelib.domain.codes import ACTIVE, CodeItem
from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    QuestionsClosedError,
    StaleError,
)
from chalicelib.domain.sessions import VictimSession
from chalicelib.domain.staff import StaffSession
from chalicelib.services.agree import AgreementChangedError
from chalicelib.services.choose_rhythm import RhythmClosedError
from chalicelib.services.keep_measures import BeforeChargeError
from chalicelib.services.keep_needs import NeedChangedError
from chalicelib.services.nothing_new import ToldTodayError, UntoldNewsError
from chalicelib.services.post_update import OpposedVictimsError
from chalicelib.services.reassign import CheckAgainError
from chalicelib.services.review import NotUnderReviewError
from chalicelib.services.staff_sessions import find_staff_session
from chalicelib.services.victim_sessions import find_session, session_key
from chalicelib.services.wish_measures import ViewChangedError
from operate.simulation_lived import Lived, Noted

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from chalicelib.domain.case_file import CaseRow
    from chalicelib.domain.cases import Case, CaseKey, Hearing, VictimKey
    from chalicelib.domain.staff import StaffMember
    from chalicelib.services.deps import Deps
    from chalicelib.services.import_ports import ImportStore
    from operate.simulation_lived import SteppingClock

T = TypeVar("T")
OFFICER, SUPERVISOR = "officer", "supervisor"
WITNESS_CARE, PARTNER = "witness_care", "partner"
LAST_MINUTE = 24 * 60 - 1
NIGHT_ENDS = 5 * 60
EARLY, LATE = 7 * 60 + 30, 18 * 60 + 30
SIGNED_IN = timedelta(minutes=10)
FRIDAY = 4
# So often somebody presses a button again.
SENT_TWICE = 0.05
# How a case ends, and what a victim may read without a person's word.
ENDED = ("closed", "no_further_action", "out_of_court", "not_investigated")
HARMLESS = (
    "recorded", "assessing", "investigating", "suspect_spoken_to", "with_cps",
)  # fmt: skip
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
    BeforeChargeError,
    NeedChangedError,
    ViewChangedError,
    AgreementChangedError,
    NotUnderReviewError,
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
class Scene:
    """A force, its cases, and chance.

    `said` is what the file said of each case last, `typed` what staff typed of its court date
    and which the file had then.
    """

    deps: Deps
    imports: ImportStore
    clock: SteppingClock
    rng: random.Random
    lived: Lived = field(default_factory=Lived)
    said: dict[CaseKey, list[CaseRow]] = field(default_factory=dict)
    typed: dict[CaseKey, tuple[Hearing, date | None]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _sessions: dict[OfficerId, StaffSession] = field(default_factory=dict)
    _codes: dict[VictimKey, str] = field(default_factory=dict)
    _dates: dict[VictimKey, date | None] = field(default_factory=dict)

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

    def carry_out(self, name: str, do: Callable[[], object]) -> None:
        """Let somebody do something; what the service refuses in words is counted."""
        try:
            do()
        except REFUSALS as refusal:
            self.lived.refused[name, type(refusal).__name__] += 1
        else:
            self.lived.deeds[name] += 1

    def send(self, key: CaseKey, form: Callable[[], object]) -> datetime:
        """Let somebody send a form, at times twice, which must do nothing more; return when."""
        sent_at = self.deps.now()
        form()
        if self.happens(SENT_TWICE):
            stored = self._stored(key)
            self.clock.tick()
            form()
            self.must(self._stored(key) == stored, "a form that was sent twice did more than once")
        return sent_at

    def _stored(self, key: CaseKey) -> object:
        case = self.case(key)
        # To send a form is to have looked.
        files = (self.deps.threads.read(victim.key) for victim in case.victims)
        return case, [replace(file, visited_at=None) for file in files]

    def must(self, is_so: bool, otherwise: str) -> None:  # noqa: FBT001 -- as one says it
        """Stop the year when something is not so."""
        if not is_so:
            raise YearWentWrongError(otherwise)

    # --- people

    def with_role(self, role: str) -> list[StaffMember]:
        """Return everybody of a role."""
        return [m for m in self.lived.staff.values() if self.lived.roles[m.id] == role]

    def officers(self) -> list[StaffMember]:
        """Return everybody who is given cases."""
        return self.with_role(OFFICER)

    def supervisors(self) -> list[StaffMember]:
        """Return the supervisors of all teams."""
        return self.with_role(SUPERVISOR)

    def desk(self, identity: OfficerId) -> StaffSession:
        """Return the open session of a member of staff, who signs in anew when it is old."""
        now, session = self.deps.now(), self._sessions.get(identity)
        if session is None or now - session.started_at > SIGNED_IN:
            token = f"desk-{self.number()}"
            session = StaffSession(
                key=session_key(token),
                member=self.lived.staff[identity],
                role=self.lived.roles[identity],
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

    def witness_care(self, case: Case) -> StaffSession:
        """Return the session of somebody of witness care, or who may open a restricted case."""
        if case.restricted:
            return self.desk(case.officer.id)
        return self.desk(self.one_of(self.with_role(WITNESS_CARE)).id)

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

    def note(
        self,
        at: datetime,
        victim: VictimKey,
        what: str,
        on: date | None = None,
        *,
        is_so: bool = False,
    ) -> None:
        """Write down what was done for a victim at a moment."""
        self.lived.noted.append(Noted(at, victim, what, on, is_so))

    def note_dates(self, at: datetime, key: CaseKey) -> None:
        """Write down the court date of each victim of a case where it is another than before.

        What was typed holds against what the file says; who knows that a case is over waits
        for no date that was there before.
        """
        case, (typed, _) = self.case(key), self.typed.get(key, (None, None))
        for victim in case.victims:
            on = typed.on if typed else self.filed(key)
            if _is_over(case, victim.key, on) or (typed and victim.key in typed.not_needed):
                on = None
            if self._dates.get(victim.key) != on:
                self._dates[victim.key] = on
                self.note(at, victim.key, Noted.DATE, on)

    def filed(self, key: CaseKey) -> date | None:
        """Return the court date that the file has of a case."""
        return self.said[key][0].facts.next_hearing_on

    def file_speaks(self, key: CaseKey) -> None:
        """Forget a typed date that is over, or that there was none, if the file has a new one."""
        if key not in self.typed:
            return
        (typed, then), now, today = self.typed[key], self.filed(key), self.deps.today()
        is_news = now is not None and now >= today and now != then
        if is_news and (typed.on is None or typed.on < today):
            del self.typed[key]

    def is_charged(self, case: Case) -> bool:
        """Return whether somebody is charged, as the case stands for staff."""
        return self.deps.rules.stages[case.current.stage].from_charge

    def workday(self, after: int) -> date:
        """Return the first day from Monday to Friday that is so many days ahead, or later."""
        day = self.deps.today() + timedelta(days=after)
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > FRIDAY else 0)

    def case(self, key: CaseKey) -> Case:
        """Return a case as it stands."""
        case = self.deps.cases.read(key)
        if case is None:
            raise YearWentWrongError("a case is gone")
        return case


def _is_over(case: Case, victim: VictimKey, on: date | None) -> bool:
    """Return whether a case has ended as a victim knows it, with no date but one from before."""
    known = [e for e in case.entries if e.stage in HARMLESS or victim in e.told]
    if not known or {known[-1].stage, case.current.stage} - set(ENDED):
        return False
    return on is None or on == known[-1].hearing_before


def supervisor_of(team: str) -> OfficerId:
    """Return the supervisor of a team."""
    return OfficerId(f"sgt-{team}-0")
