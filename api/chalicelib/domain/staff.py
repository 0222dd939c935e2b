"""Who works with cases, and which cases exist for them (decision D7)."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime

from chalicelib.domain.cases import Case, CaseKey, OfficerId, TeamId
from chalicelib.frozen import frozen
from chalicelib.rules import Rules

SUPERVISOR = "supervisor"
NOBODY = OfficerId("")


@frozen
class StaffMember:
    """A member of staff as the administrator keeps them; `email` is at work, empty if unknown."""

    id: OfficerId
    name: str
    number: str
    team: TeamId
    active: bool = True
    email: str = ""


@frozen
class Team:
    """A team as the administrator keeps it."""

    id: TeamId
    name: str


@frozen
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


@frozen
class Away:
    """An absence as a victim may read it; `name` is empty where nobody answers meanwhile."""

    officer: OfficerId
    first_day: date
    last_day: date
    cover: OfficerId
    name: str

    def covers(self, day: date) -> bool:
        """Return whether the officer is away on this day."""
        return self.first_day <= day <= self.last_day


@frozen
class AwayNote:
    """Who is away, now or later, noted in one item that a victim's page reads beside its session.

    Its version lets two administrators never lose one another's absences.
    """

    absences: tuple[Away, ...] = ()
    version: int = 0

    def of(self, officer: OfficerId, day: date) -> Away | None:
        """Return until when an officer is away on a day and who answers on it, or none.

        Of several absences that one counts in which somebody answers, then the longest.
        """
        away = [each for each in self.absences if each.officer == officer and each.covers(day)]
        gone = {each.officer for each in self.absences if each.covers(day)}
        answered = [each for each in away if each.name and each.cover not in gone]
        alone = [replace(each, cover=NOBODY, name="") for each in away]
        return max(answered or alone, key=lambda each: each.last_day, default=None)


@frozen
class Force:
    """Staff, teams and absences together: one partition, one read.

    `roles` are those of the last sign-ins. They let nobody do anything: what a person
    may do comes with their session. `away` is what is noted of the absences for victims.
    """

    staff: tuple[StaffMember, ...]
    teams: tuple[Team, ...]
    absences: tuple[Absence, ...]
    roles: Mapping[OfficerId, str] = field(default_factory=dict)
    away: AwayNote = AwayNote()

    def away_from(self, day: date) -> tuple[Away, ...]:
        """Return the absences that are not over on a day, as they are noted for victims."""
        names = {member.id: member.name for member in self.staff if member.active}
        still = (absence for absence in self.absences if absence.last_day >= day)
        return tuple(
            Away(a.officer, a.first_day, a.last_day, a.cover, names.get(a.cover, ""))
            for a in sorted(still, key=lambda a: (a.first_day, a.id))
        )

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

    def is_away(self, officer: OfficerId, day: date) -> bool:
        """Return whether an officer is away on a day, whether or not somebody answers for them."""
        return any(a.officer == officer and a.covers(day) for a in self.absences)

    def supervisors_of(self, team: TeamId, day: date) -> tuple[StaffMember, ...]:
        """Return a team's supervisors, those who are there on this day first, then by name.

        Who signed in as a supervisor last is one; who never signed in is not known to be.
        """
        members = (m for m in self.of_team(team) if self.roles.get(m.id) == SUPERVISOR)
        return tuple(sorted(members, key=lambda m: (self.is_away(m.id, day), m.name, m.id)))

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


@frozen
class BrokenGlass:
    """Leave to open one case of another team; a restricted one waits for a second supervisor."""

    by: OfficerId
    name: str
    team: TeamId
    case: CaseKey
    reason: str
    until: datetime
    confirmed_by: OfficerId | None = None


@frozen
class BulkRequest:
    """Many promises of a team that a supervisor asks to give to one person; another decides.

    `chosen` are the ids of rows; `owners` says who has them now, `late` how many are late.
    Once decided, `decided_by` is who did; then either `refused_why` or how many are `there`.
    """

    by: OfficerId
    name: str
    role: str
    team: TeamId
    chosen: tuple[str, ...]
    owners: str
    late: int
    to: OfficerId
    to_name: str
    reason: str
    asked_at: datetime
    until: datetime
    decided_by: str = ""
    refused_why: str = ""
    there: int = 0

    def waits(self, now: datetime) -> bool:
        """Return whether somebody can still decide."""
        return not self.decided_by and now < self.until


@frozen
class BulkRequests:
    """The requests of all teams, one a team at most; `version` moves with every change."""

    version: int = 0
    requests: tuple[BulkRequest, ...] = ()


@frozen
class StaffSession:
    """A signed-in member of staff; `fresh_at` is when they last proved who they are."""

    key: str
    member: StaffMember
    role: str
    started_at: datetime
    seen_at: datetime
    fresh_at: datetime | None


@frozen
class SignInStart:
    """A sign-in under way: where the browser goes and what its return must agree with."""

    url: str
    state: str
    nonce: str
    verifier: str
    started_at: datetime


@frozen
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
