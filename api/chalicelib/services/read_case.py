"""Victim: what may be shown of a case, in the order in which it matters to them."""

from datetime import date

from chalicelib.domain.cases import StageEntry
from chalicelib.domain.dates import add_months, in_london
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.messages import Thread
from chalicelib.domain.promises import Promise
from chalicelib.domain.tellings import TOLD_HERE, may_be_listed
from chalicelib.frozen import frozen
from chalicelib.rules import Contact, Outcome, Rules
from chalicelib.services.deps import Deps
from chalicelib.services.hidden_news import as_before, hidden_of
from chalicelib.services.victim_sessions import Opened, open_page


@frozen
class Rung:
    """One step of the ladder; `state` is done, here or ahead."""

    label: str
    state: str


@frozen
class Expectations:
    """What is owed: late promises first, then by due date; kept ones newest first."""

    late: tuple[Promise, ...]
    due: tuple[Promise, ...]
    kept: tuple[Promise, ...]


@frozen
class Review:
    """A right to review, and the last day on which it can be asked for."""

    contact: Contact
    last_day: date
    is_over: bool


@frozen
class WhoToAsk:
    """Whom a victim turns to once questions no longer go to the officer: support first.

    `is_told_here` if no person told them of the decision, but this page.
    """

    told_on: date | None
    is_told_here: bool
    support: tuple[Contact, ...]
    people: Contact
    review: Review | None
    review_months: int
    complaint: Contact


def ladder_of(stage: str, rules: Rules) -> list[Rung]:
    """Return the few steps that place a stage: behind, here in its own words, ahead."""
    here = rules.stages[stage]
    return [
        *(Rung(rules.steps[step].label, "done") for step in here.behind),
        Rung(here.label, "here"),
        *(Rung(rules.steps[step].label, "ahead") for step in here.ahead),
    ]


def outcome_shown(entry: StageEntry, rules: Rules) -> Outcome | None:
    """Return the outcome of an entry that a victim may read, or none before a decision."""
    outcome = rules.outcomes[entry.outcome] if entry.outcome else None
    return outcome if outcome is not None and outcome.decided else None


def expectations(opened: Opened, today: date, rules: Rules) -> Expectations:
    """Return what this victim is owed, as far as a page may list it before they are told."""
    file, knows = opened.file, knows_of_charge(opened, rules)
    hidden = hidden_of(opened.case, opened.shown.entry, file.measures)
    owed = [*file.owed, *(thread.promise for thread in file.threads)]
    listed = [
        promise
        for promise in as_before(owed, hidden, rules)
        if may_be_listed(promise, rules, knows_of_charge=knows)
    ]
    still_open = sorted((p for p in listed if p.is_open), key=lambda p: (p.due_on, p.made_at))
    kept = sorted((p for p in listed if p.kept_at), key=lambda p: p.kept_at or p.made_at)
    return Expectations(
        late=tuple(p for p in still_open if p.is_late(today)),
        due=tuple(p for p in still_open if not p.is_late(today)),
        kept=tuple(reversed(kept)),
    )


def knows_of_charge(opened: Opened, rules: Rules) -> bool:
    """Return whether this victim was told that somebody is charged, or of what came after it."""
    return rules.stages[opened.shown.entry.stage].from_charge


def may_choose_rhythm(opened: Opened) -> bool:
    """Return whether this victim may choose how often they hear: the case goes on, and they do."""
    victim = opened.case.victim(opened.session.victim)
    goes_on = not opened.shown.decided and opened.file.door.closed_on is None
    return goes_on and victim is not None and victim.left_on is None


def left_on(opened: Opened) -> date | None:
    """Return since when this victim wants to hear nothing more, or none."""
    victim = opened.case.victim(opened.session.victim)
    return victim.left_on if victim else None


def changed_on(opened: Opened) -> date:
    """Return the day on which the police last changed what this victim reads.

    What a victim was told counts from the day on which they heard it: until then it
    was not on the page.
    """
    shown, victim = opened.shown, opened.session.victim
    told = shown.entry.told.get(victim)
    answers = (answer.sent_at for thread in opened.file.threads for answer in thread.answers)
    days = [in_london(moment).date() for moment in (shown.changed_at, *answers)]
    return max([*days, *([told.on] if told else [])])


def who_to_ask(opened: Opened, rules: Rules, today: date) -> WhoToAsk:
    """Return the people and the ways that are left after a decision."""
    entry = opened.shown.entry
    told = entry.told.get(opened.session.victim)
    after_charge = rules.stages[entry.stage].from_charge
    return WhoToAsk(
        told_on=told.on if told else None,
        is_told_here=told is not None and told.how in TOLD_HERE,
        support=tuple(c for c in rules.contacts.values() if c.use == "support"),
        people=rules.contacts["witness_care" if after_charge else "officers_team"],
        review=_review(outcome_shown(entry, rules), told.on if told else None, rules, today),
        review_months=rules.limits.review_months,
        complaint=rules.contacts["complaint"],
    )


def _review(
    outcome: Outcome | None, told_on: date | None, rules: Rules, today: date
) -> Review | None:
    """Return the right to review that may apply, counted from the day of being told.

    Source:
        The force's and the Crown Prosecution Service's schemes, key `review.ask` in limits.toml.
    """
    if outcome is None or outcome.review == "none" or told_on is None:
        return None
    last_day = add_months(told_on, rules.limits.review_months)
    return Review(rules.contacts[outcome.review], last_day, is_over=last_day < today)


def open_thread(deps: Deps, token: str, number: int, what: str) -> tuple[Opened, Thread]:
    """Return one thread of this session's victim, in four requests.

    Raises:
        NotFoundError: there is none, which is also the answer for somebody else's number.
        SessionEndedError: nobody is signed in in this browser any more.
    """
    opened = open_page(deps, token, what, before=number + 1)
    thread = next((each for each in opened.file.threads if each.number == number), None)
    if thread is None:
        raise NotFoundError
    return opened, thread
