"""Staff: in the review before court somebody is given something to do by a day."""

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.cases import Case, CaseKey, Officer, OfficerId, VictimKey
from chalicelib.domain.errors import NotAllowedError
from chalicelib.domain.promises import CHOSEN, CHOSEN_DAY, Working
from chalicelib.domain.reviews import Court
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.task_people import may_do, people_for_tasks
from chalicelib.services import promises
from chalicelib.services.before_court import change_before_court
from chalicelib.services.deps import Deps
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.staff_case import stored_id, victim_of
from chalicelib.services.tasks import TaskGiven, task_due, task_parts


@dataclass(frozen=True, slots=True)
class TaskWanted:
    """What somebody is to do: its row, in words for staff, by whom, and by when.

    Without a day it is the row's own limit, or the day of court where that comes before it.
    """

    task: str
    words: str
    owner: OfficerId
    due_on: date | None = None


def give_task(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    wanted: TaskWanted,
    *,
    form_key: str,
) -> None:
    """Give a task once, however often its form is sent.

    Raises:
        NotAllowedError: this role has no part in reviews, or the task, its owner or its day
            cannot be; the form says why before it comes to that.
        NotFoundError: the case does not exist for this person, or the victim not in it.
    """
    row = deps.rules.tasks.get(wanted.task)
    if row is None or not row.on_form:
        raise NotAllowedError
    made = stored_id(form_key, victim, wanted.task, wanted.words, wanted.owner, wanted.due_on)

    def parts(case: Case, court: Court, file: VictimFile) -> list[Part] | None:
        if any(promise.id == made for promise in file.owed):
            return None
        given = TaskGiven(
            wanted.task,
            wanted.words,
            due=due_of(deps, court.on, wanted),
            owner=_owner(deps, case, file, wanted),
            identity=made,
        )
        return [
            # The door as it was read: the same form from a second tab is decided anew.
            *promises.move_door(deps, victim, file.door, file.door),
            *task_parts(deps, case, victim_of(case, victim), given),
        ]

    change_before_court(deps, session, key, victim, f"gave a task: {row.key}", parts)


def last_day_for(deps: Deps, hearing: date | None) -> date | None:
    """Return the last day by which something is done before court, or none without a date."""
    return hearing if hearing is not None and hearing >= deps.today() else None


def due_of(deps: Deps, hearing: date | None, wanted: TaskWanted) -> tuple[date, Working]:
    """Return by when a task is done, and how that day came about.

    Raises:
        NotAllowedError: the day is over, or after court.
    """
    today, last = deps.today(), last_day_for(deps, hearing)
    due, working = task_due(deps, wanted.task)
    chosen = wanted.due_on or (last if last and due > last else None)
    if chosen is None:
        return due, working
    if chosen < today or (last is not None and chosen > last):
        raise NotAllowedError
    return chosen, Working(CHOSEN, today, 0, CHOSEN_DAY)


def _owner(deps: Deps, case: Case, file: VictimFile, wanted: TaskWanted) -> Officer:
    force, identity = deps.cases.read_force(), wanted.owner
    groups = people_for_tasks(case, force, file.agreements, deps.today(), deps.rules)
    people = {person.id: person for _, group in groups for person in group}
    is_theirs = may_do(deps.rules.tasks[wanted.task], identity, force, deps.rules)
    if identity not in people or not is_theirs:
        raise NotAllowedError
    return people[identity]
