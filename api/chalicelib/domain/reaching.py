"""Tries to reach a victim with news that a person must tell them first."""

from datetime import datetime

from chalicelib.domain.dates import in_london
from chalicelib.frozen import frozen
from chalicelib.rules import Rules


@frozen
class Try:
    """Somebody tried and did not reach them: when, how (a key of `WAYS_OF_TELLING`), who."""

    at: datetime
    how: str
    by: str


@frozen
class Reaching:
    """All tries to tell a victim of one entry or event, `subject`, oldest first."""

    subject: str
    tries: tuple[Try, ...] = ()
    version: int = 0


def may_be_released(reaching: Reaching, rules: Rules) -> bool:
    """Return whether enough was tried that a supervisor may let the page tell it.

    Source:
        Our standard, keys `told.attempts` and `told.attempt_days` in rules/limits.toml.
    """
    days = {in_london(each.at).date() for each in reaching.tries}
    limits = rules.limits
    return len(reaching.tries) >= limits.told_attempts and len(days) >= limits.told_attempt_days
