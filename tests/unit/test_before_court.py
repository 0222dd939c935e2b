"""Years of court dates that come, move and go: nobody reaches court unreviewed and unseen.

What is red is worked out here anew, day by day, by other code than the service's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Hearing, Officer, OfficerId, TeamId
from chalicelib.domain.promises import REVIEW
from chalicelib.domain.reviews import is_red
from chalicelib.domain.staff import StaffMember, StaffSession, Team
from chalicelib.services.court_dates import court_parts
from chalicelib.services.record_hearing import record_hearing
from chalicelib.services.review import close_review, reopen_review, review_stamp
from chalicelib.services.watch import raise_late
from tests.fake_stores import FakeStores, fake_deps, fake_stores
from tests.fakes import FixedClock
from tests.seeding import Hub

if TYPE_CHECKING:
    from chalicelib.domain.promises import Promise
    from chalicelib.domain.reviews import Court
    from tests.builders import SeededCase

FIRST_DAY = date(2026, 11, 9)
DAYS, CASES = 365, 30
TEN = 10
ONE_DAY = timedelta(days=1)
TEAM = TeamId("court")
PC = Officer(OfficerId("pc"), "PC Example", "0001", TEAM)
SERGEANT = "Sergeant Example"


@dataclass
class Year:
    """A team whose cases go to court, and what was seen of each of them day by day."""

    seed: int
    stores: FakeStores = field(default_factory=fake_stores)
    clock: FixedClock = field(default_factory=FixedClock)
    cases: list[SeededCase] = field(default_factory=list)
    # For each case and court date: the days on which it was known, and those on which it was red.
    known: dict[tuple[str, date], list[date]] = field(default_factory=dict)
    red: dict[tuple[str, date], list[date]] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.clock.moment = datetime(2026, 11, 9, 8, tzinfo=UTC)
        self.deps = fake_deps(self.stores, self.clock, seed=self.seed)
        self.hub = Hub(self.deps, self.stores.imports, self.clock)
        self.session = self._signed_in()
        for _ in range(CASES):
            self.cases.append(self.hub.seed(stage="charged", flags=("domestic_abuse",), officer=PC))

    def _signed_in(self) -> StaffSession:
        cases, now = self.deps.cases, self.clock()
        member = StaffMember(PC.id, PC.name, PC.number, TEAM)
        sergeant = StaffMember(OfficerId("sgt"), SERGEANT, "0002", TEAM)
        session = StaffSession("session", member, "officer", now, now, fresh_at=now)
        self.hub.write(
            cases.keep_team(Team(TEAM, "Court")),
            cases.keep_member(member),
            cases.keep_member(sergeant),
            cases.note_role(sergeant.id, "supervisor"),
            self.deps.access.new_staff_session(session, now.replace(year=now.year + 5)),
        )
        return session

    def court(self, case: SeededCase) -> Court | None:
        return self.deps.threads.read(case.victim).court

    def reviews(self, case: SeededCase) -> list[Promise]:
        return [p for p in self.deps.threads.read(case.victim).owed if p.kind == REVIEW]

    def run(self) -> Year:
        for _ in range(DAYS):
            raise_late(self.deps)
            self._look()
            self.clock.forward(hours=2)
            for case in self.cases:
                self._live(case)
            self.clock.forward(hours=22)
        return self

    def _look(self) -> None:
        today, calendar, rules = self.deps.today(), self.deps.calendar, self.deps.rules
        for case in self.cases:
            court = self.court(case)
            if court is None or court.on is None or court.on < today:
                continue
            key = (case.victim, court.on)
            self.known.setdefault(key, []).append(today)
            if is_red(court, today, calendar, rules):
                self.red.setdefault(key, []).append(today)

    def _live(self, case: SeededCase) -> None:
        court, today = self.court(case), self.deps.today()
        has_date = court is not None and court.on is not None and court.on >= today
        if self.chance.random() < (0.01 if has_date else 0.03):
            ahead = self.chance.choice([0, 1, 3, 8, 14, 15, 20, 30, 45, 90])
            self._dated(case, None if self.chance.random() < 0.15 else today + ONE_DAY * ahead)
        elif court is not None and has_date:
            self._in_the_meeting(case, court)

    def _dated(self, case: SeededCase, on: date | None) -> None:
        version = self.hub.case(case).version
        hearing = Hearing(on, "Example Crown Court" if on else None)
        today = self.deps.today()
        record_hearing(self.deps, self.session, case.key, hearing, heard_on=today, seen=version)
        self._count("dated")

    def _in_the_meeting(self, case: SeededCase, court: Court) -> None:
        if not court.is_reviewed and self.chance.random() < 0.02:
            seen = review_stamp(self.deps.threads.read(case.victim))
            close_review(
                self.deps,
                self.session,
                case.key,
                case.victim,
                decisions="A screen.",
                there="All",
                seen=seen,
            )
            self._count("closed")
        elif court.is_reviewed and self.chance.random() < 0.02:
            reopen_review(self.deps, self.session, case.key, case.victim, "Another wish.")
            self._count("opened again")

    def _count(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1


@pytest.fixture(scope="module", params=[1, 2, 3])
def year(request: pytest.FixtureRequest) -> Year:
    return Year(request.param).run()


def _is_working_day(day: date, year: Year) -> bool:
    return day.isoweekday() <= 5 and day not in year.deps.calendar.bank_holidays


def _left(today: date, hearing: date, year: Year) -> int:
    days = (today + ONE_DAY * ahead for ahead in range((hearing - today).days))
    return sum(_is_working_day(day, year) for day in days)


def _unreviewed(year: Year) -> list[tuple[SeededCase, date]]:
    """Return who reached court without a review that stood then."""
    found = []
    for case in year.cases:
        for victim, hearing in year.known:
            if victim == case.victim and year.known[victim, hearing][-1] == hearing:
                day = year.red.get((victim, hearing), [])
                if hearing in day:
                    found.append((case, hearing))
    return found


def test_a_year_is_full_of_dates_and_reviews(year: Year) -> None:
    assert {"dated", "closed", "opened again"} == set(year.done)
    assert len(_unreviewed(year)) > 10


def test_nobody_reaches_court_unreviewed_without_having_been_red(year: Year) -> None:
    reached = {(case.victim, on): case for case, on in _unreviewed(year)}
    for (victim, hearing), days in year.known.items():
        if days[-1] != hearing:
            continue
        closings = [
            c
            for case in year.cases
            if case.victim == victim and (court := year.court(case))
            for c in court.closings
            if c.for_on == hearing and c.at.date() < hearing
        ]
        assert closings or (victim, hearing) in reached, (victim, hearing)


def test_it_was_red_on_each_of_the_ten_working_days_on_which_it_stood_unreviewed(
    year: Year,
) -> None:
    for case, hearing in _unreviewed(year):
        court = year.court(case)
        assert court is not None
        if any(closing.for_on == hearing for closing in court.closings):
            continue
        days = year.known[case.victim, hearing]
        near = [day for day in days if _left(day, hearing, year) < TEN]
        assert [day for day in near if day not in year.red[case.victim, hearing]] == []


def test_the_supervisor_was_told_on_the_first_morning(year: Year) -> None:
    for case in year.cases:
        for promise in year.reviews(case):
            until = promise.closed_at or year.clock()
            mornings = (until - promise.made_at).days
            first = datetime.combine(promise.due_on + ONE_DAY, datetime.min.time(), UTC)
            first += timedelta(hours=8)
            if until > first and mornings:
                assert promise.raised_at is not None, promise
                assert promise.raised_at.date() == promise.due_on + ONE_DAY
                assert promise.raised_to == SERGEANT
            elif promise.closed_at:
                assert promise.raised_at is None


def test_what_is_on_the_list_owes_one_review_and_nothing_else_does(year: Year) -> None:
    today = year.deps.today()
    for case in year.cases:
        court = year.court(case)
        waiting = [promise for promise in year.reviews(case) if promise.is_open]
        if court is None or court.on is None or court.is_reviewed:
            assert waiting == []
        elif court.on >= today:
            assert [promise.subject for promise in waiting] == [court.on.isoformat()]


def test_a_date_that_the_case_says_is_the_date_in_the_list(year: Year) -> None:
    listed = {
        court.victim: court.on
        for court in year.deps.threads.next_court(TEAM, FIRST_DAY, date(2028, 12, 1))
    }
    for case in year.cases:
        read = year.hub.case(case)
        assert listed.get(case.victim) == read.next_hearing_on
        file = year.deps.threads.read(case.victim)
        assert court_parts(year.deps, read, read.victims[0], file) == []
