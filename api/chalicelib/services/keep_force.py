"""Administrator: who works here, in which team, and who answers while somebody is away.

Every change reads the staff list once and is one transaction with its audit line. What
decides which cases exist for a person is in their session, so a change of it ends the
sessions that they have: they sign in again and go on as who they are now.

Victims read who is away, and who answers, from one note of all absences. Whatever changes
an absence, or a name in one, writes the note anew in the same transaction; when another
administrator was first, everything is read and decided anew.
"""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from chalicelib.domain.cases import OfficerId, TeamId
from chalicelib.domain.errors import NotFoundError, StoreUnavailableError
from chalicelib.domain.force_forms import (
    AbsenceForm,
    CheckAgainError,
    Errors,
    MemberForm,
    absence_of,
    member_errors,
    member_of,
    name_errors,
    new_member_errors,
    new_team_errors,
)
from chalicelib.domain.staff import Force, StaffMember, StaffSession, Team
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ConflictError, Part
from chalicelib.services.staff_sessions import need_role, write_as

TRIES = 6
T = TypeVar("T")


def address_part(identity: str) -> str:
    """Return what stands for a person or a team in an address, where no account may be."""
    return sha256(identity.encode()).hexdigest()[:20]


def open_force(deps: Deps, session: StaffSession) -> Force:
    """Return staff, teams and absences.

    Raises:
        NotAllowedError: this role does not keep them.
    """
    force = _read(deps, session)
    write_as(deps, session, "opened the staff list")
    return force


def find_member(force: Force, part: str) -> StaffMember:
    """Return the member of staff for whom this stands in an address.

    Raises:
        NotFoundError: there is none.
    """
    found = next((member for member in force.staff if address_part(member.id) == part), None)
    if found is None:
        raise NotFoundError
    return found


def find_team(force: Force, part: str) -> Team:
    """Return the team for which this stands in an address.

    Raises:
        NotFoundError: there is none.
    """
    found = next((team for team in force.all_teams() if address_part(team.id) == part), None)
    if found is None:
        raise NotFoundError
    return found


def add_member(deps: Deps, session: StaffSession, form: MemberForm) -> StaffMember:
    """Return the new member of staff.

    Raises:
        CheckAgainError: something typed does not do.
    """
    force = _read(deps, session)
    _check(force, new_member_errors(force, form))
    member = member_of(form, form.account, active=True)
    _write(deps, session, "added to the staff list", member.id, deps.cases.keep_member(member))
    return member


def change_member(deps: Deps, session: StaffSession, part: str, form: MemberForm) -> StaffMember:
    """Return the member of staff as they are now; their sessions end.

    Raises:
        NotFoundError: there is none.
        CheckAgainError: something typed does not do.
    """
    need_role(deps, session, "keeps_staff")

    def change(force: Force) -> StaffMember:
        before = find_member(force, part)
        _check(force, member_errors(force, form))
        member = member_of(form, before.id, active=before.active)
        renewed = _renewed(deps, force, member)
        _write(deps, session, "changed in the staff list", member.id, *renewed)
        return member

    return _until_first(deps, change)


def switch_member(deps: Deps, session: StaffSession, part: str, *, active: bool) -> StaffMember:
    """Return the member of staff taken off the list or put back; off it, their sessions end.

    Raises:
        NotFoundError: there is none.
        CheckAgainError: nobody takes themselves off.
    """
    need_role(deps, session, "keeps_staff")

    def switch(force: Force) -> StaffMember:
        before = find_member(force, part)
        if before.id == session.member.id:
            sentence = "You cannot take yourself off the list. Ask another administrator."
            raise CheckAgainError(force, (("", sentence),))
        member = replace(before, active=active)
        what = "put back on the staff list" if active else "taken off the staff list"
        _write(deps, session, what, member.id, *_renewed(deps, force, member))
        return member

    return _until_first(deps, switch)


def add_team(deps: Deps, session: StaffSession, identity: str, name: str) -> Team:
    """Return the new team.

    Raises:
        CheckAgainError: something typed does not do.
    """
    force = _read(deps, session)
    _check(force, new_team_errors(force, identity, name))
    return _keep_team(deps, session, "added a team", Team(TeamId(identity), name))


