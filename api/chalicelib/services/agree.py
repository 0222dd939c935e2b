"""What a partner agency may see of a victim: they say so, or an officer notes what they said.

It holds, or holds no more, with the next request. Saying no is always stored, whatever
anybody else did meanwhile; saying yes is refused to who decided upon something older.
"""

from collections.abc import Callable

from chalicelib.domain.agreements import (
    BY_VICTIM,
    Agreement,
    Said,
    Terms,
    agreed,
    agreement_with,
    changed_of,
    is_agreed,
    withdrawn,
)
from chalicelib.domain.cases import Case, CaseKey, VictimKey
from chalicelib.domain.errors import HubError, NotFoundError, StaleError, StoreUnavailableError
from chalicelib.domain.promises import LINE
from chalicelib.domain.sessions import VictimSession
from chalicelib.domain.staff import StaffSession
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.isva_lines import agreed_parts, ended_parts
from chalicelib.services.ports import ConflictError, Part, VictimFile
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import find_case, need_role, write_as
from chalicelib.services.tasks import given_back
from chalicelib.services.victim_sessions import Opened, read_victim, write_admitted

TRIES = 6
NO_LONGER = "They no longer agree to this service's support."
# A transaction holds 100 writes; what is left moves in the morning.
MOST_MOVED = 60
# What an agreement becomes, or none where it is so already; StaleError if somebody was first.
Decide = Callable[[Case, VictimKey, Agreement | None], Agreement | None]


class AgreementChangedError(HubError):
    """Somebody changed this agreement while a victim chose; nothing was stored."""

    def __init__(self, opened: Opened) -> None:
        super().__init__("the agreement was changed meanwhile")
        self.opened = opened


# --- by the victim


def agree(deps: Deps, session: VictimSession, partner: str, terms: Terms, *, seen: str) -> None:
    """Store that a victim says yes to a partner's seeing this until that day.

    Args:
        deps: stores, rules and clock.
        session: the victim's.
        partner: the key of the partner's row.
        terms: what may be seen, and the last day.
        seen: what stood on the form of `Agreement.changed`, or nothing.

    Raises:
        AgreementChangedError: somebody else changed it meanwhile; nothing was stored.
        NotFoundError: there is no such partner.
        SessionEndedError: the code was cancelled meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    _change_own(deps, session, partner, _giving(deps, partner, terms, BY_VICTIM, seen=seen))


def stop_sharing(deps: Deps, session: VictimSession, partner: str) -> None:
    """Store that a partner may see nothing more; what it had to do is the officer's again.

    Raises:
        As `agree`, but nobody is ever too late to say no.
    """
    _change_own(deps, session, partner, _taking_back(deps, BY_VICTIM))


def _change_own(deps: Deps, session: VictimSession, partner: str, decide: Decide) -> None:
    for _ in range(TRIES):
        opened = read_victim(deps, session)
        case, victim, file = opened.case, session.victim, opened.file
        try:
            parts = agreement_parts(deps, case, victim, file, partner, decide, by=BY_VICTIM)
        except StaleError as error:
            write_admitted(deps, session, "saw an agreement changed meanwhile")
            raise AgreementChangedError(opened) from error
        try:
            return write_admitted(deps, session, "decided what a partner may see", *parts)
        except ConflictError:
            continue
        except StoreUnavailableError:
            if not _is_so(deps, case, victim, partner, decide):
                raise
            return None
    raise StoreUnavailableError


# --- by staff, with the victim


def note_agreement(  # noqa: PLR0913 -- whose, with whom, what, and how they said it
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    partner: str,
    terms: Terms,
    *,
    how: str,
    seen: str,
) -> None:
    """Store that a victim told somebody of the staff that they agree; `how` is in words.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: not for this person, or no such victim or partner.
        StaleError: somebody else changed it meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    decide = _giving(deps, partner, terms, session.member.name, how=how, seen=seen)
    _change_as(deps, session, key, victim, partner, decide)


