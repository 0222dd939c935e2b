"""Every counter stands exactly as the stored promises say; the command sees one that does not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Told
from chalicelib.domain.figures import KEPT_IN_TIME, CountKey, Tally
from chalicelib.domain.promises import LINE, UPDATE, WELCOME
from chalicelib.domain.staff import Team
from chalicelib.services.answer_message import Answer, answer_message
from chalicelib.services.hand_over import hand_over
from chalicelib.services.keep_line import LineDone, keep_line
from chalicelib.services.leave_case import record_left
from chalicelib.services.nothing_new import say_nothing_new
from chalicelib.services.record_contact import record_contact
from chalicelib.services.record_event import EventNews, record_event
from chalicelib.services.record_outcome import News, record_outcome, record_telling
from chalicelib.services.watch import end_last_month
from operate.recount import differences, read_everything
from tests.integration.services.following import in_rhythm, only, owed
from tests.integration.services.staff_steps import asked, case_of, colleague, staff
from tests.integration.web.desk_steps import new_officer

if TYPE_CHECKING:
    from chalicelib.domain.cases import Officer
    from chalicelib.domain.staff import StaffSession
    from tests.integration.conftest import World

TODAY = date(2026, 11, 18)
BY_PHONE = Told(TODAY, "by phone")


@pytest.fixture
def officer(world: World) -> Officer:
    """An officer in a team whose figures no other test touches, at the end of a busy week."""
    officer = new_officer(team=f"counted-{world.deps.new_id()}")
    world.deps.ledger.write([world.deps.cases.keep_team(Team(officer.team, officer.team))])
    _week(world, officer)
    return officer


def _session(world: World, officer: Officer) -> StaffSession:
    return staff(world, officer.id, team=officer.team, name=officer.name)


def _week(world: World, officer: Officer) -> None:
    """Do one of everything that makes, keeps, cancels or moves a promise."""
    deps = world.deps
    case = in_rhythm(world, officer=officer, victims=("V1", "V2"))
    me, key = _session(world, officer), case.key
    first, second = case.victims["V1"], case.victims["V2"]
    asked(world, case, times=3)
    world.clock.forward(hours=3)
    answer_message(deps, me, key, Answer(first, 1, 0, "Soon."), "form")
    welcome = only(world, case, WELCOME, "V1")
    record_contact(deps, me, key, first, BY_PHONE, promise_id=welcome.id)
    world.clock.forward(days=1)
    me = _session(world, officer)
    say_nothing_new(deps, me, key, second, only(world, case, UPDATE, "V2").id)
    news = EventNews("suspect_interviewed", TODAY, {first: None, second: BY_PHONE})
    record_event(deps, me, key, news, seen=case_of(world, case).version, form_key="event")
    world.clock.forward(days=12)
    me = _session(world, officer)
    answer_message(deps, me, key, Answer(first, 2, 0, "Late, we are sorry."), "late form")
    left = in_rhythm(world, officer=officer)
    record_left(deps, _session(world, officer), left.key, left.victim, "by phone")
    _decide(world, officer)
    _assault(world, officer)
    given = in_rhythm(world, officer=officer)
    new = colleague(world, f"{officer.id}-new", team=officer.team)
    hand_over(deps, _session(world, officer), given.key, new, seen_officer=officer.id)


def _assault(world: World, officer: Officer) -> None:
    """Let lines of the minimum expectations be made, kept, cancelled and covered."""
    case = in_rhythm(world, officer=officer, crime_type="rape", stage="with_cps")
    me, deps = _session(world, officer), world.deps
    welcome, by_now = only(world, case, WELCOME), Told(deps.today(), "by phone")
    record_contact(deps, me, case.key, case.victim, by_now, promise_id=welcome.id)
    asked(world, case)
    offer = next(line for line in owed(world, case, LINE) if line.line == "offer")
    wishes = next(line for line in owed(world, case, LINE) if line.line == "wishes")
    done, not_owed = LineDone(deps.today(), "in person"), LineDone(deps.today(), why_not="No.")
    keep_line(deps, me, case.key, case.victim, offer.id, done=done)
    keep_line(deps, me, case.key, case.victim, wishes.id, done=not_owed)


def _decide(world: World, officer: Officer) -> None:
    decided = in_rhythm(world, officer=officer)
    me, version = _session(world, officer), case_of(world, decided).version
    news = News("no_further_action", world.deps.today(), "no_suspect_found")
    record_outcome(world.deps, me, decided.key, news, seen=version, form_key="news")
    told, entry = Told(world.deps.today(), "in person"), case_of(world, decided).current.id
    record_telling(world.deps, me, decided.key, decided.victim, told, entry_id=entry)


def test_after_a_week_of_everything_each_counter_agrees(world: World, officer: Officer) -> None:
    stored = read_everything()
    mine = {key for key in stored.counters if key.team == officer.team}
    assert {key.kind for key in mine} >= {
        "reply",
        "update",
        "welcome",
        "tell:suspect_interviewed",
        "tell:nfa_police",
        "rhythm",
        "line:offer",
        "line:plan",
        "line:question",
        "line:no_news",
        "line:officer_named",
    }
    assert list(differences(world.deps, stored, officer.team)) == []


def test_a_month_that_ended_agrees_with_what_was_open_and_late_then(
    world: World, officer: Officer
) -> None:
    world.clock.moment = datetime(2027, 1, 1, 3, 10, tzinfo=UTC)
    end_last_month(world.deps)
    world.clock.forward(days=3)
    stored = read_everything()
    ended = [
        late for team, month, _, late in stored.ended if (team, month) == (officer.team, "2026-12")
    ]
    assert ended
    assert sum(counts.get("open_late", 0) for counts in ended[0].values()) > 0
    assert list(differences(world.deps, stored, officer.team)) == []


def test_a_counter_that_is_wrong_by_one_is_named(world: World, officer: Officer) -> None:
    wrong = CountKey("2026-11", officer.team, "reply", KEPT_IN_TIME)
    world.deps.ledger.write([world.deps.figures.add(wrong, 1)])
    (found,) = differences(world.deps, read_everything(), officer.team)
    assert (found.key, found.stored - found.counted) == (wrong, 1)


def test_a_counter_below_nothing_is_named(world: World, officer: Officer) -> None:
    wrong = CountKey("2026-11", officer.team, "reply", "within-160")
    world.deps.ledger.write([world.deps.figures.add(wrong, -1)])
    (found,) = differences(world.deps, read_everything(), officer.team)
    assert (found.key, found.stored, found.counted) == (wrong, -1, 0)


def test_a_kept_month_that_says_something_else_is_named(world: World, officer: Officer) -> None:
    team = Tally("2026-11", officer.team, "reply", {"made": 999})
    world.deps.ledger.write([*world.deps.figures.end_month([team], world.clock())])
    found = [d.key.what for d in differences(world.deps, read_everything(), officer.team)]
    assert "made" in found
