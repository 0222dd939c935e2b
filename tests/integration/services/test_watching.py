"""What the service does by itself: late promises go up, ended months are counted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import OfficerId, Told
from chalicelib.domain.errors import StoreUnavailableError
from chalicelib.domain.promises import REPLY, REVIEW, WELCOME
from chalicelib.domain.staff import Absence, StaffMember, Team
from chalicelib.services import watch
from chalicelib.services.watch import end_last_month, raise_late
from chalicelib.stores.tables import AuditTable
from tests.builders import seed_staff
from tests.integration.services.court_steps import charged, dated
from tests.integration.services.following import (
    followed,
    only,
)
from tests.integration.services.staff_steps import (
    asked,
    case_of,
)
from tests.integration.web.desk_steps import new_officer

if TYPE_CHECKING:
    from chalicelib.domain.promises import Promise
    from chalicelib.services.deps import Deps
    from tests.builders import SeededCase
    from tests.integration.conftest import World

TODAY = date(2026, 11, 18)  # a Wednesday
BY_PHONE = Told(TODAY, "by phone")
HERE = Told(TODAY, "here")


def _late(world: World, days: int) -> tuple[SeededCase, Promise]:
    """Put a first contact that is owed in a team of its own, and let days pass."""
    officer = new_officer(team=f"watch-{world.deps.new_id()}")
    case = followed(world, officer=officer)
    world.deps.ledger.write([world.deps.cases.keep_team(Team(officer.team, officer.team))])
    seed_staff(world.deps, officer.id, team=officer.team)
    world.clock.forward(days=days)
    return case, only(world, case, WELCOME)


@pytest.mark.parametrize(
    ("days", "raised"),
    [(5, False), (6, True), (8, True)],
    ids=["its own day, Monday", "Tuesday", "later"],
)
def test_a_promise_goes_up_one_level_when_it_is_one_working_day_late(
    world: World, days: int, *, raised: bool
) -> None:
    case, _ = _late(world, days)
    raise_late(world.deps)
    assert (only(world, case, WELCOME).raised_at is not None) is raised


def test_over_a_weekend_nothing_goes_up(world: World) -> None:
    world.clock.moment = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
    case, promise = _late(world, 5)
    assert promise.due_on == date(2026, 11, 20)
    raise_late(world.deps)
    assert only(world, case, WELCOME).raised_at is None
    world.clock.forward(days=1)
    raise_late(world.deps)
    assert only(world, case, WELCOME).raised_at is not None


@pytest.mark.parametrize(
    ("hearing", "morning"),
    [
        # Its own day is Friday 27 November, so Saturday is the first morning on which it is late.
        (date(2026, 12, 11), date(2026, 11, 28)),
        # So near that it is due on the day on which the date was first known.
        (date(2026, 11, 25), date(2026, 11, 19)),
    ],
)
def test_a_review_goes_up_on_the_first_morning_on_which_it_is_late(
    world: World, hearing: date, morning: date
) -> None:
    case = charged(world)
    team = case_of(world, case).officer.team
    world.deps.ledger.write([world.deps.cases.keep_team(Team(team, team))])
    dated(world, case, hearing)
    day = world.deps.today()
    while day < morning:
        raise_late(world.deps)
        assert only(world, case, REVIEW).raised_at is None
        world.clock.forward(days=1)
        day = world.deps.today()
    raise_late(world.deps)
    assert only(world, case, REVIEW).raised_at == world.clock()


def test_it_names_a_supervisor_of_the_team_who_is_there_and_is_raised_once(world: World) -> None:
    case, promise = _late(world, 8)
    boss = OfficerId(f"boss-{promise.id}")
    away = OfficerId(f"away-{promise.id}")
    for who, name in ((boss, "Sergeant Zinnia"), (away, "Sergeant Aster")):
        member = StaffMember(who, name, "0009", promise.team)
        cases = world.deps.cases
        world.deps.ledger.write([cases.keep_member(member), cases.note_role(who, "supervisor")])
    absence = Absence(world.deps.new_id(), away, world.deps.today(), world.deps.today(), boss)
    world.deps.ledger.write([world.deps.cases.keep_absence(absence)])
    raise_late(world.deps)
    first = only(world, case, WELCOME)
    world.clock.forward(days=1)
    raise_late(world.deps)
    assert only(world, case, WELCOME) == first
    assert (first.raised_to, first.due_on) == ("Sergeant Zinnia", promise.due_on)
    named = {key for line in AuditTable.query("service") for key in line.cases or ()}
    assert case.key in named


def test_a_job_that_fails_keeps_no_other_from_its_morning(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _ = _late(world, 8)

    def fails(_: Deps) -> int:
        raise StoreUnavailableError

    monkeypatch.setattr(watch, "take_back_ended", fails)
    with pytest.raises(StoreUnavailableError):
        watch.look_after(world.deps)
    assert only(world, case, WELCOME).raised_at is not None


def test_a_month_is_counted_once_when_it_has_ended(world: World) -> None:
    case, promise = _late(world, 8)
    team = promise.team
    asked(world, case)
    world.clock.moment = datetime(2026, 12, 1, 4, 10, tzinfo=UTC)
    end_last_month(world.deps)
    assert not end_last_month(world.deps)
    kinds = {t.kind: t.counts for t in world.deps.figures.published(team) if t.month == "2026-11"}
    assert kinds[WELCOME] == {"made": 1, "open_late": 1}
    assert kinds[REPLY] == {"made": 1}
    assert kinds["rhythm"] == {"followed": 1}
