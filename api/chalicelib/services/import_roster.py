"""Officers and teams that a file names: kept when nobody typed them before."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain.cases import Officer, TeamId
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.services.deps import Deps
from chalicelib.services.import_ports import ImportStore
from chalicelib.services.ports import ConflictError, Part

OFFICERS_A_TRANSACTION = 25
TRIES = 6


class Roster:
    """Knows who and which teams there are, and adds those whom a file names first."""

    def __init__(self, deps: Deps, store: ImportStore) -> None:
        self._deps, self._store = deps, store
        self._read()

    def _read(self) -> None:
        force = self._deps.cases.read_force()
        self._members = {member.id for member in force.staff}
        self._teams = {team.id for team in force.teams}
        self._by_name = {team.name.casefold(): team.id for team in force.teams}

    def placed(self, officer: Officer) -> Officer:
        """Return the officer in the team that the hub knows by the file's word for it."""
        return replace(officer, team=self._team(officer.team))

    def _team(self, text: str) -> TeamId:
        if text in self._teams:
            return TeamId(text)
        return self._by_name.get(text.casefold()) or _team_id(text)

    def keep(self, named: Iterable[Officer]) -> None:
        """Put officers and teams that are not there; what the administrator typed stays.

        Args:
            named: officers as the file names them, their teams in the file's words.
        """
        for _ in range(TRIES):
            missing = {o.id: o for o in named if o.id not in self._members}
            some = list(missing.values())[:OFFICERS_A_TRANSACTION]
            parts = [*self._new_teams(named), *map(self._new_member, some)]
            if not parts:
                return
            line = self._deps.audited("import", "import", "named staff")
            try:
                self._deps.ledger.write([*parts, line])
            except ConflictError:
                # The administrator typed one of them this very moment.
                self._read()
            else:
                self._members |= {officer.id for officer in some}
                self._teams |= {self._team(officer.team) for officer in named}

    def _new_teams(self, named: Iterable[Officer]) -> list[Part]:
        missing = {self._team(o.team): o.team for o in named}
        return [
            self._store.new_team(Team(identity, name))
            for identity, name in missing.items()
            if identity not in self._teams
        ]

    def _new_member(self, officer: Officer) -> Part:
        team = self._team(officer.team)
        return self._store.new_member(StaffMember(officer.id, officer.name, officer.number, team))


def _team_id(name: str) -> TeamId:
    """Return an id fit for an address: "Imported team 01" -> imported-team-01."""
    letters = "".join(letter if letter.isalnum() else " " for letter in name.lower())
    return TeamId("-".join(letters.split()) or name)
