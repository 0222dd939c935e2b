"""Safe contact and messages that wait: the stores and their fakes keep one contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.brake import Brake, Carrier
from chalicelib.domain.contact import SafeContact
from chalicelib.domain.needs import Need, Needs
from chalicelib.domain.notices import Notice, Recipient, given_up, to_victim
from chalicelib.domain.reaching import Reaching, Try
from chalicelib.domain.safety import HERE, OFF, SafeModeOff, Safety
from chalicelib.services.ports import ContactShown
from tests.integration.stores.contract_steps import conflict, new_name

if TYPE_CHECKING:
    from tests.seeding import Hub


def _contact(hub: Hub) -> SafeContact:
    return SafeContact(
        ways={"phone": "07700 900123", "email": "somebody@mail.example"},
        never=frozenset({"post"}),
        days=frozenset({0, 4}),
        first=time(9, 30),
        last=time(16),
        leave_words="Please ring back.",
        who_else="My sister",
        code_word="bluebell",
        more="Ring twice.",
        notify_by="email",
        links=True,
        may_tell=frozenset({"new_era"}),
        number_at=hub.clock(),
        number_by="PC Example",
        confirmed_at=hub.clock(),
        confirmed_by="victim",
        said_in=1,
    )


def _due(hub: Hub, to: Recipient) -> list[Notice]:
    # The list is everybody's: other tests have messages in it.
    due = hub.deps.threads.due_notices(hub.clock(), 100_000)
    return [notice for notice in due if notice.to == to]


def _given_up(hub: Hub, to: Recipient) -> list[Notice]:
    return [notice for notice in hub.deps.threads.given_up_notices(100_000) if notice.to == to]


def test_safe_contact_comes_back_as_it_was_agreed_and_one_of_two_changes_wins(hub: Hub) -> None:
    victim, threads = hub.seed().victim, hub.deps.threads
    assert threads.read(victim).contact == SafeContact()
    hub.write(threads.keep_contact(victim, _contact(hub)))
    contact = threads.read(victim).contact
    assert contact == replace(_contact(hub), version=1)
    assert conflict(hub, threads.keep_contact(victim, SafeContact())) == {"contact"}
    hub.write(threads.keep_contact(victim, replace(contact, ways={})))
    assert threads.read(victim).contact == replace(contact, ways={}, version=2)


def test_what_somebody_chose_comes_back_and_one_of_two_changes_wins(hub: Hub) -> None:
    victim, threads, now = hub.seed().victim, hub.deps.threads, hub.clock()
    off = SafeModeOff(now, "PC Example", "They live alone now.", "burglary", frozenset({"child"}))
    chosen = Safety(OFF, now, "victim", off, True, now, HERE, "victim", now)  # noqa: FBT003 -- as in the class
    assert threads.read(victim).safety == Safety()
    hub.write(threads.keep_safety(victim, chosen))
    assert threads.read(victim).safety == replace(chosen, version=1)
    assert conflict(hub, threads.keep_safety(victim, Safety())) == {"safety"}


def test_contact_choices_and_needs_of_many_are_read_at_once(hub: Hub) -> None:
    known, other, threads = hub.seed().victim, hub.seed().victim, hub.deps.threads
    need = Need("health", {"health_what": "Epilepsy"}, (), hub.clock(), "victim", 1)
    hub.write(threads.keep_needs(known, Needs((need,))))
    hub.write(threads.keep_contact(known, _contact(hub)))
    hub.write(threads.keep_safety(known, Safety(hides_history=True)))
    shown = threads.contacts_of([known, other])
    assert shown[known].contact == replace(_contact(hub), version=1)
    assert shown[known].safety.hides_history
    assert shown[known].needs == Needs((need,), version=1)
    assert shown[other] == ContactShown(SafeContact(), Safety(), Needs())


def test_tries_to_reach_somebody_are_kept_for_each_piece_of_news(hub: Hub) -> None:
    victim, threads = hub.seed().victim, hub.deps.threads
    once = Reaching("entry-1", (Try(hub.clock(), "phone", "PC Example"),))
    hub.write(threads.keep_reaching(victim, once))
    assert conflict(hub, threads.keep_reaching(victim, once)) == {"reaching"}
    file = threads.read(victim)
    assert file.reached("entry-1") == replace(once, version=1)
    assert file.reached("entry-2") == Reaching("entry-2")


def test_the_last_visit_replaces_the_one_before(hub: Hub) -> None:
    victim, threads = hub.seed().victim, hub.deps.threads
    assert threads.read(victim).visited_at is None
    hub.write(threads.visited(victim, hub.clock()))
    hub.clock.forward(hours=1)
    hub.write(threads.visited(victim, hub.clock()))
    assert threads.read(victim).visited_at == hub.clock()


def test_many_reasons_are_one_message_that_waits_since_the_first(hub: Hub) -> None:
    case, threads, first = hub.seed(), hub.deps.threads, hub.clock()
    to = to_victim(case.victim)
    assert threads.notice(to) is None
    hub.write(threads.want_notice(to, case.key, first), threads.want_notice(to, case.key, first))
    hub.clock.forward(minutes=5)
    hub.write(threads.want_notice(to, case.key, hub.clock()))
    (notice,) = _due(hub, to)
    assert (notice.case_key, notice.due_at, notice.wanted_at) == (case.key, first, hub.clock())
    assert notice.is_waiting
    assert notice == threads.notice(to) == threads.read(case.victim).notice


def test_a_message_that_waits_for_later_is_not_looked_at_before(hub: Hub) -> None:
    case, threads = hub.seed(), hub.deps.threads
    to = to_victim(case.victim)
    hub.write(threads.want_notice(to, case.key, hub.clock()))
    (notice,) = _due(hub, to)
    later = replace(notice, due_at=hub.clock() + timedelta(minutes=1))
    hub.write(threads.keep_notice(later))
    assert _due(hub, to) == []
    assert to in {waiting.to for waiting in threads.waiting_notices(100_000)}
    hub.clock.forward(minutes=1)
    assert _due(hub, to) == [replace(later, version=later.version + 1)]


def test_a_reason_that_comes_meanwhile_is_never_lost(hub: Hub) -> None:
    case, threads = hub.seed(), hub.deps.threads
    to = to_victim(case.victim)
    hub.write(threads.want_notice(to, case.key, hub.clock()))
    (seen,) = _due(hub, to)
    hub.write(threads.want_notice(to, case.key, hub.clock()))
    assert conflict(hub, threads.keep_notice(replace(seen, due_at=None))) == {"notice"}


def test_everything_of_a_message_comes_back(hub: Hub) -> None:
    now, to = hub.clock(), Recipient(f"officer#{new_name()}")
    notice = Notice(
        to, "", 3, 1, now, "receipt", "email", 2, now, 4, 1, now, now, "", wanted_at=now
    )
    hub.write(hub.deps.threads.keep_notice(notice))
    assert hub.deps.threads.notice(to) == replace(notice, version=1)


def test_what_was_given_up_stands_in_a_list_of_its_own_until_there_is_a_new_reason(
    hub: Hub,
) -> None:
    threads, to = hub.deps.threads, Recipient(f"officer#{new_name()}")
    hub.write(threads.want_notice(to, None, hub.clock()))
    (notice,) = _due(hub, to)
    hub.write(threads.keep_notice(given_up(notice, hub.clock(), "tried too often")))
    assert _due(hub, to) == []
    assert [each.gave_up_why for each in _given_up(hub, to)] == ["tried too often"]
    hub.write(threads.want_notice(to, None, hub.clock()))
    assert _given_up(hub, to) == []
    assert [each.is_waiting for each in _due(hub, to)] == [True]


def test_check_words_are_known_for_their_day_alone(hub: Hub) -> None:
    access, pair, today = hub.deps.access, new_name(), hub.deps.today()
    hub.write(access.new_pair(pair, hub.clock()))
    assert access.pair_was_sent(pair, today)
    assert not access.pair_was_sent(pair, today - timedelta(days=1))
    assert not access.pair_was_sent(new_name(), today)


def test_the_brake_comes_back_and_one_of_two_changes_wins(hub: Hub) -> None:
    access, now = hub.deps.access, hub.clock()
    seen = access.brake()
    brake = Brake({29_000_000: 3}, now, ("willow", "Sergeant Willow"), now, seen.version)
    hub.write(access.keep_brake(brake))
    assert access.brake() == replace(brake, version=seen.version + 1)
    assert conflict(hub, access.keep_brake(seen)) == {"brake"}
    hub.write(access.keep_brake(Brake(version=seen.version + 1)))


def test_what_is_known_of_a_provider_comes_back_and_one_of_two_changes_wins(hub: Hub) -> None:
    access, name, now = hub.deps.access, new_name(), hub.clock()
    assert access.carrier(name) == Carrier(name)
    hub.write(access.keep_carrier(Carrier(name, now, now, now)))
    assert access.carrier(name) == Carrier(name, now, now, now, version=1)
    assert conflict(hub, access.keep_carrier(Carrier(name))) == {"carrier"}
