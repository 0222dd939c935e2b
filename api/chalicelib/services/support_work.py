"""Partner agency: what its people write for the review, and what they are to do for somebody.

Every write holds only while the victim agrees: it carries the agreement as it was read, so
that one taken back a moment before lets nothing through.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from chalicelib.domain.agreements import Agreement, View
from chalicelib.domain.cases import Case, CaseKey, Officer, VictimKey
from chalicelib.domain.dates import iso
from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.domain.promises import TASK, Promise
from chalicelib.domain.staff import StaffSession
from chalicelib.frozen import frozen
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.give_task import due_of, known_hearing
from chalicelib.services.ports import ConflictError, Part
from chalicelib.services.staff_case import stored_id, victim_of
from chalicelib.services.staff_sessions import write_as
from chalicelib.services.support import need_agreement
from chalicelib.services.tasks import TaskGiven, task_of

TRIES = 6
DONE = "done"


@frozen
class OwnTask:
    """What somebody takes on: the key of its row, what exactly, and the day if they chose one.

    Without a day it is the row's own limit, or the day of court where that comes before it.
    """

    task: str
    words: str = ""
    due_on: date | None = None


def view_seen(agreement: Agreement) -> str:
    """Return what a form carries to know whether somebody wrote a view since it was shown."""
    return iso(agreement.view.at) if agreement.view else ""


def keep_view(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, text: str, *, seen: str
) -> None:
    """Store what this person's agency says for the review, in place of what it said before.

    Raises:
        NotAllowedError, NotFoundError: as `need_agreement`.
        StaleError: a colleague wrote meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """

    def parts_of(agreement: Agreement) -> list[Part] | None:
        if agreement.view is not None and agreement.view.text == text:
            return None
        if view_seen(agreement) != seen:
            raise StaleError
        view = View(text, deps.now(), session.member.name)
        return [deps.threads.keep_agreement(replace(agreement, view=view))]

    _write(deps, session, key, victim, "wrote a partner's view", parts_of)


def take_on(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    own: OwnTask,
    form_key: str,
) -> None:
    """Store that this person does something for a victim by a day; sent twice, it is one.

    Raises:
        NotAllowedError, NotFoundError: as `need_agreement`, or there is no such task.
        AfterCourtError: the day is after court, as far as they know of it.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    row = deps.rules.tasks.get(own.task)
    if row is None or row.police_only:
        raise NotFoundError
    if own.due_on is not None and own.due_on < deps.today():
        raise NotAllowedError
    identity = stored_id(form_key, own.task, own.words, own.due_on)

    def parts_of(agreement: Agreement) -> list[Part] | None:
        if any(each.id == identity for each in deps.threads.read(victim).owed):
            return None
        promise = _promise_of(deps, session, agreement, own, identity)
        # With the agreement, which nobody took back meanwhile.
        return [deps.threads.keep_agreement(agreement), *promises.make(deps, promise)]

    _write(deps, session, key, victim, "took on a task", parts_of)


def mark_done(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, promise_id: str
) -> None:
    """Keep what this person's agency was to do; what was done already is left as it is.

    Raises:
        NotAllowedError, NotFoundError: as `need_agreement`, or it is none of theirs.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    team = session.member.team

    def parts_of(_: Agreement) -> list[Part] | None:
        owed = deps.threads.read(victim).owed
        promise = next((p for p in owed if p.id == promise_id and p.team == team), None)
        # A minimum expectation is recorded with its day and way (`keep_line.py`).
        if promise is None or promise.kind != TASK:
            raise NotFoundError
        return promises.keep(deps, promise, deps.now(), DONE) if promise.is_open else None

    _write(deps, session, key, victim, "did a task", parts_of)


def _promise_of(
    deps: Deps,
    session: StaffSession,
    agreement: Agreement,
    own: OwnTask,
    identity: str,
) -> Promise:
    case, me = _case(deps, agreement.case_key), session.member
    owner = Officer(me.id, me.name, me.number, me.team)
    due = due_of(deps, known_hearing(deps, case, agreement), own.task, own.due_on)
    given = TaskGiven(own.task, own.words, due, owner, identity)
    return task_of(deps, case, victim_of(case, agreement.victim), given)


def _case(deps: Deps, key: CaseKey) -> Case:
    case = deps.cases.read(key)
    if case is None:
        raise NotFoundError
    return case


def _write(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    what: str,
    parts_of: Callable[[Agreement], list[Part] | None],
) -> None:
    """Write what an agreement in force allows; where it is so already, only that they pressed."""
    for _ in range(TRIES):
        _, agreement = need_agreement(deps, session, key, victim)
        parts = parts_of(agreement)
        try:
            return write_as(deps, session, what, *(parts or ()), about=key)
        except ConflictError:
            continue
        except StoreUnavailableError:
            # The answer may have been lost after the write: read once and tell the truth.
            if parts is None or not _is_so(deps, session, key, victim, parts_of):
                raise
            return None
    raise StoreUnavailableError


def _is_so(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    parts_of: Callable[[Agreement], list[Part] | None],
) -> bool:
    try:
        return parts_of(need_agreement(deps, session, key, victim)[1]) is None
    except StaleError:
        return False
