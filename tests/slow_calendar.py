"""Working days and working hours written a second time, slowly, from the rule in words.

Nothing of `chalicelib.domain.calendar` is used but the list of days, so that a mistake
cannot stand in both. The rule in words:

- The police work Monday to Friday, but not on a bank holiday, by the clocks of London.
- British clocks are an hour ahead from one o'clock UTC on the last Sunday of March to one
  o'clock UTC on the last Sunday of October.
- What comes in by the end of the working day counts as received that day; what comes in
  later, or on a day of rest, counts as received on the next working day. That is day 0.
- A reply is due on the last of so many working days that follow day 0.
- Working time passes only from the start to the end of the working day, on working days.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)
DAYS_OF_REST = ("Sat", "Sun")


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    while day.isoweekday() != 7:
        day -= ONE_DAY
    return day


def london(moment: datetime) -> datetime:
    """Return what a clock in London shows at a moment that is given in UTC."""
    utc = moment.replace(tzinfo=None)
    summer_begins = datetime.combine(last_sunday(utc.year, 3), time(1))
    summer_ends = datetime.combine(last_sunday(utc.year, 10), time(1))
    return utc + timedelta(hours=1 if summer_begins <= utc < summer_ends else 0)


def works(day: date, holidays: Container[date]) -> bool:
    return day.strftime("%a") not in DAYS_OF_REST and day not in holidays


def nth_working_day_after(day: date, count: int, holidays: Container[date]) -> date:
    """Return the last of so many working days that follow a day, looking at each day for itself."""
    passed = 0
    while passed < count:
        day += ONE_DAY
        passed += works(day, holidays)
    return day


def day_0(moment: datetime, ends: time, holidays: Container[date]) -> date:
    shown = london(moment)
    day = shown.date()
    end_of_this_day = datetime.combine(day, ends)
    if works(day, holidays) and shown <= end_of_this_day:
        return day
    day += ONE_DAY
    while not works(day, holidays):
        day += ONE_DAY
    return day


def due(moment: datetime, limit: int, ends: time, holidays: Container[date]) -> date:
    return nth_working_day_after(day_0(moment, ends, holidays), limit, holidays)


def minutes_worked(
    start: datetime, end: datetime, hours: tuple[time, time], holidays: Container[date]
) -> int:
    """Return how many minutes between two moments in UTC, on whole minutes, were worked.

    Every minute is looked at for itself: does a clock in London show working hours?
    """
    worked = 0
    while start < end:
        shown = london(start)
        worked += hours[0] <= shown.time() < hours[1] and works(shown.date(), holidays)
        start += ONE_MINUTE
    return worked


def easter(year: int) -> date:
    """Return Easter Sunday: the first Sunday after the full moon that the Church counts with.

    The moon's dates repeat every 19 years, shifted by what centuries leave out. Written
    from the tables of the Book of Common Prayer for 1900 to 2199.
    """
    golden_number = year % 19 + 1
    full_moon_of_march = {
        1: (4, 14), 2: (4, 3), 3: (3, 23), 4: (4, 11), 5: (3, 31), 6: (4, 18), 7: (4, 8),
        8: (3, 28), 9: (4, 16), 10: (4, 5), 11: (3, 25), 12: (4, 13), 13: (4, 2), 14: (3, 22),
        15: (4, 10), 16: (3, 30), 17: (4, 17), 18: (4, 7), 19: (3, 27),
    }  # fmt: skip
    day = date(year, *full_moon_of_march[golden_number]) + ONE_DAY
    while day.strftime("%a") != "Sun":
        day += ONE_DAY
    return day


def holidays_by_rule(year: int) -> frozenset[date]:
    """Return the bank holidays of an ordinary year, with the substitutes for days of rest.

    A holiday at Christmas or New Year that falls on a Saturday or Sunday is given back on
    the next day that is neither of rest nor a holiday already.
    """
    fixed = [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    found: set[date] = {easter(year) - 2 * ONE_DAY, easter(year) + ONE_DAY}
    found |= {first_monday(year, 5), last_monday(year, 5), last_monday(year, 8)}
    for day in fixed:
        if day.strftime("%a") not in DAYS_OF_REST:
            found.add(day)
    for day in fixed:
        if day.strftime("%a") in DAYS_OF_REST:
            given_back = day
            while given_back.strftime("%a") in DAYS_OF_REST or given_back in found:
                given_back += ONE_DAY
            found.add(given_back)
    return frozenset(found)


def first_monday(year: int, month: int) -> date:
    return next(d for n in range(1, 8) if (d := date(year, month, n)).strftime("%a") == "Mon")


def last_monday(year: int, month: int) -> date:
    days = (date(year, month, 31 - n) for n in range(7))
    return next(day for day in days if day.strftime("%a") == "Mon")