def rename_team(deps: Deps, session: StaffSession, part: str, name: str) -> Team:
    """Return the team under its new name.

    Raises:
        NotFoundError: there is none.
        CheckAgainError: the name does not do.
    """
    force = _read(deps, session)
    team = find_team(force, part)
    _check(force, name_errors(name, "as staff read it"))
    return _keep_team(deps, session, "renamed a team", replace(team, name=name))


def add_absence(deps: Deps, session: StaffSession, form: AbsenceForm) -> None:
    """Note who is away and who answers meanwhile.

    Raises:
        NotAllowedError: this role does not keep them.
        CheckAgainError: something typed does not do.
    """
    need_role(deps, session, "keeps_staff")
    _add_absence(deps, session, form)


def add_own_absence(deps: Deps, session: StaffSession, form: AbsenceForm) -> None:
    """Note that this person is away, whoever the form names, and who answers meanwhile.

    Raises:
        NotAllowedError: this role sees no cases.
        CheckAgainError: something typed does not do.
    """
    need_role(deps, session, "sees_cases")
    _add_absence(deps, session, replace(form, officer=session.member.id))


def _add_absence(deps: Deps, session: StaffSession, form: AbsenceForm) -> None:
    def add(force: Force) -> None:
        absence = absence_of(force, form, deps.today())
        others = (other for other in force.absences if other.id != absence.id)
        after = replace(force, absences=(*others, absence))
        parts = [deps.cases.keep_absence(absence), _noted(deps, after)]
        _write(deps, session, f"noted an absence, {absence.cover} answers", absence.officer, *parts)

    _until_first(deps, add)


def end_absence(deps: Deps, session: StaffSession, identity: str) -> None:
    """Take an absence off the list.

    Raises:
        NotAllowedError: this role does not keep them.
        NotFoundError: there is none.
    """
    need_role(deps, session, "keeps_staff")
    _end_absence(deps, session, identity, whose=None)


def end_own_absence(deps: Deps, session: StaffSession, identity: str) -> None:
    """Take an absence of this person off the list.

    Raises:
        NotFoundError: they have no such absence; somebody else's is none.
    """
    _end_absence(deps, session, identity, whose=session.member.id)


def _end_absence(
    deps: Deps, session: StaffSession, identity: str, *, whose: OfficerId | None
) -> None:
    def end(force: Force) -> None:
        found = next((absence for absence in force.absences if absence.id == identity), None)
        if found is None or whose not in (None, found.officer):
            raise NotFoundError
        others = tuple(other for other in force.absences if other.id != identity)
        after = replace(force, absences=others)
        parts = [deps.cases.end_absence(identity), _noted(deps, after)]
        _write(deps, session, "ended an absence", found.officer, *parts)

    _until_first(deps, end)


def open_own_absences(deps: Deps, session: StaffSession) -> Force:
    """Return the staff list for the page on which somebody says that they are away.

    Raises:
        NotAllowedError: this role sees no cases.
    """
    need_role(deps, session, "sees_cases")
    force = deps.cases.read_force()
    write_as(deps, session, "opened their absences")
    return force


def _until_first(deps: Deps, change: Callable[[Force], T]) -> T:
    """Return what a change of the staff list as it stands returns; anew when it was moved."""
    for _ in range(TRIES):
        try:
            return change(deps.cases.read_force())
        except ConflictError:
            continue
    raise StoreUnavailableError


def _read(deps: Deps, session: StaffSession) -> Force:
    need_role(deps, session, "keeps_staff")
    return deps.cases.read_force()


def _check(force: Force, errors: Errors) -> None:
    if errors:
        raise CheckAgainError(force, errors)


def _renewed(deps: Deps, force: Force, member: StaffMember) -> list[Part]:
    others = (other for other in force.staff if other.id != member.id)
    ended = deps.access.end_sessions_of(member.id, deps.now())
    after = replace(force, staff=(*others, member))
    return [deps.cases.keep_member(member), ended, _noted(deps, after)]


def _noted(deps: Deps, after: Force) -> Part:
    """Return the write of what victims read of absences, over what was read of it."""
    return deps.cases.note_away(after.away, after.away_from(deps.today()))


def _keep_team(deps: Deps, session: StaffSession, what: str, team: Team) -> Team:
    kept = replace(team, name=" ".join(team.name.split()))
    write_as(deps, session, what, deps.cases.keep_team(kept), about=f"team {team.id}")
    return kept


def _write(deps: Deps, session: StaffSession, what: str, whom: str, *parts: Part) -> None:
    write_as(deps, session, what, *parts, about=f"staff {whom}")
