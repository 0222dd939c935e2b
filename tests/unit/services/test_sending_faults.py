"""Whatever a provider does, and whenever the sender is killed: nothing is lost, nothing doubled."""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.notices import (
    FAILED,
    NOT_KNOWN_WHETHER_SENT,
    REFUSED,
    REFUSED_BY_CARRIER,
    TAKEN,
    TOO_MANY_TRIES,
)
from tests.sending import (
    KILLED_AFTER,
    KILLED_BEFORE,
    LOSES_ANSWER,
    LOSES_REQUEST,
    NOON,
    Sending,
    sending,
)

if TYPE_CHECKING:
    from tests.builders import SeededCase

# How often a sender is killed between handing over and marking; `make bench` asks for more.
KILLS = int(os.environ.get("HUB_TEST_KILLS", "20"))
RECOVERS_WITHIN = timedelta(minutes=6)
HALF_AN_HOUR = 30


@pytest.fixture(params=[True, False], ids=["can be asked", "cannot be asked"])
def world(request: pytest.FixtureRequest) -> Sending:
    """Give a hub whose provider can be asked what it was given, and one whose cannot."""
    return sending(knows=request.param)


def _victims(world: Sending, many: int) -> list[SeededCase]:
    cases = [world.victim() for _ in range(many)]
    for case in cases:
        world.something_new(case)
    return cases


def _is_settled(world: Sending, case: SeededCase) -> bool:
    notice = world.notice(case.victim)
    return not notice.is_waiting and not notice.gave_up_why


@pytest.mark.parametrize("fault", [FAILED, LOSES_REQUEST, LOSES_ANSWER])
@pytest.mark.parametrize("many", [1, 5])
def test_after_one_fault_all_is_sent_within_six_minutes(
    world: Sending, fault: str, many: int
) -> None:
    # 429, 500 and no connection are a failure; a time-out may be either of the others.
    cases = _victims(world, many)
    world.provider.does = [fault, TAKEN]
    world.run_for(6)
    assert all(_is_settled(world, case) for case in cases)
    extra = 1 if fault == LOSES_ANSWER and not world.provider.knows else 0
    assert len(world.provider.arrived) == many + extra
    assert len(world.provider.arrivals) == many


@pytest.mark.parametrize("many", [1, 3, 40])
def test_a_provider_that_was_down_for_half_an_hour_has_all_within_six_minutes(
    world: Sending, many: int
) -> None:
    cases = _victims(world, many)
    world.provider.is_up = False
    world.run_for(HALF_AN_HOUR)
    tries = [world.notice(case.victim).tries for case in cases]
    world.provider.is_up = True
    back_at = world.clock()
    world.run_for(10)
    # The one that found out was tried; all others waited without a try.
    assert sum(tries) == 1
    assert all(_is_settled(world, case) for case in cases)
    assert max(one.at for one in world.provider.arrived) <= back_at + RECOVERS_WITHIN
    assert sorted(world.provider.arrivals.values()) == [1] * many


def test_a_provider_that_is_down_is_asked_every_five_minutes_and_given_nothing(
    world: Sending,
) -> None:
    _victims(world, 3)
    world.provider.is_up = False
    world.run_for(HALF_AN_HOUR)
    assert len(world.provider.handed) == 1
    asked = [(at - NOON) / timedelta(minutes=1) for at in world.provider.asked]
    assert asked == [5, 10, 15, 20, 25, 30]


def test_a_provider_that_answers_and_takes_nothing_is_tried_by_whoever_was_tried_least(
    world: Sending,
) -> None:
    cases = _victims(world, 3)
    world.provider.does = [FAILED]
    world.run_for(HALF_AN_HOUR)
    assert sorted(world.notice(case.victim).tries for case in cases) == [2, 2, 3]
    world.provider.does = [TAKEN]
    back_at = world.clock()
    world.run_for(6)
    assert all(_is_settled(world, case) for case in cases)
    assert max(one.at for one in world.provider.arrived) <= back_at + RECOVERS_WITHIN


