"""Who can be given something to do for a victim before court."""

from collections.abc import Iterable
from datetime import date

from chalicelib.domain.agreements import (
    Agreement,
    agreement_with,
    in_force,
    may_hear_of_court,
    partner_of,
)
from chalicelib.domain.cases import Case, Officer
from chalicelib.domain.staff import Force, StaffMember
from chalicelib.rules import Rules, Task

WITNESS_CARE = "witness_care"
IN_CHARGE = "Officer in charge"
NAMED = "Named people"
SUPERVISORS = "Supervisors of the team"
FOR_POLICE = "A partner agency cannot do this. Choose somebody of the police."
FOR_PARTNERS = "Only a partner agency can do this. Choose somebody who works there."
NOT_AGREED = (
    "This would tell them of the charge, and the victim agreed to neither court dates nor what "
    "may help at court. Choose somebody of the police."
)
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


def why_not(
    task: Task,
    identity: str,
    force: Force,
    agreements: Iterable[Agreement],
    today: date,
    rules: Rules,
) -> str:
    """Return the sentence why somebody cannot be given a task, or nothing where they can."""
    member = force.member(identity)
    partner = partner_of(member, rules) if member else None
    if partner is None:
        return FOR_PARTNERS if task.partner_only else ""
    if task.police_only:
        return FOR_POLICE
    agreement = agreement_with(agreements, partner.key)
    if task.from_charge and (agreement is None or not may_hear_of_court(agreement, today)):
        return NOT_AGREED
    return ""


def _officers(members: Iterable[StaffMember], case: Case) -> tuple[Officer, ...]:
    """Return members of staff as a case names them, by name; the officer in charge stands apart."""
    others = (member for member in members if member.id != case.officer.id)
    ordered = sorted(others, key=lambda member: (member.name, member.id))
    return tuple(Officer(m.id, m.name, m.number, m.team) for m in ordered)
