"""A day as an entry for a calendar, which says nothing of what it is: others may see it."""

from datetime import UTC, date, datetime, timedelta

ONE_DAY = timedelta(days=1)
TITLE = "Appointment"
BREAK = "\r\n"


def calendar_entry(day: date, identity: str, at: datetime) -> str:
    """Return an entry for a whole day: no place, no name, nothing that leads back to a case.

    Args:
        day: the day.
        identity: at random, so that no two entries can be connected.
        at: when it is made; aware.

    Source:
        RFC 5545: lines end in CR LF, the end of a whole day is the day after it.
    """
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Calendar//Entry 1.0//EN",
        "BEGIN:VEVENT",
        f"UID:{identity}",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + ONE_DAY:%Y%m%d}",
        f"SUMMARY:{TITLE}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return BREAK.join(lines) + BREAK
