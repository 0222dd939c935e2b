"""What is owed while a case is open: a first contact, updates in a rhythm; and who leaves it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Told
from chalicelib.domain.errors import (
    NotAllowedError,
    StaleError,
)
from chalicelib.domain.expectations import LEFT
from chalicelib.domain.promises import REPLY, TELL, UPDATE, WELCOME
from chalicelib.services.choose_rhythm import RhythmClosedError, agree_rhythm
from chalicelib.services.follow import DECIDED
from chalicelib.services.hand_over import HANDED_OVER, hand_over
from chalicelib.services.leave_case import record_back, record_left
from chalicelib.services.nothing_new import ToldTodayError, UntoldNewsError, say_nothing_new
from chalicelib.services.post_update import OpposedVictimsError, Post, post_update
from chalicelib.services.record_contact import record_contact
from chalicelib.services.record_event import EventNews
from chalicelib.services.record_outcome import News, record_outcome, record_telling
from tests.builders import OFFICER
from tests.integration.services.following import (
    followed,
    in_rhythm,
    news_of,
    only,
    owed,
    record,
    rows_of_owner,
)
from tests.integration.services.staff_steps import (
    asked,
    audit_of,
    case_of,
    colleague,
    file_of,
    staff,
)

if TYPE_CHECKING:
    from tests.integration.conftest import World

TODAY = date(2026, 11, 18)  # a Wednesday
BY_PHONE = Told(TODAY, "by phone")
HERE = Told(TODAY, "here")


# --- the first contact


def test_a_first_contact_is_owed_within_our_standard_and_its_day_shows_how(world: World) -> None:
    welcome = only(world, followed(world), WELCOME)
    assert welcome.due_on == date(2026, 11, 23)
    assert (welcome.working.rule, welcome.working.working_days) == ("contact.welcome", 3)
    assert welcome.working.source == "our standard"
    assert (welcome.owner, welcome.owner_name) == (OFFICER.id, OFFICER.name)


def test_who_is_more_at_risk_is_contacted_within_one_working_day(world: World) -> None:
    case = followed(world, crime_type="stalking_harassment")
    assert only(world, case, WELCOME).due_on == date(2026, 11, 19)


def test_a_first_contact_that_is_recorded_keeps_it_and_the_rhythm_agreed_begins(
    world: World,
) -> None:
    case = followed(world)
    welcome = only(world, case, WELCOME)
    options = {"promise_id": welcome.id, "rhythm": "every_5"}
    for _ in range(2):
        record_contact(world.deps, staff(world), case.key, case.victim, BY_PHONE, **options)
    file = file_of(world, case)
    assert [(p.kept_how, p.was_in_time) for p in file.owed if p.kind == WELCOME] == [
        ("by phone", True)
    ]
    assert (file.door.rhythm, file.door.rhythm_by) == ("every_5", OFFICER.name)
    assert only(world, case, UPDATE).due_on == date(2026, 11, 25)


def test_a_hand_over_moves_what_is_owed_with_its_dates_and_owes_a_first_contact(
    world: World,
) -> None:
    case = in_rhythm(world)
    asked(world, case)
    welcome = only(world, case, WELCOME)
    record_contact(world.deps, staff(world), case.key, case.victim, BY_PHONE, promise_id=welcome.id)
    before = {p.id: p.due_on for p in owed(world, case, UPDATE)}
    world.clock.forward(days=1)
    new = colleague(world, "follow-new")
    hand_over(world.deps, staff(world), case.key, new, seen_officer=OFFICER.id)
    (update,), first = owed(world, case, UPDATE), only(world, case, WELCOME)
    assert {update.id: update.due_on} == before
    assert (update.owner, update.owner_name) == (new, "PC Follow-New")
    assert [(m.owner, m.why) for m in update.moves] == [(new, HANDED_OVER)]
    assert (first.owner, first.due_on) == (new, date(2026, 11, 24))
    read = case_of(world, case)
    assert (read.officer_since, read.officer_before) == (date(2026, 11, 19), OFFICER.name)


def test_who_still_waits_for_a_first_contact_is_owed_that_one_and_no_second(world: World) -> None:
    case = followed(world)
    waiting = only(world, case, WELCOME)
    world.clock.forward(days=5)
    new = colleague(world, "follow-second")
    hand_over(world.deps, staff(world), case.key, new, seen_officer=OFFICER.id)
    moved = only(world, case, WELCOME)
    assert (moved.id, moved.due_on, moved.owner) == (waiting.id, waiting.due_on, new)


# --- updates in a rhythm


def test_an_update_is_owed_in_the_rhythm_that_was_agreed(world: World) -> None:
    promise = only(world, in_rhythm(world), UPDATE)
    assert promise.due_on == date(2026, 12, 2)
    assert promise.working.rule == "rhythm.every_10"
    assert promise.working.source == "what was agreed"


def test_any_update_keeps_it_and_the_next_is_owed_from_that_day(world: World) -> None:
    case = in_rhythm(world, victims=("V1", "V2"))
    world.clock.forward(days=5)
    post = Post("We have asked for the pictures.", frozenset({case.victims["V1"]}))
    seen = case_of(world, case).version
    post_update(world.deps, staff(world), case.key, post, seen=seen, form_key="form")
    kept = [p for p in file_of(world, case, "V1").owed if p.kept_at]
    assert [(p.kind, p.kept_how) for p in kept] == [(UPDATE, "here")]
    assert only(world, case, UPDATE, "V1").due_on == date(2026, 12, 7)
    assert only(world, case, UPDATE, "V2").due_on == date(2026, 12, 2)


def test_nothing_new_writes_an_honest_sentence_and_owes_the_next(world: World) -> None:
    case = in_rhythm(world)
    promise = only(world, case, UPDATE)
    world.clock.forward(days=14)
    for _ in range(2):
        say_nothing_new(world.deps, staff(world), case.key, case.victim, promise.id)
    (update,) = case_of(world, case).updates
    assert update.text == (
        "There is nothing new since Wednesday 18 November 2026. "
        "PC Example has your case. You hear from us again by Wednesday 16 December 2026."
    )
    assert update.to == {case.victim}
    following = only(world, case, UPDATE)
    assert (following.due_on, following.nothing_new) == (date(2026, 12, 16), 1)


def test_nothing_new_is_counted_in_a_row_until_there_is_news(world: World) -> None:
    case, in_a_row = in_rhythm(world, "every_5"), []
    for _ in range(3):
        world.clock.forward(days=7)
        promise = only(world, case, UPDATE)
        say_nothing_new(world.deps, staff(world), case.key, case.victim, promise.id)
        in_a_row.append(only(world, case, UPDATE).nothing_new)
    world.clock.forward(days=1)
    record(world, case, news_of(case, replace(BY_PHONE, on=world.deps.today())))
    assert in_a_row == [1, 2, 3]
    assert only(world, case, UPDATE).nothing_new == 0


def test_ten_presses_at_once_write_once(world: World) -> None:
    case = in_rhythm(world)
    world.clock.forward(days=1)
    promise, officer = only(world, case, UPDATE), staff(world)

    def press(_: int) -> None:
        say_nothing_new(world.deps, officer, case.key, case.victim, promise.id)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(press, range(10)))
    assert len(case_of(world, case).updates) == 1
    assert len(owed(world, case, UPDATE)) == 1


def test_nothing_new_is_refused_while_there_is_news_to_tell(world: World) -> None:
    case = in_rhythm(world)
    promise = only(world, case, UPDATE)
    news = News("no_further_action", TODAY, "no_suspect_found")
    version = case_of(world, case).version
    record_outcome(world.deps, staff(world), case.key, news, seen=version, form_key="form")
    with pytest.raises(UntoldNewsError):
        say_nothing_new(world.deps, staff(world), case.key, case.victim, promise.id)
    assert not case_of(world, case).updates
    assert only(world, case, UPDATE) == promise


def test_nothing_is_written_to_victims_who_may_endanger_each_other(world: World) -> None:
    case = in_rhythm(world, flags=("opposed_victims",))
    promise = only(world, case, UPDATE)
    with pytest.raises(OpposedVictimsError):
        say_nothing_new(world.deps, staff(world), case.key, case.victim, promise.id)
    record_contact(world.deps, staff(world), case.key, case.victim, BY_PHONE, promise_id=promise.id)
    assert not case_of(world, case).updates
    assert only(world, case, UPDATE).id != promise.id


def test_a_press_on_an_update_that_is_not_owed_any_more_says_so(world: World) -> None:
    case = in_rhythm(world)
    old = only(world, case, UPDATE)
    agree_rhythm(world.deps, staff(world), case.key, case.victim, "every_20")
    with pytest.raises(StaleError):
        say_nothing_new(world.deps, staff(world), case.key, case.victim, old.id)


def test_a_decision_that_is_told_ends_the_rhythm_and_an_untold_one_changes_nothing(
    world: World,
) -> None:
    case = in_rhythm(world)
    before = file_of(world, case)
    version = case_of(world, case).version
    news = News("no_further_action", TODAY, "no_suspect_found")
    record_outcome(world.deps, staff(world), case.key, news, seen=version, form_key="form")
    assert [p for p in file_of(world, case).owed if p.kind != TELL] == list(before.owed)
    entry = case_of(world, case).current.id
    record_telling(world.deps, staff(world), case.key, case.victim, BY_PHONE, entry_id=entry)
    ended = [p for p in file_of(world, case).owed if p.kind in {UPDATE, WELCOME}]
    assert {p.cancelled_why for p in ended} == {DECIDED}
    with pytest.raises(RhythmClosedError):
        agree_rhythm(world.deps, staff(world), case.key, case.victim, "every_5")


def test_a_case_that_is_opened_again_goes_on_in_its_rhythm(world: World) -> None:
    case = in_rhythm(world)
    version = case_of(world, case).version
    told = {case.victim: BY_PHONE}
    news = News("no_further_action", TODAY, "no_suspect_found", told=told)
    record_outcome(world.deps, staff(world), case.key, news, seen=version, form_key="form")
    world.clock.forward(days=20)
    post = Post(stage="investigating")
    seen = case_of(world, case).version
    post_update(world.deps, staff(world), case.key, post, seen=seen, form_key="again")
    assert only(world, case, UPDATE).due_on == date(2026, 12, 22)
    assert file_of(world, case).door.team == OFFICER.team


# --- who wants to hear nothing more


def test_who_asks_to_hear_nothing_more_is_owed_nothing_and_can_come_back(world: World) -> None:
    case = in_rhythm(world)
    asked(world, case)
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    file = file_of(world, case)
    assert {p.cancelled_why for p in file.owed} == {LEFT}
    # What they asked themselves is still answered, on a page where only they look.
    assert [r.kind for r in rows_of_owner(world) if r.victim == case.victim] == [REPLY]
    assert file.door.team == ""
    with pytest.raises(NotAllowedError):
        record(world, case, news_of(case, None))
    record_back(world.deps, staff(world), case.key, case.victim)
    assert only(world, case, WELCOME).due_on == date(2026, 11, 23)
    assert only(world, case, UPDATE).due_on == date(2026, 12, 2)
    assert file_of(world, case).door.team == OFFICER.team


def test_who_comes_back_is_owed_what_nobody_told_them(world: World) -> None:
    case = followed(world)
    event = record(world, case, news_of(case, None))
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    release = News("released_bail", TODAY)
    seen = case_of(world, case).version
    record_outcome(world.deps, staff(world), case.key, release, seen=seen, form_key="news")
    assert not owed(world, case, TELL)
    world.clock.forward(days=8)
    record_back(world.deps, staff(world), case.key, case.victim)
    again = {p.subject: p.due_on for p in owed(world, case, TELL)}
    newest = case_of(world, case).current.id
    assert again == dict.fromkeys((event, newest), date(2026, 12, 3))
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    record_back(world.deps, staff(world), case.key, case.victim)
    assert len(owed(world, case, TELL)) == 2


def test_nothing_new_is_refused_while_an_event_waits_to_be_told(world: World) -> None:
    case = in_rhythm(world)
    world.clock.forward(days=1)
    promise = only(world, case, UPDATE)
    record(world, case, EventNews("suspect_arrested", TODAY, {case.victim: None}))
    with pytest.raises(UntoldNewsError):
        say_nothing_new(world.deps, staff(world), case.key, case.victim, promise.id)
    assert not case_of(world, case).updates


def test_nothing_new_is_said_once_a_day(world: World) -> None:
    case = in_rhythm(world)
    with pytest.raises(ToldTodayError):
        say_nothing_new(
            world.deps, staff(world), case.key, case.victim, only(world, case, UPDATE).id
        )
    assert not case_of(world, case).updates


def test_who_left_is_not_owed_to_be_told_of_an_outcome(world: World) -> None:
    case = followed(world)
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    version = case_of(world, case).version
    news = News("no_further_action", TODAY, "no_suspect_found")
    record_outcome(world.deps, staff(world), case.key, news, seen=version, form_key="form")
    assert not owed(world, case, TELL)


# --- every change leaves a line


def test_every_change_of_what_is_owed_has_its_audit_line(world: World) -> None:
    case = in_rhythm(world)
    asked(world, case)
    promise = only(world, case, UPDATE)
    world.clock.forward(days=1)
    say_nothing_new(world.deps, staff(world), case.key, case.victim, promise.id)
    record(world, case, news_of(case, None))
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    lines = {line.what for line in audit_of(case)}
    assert {
        "noted a rhythm of updates",
        "said that there is nothing new",
        "recorded an event",
        "noted that a victim hears nothing more, said by phone",
    } <= lines
