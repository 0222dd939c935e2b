"""Every victim's page begins here: whose browser is it, may it still look, note that it did."""

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

from chalicelib.domain.cases import Case, CaseShown, shown_to
from chalicelib.domain.errors import NotFoundError, SessionEndedError, StoreUnavailableError
from chalicelib.domain.sessions import VictimSession
from chalicelib.domain.staff import NOBODY, Away, AwayNote
from chalicelib.frozen import frozen
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ConflictError, Part, VictimFile


@frozen
class Opened:
    """A case as one victim may see it, with what passed between them and the police.

    `away` says until when the officer is away and who answers, on pages that asked for it.
    """

    session: VictimSession
    case: Case
    shown: CaseShown
    file: VictimFile
    away: Away | None = None


def session_key(token: str) -> str:
    """Return the key of a session: the hash of the token, which alone is in the cookie (D6)."""
    return sha256(token.encode()).hexdigest()


def find_session(deps: Deps, token: str) -> VictimSession:
    """Return the open session of a browser by one read.

    Raises:
        SessionEndedError: there is none, or its time is over.
    """
    return _still_open(deps, deps.access.session(session_key(token)))


def _still_open(deps: Deps, session: VictimSession | None) -> VictimSession:
    if session is None or not session.is_open(deps.now(), deps.rules):
        raise SessionEndedError
    return session


def admission(deps: Deps, session: VictimSession, what: str) -> list[Part]:
    """Return what every visit writes: code still active, session used, audit line.

    These belong into the first transaction of a request, before anything is shown:
    where the line cannot be written, nothing is shown (fail closed).
    """
    now = deps.now()
    return [
        deps.access.code_is_active(session.code_key),
        deps.access.touch_session(session, now),
        deps.audited(session.case, f"victim {session.victim}", what),
    ]


def write_admitted(deps: Deps, session: VictimSession, what: str, *parts: Part) -> None:
    """Write parts together with the admission of the visit.

    Raises:
        SessionEndedError: the code was cancelled or the session ended meanwhile.
        ConflictError: one of the parts failed.
    """
    try:
        deps.ledger.write([*admission(deps, session, what), *parts])
    except ConflictError as error:
        if error.failed & {"code", "session"}:
            raise SessionEndedError from error
        raise


def _look(deps: Deps, session: VictimSession, what: str) -> None:
    """Admit a visit that shows a page, and note it as the last one.

    Only that counts as having looked: a form, or staying signed in, shows nothing new.
    """
    write_admitted(deps, session, what, deps.threads.visited(session.victim, deps.now()))


def read_victim(deps: Deps, session: VictimSession, *, before: int | None = None) -> Opened:
    """Return what this session's victim may read, by two queries; admit the visit first."""
    # The door before the case: what then changes the case moves the door as well, so that
    # a question decided upon an older case never passes.
    file = deps.threads.read(session.victim, before=before)
    case = deps.cases.read(session.case)
    if case is None or case.victim(session.victim) is None:
        raise NotFoundError
    return Opened(
        session=session,
        case=case,
        shown=shown_to(session.victim, case, deps.rules),
        file=file,
    )


def open_page(deps: Deps, token: str, what: str, *, before: int | None = None) -> Opened:
    """Return what a page shows, in four requests: session, admission, case, threads.

    Raises:
        SessionEndedError: nobody is signed in in this browser any more.
    """
    session = find_session(deps, token)
    _look(deps, session, what)
    return read_victim(deps, session, before=before)


def open_officer_page(deps: Deps, token: str, what: str) -> Opened:
    """Return what a page shows that says whether the officer is away, in four requests as well.

    Raises:
        SessionEndedError: nobody is signed in in this browser any more.
    """
    found, note = deps.access.session_and_away(session_key(token))
    session = _still_open(deps, found)
    _look(deps, session, what)
    opened = read_victim(deps, session)
    return replace(opened, away=_away_in(opened.case, note, deps.today()))


def _away_in(case: Case, note: AwayNote, day: date) -> Away | None:
    """Return how the officer in charge is away; who cannot open a case does not answer in it."""
    away = note.of(case.officer.id, day)
    if away is not None and case.restricted and away.cover not in case.named:
        return replace(away, cover=NOBODY, name="")
    return away


def seconds_left(deps: Deps, session: VictimSession) -> int:
    """Return the seconds until the session ends if nothing more is asked."""
    used_now = replace(session, seen_at=deps.now())
    return int((used_now.ends_at(deps.rules) - deps.now()) / timedelta(seconds=1))


def stay(deps: Deps, token: str) -> int:
    """Prolong the session as any page would, and return the seconds until it ends.

    Raises:
        SessionEndedError: it is over already.
    """
    session = find_session(deps, token)
    write_admitted(deps, session, "stayed signed in")
    return seconds_left(deps, session)


def leave(deps: Deps, token: str) -> bool:
    """End the session and return whether that is certain; fine when there is none.

    Leaving never fails for a person (fail open): when the store does not answer, the
    browser forgets its token all the same and the session ends by itself.
    """
    try:
        deps.access.end_session(session_key(token))
    except StoreUnavailableError:
        return False
    return True
