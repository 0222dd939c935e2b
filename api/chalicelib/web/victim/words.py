"""Sentences that more than one page of a case needs."""

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.applying import APPLY_RULES
from chalicelib.domain.cases import Case, Officer
from chalicelib.domain.dates import long_date
from chalicelib.domain.promises import (
    AGREED,
    LOCAL_STANDARD,
    NOT_COUNTED,
    OUR_STANDARD,
    OWED_NEWS,
    REPLY,
    REVIEW,
    TELL,
    UPDATE,
    WELCOME,
    Promise,
    Working,
)
from chalicelib.domain.staff import Away
from chalicelib.domain.tellings import HERE, THE_CODE, TOLD_HERE, WAYS_OF_NEWS
from chalicelib.rules import Rules
from chalicelib.services.choose_rhythm import BY_VICTIM
from chalicelib.services.read_case import WhoToAsk
from chalicelib.web.victim.visits import day_of

EXCERPT_CHARACTERS = 100
# News that a person told: what it was stands in the case itself, never among the promises.
NEWS_TOLD = "We told you what had happened"
DONE = {REPLY: "given", UPDATE: "given", TELL: "told"}
# How a promise was kept, as it is said to whom it was kept; other words are not repeated.
HOW = (
    {how: how for how in WAYS_OF_NEWS.values()}
    | {
        WAYS_OF_NEWS["supporter"]: "through somebody who supports you",
        WAYS_OF_NEWS["letter"]: "in a letter",
        HERE: "here",
    }
    | dict.fromkeys(TOLD_HERE, "here")
)


def folded_line(what: str, days: Sequence[str]) -> str:
    """Return how many there are and from when the newest is; `days` are theirs, newest first."""
    if not days:
        return ""
    if len(days) == 1:
        return f"1 {what}, {days[0]}"
    return f"{len(days)} {what}s, the newest from {days[0]}"


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


def officer_change(case: Case) -> str:
    """Return since when the officer has the case and who had it before, or nothing."""
    if case.officer_since is None:
        return ""
    since = f"{case.officer.name} has had your case since {long_date(case.officer_since)}."
    before = f" {case.officer_before} had it before." if case.officer_before else ""
    return f"{since}{before} What we owe you moved to them with the same dates."


def away_sentence(away: Away, *, restricted: bool = False) -> str:
    """Return until when the officer is away, and who answers or whom to call meanwhile."""
    until = f"Away until {long_date(away.last_day)}"
    if away.name:
        return f"{until}: {away.name} answers for them."
    # Of a restricted case the team knows nothing.
    meanwhile = "If you need somebody before that," if restricted else "Their team answers:"
    return f"{until}. {meanwhile} call 101."


# --- what is owed


def owed_words(promise: Promise, rules: Rules) -> str:
    """Return what is owed; of news that was told it says no more than that."""
    if promise.kind == REPLY:
        return f"{promise.owed} of {day_of(promise.made_at)}"
    if promise.kind == TELL:
        plain = _harmless_news(promise, rules)
        return f"News: “{plain}”" if plain else NEWS_TOLD
    return promise.owed


def _harmless_news(promise: Promise, rules: Rules) -> str:
    row = rules.code_limits.get(promise.event) if promise.owed == OWED_NEWS else None
    return row.plain if row is not None and row.shown else ""


def kept_words(promise: Promise) -> str:
    """Return by when a promise was to be kept, when and how it was, and that it was late."""
    if promise.kept_at is None:
        return ""
    how = HOW.get(promise.kept_how)
    words = [
        f"due by {long_date(promise.due_on)}",
        f"{DONE.get(promise.kind, 'done')} on {day_of(promise.kept_at)}",
        *([how] if how else []),
        *([] if promise.was_in_time else ["late"]),
    ]
    return ", ".join(words)


def late_sentence(
    promise: Promise, officer: Officer, rules: Rules, away: Away | None = None
) -> str:
    """Return the apology for what is late, and who looks into it.

    `away` is how the officer in charge is away, where the page knows that.
    """
    due = long_date(promise.due_on)
    news = owed_words(promise, rules).removeprefix("News: ")
    done = f"This should have been done for you, “{promise.owed}”,"
    should = {
        REPLY: f"You should have had an answer to your question of {day_of(promise.made_at)}",
        UPDATE: "You should have had an update",
        WELCOME: "Your officer should have got in touch with you",
        TELL: f"You should have had this news, {news},",
        REVIEW: "We should have looked at what you need before court",
    }.get(promise.kind, done)
    return f"{should} by {due}. We are sorry. {_who_looks(promise, officer, away)}"


def _who_looks(promise: Promise, officer: Officer, away: Away | None) -> str:
    if promise.raised_to:
        return f"{promise.raised_to[:1].upper()}{promise.raised_to[1:]} is now looking into it."
    owner = promise.owner_name or officer.name
    if away is not None and away.name and away.officer == promise.owner:
        return f"It stands first in the list of {away.name}, who answers for {owner} now."
    return f"It stands first in {owner}'s list."


def working_days(days: int) -> str:
    """Return "5 working days", or "1 working day"."""
    return f"{days} working day{'' if days == 1 else 's'}"


def working_words(working: Working) -> str:
    """Return how a due date was counted."""
    start = long_date(working.counted_from)
    return f"{working_days(working.working_days)}, counted from {start}; {working.source}"


def working_sentence(working: Working, rhythm_by: str = "", *, is_after_limit: bool = False) -> str:
    """Return how a due date was counted and whose rule that is, in a sentence of its own.

    Only what is well founded is called the Code's; of our own standard we say that we aim
    for it (D11). `rhythm_by` is who chose how often there are updates; `is_after_limit` if a
    court's limit was over when this was promised.
    """
    if working.rule in NOT_COUNTED:
        return f"This is {working.source}."
    way = "before" if working.is_backwards else "from"
    days = f"{working_days(working.working_days)} {way} {long_date(working.counted_from)}"
    if working.rule in APPLY_RULES:
        # It is counted from a plea, of which a person tells them and not this line.
        if is_after_limit:
            return "The usual time is over. It can still be asked for, with a reason."
        return "That is the limit in the court's rules. Later is possible too."
    return {
        THE_CODE: f"{THE_CODE[:1].upper()}{THE_CODE[1:]} gives us {days}.",
        OUR_STANDARD: f"We aim for {days}. That is our own standard.",
        LOCAL_STANDARD: f"We aim for {days}. That is {LOCAL_STANDARD}.",
        AGREED: f"{days}, {'as you chose' if rhythm_by == BY_VICTIM else 'as agreed with you'}.",
    }.get(working.source, f"{days}: {working.source}.")


# --- after a decision


def who_context(who: WhoToAsk) -> dict[str, Any]:
    """Return whom to ask after a decision, dates as text."""
    return {
        "told_on": long_date(who.told_on) if who.told_on else None,
        "told": "when you could read it here" if who.is_told_here else "when you were told",
        "support": who.support,
        "people": who.people,
        "complaint": who.complaint,
        "review": who.review.contact if who.review else None,
        "review_months": who.review_months,
        "review_until": long_date(who.review.last_day) if who.review else None,
        "review_is_over": who.review.is_over if who.review else False,
    }
