"""How a victim may be contacted, as staff read it: a line on every page and in every list."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from chalicelib.domain.cases import Case, Victim
from chalicelib.domain.contact import (
    PHONE,
    POST,
    SafeContact,
    holds,
    in_hours,
)
from chalicelib.domain.dates import in_london, plain_date
from chalicelib.domain.needs import TURNS
from chalicelib.domain.promises import Promise
from chalicelib.domain.safety import ON, Safety
from chalicelib.rules import Rules
from chalicelib.web.contact_fields import DAYS, hour_words

SAFE_MODE = "Safe mode."
NOTHING_AGREED = "Here only: nothing agreed. Ask before you ring, write or visit."
NO_CHANNEL = "Here only, as they agreed."
SHORT_DAY = 3
LEAST_RUN = 3
EVERY_DAY = 7


def contact_address(case: Case, victim: Victim) -> str:
    """Return the address of a victim's safe contact on the desk."""
    return f"/cases/{case.key}/safe-contact?victim={victim.key}"


def warns_in_lists(promise: Promise, safety: Safety) -> bool:
    """Return whether a row says safe mode: by type or flag, or as the victim chose.

    A list knows nothing of the case but its flag, so one that an officer switched off for this
    victim warns here all the same.
    """
    return promise.safe_mode or safety.wish == ON


def contact_line(
    contact: SafeContact,
    now: datetime,
    rules: Rules,
    *,
    safe_mode: bool,
    with_addresses: bool = True,
) -> str:
    """Return in one line how somebody may be contacted, with what is never used.

    Without addresses it says the ways alone, for who does not contact them from where it stands.
    """
    found = usable(contact, rules, safe_mode=safe_mode)
    # A postal address is long; it stands where all of it does.
    told = {key: to for key, to in found.items() if with_addresses and key != POST}
    ways = [f"{rules.channels[key].label.lower()} {told.get(key, '')}".rstrip() for key in found]
    said = [
        SAFE_MODE if safe_mode else "",
        _agreed(contact, now, rules, ways),
        *(_how(contact, now, found) if holds(contact, now, rules) else ()),
        _never(contact, rules),
    ]
    return " ".join(words for words in said if words)


def usable(contact: SafeContact, rules: Rules, *, safe_mode: bool) -> dict[str, str]:
    """Return each way that was agreed with its address, as part of a line of ours.

    One that is never used is none of them; in safe mode none is by which a message is sent.
    """
    return {
        key: ", ".join(filter(None, map(plain, contact.ways[key].splitlines())))
        for key, row in rules.channels.items()
        if key in contact.ways and key not in contact.never and not (safe_mode and row.sends)
    }


def _agreed(contact: SafeContact, now: datetime, rules: Rules, ways: Sequence[str]) -> str:
    if contact.confirmed_at is None:
        return NOTHING_AGREED
    if not holds(contact, now, rules):
        since = plain_date(in_london(contact.confirmed_at))
        return f"Do not contact: not confirmed since {since}."
    return f"Only as agreed: {', '.join(ways)}." if ways else NO_CHANNEL


def _how(contact: SafeContact, now: datetime, found: Collection[str]) -> Iterable[str]:
    if not found:
        return
    yield f"{hours_words(contact)}."
    if contact.first is not None and not in_hours(contact, now):
        yield "Not now."
    if PHONE in found:
        yield "Code word set." if contact.code_word else ""
        yield "Some words may be left." if contact.leave_words else "Leave no message."


def _never(contact: SafeContact, rules: Rules) -> str:
    ways = [row.label.lower() for key, row in rules.channels.items() if key in contact.never]
    return f"Never: {', '.join(ways)}." if ways else ""


def hours_words(contact: SafeContact) -> str:
    """Return the days and hours in short: "Mon to Fri 9am to 4pm"."""
    if contact.first is None or contact.last is None:
        return "No days and hours agreed: ask"
    hours = f"{hour_words(contact.first)} to {hour_words(contact.last)}"
    return f"{days_words(contact.days)} {hours}"


def days_words(days: frozenset[int]) -> str:
    """Return days of the week in short, a run of three or more by its ends."""
    if len(days) == EVERY_DAY:
        return "Every day"
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_run_words(run) for run in runs)


def _run_words(run: list[int]) -> str:
    names = [DAYS[day][:SHORT_DAY] for day in run]
    return f"{names[0]} to {names[-1]}" if len(run) >= LEAST_RUN else ", ".join(names)


def plain(text: str) -> str:
    """Return what somebody wrote as part of a line of ours: nothing in it turns the others."""
    return " ".join(text.translate(TURNS).split())
