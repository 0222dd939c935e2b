"""From a wish to what the court decided: each step, and what is owed because of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Told
from chalicelib.domain.errors import NotAllowedError, NotFoundError, StaleError
from chalicelib.domain.measures import step_shown
from chalicelib.domain.promises import TELL, UPDATE
from chalicelib.domain.reviews import Closing, Court
from chalicelib.domain.wishes import view_mark
from chalicelib.rules.measures import load_measures
from chalicelib.services.keep_measures import (
    RESULT,
    BeforeChargeError,
    StepGiven,
    keep_step,
)
from chalicelib.services.leave_case import record_back, record_left
from chalicelib.services.record_contact import record_contact
from chalicelib.services.wish_measures import (
    ViewChangedError,
    change_mind,
    say_view,
    wish_measures,
    withdraw_wish,
)
from tests.builders import STAFFORD
from tests.integration.services.following import followed, in_rhythm, only, owed
from tests.integration.services.measure_steps import measure_of, open_tasks, states, step
from tests.integration.services.staff_steps import case_of, file_of, staff, victim

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World

BY_PHONE = "by phone"


@pytest.fixture
def case(world: World) -> SeededCase:
    """Return a case in which somebody is charged, and its victim was told."""
    return followed(world, stage="charged", told=True)


def told_today(world: World) -> Told:
    """Return that they heard it today by phone."""
    return Told(world.deps.today(), BY_PHONE)


def test_a_measure_goes_from_talking_to_what_the_court_decided(
    world: World, case: SeededCase
) -> None:
    step(world, case, "discussed", view="I do not want to see them.")
    step(world, case, "asked", note="On form MG2.")
    step(world, case, "applied")
    step(world, case, "granted", note="For all days.", told=told_today(world))
    measure = measure_of(world, case)
    assert states(measure) == ["discussed", "asked", "applied", "granted"]
    assert measure.view == "I do not want to see them."
    assert measure.current.note == "For all days."
    assert measure.current.told == told_today(world)
    assert {each.by for each in measure.steps} == {"PC Example"}


def test_a_form_that_is_sent_twice_makes_one_step_and_one_event(
    world: World, case: SeededCase
) -> None:
    for _ in range(2):
        step(world, case, "granted", seen=0, form="the same form")
    assert states(measure_of(world, case)) == ["granted"]
    assert len(case_of(world, case).events) == 1


def test_of_two_people_at_once_one_wins(world: World, case: SeededCase) -> None:
    step(world, case, "discussed")
    step(world, case, "asked", seen=1)
    with pytest.raises(StaleError):
        step(world, case, "withdrawn", seen=1)
    assert states(measure_of(world, case)) == ["discussed", "asked"]


@pytest.mark.parametrize("days", [1, -40])
def test_a_step_is_neither_to_come_nor_before_the_report(
    world: World, case: SeededCase, days: int
) -> None:
    with pytest.raises(NotAllowedError):
        step(world, case, "discussed", on=world.deps.today() + timedelta(days=days))


def test_a_step_is_not_before_the_one_before_it(world: World, case: SeededCase) -> None:
    step(world, case, "applied")
    with pytest.raises(NotAllowedError):
        step(world, case, "granted", on=world.deps.today() - timedelta(days=1))


def test_before_a_charge_nothing_is_applied_for(world: World) -> None:
    case = followed(world)
    step(world, case, "asked")
    with pytest.raises(BeforeChargeError):
        step(world, case, "applied")
    assert states(measure_of(world, case)) == ["asked"]


def test_an_arrangement_is_arranged_before_a_charge_and_read_at_once(world: World) -> None:
    case = followed(world)
    step(world, case, "granted", "interpreter", note="For every interview.")
    measure = measure_of(world, case, "interpreter")
    shown = step_shown(measure, load_measures(), knows_of_charge=False)
    assert shown is not None
    assert shown.note == "For every interview."
    assert not case_of(world, case).events
    assert not owed(world, case, TELL)


def test_who_hears_before_a_charge_what_is_arranged_has_heard_of_the_case(world: World) -> None:
    case = in_rhythm(world)
    before = only(world, case, UPDATE)
    step(world, case, "granted", "interpreter", told=told_today(world))
    assert measure_of(world, case, "interpreter").current.told == told_today(world)
    assert only(world, case, UPDATE).id != before.id


@pytest.mark.parametrize(
    ("state", "measure"), [("applied", "interpreter"), ("granted", "agreed_statement")]
)
def test_what_is_for_a_court_waits_for_a_charge(world: World, state: str, measure: str) -> None:
    with pytest.raises(BeforeChargeError):
        step(world, followed(world), state, measure)


def test_a_role_that_does_not_answer_records_nothing(world: World, case: SeededCase) -> None:
    session = staff(world, "admin-example", role="administrator")
    given = StepGiven("screen", "discussed", world.deps.today())
    with pytest.raises(NotAllowedError):
        keep_step(world.deps, session, case.key, case.victim, given, form_key="f")


def test_a_victim_of_another_case_does_not_exist(world: World, case: SeededCase) -> None:
    given = StepGiven("screen", "discussed", world.deps.today())
    with pytest.raises(NotFoundError):
        keep_step(world.deps, staff(world), case.key, followed(world).victim, given, form_key="f")


# --- being told


def test_what_the_court_decided_is_owed_to_be_told(world: World, case: SeededCase) -> None:
    step(world, case, "refused", note="The court heard no reason.")
    promise = only(world, case, TELL)
    assert promise.event == RESULT
    assert promise.subject == measure_of(world, case).current.event
    assert measure_of(world, case).current.told is None


def test_the_contact_that_keeps_it_is_noted_with_the_measure(
    world: World, case: SeededCase
) -> None:
    step(world, case, "refused")
    promise = only(world, case, TELL)
    record_contact(
        world.deps,
        staff(world),
        case.key,
        case.victim,
        told_today(world),
        promise_id=promise.id,
    )
    assert not owed(world, case, TELL)
    assert measure_of(world, case).current.told == told_today(world)


def test_who_was_told_at_once_is_owed_nothing_more(world: World, case: SeededCase) -> None:
    step(world, case, "refused", told=told_today(world))
    assert not owed(world, case, TELL)
    (promise,) = [p for p in file_of(world, case).owed if p.event == RESULT]
    assert promise.kept_how == BY_PHONE


def test_decisions_of_one_day_are_told_in_one_go(world: World, case: SeededCase) -> None:
    step(world, case, "refused")
    step(world, case, "granted", "live_link")
    promise = only(world, case, TELL)
    record_contact(
        world.deps,
        staff(world),
        case.key,
        case.victim,
        told_today(world),
        promise_id=promise.id,
    )
    assert measure_of(world, case).current.told
    assert measure_of(world, case, "live_link").current.told
    assert len(case_of(world, case).events) == 1


def test_what_is_told_at_once_says_nothing_of_what_waits(world: World, case: SeededCase) -> None:
    step(world, case, "refused")
    step(world, case, "granted", "live_link", told=told_today(world))
    assert measure_of(world, case).current.told is None
    assert only(world, case, TELL).subject == measure_of(world, case).current.event


@pytest.mark.parametrize("state", ["refused", "partly"])
def test_a_closed_review_opens_again_when_the_court_says_no(
    world: World, case: SeededCase, state: str
) -> None:
    hearing = world.deps.today() + timedelta(days=60)
    closing = Closing(world.deps.now(), "Sergeant Example", hearing, "All is arranged.", "All")
    court = Court(
        case.victim, case.key, case.reference, "V1", STAFFORD, hearing, closings=(closing,)
    )
    world.deps.ledger.write([world.deps.threads.keep_court(court)])
    step(world, case, state)
    now = file_of(world, case).court
    assert now is not None
    assert now.reopened_why


# --- what victims say themselves


def test_a_wish_is_stored_once_and_a_talk_is_owed(world: World, case: SeededCase) -> None:
    session = victim(world, case)
    found = wish_measures(world.deps, session, ["screen", "supporter", "no_such_thing"])
    assert (found.new, found.there, found.unknown) == (2, 0, 1)
    again = wish_measures(world.deps, session, ["screen"])
    assert (again.new, again.there) == (0, 1)
    assert states(measure_of(world, case)) == ["wished"]
    (talk,) = open_tasks(world, case, "talk")
    assert talk.task.startswith("They asked for: A screen; ")


def test_what_else_they_say_stands_in_the_row_of_the_talk(world: World, case: SeededCase) -> None:
    session = victim(world, case)
    wish_measures(world.deps, session, ["screen", "breaks"])
    change_mind(world.deps, session, "screen")
    assert withdraw_wish(world.deps, session, "screen")
    (talk,) = open_tasks(world, case, "talk")
    assert talk.task == (
        "They asked for: A screen; Breaks; They changed their mind about: A screen; "
        "They no longer want: A screen"
    )


def test_what_a_talk_is_about_ends_with_the_newest(world: World, case: SeededCase) -> None:
    for number in range(40):
        view = f"This is what I think of it now, for the time number {number}."
        session = victim(world, case)
        if not number:
            wish_measures(world.deps, session, ["screen"])
        mark = view_mark(measure_of(world, case).view)
        say_view(world.deps, session, "screen", view, mark=mark)
    (talk,) = open_tasks(world, case, "talk")
    assert len(talk.task) <= 1000
    assert talk.task.endswith("They wrote what they think of: A screen")


def test_a_step_without_their_view_keeps_no_talk(world: World, case: SeededCase) -> None:
    wish_measures(world.deps, victim(world, case), ["screen"])
    step(world, case, "discussed", "agreed_statement")
    assert len(open_tasks(world, case, "talk")) == 1


def test_talking_about_it_keeps_the_talk_that_is_owed(world: World, case: SeededCase) -> None:
    wish_measures(world.deps, victim(world, case), ["screen"])
    step(world, case, "discussed", view="Yes, please.")
    assert not open_tasks(world, case, "talk")


def test_changing_their_mind_owes_one_talk_and_the_next_step_settles_it(
    world: World, case: SeededCase
) -> None:
    step(world, case, "applied")
    session = victim(world, case)
    for _ in range(2):
        change_mind(world.deps, session, "screen")
    measure = measure_of(world, case)
    assert measure.changed_mind_at is not None
    (talk,) = open_tasks(world, case, "talk")
    assert talk.task == "They changed their mind about: A screen"
    step(world, case, "withdrawn")
    assert measure_of(world, case).changed_mind_at is None


def test_words_over_words_of_somebody_else_are_not_stored(world: World, case: SeededCase) -> None:
    step(world, case, "discussed", view="Written by the officer.")
    with pytest.raises(ViewChangedError):
        say_view(world.deps, victim(world, case), "screen", "Mine", mark=view_mark(""))
    assert measure_of(world, case).view == "Written by the officer."


def test_a_wish_can_be_withdrawn_before_a_decision(world: World, case: SeededCase) -> None:
    session = victim(world, case)
    wish_measures(world.deps, session, ["screen"])
    assert withdraw_wish(world.deps, session, "screen")
    assert states(measure_of(world, case)) == ["wished", "withdrawn"]


def test_a_wish_that_is_withdrawn_twice_is_withdrawn_once(world: World, case: SeededCase) -> None:
    session = victim(world, case)
    wish_measures(world.deps, session, ["screen"])
    assert withdraw_wish(world.deps, session, "screen")
    assert withdraw_wish(world.deps, session, "screen")
    assert states(measure_of(world, case)) == ["wished", "withdrawn"]


def test_what_is_decided_is_not_withdrawn_by_a_press(world: World, case: SeededCase) -> None:
    step(world, case, "granted")
    assert not withdraw_wish(world.deps, victim(world, case), "screen")


def test_a_wish_before_they_know_of_a_charge_never_hides_behind_it(world: World) -> None:
    case = followed(world, stage="charged", outcome="charged")
    step(world, case, "applied")
    assert wish_measures(world.deps, victim(world, case), ["screen"]).new == 1
    measure = measure_of(world, case)
    assert measure.state == "applied"
    assert states(measure) == ["wished", "applied"]


def test_one_victims_wish_is_nothing_of_the_others(world: World) -> None:
    case = followed(world, victims=("V1", "V2"))
    wish_measures(world.deps, victim(world, case, "V1"), ["screen"])
    assert not file_of(world, case, "V2").measures
    assert not open_tasks(world, case, "talk", "V2")


def test_who_asked_to_hear_nothing_more_is_owed_no_news_of_it(world: World) -> None:
    case = followed(world, stage="charged", told=True)
    whose = case_of(world, case).victims[0]
    left = replace(whose, left_on=date(2026, 11, 18))
    world.deps.ledger.write([world.deps.cases.keep_victim(case.key, left)])
    step(world, case, "granted")
    assert not owed(world, case, TELL)
    assert states(measure_of(world, case)) == ["granted"]


def test_what_was_decided_while_they_were_away_is_owed_when_they_come_back(
    world: World, case: SeededCase
) -> None:
    step(world, case, "applied")
    record_left(world.deps, staff(world), case.key, case.victim, BY_PHONE)
    step(world, case, "refused", note="The court saw no reason.")
    step(world, case, "granted", "live_link")
    step(world, case, "partly", "breaks", told=told_today(world))
    assert not owed(world, case, TELL)
    world.clock.forward(minutes=1)
    record_back(world.deps, staff(world), case.key, case.victim)
    promise = only(world, case, TELL)
    assert (promise.event, promise.subject) == (RESULT, measure_of(world, case).current.event)
    record_contact(
        world.deps,
        staff(world),
        case.key,
        case.victim,
        told_today(world),
        promise_id=promise.id,
    )
    assert measure_of(world, case).current.told
    assert measure_of(world, case, "live_link").current.told
    record_left(world.deps, staff(world), case.key, case.victim, BY_PHONE)
    world.clock.forward(minutes=1)
    record_back(world.deps, staff(world), case.key, case.victim)
    assert not owed(world, case, TELL)
