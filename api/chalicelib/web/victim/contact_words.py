"""Safe contact as the person themselves reads it: never the code word, and nobody's name."""

from datetime import datetime
from typing import Any

from chalicelib.domain.contact import BY_VICTIM, FIRST_LANGUAGE, SafeContact, expires_at, holds
from chalicelib.domain.pairs import EXAMPLE_PAIR
from chalicelib.rules import Rules
from chalicelib.web.contact_fields import DAYS, hour_words
from chalicelib.web.victim.visits import day_of

NOTHING_SET = "You have chosen nothing yet. So it is: here only. We send you nothing."
HERE_ONLY = "Here only. No calls, no letters and no messages."
CODE_WORD_SET = "A code word is set. We ask you for it when we ring. No page shows it."
NOTHING_LEFT = "Leave nothing"
WORDS_LEFT = "We leave the words that you wrote"
NOBODY = "Nobody"


def contact_state(
    contact: SafeContact, now: datetime, rules: Rules, *, safe_mode: bool
) -> dict[str, Any]:
    """Return how things stand: what was said, since when, until when, and whether it counts."""
    ends = expires_at(contact, rules)
    if contact.confirmed_at is None or ends is None:
        return {"is_set": False, "nothing": NOTHING_SET}
    return {
        "is_set": True,
        "rows": contact_rows(contact, rules, safe_mode=safe_mode),
        "own_words": own_words(contact, rules),
        "confirmed": _confirmed(contact.confirmed_by, day_of(contact.confirmed_at)),
        "until": day_of(ends),
        "is_over": not holds(contact, now, rules),
    }


def _confirmed(by: str, day: str) -> str:
    # Who of the staff it was could tell of news that is still to be told (D10).
    if by == BY_VICTIM:
        return f"You confirmed this on {day}."
    return f"Somebody wrote this down with you, or asked you whether it is right, on {day}."


def contact_rows(contact: SafeContact, rules: Rules, *, safe_mode: bool) -> list[tuple[str, str]]:
    """Return what was said, question by question; what nobody said is left out.

    In safe mode nothing is sent, whatever was said of it before.
    """
    ways = [(row.label, contact.ways[key]) for key, row in rules.channels.items()
            if key in contact.ways and not (safe_mode and row.sends)]  # fmt: skip
    never = [row.label for key, row in rules.channels.items() if key in contact.never]
    left = WORDS_LEFT if contact.leave_words else NOTHING_LEFT
    rows = [
        *(ways or [("How we may reach you", HERE_ONLY)]),
        ("Never", ", ".join(never)),
        ("When", _when(contact)),
        ("If you do not answer", left if ways or contact.leave_words else ""),
        ("Code word", CODE_WORD_SET if contact.code_word else ""),
        ("Messages from this service", "None" if safe_mode else _messages(contact, rules)),
        ("Who may be told of you", "" if contact.may_tell else NOBODY),
    ]
    return [(label, text) for label, text in rows if text]


def own_words(contact: SafeContact, rules: Rules) -> list[tuple[str, str]]:
    """Return what is folded: whom they trust, and what would give a call of ours away."""
    told = [row.name for key, row in rules.partners.items() if key in contact.may_tell]
    rows = [
        ("If you do not answer, we leave", contact.leave_words),
        ("Who else may answer", contact.who_else),
        ("Who may be told of you", ", ".join(told)),
        ("Anything else", contact.more),
    ]
    return [(label, text) for label, text in rows if text]


def _when(contact: SafeContact) -> str:
    if contact.first is None or contact.last is None:
        return ""
    days = ", ".join(name for number, name in enumerate(DAYS) if number in contact.days)
    return f"{days}, from {hour_words(contact.first)} to {hour_words(contact.last)}"


def _messages(contact: SafeContact, rules: Rules) -> str:
    row, words = rules.channels.get(contact.notify_by), rules.notices.get(contact.language)
    if row is None or words is None:
        return "None"
    link = "with a link" if contact.links else "without a link"
    return f"{row.label}, in {words.label}, {link}"


def examples(rules: Rules, home: str) -> list[tuple[str, str]]:
    """Return the exact words of a message without and with a link, each with what it is."""
    words = rules.notices[FIRST_LANGUAGE]
    return [
        ("Without a link", words.text.format(pair=EXAMPLE_PAIR)),
        ("With a link", words.linked.format(pair=EXAMPLE_PAIR, home=home)),
    ]
