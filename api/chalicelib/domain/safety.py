"""Safe mode of one victim: on by type or flag, or as they choose; and how they want bad news."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.cases import Case, is_safe_mode
from chalicelib.domain.contact import BY_VICTIM
from chalicelib.frozen import frozen
from chalicelib.rules import Rules

NO_WISH, ON, OFF = "", "on", "off"
# How somebody wants to hear what is hard: from a person; from a person, and from the page once
# nobody reached them by the day it is owed; or from the page at once.
PERSON, PERSON_THEN_HERE, HERE = "person", "person_then_here", "here"


@frozen
class SafeModeOff:
    """An officer confirmed that safe mode may be off: when, who, why, and for which case.

    `crime_type` and `flags` are those of the case at that moment: any that came later turns
    it on again.
    """

    at: datetime
    by: str
    why: str
    crime_type: str
    flags: frozenset[str]


@frozen
class Safety:
    """What one victim chose for their pages; `version` moves with every change.

    `wish` is `ON`, `OFF` or `NO_WISH`. `hears` is how they want bad news. `hides_history` takes
    what was before off the page. `wish_by` and `hears_by` are `BY_VICTIM` or the name of who
    noted it with them; `hides_at` is when they hid or showed it, which only they can do.
    """

    wish: str = NO_WISH
    wish_at: datetime | None = None
    wish_by: str = ""
    off: SafeModeOff | None = None
    hides_history: bool = False
    hides_at: datetime | None = None
    hears: str = PERSON
    hears_by: str = ""
    hears_at: datetime | None = None
    version: int = 0


def in_safe_mode(case: Case, safety: Safety, rules: Rules) -> bool:
    """Return whether this victim's pages are in safe mode and nothing is ever sent to them (D16).

    It is on by crime type or flag, and by choice. It goes off only when the victim wishes it
    and an officer confirmed that for the case as it is.
    """
    if safety.wish == ON:
        return True
    if safety.wish == OFF:
        return not _is_confirmed(case, safety)
    return is_safe_mode(case.crime_type, case.flags, rules)


def asks_to_be_off(safety: Safety) -> bool:
    """Return whether somebody wished safe mode to be off, and no officer has confirmed it yet."""
    return safety.wish == OFF and safety.off is None


def turned_on(safety: Safety, at: datetime, by: str) -> Safety:
    """Return what holds once safe mode is wished on; what was confirmed before counts no more."""
    return replace(safety, wish=ON, wish_at=at, wish_by=by, off=None)


def asked_off(safety: Safety, at: datetime) -> Safety:
    """Return what holds once safe mode is wished off: each wish needs a confirmation of its own."""
    return replace(safety, wish=OFF, wish_at=at, wish_by=BY_VICTIM, off=None)


def confirmed_off(safety: Safety, case: Case, at: datetime, *, by: str, why: str) -> Safety:
    """Return what holds once an officer confirmed that it may be off, for the case as it is."""
    return replace(safety, off=SafeModeOff(at, by, why, case.crime_type, case.flags))


def _is_confirmed(case: Case, safety: Safety) -> bool:
    off = safety.off
    return off is not None and case.crime_type == off.crime_type and case.flags <= off.flags
