"""Word that something new waits, to a victim or to an officer: one item a recipient.

Whatever happens only says that a message is wanted; how many reasons there were does not
change its words. So there is one item for each recipient, and it can never hold two messages.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NewType

from chalicelib.domain.cases import OfficerId, VictimKey
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


@dataclass(frozen=True, slots=True)
class Notice:
    """What waits to be sent to one recipient, and what went before.

    `wanted` counts the reasons for a message that there ever were, `covered` those that were
    answered. `due_at` is when it is looked at next, none while nothing waits. `receipt` is our
    reference of the message under way, which is for the reasons up to `claimed`; one sender has
    it until `claimed_until`. `tries` counts how often it was handed over, `unknown` how often
    nobody could say what came of it. `gave_up_why` says why no more is tried.
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
    version: int = 0

    @property
    def is_waiting(self) -> bool:
        """Return whether there is a reason for a message that none has answered yet."""
        return self.wanted > self.covered

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


def claimed_by_sender(
    notice: Notice, now: datetime, *, receipt: str, channel: str, rules: Rules
) -> Notice:
    """Return a notice as one sender takes it: nobody else has it until its time is over.

    A message that was begun keeps its receipt, so that its provider can be asked about it.
    """
    until = now + timedelta(seconds=rules.limits.notice_lease_seconds)
    if notice.receipt and not notice.gave_up_why:
        return replace(
            notice, claimed_until=until, due_at=until, tries=notice.tries + 1, tried_at=now
        )
    return replace(
        notice,
        receipt=receipt,
        channel=channel,
        claimed=notice.wanted,
        claimed_until=until,
        due_at=until,
        tries=1,
        unknown=0,
        tried_at=now,
        gave_up_why="",
    )


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
    )


def after_failure(notice: Notice, now: datetime, rules: Rules) -> Notice:
    """Return a notice whose provider did not take it: it waits longer each time, then ends.

    Source:
        Our standard, the waits of rules/contact.toml: so many tries and one more.
    """
    wait = next((row for row in rules.waits.values() if row.after == notice.tries), None)
    if wait is None:
        return given_up(notice, now, TOO_MANY_TRIES)
    due = (notice.tried_at or now) + timedelta(minutes=wait.minutes)
    return replace(notice, due_at=due, claimed_until=None)


def given_up(notice: Notice, now: datetime, why: str) -> Notice:
    """Return a notice that is not tried again; a supervisor sees it, and new reasons begin anew."""
    return replace(notice, covered=notice.wanted, due_at=now, claimed_until=None, gave_up_why=why)


def ended(notice: Notice) -> Notice:
    """Return a notice whose message is not allowed any more: nothing waits, nothing was sent."""
    return replace(
        notice, covered=notice.wanted, due_at=None, receipt="", claimed_until=None, tries=0
    )
