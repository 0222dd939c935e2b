"""Staff: a task is done, or no longer needed."""

from datetime import date

from chalicelib.domain.applying import APPLY_RULES
from chalicelib.domain.cases import Case, CaseKey, VictimKey
from chalicelib.domain.contact import CONFIRM
from chalicelib.domain.dates import in_london
from chalicelib.domain.errors import NotAllowedError, NotFoundError, StaleError
from chalicelib.domain.promises import TASK, Promise
from chalicelib.domain.reviews import Court
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import FIRST_TRY
from chalicelib.frozen import frozen
from chalicelib.services import promises
from chalicelib.services.before_court import change_before_court
from chalicelib.services.deps import Deps
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import need_role, open_case_page

DONE = "done"


@frozen
class TaskDone:
    """On which day a task was done, and what was done, in words for staff."""

    on: date
    note: str


def open_task(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, promise_id: str
) -> tuple[Case, VictimFile, Promise]:
    """Return a case and a task for a victim of it, for the form that records it.

    Raises:
        NotAllowedError: this role has no part in reviews.
        NotFoundError: not for this person, or no such task for such a victim.
    """
    need_role(deps, session, "reviews")
    case = open_case_page(deps, session, key, "opened the form of a task")
    file = deps.threads.read(victim_of(case, victim).key)
    return case, file, _task(case, file, promise_id)


def is_kept_by_measures(promise: Promise) -> bool:
    """Return whether a task is done when nothing is left to apply for, and by no form."""
    return promise.working.rule in APPLY_RULES


def is_kept_by_asking(promise: Promise) -> bool:
    """Return whether a task is done when safe contact is confirmed again, and by no form."""
    return promise.event == CONFIRM


def given_on(promise: Promise) -> date:
    """Return the day on which a task was given: the first on which it can have been done."""
    return in_london(promise.made_at).date()


def may_drop(deps: Deps, session: StaffSession, promise: Promise) -> bool:
    """Return whether this person may say that a task is no longer needed."""
    return session.member.id == promise.owner or deps.rules.roles[session.role].team_list


def do_task(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    done: TaskDone,
    *,
    promise_id: str,
) -> None:
    """Keep a task. Whoever the case exists for may record it, also for who owes it.

    Raises:
        NotAllowedError: this role has no part in reviews, the day cannot be right, or it is
            kept in another way.
        NotFoundError: not for this person, or no such task for such a victim.
        StaleError: somebody else kept or cancelled it meanwhile.
    """

    def parts(case: Case, _: Court, file: VictimFile) -> list[Part] | None:
        promise = _task(case, file, promise_id)
        if _is_done(promise, done):
            return None
        if not promise.is_open:
            raise StaleError
        is_right_day = given_on(promise) <= done.on <= deps.today()
        is_kept_elsewhere = is_kept_by_measures(promise) or is_kept_by_asking(promise)
        if is_kept_elsewhere or not is_right_day:
            raise NotAllowedError
        at = max(promises.kept_on(deps, done.on), promise.made_at)
        return promises.keep(deps, promise, at, DONE, note=done.note)

    change_before_court(deps, session, key, victim, "recorded a task", parts)


def drop_task(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    why: str,
    *,
    promise_id: str,
) -> None:
    """Cancel a task that is no longer needed; its owner or a supervisor may.

    Raises:
        NotAllowedError: neither its owner nor a supervisor.
        NotFoundError: not for this person, or no such task for such a victim.
        StaleError: somebody else kept or cancelled it meanwhile.
    """

    def parts(case: Case, _: Court, file: VictimFile) -> list[Part] | None:
        promise = _task(case, file, promise_id)
        if promise.cancelled_why == why:
            return None
        if not promise.is_open:
            raise StaleError
        if is_kept_by_measures(promise) or not may_drop(deps, session, promise):
            raise NotAllowedError
        return promises.cancel(deps, promise, why)

    change_before_court(deps, session, key, victim, "cancelled a task", parts)


def _task(case: Case, file: VictimFile, promise_id: str) -> Promise:
    found = next((p for p in file.owed if p.id == promise_id and p.kind == TASK), None)
    # A first try is kept by trying, on a page of its own.
    if found is None or found.case_key != case.key or found.event == FIRST_TRY:
        raise NotFoundError
    return found


def _is_done(promise: Promise, done: TaskDone) -> bool:
    if promise.kept_at is None or promise.note != done.note:
        return False
    return in_london(promise.kept_at).date() == done.on
