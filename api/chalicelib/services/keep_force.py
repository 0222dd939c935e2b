"""Administrator: who works here, in which team, and who answers while somebody is away.

Every change reads the staff list once and is one transaction with its audit line. What
decides which cases exist for a person is in their session, so a change of it ends the
sessions that they have: they sign in again and go on as who they are now.
"""

from dataclasses import replace
from hashlib import sha256

from chalicelib.domain.cases import TeamId
from chalicelib.domain.errors import NotFoundError
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
from chalicelib.services.ports import Part
from chalicelib.services.staff_sessions import need_role, write_as


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
    force = _read(deps, session)
    before = find_member(force, part)
    _check(force, member_errors(force, form))
    member = member_of(form, before.id, active=before.active)
    _write(deps, session, "changed in the staff list", member.id, *_renewed(deps, member))
    return member


def switch_member(deps: Deps, session: StaffSession, part: str, *, active: bool) -> StaffMember:
    """Return the member of staff taken off the list or put back; off it, their sessions end.

    Raises:
        NotFoundError: there is none.
        CheckAgainError: nobody takes themselves off.
    """
    force = _read(deps, session)
    before = find_member(force, part)
    if before.id == session.member.id:
        sentence = "You cannot take yourself off the list. Ask another administrator."
        raise CheckAgainError(force, (("", sentence),))
    member = replace(before, active=active)
    what = "put back on the staff list" if active else "taken off the staff list"
    _write(deps, session, what, member.id, *_renewed(deps, member))
    return member


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
        CheckAgainError: something typed does not do.
    """
    absence = absence_of(_read(deps, session), form, deps.today())
    kept = deps.cases.keep_absence(absence)
    _write(deps, session, f"noted an absence, {absence.cover} answers", absence.officer, kept)


def end_absence(deps: Deps, session: StaffSession, identity: str) -> None:
    """Take an absence off the list.

    Raises:
        NotFoundError: there is none.
    """
    absences = _read(deps, session).absences
    found = next((absence for absence in absences if absence.id == identity), None)
    if found is None:
        raise NotFoundError
    _write(deps, session, "ended an absence", found.officer, deps.cases.end_absence(identity))


def _read(deps: Deps, session: StaffSession) -> Force:
    need_role(deps, session, "keeps_staff")
    return deps.cases.read_force()


def _check(force: Force, errors: Errors) -> None:
    if errors:
        raise CheckAgainError(force, errors)


def _renewed(deps: Deps, member: StaffMember) -> list[Part]:
    return [deps.cases.keep_member(member), deps.access.end_sessions_of(member.id, deps.now())]


def _keep_team(deps: Deps, session: StaffSession, what: str, team: Team) -> Team:
    kept = replace(team, name=" ".join(team.name.split()))
    write_as(deps, session, what, deps.cases.keep_team(kept), about=f"team {team.id}")
    return kept


def _write(deps: Deps, session: StaffSession, what: str, whom: str, *parts: Part) -> None:
    write_as(deps, session, what, *parts, about=f"staff {whom}")
