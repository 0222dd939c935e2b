"""The minimum expectations of police and ISVAs as promises: what begins each, who owes it, by when.

What is owed to a victim anyway (an answer, an update, news) is one of them already and carries
its key; the others are promises of the kind `LINE`.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Final, Literal

from chalicelib.domain.agreements import DATES, Agreement, in_force
from chalicelib.domain.calendar import WorkingDays, add_working_days
from chalicelib.domain.cases import Case, Officer, Victim, is_sexual, shown_to
from chalicelib.domain.dates import in_london
from chalicelib.domain.promises import (
    BEFORE,
    EXPECTATION,
    LINE,
    LOCAL_STANDARD,
    OUR_STANDARD,
    Promise,
    Working,
    promise_of,
)
from chalicelib.domain.reviews import working_days_back
from chalicelib.domain.tellings import CODE_TRUST, THE_CODE
from chalicelib.frozen import frozen
from chalicelib.rules import Expectation, Partner, Rules
from chalicelib.rules.expectations import days_of

REPORT, REFERRAL, PLAN, STOPPING = "report", "referral", "plan", "stopping"
PLEA, BEFORE_TRIAL, TRIAL, ENDING = "plea", "before_trial", "trial", "ending"
MISSED = "missed"
COURT_DATE = (BEFORE_TRIAL, TRIAL)
ISVA: Final = "isva"
WITNESS_CARE: Final = "witness_care"
NOBODY: Final = "nobody"
Whose = Literal["officer", "isva", "supervisor", "witness_care", "nobody"]

DATE_CHANGED = "The court date changed."
NO_DATE = "There is no court date any more on which they may be needed."
DATE_PASSED = "That court date passed before it was done."
LEFT = "They asked to hear nothing more."
NOT_AGREED = "They no longer agree to this service's support."
NO_DATES = "They no longer agree that this service sees court dates."
OTHER_END = "What they agreed with this service ends on another day."
# Cancelled for one of these, a line may begin again.
BEGINS_ANEW = (DATE_CHANGED, DATE_PASSED, NO_DATE, LEFT, NOT_AGREED, NO_DATES, OTHER_END)


@frozen
class Begun:
    """What begins lines of the checklist, which time it was, and the day from which they count.

    Nothing begins twice for the same `subject`. `is_ahead` if the day is still to come, so
    that what is to be done before it is counted back from it. `is_news` if the hub first
    hears of the case with it, perhaps long after that day.
    """

    trigger: str
    subject: str
    day: date
    is_ahead: bool = False
    is_news: bool = False


def lines_begun(
    begun: Begun, case: Case, owed: Iterable[Promise], rules: Rules
) -> tuple[Expectation, ...]:
    """Return the lines that begin now for a victim of a sexual offence, in their order.

    `owed` is everything that was promised to this victim so far, open or not.
    """
    if not is_sexual(case.crime_type, case.flags, rules):
        return ()
    made = [promise for promise in owed if promise.kind == LINE and _stands(promise)]
    return tuple(
        row
        for row in rules.expectations.values()
        if row.is_promised
        and row.begins == begun.trigger
        and not any(_is_for(promise, row, begun) for promise in made)
    )


def _stands(promise: Promise) -> bool:
    return promise.cancelled_why not in BEGINS_ANEW


def _is_for(promise: Promise, row: Expectation, begun: Begun) -> bool:
    return promise.line == row.key and (row.once or promise.subject == begun.subject)


def triggers_of(rung: str, rules: Rules) -> tuple[str, ...]:
    """Return what a stage or an outcome, by its key, begins."""
    rows = rules.expectations.values()
    return tuple(dict.fromkeys(row.begins for row in rows if rung in row.at))


def whose_is(row: Expectation, victim: Victim, *, with_isva: bool) -> Whose:
    """Return who owes a line: the ISVA where there is one, else whoever stands in, or nobody.

    Who asked to hear nothing more of the case hears from their ISVA alone.
    """
    whose: Whose = row.owner
    if row.owner == ISVA and not with_isva:
        whose = row.else_owner
    return whose if victim.left_on is None or whose == ISVA else NOBODY


def isva_with(agreements: Iterable[Agreement], day: date, rules: Rules) -> Agreement | None:
    """Return what a victim agreed with an ISVA service that holds on a day, or none."""
    holding = in_force(agreements, day)
    return next((each for each in holding if is_isva(each.partner, rules)), None)


def is_isva(partner: str, rules: Rules) -> bool:
    """Return whether a partner has ISVAs."""
    row: Partner | None = rules.partners.get(partner)
    return row is not None and row.isva


def may_know(agreement: Agreement, begun: Begun, case: Case, rules: Rules) -> bool:
    """Return whether an ISVA may have what begins in their list: not before the victim knows.

    A row with the day at court tells of that day, and of the charge behind it.
    """
    if begun.trigger not in COURT_DATE:
        return True
    shown = shown_to(agreement.victim, case, rules).next_hearing_on
    return DATES in agreement.scope and shown == begun.day


def line_due(
    row: Expectation, begun: Begun, today: date, calendar: WorkingDays, rules: Rules
) -> tuple[date, Working]:
    """Return by when a line is done, and how that day was counted.

    What should have been done before the hub knew of the case is asked for anew, counted
    from today; then it is our standard. A day at court that is near gives no day in the past.

    Source:
        The Victims' Code for a line that rests on a well-founded row of code_limits.toml;
        else rules/expectations.toml, ours or a local standard that is still to be agreed.
    """
    days, source = days_of(row, rules.code_limits) or 0, _source(row, rules)
    rule = f"{EXPECTATION}{row.key}"
    if row.before and begun.is_ahead:
        due = working_days_back(begun.day, days, calendar)
        return max(due, today), Working(f"{rule}{BEFORE}", begun.day, days, source)
    start = max(begun.day, calendar.first_day)
    due = add_working_days(start, days, calendar)
    if begun.is_news and due < today:
        start, source = today, OUR_STANDARD
        due = add_working_days(start, days, calendar)
    return due, Working(rule, start, days, source)


def _source(row: Expectation, rules: Rules) -> str:
    if row.code_limit and rules.code_limits[row.code_limit].trust in CODE_TRUST:
        return THE_CODE
    return LOCAL_STANDARD if row.basis == "local" else OUR_STANDARD


def line_of(  # noqa: PLR0913 -- a line is what it is made of; most are named
    row: Expectation,
    begun: Begun,
    case: Case,
    victim: Victim,
    *,
    owner: Officer,
    identity: str,
    now: datetime,
    calendar: WorkingDays,
    rules: Rules,
) -> Promise:
    """Return the open promise of a line in its owner's list, with words for the victim or staff."""
    promise = promise_of(
        kind=LINE,
        identity=identity,
        case=case,
        victim=victim.key,
        subject=begun.subject,
        owed=_owed(row, begun),
        made_at=now,
        due=line_due(row, begun, in_london(now).date(), calendar, rules),
        rules=rules,
    )
    return replace(
        promise,
        line=row.key,
        owner=owner.id,
        owner_name=owner.name,
        team=owner.team,
        made_team=owner.team,
        stays=owner.id != case.officer.id,
    )


def _owed(row: Expectation, begun: Begun) -> str:
    """Return what is owed, in words; what comes before something has its own once that is over."""
    if row.before and row.says_after and not begun.is_ahead:
        return row.says_after
    return row.victim_says or row.does


def goes_up_again(promise: Promise, today: date, calendar: WorkingDays, rules: Rules) -> bool:
    """Return whether a line that contact points have looked into for long goes to a supervisor.

    Source:
        Our standard, key `expectations.escalate` in rules/limits.toml.
    """
    is_first = promise.raised_at is not None and not promise.raised_before
    if promise.kind != LINE or not promise.is_open or not is_first or promise.raised_at is None:
        return False
    limit = rules.limits.escalate_working_days
    return today >= add_working_days(in_london(promise.raised_at).date(), limit, calendar)
