"""Anybody: were these two check words sent by us, today or yesterday? (for who fears a trick)."""

from datetime import timedelta
from enum import StrEnum

from chalicelib.domain.errors import HubError
from chalicelib.services.deps import Deps

# Counted apart from codes: nobody's checks make another person's wrong code the eleventh.
COUNTED_AS = "words-"


class Sent(StrEnum):
    """When a message with two check words was sent."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    NOT = "not"


class TooManyChecksError(HubError):
    """This address asked so often that it may be guessing; nothing was looked up."""


def when_sent(deps: Deps, pair: str, *, address: str) -> Sent:
    """Return whether a message with this pair was sent today or yesterday, London time.

    Whatever the answer, it takes one count and two reads. Right ones count as well: else
    who guesses would go on guessing past the limit, and be told when they hit.

    Raises:
        TooManyChecksError: too many were asked from this address in a short time.

    Source:
        Our standard, key `access.word_checks` in rules/limits.toml.
    """
    key = COUNTED_AS + deps.keys.address_key(address)
    if deps.access.count_failure(key, deps.now()) > deps.rules.limits.word_checks_allowed:
        raise TooManyChecksError
    today = deps.today()
    was_sent = [deps.access.pair_was_sent(pair, day) for day in (today, today - timedelta(days=1))]
    if was_sent[0]:
        return Sent.TODAY
    return Sent.YESTERDAY if was_sent[1] else Sent.NOT
