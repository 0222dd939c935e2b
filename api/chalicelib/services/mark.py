"""What became of a message that was handed over, noted with whatever came meanwhile."""

import logging
from datetime import timedelta

from chalicelib.domain.errors import StoreUnavailableError
from chalicelib.domain.notices import (
    REFUSED,
    TAKEN,
    UNKNOWN,
    Notice,
    Recipient,
    after_failure,
    after_no_answer,
    after_refusal,
    after_sending,
)
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ConflictError, Part

LOG = logging.getLogger("hub")
# An alarm goes by this line; it never says whose message it was.
GAVE_UP = "a message was given up"
SENDER = "service"
TRIES = 6


def mark(deps: Deps, to: Recipient, receipt: str, outcome: str) -> None:
    """Note what a provider said of the message with this receipt.

    A reason that came meanwhile stays, and what was ended meanwhile stays ended.

    Raises:
        StoreUnavailableError: it could not be noted; the message counts as one whose sender
            was killed.
    """
    for _ in range(TRIES):
        before = deps.threads.notice(to)
        after = _after(deps, before, receipt, outcome) if before else before
        if after is None or after == before:
            return
        try:
            _keep_outcome(deps, after)
        except ConflictError:
            continue
        return
    raise StoreUnavailableError


def _keep_outcome(deps: Deps, notice: Notice) -> None:
    if notice.gave_up_why and not notice.is_waiting:
        give_up(deps, notice)
    else:
        keep_notice(deps, notice)


def keep_notice(deps: Deps, notice: Notice, what: str = "") -> None:
    """Write a message as it stands now; `what` is its audit line, if it has one.

    Raises:
        ConflictError: it changed since it was read.
    """
    line = [audited(deps, notice, what)] if what else []
    deps.ledger.write([deps.threads.keep_notice(notice), *line])


def give_up(deps: Deps, notice: Notice) -> None:
    """Write a message that is not tried any more, and raise the alarm.

    Raises:
        ConflictError: it changed since it was read.
    """
    keep_notice(deps, notice, f"gave a message up: {notice.gave_up_why}")
    LOG.error(GAVE_UP)


def audited(deps: Deps, notice: Notice, what: str) -> Part:
    """Return the audit line about a message: never its address or its words."""
    about = notice.case_key if notice.officer is None else f"staff {notice.officer}"
    return deps.audited(about, SENDER, what)


def rest_of(deps: Deps, notice: Notice) -> timedelta:
    """Return how long a recipient hears nothing more after a message.

    Source:
        Our standard, keys `notices.victim` and `notices.officer` in rules/limits.toml.
    """
    limits = deps.rules.limits
    if notice.officer is not None:
        return timedelta(minutes=limits.notice_officer_minutes)
    return timedelta(hours=limits.notice_victim_hours)


def _after(deps: Deps, notice: Notice, receipt: str, outcome: str) -> Notice:
    """Return a notice with what became of the message that has this receipt."""
    now, rules = deps.now(), deps.rules
    is_under_way = notice.receipt == receipt and (notice.is_begun or outcome == TAKEN)
    if not is_under_way:
        # Whoever ended it meanwhile counted it as sent already.
        return notice
    if outcome == TAKEN:
        return after_sending(notice, now, rest_of(deps, notice))
    if outcome == UNKNOWN:
        return after_no_answer(notice, now, rules)
    return after_refusal(notice, now) if outcome == REFUSED else after_failure(notice, now, rules)
