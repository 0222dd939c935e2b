"""Who looks into a minimum expectation that was missed: contact points first, then a supervisor."""

from datetime import date

from chalicelib.domain.agreements import DATES, Agreement
from chalicelib.domain.cases import CaseKey, TeamId, shown_to
from chalicelib.domain.expectations import goes_up_again, isva_with
from chalicelib.domain.promises import Promise, is_to_be_raised
from chalicelib.domain.staff import Force, StaffMember
from chalicelib.services.deps import Deps
from chalicelib.services.ports import VictimFile

NOBODY = "a supervisor"


def supervisor_of(force: Force, team: TeamId, today: date, promise: Promise) -> str:
    """Return the name of a supervisor of a team who is there.

    A restricted case opens for named people only: no page names one who cannot open it.
    """
    found = next(iter(force.supervisors_of(team, today)), None)
    return NOBODY if found is None or promise.restricted else found.name


def line_goes_to(deps: Deps, force: Force, promise: Promise) -> str:
    """Return who looks into a line from this morning on, or nothing if nobody new does.

    Whoever missed it hears from the contact point of the other side. Where the victim has
    no ISVA who may read of it there is no other side; then it goes to a supervisor at once.
    """
    today = deps.today()
    first = is_to_be_raised(promise, today, deps.calendar, deps.rules)
    again = goes_up_again(promise, today, deps.calendar, deps.rules)
    if not first and not again:
        return ""
    file = deps.threads.read(promise.victim)
    point = _contact_point(deps, force, promise, file) if first else None
    if point is not None and not promise.restricted:
        return point.name
    name = supervisor_of(force, team_that_looks(deps, force, promise), today, promise)
    return "" if name == promise.raised_to else name


def _contact_point(
    deps: Deps, force: Force, promise: Promise, file: VictimFile
) -> StaffMember | None:
    if _is_of_partner(deps, promise.team):
        return _there(force, deps.rules.force.isva_contact_point)
    agreement = isva_with(file.agreements, deps.today(), deps.rules)
    if agreement is None or not _may_read(deps, promise, agreement):
        return None
    return _there(force, deps.rules.partners[agreement.partner].contact_point)


def _may_read(deps: Deps, promise: Promise, agreement: Agreement) -> bool:
    """Return whether an ISVA may read of a line: of court only with dates agreed, once told."""
    row = deps.rules.expectations.get(promise.line)
    if row is None or not row.from_charge:
        return True
    case = deps.cases.read(CaseKey(promise.case_key))
    if case is None or not agreement.covers(DATES, deps.today()):
        return False
    shown = shown_to(promise.victim, case, deps.rules)
    return deps.rules.stages[shown.entry.stage].from_charge


def team_that_looks(deps: Deps, force: Force, promise: Promise) -> TeamId:
    """Return the team whose supervisors look into a promise: its own, or that of the case.

    Partner agencies, and often witness care, have no supervisor here.
    """
    # What is with its case's officer is with the case's team; only for others it is read.
    if not promise.stays or force.supervisors_of(promise.team, deps.today()):
        return promise.team
    case = deps.cases.read(CaseKey(promise.case_key))
    return case.officer.team if case else promise.team


def _is_of_partner(deps: Deps, team: TeamId) -> bool:
    return any(row.team == team for row in deps.rules.partners.values())


def _there(force: Force, identity: str) -> StaffMember | None:
    member = force.member(identity)
    return member if member is not None and member.active else None