def test_one_message_is_tried_eight_times_over_a_day_and_then_a_supervisor_sees_it(
    world: Sending, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, logger="hub")
    (case,) = _victims(world, 1)
    world.provider.does = [FAILED]
    world.run_for(24 * 60 + 1)
    tried = [(one.at - NOON) / timedelta(minutes=1) for one in world.provider.handed]
    # The last two keep to their waits, however often the provider answers in between.
    assert tried == [0, 5, 10, 15, 20, 25, 625, 1440]
    (given_up,) = world.hub.deps.threads.given_up_notices(10)
    assert given_up == world.notice(case.victim)
    assert given_up.gave_up_why == TOO_MANY_TRIES
    assert [record.message for record in caplog.records] == ["a message was given up"]


def test_what_a_provider_refuses_is_given_up_at_once_and_a_new_reason_begins_anew(
    world: Sending,
) -> None:
    (case,) = _victims(world, 1)
    world.provider.does = [REFUSED, TAKEN]
    world.run()
    notice = world.notice(case.victim)
    assert (notice.gave_up_why, notice.sent_at) == (REFUSED_BY_CARRIER, None)
    world.run_for(60)
    assert len(world.provider.handed) == 1
    world.something_new(case)
    world.run()
    assert _is_settled(world, case)
    first, second = (one.message.receipt for one in world.provider.handed)
    assert first != second


@pytest.mark.parametrize("knows", [True, False])
def test_a_sender_killed_between_handing_over_and_marking_loses_and_doubles_nothing(
    *, knows: bool
) -> None:
    # Killed so often it hands over more in an hour than the brake allows.
    world = sending(knows=knows, an_hour=5 * KILLS)
    cases = _victims(world, KILLS)
    world.provider.does = [KILLED_AFTER] * KILLS + [TAKEN]
    world.run_for(2 * KILLS + 60)
    assert all(_is_settled(world, case) for case in cases)
    assert len(world.provider.arrivals) == KILLS
    most = 1 if world.provider.knows else 2
    assert max(world.provider.arrivals.values()) == most


def test_a_sender_killed_before_it_hands_over_loses_nothing(world: Sending) -> None:
    (case,) = _victims(world, 1)
    world.provider.does = [KILLED_BEFORE, TAKEN]
    world.run_for(6)
    assert _is_settled(world, case)
    assert len(world.provider.arrived) == 1


def test_a_message_with_which_every_sender_dies_waits_longer_each_time_and_is_given_up() -> None:
    world = sending(knows=True)
    (case,) = _victims(world, 1)
    world.provider.does = [KILLED_BEFORE]
    world.run_for(20)
    assert world.notice(case.victim).tries == 3
    world.run_for(30 * 60)
    assert world.notice(case.victim).gave_up_why == TOO_MANY_TRIES


def test_where_nobody_can_say_twice_a_supervisor_sees_it() -> None:
    world = sending(knows=False)
    (case,) = _victims(world, 1)
    world.provider.does = [LOSES_ANSWER]
    world.run_for(24 * 60)
    assert len(world.provider.arrived) == 2
    notice = world.notice(case.victim)
    assert notice.gave_up_why == NOT_KNOWN_WHETHER_SENT
    # It may have left: nothing more is sent to them on this day.
    assert notice.sent_at == world.provider.handed[-1].at


def test_where_it_can_be_asked_nothing_is_sent_again_until_it_says_that_it_has_it_not() -> None:
    world = sending(knows=True)
    (case,) = _victims(world, 1)
    world.provider.does = [LOSES_ANSWER, TAKEN]
    world.run()
    world.provider.is_up = False
    world.run_for(HALF_AN_HOUR)
    assert not _is_settled(world, case)
    world.provider.is_up = True
    world.run_for(6)
    assert _is_settled(world, case)
    assert len(world.provider.handed) == 1
