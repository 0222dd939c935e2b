"""Partner agency: the people who agreed to its support, and what its people are to do for them.

Nobody is in it whose word does not hold at this moment, whatever a list says.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from chalicelib.domain.agreements import DATES, NEEDS, Agreement, partner_of
from chalicelib.domain.cases import Case, CaseKey, VictimKey, shown_to
from chalicelib.domain.needs import Needs
from chalicelib.domain.promises import Promise
from chalicelib.domain.reviews import Court
from chalicelib.domain.staff import StaffSession
from chalicelib.frozen import frozen
from chalicelib.rules import Partner
from chalicelib.services.deps import Deps
from chalicelib.services.hidden_news import Hidden, as_before, hidden_of
from chalicelib.services.looked_into import raised_in
from chalicelib.services.read_needs import listed_needs_parts, needs_of_victims
from chalicelib.services.staff_sessions import need_role, write_as
from chalicelib.services.support import (
    hearing_ahead,
    is_of_court,
    is_red_for,
    knows_of_charge,
    may_be_seen,
    missed_of,
)
from chalicelib.services.worklist import MOST_ROWS


@frozen
class Person:
    """One row of a partner's list; what they did not agree to is none.

    `is_red` says that court is near and their case was not looked at.
    """

    agreement: Agreement
    needs: Needs | None = None
    hearing: date | None = None
    is_red: bool = False


@frozen
class SupportList:
    """A page of who agreed, who must be in court soonest first, and what this person is to do.

    `asked` is what the police are late with and this person was asked to look into.
    """

    partner: Partner | None
    people: tuple[Person, ...] = ()
    tasks: tuple[Promise, ...] = ()
    asked: tuple[Promise, ...] = ()
    total: int = 0
    next_page: int | None = None


def open_support_list(deps: Deps, session: StaffSession, page: int = 1) -> SupportList:
    """Return a page of the people who agreed to the support of this person's agency.

    Two requests find them, one each reads court dates and tasks, one each case in which a
    date is agreed and may be known, one the needs of the page, which count as read, one
    what was read of them before, and one writes the audit line.

    Raises:
        NotAllowedError: the role is not that of a partner agency.
    """
    need_role(deps, session, "supports")
    partner = partner_of(session.member, deps.rules)
    if partner is None:
        write_as(deps, session, "opened their list")
        return SupportList(None)
    agreed = agreed_now(deps, partner)
    tasks = _own_tasks(deps, session, agreed)
    courts = _courts_ahead(deps, agreed.values())
    cases = _cases(deps, [*courts.values()], tasks)
    people = [_person(deps, each, courts.get(each.victim), cases) for each in agreed.values()]
    people.sort(key=_soonest_first)
    asked = _asked(deps, session, partner, agreed)
    size = deps.rules.limits.worklist_page
    shown = people[(page - 1) * size : page * size]
    told = [task for task in tasks if _may_see(deps, task, agreed[task.victim], cases)]
    named = dict.fromkeys(CaseKey(key) for key in _keys_of(shown, [*told, *asked]))
    with_needs = _with_needs(deps, shown)
    read = {p.agreement.victim: p.needs for p in with_needs if p.needs is not None}
    seen = listed_needs_parts(deps, session, read)
    write_as(deps, session, "opened their list", *seen, cases=tuple(named))
    return SupportList(
        partner=partner,
        people=with_needs,
        tasks=tuple(told),
        asked=asked,
        total=len(people),
        next_page=page + 1 if len(people) > page * size else None,
    )


def _asked(
    deps: Deps, session: StaffSession, partner: Partner, agreed: Mapping[VictimKey, Agreement]
) -> tuple[Promise, ...]:
    """Return the police's late lines that a contact point looks into, the oldest first.

    Only for them it takes requests: the staff list, one a team, two each person of whom
    there is something, so that nothing is in it which that person's page would not show.
    """
    me = session.member
    if not partner.isva or me.id != partner.contact_point:
        return ()
    teams = (team.id for team in deps.cases.read_force().all_teams() if team.id != me.team)
    raised = {each.victim for each in raised_in(deps, teams, me.name)}
    found = [
        promise
        for victim, agreement in agreed.items()
        if victim in raised
        for promise in missed_of(deps, partner, agreement)
        if promise.raised_to == me.name
    ]
    return tuple(sorted(found, key=lambda each: (each.due_on, each.made_at, each.id)))


def agreed_now(deps: Deps, partner: Partner) -> dict[VictimKey, Agreement]:
    """Return what holds today between victims and a partner: the list may lag, this does not."""
    today = deps.today()
    listed = [each.victim for each in deps.threads.agreed_with(partner.key, today)]
    found = deps.threads.agreements_of(partner.key, listed) if listed else ()
    return {each.victim: each for each in found if each.holds(today)}


def _own_tasks(
    deps: Deps, session: StaffSession, agreed: Mapping[VictimKey, Agreement]
) -> list[Promise]:
    own = deps.threads.open_of_owner(session.member.id, after=None, limit=MOST_ROWS)
    return [promise for promise in own.promises if promise.victim in agreed]


def _courts_ahead(deps: Deps, agreed: Iterable[Agreement]) -> Mapping[VictimKey, Court]:
    today = deps.today()
    asked = [each.victim for each in agreed if each.covers(DATES, today)]
    found = deps.threads.courts_of(asked) if asked else {}
    # One that went away may have gone with news that waits: the victim knows it still.
    return {key: court for key, court in found.items() if court.on is None or court.on >= today}


def _cases(deps: Deps, courts: list[Court], tasks: list[Promise]) -> Mapping[str, Case]:
    """Return the cases that must be read to know what their victims were told."""
    keys = [court.case_key for court in courts]
    keys += [CaseKey(task.case_key) for task in tasks if is_of_court(task, deps.rules)]
    read = {key: deps.cases.read(key) for key in dict.fromkeys(keys)}
    return {key: case for key, case in read.items() if case is not None}


def _person(
    deps: Deps, agreement: Agreement, court: Court | None, cases: Mapping[str, Case]
) -> Person:
    case = cases.get(agreement.case_key)
    if court is None or case is None:
        return Person(agreement)
    shown = shown_to(agreement.victim, case, deps.rules)
    hearing = hearing_ahead(deps, shown)

    def hidden() -> Hidden:
        return hidden_of(case, shown.entry, deps.threads.read(agreement.victim).measures)

    return Person(agreement, hearing=hearing, is_red=is_red_for(deps, court, hearing, hidden))


def _soonest_first(person: Person) -> tuple[object, ...]:
    return (person.hearing or date.max, person.agreement.reference, person.agreement.label)


def _with_needs(deps: Deps, people: Iterable[Person]) -> tuple[Person, ...]:
    today, people = deps.today(), tuple(people)
    asked = [p.agreement.victim for p in people if p.agreement.covers(NEEDS, today)]
    known = needs_of_victims(deps, asked)
    return tuple(
        Person(p.agreement, known.get(p.agreement.victim), p.hearing, p.is_red) for p in people
    )


def _keys_of(people: Iterable[Person], tasks: Iterable[Promise]) -> list[str]:
    return [*(p.agreement.case_key for p in people), *(task.case_key for task in tasks)]


def _may_see(deps: Deps, promise: Promise, agreement: Agreement, cases: Mapping[str, Case]) -> bool:
    """Return whether what somebody is to do tells of no more than their page of that person."""
    rules, case = deps.rules, cases.get(promise.case_key)
    if not is_of_court(promise, rules):
        return True
    if case is None:
        return False
    shown = shown_to(promise.victim, case, rules)
    knows = knows_of_charge(shown, rules)
    if not may_be_seen(promise, agreement, deps.today(), rules, knows=knows):
        return False
    # No measure is a partner's to apply for, so what was decided of them changes nothing here.
    return bool(as_before([promise], hidden_of(case, shown.entry, ()), rules))
