"""Staff: one case with everything that passed with each of its victims."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from hashlib import sha256

from chalicelib.domain.cases import Case, CaseKey, OfficerId, Victim, VictimKey
from chalicelib.domain.errors import FreshSignInNeededError, NotFoundError
from chalicelib.domain.messages import Thread
from chalicelib.domain.promises import REPLY, Promise
from chalicelib.domain.staff import StaffSession
from chalicelib.frozen import frozen
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ConflictError, VictimFile
from chalicelib.services.read_needs import needs_seen_parts
from chalicelib.services.staff_sessions import find_case, open_case_page, write_as

STORED_ID_LETTERS = 24
# A transaction holds 100 writes; what is left unseen now is seen with the next look.
MOST_SEEN_AT_ONCE = 90


@frozen
class StaffCase:
    """A case and, for each victim, what passed between them and the police."""

    case: Case
    files: Mapping[VictimKey, VictimFile]

    def open_threads(self) -> tuple[tuple[Victim, Thread], ...]:
        """Return the questions that wait for an answer, the one that is due first in front."""
        waiting = [
            (victim, thread)
            for victim in self.case.victims
            for thread in self.files[victim.key].threads
            if thread.promise.is_open
        ]
        return tuple(sorted(waiting, key=lambda pair: _due_order(pair[1].promise)))

    def open_promises(self) -> tuple[tuple[Victim, Promise], ...]:
        """Return what is owed to whom, the soonest first."""
        owed = [
            (victim, promise)
            for victim in self.case.victims
            for promise in promises_of(self.files[victim.key])
            if promise.is_open
        ]
        return tuple(sorted(owed, key=lambda pair: _due_order(pair[1])))


def _due_order(promise: Promise) -> tuple[object, ...]:
    return (promise.due_on, promise.made_at, promise.id)


def promises_of(file: VictimFile) -> tuple[Promise, ...]:
    """Return what is owed to a victim, open or kept, as far as these threads reach."""
    return (*file.owed, *(thread.promise for thread in file.threads))


def read_files(deps: Deps, case: Case) -> Mapping[VictimKey, VictimFile]:
    """Return what passed with each victim, by one query each."""
    return {victim.key: deps.threads.read(victim.key) for victim in case.victims}


def open_staff_case(deps: Deps, session: StaffSession, key: CaseKey) -> StaffCase:
    """Return a case for its page; who opens it has read the needs, its owner the questions.

    The reads are one query for the case and one a victim; session, audit line and
    what was seen are one transaction, before anything is shown.

    Raises:
        NotFoundError: the case does not exist for this person.
    """
    case = find_case(deps, session, key)
    opened = StaffCase(case, read_files(deps, case))
    read = needs_seen_parts(deps, session, case, opened.files)[:MOST_SEEN_AT_ONCE]
    unseen = _unseen_by(session.member.id, opened)[: MOST_SEEN_AT_ONCE - len(read)]
    seen = [deps.threads.see_promise(promise, deps.now()) for promise in unseen]
    try:
        write_as(deps, session, "opened case", *read, *seen, about=key)
    except ConflictError:
        # Another tab noted it first, or the question was answered: nothing is left to note.
        write_as(deps, session, "opened case", *read, about=key)
    return opened


def _unseen_by(officer: OfficerId, opened: StaffCase) -> list[Promise]:
    return [
        promise
        for _, promise in opened.open_promises()
        if promise.kind == REPLY
        and promise.seen_at is None
        and officer in (promise.owner, opened.case.officer.id)
    ]


def open_older_threads(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, before: int
) -> tuple[Case, VictimFile]:
    """Return the case and one victim's threads before a number.

    Raises:
        NotFoundError: the case does not exist for this person, or the victim not in it.
    """
    case = open_case_page(deps, session, key, "opened older questions")
    return case, deps.threads.read(victim_of(case, victim).key, before=before)


def victim_of(case: Case, key: VictimKey) -> Victim:
    """Return the victim of this case with this key.

    Raises:
        NotFoundError: there is none; a victim of another case is none.
    """
    victim = case.victim(key)
    if victim is None:
        raise NotFoundError
    return victim


def stored_id(form_key: str, *said: object) -> str:
    """Return the id of what a form makes, so that a form sent twice makes one thing.

    `said` is what the form says: sent again with other words, from a page that the browser
    kept, it is not taken for the first.
    """
    whole = "\0".join([form_key, *map(str, said)])
    return sha256(whole.encode("utf-8", "backslashreplace")).hexdigest()[:STORED_ID_LETTERS]


def need_recent(deps: Deps, session: StaffSession) -> None:
    """Let a form pass that was opened behind a fresh sign-in (D6).

    Freshness is asked before the form opens. Whoever then took a while to write may
    still send it: no form outlives the session's idle time, so this is how long it waits.

    Raises:
        FreshSignInNeededError: the form cannot have been opened in time.
    """
    limits = deps.rules.limits
    minutes = timedelta(minutes=limits.staff_fresh_minutes + limits.staff_idle_minutes)
    if session.fresh_at is None or deps.now() >= session.fresh_at + minutes:
        raise FreshSignInNeededError


def open_promises_of(deps: Deps, victim: VictimKey) -> Iterator[Promise]:
    """Return everything that is still owed to a victim, however old, page by page."""
    file = deps.threads.read(victim)
    yield from (promise for promise in promises_of(file) if promise.is_open)
    while file.has_older:
        file = deps.threads.read(victim, before=file.threads[-1].number)
        yield from (promise for promise in promises_of(file) if promise.is_open)
