"""What forms about a case bring: days as people write them, texts that fit, who is meant."""

from collections.abc import Sequence
from datetime import date

from chalicelib.domain.cases import Case, CaseKey, VictimKey
from chalicelib.domain.dates import long_date, read_day
from chalicelib.domain.errors import NotFoundError
from chalicelib.frozen import frozen
from chalicelib.web.page import Visit
from chalicelib.web.staff.missing import CASE_KEY

Errors = Sequence[tuple[str, str]]
DAY_HINT = "For example 2026-12-04 or 4/12/2026. You can also write today or yesterday."
ASK_FOR_DAY = "write the day like 2026-12-04 or 4/12/2026, or write today or yesterday."
COMING_HINT = "For example 2026-12-04 or 4/12/2026. You can also write today or tomorrow."
ASK_FOR_COMING = "write the day like 2026-12-04 or 4/12/2026, or write today or tomorrow."
MOST_DIGITS = 5


@frozen
class DayField:
    """A day that was asked for, or the sentence that says what to write instead."""

    day: date | None
    problem: str = ""


def key_of(text: str) -> CaseKey:
    """Return the case key of an address.

    Raises:
        NotFoundError: no case has such a key, which is known without asking.
    """
    if not CASE_KEY.fullmatch(text):
        raise NotFoundError
    return CaseKey(text)


def past_day(text: str, *, first: date, first_is: str, today: date) -> DayField:
    """Return a day from the first one that can be until today.

    `first_is` names the first day in the sentence that refuses an earlier one.
    """
    day = read_day(text, today)
    if day is None:
        return DayField(None, ASK_FOR_DAY)
    if day > today:
        return DayField(None, f"{long_date(day)} has not come yet.")
    if day < first:
        return DayField(None, f"{long_date(day)} is before {first_is}, {long_date(first)}.")
    return DayField(day)


def coming_day(text: str, *, last: date, last_is: str, today: date) -> DayField:
    """Return a day from today until the last one that can be.

    `last_is` names the last day in the sentence that refuses a later one.
    """
    day = read_day(text, today)
    if day is None:
        return DayField(None, ASK_FOR_COMING)
    if day < today:
        return DayField(None, f"{long_date(day)} is over. Write today or a later day.")
    if day > last:
        return DayField(None, f"{long_date(day)} is after {last_is}, {long_date(last)}.")
    return DayField(day)


def sentence(problem: str) -> str:
    """Return a problem with a field as a sentence of its own."""
    return problem[:1].upper() + problem[1:]


def length_problem(text: str, limit: int, what: str) -> str:
    """Return what to do about a text that is too long, or nothing when it fits."""
    over = len(text) - limit
    if over <= 0:
        return ""
    unit = "character" if over == 1 else "characters"
    return f"{what} is {over:,} {unit} too long: up to {limit:,} fit. Shorten it; nothing is lost."


def number_of(text: str) -> int:
    """Return a small number that a form or an address brought; -1 for what is none."""
    fits = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if fits else -1


def victims_ticked(visit: Visit, case: Case, name: str = "to") -> frozenset[VictimKey]:
    """Return the victims of this case that were ticked."""
    ticked = set(visit.form.every(name))
    return frozenset(victim.key for victim in case.victims if victim.key in ticked)


def kept_form_key(visit: Visit) -> str:
    """Return the key of the form that was sent, so that it is stored once, or a new one."""
    return visit.form.key() or visit.deps.new_token()
