"""What somebody was asked to look into that stands in the list of another team than theirs."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.cases import CaseKey, TeamId
from chalicelib.domain.promises import Promise
from chalicelib.domain.staff import Force, StaffSession, case_exists_for
from chalicelib.services.deps import Deps

MOST_LATE = 1000


def raised_in(deps: Deps, teams: Iterable[TeamId], name: str) -> Iterator[Promise]:
    """Give what is late in these teams and somebody, by name, looks into; one request a team.

    None of it is of a restricted case: there nobody is named.
    """
    today = deps.today()
    for team in dict.fromkeys(teams):
        late = deps.threads.open_of_team(team, after=None, limit=MOST_LATE, due_before=today)
        yield from (promise for promise in late.promises if promise.raised_to == name)


def of_other_agencies(deps: Deps, session: StaffSession, force: Force) -> tuple[Promise, ...]:
    """Return what a supervisor looks into of partner agencies and witness care, soonest first.

    They have no supervisor here. One request a team, and one for each case of which there is
    something; what is not of a case that exists for this person is left out.
    """
    teams = [TeamId(row.team) for row in deps.rules.partners.values()]
    care = force.member(deps.rules.force.witness_care_contact_point)
    if care is not None:
        teams.append(care.team)
    others = [team for team in teams if team != session.member.team]
    found = list(raised_in(deps, others, session.member.name))
    keys = dict.fromkeys(CaseKey(promise.case_key) for promise in found)
    open_to_them = {key for key in keys if _exists_for(deps, session, key)}
    theirs = (promise for promise in found if promise.case_key in open_to_them)
    return tuple(sorted(theirs, key=lambda each: (each.due_on, each.made_at, each.id)))


def _exists_for(deps: Deps, session: StaffSession, key: CaseKey) -> bool:
    case = deps.cases.read(key)
    return case is not None and case_exists_for(session, case, deps.rules, None, deps.now())
