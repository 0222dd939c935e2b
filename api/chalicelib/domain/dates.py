"""The one place where dates and times become words, and text becomes times again."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MONTHS_IN_A_YEAR = 12
NOON = 12
SORTABLE = "%Y-%m-%dT%H:%M:%S.%fZ"
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
BRITISH_DAY = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", re.ASCII)
DAYS_FROM_TODAY = {"yesterday": -1, "today": 0, "tomorrow": 1}


def long_date(day: date) -> str:
    """Return the date as pages write it: "Friday 4 December 2026"."""
    return f"{day:%A} {plain_date(day)}"


def plain_date(day: date) -> str:
    """Return the date without its weekday: "4 December 2026"."""
    return f"{day.day} {day:%B} {day.year}"


def date_and_time(moment: datetime) -> str:
    """Return the London date and time: "Friday 4 December 2026 at 3:05pm".

    Raises:
        ValueError: the moment has no time zone.
    """
    local = in_london(moment)
    minutes = f":{local.minute:02}" if local.minute else ""
    half = "am" if local.hour < NOON else "pm"
    return f"{long_date(local)} at {local.hour % NOON or NOON}{minutes}{half}"


def in_london(moment: datetime) -> datetime:
    """Return the same moment by London clocks.

    Raises:
        ValueError: the moment has no time zone.
    """
    return _aware(moment).astimezone(LONDON)


def iso(moment: datetime) -> str:
    """Return the moment as UTC text of fixed length, which sorts as time does.

    Raises:
        ValueError: the moment has no time zone.
    """
    return _aware(moment).astimezone(UTC).strftime(SORTABLE)


def parse_iso(text: str) -> datetime:
    """Return the moment, aware and in UTC, that `iso` wrote.

    Raises:
        ValueError: the text is in another form.
    """
    return datetime.strptime(text, SORTABLE).replace(tzinfo=UTC)


def read_day(text: str, today: date) -> date | None:
    """Return the day that was written, day before month, or none when it cannot be read."""
    words = text.strip().lower()
    if words in DAYS_FROM_TODAY:
        return today + timedelta(days=DAYS_FROM_TODAY[words])
    british = BRITISH_DAY.fullmatch(words)
    try:
        if british:
            return date(int(british[3]), int(british[2]), int(british[1]))
        return date.fromisoformat(words) if ISO_DAY.fullmatch(words) else None
    except ValueError:
        return None


def add_months(day: date, months: int) -> date:
    """Return the day with the same number so many months later.

    Where that month is shorter it is its last day: 3 months from 30 November 2026 end on
    28 February 2027. The last day of "within 3 months of being told" is counted so.
    """
    month_index = day.year * MONTHS_IN_A_YEAR + day.month - 1 + months
    year, month = divmod(month_index, MONTHS_IN_A_YEAR)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a moment needs a time zone")
    return moment
