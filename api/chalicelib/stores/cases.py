"""The cases table: what the police say, read by one query a case."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeVar

from pynamodb.expressions.update import Action

from chalicelib.domain.cases import (
    Case,
    CaseKey,
    Event,
    GlassBreak,
    Officer,
    OfficerId,
    StageEntry,
    TeamId,
    Told,
    Update,
    Victim,
    VictimKey,
)
from chalicelib.domain.dates import in_london
from chalicelib.domain.staff import Absence, Away, AwayNote, Force, StaffMember, Team
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.ledger import StorePart
from chalicelib.stores.parts import delete, put, update
from chalicelib.stores.tables import (
    AbsenceItem,
    AwayItem,
    CasesTable,
    DeskItem,
    EntryItem,
    EventItem,
    FileItem,
    GlassItem,
    RoleItem,
    StaffItem,
    TeamItem,
    UpdateItem,
    VictimItem,
)
from chalicelib.stores.text import maybe_day, maybe_moment, moment, stamp

FORCE = "force"
AWAY = "away"
M = TypeVar("M", bound=CasesTable)


class CaseStore:
    """Reads cases and makes the parts that change them."""

    def __init__(self, attempts: Attempts) -> None:
        self._attempts = attempts

    def read(self, key: CaseKey) -> Case | None:
        """Return the case by one query, or none."""
        items = self._partition(key)
        return case_of(key, items) if items else None

    def read_force(self) -> Force:
        """Return staff, teams and absences by one query."""
        items = self._partition(FORCE)
        return Force(
            staff=tuple(_member(item) for item in _only(StaffItem, items)),
            teams=tuple(Team(TeamId(_id(i)), i.name) for i in _only(TeamItem, items)),
            absences=tuple(_absence(item) for item in _only(AbsenceItem, items)),
            roles={OfficerId(_id(item)): item.role for item in _only(RoleItem, items)},
            away=away_note(next(iter(_only(AwayItem, items)), None)),
        )

    def _partition(self, pk: str) -> list[CasesTable]:
        return self._attempts.run(lambda: list(CasesTable.query(pk, consistent_read=True)))

    def new_entry(self, key: CaseKey, entry: StageEntry) -> StorePart:
        """Put a stage entry."""
        return put("entry", entry_item(key, entry))

    def told(self, key: CaseKey, entry: StageEntry, victim: VictimKey, told: Told) -> StorePart:
        """Note on an entry when and how a victim heard it; fails if it was noted already."""
        item = EntryItem(key, _entry_key(entry))
        not_told_yet = EntryItem.told[victim].does_not_exist() & EntryItem.stage.exists()
        action = EntryItem.told[victim].set(_told_map(told))
        return update("told", item, [action], not_told_yet)

    def new_update(self, key: CaseKey, update: Update) -> StorePart:
        """Put an update."""
        item = UpdateItem(
            key,
            f"update#{stamp(update.posted_at)}#{update.id}",
            text=update.text,
            posted_at=stamp(update.posted_at),
            to=set(update.to),
            entry_id=update.entry_id,
        )
        return put("update", item)

    def new_event(self, key: CaseKey, event: Event) -> StorePart:
        """Put an event of the Code."""
        item = EventItem(
            key,
            f"event#{stamp(event.recorded_at)}#{event.id}",
            event=event.key,
            happened_on=event.happened_on.isoformat(),
            recorded_at=stamp(event.recorded_at),
            by=event.by,
            to=set(event.victims),
        )
        return put("event", item)

    def keep_victim(self, key: CaseKey, victim: Victim) -> StorePart:
        """Replace what is known of a victim; fails when they are not of the case."""
        return put("victim", victim_item(key, victim), VictimItem.pk.exists())

    def desk_change(self, case: Case, *, officer: Officer | None, at: datetime) -> StorePart:
        """Move the case's version, perhaps with a new officer; fails when it moved meanwhile."""
        actions: list[Action] = [DeskItem.changed_at.set(stamp(at))]
        if officer is not None:
            actions += [
                DeskItem.officer_id.set(officer.id),
                DeskItem.officer_name.set(officer.name),
                DeskItem.officer_number.set(officer.number),
                DeskItem.team.set(officer.team),
                DeskItem.officer_since.set(in_london(at).date().isoformat()),
                DeskItem.officer_before.set(case.officer.name),
            ]
        return self._desk(case, actions)

    def name_person(self, case: Case, officer: OfficerId, at: datetime) -> StorePart:
        """Let one more person open a restricted case; moves the version."""
        return self._desk(case, [DeskItem.named.add({officer}), DeskItem.changed_at.set(stamp(at))])

    def _desk(self, case: Case, actions: list[Action]) -> StorePart:
        # The first change makes the item; from then on only the version that was read may move.
        unmoved = (
            DeskItem.version == case.version if case.version else DeskItem.version.does_not_exist()
        )
        actions = [DeskItem.version.set(case.version + 1), DeskItem.kind.set(DeskItem), *actions]
        return update("case", DeskItem(case.key, "case#desk"), actions, unmoved)

    def glass_break(self, key: CaseKey, glass: GlassBreak) -> StorePart:
        """Put the note that the officer in charge sees."""
        item = GlassItem(
            key,
            f"glass#{stamp(glass.at)}#{glass.by}",
            by=glass.by,
            name=glass.name,
            reason=glass.reason,
            at=stamp(glass.at),
        )
        return put("glass", item)

    def keep_member(self, member: StaffMember) -> StorePart:
        """Put or replace a member of staff."""
        item = StaffItem(
            FORCE,
            f"staff#{member.id}",
            name=member.name,
            number=member.number,
            team=member.team,
            active=member.active,
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


def entry_item(key: CaseKey, entry: StageEntry) -> EntryItem:
    """Return the item of a stage entry."""
    return EntryItem(
        key,
        _entry_key(entry),
        stage=entry.stage,
        outcome=entry.outcome,
        since=entry.since.isoformat(),
        recorded_at=stamp(entry.recorded_at),
        origin=entry.origin,
        told={victim: _told_map(told) for victim, told in entry.told.items()},
        told_beside=told_beside_map(entry) or None,
        court_before=entry.court_before,
        hearing_before=entry.hearing_before.isoformat() if entry.hearing_before else None,
    )


def victim_item(key: CaseKey, victim: Victim) -> VictimItem:
    """Return the item of a victim."""
    return VictimItem(
        key,
        f"victim#{victim.key}",
        label=victim.label,
        enhanced_rights=victim.enhanced_rights,
        left_on=victim.left_on.isoformat() if victim.left_on else None,
    )


def told_beside_map(entry: StageEntry) -> dict[str, str]:
    """Return the days of telling that a file had beside an entry, as they are stored."""
    return {victim: day.isoformat() for victim, day in entry.told_beside.items()}


def case_of(key: CaseKey, items: Iterable[CasesTable]) -> Case | None:
    """Return the case that these items of its partition make, or none without its file."""
    items = list(items)
    file = next(iter(_only(FileItem, items)), None)
    if file is None:
        return None
    desk = next(iter(_only(DeskItem, items)), None)
    holder = desk if desk is not None and desk.officer_id else file
    return Case(
        key=key,
        reference=file.reference,
        crime_type=file.crime_type,
        flags=frozenset(file.flags or ()),
        reported_on=date.fromisoformat(file.reported_on),
        officer=_officer(holder),
        officer_since=maybe_day(holder.officer_since),
        officer_before=holder.officer_before or "",
        entries=tuple(_entry(item) for item in _only(EntryItem, items)),
        victims=tuple(_victim(item) for item in _only(VictimItem, items)),
        updates=tuple(_posted(item) for item in _only(UpdateItem, items)),
        events=tuple(_event(item) for item in _only(EventItem, items)),
        glass_breaks=tuple(_glass(item) for item in _only(GlassItem, items)),
        named=frozenset(OfficerId(n) for n in (desk.named or ()) if desk) if desk else frozenset(),
        court=file.court,
        next_hearing_on=maybe_day(file.next_hearing_on),
        version=int(desk.version) if desk else 0,
        changed_at=maybe_moment(desk.changed_at) if desk else None,
    )


def _only(model: type[M], items: Iterable[CasesTable]) -> list[M]:
    return [item for item in items if isinstance(item, model)]


def _id(item: CasesTable) -> str:
    return item.sk.split("#", 1)[1]


def _entry_key(entry: StageEntry) -> str:
    return f"entry#{stamp(entry.recorded_at)}#{entry.id}"


def _told_map(told: Told) -> dict[str, str]:
    return {"on": told.on.isoformat(), "how": told.how}


def _officer(item: FileItem | DeskItem) -> Officer:
    return Officer(
        OfficerId(item.officer_id or ""),
        item.officer_name or "",
        item.officer_number or "",
        TeamId(item.team or ""),
    )


def _entry(item: EntryItem) -> StageEntry:
    told = item.told.as_dict() if hasattr(item.told, "as_dict") else dict(item.told or {})
    return StageEntry(
        id=item.sk.rsplit("#", 1)[1],
        stage=item.stage,
        outcome=item.outcome,
        since=date.fromisoformat(item.since),
        recorded_at=moment(item.recorded_at),
        origin=item.origin,
        told={
            VictimKey(victim): Told(date.fromisoformat(value["on"]), value["how"])
            for victim, value in told.items()
        },
        told_beside={
            VictimKey(victim): date.fromisoformat(day)
            for victim, day in (item.told_beside or {}).items()
        },
        court_before=item.court_before,
        hearing_before=maybe_day(item.hearing_before),
    )


def _victim(item: VictimItem) -> Victim:
    return Victim(
        VictimKey(_id(item)), item.label, bool(item.enhanced_rights), maybe_day(item.left_on)
    )


def _event(item: EventItem) -> Event:
    return Event(
        id=item.sk.rsplit("#", 1)[1],
        key=item.event,
        happened_on=date.fromisoformat(item.happened_on),
        recorded_at=moment(item.recorded_at),
        by=item.by,
        victims=frozenset(VictimKey(key) for key in item.to),
    )


def _posted(item: UpdateItem) -> Update:
    return Update(
        id=item.sk.rsplit("#", 1)[1],
        text=item.text,
        posted_at=moment(item.posted_at),
        to=frozenset(VictimKey(key) for key in item.to),
        entry_id=item.entry_id,
    )


def _glass(item: GlassItem) -> GlassBreak:
    return GlassBreak(OfficerId(item.by), item.name, item.reason, moment(item.at))


def _member(item: StaffItem) -> StaffMember:
    return StaffMember(
        OfficerId(_id(item)), item.name, item.number, TeamId(item.team), bool(item.active)
    )


def _absence(item: AbsenceItem) -> Absence:
    return Absence(
        _id(item),
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
