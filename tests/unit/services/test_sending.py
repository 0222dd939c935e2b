"""The sender, one rule at a time: digests, rest, the brake, who looks first, what is planned."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.brake import released
from chalicelib.domain.contact import EMAIL
from chalicelib.domain.gate import HERE_ONLY, NO_ADDRESS, Cleared, Later, Never
from chalicelib.domain.notices import FAILED, REFUSED, TAKEN, to_officer, to_victim
from chalicelib.domain.pairs import pair_of
from chalicelib.rules.pair_words import load_pair_words
from chalicelib.services.clear import SEEN
from chalicelib.services.send import NOT_MADE_YET, planned
from tests.sending import HOME, LOSES_ANSWER, NOON, Sending, sending

if TYPE_CHECKING:
    from chalicelib.domain.gate import Cleared as Message

MINUTE = timedelta(minutes=1)


@pytest.fixture
def world() -> Sending:
    """Give a hub with a provider that takes everything."""
    return sending()


def test_a_message_has_the_check_words_of_its_receipt_which_are_known_that_day(
    world: Sending,
) -> None:
    case = world.victim()
    world.something_new(case)
    assert world.run() == 1
    (handed,) = world.provider.handed
    pair = pair_of(handed.message.receipt, load_pair_words())
    assert handed.message.words == f"There is a new message for you. Check words: {pair}"
    assert world.hub.deps.access.pair_was_sent(pair, world.hub.deps.today())


def test_many_reasons_are_one_message_and_what_comes_later_waits_a_day(world: Sending) -> None:
    case = world.victim()
    world.something_new(case)
    world.something_new(case)
    world.run_for(60)
    assert len(world.provider.handed) == 1
    world.something_new(case)
    world.run_for(22 * 60 + 59)
    assert len(world.provider.handed) == 1
    world.run_for(1)
    assert [one.at for one in world.provider.handed] == [NOON, NOON + timedelta(hours=24)]


def test_a_reason_that_comes_while_a_message_leaves_is_told_by_the_next(world: Sending) -> None:
    case = world.victim()
    world.something_new(case)
    world.provider.meanwhile = lambda _: _forget_hook(world, lambda: world.something_new(case))
    assert world.run() == 1
    world.run_for(24 * 60)
    assert [one.at for one in world.provider.handed] == [NOON, NOON + timedelta(hours=24)]


@pytest.mark.parametrize("outcome", [TAKEN, FAILED, REFUSED, LOSES_ANSWER])
def test_what_was_ended_while_it_left_stays_ended(world: Sending, outcome: str) -> None:
    case = world.victim()
    contact = world.hub.deps.threads.read(case.victim).contact
    world.something_new(case)
    world.provider.does = [outcome]
    world.provider.meanwhile = lambda _: _forget_hook(
        world, lambda: world.agrees(case, replace(contact, notify_by=""))
    )
    world.run_for(60)
    assert len(world.provider.handed) == 1
    assert world.hub.deps.threads.waiting_notices(10) == ()
    assert world.hub.deps.threads.given_up_notices(10) == ()


def _forget_hook(world: Sending, do: object) -> None:
    world.provider.meanwhile = lambda _: None
    do()  # type: ignore[operator]


def test_what_a_change_of_mind_ended_while_it_left_still_counts_as_sent(world: Sending) -> None:
    case = world.victim()
    world.something_new(case)
    contact = world.hub.deps.threads.read(case.victim).contact

    def change_twice(_: Message) -> None:
        world.provider.meanwhile = lambda _: None
        world.agrees(case, replace(contact, notify_by=""))
        world.agrees(case, contact)
        world.something_new(case)

    world.provider.meanwhile = change_twice
    world.run_for(23 * 60)
    assert len(world.provider.handed) == 1
    world.run_for(60)
    assert len(world.provider.handed) == 2


def test_an_officer_gets_one_message_for_all_that_came_in_ten_minutes(world: Sending) -> None:
    officer = world.officer()
    for _ in range(25):
        world.something_to_do(officer)
        world.run()
        world.clock.forward(minutes=1)
    sent = [(one.at - NOON) / MINUTE for one in world.provider.handed]
    assert sent == [0, 10, 20]
    assert world.provider.arrivals == {"willow@desk.example": 3}


def test_one_more_than_the_brake_allows_stops_all_and_raises_the_alarm(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = sending(an_hour=3)
    for _ in range(5):
        world.something_new(world.victim())
    with caplog.at_level(logging.ERROR, logger="hub"):
        assert world.run() == 3
    assert [record.message for record in caplog.records] == [
        "messages stopped: too many in an hour"
    ]
    world.run_for(24 * 60)
    assert len(world.provider.handed) == 3
    access = world.hub.deps.access
    world.hub.write(access.keep_brake(released(access.brake())))
    assert world.run() == 2


@pytest.mark.parametrize(("seconds", "stops"), [(59 * 60 + 1, True), (60 * 60 + 1, False)])
def test_no_sixty_minutes_hold_more_than_the_brake_allows(seconds: int, *, stops: bool) -> None:
    world = sending(NOON + timedelta(seconds=59), an_hour=1)
    world.something_new(world.victim())
    world.run()
    world.clock.forward(seconds=seconds)
    world.something_new(world.victim())
    world.run()
    assert (world.hub.deps.access.brake().stopped_at is not None) == stops
    assert len(world.provider.handed) == (1 if stops else 2)


def test_without_providers_nothing_is_read_or_written(world: Sending) -> None:
    case = world.victim()
    world.something_new(case)
    before = world.notice(case.victim)
    assert world.run({}) == 0
    assert world.notice(case.victim) == before
    assert world.run() == 1


def test_a_way_that_nobody_carries_waits(world: Sending) -> None:
    case = world.victim()
    world.something_new(case)
    assert world.run({EMAIL: world.provider}) == 0
    assert world.notice(case.victim).due_at == NOON + 15 * MINUTE
    world.run_for(15)
    assert len(world.provider.handed) == 1


def test_whoever_looked_since_gets_no_message(world: Sending) -> None:
    case = world.victim()
    world.something_new(case)
    world.clock.forward(seconds=30)
    world.hub.write(world.hub.deps.threads.visited(case.victim, world.clock()))
    world.clock.forward(seconds=30)
    assert world.run() == 0
    assert not world.notice(case.victim).is_waiting
    world.something_new(case)
    assert world.run() == 1


def test_what_is_not_allowed_is_ended_and_the_audit_says_why_without_an_address(
    world: Sending,
) -> None:
    case, officer = world.victim(notify_by=""), world.officer(email="")
    world.something_new(case)
    world.something_to_do(officer)
    assert world.run() == 0
    assert world.hub.deps.threads.waiting_notices(10) == ()
    lines = world.hub.deps.audit.lines.values()  # type: ignore[attr-defined]
    said = {line.about: line.what for line in lines if line.who == "service"}
    assert said == {
        case.key: f"ended a message: {HERE_ONLY}",
        f"staff {officer}": f"ended a message: {NO_ADDRESS}",
    }


def test_a_message_waits_for_the_hours_that_were_agreed(world: Sending) -> None:
    case = world.victim()
    contact = world.hub.deps.threads.read(case.victim).contact
    world.agrees(case, replace(contact, first=contact.first.replace(hour=18)))  # type: ignore[union-attr]
    world.something_new(case)
    world.run_for(8 * 60)
    (handed,) = world.provider.handed
    assert handed.at == NOON + timedelta(hours=6)


def test_two_senders_at_a_time_send_nothing_twice(world: Sending) -> None:
    for _ in range(3):
        world.something_new(world.victim())
    world.provider.meanwhile = lambda _: _forget_hook(world, world.run)
    world.run_for(10)
    assert sorted(world.provider.arrivals.values()) == [1, 1, 1]


def test_what_is_planned_is_what_the_gate_says_and_writes_nothing(world: Sending) -> None:
    goes, waits, looked = world.victim(links=True), world.victim(), world.victim()
    world.something_new(waits)
    assert world.run() == 1
    for case in (goes, waits, looked):
        world.something_new(case)
    world.something_to_do(world.officer())
    world.clock.forward(minutes=1)
    world.hub.write(world.hub.deps.threads.visited(looked.victim, world.clock()))
    before = world.hub.deps.threads.waiting_notices(10)
    answers = {one.notice.to: one.answer for one in planned(world.hub.deps, home=HOME, limit=10)}
    message = answers[to_victim(goes.victim)]
    assert isinstance(message, Cleared)
    assert message.words == (f"There is a new message for you. Check words: {NOT_MADE_YET} {HOME}")
    assert answers[to_victim(waits.victim)] == Later(NOON + timedelta(hours=24))
    assert answers[to_victim(looked.victim)] == Never(SEEN)
    assert isinstance(answers[to_officer(world.officer())], Cleared)
    assert world.hub.deps.threads.waiting_notices(10) == before
    assert len(world.provider.handed) == 1


def test_a_begun_message_whose_way_was_changed_behind_its_back_is_not_sent_another_way(
    world: Sending,
) -> None:
    case = world.victim(ways={"text": "07700 900501", "email": "rowan@mail.example"})
    world.something_new(case)
    world.provider.does = [LOSES_ANSWER, TAKEN]
    world.run()
    contact = world.hub.deps.threads.read(case.victim).contact
    world.hub.write(
        world.hub.deps.threads.keep_contact(case.victim, replace(contact, notify_by=EMAIL))
    )
    world.run_for(23 * 60)
    assert len(world.provider.handed) == 1
    world.run_for(2 * 60)
    assert [one.message.channel for one in world.provider.handed] == ["text", "email"]
