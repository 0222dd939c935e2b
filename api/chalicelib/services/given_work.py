"""What was given to somebody else than the officer in charge, when they can no longer do it.

A partner agency does what it was given as long as the victim agrees, witness care as long as
a case is at court, anybody else as long as the case is their team's.
"""

from collections.abc import Iterable

from chalicelib.domain.cases import Case, Officer
from chalicelib.domain.promises import Promise
from chalicelib.domain.staff import Force
from chalicelib.rules import Rules
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.ports import Part, VictimFile

SERVICE = "service"
NOT_AT_COURT = "The case is not at court any more."


def with_somebody_else(deps: Deps, owed: Iterable[Promise], officer: Officer) -> list[Promise]:
    """Return those of these promises that stay with whom they were given to."""
    given = [promise for promise in owed if promise.stays]
    if not given:
        return []
    force = deps.cases.read_force()
    return [each for each in given if _can_go_on(each, officer, force, deps.rules)]


def _can_go_on(promise: Promise, officer: Officer, force: Force, rules: Rules) -> bool:
    if promise.team == officer.team or any(p.team == promise.team for p in rules.partners.values()):
        return True
    return _is_witness_care(promise, force, rules)


def returned_parts(deps: Deps, before: Case, after: Case, file: VictimFile) -> list[Part]:
    """Return the writes that give the officer what witness care was to do before a case left court.

    Its people cannot open it any more.
    """
    stages = deps.rules.stages
    if not stages[before.current.stage].from_charge or stages[after.current.stage].from_charge:
        return []
    given = [promise for promise in file.owed if promise.is_open and promise.stays]
    if not given:
        return []
    force, officer = deps.cases.read_force(), after.officer
    to = (officer.id, officer.name, officer.team)
    return [
        part
        for promise in given
        if _is_witness_care(promise, force, deps.rules)
        for part in promises.move(deps, promise, to, why=NOT_AT_COURT, by=SERVICE, follows=True)
    ]


def _is_witness_care(promise: Promise, force: Force, rules: Rules) -> bool:
    role = rules.roles.get(force.roles.get(promise.owner, ""))
    return role is not None and role.from_charge_only
