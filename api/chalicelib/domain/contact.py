"""Safe contact: how, when and whether a person may be contacted. Empty means here only."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, time, timedelta

from chalicelib.domain.dates import in_london
from chalicelib.frozen import frozen
from chalicelib.rules import Rules

BY_VICTIM = "victim"
FIRST_LANGUAGE = "en"
PHONE, TEXT, EMAIL, POST = "phone", "text", "email", "post"
# The task of asking again before it is too old, as rules/tasks.toml names it.
CONFIRM = "confirm_contact"


@frozen
class SafeContact:
    """What one victim said of being contacted, as it stands; `version` moves with every change.

    `ways` maps each channel that is allowed (keys of rules/contact.toml) to its address, `never`
    are those that must not be used; any other is not allowed either. On `days` (0 is Monday),
    from `first` until before `last`, London time, they may be contacted; both empty says that
    they were not asked, and then no message is sent.

    `leave_words` is what may be left where nobody answers, empty if nothing is left;
    `who_else` is who else may answer. `code_word` is what they say when somebody rings them,
    who never says it first; no page for victims ever shows it again. `notify_by` is the channel
    of messages that the hub sends, empty for none; `links` if they may hold one, `language` is
    that of their words. `may_tell` are keys of partners.

    `number_at` is since when the telephone number and its code word are these, `number_by` who
    wrote that down. `confirmed_by` and `number_by` are `BY_VICTIM` or the name of who asked
    them. `said_in` is the version with which these words came; later ones only confirm them.
    """

    ways: Mapping[str, str] = field(default_factory=dict)
    never: frozenset[str] = frozenset()
    days: frozenset[int] = frozenset()
    first: time | None = None
    last: time | None = None
    leave_words: str = ""
    who_else: str = ""
    code_word: str = field(default="", repr=False)
    language: str = FIRST_LANGUAGE
    more: str = ""
    notify_by: str = ""
    links: bool = False
    may_tell: frozenset[str] = frozenset()
    number_at: datetime | None = None
    number_by: str = ""
    confirmed_at: datetime | None = None
    confirmed_by: str = ""
    said_in: int = 0
    version: int = 0


def expires_at(contact: SafeContact, rules: Rules) -> datetime | None:
    """Return from when on nobody may rely on it until it is confirmed again, or none if empty.

    Source:
        Our standard, key `contact.confirm` in rules/limits.toml.
    """
    if contact.confirmed_at is None:
        return None
    return contact.confirmed_at + timedelta(days=rules.limits.contact_days)


def holds(contact: SafeContact, now: datetime, rules: Rules) -> bool:
    """Return whether somebody confirmed it, and not too long ago; else: do not contact."""
    ends = expires_at(contact, rules)
    return ends is not None and now < ends


def may_use(contact: SafeContact, channel: str, now: datetime, rules: Rules) -> bool:
    """Return whether a channel may be used at all, whatever the hour: agreed, and not too old."""
    if not holds(contact, now, rules) or channel in contact.never:
        return False
    return bool(contact.ways.get(channel))


def in_hours(contact: SafeContact, now: datetime) -> bool:
    """Return whether a moment is within the days and hours that they said, London time."""
    if contact.first is None or contact.last is None:
        return False
    there = in_london(now)
    return there.weekday() in contact.days and contact.first <= there.time() < contact.last


def number_proves_from(contact: SafeContact, rules: Rules) -> datetime | None:
    """Return from when on whoever answers on the agreed number may be taken for them, or none.

    A number that somebody wrote down today may be one that a caller gave today (D4).

    Source:
        Our standard, key `contact.number` in rules/limits.toml.
    """
    since = contact.number_at or contact.confirmed_at
    if since is None or not contact.ways.get(PHONE):
        return None
    return since + timedelta(days=rules.limits.number_days)


def number_proves(contact: SafeContact, now: datetime, rules: Rules) -> bool:
    """Return whether a code may be given by ringing the agreed number (D4)."""
    proves_from = number_proves_from(contact, rules)
    return proves_from is not None and may_use(contact, PHONE, now, rules) and proves_from <= now


def with_number_of(now: SafeContact, before: SafeContact, *, at: datetime, by: str) -> SafeContact:
    """Return safe contact with since when its number stands and who wrote it down.

    As before, unless it is another number, or the code word that went with it was replaced or
    taken away: whoever holds the telephone could have asked for that (D4). A first code word
    makes a number no weaker.
    """
    number = now.ways.get(PHONE)
    if not number:
        return replace(now, number_at=None, number_by="")
    if number == before.ways.get(PHONE) and before.code_word in {"", now.code_word}:
        return replace(now, number_at=before.number_at, number_by=before.number_by)
    return replace(now, number_at=at, number_by=by)
