"""What is owed by when, when somebody should look, and what a victim's page may list of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import england_and_wales
from chalicelib.domain.cases import (
    Case,
    CaseKey,
    Event,
    Officer,
    OfficerId,
    TeamId,
    Victim,
    VictimKey,
)
from chalicelib.domain.promises import (
    OWED_NEWS,
    OWED_REPLY,
    OWED_TELLING,
    REPLY,
    REVIEW,
    TASK,
    TELL,
    UPDATE,
    Promise,
    Working,
    is_at_risk,
    is_to_be_raised,
    promise_of,
    reply_working,
    update_working,
    welcome_working,
)
from chalicelib.domain.tellings import event_telling_of, may_be_listed
from chalicelib.rules import load_rules
from tests.slow_calendar import nth_working_day_after

RULES = load_rules()
CALENDAR = england_and_wales(RULES.limits.working_day_starts, RULES.limits.receipt_cut_off)
FRIDAY = date(2026, 11, 20)
MONDAY, TUESDAY = FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=4)
NOON = datetime(2026, 11, 13, 12, tzinfo=UTC)
VICTIM = Victim(VictimKey("v"), "V1", enhanced_rights=False)
STAFFORD, STOKE = TeamId("stafford"), TeamId("stoke")


def _case(*flags: str, crime_type: str = "burglary") -> Case:
    return Case(
        key=CaseKey("c"),
        reference="12/345678/90",
        crime_type=crime_type,
        flags=frozenset(flags),
        reported_on=date(2026, 1, 5),
        officer=Officer(OfficerId("pc"), "PC Example", "0001", STAFFORD),
        entries=(),
        victims=(VICTIM,),
    )


def _promise(kind: str = REPLY, due_on: date = FRIDAY, owed: str = OWED_REPLY) -> Promise:
    working = Working("contact.reply", date(2026, 11, 13), 5, "our standard")
    return promise_of(
        kind=kind,
        identity="p",
        case=_case(),
        victim=VICTIM.key,
        subject="1",
        owed=owed,
        made_at=NOON,
        due=(due_on, working),
        rules=RULES,
    )


def test_a_promise_is_open_until_it_is_kept_or_cancelled() -> None:
    promise = _promise()
    assert promise.is_open
    assert not replace(promise, kept_at=NOON).is_open
    assert not replace(promise, cancelled_why="Another decision.").is_open
    assert promise.is_late(MONDAY)
    assert not replace(promise, kept_at=NOON).is_late(MONDAY)


@pytest.mark.parametrize(
    ("kept_at", "in_time"),
    [
        (datetime(2026, 11, 20, 23, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 21, 0, 0, tzinfo=UTC), False),
    ],
)
def test_in_time_is_until_the_end_of_the_day_in_winter(kept_at: datetime, *, in_time: bool) -> None:
    assert replace(_promise(), kept_at=kept_at).was_in_time is in_time


def test_in_time_is_by_london_clocks_in_summer() -> None:
    promise = _promise(due_on=date(2026, 7, 10))
    late = replace(promise, kept_at=datetime(2026, 7, 10, 23, 0, tzinfo=UTC))
    assert not late.was_in_time
    assert replace(late, kept_at=datetime(2026, 7, 10, 22, 59, tzinfo=UTC)).was_in_time


@pytest.mark.parametrize(
    ("today", "at_risk"),
    [
        (FRIDAY - timedelta(days=2), False),
        (FRIDAY - timedelta(days=1), True),
        (FRIDAY, True),
        (FRIDAY + timedelta(days=1), False),
    ],
)
def test_it_is_at_risk_from_one_working_day_before(today: date, *, at_risk: bool) -> None:
    assert is_at_risk(_promise(), today, CALENDAR, RULES) is at_risk


def test_what_is_due_on_monday_is_at_risk_from_friday() -> None:
    promise = _promise(due_on=MONDAY)
    assert is_at_risk(promise, FRIDAY, CALENDAR, RULES)
    assert not is_at_risk(promise, FRIDAY - timedelta(days=1), CALENDAR, RULES)


def test_what_somebody_has_seen_is_not_at_risk() -> None:
    assert not is_at_risk(replace(_promise(), seen_at=NOON), FRIDAY, CALENDAR, RULES)


@pytest.mark.parametrize(
    ("today", "raised"),
    [
        (FRIDAY, False),
        (FRIDAY + timedelta(days=1), False),
        (FRIDAY + timedelta(days=2), False),
        (MONDAY, True),
        (TUESDAY, True),
    ],
)
def test_it_goes_up_when_it_is_one_working_day_late(today: date, *, raised: bool) -> None:
    assert is_to_be_raised(_promise(), today, CALENDAR, RULES) is raised


def test_what_was_raised_or_kept_is_not_raised_again() -> None:
    for done in ({"raised_at": NOON}, {"kept_at": NOON}, {"cancelled_why": "Left."}):
        assert not is_to_be_raised(replace(_promise(), **done), TUESDAY, CALENDAR, RULES)


def test_a_review_goes_up_on_the_day_after_its_own_also_on_a_day_of_rest() -> None:
    review = replace(_promise(), kind=REVIEW)
    assert not is_to_be_raised(review, FRIDAY, CALENDAR, RULES)
    assert is_to_be_raised(review, FRIDAY + timedelta(days=1), CALENDAR, RULES)
    raised = replace(review, raised_at=NOON)
    assert not is_to_be_raised(raised, TUESDAY, CALENDAR, RULES)


def test_bank_holidays_are_no_working_days_for_going_up() -> None:
    promise = _promise(due_on=date(2026, 12, 24))
    assert not is_to_be_raised(promise, date(2026, 12, 28), CALENDAR, RULES)
    assert is_to_be_raised(promise, date(2026, 12, 29), CALENDAR, RULES)


def _by_hand(day: date, working_days: int) -> date:
    return nth_working_day_after(day, working_days, CALENDAR.bank_holidays)


DAYS = st.dates(date(2013, 1, 2), date(2028, 10, 1))


@given(day=DAYS)
def test_each_rhythm_ends_on_the_day_that_counting_by_hand_gives(day: date) -> None:
    for row in RULES.rhythms.values():
        due = update_working(row.key, day, CALENDAR, RULES)
        if row.working_days is None:
            assert due is None
        else:
            assert due is not None
            assert due[0] == _by_hand(day, row.working_days)


@given(day=DAYS, enhanced=st.booleans())
def test_each_event_is_owed_on_the_day_that_counting_by_hand_gives(
    day: date, *, enhanced: bool
) -> None:
    victim = replace(VICTIM, enhanced_rights=enhanced)
    for row in RULES.code_limits.values():
        at = datetime.combine(day, time(23, 59), UTC)
        event = Event("e", row.key, day, at, "PC Example", frozenset({victim.key}))
        promise = event_telling_of(
            event, victim, _case(), identity="p", calendar=CALENDAR, rules=RULES
        )
        days = row.enhanced_working_days if enhanced else row.standard_working_days
        assert promise.due_on == _by_hand(day, days or 5)
        is_sure = row.trust in {"A", "B"} and days is not None
        assert (promise.working.source == "the Victims' Code") == is_sure
        assert promise.working.counted_from == day


@given(day=DAYS, hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_a_question_is_owed_an_answer_counted_from_a_working_day(
    day: date, hour: int, minute: int
) -> None:
    due, working = reply_working(datetime.combine(day, time(hour, minute), UTC), CALENDAR, RULES)
    assert CALENDAR.is_working_day(working.counted_from)
    assert due == _by_hand(working.counted_from, 5)


def test_a_first_contact_is_sooner_for_who_has_enhanced_rights() -> None:
    due, working = welcome_working(_case(), VICTIM, FRIDAY, CALENDAR, RULES)
    assert (due, working.rule) == (date(2026, 11, 25), "contact.welcome")
    urgent = welcome_working(_case("domestic_abuse"), VICTIM, FRIDAY, CALENDAR, RULES)
    assert (urgent[0], urgent[1].rule) == (MONDAY, "contact.welcome_enhanced")


def test_lists_can_warn_without_reading_the_case() -> None:
    promise = replace(_promise(), id="q")
    assert (promise.safe_mode, promise.restricted, promise.opposed) == (False, False, False)
    flagged = promise_of(
        kind=UPDATE,
        identity="q",
        case=_case("domestic_abuse", "restricted", "opposed_victims"),
        victim=VICTIM.key,
        subject="q",
        owed="An update",
        made_at=NOON,
        due=(FRIDAY, promise.working),
        rules=RULES,
    )
    assert flagged.safe_mode
    assert flagged.restricted
    assert flagged.opposed


def test_a_page_lists_no_news_that_waits_to_be_told_but_harmless_news() -> None:
    hearing = replace(_promise(TELL, owed=OWED_NEWS), event="hearing_listed")
    arrest = replace(hearing, event="suspect_arrested")
    for promise, listed in (
        (hearing, True),
        (arrest, False),
        (replace(hearing, owed=OWED_TELLING), False),
        (replace(arrest, kept_at=NOON), True),
        (_promise(), True),
    ):
        assert may_be_listed(promise, RULES, knows_of_charge=True) is listed


def test_what_is_done_before_court_tells_nobody_of_a_charge() -> None:
    review, apply = _promise(REVIEW), replace(_promise(TASK), event="apply")
    talk = replace(apply, event="talk")
    for promise, knows, listed in (
        (review, False, False),
        (review, True, True),
        (apply, False, False),
        (replace(apply, kept_at=NOON), False, False),
        (apply, True, True),
        (talk, False, True),
        (replace(talk, event="no such task"), False, False),
    ):
        assert may_be_listed(promise, RULES, knows_of_charge=knows) is listed
