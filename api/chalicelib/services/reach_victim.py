"""Staff: somebody tried to reach a victim with news that a person tells first, and did not."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.cases import Case, CaseKey, Event, StageEntry, Victim, VictimKey
from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.domain.promises import TELL, Promise
from chalicelib.domain.reaching import Try
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import WAYS_OF_TELLING, is_same_day, untold_entries
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.services.deps import Deps
from chalicelib.services.first_try import tried_parts
from chalicelib.services.follow import open_of
from chalicelib.services.ports import ConflictError, VictimFile
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import find_case, need_role, open_case_page, write_as

TRIES = 6


@frozen
class Waiting:
    """News that a person is yet to tell a victim: an entry or an event, and its promise.

    An entry without a promise is news all the same; `same_day` if the first try is due on the
    very day.
    """

    news: StageEntry | Event
    promise: Promise | None
    same_day: bool


@frozen
class OpenedTries:
    """A case, a victim of it with what passed with them, and the news that was asked for."""

    case: Case
    victim: Victim
    file: VictimFile
    waiting: Waiting


def waiting_news(case: Case, victim: Victim, file: VictimFile, rules: Rules) -> list[Waiting]:
    """Return what a person is yet to tell a victim, oldest first; not what a page may tell."""
    promises = {promise.subject: promise for promise in open_of(file, TELL)}
    entries = untold_entries(case, victim.key, file.owed, rules)
    events = (e for e in case.events if e.id in promises and not rules.code_limits[e.key].shown)
    news: list[StageEntry | Event] = sorted((*entries, *events), key=lambda e: e.recorded_at)
    return [Waiting(each, promises.get(each.id), is_same_day(each, rules)) for each in news]


def waiting_with(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, subject: str
) -> Waiting | None:
    """Return the news with this id if it still waits to be told, or none."""
    waiting = waiting_news(case, victim, file, deps.rules)
    return next((each for each in waiting if each.news.id == subject), None)


def open_tries(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, subject: str
) -> OpenedTries:
    """Return what the page of tries shows of one piece of news.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: not for this person, or no such news of such a victim.
        StaleError: they were told meanwhile, or are not owed it any more.
    """
    need_role(deps, session, "answers")
    case = open_case_page(deps, session, key, "opened the tries to reach a victim")
    whose = victim_of(case, victim)
    known = {entry.id for entry in case.entries} | {event.id for event in case.events}
    if subject not in known:
        raise NotFoundError
    file = deps.threads.read(victim)
    waiting = waiting_with(deps, case, whose, file, subject)
    if waiting is None:
        raise StaleError
    return OpenedTries(case, whose, file, waiting)


def first_moment(waiting: Waiting) -> datetime:
    """Return the first moment of which a try can be: the minute in which it was recorded."""
    return waiting.news.recorded_at.replace(second=0, microsecond=0)


def note_try(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    subject: str,
    attempt: Try,
) -> None:
    """Note a try once, however often its form is sent; the first keeps what is owed that day.

    Raises:
        NotAllowedError: the role may not, or it cannot have been then or in this way.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        StaleError: they were told meanwhile, or are not owed it any more.
        StoreUnavailableError: others kept changing it.
    """
    need_role(deps, session, "answers")
    for _ in range(TRIES):
        case = find_case(deps, session, key)
        whose, file = victim_of(case, victim), deps.threads.read(victim)
        reaching = file.reached(subject)
        if attempt in reaching.tries:
            return
        waiting = waiting_with(deps, case, whose, file, subject)
        if waiting is None:
            raise StaleError
        _need_possible(deps, waiting, attempt)
        tries = tuple(sorted((*reaching.tries, attempt), key=lambda each: each.at))
        kept = deps.threads.keep_reaching(victim, replace(reaching, tries=tries))
        tried = tried_parts(deps, file, subject, attempt.at)
        try:
            write_as(deps, session, "noted a try to reach a victim", kept, *tried, about=key)
        except ConflictError:
            continue
        return
    raise StoreUnavailableError


def _need_possible(deps: Deps, waiting: Waiting, attempt: Try) -> None:
    """Refuse what the form refuses in words: here it can only come from a forged one."""
    is_then = first_moment(waiting) <= attempt.at <= deps.now()
    if attempt.how not in WAYS_OF_TELLING or not is_then:
        raise NotAllowedError
