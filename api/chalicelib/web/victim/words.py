"""Sentences that more than one page of a case needs."""

from typing import Any

from chalicelib.domain.cases import Officer
from chalicelib.domain.dates import long_date
from chalicelib.domain.promises import Promise, Working
from chalicelib.services.read_case import WhoToAsk
from chalicelib.web.victim.visits import day_of

EXCERPT_CHARACTERS = 100


def excerpt(text: str) -> str:
    """Return the first words of a question, by which a person tells it from others."""
    line = " ".join(text.split())
    if len(line) <= EXCERPT_CHARACTERS:
        return line
    cut = line[:EXCERPT_CHARACTERS]
    return f"{cut.rpartition(' ')[0] or cut} …"


def officer_line(officer: Officer) -> str:
    """Return who is in charge: "PC Example, number 0001"."""
    return f"{officer.name}, number {officer.number}"


def late_sentence(promise: Promise, officer: Officer) -> str:
    """Return the apology for an answer that is late, and where the question is now."""
    return (
        f"You should have had an answer to your question of {day_of(promise.made_at)} by "
        f"{long_date(promise.due_on)}. We are sorry. Your question stands first in "
        f"{officer.name}'s list."
    )


def working_days(days: int) -> str:
    """Return "5 working days", or "1 working day"."""
    return f"{days} working day{'' if days == 1 else 's'}"


def working_words(working: Working) -> str:
    """Return how a due date was counted."""
    start = long_date(working.counted_from)
    return f"{working_days(working.working_days)}, counted from {start}; {working.source}"


def who_context(who: WhoToAsk) -> dict[str, Any]:
    """Return whom to ask after a decision, dates as text."""
    return {
        "told_on": long_date(who.told_on) if who.told_on else None,
        "support": who.support,
        "people": who.people,
        "complaint": who.complaint,
        "review": who.review.contact if who.review else None,
        "review_months": who.review_months,
        "review_until": long_date(who.review.last_day) if who.review else None,
        "review_is_over": who.review.is_over if who.review else False,
    }
