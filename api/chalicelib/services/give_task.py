"""Staff: in the review before court somebody is given something to do by a day."""

from datetime import date

from chalicelib.domain.agreements import DATES, Agreement, agreement_with
from chalicelib.domain.cases import Case, CaseKey, Officer, OfficerId, VictimKey, shown_to
from chalicelib.domain.errors import NotAllowedError
from chalicelib.domain.promises import CHOSEN, CHOSEN_DAY, Working
from chalicelib.domain.reviews import Court
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.task_people import people_for_tasks, why_not
from chalicelib.frozen import frozen
from chalicelib.services import promises
from chalicelib.services.before_court import change_before_court
from chalicelib.services.deps import Deps
from chalicelib.services.notices import given_word
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.staff_case import stored_id, victim_of
from chalicelib.services.tasks import TaskGiven, task_due, task_parts


class AfterCourtError(NotAllowedError):
    """The day by which something is to be done before court is after court."""


@frozen
class TaskWanted:
    """What somebody is to do: its row, in words for staff, by whom, and by when.

    Without a day it is the row's own limit, or the day of court where that comes before it
    and the owner may know it.
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
        owner = _owner(deps, case, file, wanted)
        hearing = _hearing_for(deps, case, court, file, owner)
        given = TaskGiven(
            wanted.task,
            wanted.words,
            due=due_of(deps, hearing, wanted.task, wanted.due_on),
            owner=owner,
            identity=made,
        )
        return [
            # The door as it was read: the same form from a second tab is decided anew.
            *promises.move_door(deps, victim, file.door, file.door),
            *task_parts(deps, case, victim_of(case, victim), given),
            *given_word(deps, session, owner.id),
        ]

    change_before_court(deps, session, key, victim, f"gave a task: {row.key}", parts)


def last_day_for(deps: Deps, hearing: date | None) -> date | None:
    """Return the last day by which something is done before court, or none without a date."""
    return hearing if hearing is not None and hearing >= deps.today() else None


def due_of(
    deps: Deps, hearing: date | None, task: str, due_on: date | None
) -> tuple[date, Working]:
    """Return by when a task is done, and how that day came about.

    Raises:
        NotAllowedError: the day is over.
        AfterCourtError: it is after court.
    """
    # What only a partner does has nothing to do with court.
    is_for_court = not deps.rules.tasks[task].partner_only
    today, last = deps.today(), last_day_for(deps, hearing) if is_for_court else None
    due, working = task_due(deps, task)
    chosen = due_on or (last if last and due > last else None)
    if chosen is None:
        return due, working
    if chosen < today:
        raise NotAllowedError
    if last is not None and chosen > last:
        raise AfterCourtError
    return chosen, Working(CHOSEN, today, 0, CHOSEN_DAY)


def known_hearing(deps: Deps, case: Case, agreement: Agreement) -> date | None:
    """Return the day at court that a victim was told of, if they agreed that a partner sees it."""
    if not agreement.covers(DATES, deps.today()):
        return None
    return shown_to(agreement.victim, case, deps.rules).next_hearing_on


def _hearing_for(
    deps: Deps, case: Case, court: Court, file: VictimFile, owner: Officer
) -> date | None:
    """Return the court date as the owner may know it: a partner reads by when it is due."""
    rows = deps.rules.partners.values()
    partner = next((row for row in rows if row.team == owner.team), None)
    if partner is None:
        return court.on
    agreement = agreement_with(file.agreements, partner.key)
    return known_hearing(deps, case, agreement) if agreement else None


def _owner(deps: Deps, case: Case, file: VictimFile, wanted: TaskWanted) -> Officer:
    force, identity = deps.cases.read_force(), wanted.owner
    groups = people_for_tasks(case, force, file.agreements, deps.today(), deps.rules)
    people = {person.id: person for _, group in groups for person in group}
    row, today = deps.rules.tasks[wanted.task], deps.today()
    refused = why_not(row, identity, force, file.agreements, today, deps.rules)
    if identity not in people or refused:
        raise NotAllowedError
    return people[identity]
