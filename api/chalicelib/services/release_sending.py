"""Supervisors: sending that the brake stopped goes on when two of them want it.

`seen` stands for the brake as a person had it before them: what they press is about that stop
and that asking, and nothing that came later.
"""

from chalicelib.domain.brake import Brake, asked_to_release, not_asked, released, waits_for_second
from chalicelib.domain.errors import NotAllowedError, StaleError
from chalicelib.domain.staff import Force, StaffSession
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ConflictError
from chalicelib.services.staff_case import stored_id
from chalicelib.services.staff_sessions import need_role, write_as

ABOUT = "sending"


def release_is_asked(deps: Deps, brake: Brake, force: Force) -> bool:
    """Return whether a first supervisor asked in time, and could still ask it today."""
    if brake.asked_by is None or not waits_for_second(brake, deps.now(), deps.rules):
        return False
    member = force.member(brake.asked_by[0])
    role = deps.rules.roles.get(force.roles.get(member.id, "")) if member else None
    return member is not None and member.active and (role is None or role.team_list)


def stop_id(brake: Brake) -> str:
    """Return what stands for the brake as it is: this stop and this asking."""
    return stored_id("brake", brake.version, brake.stopped_at, brake.asked_at)


def ask_release(deps: Deps, session: StaffSession, seen: str) -> None:
    """Note that a first supervisor wants sending to go on.

    Raises:
        NotAllowedError: this role has no board.
        StaleError: sending is not stopped, or somebody changed it since the person looked.
    """
    brake = _stopped(deps, session, seen)
    if release_is_asked(deps, brake, deps.cases.read_force()):
        raise StaleError
    member = session.member
    asked = asked_to_release(brake, (member.id, member.name), deps.now())
    _keep(deps, session, asked, "asked that sending goes on")


def withdraw_release(deps: Deps, session: StaffSession, seen: str) -> None:
    """Take one's own asking back.

    Raises:
        NotAllowedError: somebody else asked.
        StaleError: nobody did, or somebody changed it since the person looked.
    """
    brake = _stopped(deps, session, seen)
    if brake.asked_by is None:
        raise StaleError
    if brake.asked_by[0] != session.member.id:
        raise NotAllowedError
    _keep(deps, session, not_asked(brake), "no longer asks that sending goes on")


def confirm_release(deps: Deps, session: StaffSession, seen: str) -> None:
    """Let sending go on, as the second supervisor.

    Raises:
        NotAllowedError: nobody confirms what they asked themselves.
        StaleError: nobody asks it any more, or somebody changed it since the person looked.
    """
    brake = _stopped(deps, session, seen)
    if brake.asked_by is None or not release_is_asked(deps, brake, deps.cases.read_force()):
        raise StaleError
    first = brake.asked_by[0]
    if first == session.member.id:
        raise NotAllowedError
    _keep(deps, session, released(brake), f"let sending go on, as {first} asked")


def _stopped(deps: Deps, session: StaffSession, seen: str) -> Brake:
    need_role(deps, session, "team_list")
    brake = deps.access.brake()
    if brake.stopped_at is None or stop_id(brake) != seen:
        raise StaleError
    return brake


def _keep(deps: Deps, session: StaffSession, now: Brake, what: str) -> None:
    try:
        write_as(deps, session, what, deps.access.keep_brake(now), about=ABOUT)
    except ConflictError as error:
        raise StaleError from error
