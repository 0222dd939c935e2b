"""What somebody is to do for a victim by a day: given in a review, or because of what they said."""

from dataclasses import replace
from datetime import date

from chalicelib.domain.calendar import add_working_days
from chalicelib.domain.cases import Case, Officer, Victim
from chalicelib.domain.promises import OUR_STANDARD, TASK, Promise, Working, promise_of
from chalicelib.frozen import frozen
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.ports import Part


@frozen
class TaskGiven:
    """A task by the key of its row: by when, by whom, and what exactly in words for staff.

    Without a day it is the row's own limit from today, without an owner it is the officer
    in charge's, and goes with the case. With an `identity` it is given once. `subject` is what
    it is about, if that has an id of its own.
    """

    task: str
    words: str = ""
    due: tuple[date, Working] | None = None
    owner: Officer | None = None
    identity: str = ""
    subject: str = ""


def task_parts(deps: Deps, case: Case, victim: Victim, given: TaskGiven) -> list[Part]:
    """Return the writes of what somebody is to do for a victim."""
    return promises.make(deps, task_of(deps, case, victim, given))


def task_of(deps: Deps, case: Case, victim: Victim, given: TaskGiven) -> Promise:
    """Return the open promise of a task."""
    row = deps.rules.tasks[given.task]
    identity, owner = given.identity or deps.new_id(), given.owner or case.officer
    promise = promise_of(
        kind=TASK,
        identity=identity,
        case=case,
        victim=victim.key,
        subject=given.subject or identity,
        owed=row.says,
        made_at=deps.now(),
        due=given.due or task_due(deps, given.task),
        rules=deps.rules,
        event=row.key,
    )
    return replace(
        promise,
        owner=owner.id,
        owner_name=owner.name,
        team=owner.team,
        made_team=owner.team,
        task=given.words,
        stays=owner.id != case.officer.id,
    )


def given_back(deps: Deps, promise: Promise, officer: Officer, *, why: str, by: str) -> list[Part]:
    """Return the writes that give what a partner was to do to the officer in charge.

    What only a partner does is over with it: nobody else could do it.
    """
    row = deps.rules.tasks.get(promise.event) if promise.kind == TASK else None
    if row is not None and row.partner_only:
        return promises.cancel(deps, promise, why)
    to = (officer.id, officer.name, officer.team)
    return promises.move(deps, promise, to, why=why, by=by, follows=True)


def task_due(deps: Deps, task: str) -> tuple[date, Working]:
    """Return by when a task is done if nobody chose a day, counted from today.

    Source:
        Our standard, rules/tasks.toml.
    """
    days, today = deps.rules.tasks[task].working_days, deps.today()
    working = Working(f"task.{task}", today, days, OUR_STANDARD)
    if days == 0:
        return today, working
    return add_working_days(today, days, deps.calendar), working
