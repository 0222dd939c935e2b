"""How domain values stand in items: ISO text that sorts, epoch seconds for the TTL."""

from datetime import UTC, date, datetime


def stamp(moment: datetime) -> str:
    """Return an aware time as UTC text of one width, so that it sorts."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def maybe_stamp(moment: datetime | None) -> str | None:
    """Return the text of a time, or none for none."""
    return None if moment is None else stamp(moment)


def moment(text: str) -> datetime:
    """Return the aware UTC time of an item's text."""
    return datetime.fromisoformat(text)


def maybe_moment(text: str | None) -> datetime | None:
    """Return the time of an item's text, or none for none."""
    return None if text is None else moment(text)


def maybe_day(text: str | None) -> date | None:
    """Return the date of an item's text, or none for none."""
    return None if text is None else date.fromisoformat(text)


def epoch(moment_: datetime) -> int:
    """Return whole seconds for the TTL attribute."""
    return int(moment_.timestamp())
