"""A minimum expectation of police and ISVAs was kept, or it does not apply to this victim.

Staff record it of any line of a case that exists for them; an ISVA of those of their own
service, while the victim agrees to it.
"""

from collections.abc import Callable
from datetime import date

from chalicelib.domain.agreements import Agreement
from chalicelib.domain.cases import Case, CaseKey, VictimKey, shown_to
from chalicelib.domain.dates import in_london
from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.domain.expectations import STOPPING
from chalicelib.domain.promises import LINE, Promise
from chalicelib.domain.staff import StaffSession
from chalicelib.frozen import frozen
from chalicelib.services import promises
from chalicelib.services.change_case import Change, change_case
from chalicelib.services.deps import Deps
from chalicelib.services.expect import stopping_parts
from chalicelib.services.hidden_news import as_before, hidden_of
from chalicelib.services.ports import ConflictError, Part, VictimFile
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import find_case, need_role, write_as
from chalicelib.services.support import (
    is_of_court,
    knows_of_charge,
    may_be_seen,
    need_agreement,
)

TRIES = 6
WHAT = "recorded a minimum expectation"
OPENED = "opened a minimum expectation"


@frozen
class LineDone:
    """What became of a line: on which day and how it was kept, or why it is not owed."""

    on: date
    how: str = ""
    why_not: str = ""


def open_line(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, promise_id: str
) -> tuple[Case, VictimFile, Promise]:
    """Return a case and a line that is or was owed to a victim of it, after the audit line.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: not for this person, or no such line of such a victim.
    """
    need_role(deps, session, "answers")
    case = find_case(deps, session, key)
    file = deps.threads.read(victim_of(case, victim).key)
    promise = _line(file, key, promise_id)
    write_as(deps, session, OPENED, about=key)
    return case, file, promise


def keep_line(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    promise_id: str,
    *,
    done: LineDone,
) -> None:
    """Store what became of a line.

    Raises:
        NotAllowedError, NotFoundError: as `open_line`.
        StaleError: somebody else kept or cancelled it; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    need_role(deps, session, "answers")

    def find() -> Promise:
        case = find_case(deps, session, key)
        return _line(deps.threads.read(victim_of(case, victim).key), key, promise_id)

    _keep(deps, session, key, find, done)


def open_own_line(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, promise_id: str
) -> Promise:
    """Return a line that this person's service owes or owed to a victim, after the audit line.

    Raises:
        NotAllowedError: the role is not that of a partner agency.
        NotFoundError: it is none of theirs, the victim does not agree, or a person has not
            told the victim yet of what it would tell: one answer for all.
    """
    promise = _own_line(deps, session, key, victim, promise_id)
    write_as(deps, session, OPENED, about=key)
    return promise


def keep_own_line(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    promise_id: str,
    *,
    done: LineDone,
) -> None:
    """Store what became of a line of this person's own service.

    Raises:
        NotAllowedError, NotFoundError: as `open_own_line`.
        StaleError: somebody else kept or cancelled it; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """

    def find() -> Promise:
        return _own_line(deps, session, key, victim, promise_id)

    _keep(deps, session, key, find, done)


def begin_stopping(deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey) -> None:
    """Note that a victim thinks of stopping: somebody says what they can choose, once.

    Raises:
        NotAllowedError: the role may not, or the minimum expectations do not hold here.
        NotFoundError: the case does not exist for this person, or the victim not in it.
    """
    need_role(deps, session, "answers")
    change = Change(
        "noted that a victim thinks of stopping",
        is_done=lambda case: _is_stopping(deps, case, victim),
        parts_of=lambda case: _stopping_parts(deps, case, victim),
    )
    change_case(deps, session, key, change)


def _is_stopping(deps: Deps, case: Case, victim: VictimKey) -> bool:
    file = deps.threads.read(victim_of(case, victim).key)
    return any(promise.line == STOPPING and promise.is_open for promise in file.owed)


def _stopping_parts(deps: Deps, case: Case, victim: VictimKey) -> list[Part]:
    """Return the writes; of who asked to hear nothing more and has no ISVA nobody owes it."""
    whose = victim_of(case, victim)
    parts = stopping_parts(deps, case, whose, deps.threads.read(victim))
    if not parts:
        raise NotAllowedError
    return parts


def _own_line(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, promise_id: str
) -> Promise:
    partner, agreement = need_agreement(deps, session, key, victim)
    file = deps.threads.read(victim)
    promise = _line(file, key, promise_id)
    if promise.team != partner.team or promise.line not in deps.rules.expectations:
        raise NotFoundError
    if is_of_court(promise, deps.rules) and not _may_see(deps, promise, agreement, file):
        raise NotFoundError
    return promise


def _may_see(deps: Deps, promise: Promise, agreement: Agreement, file: VictimFile) -> bool:
    """Return whether a line tells of no more than the partner's page of that person."""
    rules, case = deps.rules, deps.cases.read(agreement.case_key)
    if case is None:
        return False
    shown = shown_to(agreement.victim, case, rules)
    knows = knows_of_charge(shown, rules)
    if not may_be_seen(promise, agreement, deps.today(), rules, knows=knows):
        return False
    return bool(as_before([promise], hidden_of(case, shown.entry, file.measures), rules))


def _line(file: VictimFile, key: CaseKey, promise_id: str) -> Promise:
    found = next((p for p in file.owed if p.id == promise_id and p.kind == LINE), None)
    if found is None or found.case_key != key:
        raise NotFoundError
    return found


def _keep(
    deps: Deps, session: StaffSession, key: CaseKey, find: Callable[[], Promise], done: LineDone
) -> None:
    for _ in range(TRIES):
        promise = find()
        if _is_so(promise, done):
            return write_as(deps, session, WHAT, about=key)
        if not promise.is_open:
            raise StaleError
        try:
            return write_as(deps, session, WHAT, *_parts(deps, promise, done), about=key)
        except ConflictError:
            continue
        except StoreUnavailableError:
            # The answer may have been lost after the write: read once and tell the truth.
            if not _is_so(find(), done):
                raise
            return None
    raise StoreUnavailableError


def _parts(deps: Deps, promise: Promise, done: LineDone) -> list[Part]:
    if done.why_not:
        return promises.cancel(deps, promise, done.why_not)
    return promises.keep(deps, promise, promises.kept_on(deps, done.on), done.how)


def _is_so(promise: Promise, done: LineDone) -> bool:
    if done.why_not:
        return promise.cancelled_why == done.why_not
    is_same_day = promise.kept_at is not None and in_london(promise.kept_at).date() == done.on
    return is_same_day and promise.kept_how == done.how
