"""News of the Code: whom it is owed to by when, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Told
from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    StaleError,
)
from chalicelib.domain.promises import TELL, UPDATE, WELCOME
from chalicelib.services.record_contact import record_contact
from chalicelib.services.record_event import EventNews, record_event
from chalicelib.services.record_outcome import News, record_outcome
from tests.builders import seed_case
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
    case_of,
    file_of,
    staff,
)

if TYPE_CHECKING:
    from tests.integration.conftest import World

TODAY = date(2026, 11, 18)  # a Wednesday
BY_PHONE = Told(TODAY, "by phone")
HERE = Told(TODAY, "here")


def test_an_event_owes_the_victims_named_to_be_told_by_the_codes_day(world: World) -> None:
    case = followed(world, victims=("V1", "V2"))
    made = record(world, case, news_of(case, None))
    promise = only(world, case, TELL, "V1")
    assert (promise.due_on, promise.subject) == (date(2026, 11, 25), made)
    assert (promise.working.rule, promise.working.source) == (
        "suspect_interviewed",
        "the Victims' Code",
    )
    assert not owed(world, case, TELL, "V2")
    (event,) = case_of(world, case).events
    assert (event.key, event.happened_on) == ("suspect_interviewed", TODAY)
    assert event.victims == {case.victims["V1"]}


def test_an_event_recorded_late_is_late_from_the_start(world: World) -> None:
    case = followed(world, crime_type="stalking_harassment")
    news = EventNews("suspect_arrested", date(2026, 11, 13), {case.victim: None})
    record(world, case, news)
    promise = only(world, case, TELL)
    assert promise.due_on == date(2026, 11, 16)
    assert promise.is_late(TODAY)


def test_an_event_just_before_midnight_is_counted_from_its_own_day(world: World) -> None:
    case = followed(world)
    world.clock.moment = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
    record(world, case, EventNews("suspect_interviewed", date(2026, 11, 20), {case.victim: None}))
    assert only(world, case, TELL).due_on == date(2026, 11, 27)


def test_who_was_told_at_once_has_it_kept_on_that_day_and_counted_as_an_update(
    world: World,
) -> None:
    case = in_rhythm(world)
    world.clock.forward(days=2)
    told = Told(date(2026, 11, 19), "in person")
    record(world, case, news_of(case, told))
    (kept,) = [p for p in file_of(world, case).owed if p.kind == TELL]
    assert kept.kept_at is not None
    assert (kept.kept_at.date(), kept.kept_how) == (told.on, "in person")
    assert not [row for row in rows_of_owner(world) if row.id == kept.id]
    assert only(world, case, UPDATE).due_on == date(2026, 12, 3)


def test_practical_news_can_be_read_here_first(world: World) -> None:
    case = followed(world, stage="charged", outcome="charged", told=True)
    record(world, case, EventNews("hearing_listed", TODAY, {case.victim: HERE}, "On 4 January."))
    (update,) = case_of(world, case).updates
    assert update.text == "On 4 January."
    assert update.to == {case.victim}


@pytest.mark.parametrize(
    ("key", "day", "told"),
    [
        ("suspect_interviewed", date(2026, 11, 19), None),
        ("suspect_interviewed", date(2026, 11, 1), None),
        ("nfa_police", TODAY, None),
        ("expenses_paid", TODAY, None),
        ("no_such_event", TODAY, None),
        ("hearing_listed", TODAY, None),
        ("suspect_interviewed", TODAY, HERE),
    ],
    ids=["future", "before the report", "outcome", "not ours", "unknown", "no charge", "not here"],
)
def test_what_cannot_be_is_refused_and_nothing_is_half_made(
    world: World, key: str, day: date, told: Told | None
) -> None:
    case = followed(world)
    with pytest.raises(NotAllowedError):
        record(world, case, EventNews(key, day, {case.victim: told}, "Words."))
    assert not case_of(world, case).events
    assert not owed(world, case, TELL)


def test_the_same_event_is_recorded_once_for_a_victim(world: World) -> None:
    case = followed(world, victims=("V1", "V2"))
    record(world, case, news_of(case, None))
    with pytest.raises(NotAllowedError):
        record(world, case, news_of(case, None), form="another")
    other = EventNews("suspect_interviewed", TODAY, {case.victims["V2"]: None})
    record(world, case, other, form="for the other")
    assert len(case_of(world, case).events) == 2


def test_a_form_sent_twice_records_one_event(world: World) -> None:
    case, officer = followed(world), staff(world)
    for _ in range(2):
        record_event(
            world.deps, officer, case.key, news_of(case, None), seen=0, form_key="one form"
        )
    assert len(case_of(world, case).events) == 1
    assert len(owed(world, case, TELL)) == 1


def test_an_event_of_an_investigation_needs_an_open_case(world: World) -> None:
    case = seed_case(world.deps, stage="no_further_action", outcome="no_suspect_found", told=True)
    with pytest.raises(NotAllowedError):
        record(world, case, news_of(case, None))
    assert not case_of(world, case).events


def test_telling_an_event_later_keeps_its_promise(world: World) -> None:
    case = followed(world)
    record(world, case, news_of(case, None))
    promise = only(world, case, TELL)
    world.clock.forward(days=9)
    told = Told(date(2026, 11, 26), "in person")
    record_contact(world.deps, staff(world), case.key, case.victim, told, promise_id=promise.id)
    (kept,) = [p for p in file_of(world, case).owed if p.kind == TELL]
    assert (kept.kept_how, kept.was_in_time) == ("in person", False)
    other = Told(date(2026, 11, 25), "by phone")
    with pytest.raises(StaleError):
        record_contact(
            world.deps, staff(world), case.key, case.victim, other, promise_id=promise.id
        )


def test_a_contact_keeps_neither_an_answer_nor_news_of_the_ladder(world: World) -> None:
    case = followed(world)
    version = case_of(world, case).version
    news = News("released_bail", TODAY)
    record_outcome(world.deps, staff(world), case.key, news, seen=version, form_key="form")
    promise = only(world, case, TELL)
    with pytest.raises(NotAllowedError):
        record_contact(
            world.deps, staff(world), case.key, case.victim, BY_PHONE, promise_id=promise.id
        )


def test_a_promise_of_another_case_is_not_found(world: World) -> None:
    case, other = followed(world), followed(world)
    theirs = only(world, other, WELCOME)
    with pytest.raises(NotFoundError):
        record_contact(
            world.deps, staff(world), case.key, case.victim, BY_PHONE, promise_id=theirs.id
        )
