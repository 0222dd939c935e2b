"""Working days of England and Wales, and the days that promises are due."""

import json
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files

from chalicelib.domain.dates import in_london
from chalicelib.domain.errors import HubError
from chalicelib.frozen import frozen

ONE_DAY = timedelta(days=1)
SATURDAY = 5
DAYS_IN_A_WEEK = 7
WORKING_DAYS_IN_A_WEEK = 5


class CalendarTooShortError(HubError):
    """The calendar does not know the day; the list of bank holidays must be renewed."""


@frozen
class WorkingDays:
    """The days on which the force answers.

    Bank holidays are known from `first_day` to `last_day`, both included. Work is done
    from `day_starts_at` to `day_ends_at`, London time; what comes after that counts as
    received on the next working day.
    """

    bank_holidays: frozenset[date]
    first_day: date
    last_day: date
    day_starts_at: time
    day_ends_at: time

    def is_working_day(self, day: date) -> bool:
        """Return whether the day is neither on a weekend nor a bank holiday.

        Raises:
            CalendarTooShortError: the bank holidays of that day are not known.
        """
        if not self.first_day <= day <= self.last_day:
            raise CalendarTooShortError(f"bank holidays are known to {self.last_day}")
        return day.weekday() < SATURDAY and day not in self.bank_holidays


@cache
def england_and_wales(day_starts_at: time, day_ends_at: time) -> WorkingDays:
    """Return the working days of England and Wales from the first to the last published holiday.

    The list is the one that govuk-bank-holidays ships. It is read as a file: the
    library's own class imports an HTTP client, which no request here may wait for.

    Source:
        https://www.gov.uk/bank-holidays
    """
    text = files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text("utf-8")
    events = json.loads(text)["england-and-wales"]["events"]
    holidays = frozenset(date.fromisoformat(event["date"]) for event in events)
    return WorkingDays(
        bank_holidays=holidays,
        first_day=min(holidays),
        last_day=max(holidays),
        day_starts_at=day_starts_at,
        day_ends_at=day_ends_at,
    )


def add_working_days(day_0: date, working_days: int, calendar: WorkingDays) -> date:
    """Return the day that is so many whole working days after day 0.

    Args:
        day_0: the day that is not counted; it need not be a working day.
        working_days: at least 1.
        calendar: must reach to the day that comes back.

    Raises:
        CalendarTooShortError: it does not.
        ValueError: fewer than 1 working day.
    """
    if working_days < 1:
        raise ValueError("a limit is at least 1 working day")
    day = day_0
    for _ in range(working_days):
        day = _working_day_from(day + ONE_DAY, calendar)
    return day


def counted_from(received_at: datetime, calendar: WorkingDays) -> date:
    """Return day 0: the London date, or the next working day when it came too late for that.

    Args:
        received_at: when it was stored; aware.
        calendar: working days of the force.

    Raises:
        CalendarTooShortError: the calendar ends before that day.
        ValueError: the moment has no time zone.
    """
    local = in_london(received_at)
    is_after_hours = local.time() > calendar.day_ends_at
    return _working_day_from(local.date() + (ONE_DAY if is_after_hours else timedelta()), calendar)


def reply_due_on(received_at: datetime, calendar: WorkingDays, limit_working_days: int) -> date:
    """Return the last day on which a reply is in time.

    Args:
        received_at: when the message was stored; aware, UTC.
        calendar: working days of the force; must reach past the due day.
        limit_working_days: whole working days, at least 1; the day of receipt is day 0.

    Returns:
        A Europe/London date.

    Raises:
        CalendarTooShortError: the calendar ends before the due day.
        ValueError: the moment has no time zone, or the limit is below 1.

    Source:
        The reply standard published on the site, key `contact.reply` in limits.toml.
    """
    return add_working_days(counted_from(received_at, calendar), limit_working_days, calendar)


def working_time(start: datetime, end: datetime, calendar: WorkingDays) -> timedelta:
    """Return how much of the time between two moments lies within working hours.

    Whole days are counted, not gone through: a span of years costs no more than an hour.
    The clocks change on Sundays, so that every working day is as long as any other.

    Args:
        start: aware.
        end: aware; no working time has passed when it is not after the start.
        calendar: must know the London dates of both.

    Raises:
        CalendarTooShortError: it does not.
        ValueError: a moment has no time zone.
    """
    worked = _worked_by(end, calendar) - _worked_by(start, calendar)
    return max(worked, timedelta())


def _worked_by(moment: datetime, calendar: WorkingDays) -> timedelta:
    """Return the working time from a day long ago, the same for every moment, to this one."""
    local = in_london(moment).replace(tzinfo=None)
    day = local.date()
    opens = datetime.combine(day, calendar.day_starts_at)
    closes = datetime.combine(day, calendar.day_ends_at)
    today = min(max(local, opens), closes) - opens
    return _working_days_before(day, calendar) * (closes - opens) + (
        today if calendar.is_working_day(day) else timedelta()
    )


def _working_days_before(day: date, calendar: WorkingDays) -> int:
    # Day 1 of the calendar that Python counts in was a Monday.
    weeks, days = divmod(day.toordinal() - 1, DAYS_IN_A_WEEK)
    free = sum(1 for one in calendar.bank_holidays if one < day and one.weekday() < SATURDAY)
    return weeks * WORKING_DAYS_IN_A_WEEK + min(days, WORKING_DAYS_IN_A_WEEK) - free


def _working_day_from(day: date, calendar: WorkingDays) -> date:
    while not calendar.is_working_day(day):
        day += ONE_DAY
    return day
