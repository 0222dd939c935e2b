"""Staff: the next court date, or that there is none any more, as they heard of it from the court.

A date is news of the Victims' Code as well: whoever has not left is owed to be told of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from chalicelib.domain.cases import Case, CaseKey, Event, Hearing, Victim, VictimKey
from chalicelib.domain.errors import NotAllowedError
from chalicelib.domain.events import MOST_NAMED
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
from chalicelib.services.staff_case import read_files, stored_id
from chalicelib.services.staff_sessions import need_role

LISTED = "hearing_listed"
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

    In one transaction: what was typed, which holds against what a file says; for each victim
    their place in the list of the team, the review before court and the lines of the minimum
    expectations; and the Code's event with the promise to tell them. No event, and no id, where
    only changed who may be needed.

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
    """
    need_role(deps, session, "answers")
    made = stored_id(key, seen, hearing.on, hearing.court, sorted(hearing.not_needed), heard_on)
    change = Change(
        "recorded a court date",
        is_done=lambda case: case.hearing == hearing,
        parts_of=lambda case: _parts(deps, session, case, hearing, heard_on, made),
        seen=seen,
        hearing=hearing,
    )
    change_case(deps, session, key, change)
    return made


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
    files = read_files(deps, case)
    parts = [
        part
        for victim in case.victims
        for part in court_parts(deps, after, victim, files[victim.key])
    ]
    if (case.next_hearing_on, case.court) == (hearing.on, hearing.court):
        return parts
    told = tuple(victim for victim in case.victims if victim.left_on is None)[:MOST_NAMED]
    if not told:
        return parts
    names = frozenset(victim.key for victim in told)
    event = Event(made, LISTED, heard_on, deps.now(), session.member.name, names)
    return [
        *parts,
        deps.cases.new_event(case.key, event),
        *_telling_parts(deps, after, told, files, event),
    ]


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
    deps: Deps,
    after: Case,
    victims: tuple[Victim, ...],
    files: Mapping[VictimKey, VictimFile],
    event: Event,
) -> list[Part]:
    """Return the writes of what is owed to be told; an older date is told no more, if not late."""
    parts: list[Part] = []
    for victim in victims:
        for older in open_of(files[victim.key], TELL):
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
        parts += promises.make(deps, promise)
    return parts


def _is_overtaken(deps: Deps, promise: Promise) -> bool:
    return promise.event == LISTED and not promise.is_late(deps.today())
