from datetime import UTC, date, datetime, time, timedelta
from itertools import chain

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from chalicelib.domain.calendar import (
    CalendarTooShortError,
    WorkingDays,
    add_working_days,
    counted_from,
    england_and_wales,
    reply_due_on,
)
from tests import slow_calendar as slow

FIVE = 5
NINE, FIVE_O_CLOCK = time(9), time(17)
ENGLAND_AND_WALES = england_and_wales(NINE, FIVE_O_CLOCK)
# Three years of our own, so that these tests do not change with the library's list.
OURS = WorkingDays(
    bank_holidays=frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}),
    first_day=date(2026, 1, 1),
    last_day=date(2028, 12, 31),
    day_starts_at=NINE,
    day_ends_at=FIVE_O_CLOCK,
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "day_0", "due"),
    [
        # An ordinary day; the day of receipt is day 0.
        ("2026-11-18 10:00", "2026-11-18", "2026-11-25"),
        ("2026-11-19 00:00", "2026-11-19", "2026-11-26"),
        # 17:00 exactly is in time; a moment later is the next working day.
        ("2026-11-19 17:00", "2026-11-19", "2026-11-26"),
        ("2026-11-19 17:00:00.000001", "2026-11-20", "2026-11-27"),
        ("2026-11-19 23:59", "2026-11-20", "2026-11-27"),
        ("2026-11-20 17:01", "2026-11-23", "2026-11-30"),
        # Weekends.
        ("2026-11-21 00:00", "2026-11-23", "2026-11-30"),
        ("2026-11-22 23:59:59", "2026-11-23", "2026-11-30"),
        # In summer London is an hour ahead.
        ("2026-06-15 16:00", "2026-06-15", "2026-06-22"),
        ("2026-06-15 16:00:01", "2026-06-16", "2026-06-23"),
        ("2026-06-14 23:30", "2026-06-15", "2026-06-22"),
        ("2026-06-15 23:30", "2026-06-16", "2026-06-23"),
        # The clocks go forward on Sunday 29 March 2026 and Easter follows.
        ("2026-03-27 17:00", "2026-03-27", "2026-04-07"),
        ("2026-03-29 00:59", "2026-03-30", "2026-04-08"),
        ("2026-03-29 01:00", "2026-03-30", "2026-04-08"),
        ("2026-03-30 16:30", "2026-03-31", "2026-04-09"),
        # The clocks go back on Sunday 25 October 2026; half past one comes twice.
        ("2026-10-23 16:30", "2026-10-26", "2026-11-02"),
        ("2026-10-25 00:30", "2026-10-26", "2026-11-02"),
        ("2026-10-25 01:30", "2026-10-26", "2026-11-02"),
        ("2026-10-26 16:30", "2026-10-26", "2026-11-02"),
        # Easter: Good Friday is 3 April 2026, Easter Monday the 6th.
        ("2026-04-02 09:00", "2026-04-02", "2026-04-13"),
        ("2026-04-02 16:30", "2026-04-07", "2026-04-14"),
        ("2026-04-03 09:00", "2026-04-07", "2026-04-14"),
        # Christmas: Boxing Day 2026 is a Saturday, so Monday the 28th is free too.
        ("2026-12-24 16:00", "2026-12-24", "2027-01-05"),
        ("2026-12-24 17:01", "2026-12-29", "2027-01-06"),
        ("2026-12-25 12:00", "2026-12-29", "2027-01-06"),
        # The end of a year, and 29 February.
        ("2026-12-31 12:00", "2026-12-31", "2027-01-08"),
        ("2026-12-31 23:59", "2027-01-04", "2027-01-11"),
        ("2028-02-22 12:00", "2028-02-22", "2028-02-29"),
        ("2028-02-29 12:00", "2028-02-29", "2028-03-07"),
        # A day that was free only once.
        ("2022-09-16 12:00", "2022-09-16", "2022-09-26"),
    ],
)
def test_a_reply_is_due_five_working_days_after_the_day_of_receipt(
    received: str, day_0: str, due: str
) -> None:
    moment = utc(received)

    assert counted_from(moment, ENGLAND_AND_WALES) == date.fromisoformat(day_0)
    assert reply_due_on(moment, ENGLAND_AND_WALES, FIVE) == date.fromisoformat(due)


