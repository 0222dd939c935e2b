"""The gate: what may go out now, to whom, in which words. Only here is a `Cleared` made.

Whatever sends takes a `Cleared` and nothing else, so nothing reaches anybody around the
agreement: safe mode, the channel and its address, days and hours, how often, and an
agreement that is not too old are all asked here, each time anew.
"""

from dataclasses import InitVar, dataclass, field
from datetime import datetime, timedelta

from chalicelib.domain.contact import EMAIL, SafeContact, holds, in_hours, may_use
from chalicelib.domain.notices import Notice
from chalicelib.domain.staff import StaffMember
from chalicelib.frozen import frozen
from chalicelib.rules import Rules

# How long a message waits that came outside of the hours that were agreed.
LOOK_AGAIN = timedelta(minutes=15)
TO_OFFICERS = "officer"
_SEAL = object()


@dataclass(frozen=True, slots=True)
class Cleared:
    """A message that may go out now. Making one elsewhere than in the gate raises TypeError.

    `template` is the key of its words in rules/contact.toml, `linked` if those with the link.
    `pair` are its check words and `receipt` is our reference, from which they were made.
    """

    channel: str
    address: str = field(repr=False)
    template: str
    linked: bool
    subject: str
    words: str
    pair: str
    home: str
    receipt: str
    # Not a field, so that nobody can copy a message with other words or another address.
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        """Refuse what the gate did not make."""
        if seal is not _SEAL:
            message = "only the gate makes what may be sent"
            raise TypeError(message)


@frozen
class Later:
    """It may not go out yet; look again then."""

    at: datetime


@frozen
class Never:
    """It may not go out, as things stand: why, in a few words for staff."""

    why: str


SAFE_MODE = "safe mode: nothing is sent"
HERE_ONLY = "no message was agreed"
TOO_OLD = "safe contact was not confirmed for too long"
NOT_ALLOWED = "the channel is not allowed"
HEARS_NOTHING = "they want to hear nothing more"
NO_ADDRESS = "no work e-mail is known"
NOT_HERE = "they do not work here any more"

Answer = Cleared | Later | Never


def clear_victim(  # noqa: PLR0913 -- everything that can forbid a message; all are named
    notice: Notice,
    contact: SafeContact,
    *,
    safe_mode: bool,
    has_left: bool,
    now: datetime,
    receipt: str,
    pair: str,
    home: str,
    rules: Rules,
) -> Answer:
    """Return the message to a victim if it may go out now, or when to look again, or why not."""
    why = refusal(contact, safe_mode=safe_mode, has_left=has_left, now=now, rules=rules)
    if why:
        return Never(why)
    rest = timedelta(hours=rules.limits.notice_victim_hours)
    if notice.sent_at is not None and now < notice.sent_at + rest:
        return Later(notice.sent_at + rest)
    if not in_hours(contact, now):
        return Later(now + LOOK_AGAIN)
    words = rules.notices[contact.language]
    text = words.linked if contact.links else words.text
    return Cleared(
        channel=contact.notify_by,
        address=contact.ways[contact.notify_by],
        template=words.key,
        linked=contact.links,
        subject=words.subject,
        words=text.format(pair=pair, home=home),
        pair=pair,
        home=home if contact.links else "",
        receipt=receipt,
        seal=_SEAL,
    )


def refusal(
    contact: SafeContact, *, safe_mode: bool, has_left: bool, now: datetime, rules: Rules
) -> str:
    """Return why no message goes to a victim, as things stand, or nothing if one may."""
    channel = rules.channels.get(contact.notify_by)
    if safe_mode:
        return SAFE_MODE
    if has_left:
        return HEARS_NOTHING
    if channel is None or not channel.sends or contact.language not in rules.notices:
        return HERE_ONLY
    if not holds(contact, now, rules):
        return TOO_OLD
    return "" if may_use(contact, contact.notify_by, now, rules) else NOT_ALLOWED


def clear_officer(
    notice: Notice,
    member: StaffMember | None,
    *,
    now: datetime,
    receipt: str,
    pair: str,
    rules: Rules,
) -> Answer:
    """Return the message to an officer's work e-mail if it may go out now."""
    if member is None or not member.active:
        return Never(NOT_HERE)
    if not member.email:
        return Never(NO_ADDRESS)
    rest = timedelta(minutes=rules.limits.notice_officer_minutes)
    if notice.sent_at is not None and now < notice.sent_at + rest:
        return Later(notice.sent_at + rest)
    words = rules.notices[TO_OFFICERS]
    return Cleared(
        channel=EMAIL,
        address=member.email,
        template=words.key,
        linked=False,
        subject=words.subject,
        words=words.text.format(pair=pair),
        pair=pair,
        home="",
        receipt=receipt,
        seal=_SEAL,
    )
