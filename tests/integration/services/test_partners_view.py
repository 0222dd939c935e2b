"""A partner sees nothing that the victim was not told, and no day that they did not agree to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.agreements import DATES, MEASURES, NEEDS
from chalicelib.domain.cases import OfficerId
from chalicelib.domain.errors import NotAllowedError, NotFoundError
from chalicelib.domain.promises import TASK
from chalicelib.domain.staff import Team
from chalicelib.services.end_agreements import take_back_ended
from chalicelib.services.give_task import AfterCourtError, TaskWanted, give_task
from chalicelib.services.keep_line import LineDone, keep_own_line, open_own_line
from chalicelib.services.record_outcome import News
from chalicelib.services.record_outcome import record_outcome as record_service
from chalicelib.services.support import open_supported
from chalicelib.services.support_list import open_support_list
from chalicelib.services.support_work import OwnTask, take_on
from chalicelib.services.watch import raise_late
from tests.builders import OFFICER
from tests.integration.partner_steps import (
    agency,
    has_task,
    says_no,
    says_yes,
    supporter,
    with_partners,
)
from tests.integration.services.court_steps import (
    HEARING,
    charged,
    dated,
    in_charge,
    needs_told,
    reviewed,
    stopped,
)
from tests.integration.services.following import only
from tests.integration.services.line_steps import assault, every, has_isva, lines
from tests.integration.services.measure_steps import step
from tests.integration.services.staff_steps import case_of, file_of
from tests.integration.web.desk_steps import new_officer

if TYPE_CHECKING:
    from chalicelib.domain.staff import StaffSession
    from chalicelib.services.support import Supported
    from tests.builders import SeededCase
    from tests.integration.conftest import World as AnyWorld

# The world's clock stands on Wednesday 18 November 2026.
SOON = date(2026, 11, 27)


@pytest.fixture
def world(world: AnyWorld) -> AnyWorld:
    """Both services with partner agencies of this test alone."""
    return with_partners(world)


def _open(world: AnyWorld, case: SeededCase, session: StaffSession) -> Supported:
    return open_supported(world.deps, session, case.key, case.victim)


def _with_trial(world: AnyWorld, *scope: str) -> tuple[SeededCase, StaffSession]:
    """Put a case of a sexual offence whose ISVA has a line before the day at court."""
    case = assault(world, stage="charged", told=True, officer=new_officer())
    isva = has_isva(world, case, *scope)
    dated(world, case, HEARING)
    assert lines(world, case)["trial_days"].owner == isva.member.id
    return case, isva


# --- what waits to be told


def test_what_a_sentence_begins_is_not_late_with_the_police_before_it_is_told(
    world: AnyWorld,
) -> None:
    officer = new_officer()
    world.deps.ledger.write([world.deps.cases.keep_team(Team(officer.team, officer.team))])
    case = assault(world, stage="charged", told=True, officer=officer)
    isva = has_isva(world, case)
    world.clock.forward(minutes=1)
    news = News("closed", world.deps.today(), "sentenced")
    seen = case_of(world, case).version
    record_service(world.deps, in_charge(world, case), case.key, news, seen=seen, form_key="form")
    for _ in range(4):
        world.clock.forward(days=7)
        raise_late(world.deps)
    assert any(p.raised_at for p in every(world, case, "afterwards"))
    missed = {promise.line for promise in _open(world, case, isva).missed}
    assert not missed & {"afterwards", "result"}


def test_a_line_that_went_with_news_that_waits_stands_as_before(world: AnyWorld) -> None:
    case, isva = _with_trial(world)
    stopped(world, case)
    dated(world, case, None)
    assert "trial_days" not in lines(world, case)
    assert "trial_days" in [task.line for task in _open(world, case, isva).tasks]


def test_what_was_given_behind_news_that_waits_is_not_in_the_list_either(world: AnyWorld) -> None:
    case, session = charged(world), supporter(world)
    says_yes(world, case)
    has_task(world, case, session, "travel")
    stopped(world, case)
    world.clock.forward(minutes=1)
    has_task(world, case, session, "supporter")
    assert [task.event for task in _open(world, case, session).tasks] == ["travel"]
    assert [task.event for task in open_support_list(world.deps, session).tasks] == ["travel"]


def test_a_line_that_came_behind_news_that_waits_opens_for_no_isva(world: AnyWorld) -> None:
    case = assault(world, stage="charged", told=True, officer=new_officer())
    isva = has_isva(world, case)
    stopped(world, case)
    world.clock.forward(minutes=1)
    task = has_task(world, case, isva)
    line = replace(task, id="a-line", subject="a-line", kind="line", event="", line="trial_days")
    world.deps.ledger.write([world.deps.threads.new_promise(line)])
    with pytest.raises(NotFoundError):
        open_own_line(world.deps, isva, case.key, case.victim, line.id)
    done = LineDone(world.deps.today(), "by phone")
    with pytest.raises(NotFoundError):
        keep_own_line(world.deps, isva, case.key, case.victim, line.id, done=done)


def test_a_date_that_went_with_news_that_waits_stands_in_the_list(world: AnyWorld) -> None:
    case, session = charged(world), supporter(world)
    says_yes(world, case)
    dated(world, case, HEARING)
    stopped(world, case)
    dated(world, case, None)
    (person,) = open_support_list(world.deps, session).people
    assert (person.hearing, person.is_red) == (HEARING, False)
    assert _open(world, case, session).hearing == HEARING


def test_a_review_that_a_refusal_opened_again_is_not_red_before_it_is_told(
    world: AnyWorld,
) -> None:
    case, session = charged(world, officer=OFFICER), supporter(world)
    says_yes(world, case)
    dated(world, case, SOON)

    def red() -> tuple[bool, bool]:
        (person,) = open_support_list(world.deps, session).people
        return _open(world, case, session).is_red, person.is_red

    for state in ("discussed", "asked", "applied"):
        step(world, case, state)
    assert red() == (True, True)
    reviewed(world, case)
    assert red() == (False, False)
    step(world, case, "refused", note="The judge said no.")
    assert file_of(world, case).court.reopened_why  # type: ignore[union-attr]
    assert red() == (False, False)


def test_a_review_that_a_need_opened_again_is_red(world: AnyWorld) -> None:
    case, session = charged(world), supporter(world)
    says_yes(world, case)
    dated(world, case, SOON)
    reviewed(world, case)
    needs_told(world, case)
    assert _open(world, case, session).is_red


# --- less was agreed


@pytest.mark.parametrize("less", [NEEDS, MEASURES])
def test_without_dates_no_line_tells_of_the_day_at_court(world: AnyWorld, less: str) -> None:
    case, isva = _with_trial(world)
    line = lines(world, case)["trial_days"]
    with_dates = _open(world, case, isva).tasks
    assert line.id in {task.id for task in with_dates}
    says_yes(world, case, less, row=agency(world, "isva"))
    moved = lines(world, case)["trial_days"]
    assert moved.id == line.id
    assert moved.owner != isva.member.id
    assert moved.moves[-1].why == "They no longer agree that this service sees court dates."
    assert line.id not in {task.id for task in _open(world, case, isva).tasks}
    with pytest.raises(NotFoundError):
        open_own_line(world.deps, isva, case.key, case.victim, line.id)
    # What has nothing to do with the day stays.
    assert lines(world, case)["introduction"].owner == isva.member.id


def test_a_line_of_the_day_that_is_still_theirs_is_hidden(world: AnyWorld) -> None:
    case, isva = _with_trial(world)
    line = lines(world, case)["trial_days"]
    agreement = file_of(world, case).agreements[0]
    narrowed = replace(agreement, scope=frozenset({MEASURES}))
    world.deps.ledger.write([world.deps.threads.keep_agreement(narrowed)])
    assert line.id not in {task.id for task in _open(world, case, isva).tasks}
    assert line.id not in {task.id for task in open_support_list(world.deps, isva).tasks}
    with pytest.raises(NotFoundError):
        open_own_line(world.deps, isva, case.key, case.victim, line.id)


def test_who_sees_needs_alone_sees_no_task_that_tells_of_a_charge(world: AnyWorld) -> None:
    case, session = charged(world), supporter(world)
    says_yes(world, case, NEEDS)
    has_task(world, case, session, "travel")
    has_task(world, case, session, "talk")
    assert [task.event for task in _open(world, case, session).tasks] == ["talk"]
    assert [task.event for task in open_support_list(world.deps, session).tasks] == ["talk"]


# --- what they are given, and what they take on


def _give(world: AnyWorld, case: SeededCase, owner: str, task: str = "travel") -> None:
    wanted = TaskWanted(task, "A taxi.", OfficerId(owner))
    give_task(world.deps, in_charge(world, case), case.key, case.victim, wanted, form_key="form")


def test_who_sees_needs_alone_is_given_nothing_that_tells_of_a_charge(world: AnyWorld) -> None:
    case, session = charged(world), supporter(world)
    dated(world, case, SOON)
    says_yes(world, case, NEEDS)
    with pytest.raises(NotAllowedError):
        _give(world, case, session.member.id)
    _give(world, case, session.member.id, "talk")
    assert only(world, case, TASK).event == "talk"


@pytest.mark.parametrize(("scope", "due"), [(DATES, 20), (MEASURES, 25)])
def test_by_when_it_is_due_tells_of_the_day_only_who_may_know_it(
    world: AnyWorld, scope: str, due: int
) -> None:
    case, session = charged(world), supporter(world)
    dated(world, case, date(2026, 11, 20))
    says_yes(world, case, scope)
    _give(world, case, session.member.id)
    assert only(world, case, TASK).due_on == date(2026, 11, due)


@pytest.mark.parametrize(("scope", "due"), [(DATES, 20), (NEEDS, 25)])
def test_what_somebody_takes_on_is_due_by_the_day_at_court_that_they_may_know(
    world: AnyWorld, scope: str, due: int
) -> None:
    case, session = charged(world), supporter(world)
    dated(world, case, date(2026, 11, 20))
    says_yes(world, case, scope)
    whose = (world.deps, session, case.key, case.victim)
    take_on(*whose, OwnTask("talk"), "form")
    assert only(world, case, TASK).due_on == date(2026, 11, due)


def test_nothing_for_court_is_taken_on_for_a_day_after_it(world: AnyWorld) -> None:
    case, session = charged(world), supporter(world)
    dated(world, case, date(2026, 11, 20))
    says_yes(world, case)
    whose = (world.deps, session, case.key, case.victim)
    with pytest.raises(AfterCourtError):
        take_on(*whose, OwnTask("talk", due_on=date(2026, 11, 23)), "form")
    take_on(*whose, OwnTask("support", due_on=date(2026, 11, 23)), "form")
    assert only(world, case, TASK).event == "support"


# --- what only a partner does


def test_what_only_a_partner_does_is_over_with_what_was_agreed(world: AnyWorld) -> None:
    case, session = charged(world), supporter(world)
    says_yes(world, case)
    whose = (world.deps, session, case.key, case.victim)
    take_on(*whose, OwnTask("support", "A form for her flat"), "form")
    take_on(*whose, OwnTask("travel"), "form")
    says_no(world, case)
    (left,) = [task for task in file_of(world, case).owed if task.kind == TASK and task.is_open]
    assert (left.event, left.owner) == ("travel", case_of(world, case).officer.id)


def test_what_only_a_partner_does_is_over_with_its_last_day_as_well(world: AnyWorld) -> None:
    case, session = charged(world), supporter(world)
    says_yes(world, case, until=date(2026, 11, 20))
    take_on(world.deps, session, case.key, case.victim, OwnTask("support"), "form")
    world.clock.forward(days=3)
    assert take_back_ended(world.deps) == 1
    (gone,) = [task for task in file_of(world, case).owed if task.kind == TASK]
    assert gone.cancelled_why == "Their agreement to this service's support has ended."


def test_no_police_officer_is_given_what_only_a_partner_does(world: AnyWorld) -> None:
    case = charged(world)
    dated(world, case, SOON)
    with pytest.raises(NotAllowedError):
        _give(world, case, case_of(world, case).officer.id, "support")
