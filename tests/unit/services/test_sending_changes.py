"""What changes while a message is under way, and what one message must not do to the others."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.contact import EMAIL, TEXT
from chalicelib.domain.notices import FAILED, TAKEN, TOO_MANY_TRIES, to_victim
from chalicelib.services.send import planned, send_due
from tests.sending import HOME, NOON, KilledError, Sending, sending

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.cases import VictimKey
    from chalicelib.domain.contact import SafeContact
    from tests.builders import SeededCase

DAY = 24 * 60
OTHER = "07700 900999"


def _contact(world: Sending, case: SeededCase) -> SafeContact:
    return world.hub.deps.threads.read(case.victim).contact


def _addresses(world: Sending) -> list[str]:
    return [one.message.address for one in world.provider.arrived]


def test_after_too_many_tries_a_new_reason_is_tried_like_any_other() -> None:
    world = sending()
    case = world.victim()
    world.something_new(case)
    world.provider.does = [FAILED]
    world.run_for(DAY + 1)
    assert world.notice(case.victim).gave_up_why == TOO_MANY_TRIES
    world.provider.does = [TAKEN]
    world.something_new(case)
    world.run_for(30)
    assert len(world.provider.arrived) == 1
    assert world.notice(case.victim).gave_up_why == ""


@pytest.mark.parametrize(
    "changed",
    [
        lambda now: replace(now, ways={TEXT: OTHER}),
        lambda now: replace(now, links=True),
        lambda now: replace(now, days=frozenset()),
        lambda now: replace(now, notify_by=""),
    ],
    ids=["number", "links", "days", "no messages"],
)
def test_what_changes_while_a_provider_is_asked_holds(
    changed: Callable[[SafeContact], SafeContact],
) -> None:
    world = sending()
    down, case = world.victim(), world.victim()
    world.something_new(down)
    world.provider.does = [FAILED, TAKEN]
    world.run()
    world.something_new(case)
    later = replace(world.notice(down.victim), due_at=NOON + timedelta(hours=2))
    world.hub.write(world.hub.deps.threads.keep_notice(later))
    world.clock.forward(minutes=5)
    after = changed(_contact(world, case))
    asked = world.provider.answers

    def answers() -> bool:
        # Written past the service, as a change of the case is: the message's version stays.
        world.hub.write(world.hub.deps.threads.keep_contact(case.victim, after))
        world.provider.answers = asked  # type: ignore[method-assign]
        return asked()

    world.provider.answers = answers  # type: ignore[method-assign]
    world.run()
    sent = [one.message for one in world.provider.arrived]
    assert all((m.address, m.linked) == (after.ways[TEXT], after.links) for m in sent)
    assert bool(sent) == bool(after.notify_by and after.days)


def test_who_looked_while_the_news_was_being_stored_gets_word_of_it() -> None:
    world = sending()
    case, threads = world.victim(), world.hub.deps.threads
    wanted = threads.want_notice(to_victim(case.victim), case.key, world.clock())
    looked_at = world.clock() + timedelta(milliseconds=200)
    world.hub.write(threads.visited(case.victim, looked_at))
    world.hub.write(wanted)
    world.run_for(3)
    assert len(world.provider.arrived) == 1


def test_a_message_that_was_not_taken_goes_to_the_new_number() -> None:
    world = sending()
    case = world.victim()
    world.something_new(case)
    world.provider.does = [FAILED, TAKEN]
    world.run()
    world.agrees(case, replace(_contact(world, case), ways={TEXT: OTHER}))
    world.run_for(60)
    assert _addresses(world) == [OTHER]


def test_a_run_begins_no_message_so_late_that_it_could_be_stopped_in_its_middle() -> None:
    world = sending(knows=False)
    for _ in range(60):
        world.something_new(world.victim())
    began = [world.clock()]

    def takes_nine_seconds(_: object) -> None:
        world.clock.forward(seconds=9)
        if world.clock() - began[0] > timedelta(minutes=5):
            raise KilledError

    world.provider.meanwhile = takes_nine_seconds
    for _ in range(12):
        began[0] = world.clock()
        world.run()
        world.clock.forward(minutes=1)
    assert len(world.provider.arrivals) == 60
    assert max(world.provider.arrivals.values()) == 1


def test_what_cannot_be_read_takes_nobody_elses_turn(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, logger="hub")
    world = sending()
    broken, case = world.victim(), world.victim()
    world.something_new(broken)
    world.something_new(case)
    threads = world.hub.deps.threads

    class Unreadable:
        """The store of threads, with one victim whose items no release can read."""

        def __getattr__(self, name: str) -> Any:
            return getattr(threads, name)

        def read(self, victim: VictimKey, **more: Any) -> Any:
            if victim == broken.victim:
                message = "12/100000/34"
                raise ValueError(message)
            return threads.read(victim, **more)

    deps = replace(world.hub.deps, threads=Unreadable())
    providers = {TEXT: world.provider, EMAIL: world.provider}
    assert send_due(deps, providers, home=HOME) == 1
    assert planned(deps, home=HOME, limit=10) == ()
    assert caplog.messages == ["a message could not be looked at: ValueError"] * 2