def test_the_time_at_which_a_day_ends_is_the_calendars() -> None:
    until_noon = england_and_wales(NINE, time(12))

    assert counted_from(utc("2026-11-19 12:00"), until_noon) == date(2026, 11, 19)
    assert counted_from(utc("2026-11-19 12:01"), until_noon) == date(2026, 11, 20)


def test_day_0_of_an_event_need_not_be_a_working_day() -> None:
    saturday = date(2026, 11, 21)

    assert add_working_days(saturday, 1, OURS) == date(2026, 11, 23)


@pytest.mark.parametrize("working_days", [0, -1])
def test_a_limit_below_one_working_day_is_refused(working_days: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        add_working_days(date(2026, 11, 19), working_days, OURS)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        counted_from(datetime(2026, 11, 19, 12), OURS)  # noqa: DTZ001 -- that is the point


def test_the_last_day_of_the_calendar_can_still_be_due() -> None:
    # Friday 29 December 2028 is the last working day that this calendar knows.
    assert reply_due_on(utc("2028-12-22 12:00"), OURS, FIVE) == date(2028, 12, 29)


@pytest.mark.parametrize("received", ["2028-12-25 12:00", "2028-12-31 12:00", "2029-01-02 12:00"])
def test_a_calendar_that_ends_before_the_due_day_says_so(received: str) -> None:
    with pytest.raises(CalendarTooShortError, match="2028-12-31"):
        reply_due_on(utc(received), OURS, FIVE)


def test_a_day_before_the_calendar_is_not_guessed_either() -> None:
    with pytest.raises(CalendarTooShortError):
        OURS.is_working_day(date(2025, 12, 31))


def test_our_calendar_agrees_with_the_library_on_every_day() -> None:
    library = BankHolidays(use_cached_holidays=True)
    day = ENGLAND_AND_WALES.first_day
    while day <= ENGLAND_AND_WALES.last_day:
        expected = library.is_work_day(day, division=BankHolidays.ENGLAND_AND_WALES)
        assert ENGLAND_AND_WALES.is_working_day(day) == expected
        day += timedelta(days=1)


def test_the_calendar_reaches_from_the_first_to_the_last_published_holiday() -> None:
    assert ENGLAND_AND_WALES.first_day == date(2012, 1, 2)
    assert ENGLAND_AND_WALES.last_day >= date(2028, 12, 26)


def test_the_published_holidays_are_those_of_the_rule_but_for_royal_days() -> None:
    # Easter by the Church's tables, the three Mondays, and substitutes for days of rest.
    first, last = ENGLAND_AND_WALES.first_day.year, ENGLAND_AND_WALES.last_day.year
    by_rule = set(chain(*(slow.holidays_by_rule(year) for year in range(first, last + 1))))

    assert {day.isoformat() for day in ENGLAND_AND_WALES.bank_holidays ^ by_rule} == {
        *("2012-05-28", "2012-06-04", "2012-06-05"),  # the Diamond Jubilee
        *("2020-05-04", "2020-05-08"),  # 75 years after the war
        *("2022-05-30", "2022-06-02", "2022-06-03"),  # the Platinum Jubilee
        *("2022-09-19", "2023-05-08"),  # the Queen's funeral, the King's coronation
    }


# The rest compares with a second implementation that shares nothing with the first.

moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 -- the strategy adds the zone
    max_value=datetime(2028, 6, 1),  # noqa: DTZ001 -- the same
    timezones=st.just(UTC),
)
seconds_around_the_cut_off = st.builds(
    lambda day, seconds: datetime.combine(day, time(16), UTC) + timedelta(seconds=seconds),
    st.dates(date(2026, 1, 1), date(2028, 6, 1)),
    st.integers(-2, 3602),
)
around_midnight = st.builds(
    lambda day, minutes: datetime.combine(day, time(23), UTC) + timedelta(minutes=minutes),
    st.dates(date(2026, 1, 1), date(2028, 6, 1)),
    st.integers(-1, 61),
)
calendars = st.builds(
    lambda holidays: WorkingDays(
        holidays, date(2026, 1, 1), date(2028, 12, 31), NINE, FIVE_O_CLOCK
    ),
    st.frozensets(st.dates(date(2026, 1, 1), date(2028, 6, 30)), max_size=20),
)
limits = st.integers(1, 20)
# Days around which counting goes wrong: Easter, 29 February, Christmas on a weekend with its
# substitutes, the ends of years, and the Sundays on which the clocks change.
HARD_DAYS = (
    *("2016-02-29", "2020-02-29", "2024-02-29", "2028-02-29"),
    *("2024-03-31", "2025-04-18", "2026-04-03", "2027-03-26", "2027-03-28", "2028-03-26"),
    *("2021-12-25", "2022-12-25", "2026-12-26", "2027-12-25", "2027-12-31", "2022-01-01"),
    *("2025-10-26", "2026-10-25", "2026-03-29", "2022-09-16"),
)
real_moments = st.builds(
    lambda day, days, minutes: (
        datetime.combine(date.fromisoformat(day), time(), UTC)
        + timedelta(days=days, minutes=minutes)
    ),
    st.sampled_from(HARD_DAYS),
    st.integers(-12, 6),
    st.sampled_from((0, 59, 60, 61, 959, 960, 961, 1019, 1020, 1021, 1379, 1380, 1438, 1439)),
)


