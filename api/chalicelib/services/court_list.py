"""Staff: whose case is looked at before which court date, the soonest first."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache

from chalicelib.domain.cases import Case, CaseKey, TeamId
from chalicelib.domain.reviews import Court, is_red, is_under_review
from chalicelib.domain.staff import StaffSession, case_exists_for
from chalicelib.frozen import frozen
from chalicelib.services.deps import Deps
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.read_needs import needs_seen_parts
from chalicelib.services.staff_case import stored_id
from chalicelib.services.staff_sessions import need_role, write_as
from chalicelib.services.worklist import cursor_at, place_at


@frozen
class AgendaRow:
    """A victim before court with their case and all that is kept of them.

    Of a restricted case that is not open to a supervisor there is the day alone, and neither
    `case` nor `file`; for others it is not there. `team` is the name of the team that has it.
    """

    court: Court
    team: str
    case: Case | None
    file: VictimFile | None


@frozen
class Agenda:
    """A page of the list from a first day to a last; `total` and `red` count all of it.

    Nothing is counted that this person may not know of.
    `all_teams` says that the list is not of one team alone.
    """

    rows: tuple[AgendaRow, ...]
    total: int
    red: int
    all_teams: bool
    next_after: str | None


def open_agenda(
    deps: Deps, session: StaffSession, first: date, last: date, after: str | None = None
) -> Agenda:
    """Return a page of who goes to court within these days and is under review.

    The requests: session, the list of the team, then the case and the victim's side of each
    row that is shown, and the audit line with the use of the session. Who works for all teams
    needs the staff list and one list a team instead of one, and each case of them: it is
    theirs only from charge on. The needs that are shown count as read.

    Args:
        deps: stores, rules and clock.
        session: whose list it is.
        first: the first day.
        last: the last day.
        after: the cursor of the page before; what is none begins at the top.

    Raises:
        NotAllowedError: this role has no part in reviews.
    """
    need_role(deps, session, "reviews")
    all_teams = deps.rules.roles[session.role].from_charge_only
    teams = _all_teams(deps) if all_teams else {session.member.team: ""}
    read = cache(lambda key: _case(deps, session, key))
    found = [
        court
        for team in teams
        for court in deps.threads.next_court(team, first, last)
        if is_under_review(court) and _may_know(deps, session, court, read)
    ]
    behind, size = place_at(after), deps.rules.limits.review_page
    left = sorted((court for court in found if _place(court) > behind), key=_place)
    shown = left[:size]
    rows = tuple(_opened(deps, shown, teams, read))
    cases = tuple(dict.fromkeys(row.court.case_key for row in rows if row.case))
    write_as(
        deps, session, "opened the list before court", *_seen(deps, session, rows), cases=cases
    )
    today, calendar, rules = deps.today(), deps.calendar, deps.rules
    return Agenda(
        rows=rows,
        total=len(found),
        red=sum(is_red(court, today, calendar, rules) for court in found),
        all_teams=all_teams,
        next_after=cursor_at(_place(shown[-1])) if len(left) > size else None,
    )


def _all_teams(deps: Deps) -> dict[TeamId, str]:
    """Return the teams that can have a case, by name; a partner agency's has none."""
    partners = {row.team for row in deps.rules.partners.values()}
    force = deps.cases.read_force()
    return {team.id: team.name for team in force.all_teams() if team.id not in partners}


def _place(court: Court) -> str:
    """Return where a row stands, of which nothing can be read but the day: addresses carry it."""
    return f"{court.on}#{stored_id(court.victim, court.on)}"


def _may_know(
    deps: Deps, session: StaffSession, court: Court, read: Callable[[CaseKey], Case | None]
) -> bool:
    """Return whether somebody may know that there is such a case; only supervisors see a shut one.

    The list is of their own team: a case has to be read only where that does not open it.
    """
    role = deps.rules.roles[session.role]
    if court.restricted and role.team_list:
        return True
    if court.restricted or role.from_charge_only:
        return read(court.case_key) is not None
    return True


def _opened(
    deps: Deps,
    courts: Iterable[Court],
    teams: Mapping[TeamId, str],
    read: Callable[[CaseKey], Case | None],
) -> Iterable[AgendaRow]:
    """Return the rows with what is read of them; a case of which nothing may be seen is none."""
    for court in courts:
        case, team = read(court.case_key), teams.get(court.team, "")
        if case is not None:
            file = deps.threads.read(court.victim)
            # The list may lag a little behind what stands there.
            yield AgendaRow(file.court or court, team, case, file)
        elif court.restricted:
            yield AgendaRow(court, team, None, None)


def _seen(deps: Deps, session: StaffSession, rows: Iterable[AgendaRow]) -> list[Part]:
    """Return the writes of having read the needs that the rows show."""
    return [
        part
        for row in rows
        if row.case is not None and row.file is not None
        for part in needs_seen_parts(deps, session, row.case, {row.court.victim: row.file})
    ]


def _case(deps: Deps, session: StaffSession, key: CaseKey) -> Case | None:
    case = deps.cases.read(key)
    if case is None or not case_exists_for(session, case, deps.rules, None, deps.now()):
        return None
    return case