def note_stop(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, partner: str, *, how: str
) -> None:
    """Store that a victim told somebody of the staff that they no longer agree.

    Raises:
        As `note_agreement`, but nobody is ever too late to say no.
    """
    decide = _taking_back(deps, session.member.name, how=how)
    _change_as(deps, session, key, victim, partner, decide)


def _change_as(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    partner: str,
    decide: Decide,
) -> None:
    need_role(deps, session, "answers")
    for _ in range(TRIES):
        # The victim's side before the case, as everywhere: see `read_victim`.
        file = deps.threads.read(victim)
        case = find_case(deps, session, key)
        victim_of(case, victim)
        by = session.member.name
        parts = agreement_parts(deps, case, victim, file, partner, decide, by=by)
        try:
            return write_as(deps, session, "noted what a partner may see", *parts, about=key)
        except ConflictError:
            continue
        except StoreUnavailableError:
            if not _is_so(deps, case, victim, partner, decide):
                raise
            return None
    raise StoreUnavailableError


# --- what is decided, and what is written


def _giving(deps: Deps, partner: str, terms: Terms, by: str, *, how: str = "", seen: str) -> Decide:
    def decide(case: Case, victim: VictimKey, before: Agreement | None) -> Agreement | None:
        if is_agreed(before, terms, deps.today()):
            return None
        if changed_of(before) != seen:
            raise StaleError
        return agreed(before, case, victim, partner, terms, Said(deps.now(), by, how))

    return decide


def _taking_back(deps: Deps, by: str, *, how: str = "") -> Decide:
    def decide(_case: Case, _victim: VictimKey, before: Agreement | None) -> Agreement | None:
        if before is None or before.withdrawn_at is not None:
            return None
        return withdrawn(before, Said(deps.now(), by, how))

    return decide


def agreement_parts(  # noqa: PLR0913 -- whose agreement with whom, and what becomes of it
    deps: Deps,
    case: Case,
    victim: VictimKey,
    file: VictimFile,
    partner: str,
    decide: Decide,
    *,
    by: str,
) -> list[Part]:
    """Return the writes of a decision, and of what goes with it; none where it stands already.

    Raises:
        NotFoundError: there is no such partner.
        StaleError: somebody else was first.
    """
    if partner not in deps.rules.partners:
        raise NotFoundError
    now = decide(case, victim, agreement_with(file.agreements, partner))
    if now is None:
        return []
    parts: list[Part] = [deps.threads.keep_agreement(now)]
    if now.withdrawn_at is not None:
        return parts + _back_parts(deps, case, victim, file, partner, by=by)
    return parts + agreed_parts(deps, case, victim_of(case, victim), file, now, by=by)


def _back_parts(
    deps: Deps, case: Case, victim: VictimKey, file: VictimFile, partner: str, *, by: str
) -> list[Part]:
    """Return the writes that give what a partner had to do to the officer in charge, if it can be.

    Minimum expectations have their own rule: not each of them can be done by somebody else.
    """
    team = deps.rules.partners[partner].team
    open_here = [each for each in file.owed if each.is_open and each.team == team]
    theirs = [each for each in open_here if each.kind != LINE][:MOST_MOVED]
    lines = ended_parts(deps, case, victim_of(case, victim), file, partner, by)
    if not theirs and not lines:
        return []
    # With the door: who hands the case over at this very moment moves it as well, and then
    # this is decided anew for the officer who has it now.
    parts = [*promises.move_door(deps, victim, file.door, file.door), *lines]
    for promise in theirs:
        parts += given_back(deps, promise, case.officer, why=NO_LONGER, by=by)
    return parts


def _is_so(deps: Deps, case: Case, victim: VictimKey, partner: str, decide: Decide) -> bool:
    """Return whether what was to be written stands: the store's answer alone may be lost."""
    there = agreement_with(deps.threads.read(victim).agreements, partner)
    try:
        return decide(case, victim, there) is None
    except StaleError:
        return False
