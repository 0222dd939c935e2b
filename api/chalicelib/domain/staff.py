"""Who works with cases, and which cases exist for them (decision D7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from chalicelib.domain.cases import Case, CaseKey, OfficerId, TeamId
from chalicelib.rules import Rules


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of staff as the administrator keeps them."""

    id: OfficerId
    name: str
    number: str
    team: TeamId
    active: bool = True


@dataclass(frozen=True, slots=True)
class Team:
    """A team as the administrator keeps it."""

    id: TeamId
    name: str


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody else answers for an officer; both days belong to it."""

    id: str
    officer: OfficerId
    first_day: date
    last_day: date
    cover: OfficerId

    def covers(self, day: date) -> bool:
        """Return whether the officer is away on this day."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Force:
    """Staff, teams and absences together: one partition, one read.

    `roles` are those of the last sign-ins. They let nobody do anything: what a person
    may do comes with their session.
    """

    staff: tuple[StaffMember, ...]
    teams: tuple[Team, ...]
    absences: tuple[Absence, ...]
    roles: Mapping[OfficerId, str] = field(default_factory=dict)

    def member(self, identity: str) -> StaffMember | None:
        """Return the member of staff with this id, or none."""
        return next((member for member in self.staff if member.id == identity), None)

    def all_teams(self) -> tuple[Team, ...]:
        """Return the teams by name, with those that only the staff list or a file names."""
        named = {team.id: team for team in self.teams}
        unnamed = {m.team: Team(m.team, m.team) for m in self.staff if m.team not in named}
        return tuple(sorted((named | unnamed).values(), key=lambda team: (team.name, team.id)))

    def team_name(self, team: TeamId) -> str:
        """Return the team's name; one that nobody named yet has its id for a name."""
        return next((known.name for known in self.teams if known.id == team), team)

    def cover_of(self, officer: OfficerId, day: date) -> StaffMember | None:
        """Return who answers for an officer on a day when they are away, or none."""
        away = (a for a in self.absences if a.officer == officer and a.covers(day))
        covers = (self.member(absence.cover) for absence in away)
        return next((cover for cover in covers if cover is not None and cover.active), None)

    def covered_by(self, cover: OfficerId, day: date) -> tuple[StaffMember, ...]:
        """Return the officers for whom somebody answers on a day."""
        away = {a.officer for a in self.absences if a.cover == cover and a.covers(day)}
        return tuple(member for member in self.staff if member.id in away)

    def may_get(self, case: Case, member: StaffMember, rules: Rules) -> bool:
        """Return whether a case that is given to this person would exist for them.

        Who has never signed in may get one: case files name people before they come.
        """
        role = rules.roles.get(self.roles.get(member.id, ""))
        if role is None or not member.active:
            return member.active
        from_charge = role.from_charge_only and rules.stages[case.current.stage].from_charge
        return role.sees_cases and (case.restricted or role.team_cases or from_charge)

    def of_team(self, team: TeamId) -> tuple[StaffMember, ...]:
        """Return the active members of a team by name."""
        members = (m for m in self.staff if m.team == team and m.active)
        return tuple(sorted(members, key=lambda member: member.name))


@dataclass(frozen=True, slots=True)
class BrokenGlass:
    """Leave to open one case of another team; a restricted one waits for a second supervisor."""

    by: OfficerId
    name: str
    team: TeamId
    case: CaseKey
    reason: str
    until: datetime
    confirmed_by: OfficerId | None = None


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A signed-in member of staff; `fresh_at` is when they last proved who they are."""

    key: str
    member: StaffMember
    role: str
    started_at: datetime
    seen_at: datetime
    fresh_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignInStart:
    """A sign-in under way: where the browser goes and what its return must agree with."""

    url: str
    state: str
    nonce: str
    verifier: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class StaffClaims:
    """Who the provider says signed in."""

    subject: str
    name: str
    roles: tuple[str, ...]
    auth_time: datetime | None


def case_exists_for(
    session: StaffSession, case: Case, rules: Rules, glass: BrokenGlass | None, now: datetime
) -> bool:
    """Return whether this case exists for this person; otherwise the answer is 404 (D7)."""
    role = rules.roles[session.role]
    if not role.sees_cases:
        return False
    if glass is not None and now < glass.until and (glass.confirmed_by or not case.restricted):
        return True
    if case.restricted:
        return session.member.id == case.officer.id or session.member.id in case.named
    if role.team_cases:
        return session.member.team == case.officer.team or session.member.id == case.officer.id
    if role.from_charge_only:
        return rules.stages[case.current.stage].from_charge
    return False
