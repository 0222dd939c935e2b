"""Two at once, one of them late; and news that waits leaves no trace in what is owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.cases import Officer, OfficerId, Told
from chalicelib.domain.errors import (
    NotAllowedError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.domain.promises import TELL, UPDATE, WELCOME
from chalicelib.services.answer_message import Answer, answer_message
from chalicelib.services.choose_rhythm import RhythmClosedError, agree_rhythm
from chalicelib.services.hand_over import hand_over
from chalicelib.services.leave_case import record_left
from chalicelib.services.nothing_new import say_nothing_new
from chalicelib.services.post_update import Post, post_update
from chalicelib.services.record_contact import record_contact
from chalicelib.services.record_event import EventNews
from chalicelib.services.record_outcome import News, record_outcome
from chalicelib.services.watch import raise_late
from tests.builders import OFFICER, moved_to, seed_case
from tests.integration.services.following import (
    OnceAsBefore,
    followed,
    in_rhythm,
    news_of,
    only,
    owed,
    record,
)
from tests.integration.services.staff_steps import (
    asked,
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


def test_an_answer_passes_although_the_question_went_to_another_officer_meanwhile(
    world: World,
) -> None:
    case = followed(world)
    asked(world, case)
    before = file_of(world, case)
    elsewhere = Officer(OfficerId("follow-third"), "PC Third", "0003", OFFICER.team)
    move = moved_to(world.deps, elsewhere)
    world.deps.ledger.write([world.deps.threads.move_promise(before.threads[0].promise, move)])
    racing = replace(world.deps, threads=OnceAsBefore(world.deps.threads, before))
    words = Answer(case.victim, 1, 0, "We have spoken to a neighbour.")
    answer_message(racing, staff(world), case.key, words, "form")
    (question,) = file_of(world, case).threads
    assert [answer.text for answer in question.answers] == [words.text]
    assert (question.promise.kept_how, question.promise.owner) == ("here", elsewhere.id)


def test_a_new_case_shows_nothing_of_a_decision_that_nobody_told(world: World) -> None:
    decided = followed(world, stage="no_further_action", outcome="no_suspect_found")
    still_open = followed(world)
    kinds = [{p.kind for p in file_of(world, c).owed} for c in (decided, still_open)]
    assert kinds == [{WELCOME}, {WELCOME}]


def test_words_wait_behind_older_news_that_a_reader_was_not_told(world: World) -> None:
    case = in_rhythm(world, victims=("V1", "V2"))
    version = case_of(world, case).version
    told = {case.victims["V2"]: BY_PHONE}
    release = News("released_bail", TODAY, told=told)
    record_outcome(world.deps, staff(world), case.key, release, seen=version, form_key="news")
    entry = case_of(world, case).current.id
    for text, stage in (("", "investigating"), ("He is out until May.", None)):
        world.clock.forward(minutes=1)
        readers = frozenset(case.victims.values()) if text else frozenset()
        seen = case_of(world, case).version
        post = Post(text, readers, stage)
        post_update(world.deps, staff(world), case.key, post, seen=seen, form_key=text or "stage")
    (update,) = case_of(world, case).updates
    assert update.entry_id == entry
    assert len(owed(world, case, UPDATE, "V1")) == 1


@pytest.mark.parametrize("how", ["here", "by letter"])
def test_practical_news_is_told_by_a_person_while_other_news_waits(world: World, how: str) -> None:
    case = followed(world)
    charge = News("charged", TODAY, "charged")
    record_outcome(world.deps, staff(world), case.key, charge, seen=0, form_key="news")
    news = EventNews("hearing_listed", TODAY, {case.victim: Told(TODAY, how)}, "On 4 January.")
    with pytest.raises(NotAllowedError):
        record(world, case, news)
    assert not case_of(world, case).events


def test_a_rhythm_agreed_while_they_leave_owes_nothing(world: World) -> None:
    case = followed(world)
    before = file_of(world, case)
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    racing = replace(world.deps, threads=OnceAsBefore(world.deps.threads, before))
    with pytest.raises(RhythmClosedError):
        agree_rhythm(racing, staff(world), case.key, case.victim, "every_5")
    assert not owed(world, case, UPDATE)


def test_a_rhythm_chosen_while_a_late_update_is_given_holds(world: World) -> None:
    case = in_rhythm(world, "every_5")
    world.clock.forward(days=12)
    late, before = only(world, case, UPDATE), file_of(world, case)
    agree_rhythm(world.deps, staff(world), case.key, case.victim, "no_updates")
    racing = replace(world.deps, threads=OnceAsBefore(world.deps.threads, before))
    told = Told(world.deps.today(), "by phone")
    record_contact(racing, staff(world), case.key, case.victim, told, promise_id=late.id)
    assert not owed(world, case, UPDATE)


def test_two_contacts_of_one_promise_are_not_one(world: World) -> None:
    case = followed(world)
    welcome = only(world, case, WELCOME)
    world.clock.forward(days=5)
    for day, is_first in ((20, True), (23, False)):
        told = Told(date(2026, 11, day), "by phone")
        options = {"promise_id": welcome.id}
        if is_first:
            record_contact(world.deps, staff(world), case.key, case.victim, told, **options)
            continue
        with pytest.raises(StaleError):
            record_contact(world.deps, staff(world), case.key, case.victim, told, **options)


def test_a_choice_whose_answer_was_lost_is_a_choice(world: World) -> None:
    case = followed(world)

    class Lost:
        def write(self, parts: Any) -> None:
            world.deps.ledger.write(parts)
            raise StoreUnavailableError

    lost = replace(world.deps, ledger=Lost())
    agree_rhythm(lost, staff(world), case.key, case.victim, "every_5")
    assert file_of(world, case).door.rhythm == "every_5"


def test_what_they_heard_before_an_update_was_owed_does_not_keep_it(world: World) -> None:
    case = in_rhythm(world)
    record(world, case, news_of(case, None))
    world.clock.forward(days=5)
    seen = case_of(world, case).version
    post = Post("We have the film.", frozenset({case.victim}))
    post_update(world.deps, staff(world), case.key, post, seen=seen, form_key="film")
    newest = only(world, case, UPDATE)
    world.clock.forward(days=2)
    telling = only(world, case, TELL)
    record_contact(world.deps, staff(world), case.key, case.victim, BY_PHONE, promise_id=telling.id)
    assert only(world, case, UPDATE) == newest


def test_heard_in_time_and_recorded_late_is_in_time(world: World) -> None:
    case = in_rhythm(world, "every_5")
    world.clock.forward(days=9)
    told = Told(date(2026, 11, 23), "in person")
    record(world, case, EventNews("suspect_interviewed", TODAY, {case.victim: told}))
    kept = [p for p in file_of(world, case).owed if p.kind == UPDATE and p.kept_at]
    assert [promise.was_in_time for promise in kept] == [True]


def test_a_change_of_rhythm_forgets_nothing_of_nothing_new(world: World) -> None:
    case = in_rhythm(world, "every_5")
    world.clock.forward(days=7)
    say_nothing_new(world.deps, staff(world), case.key, case.victim, only(world, case, UPDATE).id)
    agree_rhythm(world.deps, staff(world), case.key, case.victim, "every_10")
    assert only(world, case, UPDATE).nothing_new == 1


def test_an_event_from_before_the_known_bank_holidays_is_late_and_no_fault(world: World) -> None:
    case = followed(world, reported_on=date(2010, 3, 1))
    record(world, case, EventNews("suspect_arrested", date(2010, 4, 1), {case.victim: None}))
    assert only(world, case, TELL).is_late(TODAY)


def test_a_case_of_many_victims_is_handed_over_and_each_is_owed_a_first_contact(
    world: World,
) -> None:
    case = seed_case(world.deps, victims=[f"V{n}" for n in range(60)])
    new = colleague(world, "follow-many")
    hand_over(world.deps, staff(world), case.key, new, seen_officer=OFFICER.id)
    assert case_of(world, case).officer.id == new


def test_a_supervisor_who_cannot_open_the_case_is_not_named(world: World) -> None:
    case = followed(world, flags=["restricted"])
    staff(world)
    world.clock.forward(days=12)
    raise_late(world.deps)
    assert only(world, case, WELCOME).raised_to == "a supervisor"
