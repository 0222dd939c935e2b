"""Safe mode by choice: on at once, off with the victim's wish and an officer's reason alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.cases import Officer, OfficerId
from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    SessionEndedError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.domain.notices import Notice, to_officer, to_victim
from chalicelib.domain.promises import TASK, Promise
from chalicelib.services.hand_over import hand_over
from chalicelib.services.keep_measures import StepGiven, keep_step
from chalicelib.services.keep_safety import (
    SafetyChangedError,
    choose_hearing,
    confirm_off,
    hide_history,
    note_hearing,
    turn_on,
    wish_safe_mode,
)
from chalicelib.services.leave_case import record_back, record_left
from chalicelib.services.talks import talk_parts
from chalicelib.services.tasks import TaskGiven, task_parts
from chalicelib.services.victim_sessions import find_session, open_page, stay
from chalicelib.stores.tables import FileItem
from tests.builders import OFFICER, STOKE, seed_case
from tests.integration.import_steps import Records
from tests.integration.services.contact_steps import sets_contact
from tests.integration.services.court_steps import charged, in_charge
from tests.integration.services.following import OnceAsBefore, owed
from tests.integration.services.safety_steps import (
    WHY,
    confirms_off,
    is_safe,
    safety_of,
    seen_now,
    wishes,
)
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
    from pathlib import Path

    from tests.builders import SeededCase
    from tests.integration.conftest import World

ASKS = "They would like safe mode to be off. Ask whether it is safe."


@pytest.fixture
def case(world: World) -> SeededCase:
    """Return a case that is in safe mode for nobody, with two victims."""
    return seed_case(world.deps, victims=("V1", "V2"))


@pytest.fixture
def abuse(world: World) -> SeededCase:
    """Return a case that is in safe mode by its flag."""
    return seed_case(world.deps, flags=("domestic_abuse",))


def _talks(world: World, case: SeededCase) -> list[Promise]:
    return [promise for promise in owed(world, case, TASK) if promise.event == "talk"]


def _officers_reasons(world: World) -> int:
    notice = world.deps.threads.notice(to_officer(OFFICER.id))
    return notice.wanted if notice else 0


def _waits(world: World, case: SeededCase) -> None:
    """Let one more reason for a message come up."""
    wanted = world.deps.threads.want_notice(to_victim(case.victim), case.key, world.clock())
    world.deps.ledger.write([wanted])


def _notice(world: World, case: SeededCase) -> Notice:
    notice = file_of(world, case).notice
    assert notice is not None
    return notice


# --- on


def test_a_victim_turns_it_on_at_once_for_themselves_alone(world: World, case: SeededCase) -> None:
    wishes(world, case, "V1", on=True)
    assert is_safe(world, case, "V1")
    assert not is_safe(world, case, "V2")


def test_it_goes_on_whatever_was_changed_since_the_page_was_opened(
    world: World, case: SeededCase
) -> None:
    wish_safe_mode(world.deps, victim(world, case), on=True, seen=77)
    assert is_safe(world, case)


def test_turning_it_on_ends_a_message_that_waits(world: World, case: SeededCase) -> None:
    sets_contact(world, case)
    _waits(world, case)
    assert _notice(world, case).is_waiting
    wishes(world, case, on=True)
    ended = _notice(world, case)
    assert (ended.is_waiting, ended.due_at, ended.sent_at) == (False, None, None)


def test_a_message_that_is_wanted_at_that_moment_is_ended_as_well(
    world: World, case: SeededCase
) -> None:
    sets_contact(world, case)
    session = victim(world, case)
    _waits(world, case)
    before = file_of(world, case)
    _waits(world, case)
    late = replace(world.deps, threads=OnceAsBefore(world.deps.threads, before))
    wish_safe_mode(late, session, on=True, seen=0)
    assert not _notice(world, case).is_waiting


def test_staff_turn_it_on_with_them(world: World, case: SeededCase) -> None:
    turn_on(world.deps, staff(world), case.key, case.victim)
    assert is_safe(world, case)
    turn_on(world.deps, staff(world), case.key, case.victim)
    assert safety_of(world, case).version == 1


# --- off


def test_a_wish_alone_turns_nothing_off_and_owes_a_talk(world: World, abuse: SeededCase) -> None:
    before = _officers_reasons(world)
    wishes(world, abuse, on=False)
    assert is_safe(world, abuse)
    (talk,) = _talks(world, abuse)
    assert (talk.task, talk.owner) == (ASKS, OFFICER.id)
    assert _officers_reasons(world) == before + 1


def test_asked_twice_it_is_one_wish_and_one_talk(world: World, abuse: SeededCase) -> None:
    wishes(world, abuse, on=False)
    once = safety_of(world, abuse)
    wishes(world, abuse, on=False)
    assert safety_of(world, abuse) == once
    assert len(_talks(world, abuse)) == 1


def test_where_it_is_off_asking_for_off_changes_nothing(world: World, case: SeededCase) -> None:
    wishes(world, case, on=False)
    assert not is_safe(world, case)
    assert safety_of(world, case).version == 0
    assert not _talks(world, case)


def test_whoever_asked_to_hear_nothing_more_is_owed_no_talk(
    world: World, abuse: SeededCase
) -> None:
    record_left(world.deps, staff(world), abuse.key, abuse.victim, "by phone")
    wishes(world, abuse, on=False)
    assert is_safe(world, abuse)
    assert not _talks(world, abuse)


def test_an_officer_confirms_it_with_a_reason_that_is_kept(world: World, abuse: SeededCase) -> None:
    wishes(world, abuse, on=False)
    (talk,) = _talks(world, abuse)
    at = world.clock()
    confirms_off(world, abuse)
    assert not is_safe(world, abuse)
    off = safety_of(world, abuse).off
    assert off is not None
    assert (off.at, off.by, off.why) == (at, "PC Example", WHY)
    assert (off.crime_type, off.flags) == ("burglary", frozenset({"domestic_abuse"}))
    line = audit_of(abuse)[-1]
    assert (line.what, line.why) == ("confirmed that safe mode is off", WHY)
    kept = next(p for p in file_of(world, abuse).owed if p.id == talk.id)
    assert (kept.kept_at, kept.kept_how) == (at, "in a talk")


def test_nobody_confirms_what_was_not_asked_for(world: World, abuse: SeededCase) -> None:
    with pytest.raises(StaleError):
        confirms_off(world, abuse)
    wishes(world, abuse, on=True)
    with pytest.raises(StaleError):
        confirms_off(world, abuse)
    assert is_safe(world, abuse)


def test_without_a_reason_nothing_is_confirmed(world: World, abuse: SeededCase) -> None:
    wishes(world, abuse, on=False)
    with pytest.raises(NotAllowedError):
        confirm_off(world.deps, staff(world), abuse.key, abuse.victim, "", seen_now(world, abuse))
    assert is_safe(world, abuse)


def test_a_flag_that_comes_later_turns_it_on_and_the_wish_before_counts_no_more(
    world: World, abuse: SeededCase
) -> None:
    wishes(world, abuse, on=False)
    confirms_off(world, abuse)
    FileItem(abuse.key, "case#file").update(
        actions=[FileItem.flags.set({"domestic_abuse", "stalking"})]
    )
    assert is_safe(world, abuse)
    with pytest.raises(StaleError):
        confirm_off(
            world.deps, staff(world), abuse.key, abuse.victim, "Still so.", seen_now(world, abuse)
        )
    wishes(world, abuse, on=False)
    confirms_off(world, abuse)
    assert not is_safe(world, abuse)


def test_a_flag_that_came_while_the_officer_read_the_page_is_not_confirmed_away(
    world: World, tmp_path: Path
) -> None:
    records = Records(world, tmp_path)
    records.say({"flags": "domestic_abuse"})
    case = records.seeded
    wishes(world, case, on=False)
    seen = seen_now(world, case)
    records.say({"flags": "domestic_abuse;stalking"})
    with pytest.raises(StaleError):
        confirm_off(world.deps, staff(world), case.key, case.victim, WHY, seen)
    assert is_safe(world, case)
    confirms_off(world, case)
    assert not is_safe(world, case)


def test_on_and_off_again_needs_another_confirmation(world: World, abuse: SeededCase) -> None:
    wishes(world, abuse, on=False)
    confirms_off(world, abuse)
    wishes(world, abuse, on=True)
    wishes(world, abuse, on=False)
    assert is_safe(world, abuse)


def test_who_wants_to_keep_it_on_is_owed_no_talk_of_that_any_more(
    world: World, abuse: SeededCase
) -> None:
    wishes(world, abuse, on=False)
    wishes(world, abuse, on=True)
    assert not _talks(world, abuse)
    (cancelled,) = [p for p in file_of(world, abuse).owed if p.cancelled_why]
    assert cancelled.cancelled_why == "They want safe mode to stay on."


@pytest.mark.parametrize("words", ["How the screen would help", ""])
def test_a_talk_that_was_owed_before_stays_owed(
    world: World, abuse: SeededCase, words: str
) -> None:
    read, file = case_of(world, abuse), file_of(world, abuse)
    world.deps.ledger.write(talk_parts(world.deps, read, read.victims[0], file, words))
    world.clock.forward(minutes=1)
    wishes(world, abuse, on=False)
    (talk,) = _talks(world, abuse)
    assert talk.task == "; ".join(each for each in (words, ASKS) if each)
    confirms_off(world, abuse)
    (talk,) = _talks(world, abuse)
    assert talk.task == words


def test_a_talk_about_something_else_leaves_owed_to_ask_whether_it_is_safe(world: World) -> None:
    case = charged(world, flags=("domestic_abuse",), officer=OFFICER)
    read, file = case_of(world, case), file_of(world, case)
    world.deps.ledger.write(talk_parts(world.deps, read, read.victims[0], file, "The screen"))
    wishes(world, case, on=False)
    (before,) = _talks(world, case)
    world.clock.forward(days=1)
    discussed = StepGiven("screen", "discussed", world.deps.today(), view="wants")
    keep_step(world.deps, staff(world), case.key, case.victim, discussed, form_key="form")
    (talk,) = _talks(world, case)
    assert (talk.task, talk.due_on) == (ASKS, before.due_on)
    assert talk.id != before.id
    world.clock.forward(minutes=1)
    confirms_off(world, case)
    assert not _talks(world, case)


def test_a_talk_that_a_partner_was_given_is_not_about_safe_mode(
    world: World, abuse: SeededCase
) -> None:
    read, partner = case_of(world, abuse), Officer(OfficerId("isva"), "Juniper", "", STOKE)
    given = TaskGiven("talk", words="The screen", owner=partner)
    world.deps.ledger.write(task_parts(world.deps, read, read.victims[0], given))
    wishes(world, abuse, on=False)
    assert {(talk.owner, talk.task) for talk in _talks(world, abuse)} == {
        (partner.id, "The screen"),
        (OFFICER.id, ASKS),
    }


def test_who_asked_for_off_and_wants_to_hear_of_us_again_is_owed_the_talk(
    world: World, abuse: SeededCase
) -> None:
    record_left(world.deps, staff(world), abuse.key, abuse.victim, "by phone")
    wishes(world, abuse, on=False)
    record_back(world.deps, staff(world), abuse.key, abuse.victim)
    (talk,) = _talks(world, abuse)
    assert talk.task == ASKS


# --- what a page hides, and how hard news is heard


@pytest.mark.parametrize("choice", ["on", "off", "hears"])
def test_the_officer_gets_word_of_what_was_chosen_on_the_page_once(
    world: World, case: SeededCase, abuse: SeededCase, choice: str
) -> None:
    which = abuse if choice == "off" else case
    before = _officers_reasons(world)
    for _ in range(2):
        if choice == "hears":
            choose_hearing(world.deps, victim(world, which), "here", 0)
        else:
            wishes(world, which, on=choice == "on")
    assert _officers_reasons(world) == before + 1
    note_hearing(world.deps, staff(world), which.key, which.victim, "person", 1)
    assert _officers_reasons(world) == before + 1


def test_who_turned_it_on_is_kept(world: World, case: SeededCase) -> None:
    wishes(world, case, "V1", on=True)
    turn_on(world.deps, staff(world), case.key, case.victims["V2"])
    assert safety_of(world, case, "V1").wish_by == "victim"
    assert safety_of(world, case, "V2").wish_by == "PC Example"


def test_what_was_before_is_hidden_and_shown_again(world: World, case: SeededCase) -> None:
    hide_history(world.deps, victim(world, case), hides=True, seen=0)
    assert safety_of(world, case).hides_history
    assert safety_of(world, case).hides_at == world.clock()
    hide_history(world.deps, victim(world, case), hides=False, seen=1)
    assert not safety_of(world, case).hides_history


@pytest.mark.parametrize("hears", ["person", "person_then_here", "here"])
def test_how_to_hear_hard_news_stands_with_who_said_it_and_when(
    world: World, case: SeededCase, hears: str
) -> None:
    choose_hearing(world.deps, victim(world, case), hears, 0)
    chosen = safety_of(world, case)
    assert (chosen.hears, chosen.hears_by, chosen.hears_at) == (hears, "victim", world.clock())
    other = "person" if hears == "here" else "here"
    world.clock.forward(minutes=1)
    note_hearing(world.deps, staff(world), case.key, case.victim, other, 1)
    noted = safety_of(world, case)
    assert (noted.hears, noted.hears_by, noted.hears_at) == (other, "PC Example", world.clock())


def test_there_is_no_other_way_to_hear_it(world: World, case: SeededCase) -> None:
    with pytest.raises(NotFoundError):
        choose_hearing(world.deps, victim(world, case), "by text", 0)
    with pytest.raises(NotFoundError):
        note_hearing(world.deps, staff(world), case.key, case.victim, "", 0)


# --- who was first


def test_of_two_at_once_the_second_is_told_and_stores_nothing(
    world: World, abuse: SeededCase
) -> None:
    note_hearing(world.deps, staff(world), abuse.key, abuse.victim, "person_then_here", 0)
    session = victim(world, abuse)
    with pytest.raises(SafetyChangedError) as changed:
        choose_hearing(world.deps, session, "here", 0)
    assert changed.value.opened.file.safety.hears_by == "PC Example"
    with pytest.raises(SafetyChangedError):
        wish_safe_mode(world.deps, session, on=False, seen=0)
    with pytest.raises(SafetyChangedError):
        hide_history(world.deps, session, hides=True, seen=0)
    with pytest.raises(StaleError):
        note_hearing(world.deps, staff(world), abuse.key, abuse.victim, "here", 0)
    assert safety_of(world, abuse).version == 1


def test_what_an_officer_confirms_is_what_they_read(world: World, abuse: SeededCase) -> None:
    wishes(world, abuse, on=False)
    before, seen = file_of(world, abuse), seen_now(world, abuse)
    wishes(world, abuse, on=True)
    late = replace(world.deps, threads=OnceAsBefore(world.deps.threads, before))
    with pytest.raises(StaleError):
        confirm_off(late, staff(world), abuse.key, abuse.victim, WHY, seen)
    assert is_safe(world, abuse)


def test_a_case_handed_over_meanwhile_lets_its_new_officer_talk(world: World) -> None:
    moving = charged(world, flags=("domestic_abuse",))
    old, new = case_of(world, moving).officer, new_officer("PC Example the Fourth")
    colleague(world, new.id, team=new.team)
    before: Any = (file_of(world, moving), case_of(world, moving))
    session, cases = victim(world, moving), OnceAsBefore(world.deps.cases, before[1])
    hand_over(world.deps, in_charge(world, moving), moving.key, new.id, seen_officer=old.id)
    late: Any = replace(world.deps, threads=OnceAsBefore(world.deps.threads, before[0]))
    wish_safe_mode(replace(late, cases=cases), session, on=False, seen=0)
    (talk,) = _talks(world, moving)
    assert (talk.owner, talk.team) == (new.id, new.team)


def test_an_answer_of_the_store_that_was_lost_is_found_out(world: World, abuse: SeededCase) -> None:
    session = victim(world, abuse)
    deaf: Any = replace(world.deps, ledger=DeafLedger(world))
    wish_safe_mode(deaf, session, on=False, seen=0)
    assert safety_of(world, abuse).version == 1
    confirm_off(deaf, staff(world), abuse.key, abuse.victim, WHY, seen_now(world, abuse))
    assert not is_safe(world, abuse)
    silent: Any = replace(world.deps, ledger=SilentLedger())
    with pytest.raises(StoreUnavailableError):
        wish_safe_mode(silent, session, on=True, seen=2)
    with pytest.raises(StoreUnavailableError):
        turn_on(silent, staff(world), abuse.key, abuse.victim)


# --- who may


@pytest.mark.parametrize("role", ["partner", "administrator"])
def test_a_role_without_cases_changes_nothing(world: World, case: SeededCase, role: str) -> None:
    wishes(world, case, on=True)
    wishes(world, case, on=False)
    session, whose = staff(world, role, role=role), (case.key, case.victim)
    with pytest.raises(NotAllowedError):
        turn_on(world.deps, session, *whose)
    with pytest.raises(NotAllowedError):
        confirm_off(world.deps, session, *whose, WHY, seen_now(world, case))
    with pytest.raises(NotAllowedError):
        note_hearing(world.deps, session, *whose, "here", 2)


def test_in_another_teams_case_or_for_nobody_in_it_there_is_nothing(
    world: World, case: SeededCase
) -> None:
    far, other = staff(world, "far", team=STOKE), seed_case(world.deps)
    with pytest.raises(NotFoundError):
        turn_on(world.deps, far, case.key, case.victim)
    with pytest.raises(NotFoundError):
        turn_on(world.deps, staff(world), case.key, other.victim)
    assert safety_of(world, case).version == 0
    assert safety_of(world, other).version == 0


# --- the last visit


def test_every_look_is_noted_from_the_first_on(world: World, case: SeededCase) -> None:
    assert file_of(world, case).visited_at is None
    token = world.victim(case).cookies["hub"]
    assert file_of(world, case).visited_at == world.clock()
    world.clock.forward(minutes=5)
    open_page(world.deps, token, "read")
    assert file_of(world, case).visited_at == world.clock()
    assert file_of(world, case, "V2").visited_at is None


def test_staying_signed_in_shows_nothing_new_and_is_no_look(world: World, case: SeededCase) -> None:
    token, looked_at = world.victim(case).cookies["hub"], world.clock()
    world.clock.forward(minutes=5)
    stay(world.deps, token)
    assert file_of(world, case).visited_at == looked_at


def test_what_is_not_written_is_no_visit(world: World, case: SeededCase) -> None:
    session = find_session(world.deps, world.victim(case).cookies["hub"])
    seen_at = world.clock()
    world.clock.forward(minutes=5)
    (code,) = file_of(world, case).codes
    world.deps.ledger.write([world.deps.access.cancel_code(code.code_key)])
    with pytest.raises(SessionEndedError):
        hide_history(world.deps, session, hides=True, seen=0)
    assert file_of(world, case).visited_at == seen_at
