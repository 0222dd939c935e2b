"""All that was agreed of contact with one victim, for who is about to ring, write or visit."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.cases import Case, Victim
from chalicelib.domain.contact import (
    BY_VICTIM,
    PHONE,
    SafeContact,
    expires_at,
    holds,
    in_hours,
    may_use,
)
from chalicelib.domain.dates import date_and_time, in_london, long_date
from chalicelib.domain.safety import in_safe_mode
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.services.ports import ContactShown
from chalicelib.services.read_first import Known
from chalicelib.web.staff.case_words import in_order, victim_name
from chalicelib.web.staff.contact_words import (
    contact_address,
    contact_line,
    hours_words,
    plain,
    usable,
)

NEVER_ASKED = "Nobody has asked them yet how to contact them safely."
NO_OTHER_WAY = "Any other way was not agreed."
# Whoever answers learns a word that is said first, and can say it the next time (D4).
CODE_WORD = "Code word, which they say and you never first"
ON_THEIR_PAGE = "set on their own page, which whoever has their code can do"


@frozen
class ContactBlock:
    """What was agreed with one victim, ready to show: a line, and all of it as `rows`.

    `note` says who confirmed it when, `holds` whether it may be relied on, `may_ring` whether a
    call was agreed besides.
    """

    name: str
    line: str
    rows: tuple[tuple[str, str], ...]
    note: str
    address: str
    holds: bool
    may_ring: bool


def contact_first(case: Case, known: Known, now: datetime, rules: Rules) -> list[ContactBlock]:
    """Return what every page of a case says of contact first, for each victim that is known."""
    people = [victim for victim in in_order(case) if victim.key in known]
    return [contact_block(case, victim, known[victim.key], now, rules) for victim in people]


def contact_block(
    case: Case, victim: Victim, shown: ContactShown, now: datetime, rules: Rules
) -> ContactBlock:
    """Return how one victim may be contacted, with everything that whoever rings must know."""
    contact, safe_mode = shown.contact, in_safe_mode(case, shown.safety, rules)
    return ContactBlock(
        name=victim_name(victim),
        line=_left_words(victim) + contact_line(contact, now, rules, safe_mode=safe_mode),
        rows=tuple(_rows(contact, now, rules, safe_mode=safe_mode)),
        note=_confirmed(contact, now, rules),
        address=contact_address(case, victim),
        holds=holds(contact, now, rules),
        may_ring=may_use(contact, PHONE, now, rules),
    )


def number_words(contact: SafeContact) -> str:
    """Return since when the agreed number and its code word stand and by whom, or nothing."""
    if contact.number_at is None:
        return ""
    by = contact.number_by
    who = ON_THEIR_PAGE if by == BY_VICTIM else f"written down by {by}"
    since = long_date(in_london(contact.number_at))
    return f"This number and its code word stand as they are since {since}, {who}."


def _left_words(victim: Victim) -> str:
    on = victim.left_on
    return f"Asked on {long_date(on)} to hear nothing more. " if on else ""


def _rows(
    contact: SafeContact, now: datetime, rules: Rules, *, safe_mode: bool
) -> Iterable[tuple[str, str]]:
    if contact.confirmed_at is None:
        return
    found = usable(contact, rules, safe_mode=safe_mode)
    for key, address in found.items():
        yield rules.channels[key].label, address
    yield "Never", _never_words(contact, rules)
    if found:
        yield "Days and hours", f"{hours_words(contact)}. {_now_words(contact, now)}".strip()
    if PHONE in found:
        yield from _ringing(contact)
    yield "Messages from here", _messages(contact, rules, safe_mode=safe_mode)
    yield "If we cannot reach them, we may tell", _told_words(contact, rules)
    if contact.more:
        yield "Besides", plain(contact.more)


def _ringing(contact: SafeContact) -> Iterable[tuple[str, str]]:
    leave, who = plain(contact.leave_words), plain(contact.who_else)
    word = plain(contact.code_word)
    yield (CODE_WORD, word) if word else ("Code word", "None was set")
    yield "If nobody answers", f"Leave only this: “{leave}”" if leave else "Leave no message"
    yield "If somebody else answers", who or "Nobody else was named: say nothing of the case"


def _now_words(contact: SafeContact, now: datetime) -> str:
    if contact.first is None:
        return ""
    return "Now is within them." if in_hours(contact, now) else "Not now."


def _never_words(contact: SafeContact, rules: Rules) -> str:
    ways = [row.label for key, row in rules.channels.items() if key in contact.never]
    return f"{', '.join(ways)}. {NO_OTHER_WAY}" if ways else NO_OTHER_WAY


def _messages(contact: SafeContact, rules: Rules, *, safe_mode: bool) -> str:
    if safe_mode:
        return "None: safe mode"
    row = rules.channels.get(contact.notify_by)
    if row is None:
        return "None"
    language = rules.notices[contact.language].label if contact.language in rules.notices else ""
    return f"{row.label}, {'with a link' if contact.links else 'without a link'}, {language}"


def _told_words(contact: SafeContact, rules: Rules) -> str:
    names = [row.name for key, row in rules.partners.items() if key in contact.may_tell]
    return ", ".join(names) or "Nobody"


def _confirmed(contact: SafeContact, now: datetime, rules: Rules) -> str:
    """Return who confirmed it when, and until when it may be relied on."""
    ends = expires_at(contact, rules)
    if contact.confirmed_at is None or ends is None:
        return NEVER_ASKED
    who = "the victim" if contact.confirmed_by == BY_VICTIM else contact.confirmed_by
    said = f"Confirmed by {who}, {date_and_time(contact.confirmed_at)}."
    day = long_date(in_london(ends))
    if not holds(contact, now, rules):
        return f"{said} It is too old since {day}: do not contact them by it. Ask again."
    return f"{said} It may be relied on until {day}."
