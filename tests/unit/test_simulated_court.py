"""A simulated year: nobody comes to court unlooked at without a warning, and partners see no more.

What is held against the promises here are the notes of those who did something in the year, in
their order, by other code than the service's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.dates import LONDON
from operate.simulation_lived import Noted
from operate.simulation_scene import OFFICER, PARTNER, WITNESS_CARE
from tests.unit.simulated_years import (
    ONE_DAY,
    YEARS,
    After,
    day_of,
    earlier,
    is_working_day,
    named,
    year_lived,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalicelib.domain.cases import VictimKey
    from chalicelib.domain.promises import Promise

BUSINESS_DAYS = 10


@pytest.fixture(scope="module", params=YEARS, ids=named)
def after(request: pytest.FixtureRequest) -> After:
    """Return what stands in the stores when a year is over."""
    return year_lived(*request.param)


@dataclass(frozen=True)
class Owed:
    """A review that somebody is owed before a court date, from a moment until another, or still."""

    victim: VictimKey
    on: date
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Stood:
    """A court date that stood until it passed, of somebody under review, closed by then or not."""

    victim: VictimKey
    on: date
    is_reviewed: bool


@dataclass
class Side:
    """One victim before court, as what people did makes it."""

    on: date | None = None
    is_high_harm: bool = False
    has_needs: bool = False
    closed_for: date | None = None
    is_reopened: bool = False

    @property
    def is_reviewed(self) -> bool:
        return self.on is not None and self.closed_for == self.on and not self.is_reopened

    @property
    def is_under_review(self) -> bool:
        return self.on is not None and (self.is_high_harm or self.has_needs)

    def live(self, noted: Noted) -> None:
        """Let something happen."""
        match noted.what:
            case Noted.HARM:
                self.is_high_harm = True
            case Noted.DATE:
                # What was looked at for one date was not looked at for another.
                self.is_reopened |= self.is_reviewed and noted.on != self.on
                self.on = noted.on
            case Noted.NEED:
                self.is_reopened |= self.is_reviewed
                self.has_needs = noted.is_so
            case Noted.REOPENED:
                self.is_reopened |= self.is_reviewed
            case Noted.CLOSED:
                self.closed_for, self.is_reopened = noted.on, False

    def owes(self, day: date) -> date | None:
        """Return the date before which a review is owed on a day, or none."""
        is_owed = self.is_under_review and not self.is_reviewed
        return self.on if is_owed and self.on is not None and self.on >= day else None


def _moments(after: After) -> Iterator[tuple[VictimKey, list[tuple[datetime, list[Noted]]]]]:
    """Give for each victim what happened at each moment at which anything did."""
    of_victims: dict[VictimKey, list[Noted]] = {victim: [] for victim in after.lived.victims}
    for noted in after.lived.noted:
        of_victims[noted.victim].append(noted)
    for victim, every in of_victims.items():
        yield victim, [(at, list(some)) for at, some in groupby(every, key=lambda n: n.at)]


def _reviews_owed(after: After) -> list[Owed]:
    """Return every review that was owed in the year, by what people did alone."""
    found: list[Owed] = []
    for victim, moments in _moments(after):
        side, since, on = Side(), None, None
        for at, every in moments:
            for noted in every:
                side.live(noted)
            now = side.owes(day_of(at))
            if now != on:
                if on is not None and since is not None:
                    found.append(Owed(victim, on, since, at))
                on, since = now, at
        if on is not None and since is not None:
            found.append(Owed(victim, on, since, None))
    return found


def _dates_that_passed(after: After) -> list[Stood]:
    """Return the court dates of people under review that stood when their day was over."""
    today, found = after.deps.today(), []
    for victim, moments in _moments(after):
        side = Side()
        for number, (_, every) in enumerate(moments):
            for noted in every:
                side.live(noted)
            is_last = number + 1 == len(moments)
            stood_until = today if is_last else day_of(moments[number + 1][0])
            began_on = day_of(moments[number][0])
            if side.is_under_review and side.on and began_on <= side.on < stood_until:
                found.append(Stood(victim, side.on, side.is_reviewed))
    return found


def _reviews(after: After) -> list[Promise]:
    return [promise for promise in after.promises.values() if promise.kind == "review"]


def _of(owed: Owed, promises: Iterable[Promise]) -> Promise:
    return next(
        promise
        for promise in promises
        if (promise.victim, promise.subject, promise.working.counted_from, promise.made_at)
        == (owed.victim, f"{owed.on}", owed.on, owed.since)
    )


def test_what_happens_before_court_is_all_in_the_year(after: After) -> None:
    if after.is_whole:
        wanted = (
            "close review", "reopen review", "two closed at once", "give task", "step granted",
            "step refused", "step partly", "step applied", "step varied", "need withdrawn", "stop",
            "support opened", "support refused", "view", "take on", "done by partner", "say view",
        )  # fmt: skip
        assert [name for name in wanted if not after.lived.deeds[name]] == []
        assert after.lived.taken_back > 0


def test_who_was_second_was_refused_and_saw_it(after: After) -> None:
    if after.is_whole:
        wanted = (
            ("need", "StaleError"), ("need", "NeedChangedError"), ("step", "StaleError"),
            ("hearing", "StaleError"), ("say view", "ViewChangedError"),
            ("agree", "AgreementChangedError"), ("keep task", "NotAllowedError"),
        )  # fmt: skip
        assert [each for each in wanted if not after.lived.refused[each]] == []


def test_a_review_is_owed_exactly_while_there_is_a_date_and_nobody_has_closed_it(
    after: After,
) -> None:
    wanted = Counter((o.victim, f"{o.on}", o.since) for o in _reviews_owed(after))
    found = Counter((p.victim, p.subject, p.made_at) for p in _reviews(after))
    assert found == wanted
    assert not after.is_whole or found.total() > 50


def test_a_review_is_due_ten_business_days_before_court_or_at_once(after: After) -> None:
    reviews = _reviews(after)
    for owed in _reviews_owed(after):
        in_time = earlier(owed.on, BUSINESS_DAYS, after.deps.calendar)
        assert _of(owed, reviews).due_on == max(in_time, day_of(owed.since))


def test_a_review_stays_owed_until_it_is_closed_or_its_date_goes(after: After) -> None:
    reviews = _reviews(after)
    for owed in _reviews_owed(after):
        promise = _of(owed, reviews)
        if owed.until is not None and day_of(owed.until) <= owed.on:
            assert promise.closed_at == owed.until, promise
        else:
            # Behind the date it may be closed, or go with the next one.
            assert promise.closed_at is None or day_of(promise.closed_at) > owed.on, promise


def test_one_review_is_open_for_whoever_is_owed_one_and_none_for_others(after: After) -> None:
    today = after.deps.today()
    owed = _reviews_owed(after)
    still_owed = {(o.victim, o.on) for o in owed if not o.until or day_of(o.until) > o.on}
    ahead = Counter(each for each in still_owed if each[1] >= today)
    found = Counter(
        (p.victim, p.working.counted_from) for p in _reviews(after) if p.closed_at is None
    )
    assert Counter({each: n for each, n in found.items() if each[1] >= today}) == ahead
    # What nobody looked at before court stays late, in sight of a supervisor.
    assert {each for each in found if each[1] < today} <= still_owed


def test_the_list_before_court_shows_who_goes_there_and_how_many_are_red(after: After) -> None:
    sides = {victim: Side() for victim in after.lived.victims}
    # Whoever looked at a moment saw what was done before it.
    noted = sorted(after.lived.noted, key=lambda n: n.at)
    place, reds = 0, 0
    for looked in after.lived.agendas:
        while place < len(noted) and noted[place].at < looked.at:
            sides[noted[place].victim].live(noted[place])
            place += 1
        today = day_of(looked.at)
        under_review = {
            victim
            for victim in looked.of_team
            if (side := sides[victim]).is_under_review and side.on
            and today <= side.on <= looked.until
        }  # fmt: skip
        assert looked.shown == under_review
        red = [victim for victim in under_review if _is_red(sides[victim], today, after)]
        assert looked.red == len(red)
        reds += looked.red
    assert not after.is_whole or reds > 0


def _is_red(side: Side, today: date, after: After) -> bool:
    on = side.owes(today)
    return on is not None and today > earlier(on, BUSINESS_DAYS, after.deps.calendar)


def test_the_lists_before_court_and_of_partners_are_what_people_said(after: After) -> None:
    deps, today = after.deps, after.deps.today()
    ahead = set()
    for victim, moments in _moments(after):
        side = Side()
        for _, every in moments:
            for noted in every:
                side.live(noted)
        if side.on is not None and side.on >= today:
            ahead.add((victim, side.on))
    teams = {member.team for member in after.lived.staff.values()}
    listed = [c for team in teams for c in deps.threads.next_court(team, today, date.max)]
    assert Counter((c.victim, c.on) for c in listed) == Counter(ahead)
    for partner, said in after.lived.agreed.items():
        wanted = {(v, t.scope, t.until) for v, t in said.items() if t and t.until >= today}
        found = deps.threads.agreed_with(partner, today)
        assert {(a.victim, a.scope, a.until) for a in found} == wanted


def test_nobody_comes_to_court_unlooked_at_without_having_been_red_for_ten_days(
    after: After,
) -> None:
    calendar, seen = after.deps.calendar, Counter[str]()
    reviews = _reviews(after)
    for stood in _dates_that_passed(after):
        if stood.is_reviewed:
            seen["reviewed"] += 1
            continue
        promise = next(p for p in reviews if _is_owed_at_court(p, stood))
        first_red, known_on = promise.due_on + ONE_DAY, day_of(promise.made_at)
        near_from = earlier(stood.on, BUSINESS_DAYS, calendar) + ONE_DAY
        assert first_red == max(near_from, known_on + ONE_DAY)
        if known_on < near_from:
            days = [d for d in _days(first_red, stood.on) if is_working_day(d, calendar)]
            # The day at court is the tenth, unless it is one of rest.
            assert len(days) >= BUSINESS_DAYS - (not is_working_day(stood.on, calendar))
            seen["red for ten days"] += 1
        else:
            seen["red since it was known"] += 1
        _must_have_a_supervisor(after, promise, first_red)
    assert not after.is_whole or (len(seen) == 3 and min(seen.values()) >= 5), seen


def _is_owed_at_court(promise: Promise, stood: Stood) -> bool:
    """Return whether a review was owed, and open, when its day at court was over."""
    if (promise.victim, promise.working.counted_from) != (stood.victim, stood.on):
        return False
    return promise.closed_at is None or day_of(promise.closed_at) > stood.on


def _days(first: date, last: date) -> list[date]:
    return [first + ONE_DAY * number for number in range((last - first).days + 1)]


def _must_have_a_supervisor(after: After, promise: Promise, first_red: date) -> None:
    """Hold that the first job from a day on named somebody who looks into it."""
    looks = after.lived.raised_at
    place = bisect_right(looks, datetime.combine(first_red, time(), LONDON))
    if place < len(looks) and (promise.closed_at is None or promise.closed_at > looks[place]):
        assert promise.raised_at == looks[place]
        assert day_of(looks[place]) == first_red
        assert promise.raised_to


def test_every_action_has_an_owner_who_works_here_and_a_date(after: After) -> None:
    owners: Counter[str] = Counter()
    for promise in after.promises.values():
        if promise.kind == "task":
            member = after.lived.staff[promise.owner]
            assert (promise.owner_name, promise.team) == (member.name, member.team)
            assert promise.due_on >= day_of(promise.made_at)
            assert promise.owed
            owners[after.lived.roles[promise.owner]] += 1
    assert not after.is_whole or {OFFICER, WITNESS_CARE, PARTNER} <= owners.keys()


def test_what_a_partner_had_to_do_went_to_the_officer_with_the_agreement(after: After) -> None:
    teams = {row.team for row in after.deps.rules.partners.values()}
    gone = 0
    for promise in after.promises.values():
        had = [promise.made_team, *(move.team for move in promise.moves)]
        for before, move in zip(had, promise.moves, strict=False):
            if before in teams and move.team not in teams:
                assert "support" in move.why
                gone += 1
    assert not after.is_whole or gone > 0
