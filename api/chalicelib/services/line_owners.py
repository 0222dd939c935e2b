"""In whose list a minimum expectation of police and ISVAs stands."""

from chalicelib.domain.cases import Case, Officer, Victim
from chalicelib.domain.expectations import (
    ISVA,
    NOBODY,
    WITNESS_CARE,
    Begun,
    isva_with,
    may_know,
    whose_is,
)
from chalicelib.domain.staff import Force, StaffMember
from chalicelib.rules import Expectation
from chalicelib.services.deps import Deps
from chalicelib.services.ports import VictimFile


class LineOwners:
    """Who owes the lines of one beginning; the staff list is read once, and only if needed."""

    def __init__(
        self, deps: Deps, case: Case, victim: Victim, file: VictimFile, begun: Begun
    ) -> None:
        self._deps, self._case, self._victim = deps, case, victim
        agreement = isva_with(file.agreements, deps.today(), deps.rules)
        if agreement is not None and not may_know(agreement, begun, case, deps.rules):
            agreement = None
        self._agreement = agreement
        self._force: Force | None = None

    def of(self, row: Expectation) -> Officer | None:
        """Return who owes a line, or none when nobody does.

        While nobody works for the ISVA service, the officer in charge has its lines.
        """
        isva = self._isva() if row.owner == ISVA else None
        if row.owner == ISVA and isva is None and self._agreement is not None:
            return self._case.officer if self._victim.left_on is None else None
        who = whose_is(row, self._victim, with_isva=isva is not None)
        if who == ISVA:
            return isva
        if who == WITNESS_CARE:
            return _witness_care(self._deps, self._case, self._read())
        return None if who == NOBODY else self._case.officer

    def _isva(self) -> Officer | None:
        if self._agreement is None:
            return None
        partner = self._deps.rules.partners[self._agreement.partner]
        force = self._read()
        point = _working(force, partner.contact_point)
        there = [m for m in force.staff if m.active and m.team == partner.team]
        found = point if point in there else next(iter(sorted(there, key=_by_name)), None)
        return _officer(found) if found else None

    def _read(self) -> Force:
        self._force = self._force or self._deps.cases.read_force()
        return self._force


def witness_care_of(deps: Deps, case: Case) -> Officer:
    """Return in whose list stands what Witness Care owes: theirs, or the officer's in charge."""
    return _witness_care(deps, case, deps.cases.read_force())


def _witness_care(deps: Deps, case: Case, force: Force) -> Officer:
    found = _working(force, deps.rules.force.witness_care_contact_point)
    # A restricted case opens for named people only, no case before a charge.
    is_shut = not deps.rules.stages[case.current.stage].from_charge
    if found is None or is_shut or (case.restricted and found.id not in case.named):
        return case.officer
    return _officer(found)


def _working(force: Force, identity: str) -> StaffMember | None:
    member = force.member(identity)
    return member if member is not None and member.active else None


def _officer(member: StaffMember) -> Officer:
    return Officer(member.id, member.name, member.number, member.team)


def _by_name(member: StaffMember) -> tuple[str, str]:
    return member.name, member.id
