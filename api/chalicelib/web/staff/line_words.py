"""The minimum expectations of police and ISVAs as staff read them: where each line stands."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chalicelib.domain.cases import Victim, is_sexual
from chalicelib.domain.dates import in_london, long_date
from chalicelib.domain.expectations import MISSED, STOPPING
from chalicelib.domain.promises import LINE, Promise
from chalicelib.domain.tellings import LETTER, WAYS_OF_NEWS, WAYS_OF_TELLING
from chalicelib.frozen import frozen
from chalicelib.rules import Expectation, Rules
from chalicelib.services.staff_case import StaffCase, promises_of
from chalicelib.web.staff.case_words import in_order, victim_name
from chalicelib.web.staff.rows import row_of

WAYS = {
    **WAYS_OF_TELLING,
    LETTER: WAYS_OF_NEWS[LETTER],
    "meeting": "in a meeting of the services",
    "message": "in a secure message between the services",
}
NOT_OWED_LABELS = {"not_for_them": "it does not apply to them", "not_wanted": "they do not want it"}
NOT_OWED = {
    "not_for_them": "It does not apply to them.",
    "not_wanted": "They do not want it.",
}
# What was said to the offer of an ISVA, as it is kept and as it is chosen.
ANSWERS = {"yes": "they said yes", "no": "they said no", "not_now": "they said not now"}
ANSWER_LABELS = {"yes": "Yes", "no": "No", "not_now": "Not now"}
BASES = {
    "code": "the Victims' Code",
    "national": "national guidance without a number of days",
    "local": "a local standard, still to be agreed",
}
NOT_BEGUN, LATE, OPEN, KEPT, NOT_OWED_NOW = "Not begun", "Late", "Open", "Kept", "Not owed"


@frozen
class Line:
    """One line of the checklist of a victim, text ready to show.

    `state` is a word or two; `says` the sentence behind it.
    """

    number: int
    what: str
    between: str
    basis: str
    state: str
    says: str
    address: str = ""


def lines_of(opened: StaffCase, today: date, rules: Rules) -> list[dict[str, Any]]:
    """Return the checklist of each victim of a sexual offence; of any other case nothing."""
    case = opened.case
    if not is_sexual(case.crime_type, case.flags, rules):
        return []
    return [_of_victim(opened, victim, today, rules) for victim in in_order(case)]


def _of_victim(opened: StaffCase, victim: Victim, today: date, rules: Rules) -> dict[str, Any]:
    owed = promises_of(opened.files[victim.key])
    rows = [row for row in rules.expectations.values() if row.begins != MISSED]
    lines = [_line(row, [p for p in owed if p.line == row.key], today, rules) for row in rows]
    begun = [line for line in lines if line.state != NOT_BEGUN]
    return {
        "name": victim_name(victim),
        "victim": victim.key,
        "lines": begun,
        "ahead": [line for line in lines if line.state == NOT_BEGUN],
        "late": sum(line.state == LATE for line in begun),
        "open": sum(line.state == OPEN for line in begun),
        "kept": sum(line.state == KEPT for line in begun),
        "may_stop": victim.left_on is None
        and not any(p.line == STOPPING and p.is_open for p in owed),
    }


def _line(row: Expectation, owed: Sequence[Promise], today: date, rules: Rules) -> Line:
    state, says, which = _state(owed, today)
    address = row_of(which, today, rules).address if which is not None and which.is_open else ""
    return Line(row.number, row.does, row.between, BASES[row.basis], state, says, address)


def _state(owed: Sequence[Promise], today: date) -> tuple[str, str, Promise | None]:
    """Return where a line stands, in a word and a sentence, and the promise that says so.

    What is late comes first, then what is due soonest, then what was recorded last.
    """
    if not owed:
        return NOT_BEGUN, "", None
    waiting = sorted((p for p in owed if p.is_open), key=lambda p: (p.due_on, p.made_at))
    if waiting:
        first = waiting[0]
        state = LATE if first.is_late(today) else OPEN
        more = f" {len(waiting) - 1} more after it." if len(waiting) > 1 else ""
        return state, f"Due {long_date(first.due_on)}, {_whose(first)}.{more}", first
    last = max(owed, key=lambda p: (p.closed_at or p.made_at, p.id))
    if last.kept_at is None:
        return NOT_OWED_NOW, last.cancelled_why, last
    kept = [promise for promise in owed if promise.kept_at is not None]
    late = "" if last.was_in_time else f" Late: it was due {long_date(last.due_on)}."
    how = f" {last.kept_how}" if last.kind == LINE and last.kept_how else ""
    times = f" {len(kept)} times so far." if len(kept) > 1 else ""
    return KEPT, f"Kept on {long_date(in_london(last.kept_at).date())}{how}.{late}{times}", last


def _whose(promise: Promise) -> str:
    looks = f"; {promise.raised_to} is looking into it" if promise.raised_at is not None else ""
    return f"in the list of {promise.owner_name or promise.owner}{looks}"
