from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.dates import (
    add_months,
    date_and_time,
    in_london,
    iso,
    long_date,
    parse_iso,
    plain_date,
)

moments = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 -- the strategy adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 -- the same
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=9))]),
)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 12, 4), "Friday 4 December 2026"),
        (date(2028, 2, 29), "Tuesday 29 February 2028"),
        (date(2027, 1, 1), "Friday 1 January 2027"),
    ],
)
def test_a_date_is_written_with_its_weekday_and_month(day: date, words: str) -> None:
    assert long_date(day) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-12-04T15:05:00", "Friday 4 December 2026 at 3:05pm"),
        ("2026-12-04T15:00:59", "Friday 4 December 2026 at 3pm"),
        ("2026-12-04T00:00:00", "Friday 4 December 2026 at 12am"),
        ("2026-12-04T00:07:00", "Friday 4 December 2026 at 12:07am"),
        ("2026-12-04T12:00:00", "Friday 4 December 2026 at 12pm"),
        ("2026-12-04T11:59:59", "Friday 4 December 2026 at 11:59am"),
        ("2026-06-30T23:30:00", "Wednesday 1 July 2026 at 12:30am"),
        ("2026-03-29T00:59:00", "Sunday 29 March 2026 at 12:59am"),
        ("2026-03-29T01:00:00", "Sunday 29 March 2026 at 2am"),
        ("2026-10-25T00:30:00", "Sunday 25 October 2026 at 1:30am"),
        ("2026-10-25T01:30:00", "Sunday 25 October 2026 at 1:30am"),
    ],
)
def test_a_moment_is_written_by_london_clocks(moment: str, words: str) -> None:
    assert date_and_time(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == words


def test_a_moment_without_a_time_zone_is_refused() -> None:
    naive = datetime(2026, 12, 4, 15, 5)  # noqa: DTZ001 -- that is the point

    for write in (date_and_time, in_london, iso):
        with pytest.raises(ValueError, match="time zone"):
            write(naive)


def test_stored_text_is_utc_whatever_the_zone() -> None:
    new_york = datetime(2026, 12, 4, 10, 5, tzinfo=timezone(timedelta(hours=-5)))

    assert iso(new_york) == "2026-12-04T15:05:00.000000Z"


@given(moments)
def test_stored_text_gives_the_moment_back(moment: datetime) -> None:
    read = parse_iso(iso(moment))

    assert read == moment
    assert read.tzinfo is UTC


@given(moments, moments)
def test_stored_text_sorts_as_time_does(one: datetime, other: datetime) -> None:
    assert (iso(one) < iso(other)) == (one < other)


@pytest.mark.parametrize("text", ["", "2026-12-04", "2026-12-04T15:05:00+00:00", "yesterday"])
def test_text_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="does not match format"):
        parse_iso(text)


@pytest.mark.parametrize(
    ("told_on", "last_day"),
    [
        (date(2026, 12, 1), date(2027, 3, 1)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 5, 29)),
        (date(2026, 8, 31), date(2026, 11, 30)),
        (date(2026, 10, 31), date(2027, 1, 31)),
    ],
)
def test_three_months_end_on_the_same_number_or_the_months_last_day(
    told_on: date, last_day: date
) -> None:
    assert add_months(told_on, 3) == last_day


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 36))
def test_months_are_counted_one_calendar_month_each(day: date, months: int) -> None:
    later = add_months(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


def test_a_plain_date_has_no_weekday_and_no_leading_nought() -> None:
    assert plain_date(date(2026, 12, 4)) == "4 December 2026"
