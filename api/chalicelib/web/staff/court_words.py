"""How near court is, how far the review before it is, and what is still missing, in words."""

from datetime import date
from typing import Any

from chalicelib.domain.agreements import Agreement, in_force
from chalicelib.domain.cases import COURTS, Case, Victim
from chalicelib.domain.contact import CONFIRM
from chalicelib.domain.dates import date_and_time, in_london, long_date
from chalicelib.domain.promises import TASK
from chalicelib.domain.reviews import (
    Court,
    is_red,
    is_under_review,
    review_due_on,
    working_days_left,
)
from chalicelib.domain.tellings import FIRST_TRY
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.services.before_court import court_of, missing_of
from chalicelib.services.deps import Deps
from chalicelib.services.follow import open_of
from chalicelib.services.ports import VictimFile
from chalicelib.services.staff_case import StaffCase
from chalicelib.web.page import Visit
from chalicelib.web.staff.case_words import in_order, victim_name
from chalicelib.web.staff.hearing import date_words
from chalicelib.web.staff.rows import row_of

# To reach them with a release, or to ask how to contact them, has nothing to do with court.
NOT_OF_COURT = frozenset({FIRST_TRY, CONFIRM})

NOT_LISTED = "Nothing puts this case on the list: it is not high harm, and no need is recorded."
NO_DATE = "No court date is recorded on which they may be needed."
TOMORROW = 1


@frozen
class State:
    """How far a review is, in words; `is_red` where a supervisor must know, `is_done` if closed."""

    words: str
    is_red: bool = False
    is_done: bool = False


def left_words(on: date, deps: Deps) -> str:
    """Return how near a court date is: "in 6 working days", "today"."""
    today = deps.today()
    days = (on - today).days
    if days < 0:
        return "over"
    if days <= TOMORROW:
        return "tomorrow" if days else "today"
    left = working_days_left(today, on, deps.calendar)
    unit = "working day" if left == 1 else "working days"
    # On a weekend there may be none before a Monday.
    return f"in {left} {unit}" if left else f"in {days} days"


def state_of(court: Court, deps: Deps) -> State:
    """Return how far the review before a court date is."""
    on, today = court.on, deps.today()
    if on is None:
        return State(NO_DATE)
    if court.is_reviewed:
        closing = court.closings[-1]
        day = long_date(in_london(closing.at).date())
        return State(f"Reviewed on {day} by {closing.by}.", is_done=True)
    if not is_under_review(court):
        return State(NOT_LISTED)
    why = f" It was opened again: {_sentence(court.reopened_why)}" if court.reopened_why else ""
    if on < today:
        return State(f"That day is over, and there was no review.{why}")
    if is_red(court, today, deps.calendar, deps.rules):
        return State(f"Court {_is_when(on, deps)} and no review.{why}", is_red=True)
    due = review_due_on(on, deps.calendar, deps.rules)
    return State(f"To be reviewed by {long_date(due)}.{why}")


def _is_when(on: date, deps: Deps) -> str:
    left = left_words(on, deps)
    return left if left.startswith("in ") else f"is {left}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def view_lines(agreements: tuple[Agreement, ...], today: date, rules: Rules) -> list[str]:
    """Return what partners have said; who has said nothing is among what is missing."""
    return [
        f"{rules.partners[agreement.partner].name}, "
        f"{long_date(in_london(agreement.view.at).date())}: {agreement.view.text}"
        for agreement in in_force(agreements, today)
        if agreement.view is not None and agreement.partner in rules.partners
    ]


def review_address(case: Case, victim: Victim) -> str:
    """Return the address of a victim's review before court."""
    return f"/cases/{case.key}/review?victim={victim.key}"


def court_section(visit: Visit, opened: StaffCase, *, may_review: bool) -> dict[str, Any]:
    """Return what the case page says of court: the date, then how far each review is."""
    case, deps = opened.case, visit.deps
    from_charge = deps.rules.stages[case.current.stage].from_charge
    people = [_person(deps, case, victim, opened.files[victim.key]) for victim in in_order(case)]
    return {
        "shown": from_charge or bool(case.next_hearing_on) or any(p["tasks"] for p in people),
        "date": date_words(case),
        "left": left_words(case.next_hearing_on, deps) if case.next_hearing_on else "",
        "plea": f"Not guilty on {long_date(case.plea.on)}, {COURTS[case.plea.court]}"
        if case.plea
        else "",
        "may_review": may_review,
        "may_date": from_charge,
        "people": sorted(people, key=lambda person: not person["state"].is_red),
    }


def _person(deps: Deps, case: Case, victim: Victim, file: VictimFile) -> dict[str, Any]:
    court = court_of(case, victim, file)
    has_review = court.on is not None and (is_under_review(court) or court.is_reviewed)
    of_court = (task for task in open_of(file, TASK) if task.event not in NOT_OF_COURT)
    tasks = (row_of(task, deps.today(), deps.rules) for task in of_court)
    return {
        "name": victim_name(victim),
        "state": state_of(court, deps),
        "address": review_address(case, victim),
        "coming": coming_lines(court),
        "missing": missing_of(deps, case, victim, file) if has_review else (),
        "tasks": [f"{task.what}, by {task.due}" for task in tasks],
    }


def coming_lines(court: Court) -> list[tuple[str, str]]:
    """Return what is known of how a victim comes to court."""
    known = [
        ("With them", court.supporter),
        ("There and home", court.travel),
        ("Interpreter", court.interpreter),
    ]
    return [(label, words) for label, words in known if words]


def closing_words(court: Court) -> list[dict[str, str]]:
    """Return the reviews that were closed, the newest first."""
    return [
        {
            "when": f"{date_and_time(each.at)}, by {each.by}",
            "hearing": long_date(each.for_on),
            "decisions": each.decisions,
            "there": each.there,
        }
        for each in reversed(court.closings)
    ]
