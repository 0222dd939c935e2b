"""Safe mode of one victim and when they last looked, in words for staff."""

from datetime import datetime

from chalicelib.domain.cases import Case
from chalicelib.domain.dates import date_and_time
from chalicelib.domain.safety import ON, Safety, asks_to_be_off, in_safe_mode
from chalicelib.rules import Rules

NEVER_LOOKED = "Has not looked yet."


def looked_words(at: datetime | None) -> str:
    """Return when somebody last looked at a victim's page with their code; for the desk alone."""
    return f"Last looked: {date_and_time(at)}" if at else NEVER_LOOKED


def safe_mode_state(case: Case, safety: Safety, rules: Rules) -> str:
    """Return whether safe mode is on and why, in a sentence or two."""
    if not in_safe_mode(case, safety, rules):
        return _off_words(safety)
    if asks_to_be_off(safety) and safety.wish_at:
        return (
            f"Safe mode is on. They asked for it to be off, {date_and_time(safety.wish_at)}: it "
            "stays on until somebody has talked with them and confirmed it."
        )
    if safety.wish == ON and safety.wish_at:
        return f"Safe mode is on, as they wish since {date_and_time(safety.wish_at)}."
    if safety.off is not None:
        return (
            "Safe mode is on again: the crime type or the flags changed since it was confirmed "
            f"off, {date_and_time(safety.off.at)} by {safety.off.by}."
        )
    return "Safe mode is on, because of the crime type or a flag of this case."


def _off_words(safety: Safety) -> str:
    if safety.off is None:
        return "Safe mode is off."
    return (
        "Safe mode is off, as they wish. Confirmed by "
        f"{safety.off.by}, {date_and_time(safety.off.at)}: {safety.off.why}"
    )
