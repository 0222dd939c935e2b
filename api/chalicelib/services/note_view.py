"""Staff: what a victim thinks of a measure, noted after a talk; a changed mind is settled by it."""

from dataclasses import replace

from chalicelib.domain.cases import Case, CaseKey, VictimKey
from chalicelib.domain.errors import NotFoundError, StaleError
from chalicelib.domain.staff import StaffSession
from chalicelib.services import promises
from chalicelib.services.change_case import Change, change_case
from chalicelib.services.deps import Deps
from chalicelib.services.ports import Part
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import need_role
from chalicelib.services.talks import talked_parts


def note_view(  # noqa: PLR0913 -- whose, of which measure, what, and what was seen
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    measure: str,
    view: str,
    *,
    seen: int,
) -> None:
    """Note what a victim thinks of a measure of theirs; its state stays as it is.

    `seen` is the version of the measure that the person decided upon.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: the case does not exist for this person, or there is no such measure.
        StaleError: somebody else was first; nothing was stored.
    """
    need_role(deps, session, "answers")
    change = Change(
        "noted what a victim thinks of a measure",
        is_done=lambda case: _is_done(deps, case, victim, measure, view),
        parts_of=lambda case: _parts(deps, case, victim, measure, view, seen),
    )
    change_case(deps, session, key, change)


def _is_done(deps: Deps, case: Case, victim: VictimKey, measure: str, view: str) -> bool:
    found = deps.threads.read(victim_of(case, victim).key).measure(measure)
    return found is not None and found.view == view and found.changed_mind_at is None


def _parts(
    deps: Deps, case: Case, victim: VictimKey, measure: str, view: str, seen: int
) -> list[Part]:
    whose = victim_of(case, victim)
    file = deps.threads.read(victim)
    found = file.measure(measure)
    if found is None:
        raise NotFoundError
    if found.version != seen:
        raise StaleError
    now = replace(found, view=view, changed_mind_at=None)
    return [
        deps.threads.keep_measure(victim, now),
        *promises.move_door(deps, victim, file.door, file.door),
        *talked_parts(deps, case, whose, file, deps.today()),
    ]
