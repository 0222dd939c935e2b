"""What the figures say: to everybody of the whole force, to a supervisor of their team."""

from collections.abc import Iterable

from chalicelib.domain.figures import (
    CANCELLED,
    KEPT_IN_TIME,
    KEPT_LATE,
    MADE,
    OPEN_LATE,
    RHYTHM,
    Tally,
    added_up,
    month_of,
    percent,
)
from chalicelib.domain.promises import LINE, TELL
from chalicelib.domain.publication import (
    PublishedRow,
    publish,
    share_with_rhythm,
)
from chalicelib.domain.staff import StaffSession
from chalicelib.frozen import frozen
from chalicelib.rules import CodeLimit, Expectation
from chalicelib.services.deps import Deps
from chalicelib.services.staff_sessions import need_role, write_as

MONTHS_SHOWN = 12


@frozen
class PublicFigures:
    """The last finished months of the whole force, the newest first, as anybody may see them.

    `with_rhythm` are the months with how many in 100 victims had a rhythm of updates when
    they ended; none is hidden.
    """

    rows: tuple[PublishedRow, ...]
    with_rhythm: tuple[tuple[str, int | None], ...]


@frozen
class LineTally:
    """How one line of the minimum expectations was kept in a month, by a team or an ISVA service.

    The team's is of its own victims, the service's of those of the whole force.
    """

    who: str
    row: Expectation
    tally: Tally


@frozen
class TeamFigures:
    """The figures of a team by kind, the newest month first; `current` is not over yet.

    `rhythms` are how many victims were followed, and had a rhythm, when each month ended;
    `lines` are the minimum expectations of police and ISVAs, line by line.
    """

    team: str
    current: str
    tallies: tuple[Tally, ...]
    rhythms: tuple[Tally, ...]
    lines: tuple[LineTally, ...] = ()

    @property
    def finished_months(self) -> tuple[str, ...]:
        """Return the months that are over, the newest first."""
        return tuple(dict.fromkeys(t.month for t in self.tallies if t.month != self.current))


@frozen
class ComplianceRow:
    """How a team kept to the limit of one event of the Victims' Code."""

    event: CodeLimit
    made: int
    kept_in_time: int
    kept_late: int
    cancelled: int
    open_late: int

    @property
    def in_time_percent(self) -> int | None:
        """Return the share in time of what was kept, or none when nothing was."""
        return percent(self.kept_in_time, self.kept_late)


def public_figures(deps: Deps) -> PublicFigures:
    """Return what is published, by one request; nothing of a month that is not over."""
    least = deps.rules.limits.figures_least_count
    ended = _last_months(deps.figures.published(), month_of(deps.today()))
    return PublicFigures(
        rows=publish(ended, least),
        with_rhythm=tuple((t.month, share_with_rhythm(t, least)) for t in _rhythms(ended)),
    )


def team_figures(deps: Deps, session: StaffSession, what: str = "opened figures") -> TeamFigures:
    """Return the figures of this person's team with the month under way, and note that they looked.

    Raises:
        NotAllowedError: this role sees no team.
    """
    need_role(deps, session, "team_list")
    current = month_of(deps.today())
    team = session.member.team
    ended = _last_months(_of_team(session, deps.figures.published(team)), current)
    every_live = deps.figures.live(current)
    live = _of_team(session, every_live)
    name = deps.cases.read_force().team_name(team)
    lines = _lines(deps, name, (*live, *ended))
    services = _of_services(deps, every_live, current) if lines else ()
    write_as(deps, session, what)
    promises = (tally for tally in (*ended, *live) if tally.kind != RHYTHM)
    return TeamFigures(
        team=name,
        current=current,
        tallies=added_up(promises, team=team),
        rhythms=_rhythms(ended),
        lines=(*lines, *services),
    )


def _of_services(deps: Deps, live: Iterable[Tally], current: str) -> tuple[LineTally, ...]:
    """Return the lines of the services that have ISVAs, by one request each."""
    found: list[LineTally] = []
    for partner in deps.rules.partners.values():
        if partner.isva:
            ended = _last_months(deps.figures.published(partner.team), current)
            theirs = (t for t in (*live, *ended) if t.team == partner.team)
            found += _lines(deps, partner.name, theirs)
    return tuple(found)


def _lines(deps: Deps, who: str, tallies: Iterable[Tally]) -> tuple[LineTally, ...]:
    """Return the tallies that are of lines, the newest month first, then by number."""
    by_kind = {f"{LINE}:{key}": row for key, row in deps.rules.expectations.items()}
    found = [LineTally(who, by_kind[t.kind], t) for t in tallies if t.kind in by_kind]
    found.sort(key=lambda each: each.row.number)
    return tuple(sorted(found, key=lambda each: each.tally.month, reverse=True))


def compliance_rows(
    deps: Deps, session: StaffSession, first_month: str, last_month: str
) -> tuple[ComplianceRow, ...]:
    """Return one row an event of the Victims' Code for this person's team, after the audit line.

    What is open and late is what was so at the end of the last month; all else is the sum
    of the finished months from the first to the last, both included.

    Raises:
        NotAllowedError: this role sees no team.
    """
    need_role(deps, session, "team_list")
    ended = _of_team(session, deps.figures.published(session.member.team))
    chosen = [tally for tally in ended if first_month <= tally.month <= last_month]
    write_as(deps, session, f"exported the Code figures of {first_month} to {last_month}")
    return tuple(
        _compliance_row(event, [t for t in chosen if t.kind == f"{TELL}:{key}"], last_month)
        for key, event in deps.rules.code_limits.items()
    )


def _compliance_row(event: CodeLimit, tallies: Iterable[Tally], last_month: str) -> ComplianceRow:
    every = tuple(tallies)
    at_the_end = [tally for tally in every if tally.month == last_month]
    return ComplianceRow(
        event=event,
        made=_total(every, MADE),
        kept_in_time=_total(every, KEPT_IN_TIME),
        kept_late=_total(every, KEPT_LATE),
        cancelled=_total(every, CANCELLED),
        open_late=_total(at_the_end, OPEN_LATE),
    )


def _total(tallies: Iterable[Tally], what: str) -> int:
    return sum(tally.count(what) for tally in tallies)


def _of_team(session: StaffSession, tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    return tuple(tally for tally in tallies if tally.team == session.member.team)


def _rhythms(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    return added_up(tally for tally in tallies if tally.kind == RHYTHM)


def _last_months(tallies: Iterable[Tally], current: str) -> tuple[Tally, ...]:
    """Return the last finished months: a month under way changes, and is never published."""
    # NOW sorts behind every month as well.
    every = [tally for tally in tallies if tally.month < current]
    shown = sorted({tally.month for tally in every}, reverse=True)[:MONTHS_SHOWN]
    return tuple(tally for tally in every if tally.month in shown)
