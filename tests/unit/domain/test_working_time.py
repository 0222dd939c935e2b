"""How much of the time between two moments was worked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.domain.calendar import (
    CalendarTooShortError,
    WorkingDays,
    england_and_wales,
    working_time,
)
from tests import slow_calendar as slow

NINE, FIVE_O_CLOCK = time(9), time(17)
REAL = england_and_wales(NINE, FIVE_O_CLOCK)
LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        # Within a day, at its edges and outside it.
        ("2026-11-18 09:00", "2026-11-18 17:00", 8),
        ("2026-11-18 10:15", "2026-11-18 11:45", 1.5),
        ("2026-11-18 00:00", "2026-11-19 00:00", 8),
        ("2026-11-18 17:00", "2026-11-19 09:00", 0),
        ("2026-11-18 17:00:00.000001", "2026-11-19 10:00", 1),
        # Over a weekend; asked on a Saturday, answered on Monday.
        ("2026-11-20 16:00", "2026-11-23 10:00", 2),
        ("2026-11-21 12:00", "2026-11-23 10:00", 1),
        ("2026-11-21 12:00", "2026-11-22 12:00", 0),
        # In summer nine o'clock in London is eight by UTC.
        ("2026-06-15 08:00", "2026-06-15 16:00", 8),
        # Over both changes of the clocks.
        ("2026-03-27 17:00", "2026-03-30 08:00", 0),
        ("2026-03-27 16:00", "2026-03-30 09:00", 2),
        ("2026-10-23 15:00", "2026-10-26 10:00", 2),
        # Easter, Christmas with its substitute, the end of a year, 29 February.
        ("2026-04-02 15:00", "2026-04-07 09:00", 2),
        ("2026-12-24 16:00", "2026-12-29 10:00", 2),
        ("2026-12-31 16:00", "2027-01-04 10:00", 2),
        ("2028-02-28 09:00", "2028-03-01 09:00", 16),
        # Nothing passes backwards.
        ("2026-11-18 12:00", "2026-11-18 12:00", 0),
        ("2026-11-19 12:00", "2026-11-18 12:00", 0),
    ],
)
def test_time_passes_in_working_hours_only(start: str, end: str, hours: float) -> None:
    assert working_time(utc(start), utc(end), REAL) == hours * HOUR


def test_moments_may_be_told_by_any_clock() -> None:
    start = datetime(2026, 6, 15, 9, tzinfo=LONDON)
    end = datetime(2026, 6, 15, 17, tzinfo=UTC)

    assert working_time(start, end, REAL) == 8 * HOUR


def test_the_hour_that_comes_twice_is_no_time_backwards() -> None:
    first = datetime(2026, 10, 25, 1, 50, tzinfo=LONDON)
    second = datetime(2026, 10, 25, 1, 10, tzinfo=LONDON, fold=1)

    assert working_time(first, second, REAL) == timedelta()
    assert working_time(second, first, REAL) == timedelta()


def test_working_hours_are_the_calendars() -> None:
    mornings = england_and_wales(time(7, 30), time(12))

    assert working_time(utc("2026-11-18 00:00"), utc("2026-11-20 00:00"), mornings) == 9 * HOUR


def test_a_calendar_that_does_not_know_the_day_says_so() -> None:
    with pytest.raises(CalendarTooShortError):
        working_time(utc("2026-11-18 12:00"), utc("2099-11-18 12:00"), REAL)
    with pytest.raises(CalendarTooShortError):
        working_time(utc("1999-11-18 12:00"), utc("2026-11-18 12:00"), REAL)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        working_time(datetime(2026, 11, 18, 12), utc("2026-11-19 12:00"), REAL)  # noqa: DTZ001


def test_years_cost_no_more_than_an_hour() -> None:
    begun = perf_counter()
    for _ in range(200):
        working_time(utc("2013-01-02 10:00"), utc("2026-11-18 12:00"), REAL)

    # Gone through minute by minute, one of them alone takes seconds.
    assert perf_counter() - begun < 1


# The rest compares with a second implementation that looks at each minute for itself.

HARD_DAYS = (
    *("2026-03-28", "2026-10-24", "2027-03-27", "2027-10-30"),
    *("2026-04-02", "2027-03-25", "2028-04-13"),
    *("2026-12-24", "2027-12-23", "2026-12-31", "2027-12-31", "2028-02-28", "2028-02-29"),
)
minutes_of_a_day = st.integers(0, 24 * 60 - 1)
starts = st.builds(
    lambda day, minutes: datetime.combine(day, time(), UTC) + timedelta(minutes=minutes),
    st.sampled_from(HARD_DAYS).map(date.fromisoformat)
    | st.dates(date(2026, 1, 1), date(2028, 6, 1)),
    minutes_of_a_day | st.sampled_from((479, 480, 481, 539, 540, 541, 959, 960, 1019, 1020, 1021)),
)
spans = st.builds(
    lambda days, minutes: timedelta(days=days, minutes=minutes),
    st.integers(0, 16),
    minutes_of_a_day,
)
calendars = st.builds(
    lambda holidays, hours: WorkingDays(
        holidays, date(2026, 1, 1), date(2028, 12, 31), min(hours), max(hours)
    ),
    st.frozensets(st.dates(date(2026, 1, 1), date(2028, 6, 30)), max_size=20),
    st.sampled_from(((NINE, FIVE_O_CLOCK), (time(0), time(23, 59)), (time(7, 30), time(12)))),
)


@settings(max_examples=150)
@given(starts, spans, st.just(REAL) | calendars)
@example(utc("2026-03-27 12:00"), timedelta(days=4), REAL)
@example(utc("2026-10-23 12:00"), timedelta(days=4), REAL)
@example(utc("2026-12-23 12:00"), timedelta(days=14), REAL)
@example(utc("2028-02-25 12:00"), timedelta(days=6), REAL)
def test_working_time_agrees_with_a_count_of_minutes(
    start: datetime, span: timedelta, calendar: WorkingDays
) -> None:
    hours = (calendar.day_starts_at, calendar.day_ends_at)
    minutes = slow.minutes_worked(start, start + span, hours, calendar.bank_holidays)

    assert working_time(start, start + span, calendar) == timedelta(minutes=minutes)


@pytest.mark.parametrize("year", [2027, 2028])
def test_a_whole_year_agrees_with_a_count_of_minutes(year: int) -> None:
    start, end = datetime(year - 1, 12, 1, tzinfo=UTC), datetime(year, 12, 1, tzinfo=UTC)
    minutes = slow.minutes_worked(start, end, (NINE, FIVE_O_CLOCK), REAL.bank_holidays)

    assert working_time(start, end, REAL) == timedelta(minutes=minutes)


moments = st.datetimes(
    min_value=datetime(2013, 1, 1),  # noqa: DTZ001 -- the strategy adds the zone
    max_value=datetime(2028, 6, 1),  # noqa: DTZ001 -- the same
    timezones=st.just(UTC),
)


@given(st.lists(moments, min_size=3, max_size=3))
def test_working_time_adds_up(three: list[datetime]) -> None:
    start, middle, end = sorted(three)
    parts = working_time(start, middle, REAL) + working_time(middle, end, REAL)

    assert working_time(start, end, REAL) == parts
    assert timedelta() <= parts <= end - start
