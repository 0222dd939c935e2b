"""A simulated year: whatever people did, the figures are what the promises say, and none is lost.

What is counted here is counted anew from what is stored, by other code than the service's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.counting import recounted
from chalicelib.domain.dates import LONDON
from chalicelib.domain.figures import CountKey
from operate.simulation_news import WHY_GIVEN
from operate.simulation_scene import OFFICER, PARTNER, SUPERVISOR
from tests.unit.simulated_years import (
    ONE_DAY,
    YEARS,
    After,
    day_of,
    earlier,
    is_working_day,
    later,
    named,
    year_lived,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chalicelib.domain.audit import AuditLine
    from chalicelib.domain.calendar import WorkingDays
    from chalicelib.domain.cases import VictimKey
    from chalicelib.domain.messages import Door
    from chalicelib.domain.promises import Promise

DAYS_IN_A_RHYTHM = {"every_5", "every_10", "every_20"}
HOURS = (1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 48, 56, 64, 80, 120, 160)
# What may be written after the line that tells of it: what is owed follows its case to another
# officer, and an import names its cases before it changes them.
LINES_BEFORE = {"handed over", "moved what is owed", "imported changes"}


@pytest.fixture(scope="module", params=YEARS, ids=named)
def after(request: pytest.FixtureRequest) -> After:
    """Return what stands in the stores when a year is over."""
    return year_lived(*request.param)


def _month(moment: datetime) -> str:
    return day_of(moment).isoformat()[:7]


def _bucket(start: datetime, end: datetime, calendar: WorkingDays) -> str:
    """Return how long an answer took, by going through its days."""
    worked, day = timedelta(), day_of(start)
    while day <= day_of(end):
        if is_working_day(day, calendar):
            opens = datetime.combine(day, calendar.day_starts_at, LONDON)
            closes = datetime.combine(day, calendar.day_ends_at, LONDON)
            worked += max(min(closes, end) - max(opens, start), timedelta())
        day += ONE_DAY
    fits = [hours for hours in HOURS if worked <= timedelta(hours=hours)]
    return f"within-{fits[0]:03}" if fits else "over-160"


def _kinds(one: Promise) -> list[str]:
    """Return under which names a promise is counted: by event, and by minimum expectation."""
    kind = f"tell:{one.event or 'other'}" if one.kind == "tell" else one.kind
    return [kind] * (kind != "line") + [f"line:{one.line}"] * bool(one.line)


def _counted_anew(promises: Iterable[Promise], calendar: WorkingDays) -> Counter[CountKey]:
    """Return what the counters of all months must be, from the promises alone."""
    counts: Counter[CountKey] = Counter()
    for one in promises:
        whats = {"made": (one.made_at, one.made_team)}
        if one.closed_at is not None:
            what = "cancelled"
            if one.kept_at is not None:
                what = "kept_in_time" if day_of(one.kept_at) <= one.due_on else "kept_late"
            whats[what] = (one.closed_at, one.team)
        counts.update(
            CountKey(_month(at), team, kind, what)
            for what, (at, team) in whats.items()
            for kind in _kinds(one)
        )
        if one.kind == "reply" and one.kept_at is not None and one.closed_at is not None:
            bucket = _bucket(one.made_at, one.kept_at, calendar)
            counts[CountKey(_month(one.closed_at), one.team, "reply", bucket)] += 1
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
            team = _team_then(one, at)
            counts.update(CountKey(month, team, kind, "open_late") for kind in _kinds(one))
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
        "need", "wish", "step", "hearing", "plea", "meeting", "agree", "support", "keep task",
        "keep line", "try to reach",
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
        if promise.closed_at is None and not promise.stays:
            was_given = bool(promise.moves) and promise.moves[-1].why == WHY_GIVEN
            assert was_given or promise.owner == case.officer.id
            assert promise.team == case.officer.team


def test_only_what_others_do_stays_with_them_when_a_case_goes_to_another_officer(
    after: After,
) -> None:
    for promise in after.promises.values():
        if promise.stays:
            assert promise.kind in {"task", "line"}
            was_given = bool(promise.moves) and promise.moves[-1].why == WHY_GIVEN
            assert was_given or after.lived.roles[promise.owner] != OFFICER
        elif promise.closed_at is None:
            assert after.lived.roles[promise.owner] in {OFFICER, SUPERVISOR}


def test_everybody_can_open_what_they_are_to_do(after: After) -> None:
    of_partners = {row.team for row in after.deps.rules.partners.values()}
    for promise in after.promises.values():
        case = after.deps.cases.read(after.lived.victims[promise.victim])
        assert case is not None
        if promise.closed_at is not None or promise.team in of_partners:
            continue
        if after.lived.roles[promise.owner] in {OFFICER, SUPERVISOR}:
            assert promise.team == case.officer.team, promise
        else:
            assert case.current.stage in {"charged", "court", "closed"}, promise


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
        is_review = promise.kind == "review"
        late_on = promise.due_on + ONE_DAY if is_review else later(promise.due_on, limit, calendar)
        first_look = _look_after(after, promise, late_on)
        assert _first_raised(promise) == first_look, promise


def _look_after(after: After, promise: Promise, day: date) -> datetime | None:
    """Return the first look at what is late, from a day on, that found it open."""
    looks = after.lived.raised_at
    place = bisect_right(looks, max(datetime.combine(day, time(), LONDON), promise.made_at))
    look = looks[place] if place < len(looks) else None
    return None if look and promise.closed_at and promise.closed_at <= look else look


def _first_raised(promise: Promise) -> datetime | None:
    return promise.raised_before[0].at if promise.raised_before else promise.raised_at


def test_what_was_kept_and_noted_in_time_went_to_no_supervisor(after: After) -> None:
    for promise in after.promises.values():
        if promise.closed_at and day_of(promise.closed_at) <= promise.due_on:
            assert promise.raised_at is None
            assert not promise.raised_before


def test_what_is_raised_goes_to_a_supervisor_by_name(after: After) -> None:
    names = _supervisors(after)
    for promise in after.promises.values():
        if promise.kind == "line":
            continue
        assert not promise.raised_before
        if promise.raised_at is None:
            continue
        team = _team_then(promise, promise.raised_at)
        if promise.restricted:
            assert promise.raised_to == "a supervisor"
        elif team in names.values():
            assert names[promise.raised_to] == team
        else:
            # Witness care and partners have no supervisors here: then it is one of the case.
            assert promise.raised_to in names


def _supervisors(after: After) -> dict[str, str]:
    lived = after.lived
    return {m.name: m.team for m in lived.staff.values() if lived.roles[m.id] == SUPERVISOR}


def test_a_missed_expectation_goes_to_a_contact_point_and_then_to_a_supervisor(
    after: After,
) -> None:
    limit, supervisors = after.deps.rules.limits.escalate_working_days, _supervisors(after)
    partners = after.deps.rules.partners.values()
    points, teams = {row.contact_point.upper() for row in partners}, {row.team for row in partners}
    seen: Counter[str] = Counter()
    for promise in after.promises.values():
        if promise.kind != "line" or promise.raised_at is None:
            continue
        raised = promise.raised_so_far
        assert len(raised) <= 2
        first_on = day_of(raised[0].at)
        again = _look_after(after, promise, later(first_on, limit, after.deps.calendar))
        if raised[0].to.removesuffix(" Example") in points:
            # What the police missed, the victim's ISVA service hears of.
            assert _team_then(promise, raised[0].at) not in teams
            assert (raised[1].at if raised[1:] else None) == again
            seen["by a contact point"] += 1
        elif raised[1:]:
            # Nobody could be named at first, or somebody who is away by now.
            assert again is not None
            assert raised[1].at >= again
        if raised[1:]:
            assert raised[1].to in {*supervisors, "a supervisor"}
            seen["by a supervisor"] += 1
    assert not after.is_whole or len(seen) == 2, seen


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


def test_nothing_is_owed_to_who_left_but_answers_and_help_at_court(after: After) -> None:
    for promise in after.promises.values():
        if promise.closed_at is None and after.victims[promise.victim].left_on is not None:
            is_of_partner = after.lived.roles[promise.owner] == PARTNER
            kinds = {"reply", "review", "task", *(["line"] * is_of_partner)}
            assert promise.kind in kinds, promise


def test_a_date_never_moves(after: After) -> None:
    calendar = after.deps.calendar
    for promise in after.promises.values():
        assert after.lived.due_when_seen.get(promise.id, promise.due_on) == promise.due_on
        assert promise.due_on == _due(promise, calendar)
    for written in after.stores.ledger.written:
        for _, promise in written.changes:
            assert after.promises[promise.id].due_on == promise.due_on


def _due(promise: Promise, calendar: WorkingDays) -> date:
    """Return the day that a promise says of itself: counted on or back, and never one before."""
    working, made_on = promise.working, day_of(promise.made_at)
    if working.rule == "task.chosen":
        assert made_on <= promise.due_on
        return promise.due_on
    if working.rule == "court.review" or working.rule.endswith(".before"):
        return max(earlier(working.counted_from, working.working_days, calendar), made_on)
    due = later(working.counted_from, working.working_days, calendar)
    return max(due, made_on) if working.rule.startswith("court.apply") else due


def test_whatever_becomes_of_a_promise_stands_in_the_audit(after: After) -> None:
    before = {
        (line.at, case)
        for line in after.stores.audit.lines.values()
        if line.what in LINES_BEFORE
        for case in (line.about, *line.cases)
    }
    imported = {case for _, case in before}
    assert after.stores.ledger.written
    for written in after.stores.ledger.written:
        for change, promise in written.changes:
            named = any(_names(line, promise.case_key) for line in written.lines)
            if change == "flagged":
                # A mark for lists has no time of its own.
                named |= promise.case_key in imported
            else:
                at = _at(after.promises[promise.id], promise, change)
                named |= (at, promise.case_key) in before
            assert named, (change, promise)


def _at(now: Promise, before: Promise, change: str) -> datetime | None:
    """Return when something became of a promise."""
    if change == "moved":
        return now.moves[len(before.moves)].at
    if change == "raised":
        return now.raised_so_far[len(before.raised_so_far)].at
    return now.made_at if change == "made" else now.closed_at


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
