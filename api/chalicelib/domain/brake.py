"""The brake: more messages in an hour than there ever should be stop all sending."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta

from chalicelib.frozen import frozen
from chalicelib.rules import Rules

MINUTES = 60


@frozen
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
    # The minute of an hour ago counts whole, so that no sixty minutes hold more.
    kept = {minute: n for minute, n in brake.minutes.items() if minute >= this - MINUTES}
    if sum(kept.values()) >= rules.limits.notices_an_hour:
        return replace(brake, minutes=kept, stopped_at=now, asked_by=None, asked_at=None)
    return replace(brake, minutes={**kept, this: kept.get(this, 0) + 1})


def released(brake: Brake) -> Brake:
    """Return the brake once two supervisors let sending go on; the hour begins anew."""
    return replace(brake, minutes={}, stopped_at=None, asked_by=None, asked_at=None)


def asked_to_release(brake: Brake, by: tuple[str, str], now: datetime) -> Brake:
    """Return the brake once a first supervisor, (id, name), wants sending to go on."""
    return replace(brake, asked_by=by, asked_at=now)


def not_asked(brake: Brake) -> Brake:
    """Return the brake once nobody wants sending to go on any more."""
    return replace(brake, asked_by=None, asked_at=None)


def waits_for_second(brake: Brake, now: datetime, rules: Rules) -> bool:
    """Return whether a first supervisor asked, and not too long ago.

    Source:
        Our standard, key `notices.release` in rules/limits.toml.
    """
    if brake.stopped_at is None or brake.asked_at is None:
        return False
    return now < brake.asked_at + timedelta(hours=rules.limits.release_request_hours)


def minute_of(moment: datetime) -> int:
    """Return the minute of a moment, counted since 1970."""
    return int(moment.timestamp()) // 60


@frozen
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

    @property
    def is_down(self) -> bool:
        """Return whether nothing is handed to it until it answers again."""
        return self.down_since is not None


def gone_down(carrier: Carrier, now: datetime) -> Carrier:
    """Return what is known of a provider that took nothing or did not answer at this moment."""
    return replace(carrier, down_since=carrier.down_since or now, asked_at=now)


def up_again(carrier: Carrier, now: datetime) -> Carrier:
    """Return what is known of a provider that was down and answers again."""
    return replace(carrier, down_since=None, asked_at=now, up_since=now)


def ask_again_at(carrier: Carrier, rules: Rules) -> datetime | None:
    """Return from when on a provider that is down is asked whether it answers; none if it is up.

    Source:
        Our standard, key `notices.probe` in rules/limits.toml.
    """
    if carrier.down_since is None:
        return None
    asked = carrier.asked_at or carrier.down_since
    return asked + timedelta(minutes=rules.limits.notice_probe_minutes)
