"""Staff: a not-guilty plea, from which the court's limits for applications are counted."""

from dataclasses import replace

from chalicelib.domain.cases import COURTS, Case, CaseKey, Plea
from chalicelib.domain.errors import NotAllowedError
from chalicelib.domain.staff import StaffSession
from chalicelib.services import promises
from chalicelib.services.apply_tasks import apply_parts
from chalicelib.services.change_case import Change, change_case
from chalicelib.services.deps import Deps
from chalicelib.services.expect import plea_parts
from chalicelib.services.keep_measures import BeforeChargeError
from chalicelib.services.ports import Part
from chalicelib.services.staff_case import read_files
from chalicelib.services.staff_sessions import need_role


def record_plea(deps: Deps, session: StaffSession, key: CaseKey, plea: Plea, *, seen: int) -> None:
    """Record a plea, or put it right: each victim is owed the application that is wanted.

    Raises:
        BeforeChargeError: nobody is charged in this case as it is recorded.
        NotAllowedError: the role may not, or the day cannot be right; the form says why first.
        NotFoundError: the case does not exist for this person.
        StaleError: somebody else changed the case meanwhile; nothing was stored.
    """
    need_role(deps, session, "answers")
    if plea.court not in COURTS:
        raise NotAllowedError
    change = Change(
        "recorded a plea",
        is_done=lambda case: case.plea == plea,
        parts_of=lambda case: _parts(deps, case, plea),
        seen=seen,
        plea=plea,
    )
    change_case(deps, session, key, change)


def _parts(deps: Deps, case: Case, plea: Plea) -> list[Part]:
    if not deps.rules.stages[case.current.stage].from_charge:
        raise BeforeChargeError
    if not case.reported_on <= plea.on <= deps.today():
        raise NotAllowedError
    parts: list[Part] = []
    files, after = read_files(deps, case), replace(case, plea=plea)
    for victim in case.victims:
        file = files[victim.key]
        # The door as it was read: a wish at this very moment is decided anew.
        parts += promises.move_door(deps, victim.key, file.door, file.door)
        parts += apply_parts(deps, after, victim, file, file.measures)
        parts += plea_parts(deps, after, victim, file, plea.on)
    return parts