@given(moments | seconds_around_the_cut_off | around_midnight, calendars, limits)
@example(utc("2026-03-29 01:00"), OURS, FIVE)
@example(utc("2026-10-25 01:00"), OURS, FIVE)
@example(utc("2028-02-28 23:59"), OURS, 1)
@example(utc("2026-12-31 23:59"), OURS, 1)
def test_due_days_agree_with_a_slow_count(
    moment: datetime, calendar: WorkingDays, limit: int
) -> None:
    holidays = calendar.bank_holidays

    assert counted_from(moment, calendar) == slow.day_0(moment, FIVE_O_CLOCK, holidays)
    assert reply_due_on(moment, calendar, limit) == slow.due(moment, limit, FIVE_O_CLOCK, holidays)


@settings(max_examples=400)
@given(real_moments, limits)
def test_due_days_of_england_and_wales_agree_with_a_slow_count(
    moment: datetime, limit: int
) -> None:
    holidays = ENGLAND_AND_WALES.bank_holidays
    day_0 = slow.day_0(moment, FIVE_O_CLOCK, holidays)
    due = slow.due(moment, limit, FIVE_O_CLOCK, holidays)

    assert counted_from(moment, ENGLAND_AND_WALES) == day_0
    assert reply_due_on(moment, ENGLAND_AND_WALES, limit) == due


@given(st.dates(date(2026, 1, 1), date(2028, 6, 1)), calendars, limits)
@example(date(2028, 2, 28), OURS, 1)
@example(date(2028, 2, 29), OURS, 1)
def test_days_from_an_event_agree_with_a_slow_count(
    day: date, calendar: WorkingDays, limit: int
) -> None:
    # An event's own day is day 0 at whatever hour it was, 23:59 on a Sunday as well.
    expected = slow.nth_working_day_after(day, limit, calendar.bank_holidays)

    assert add_working_days(day, limit, calendar) == expected


@given(moments, moments, calendars, limits)
def test_who_asks_later_is_never_owed_an_answer_earlier(
    one: datetime, other: datetime, calendar: WorkingDays, limit: int
) -> None:
    assume(one <= other)

    assert reply_due_on(one, calendar, limit) <= reply_due_on(other, calendar, limit)


@given(moments, calendars, limits)
def test_a_due_day_is_a_working_day_after_the_day_of_receipt(
    moment: datetime, calendar: WorkingDays, limit: int
) -> None:
    due = reply_due_on(moment, calendar, limit)

    assert calendar.is_working_day(due)
    assert due > counted_from(moment, calendar) >= slow.london(moment).date()
