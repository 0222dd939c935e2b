"""Staff: the next court date, or that there is none any more, as they heard of it from the court.

A date is news of the Victims' Code as well: whoever has not left is owed to be told of it.
"""

from dataclasses import replace
from datetime import date

from chalicelib.domain.cases import Case, CaseKey, Event, Hearing, Victim
from chalicelib.domain.errors import NotAllowedError
from chalicelib.domain.events import LISTED
from chalicelib.domain.promises import TELL, Promise
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import event_telling_of
from chalicelib.services import promises
from chalicelib.services.change_case import Change, change_case
from chalicelib.services.court_dates import court_parts
from chalicelib.services.deps import Deps
from chalicelib.services.follow import open_of
from chalicelib.services.keep_measures import BeforeChargeError
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.rounds import fitting, reach_everyone
from chalicelib.services.staff_case import stored_id
from chalicelib.services.staff_sessions import find_case, need_role

RECORDED = "recorded a court date"
OTHER_DATE = "Another date came before they were told of this one."


def record_hearing(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    hearing: Hearing,
    *,
    heard_on: date,
    seen: int,
) -> str:
    """Record the next court date once, and return the id of the event that it is.

    In one transaction: what was typed, which holds against what a file says; the Code's event;
    and for each victim their place in the list of the team, the review before court, the lines
    of the minimum expectations and the promise to tell them. Of very many victims some follow
    in further ones; running it again finishes what was cut short. No event, and no id, where
    only changed who may be needed, or nobody wants to hear of it.

    Args:
        deps: stores, rules and clock.
        session: who records it.
        key: the case.
        hearing: the date, or none any more; the court; who need not come.
        heard_on: when they heard of it from the court, from which telling is counted.
        seen: the version of the case that they decided upon.

    Raises:
        BeforeChargeError: nobody is charged in this case as it is recorded.
        NotAllowedError: the role may not, or a day cannot be right; the form says why first.
        NotFoundError: the case does not exist for this person.
        StaleError: somebody else changed the case meanwhile; nothing was stored.
        StoreUnavailableError: nothing is known to be stored, or not yet for every victim.
    """
    need_role(deps, session, "answers")
    made = stored_id(key, seen, hearing.on, hearing.court, sorted(hearing.not_needed), heard_on)
    change = Change(
        RECORDED,
        is_done=lambda case: case.hearing == hearing,
        parts_of=lambda case: _parts(deps, session, case, hearing, heard_on, made),
        seen=seen,
        hearing=hearing,
    )
    change_case(deps, session, key, change)
    # Another date that somebody else recorded meanwhile reaches everyone by itself.
    reach_everyone(
        deps,
        session,
        key,
        RECORDED,
        lambda case, victim, file: _victim_parts(deps, case, victim, file, _newest(case)),
        holds=lambda case: case.hearing == hearing,
    )
    return made if any(e.id == made for e in find_case(deps, session, key).events) else ""


def _parts(
    deps: Deps,
    session: StaffSession,
    case: Case,
    hearing: Hearing,
    heard_on: date,
    made: str,
) -> list[Part]:
    _need_recordable(deps, case, hearing, heard_on)
    after = replace(case, hearing=hearing, next_hearing_on=hearing.on, court=hearing.court)
    told = frozenset(victim.key for victim in case.victims if victim.left_on is None)
    parts: list[Part] = []
    event = None
    if told and (case.next_hearing_on, case.court) != (hearing.on, hearing.court):
        event = Event(made, LISTED, heard_on, deps.now(), session.member.name, told)
        parts.append(deps.cases.new_event(case.key, event))
    each = (
        _victim_parts(deps, after, victim, deps.threads.read(victim.key), event)
        for victim in case.victims
    )
    return fitting(parts, each)[0]


def _newest(case: Case) -> Event | None:
    """Return the newest court date of which somebody is to be told."""
    return next((event for event in reversed(case.events) if event.key == LISTED), None)


def _victim_parts(
    deps: Deps, after: Case, victim: Victim, file: VictimFile, event: Event | None
) -> list[Part]:
    """Return the writes for one victim, as far as they are not stored already."""
    parts = court_parts(deps, after, victim, file)
    is_owed = event is not None and victim.key in event.victims and victim.left_on is None
    if event is None or not is_owed or any(p.subject == event.id for p in file.owed):
        return parts
    return parts + _telling_parts(deps, after, victim, file, event)


def _need_recordable(deps: Deps, case: Case, hearing: Hearing, heard_on: date) -> None:
    """Refuse what the form refuses in words: here it can only come from a forged one."""
    if not deps.rules.stages[case.current.stage].from_charge:
        raise BeforeChargeError
    today = deps.today()
    is_over = hearing.on is not None and hearing.on < today
    strangers = hearing.not_needed - {victim.key for victim in case.victims}
    if is_over or strangers or not case.reported_on <= heard_on <= today:
        raise NotAllowedError


def _telling_parts(
    deps: Deps, after: Case, victim: Victim, file: VictimFile, event: Event
) -> list[Part]:
    """Return the writes of what is owed to be told; an older date is told no more, if not late."""
    parts: list[Part] = []
    for older in open_of(file, TELL):
        if _is_overtaken(deps, older):
            parts += promises.cancel(deps, older, OTHER_DATE)
    promise = event_telling_of(
        event,
        victim,
        after,
        identity=deps.new_id(),
        calendar=deps.calendar,
        rules=deps.rules,
    )
    return parts + promises.make(deps, promise)


def _is_overtaken(deps: Deps, promise: Promise) -> bool:
    return promise.event == LISTED and not promise.is_late(deps.today())
