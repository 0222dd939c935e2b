from datetime import UTC, date, datetime, time, timedelta

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import assume, example, given
from hypothesis import strategies as st

from chalicelib.domain.calendar import (
    CalendarTooShortError,
    WorkingDays,
    add_working_days,
    counted_from,
    england_and_wales,
    reply_due_on,
)

FIVE = 5
ENGLAND_AND_WALES = england_and_wales(time(17))
# Three years of our own, so that these tests do not change with the library's list.
OURS = WorkingDays(
    bank_holidays=frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}),
    first_day=date(2026, 1, 1),
    last_day=date(2028, 12, 31),
    day_ends_at=time(17),
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
    until_noon = england_and_wales(time(12))

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


# The rest compares with a second implementation that shares nothing with the first: British
# clocks by their rule, working days by counting every day one after the other.


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    while day.isoweekday() != 7:
        day -= timedelta(days=1)
    return day


def slow_london(moment: datetime) -> datetime:
    naive = moment.replace(tzinfo=None)
    summer_begins = datetime.combine(last_sunday(naive.year, 3), time(1))
    summer_ends = datetime.combine(last_sunday(naive.year, 10), time(1))
    return naive + timedelta(hours=1 if summer_begins <= naive < summer_ends else 0)


def slow_is_working(day: date, calendar: WorkingDays) -> bool:
    return day.strftime("%a") not in ("Sat", "Sun") and day not in calendar.bank_holidays


def slow_day_0(moment: datetime, calendar: WorkingDays) -> date:
    local = slow_london(moment)
    candidates = [local.date() + timedelta(days=n) for n in range(60)]
    if (local.hour, local.minute, local.second, local.microsecond) > (17, 0, 0, 0):
        candidates = candidates[1:]
    return next(day for day in candidates if slow_is_working(day, calendar))


def slow_due(moment: datetime, calendar: WorkingDays, limit: int) -> date:
    day_0 = slow_day_0(moment, calendar)
    later = [day_0 + timedelta(days=n) for n in range(1, 200)]
    return [day for day in later if slow_is_working(day, calendar)][limit - 1]


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
calendars = st.builds(
    lambda holidays: WorkingDays(holidays, date(2026, 1, 1), date(2028, 12, 31), time(17)),
    st.frozensets(st.dates(date(2026, 1, 1), date(2028, 6, 30)), max_size=20),
)
limits = st.integers(1, 20)


@given(moments | seconds_around_the_cut_off, calendars, limits)
@example(utc("2026-03-29 01:00"), OURS, FIVE)
@example(utc("2026-10-25 01:00"), OURS, FIVE)
def test_due_days_agree_with_a_slow_count(
    moment: datetime, calendar: WorkingDays, limit: int
) -> None:
    assert counted_from(moment, calendar) == slow_day_0(moment, calendar)
    assert reply_due_on(moment, calendar, limit) == slow_due(moment, calendar, limit)


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
    assert due > counted_from(moment, calendar) >= slow_london(moment).date()
