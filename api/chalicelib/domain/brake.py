"""The brake: more messages in an hour than there ever should be stop all sending."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.rules import Rules

MINUTES = 60


@dataclass(frozen=True, slots=True)
class Brake:
    """How many messages were sent in which minute, and whether all sending stopped.

    `minutes` maps minutes since 1970 to messages. From `stopped_at` on nothing is sent until
    two supervisors release it: `asked_by` was the first, as (id, name).
    """

    minutes: Mapping[int, int] = field(default_factory=dict)
    stopped_at: datetime | None = None
    asked_by: tuple[str, str] | None = None
    asked_at: datetime | None = None
    version: int = 0


def with_one_more(brake: Brake, now: datetime, rules: Rules) -> Brake:
    """Return the brake with one message more, or as it stops because that would be too many.

    Source:
        Our standard, key `notices.brake` in rules/limits.toml.
    """
    this = minute_of(now)
    kept = {minute: n for minute, n in brake.minutes.items() if minute > this - MINUTES}
    if sum(kept.values()) >= rules.limits.notices_an_hour:
        return replace(brake, minutes=kept, stopped_at=now, asked_by=None, asked_at=None)
    return replace(brake, minutes={**kept, this: kept.get(this, 0) + 1})


def released(brake: Brake) -> Brake:
    """Return the brake once two supervisors let sending go on; the hour begins anew."""
    return replace(brake, minutes={}, stopped_at=None, asked_by=None, asked_at=None)


def minute_of(moment: datetime) -> int:
    """Return the minute of a moment, counted since 1970."""
    return int(moment.timestamp()) // 60


@dataclass(frozen=True, slots=True)
class Carrier:
    """Whether a provider of messages answers, as it was last seen.

    From `down_since` on it failed; `asked_at` is when it was asked or tried last, `up_since`
    since when it answers again.
    """

    name: str
    down_since: datetime | None = None
    asked_at: datetime | None = None
    up_since: datetime | None = None
    version: int = 0
