"""A simulated year: whatever people did, the figures are what the promises say, and none is lost.

What is counted here is counted anew from what is stored, by other code than the service's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.counting import recounted
from chalicelib.domain.dates import LONDON
from chalicelib.domain.figures import CountKey
from operate.simulation import Year
from operate.simulation_news import WHY_GIVEN
from operate.simulation_scene import Lived, SteppingClock
from tests.fake_stores import FakeStores, fake_deps, fake_stores

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chalicelib.domain.audit import AuditLine
    from chalicelib.domain.calendar import WorkingDays
    from chalicelib.domain.cases import Victim, VictimKey
    from chalicelib.domain.messages import Door
    from chalicelib.domain.promises import Promise
    from chalicelib.services.deps import Deps

# The whole year of a force, and shorter looks at others that chance could have made.
YEARS = ((1, 500), (2, 40), (3, 40), (30, 40))
DAYS_IN_A_RHYTHM = {"every_5", "every_10", "every_20"}
HOURS = (1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 48, 56, 64, 80, 120, 160)
ONE_DAY = timedelta(days=1)
# What may be written after the line that tells of it: what is owed follows its case to another
# officer, and an import names its cases before it changes them.
LINES_BEFORE = {"handed over", "moved what is owed", "imported changes"}


@dataclass(repr=False)
class After:
    """What stands in the stores when a year is over."""

    deps: Deps
    stores: FakeStores
    lived: Lived
    promises: dict[str, Promise]
    doors: dict[VictimKey, Door]
    victims: dict[VictimKey, Victim]


@pytest.fixture(scope="module", params=YEARS, ids=lambda p: f"seed-{p[0]}-{p[1]}-cases")
def after(request: pytest.FixtureRequest) -> After:
    """Let a year pass, and read all of it."""
    seed, cases = request.param
    stores, clock = fake_stores(), SteppingClock()
    deps = fake_deps(stores, clock, seed=seed)
    lived = Year(deps, stores.imports, clock, seed=seed, cases=cases).run()
    of_victims = {victim: _promises_of(deps, victim) for victim in lived.victims}
    found = [promise for promises in of_victims.values() for promise in promises]
    by_id = {promise.id: promise for promise in found}
    assert len(by_id) == len(found), "two promises have one id"
    return After(
        deps=deps,
        stores=stores,
        lived=lived,
        promises=by_id,
        doors={victim: deps.threads.read(victim).door for victim in lived.victims},
        victims={victim: _victim(deps, lived, victim) for victim in lived.victims},
    )


def _promises_of(deps: Deps, victim: VictimKey) -> list[Promise]:
    """Return every promise of a victim, however old."""
    file = deps.threads.read(victim)
    found = [*file.owed, *(thread.promise for thread in file.threads)]
    while file.has_older:
        file = deps.threads.read(victim, before=file.threads[-1].number)
        found += [thread.promise for thread in file.threads]
    return found


def _victim(deps: Deps, lived: Lived, key: VictimKey) -> Victim:
    case = deps.cases.read(lived.victims[key])
    assert case is not None
    return next(victim for victim in case.victims if victim.key == key)


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def _month(moment: datetime) -> str:
    return _day(moment).isoformat()[:7]


def _is_working_day(day: date, calendar: WorkingDays) -> bool:
    return day.isoweekday() <= 5 and day not in calendar.bank_holidays


def _later(day: date, working_days: int, calendar: WorkingDays) -> date:
    while working_days:
        day += ONE_DAY
        working_days -= _is_working_day(day, calendar)
    return day


def _bucket(start: datetime, end: datetime, calendar: WorkingDays) -> str:
    """Return how long an answer took, by going through its days."""
    worked, day = timedelta(), _day(start)
    while day <= _day(end):
        if _is_working_day(day, calendar):
            opens = datetime.combine(day, calendar.day_starts_at, LONDON)
            closes = datetime.combine(day, calendar.day_ends_at, LONDON)
            worked += max(min(closes, end) - max(opens, start), timedelta())
        day += ONE_DAY
    fits = [hours for hours in HOURS if worked <= timedelta(hours=hours)]
    return f"within-{fits[0]:03}" if fits else "over-160"


def _counted_anew(promises: Iterable[Promise], calendar: WorkingDays) -> Counter[CountKey]:
    """Return what the counters of all months must be, from the promises alone."""
    counts: Counter[CountKey] = Counter()
    for one in promises:
        kind = f"tell:{one.event or 'other'}" if one.kind == "tell" else one.kind
        counts[CountKey(_month(one.made_at), one.made_team, kind, "made")] += 1
        if one.closed_at is None:
            continue
        whats = ["cancelled"]
        if one.kept_at is not None:
            whats = ["kept_in_time" if _day(one.kept_at) <= one.due_on else "kept_late"]
            if one.kind == "reply":
                whats.append(_bucket(one.made_at, one.kept_at, calendar))
        counts.update(CountKey(_month(one.closed_at), one.team, kind, what) for what in whats)
    return counts


def _followed_anew(month: str, doors: Iterable[Door]) -> Counter[CountKey]:
    """Return how many victims are followed by each team, and how many in a rhythm."""
    counts: Counter[CountKey] = Counter()
    for door in doors:
        if door.team:
            counts[CountKey(month, door.team, "rhythm", "followed")] += 1
            if door.rhythm in DAYS_IN_A_RHYTHM:
                counts[CountKey(month, door.team, "rhythm", "with_rhythm")] += 1
    return counts


def _team_then(promise: Promise, moment: datetime) -> str:
    teams = [promise.made_team, *(move.team for move in promise.moves if move.at <= moment)]
    return teams[-1]


def _late_anew(promises: Iterable[Promise], month: str, at: datetime) -> Counter[CountKey]:
    """Return what was open and late when a month was counted."""
    counts: Counter[CountKey] = Counter()
    for one in promises:
        was_open = one.made_at <= at and (one.closed_at is None or one.closed_at > at)
        if was_open and one.due_on.isoformat()[:7] <= month:
            kind = f"tell:{one.event or 'other'}" if one.kind == "tell" else one.kind
            counts[CountKey(month, _team_then(one, at), kind, "open_late")] += 1
    return counts


def _in(month: str, counts: Counter[CountKey]) -> Counter[CountKey]:
    return Counter({key: amount for key, amount in counts.items() if key.month == month})


def _live(after: After) -> Counter[CountKey]:
    """Return every counter that is not nought, as the store reads it."""
    months = {key.month for key in after.stores.figures.counter}
    return Counter(
        {
            CountKey(month, tally.team, tally.kind, what): amount
            for month in months
            for tally in after.deps.figures.live(month)
            for what, amount in tally.counts.items()
            if amount
        }
    )


def test_a_year_is_full_of_deeds(after: After) -> None:
    done = after.lived.deeds
    wanted = (
        "ask", "keep reply", "keep update", "keep tell", "keep welcome", "choose rhythm", "event",
        "outcome", "hand over", "import", "import again", "post", "leave", "board", "reassign",
    )  # fmt: skip
    assert [name for name in wanted if not done[name]] == []
    assert done["month"] == 12
    assert after.lived.raised > 0
    assert {change for written in after.stores.ledger.written for change, _ in written.changes} >= {
        "made", "kept", "cancelled", "moved", "raised",
    }  # fmt: skip


def test_the_counters_are_what_the_promises_and_doors_say(after: After) -> None:
    anew = _counted_anew(after.promises.values(), after.deps.calendar)
    anew += _followed_anew("now", after.doors.values())
    assert _live(after) == anew


def test_the_service_recounts_to_the_same(after: After) -> None:
    stored = after.promises.values(), after.doors.values()
    assert recounted(*stored, after.deps.calendar, after.deps.rules) == _live(after)


def test_a_month_that_ended_says_what_was_so_when_it_was_counted(after: After) -> None:
    counted = _counted_anew(after.promises.values(), after.deps.calendar)
    teams = {member.team for member in after.lived.staff.values()}
    assert len(after.lived.counted_at) == 12
    for month, at in after.lived.counted_at.items():
        wanted = _in(month, counted)
        wanted += _late_anew(after.promises.values(), month, at)
        wanted += _followed_anew(month, after.lived.doors_at[month])
        found = Counter(
            {
                CountKey(month, team, tally.kind, what): amount
                for team in teams
                for tally in after.deps.figures.published(team)
                for what, amount in tally.counts.items()
                if tally.month == month and amount
            }
        )
        assert found == wanted


def test_the_force_had_what_its_teams_had(after: After) -> None:
    counted = _counted_anew(after.promises.values(), after.deps.calendar)
    for month, at in after.lived.counted_at.items():
        wanted: Counter[tuple[str, str]] = Counter()
        of_teams = _in(month, counted)
        of_teams += _late_anew(after.promises.values(), month, at)
        of_teams += _followed_anew(month, after.lived.doors_at[month])
        for key, amount in of_teams.items():
            wanted[key.kind.partition(":")[0], key.what] += amount
        found: Counter[tuple[str, str]] = Counter()
        for tally in after.deps.figures.published():
            if tally.month == month:
                for what, amount in tally.counts.items():
                    found[tally.kind.partition(":")[0], what] += amount
        assert +found == wanted


def test_every_promise_has_an_owner_who_works_here(after: After) -> None:
    staff = after.lived.staff
    for promise in after.promises.values():
        assert promise.owner in staff
        assert promise.owner_name == staff[promise.owner].name
        assert promise.team == staff[promise.owner].team


def test_an_open_promise_is_with_the_officer_in_charge_or_was_given_to_another(
    after: After,
) -> None:
    for promise in after.promises.values():
        case = after.deps.cases.read(after.lived.victims[promise.victim])
        assert case is not None
        if promise.closed_at is None:
            was_given = bool(promise.moves) and promise.moves[-1].why == WHY_GIVEN
            assert was_given or promise.owner == case.officer.id
            assert promise.team == case.officer.team


def test_no_promise_is_two_things_at_once(after: After) -> None:
    for promise in after.promises.values():
        assert not (promise.kept_at and promise.cancelled_why)
        assert bool(promise.kept_at) == bool(promise.kept_how)
        is_closed = bool(promise.kept_at or promise.cancelled_why)
        assert is_closed == bool(promise.closed_at)
        assert promise.is_open == (not is_closed)


def test_the_lists_hold_what_is_open_and_nothing_else(after: After) -> None:
    deps, staff = after.deps, after.lived.staff
    still_open = {one.id: one for one in after.promises.values() if one.closed_at is None}
    teams = {member.team for member in staff.values()}
    of_owners = [
        one
        for owner in staff
        for one in deps.threads.open_of_owner(owner, after=None, limit=10**6).promises
    ]
    of_teams = [
        one
        for team in teams
        for one in deps.threads.open_of_team(team, after=None, limit=10**6).promises
    ]
    for listed in (of_owners, of_teams):
        assert len(listed) == len(still_open)
        assert {one.id: one for one in listed} == still_open


def test_what_is_late_for_too_long_went_up_and_nothing_else(after: After) -> None:
    calendar, limit = after.deps.calendar, after.deps.rules.limits.raise_after_working_days
    for promise in after.promises.values():
        late_from = datetime.combine(_later(promise.due_on, limit, calendar), time(), LONDON)
        looks = after.lived.raised_at
        place = bisect_right(looks, max(late_from, promise.made_at))
        first_look = looks[place] if place < len(looks) else None
        if first_look and promise.closed_at and promise.closed_at < first_look:
            first_look = None
        assert promise.raised_at == first_look, promise


def test_what_was_kept_and_noted_in_time_went_to_no_supervisor(after: After) -> None:
    for promise in after.promises.values():
        if promise.closed_at and _day(promise.closed_at) <= promise.due_on:
            assert promise.raised_at is None


def test_what_is_raised_goes_to_a_supervisor_by_name(after: After) -> None:
    names = {m.name: m.team for m in after.lived.staff.values() if m.id.startswith("sgt")}
    for promise in after.promises.values():
        if promise.raised_at and promise.restricted:
            assert promise.raised_to == "a supervisor"
        elif promise.raised_at:
            assert names[promise.raised_to] == _team_then(promise, promise.raised_at)


def test_one_update_is_owed_in_every_rhythm(after: After) -> None:
    owed: Counter[VictimKey] = Counter()
    for promise in after.promises.values():
        if promise.kind == "update" and promise.closed_at is None:
            owed[promise.victim] += 1
    for victim, door in after.doors.items():
        has_left = after.victims[victim].left_on is not None
        if door.closed_on is not None or has_left:
            assert owed[victim] == 0
        elif door.rhythm in DAYS_IN_A_RHYTHM:
            assert owed[victim] == 1
        else:
            # Another rhythm cancels what is not late yet; what is late stays owed.
            assert owed[victim] <= 1


def test_nobody_who_left_is_followed(after: After) -> None:
    for victim, door in after.doors.items():
        if after.victims[victim].left_on is not None:
            assert not door.team


def test_nothing_is_owed_to_who_left_but_answers(after: After) -> None:
    for promise in after.promises.values():
        if promise.closed_at is None and after.victims[promise.victim].left_on is not None:
            assert promise.kind == "reply", promise


def test_a_date_never_moves(after: After) -> None:
    calendar = after.deps.calendar
    for promise in after.promises.values():
        assert after.lived.due_when_seen.get(promise.id, promise.due_on) == promise.due_on
        working = promise.working
        assert promise.due_on == _later(working.counted_from, working.working_days, calendar)
    for written in after.stores.ledger.written:
        for _, promise in written.changes:
            assert after.promises[promise.id].due_on == promise.due_on


def test_whatever_becomes_of_a_promise_stands_in_the_audit(after: After) -> None:
    before = {
        (line.at, case)
        for line in after.stores.audit.lines.values()
        if line.what in LINES_BEFORE
        for case in (line.about, *line.cases)
    }
    assert after.stores.ledger.written
    for written in after.stores.ledger.written:
        for change, promise in written.changes:
            at = _at(after.promises[promise.id], promise, change)
            named = any(_names(line, promise.case_key) for line in written.lines)
            assert named or (at, promise.case_key) in before, (change, promise)


def _at(now: Promise, before: Promise, change: str) -> datetime | None:
    """Return when something became of a promise; a mark for lists has no time of its own."""
    if change == "moved":
        return now.moves[len(before.moves)].at
    return {"made": now.made_at, "raised": now.raised_at}.get(change, now.closed_at)


def _names(line: AuditLine, case: str) -> bool:
    return case == line.about or case in line.cases


def test_every_move_says_when_why_and_by_whom(after: After) -> None:
    for promise in after.promises.values():
        for move in promise.moves:
            assert move.why
            assert move.by
            assert after.lived.staff[move.owner].team == move.team
        if promise.moves:
            assert promise.moves[-1].owner == promise.owner
