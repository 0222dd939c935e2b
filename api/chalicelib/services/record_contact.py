"""Staff: how and when a person told a victim what was owed, which keeps the promise of it."""

from datetime import date

from chalicelib.domain.cases import Case, CaseKey, Told, VictimKey
from chalicelib.domain.dates import in_london
from chalicelib.domain.errors import NotAllowedError, NotFoundError, StaleError
from chalicelib.domain.promises import TELL, UPDATE, WELCOME, Promise
from chalicelib.domain.staff import StaffSession
from chalicelib.services import promises
from chalicelib.services.change_case import Change, change_case
from chalicelib.services.choose_rhythm import rhythm_parts
from chalicelib.services.deps import Deps
from chalicelib.services.expect import plan_parts
from chalicelib.services.follow import informed_parts, next_update_parts, open_of
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import need_role, open_case_page
from chalicelib.services.tell import told_event_parts


def open_contact(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, promise_id: str
) -> tuple[Case, VictimFile, Promise]:
    """Return a case and what is owed to a victim of it, for the form that records a contact.

    Raises:
        NotFoundError: not for this person, or no such promise of such a victim.
    """
    case = open_case_page(deps, session, key, "opened the contact form")
    file = deps.threads.read(victim_of(case, victim).key)
    return case, file, _promise(case, file, promise_id)


def record_contact(  # noqa: PLR0913 -- to whom, of what, how, and what was agreed
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    told: Told,
    *,
    promise_id: str,
    rhythm: str = "",
) -> None:
    """Keep a promise by a contact; with a first contact perhaps a rhythm was agreed.

    News that decides the case, or that is hard to hear, has its own form (`record_telling`).

    Raises:
        NotAllowedError: the role may not, or this promise is kept in another way.
        NotFoundError: not for this person, or no such promise of such a victim.
        StaleError: somebody else kept or cancelled it meanwhile.
    """
    need_role(deps, session, "answers")
    change = Change(
        "recorded a contact",
        is_done=lambda case: _is_done(deps, case, victim, promise_id, told, rhythm),
        parts_of=lambda case: _parts(deps, session, case, victim, told, promise_id, rhythm),
    )
    change_case(deps, session, key, change)


def starts_on(case: Case, promise: Promise) -> date:
    """Return the first day on which a contact can have kept a promise."""
    event = next((e for e in case.events if e.id == promise.subject), None)
    return event.happened_on if event else promise.working.counted_from


def _is_done(
    deps: Deps, case: Case, victim: VictimKey, promise_id: str, told: Told, rhythm: str
) -> bool:
    """Return whether this very contact is stored, and not another one of the same promise."""
    file = deps.threads.read(victim_of(case, victim).key)
    promise = next((p for p in file.owed if p.id == promise_id), None)
    if promise is None or promise.kept_at is None or promise.kept_how != told.how:
        return False
    same_day = in_london(promise.kept_at).date() == told.on
    return same_day and rhythm in {"", file.door.rhythm}


def _parts(  # noqa: PLR0913, PLR0917 -- as record_contact
    deps: Deps,
    session: StaffSession,
    case: Case,
    victim: VictimKey,
    told: Told,
    promise_id: str,
    rhythm: str,
) -> list[Part]:
    file = deps.threads.read(victim_of(case, victim).key)
    promise = _promise(case, file, promise_id)
    if not promise.is_open:
        raise StaleError
    if not is_kept_by_contact(case, promise):
        raise NotAllowedError
    at = promises.kept_on(deps, told.on)
    if promise.kind == WELCOME:
        parts = promises.keep(deps, promise, at, told.how)
        parts += plan_parts(deps, case, victim_of(case, victim), file, told.on)
        if rhythm and rhythm != file.door.rhythm:
            by = session.member.name
            return parts + rhythm_parts(deps, case, victim, file, rhythm, by=by)
        # Where nothing is agreed, a victim of a sexual offence still hears from time to time.
        if not file.door.rhythm and not open_of(file, UPDATE):
            parts += next_update_parts(deps, case, victim, file.door, last_on=told.on)
        return parts
    if promise.kind == TELL:
        return told_event_parts(deps, case, victim_of(case, victim), file, promise, told)
    return informed_parts(deps, case, victim, file, told.how, at=at)


def is_kept_by_contact(case: Case, promise: Promise) -> bool:
    """Return whether this form keeps a promise: not news of the ladder, which has its own form."""
    if promise.kind in {UPDATE, WELCOME}:
        return True
    return promise.kind == TELL and any(event.id == promise.subject for event in case.events)


def _promise(case: Case, file: VictimFile, promise_id: str) -> Promise:
    found = next((p for p in file.owed if p.id == promise_id), None)
    if found is None or found.case_key != case.key:
        raise NotFoundError
    return found
