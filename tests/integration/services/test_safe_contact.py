"""Safe contact: who says it, what it ends, when somebody asks again, and who was first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.contact import expires_at
from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.domain.notices import Notice, claimed_by_sender, to_officer, to_victim
from chalicelib.domain.promises import TASK, Promise
from chalicelib.domain.safety import ON, Safety
from chalicelib.services.contact_changes import ContactSaid
from chalicelib.services.hand_over import hand_over
from chalicelib.services.keep_contact import (
    ContactChangedError,
    confirm_contact,
    confirm_own,
    note_contact,
    set_contact,
)
from chalicelib.services.keep_task import TaskDone, do_task, drop_task
from chalicelib.services.leave_case import record_back, record_left
from tests.builders import OFFICER, STOKE, seed_case
from tests.integration.services.contact_steps import (
    MAIL,
    NUMBER,
    contact_by_text,
    notes_contact,
    sets_contact,
)
from tests.integration.services.court_steps import charged, in_charge
from tests.integration.services.following import OnceAsBefore, owed
from tests.integration.services.staff_steps import (
    audit_of,
    case_of,
    colleague,
    file_of,
    staff,
    victim,
)
from tests.integration.web.desk_steps import new_officer
from tests.integration.web.victim_steps import DeafLedger, SilentLedger

if TYPE_CHECKING:
    from chalicelib.domain.contact import SafeContact
    from tests.builders import SeededCase
    from tests.integration.conftest import World


@pytest.fixture
def case(world: World) -> SeededCase:
    """Return a case of no high harm, with two victims."""
    return seed_case(world.deps, victims=("V1", "V2"))


def _contact(world: World, case: SeededCase, label: str | None = None) -> SafeContact:
    return file_of(world, case, label).contact


def _asking(world: World, case: SeededCase) -> list[Promise]:
    return [p for p in owed(world, case, TASK) if p.event == "confirm_contact"]


def _waits(world: World, case: SeededCase) -> Notice:
    """Let a message wait for the victim, and return it."""
    wanted = world.deps.threads.want_notice(to_victim(case.victim), case.key, world.clock())
    world.deps.ledger.write([wanted])
    return _notice(world, case)


def _notice(world: World, case: SeededCase) -> Notice:
    notice = file_of(world, case).notice
    assert notice is not None
    return notice


def _begun(world: World, case: SeededCase, channel: str) -> None:
    """Let a sender begin the message that waits by a channel."""
    begun = claimed_by_sender(
        _notice(world, case), world.clock(), receipt="r", channel=channel, rules=world.deps.rules
    )
    world.deps.ledger.write([world.deps.threads.keep_notice(begun)])


# --- said and confirmed


def test_what_a_victim_says_is_kept_as_theirs_alone(world: World, case: SeededCase) -> None:
    now = world.clock()
    sets_contact(world, case, "V1")
    assert _contact(world, case, "V1") == contact_by_text(
        number_at=now,
        number_by="victim",
        confirmed_at=now,
        confirmed_by="victim",
        said_in=1,
        version=1,
    )
    assert _contact(world, case, "V2").confirmed_at is None


def test_what_staff_write_down_stands_under_their_name(world: World, case: SeededCase) -> None:
    notes_contact(world, case)
    assert _contact(world, case).confirmed_by == "PC Example"


def test_nothing_chosen_is_here_only_and_confirmed(world: World, case: SeededCase) -> None:
    nothing: dict[str, Any] = {
        "ways": {},
        "never": frozenset(),
        "days": frozenset(),
        "notify_by": "",
    }
    sets_contact(world, case, **nothing, first=None, last=None, code_word="")
    contact = _contact(world, case)
    assert (contact.ways, contact.notify_by, contact.confirmed_by) == ({}, "", "victim")


def test_a_code_word_stays_until_it_is_replaced_or_dropped(world: World, case: SeededCase) -> None:
    sets_contact(world, case)
    sets_contact(world, case, code_word="", more="Ring twice.")
    assert _contact(world, case).code_word == "bluebell"
    sets_contact(world, case, code_word="foxglove")
    assert _contact(world, case).code_word == "foxglove"
    sets_contact(world, case, code_word="", drops=True)
    assert _contact(world, case).code_word == ""


def test_still_right_confirms_anew_and_changes_nothing_else(world: World, case: SeededCase) -> None:
    sets_contact(world, case)
    before = _contact(world, case)
    world.clock.forward(hours=24 * 80)
    confirm_contact(world.deps, staff(world), case.key, case.victim, before.version)
    assert _contact(world, case) == replace(
        before, confirmed_at=world.clock(), confirmed_by="PC Example", version=2
    )
    world.clock.forward(minutes=1)
    confirm_own(world.deps, victim(world, case), 2)
    assert _contact(world, case).confirmed_by == "victim"


def test_the_same_form_sent_twice_changes_nothing(world: World, case: SeededCase) -> None:
    session, said = victim(world, case), ContactSaid(contact_by_text(), 0)
    set_contact(world.deps, session, said)
    once = file_of(world, case)
    world.clock.forward(minutes=1)
    set_contact(world.deps, session, said)
    note_contact(world.deps, staff(world), case.key, case.victim, said)
    assert file_of(world, case) == replace(once, visited_at=file_of(world, case).visited_at)


def test_still_right_pressed_twice_confirms_once(world: World, case: SeededCase) -> None:
    sets_contact(world, case)
    session = victim(world, case)
    confirm_own(world.deps, session, 1)
    once = _contact(world, case)
    world.clock.forward(minutes=1)
    confirm_own(world.deps, session, 1)
    assert _contact(world, case) == once


def test_still_right_is_said_of_the_words_that_were_read_and_of_no_others(
    world: World, case: SeededCase
) -> None:
    sets_contact(world, case)
    sets_contact(world, case, ways={"phone": "07700 900456"})
    before = _contact(world, case)
    with pytest.raises(ContactChangedError):
        confirm_own(world.deps, victim(world, case), 1)
    notes_contact(world, case, more="Ring twice.")
    with pytest.raises(StaleError):
        confirm_contact(world.deps, staff(world), case.key, case.victim, before.version)


def test_two_who_read_the_same_words_may_both_say_that_they_are_right(
    world: World, case: SeededCase
) -> None:
    sets_contact(world, case)
    confirm_contact(world.deps, staff(world), case.key, case.victim, 1)
    confirm_own(world.deps, victim(world, case), 1)
    assert _contact(world, case).confirmed_by == "victim"


# --- since when a number proves whose it is (D4)


def _stands_since(world: World, case: SeededCase) -> tuple[Any, str]:
    contact = _contact(world, case)
    return contact.number_at, contact.number_by


def test_a_number_keeps_the_day_and_the_name_of_who_wrote_it_down(
    world: World, case: SeededCase
) -> None:
    since = (world.clock(), "PC Example")
    notes_contact(world, case)
    sets_contact(world, case, more="Ring twice.", code_word="")
    confirm_own(world.deps, victim(world, case), 2)
    assert _stands_since(world, case) == since
    later = (world.clock(), "victim")
    sets_contact(world, case, ways={"phone": "07700 900456"})
    assert _stands_since(world, case) == later


def test_a_number_that_was_taken_away_and_comes_back_is_new(world: World, case: SeededCase) -> None:
    notes_contact(world, case)
    sets_contact(world, case, ways={}, notify_by="")
    assert _stands_since(world, case) == (None, "")
    since = (world.clock(), "victim")
    sets_contact(world, case)
    assert _stands_since(world, case) == since


@pytest.mark.parametrize("change", [{"code_word": "foxglove"}, {"code_word": "", "drops": True}])
def test_a_code_word_that_is_replaced_or_taken_away_makes_the_number_new(
    world: World, case: SeededCase, change: dict[str, Any]
) -> None:
    notes_contact(world, case)
    since = (world.clock(), "victim")
    sets_contact(world, case, **change)
    assert _stands_since(world, case) == since


def test_a_first_code_word_makes_no_number_new(world: World, case: SeededCase) -> None:
    since = (world.clock(), "PC Example")
    notes_contact(world, case, code_word="")
    sets_contact(world, case, code_word="bluebell")
    assert _stands_since(world, case) == since


# --- safe mode


def test_in_safe_mode_no_message_is_agreed_and_what_is_never_used_stays(world: World) -> None:
    abuse = seed_case(world.deps, flags=("domestic_abuse",))
    sets_contact(world, abuse, never=frozenset({"email"}))
    contact = _contact(world, abuse)
    assert (contact.ways, contact.notify_by) == ({"phone": NUMBER}, "")
    assert contact.never == frozenset()


def test_safe_mode_by_choice_keeps_what_must_never_be_used(world: World, case: SeededCase) -> None:
    sets_contact(world, case, never=frozenset({"email", "post"}))
    world.deps.ledger.write([world.deps.threads.keep_safety(case.victim, Safety(wish=ON))])
    sets_contact(world, case, never=frozenset({"phone"}), ways={})
    assert _contact(world, case).never == {"email", "phone"}
    assert _contact(world, case).notify_by == ""


# --- what it ends, and who hears of it


def test_a_message_that_is_no_longer_allowed_is_ended(world: World, case: SeededCase) -> None:
    sets_contact(world, case)
    _waits(world, case)
    sets_contact(world, case, more="Ring twice.")
    assert _notice(world, case).is_waiting
    sets_contact(world, case, notify_by="")
    ended = _notice(world, case)
    assert (ended.is_waiting, ended.due_at, ended.sent_at) == (False, None, None)


@pytest.mark.parametrize(
    ("change", "is_begun"),
    [
        ({}, True),
        ({"ways": {"text": "07700 900456"}}, False),
        ({"ways": {"text": NUMBER, "email": MAIL}, "notify_by": "email"}, False),
    ],
)
def test_a_message_that_was_begun_goes_on_only_to_where_it_began_and_else_begins_anew(
    world: World, case: SeededCase, change: dict[str, Any], *, is_begun: bool
) -> None:
    sets_contact(world, case)
    _waits(world, case)
    _begun(world, case, "text")
    before = _notice(world, case)
    notes_contact(world, case, **change)
    after = _notice(world, case)
    assert (after.is_waiting, after.is_begun) == (True, is_begun)
    # Whoever asked the gate before the change cannot claim it any more.
    assert after.version > before.version


def test_the_officer_gets_word_of_what_a_victim_changed_and_of_nothing_else(
    world: World, case: SeededCase
) -> None:
    def reasons() -> int:
        notice = world.deps.threads.notice(to_officer(OFFICER.id))
        return notice.wanted if notice else 0

    before = reasons()
    notes_contact(world, case)
    confirm_own(world.deps, victim(world, case), 1)
    assert reasons() == before
    sets_contact(world, case, more="Ring twice.")
    assert reasons() == before + 1


def test_the_audit_lines_say_that_it_changed_and_never_what_it_says(
    world: World, case: SeededCase
) -> None:
    sets_contact(world, case, code_word="bluebell", who_else="My sister")
    confirm_contact(world.deps, staff(world), case.key, case.victim, 1)
    lines = repr([line.serialize() for line in audit_of(case)])
    assert "set safe contact" in lines
    assert "confirmed safe contact" in lines
    for word in ("bluebell", "sister", NUMBER):
        assert word not in lines


# --- asking again


def test_the_officer_is_to_ask_again_by_the_day_on_which_it_is_too_old(
    world: World, case: SeededCase
) -> None:
    assert not _asking(world, case)
    sets_contact(world, case)
    (promise,) = _asking(world, case)
    ends = expires_at(_contact(world, case), world.deps.rules)
    assert ends is not None
    assert (promise.due_on, promise.owner) == (date(2027, 2, 16), OFFICER.id)
    assert promise.due_on == ends.date()
    assert promise.owed == "We ask you whether your safe contact is still right"


def test_confirming_it_keeps_the_promise_and_makes_the_next(world: World, case: SeededCase) -> None:
    sets_contact(world, case)
    (first,) = _asking(world, case)
    world.clock.forward(hours=24 * 10)
    confirm_contact(world.deps, staff(world), case.key, case.victim, 1)
    (second,) = _asking(world, case)
    kept = next(p for p in file_of(world, case).owed if p.id == first.id)
    assert kept.kept_at == world.clock()
    assert second.due_on == first.due_on + timedelta(days=10)


def test_who_wants_to_hear_nothing_more_is_not_asked_until_they_do_again(
    world: World, case: SeededCase
) -> None:
    sets_contact(world, case)
    due = _asking(world, case)[0].due_on
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    assert not _asking(world, case)
    sets_contact(world, case, more="Ring twice.")
    assert not _asking(world, case)
    record_back(world.deps, staff(world), case.key, case.victim)
    assert [promise.due_on for promise in _asking(world, case)] == [due]


def test_who_comes_back_when_it_is_too_old_is_asked_today(world: World, case: SeededCase) -> None:
    sets_contact(world, case)
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    world.clock.forward(hours=24 * 100)
    record_back(world.deps, staff(world), case.key, case.victim)
    assert [promise.due_on for promise in _asking(world, case)] == [world.deps.today()]


def test_asking_again_is_kept_by_asking_alone_and_may_be_no_longer_needed(
    world: World, case: SeededCase
) -> None:
    sets_contact(world, case)
    (promise,) = _asking(world, case)
    args = (world.deps, staff(world), case.key, case.victim)
    with pytest.raises(NotAllowedError):
        do_task(*args, TaskDone(world.deps.today(), "Asked."), promise_id=promise.id)
    assert _asking(world, case)
    drop_task(*args, "The case is over.", promise_id=promise.id)
    assert not _asking(world, case)
    notes_contact(world, case, more="Ring twice.")
    assert _asking(world, case)


# --- who was first


def test_of_victim_and_officer_at_once_the_second_is_told_and_stores_nothing(
    world: World, case: SeededCase
) -> None:
    notes_contact(world, case)
    other = ContactSaid(contact_by_text(more="Ring twice."), 0)
    with pytest.raises(ContactChangedError) as changed:
        set_contact(world.deps, victim(world, case), other)
    assert changed.value.opened.file.contact.confirmed_by == "PC Example"
    with pytest.raises(ContactChangedError):
        confirm_own(world.deps, victim(world, case), 0)
    with pytest.raises(StaleError):
        note_contact(world.deps, staff(world), case.key, case.victim, other)
    with pytest.raises(StaleError):
        confirm_contact(world.deps, staff(world, "b", name="PC B"), case.key, case.victim, 0)
    assert _contact(world, case).more == ""


def test_a_reason_for_a_message_that_comes_meanwhile_is_ended_as_well(
    world: World, case: SeededCase
) -> None:
    sets_contact(world, case)
    _waits(world, case)
    before, session = file_of(world, case), victim(world, case)
    _waits(world, case)
    late = replace(world.deps, threads=OnceAsBefore(world.deps.threads, before))
    set_contact(late, session, ContactSaid(contact_by_text(notify_by=""), 1))
    assert not _notice(world, case).is_waiting


def test_a_case_handed_over_meanwhile_lets_its_new_officer_ask(world: World) -> None:
    moving = charged(world)
    old, new = case_of(world, moving).officer, new_officer("PC Example the Third")
    colleague(world, new.id, team=new.team)
    before: Any = (file_of(world, moving), case_of(world, moving))
    session, cases = victim(world, moving), OnceAsBefore(world.deps.cases, before[1])
    hand_over(world.deps, in_charge(world, moving), moving.key, new.id, seen_officer=old.id)
    late: Any = replace(world.deps, threads=OnceAsBefore(world.deps.threads, before[0]))
    set_contact(replace(late, cases=cases), session, ContactSaid(contact_by_text(), 0))
    (promise,) = _asking(world, moving)
    assert (promise.owner, promise.team) == (new.id, new.team)


def test_an_answer_of_the_store_that_was_lost_is_found_out(world: World, case: SeededCase) -> None:
    session, said = victim(world, case), ContactSaid(contact_by_text(), 0)
    deaf: Any = replace(world.deps, ledger=DeafLedger(world))
    set_contact(deaf, session, said)
    assert _contact(world, case).version == 1
    confirm_contact(deaf, staff(world), case.key, case.victim, 1)
    assert _contact(world, case).version == 2
    silent: Any = replace(world.deps, ledger=SilentLedger())
    with pytest.raises(StoreUnavailableError):
        set_contact(silent, session, ContactSaid(contact_by_text(more="Ring twice."), 2))
    with pytest.raises(StoreUnavailableError):
        confirm_contact(silent, staff(world), case.key, case.victim, 2)


# --- who may


@pytest.mark.parametrize("role", ["partner", "administrator"])
def test_a_role_without_cases_writes_nothing_down(
    world: World, case: SeededCase, role: str
) -> None:
    session, said = staff(world, role, role=role), ContactSaid(contact_by_text(), 0)
    with pytest.raises(NotAllowedError):
        note_contact(world.deps, session, case.key, case.victim, said)
    with pytest.raises(NotAllowedError):
        confirm_contact(world.deps, session, case.key, case.victim, 0)


def test_that_of_another_teams_case_or_of_nobody_in_it_is_not_there(
    world: World, case: SeededCase
) -> None:
    far, other = staff(world, "far", team=STOKE), seed_case(world.deps)
    said = ContactSaid(contact_by_text(), 0)
    with pytest.raises(NotFoundError):
        note_contact(world.deps, far, case.key, case.victim, said)
    with pytest.raises(NotFoundError):
        note_contact(world.deps, staff(world), case.key, other.victim, said)
    assert _contact(world, case).version == 0
    assert _contact(world, other).version == 0
