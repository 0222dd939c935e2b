"""Staff: a victim wants to hear nothing more of a case, or wants to again.

What they asked themselves stays owed: its answer stands on their page, where only they look.
"""

from dataclasses import replace

from chalicelib.domain.cases import NO_TEAM, Case, CaseKey, VictimKey
from chalicelib.domain.contact import CONFIRM
from chalicelib.domain.expectations import LEFT
from chalicelib.domain.promises import LINE, REVIEW, TASK, Promise
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import FIRST_TRY
from chalicelib.services import promises
from chalicelib.services.change_case import Change, change_case
from chalicelib.services.contact_changes import ask_again_parts
from chalicelib.services.deps import Deps
from chalicelib.services.follow import followed_again_parts
from chalicelib.services.notices import ended_parts
from chalicelib.services.ports import Part
from chalicelib.services.safety_changes import asked_again_parts
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import need_role

# A transaction holds 100 writes.
MOST_AT_ONCE = 40
MOST_ROUNDS = 5
AT_COURT = (REVIEW, TASK)
# Tasks that are nothing but getting in touch with them.
TO_THEM = (FIRST_TRY, CONFIRM)


def record_left(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, how: str
) -> None:
    """Note that a victim wants to hear nothing more: what we owe unasked is cancelled.

    `how` is how they said so, in words.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: the case does not exist for this person, or the victim not in it.
    """
    need_role(deps, session, "answers")
    change = Change(
        f"noted that a victim hears nothing more, said {how}",
        is_done=lambda case: _is_left(deps, case, victim),
        parts_of=lambda case: _left_parts(deps, case, victim),
    )
    # So many are cancelled with each round; who was owed more goes through some more.
    for _ in range(MOST_ROUNDS):
        change_case(deps, session, key, change)


def _is_left(deps: Deps, case: Case, victim: VictimKey) -> bool:
    has_left = victim_of(case, victim).left_on is not None
    return has_left and not _unasked(deps, victim)


def _unasked(deps: Deps, victim: VictimKey) -> list[Promise]:
    """Return what we owe unasked; who need hear nothing may still need help at court.

    What their support worker does for them is theirs to stop, not the police's.
    """
    owed = deps.threads.read(victim).owed
    supported = {row.team for row in deps.rules.partners.values()}
    return [
        promise
        for promise in owed
        if promise.is_open
        and (promise.kind not in AT_COURT or promise.event in TO_THEM)
        and not (promise.kind == LINE and promise.team in supported)
    ]


def record_back(deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey) -> None:
    """Note that a victim wants to hear of the case again: a first contact is owed.

    Raises:
        NotAllowedError: the role may not.
        NotFoundError: the case does not exist for this person, or the victim not in it.
    """
    need_role(deps, session, "answers")
    change = Change(
        "noted that a victim hears of it again",
        is_done=lambda case: victim_of(case, victim).left_on is None,
        parts_of=lambda case: _back_parts(deps, case, victim),
    )
    change_case(deps, session, key, change)


def _left_parts(deps: Deps, case: Case, victim: VictimKey) -> list[Part]:
    whose = replace(victim_of(case, victim), left_on=deps.today())
    file = deps.threads.read(victim)
    door = file.door
    parts: list[Part] = [deps.cases.keep_victim(case.key, whose)]
    parts += ended_parts(deps, case, whose, file, file)
    parts += promises.move_door(deps, victim, door, replace(door, team=NO_TEAM))
    for promise in _unasked(deps, victim)[:MOST_AT_ONCE]:
        parts += promises.cancel(deps, promise, LEFT)
    return parts


def _back_parts(deps: Deps, case: Case, victim: VictimKey) -> list[Part]:
    whose = replace(victim_of(case, victim), left_on=None)
    file = deps.threads.read(victim)
    kept = deps.cases.keep_victim(case.key, whose)
    asked = ask_again_parts(deps, case, whose, file.contact)
    talk = asked_again_parts(deps, case, whose, file)
    return [kept, *followed_again_parts(deps, case, whose, file), *asked, *talk]
