"""Safe mode of one victim, what they hide and when they last looked, in words for staff."""

from datetime import datetime

from chalicelib.domain.cases import Case
from chalicelib.domain.contact import BY_VICTIM, SafeContact
from chalicelib.domain.dates import date_and_time
from chalicelib.domain.safety import ON, Safety, asks_to_be_off, in_safe_mode
from chalicelib.rules import Rules

NEVER_LOOKED = "Has not looked yet."


def looked_words(at: datetime | None) -> str:
    """Return when somebody last looked at a victim's page with their code; for the desk alone."""
    return f"Last looked: {date_and_time(at)}" if at else NEVER_LOOKED


def said_words(by: str, at: datetime) -> str:
    """Return who said something and when: on the victim's page, or noted by somebody by name."""
    who = "said on their page" if by == BY_VICTIM else f"noted by {by}"
    return f"{who} on {date_and_time(at)}"


def hides_words(safety: Safety) -> str:
    """Return whether and since when their page leaves out what was said before, or nothing."""
    if not safety.hides_history or safety.hides_at is None:
        return ""
    return (
        "Their page leaves out updates, questions and answers until they press a button, "
        f"{said_words(BY_VICTIM, safety.hides_at)}."
    )


def set_on_page_words(contact: SafeContact) -> str:
    """Return a warning where safe contact was last set on the victim's page, or nothing."""
    if contact.confirmed_by != BY_VICTIM or contact.confirmed_at is None:
        return ""
    at = date_and_time(contact.confirmed_at)
    return (
        f"Their safe contact was last set or confirmed on their page on {at}. "
        "Whoever has their phone can do that too. Ring a number that you knew before, or meet them."
    )


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
        return f"Safe mode is on, {said_words(safety.wish_by, safety.wish_at)}."
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
