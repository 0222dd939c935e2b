"""The page of one review before court: everything that the people in the meeting look at."""

from typing import Any

from chalicelib.domain.agreements import in_force
from chalicelib.domain.dates import date_and_time, in_london, long_date
from chalicelib.domain.needs import in_order, need_words, seen_by
from chalicelib.domain.promises import TASK, Promise
from chalicelib.domain.reviews import is_under_review
from chalicelib.domain.task_people import people_for_tasks
from chalicelib.rules import Rules
from chalicelib.services.before_court import missing_of
from chalicelib.services.deps import Deps
from chalicelib.services.keep_task import DONE
from chalicelib.services.review import OpenedReview
from chalicelib.web.page import Visit
from chalicelib.web.staff.case_words import victim_name, working_words
from chalicelib.web.staff.court_words import NOT_OF_COURT, closing_words, left_words, state_of
from chalicelib.web.staff.hearing import date_words
from chalicelib.web.staff.measure_words import measures_of
from chalicelib.web.staff.needs_words import needs_address
from chalicelib.web.staff.rows import row_of


def review_words(visit: Visit, opened: OpenedReview) -> dict[str, Any]:
    """Return what stands on the page besides its forms."""
    deps, case, victim, file = visit.deps, opened.case, opened.victim, opened.file
    court = opened.court
    tasks = [task for task in file.owed if task.kind == TASK and task.event not in NOT_OF_COURT]
    open_tasks = [task for task in tasks if task.is_open]
    closings = closing_words(court)
    return {
        "name": victim_name(victim),
        "victim": victim.key,
        "date": date_words(case) if court.on else "",
        "left": left_words(court.on, deps) if court.on else "",
        "may_date": deps.rules.stages[case.current.stage].from_charge,
        "state": state_of(court, deps),
        "is_listed": is_under_review(court),
        "missing": missing_of(deps, case, victim, file),
        "needs": _needs(opened, deps.rules),
        "needs_address": needs_address(case, victim.key),
        "measures": measures_of(visit, case, victim, file),
        "views": _views(opened, deps),
        "tasks": [
            _task(deps, task)
            for task in sorted(open_tasks, key=lambda task: (task.due_on, task.made_at))
        ],
        "done_tasks": [done_words(task, deps.rules) for task in tasks if not task.is_open],
        "last": closings[0] if closings and court.is_reviewed else None,
        "earlier": closings[1:] if court.is_reviewed else closings,
    }


def owner_groups(opened: OpenedReview, deps: Deps) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return to whom a task can be given, in groups for a choice."""
    groups = people_for_tasks(
        opened.case, opened.force, opened.file.agreements, deps.today(), deps.rules
    )
    return [
        (heading, [(person.id, f"{person.name}, {person.number}") for person in people])
        for heading, people in groups
    ]


def task_words(promise: Promise, rules: Rules) -> str:
    """Return what a task is, by its row."""
    row = rules.tasks.get(promise.event)
    return row.label if row else promise.owed


def done_words(promise: Promise, rules: Rules) -> str:
    """Return one line of a task that is done or no longer needed."""
    what = ": ".join(words for words in (task_words(promise, rules), promise.task) if words)
    if promise.kept_at is None:
        return f"{what}. No longer needed: {promise.cancelled_why}"
    on = long_date(in_london(promise.kept_at).date())
    how = "" if promise.kept_how == DONE else f" {promise.kept_how}"
    note = f" {promise.note}" if promise.note else ""
    return f"{what}. Done{how} on {on}.{note}"


def _needs(opened: OpenedReview, rules: Rules) -> list[dict[str, Any]]:
    needs, seen = opened.file.needs, opened.file.seen
    return [
        {
            "label": kind.label,
            "words": need_words(need, rules),
            "readers": len(seen_by(need, seen)),
        }
        for kind, need in in_order(needs, rules)
    ]


def _views(opened: OpenedReview, deps: Deps) -> list[dict[str, Any]]:
    """Return what each partner says with whom an agreement is in force."""
    rules = deps.rules
    return [
        {
            "partner": rules.partners[agreement.partner].name,
            "text": agreement.view.text if agreement.view else "",
            "who": f"{agreement.view.by}, {date_and_time(agreement.view.at)}"
            if agreement.view
            else "",
        }
        for agreement in in_force(opened.file.agreements, deps.today())
        if agreement.partner in rules.partners
    ]


def _task(deps: Deps, promise: Promise) -> dict[str, Any]:
    return {
        "id": promise.id,
        "row": row_of(promise, deps.today(), deps.rules),
        "owner": promise.owner_name or promise.owner,
        "working": working_words(promise.working),
    }
