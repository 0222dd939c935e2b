"""Word that something new waits, to a victim or to an officer: one item a recipient.

Whatever happens only says that a message is wanted; how many reasons there were does not
change its words. So there is one item for each recipient, and it can never hold two messages.

What the sender keeps to, from claiming a message to what became of it:

- One sender has a message until its lease is over, and marks then what its carrier said. Where
  it was killed in between, nobody can say whether the message left: as if the carrier's answer
  had been lost.
- A carrier that did not take a message gets it again after each of the waits, then no more.
  Once a carrier that was down answers again, what it did not take before is tried at once;
  only the last two tries keep to their waits, for an outage that comes back.
- Where nobody can say, a carrier that knows what it was given is asked first. Any other gets the
  message once more; after that a supervisor sees that nobody can say.
- What may have left counts as sent for the rest between two messages, also where it was ended.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NewType

from chalicelib.domain.cases import OfficerId, VictimKey
from chalicelib.frozen import frozen
from chalicelib.rules import Rules

Recipient = NewType("Recipient", str)
OFFICER = "officer#"

# What became of handing a message to a provider.
TAKEN = "taken"  # it has it
REFUSED = "refused"  # it never will: the address or the message is wrong
FAILED = "failed"  # it has not, and says so or was not reached at all
UNKNOWN = "unknown"  # nobody can say

NOT_KNOWN_WHETHER_SENT = "nobody can say whether it was sent"
TOO_MANY_TRIES = "tried too often"
REFUSED_BY_CARRIER = "the provider refused it"

# Kept for the long waits: no carrier that answers again uses them up early.
LATE_TRIES = 2
# A carrier that cannot be asked gets a message again once, and no more.
MOST_UNKNOWN = 2


@frozen
class Notice:
    """What waits to be sent to one recipient, and what went before.

    `wanted` counts the reasons for a message that there ever were, the last of them at
    `wanted_at`, `covered` those that were answered. `due_at` is when it is looked at next, none
    while nothing waits. `receipt` is our reference of the message under way, which is for the
    reasons up to `claimed`; one sender has it until `claimed_until`, and no time stands there
    once it said what came of it. `tries` counts how often it was handed over, the last time at
    `tried_at`, `unknown` how often nobody could say what came of it. `sent_at` is when a message
    was sent, or may have been. `gave_up_why` says why no more is tried.
    """

    to: Recipient
    case_key: str = ""
    wanted: int = 0
    covered: int = 0
    due_at: datetime | None = None
    receipt: str = ""
    channel: str = ""
    claimed: int = 0
    claimed_until: datetime | None = None
    tries: int = 0
    unknown: int = 0
    tried_at: datetime | None = None
    sent_at: datetime | None = None
    gave_up_why: str = ""
    wanted_at: datetime | None = None
    version: int = 0

    @property
    def is_waiting(self) -> bool:
        """Return whether there is a reason for a message that none has answered yet."""
        return self.wanted > self.covered

    @property
    def is_begun(self) -> bool:
        """Return whether a message is under way, and was not given up."""
        return bool(self.receipt) and not self.gave_up_why

    @property
    def may_have_left(self) -> bool:
        """Return whether a message is under way of which nobody can say whether it left."""
        return self.is_begun and (self.claimed_until is not None or self.unknown > 0)

    @property
    def officer(self) -> OfficerId | None:
        """Return the officer that it is for, or none when it is for a victim."""
        if self.to.startswith(OFFICER):
            return OfficerId(self.to.removeprefix(OFFICER))
        return None


def to_victim(victim: VictimKey) -> Recipient:
    """Return a victim as a recipient."""
    return Recipient(victim)


def to_officer(officer: OfficerId) -> Recipient:
    """Return an officer as a recipient."""
    return Recipient(f"{OFFICER}{officer}")


def is_leased(notice: Notice, now: datetime) -> bool:
    """Return whether a sender has this message at this moment."""
    return notice.claimed_until is not None and now < notice.claimed_until


def claimed_by_sender(
    notice: Notice, now: datetime, *, receipt: str, channel: str, rules: Rules
) -> Notice:
    """Return a notice as one sender takes it: nobody else has it until its time is over.

    A message that was begun keeps its receipt, so that its provider can be asked about it.
    """
    until = now + timedelta(seconds=rules.limits.notice_lease_seconds)
    if not notice.is_begun:
        notice = replace(
            notice,
            receipt=receipt,
            channel=channel,
            claimed=notice.wanted,
            tries=0,
            unknown=0,
            gave_up_why="",
        )
    return replace(notice, claimed_until=until, due_at=until, tries=notice.tries + 1, tried_at=now)


def after_sending(notice: Notice, at: datetime, rest: timedelta) -> Notice:
    """Return a notice once its message was taken; what came up meanwhile waits for `rest`."""
    more = notice.wanted > notice.claimed
    return replace(
        notice,
        covered=notice.claimed,
        due_at=at + rest if more else None,
        receipt="",
        claimed_until=None,
        tries=0,
        unknown=0,
        sent_at=at,
        gave_up_why="",
    )


def after_refusal(notice: Notice, now: datetime) -> Notice:
    """Return a notice whose provider never takes it: its address or the message is wrong."""
    return given_up(replace(notice, claimed_until=None), now, REFUSED_BY_CARRIER)


def after_failure(notice: Notice, now: datetime, rules: Rules) -> Notice:
    """Return a notice whose provider did not take it: it waits longer each time, then ends.

    Source:
        Our standard, the waits of rules/contact.toml: so many tries and one more.
    """
    freed = replace(notice, claimed_until=None)
    if not has_tries_left(notice, rules):
        return given_up(freed, now, NOT_KNOWN_WHETHER_SENT if notice.unknown else TOO_MANY_TRIES)
    return replace(freed, due_at=look_again_at(notice, now, rules))


def after_no_answer(notice: Notice, now: datetime, rules: Rules) -> Notice:
    """Return a notice of which nobody can say whether its message left.

    Its provider is asked, or gets it again, not before it has had the time of a lease: what it
    was given a moment ago it may not list yet.
    """
    due = now + timedelta(seconds=rules.limits.notice_lease_seconds)
    return replace(notice, claimed_until=None, unknown=notice.unknown + 1, due_at=due)


def after_lost_sender(notice: Notice, now: datetime) -> Notice:
    """Return a notice as it is once the lease of a sender that said nothing is over."""
    if notice.claimed_until is None or is_leased(notice, now):
        return notice
    return replace(notice, claimed_until=None, unknown=notice.unknown + 1)


def known_not_to_have_left(notice: Notice) -> Notice:
    """Return a notice once its provider said that it was never given the message."""
    return replace(notice, unknown=0)


def has_tries_left(notice: Notice, rules: Rules) -> bool:
    """Return whether a message may be handed over once more."""
    return notice.tries < _most_tries(rules)


def ready_at(notice: Notice, up_since: datetime | None, rules: Rules) -> datetime | None:
    """Return when a message that was begun may be tried again; none for at once.

    `up_since` is since when its provider answers again, or none if it was never away: what it
    did not take before is tried at once, but for the last tries.
    """
    if notice.tried_at is None or not notice.is_begun:
        return None
    is_early = notice.tries < _most_tries(rules) - LATE_TRIES
    if is_early and up_since is not None and notice.tried_at < up_since:
        return None
    return notice.tried_at + _wait_after(notice.tries, rules)


def look_again_at(notice: Notice, now: datetime, rules: Rules) -> datetime:
    """Return when to look at a message again that its provider did not take.

    That is when its wait is over, or sooner, to see whether its provider answers again.
    """
    ready = (notice.tried_at or now) + _wait_after(notice.tries, rules)
    if notice.tries >= _most_tries(rules) - LATE_TRIES:
        return ready
    return min(ready, now + timedelta(minutes=rules.limits.notice_probe_minutes))


def _wait_after(tries: int, rules: Rules) -> timedelta:
    found = (row.minutes for row in rules.waits.values() if row.after == tries)
    return timedelta(minutes=next(found, 0))


def _most_tries(rules: Rules) -> int:
    return len(rules.waits) + 1


def given_up(notice: Notice, now: datetime, why: str) -> Notice:
    """Return a notice that is not tried again; a supervisor sees it, and new reasons begin anew."""
    return replace(
        notice,
        covered=notice.wanted,
        due_at=now,
        claimed_until=None,
        sent_at=_perhaps_sent_at(notice),
        gave_up_why=why,
    )


def ended(notice: Notice) -> Notice:
    """Return a notice whose message is not allowed any more: nothing waits for it."""
    return replace(set_aside(notice), covered=notice.wanted, due_at=None)


def set_aside(notice: Notice) -> Notice:
    """Return a notice without the message that was begun; its reasons wait for another one."""
    return replace(
        notice,
        receipt="",
        claimed_until=None,
        tries=0,
        unknown=0,
        sent_at=_perhaps_sent_at(notice),
        gave_up_why="",
    )


def _perhaps_sent_at(notice: Notice) -> datetime | None:
    """Return when a message was last sent, if the one under way may have left as well."""
    return notice.tried_at if notice.may_have_left else notice.sent_at
