"""The force's partition of the cases table: staff, teams, absences, read by one query."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from chalicelib.domain.cases import OfficerId, TeamId
from chalicelib.domain.staff import Absence, Away, AwayNote, Force, StaffMember, Team
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.ledger import StorePart
from chalicelib.stores.parts import delete, put
from chalicelib.stores.tables import (
    AbsenceItem,
    AwayItem,
    CasesTable,
    RoleItem,
    StaffItem,
    TeamItem,
)

FORCE = "force"
AWAY = "away"
M = TypeVar("M", bound=CasesTable)


class ForceStore:
    """Reads who works here and makes the parts that change it."""

    def __init__(self, attempts: Attempts) -> None:
        self._attempts = attempts

    def partition(self, pk: str) -> list[CasesTable]:
        """Return every item of a partition by one query."""
        return self._attempts.run(lambda: list(CasesTable.query(pk, consistent_read=True)))

    def read_force(self) -> Force:
        """Return staff, teams and absences by one query."""
        items = self.partition(FORCE)
        return Force(
            staff=tuple(_member(item) for item in only(StaffItem, items)),
            teams=tuple(Team(TeamId(own_id(i)), i.name) for i in only(TeamItem, items)),
            absences=tuple(_absence(item) for item in only(AbsenceItem, items)),
            roles={OfficerId(own_id(item)): item.role for item in only(RoleItem, items)},
            away=away_note(next(iter(only(AwayItem, items)), None)),
        )

    def keep_member(self, member: StaffMember) -> StorePart:
        """Put or replace a member of staff."""
        item = StaffItem(
            FORCE,
            f"staff#{member.id}",
            name=member.name,
            number=member.number,
            team=member.team,
            active=member.active,
            email=member.email or None,
        )
        return put("member", item)

    def note_role(self, member: OfficerId, role: str) -> StorePart:
        """Put the role with which a member of staff signed in."""
        return put("role", RoleItem(FORCE, f"role#{member}", role=role))

    def keep_team(self, team: Team) -> StorePart:
        """Put or replace a team."""
        return put("team", TeamItem(FORCE, f"team#{team.id}", name=team.name))

    def keep_absence(self, absence: Absence) -> StorePart:
        """Put an absence."""
        item = AbsenceItem(
            FORCE,
            f"absence#{absence.id}",
            officer=absence.officer,
            first_day=absence.first_day.isoformat(),
            last_day=absence.last_day.isoformat(),
            cover=absence.cover,
        )
        return put("absence", item)

    def end_absence(self, absence: str) -> StorePart:
        """Delete an absence."""
        item = AbsenceItem(FORCE, f"absence#{absence}")
        return delete("absence", item)

    def note_away(self, seen: AwayNote, now: Iterable[Away]) -> StorePart:
        """Replace what victims read of absences; fails when it was replaced meanwhile."""
        item = AwayItem(FORCE, AWAY, version=seen.version + 1, absences=[*map(_away_json, now)])
        unmoved = (
            AwayItem.version == seen.version if seen.version else AwayItem.version.does_not_exist()
        )
        return put("away", item, unmoved)


def only(model: type[M], items: Iterable[CasesTable]) -> list[M]:
    """Return the items of one kind."""
    return [item for item in items if isinstance(item, model)]


def own_id(item: CasesTable) -> str:
    """Return what stands behind the kind in an item's sort key."""
    return item.sk.split("#", 1)[1]


def _member(item: StaffItem) -> StaffMember:
    return StaffMember(
        OfficerId(own_id(item)),
        item.name,
        item.number,
        TeamId(item.team),
        bool(item.active),
        item.email or "",
    )


def _absence(item: AbsenceItem) -> Absence:
    return Absence(
        own_id(item),
        OfficerId(item.officer),
        date.fromisoformat(item.first_day),
        date.fromisoformat(item.last_day),
        OfficerId(item.cover),
    )


def away_note(item: AwayItem | None) -> AwayNote:
    """Return what is noted of absences, nothing where there is no item yet."""
    if item is None:
        return AwayNote()
    return AwayNote(tuple(map(_away, item.absences)), int(item.version))


def _away_json(away: Away) -> dict[str, str]:
    return {
        "officer": away.officer,
        "first": away.first_day.isoformat(),
        "last": away.last_day.isoformat(),
        "cover": away.cover,
        "name": away.name,
    }


def _away(value: dict[str, str]) -> Away:
    return Away(
        OfficerId(value["officer"]),
        date.fromisoformat(value["first"]),
        date.fromisoformat(value["last"]),
        OfficerId(value["cover"]),
        value["name"],
    )
