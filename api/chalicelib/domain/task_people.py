"""Who can be given something to do for a victim before court."""

from collections.abc import Iterable
from datetime import date

from chalicelib.domain.agreements import Agreement, in_force, partner_of
from chalicelib.domain.cases import Case, Officer
from chalicelib.domain.staff import Force, StaffMember
from chalicelib.rules import Rules, Task

WITNESS_CARE = "witness_care"
IN_CHARGE = "Officer in charge"
NAMED = "Named people"
SUPERVISORS = "Supervisors of the team"
Groups = tuple[tuple[str, tuple[Officer, ...]], ...]


def people_for_tasks(
    case: Case, force: Force, agreements: Iterable[Agreement], today: date, rules: Rules
) -> Groups:
    """Return whom a task can be given to, in groups with their headings.

    They are those who know the case: of a restricted one its officer and named people, of
    others the team's supervisors and witness care as well; and the people of each partner
    agency with whom an agreement is in force.
    """
    if case.restricted:
        named = (force.member(identity) for identity in sorted(case.named))
        police = [(NAMED, [member for member in named if member and member.active])]
    else:
        supervisors = force.supervisors_of(case.officer.team, today)
        carers = _carers(force) if rules.stages[case.current.stage].from_charge else []
        label = rules.roles[WITNESS_CARE].label
        police = [(SUPERVISORS, list(supervisors)), (label, carers)]
    partners = [
        (partner.name, [m for m in force.staff if m.active and m.team == partner.team])
        for agreement in in_force(agreements, today)
        if (partner := rules.partners.get(agreement.partner)) is not None
    ]
    groups = [(heading, _officers(members, case)) for heading, members in (*police, *partners)]
    return ((IN_CHARGE, (case.officer,)), *((h, people) for h, people in groups if people))


def _carers(force: Force) -> list[StaffMember]:
    """Return the people of witness care, for whom a case exists from charge on."""
    return [m for m in force.staff if m.active and force.roles.get(m.id) == WITNESS_CARE]


def may_do(task: Task, identity: str, force: Force, rules: Rules) -> bool:
    """Return whether somebody can do a task; some are for the police alone."""
    member = force.member(identity)
    return not task.police_only or member is None or partner_of(member, rules) is None


def _officers(members: Iterable[StaffMember], case: Case) -> tuple[Officer, ...]:
    """Return members of staff as a case names them, by name; the officer in charge stands apart."""
    others = (member for member in members if member.id != case.officer.id)
    ordered = sorted(others, key=lambda member: (member.name, member.id))
    return tuple(Officer(m.id, m.name, m.number, m.team) for m in ordered)
