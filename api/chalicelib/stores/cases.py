"""The cases table: what the police say, read by one query a case."""

from collections.abc import Iterable
from datetime import date, datetime

from pynamodb.expressions.update import Action

from chalicelib.domain.cases import (
    Case,
    CaseKey,
    Event,
    GlassBreak,
    Hearing,
    Officer,
    OfficerId,
    Plea,
    StageEntry,
    TeamId,
    Told,
    Update,
    Victim,
    VictimKey,
)
from chalicelib.domain.dates import in_london
from chalicelib.stores.force import ForceStore, only, own_id
from chalicelib.stores.ledger import StorePart
from chalicelib.stores.parts import put, update
from chalicelib.stores.tables import (
    CasesTable,
    DeskItem,
    EntryItem,
    EventItem,
    FileItem,
    GlassItem,
    UpdateItem,
    VictimItem,
)
from chalicelib.stores.text import maybe_day, maybe_moment, moment, stamp


class CaseStore(ForceStore):
    """Reads cases and makes the parts that change them; the force has a partition beside them."""

    def read(self, key: CaseKey) -> Case | None:
        """Return the case by one query, or none."""
        items = self.partition(key)
        return case_of(key, items) if items else None

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

    def desk_change(
        self,
        case: Case,
        *,
        officer: Officer | None,
        at: datetime,
        hearing: Hearing | None = None,
        plea: Plea | None = None,
        file_holds: bool = False,
    ) -> StorePart:
        """Move the case's version, perhaps with what was typed; fails when it moved meanwhile.

        `file_holds` if what was typed of the next court date gives way to the file's.
        """
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
        if hearing is not None:
            actions += _hearing_actions(hearing, case.filed_on, at)
        elif file_holds:
            actions += [each.remove() for each in HEARING_TYPED]
        if plea is not None:
            actions += [
                DeskItem.plea_on.set(plea.on.isoformat()),
                DeskItem.plea_court.set(plea.court),
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


HEARING_TYPED = (
    DeskItem.hearing_typed_at,
    DeskItem.hearing_on,
    DeskItem.hearing_court,
    DeskItem.hearing_filed_on,
    DeskItem.not_needed,
)


def _hearing_actions(hearing: Hearing, filed_on: date | None, at: datetime) -> list[Action]:
    """Return what replaces what was typed of the next court date before."""
    typed_at, on, court, filed, not_needed = HEARING_TYPED
    return [
        typed_at.set(stamp(at)),
        on.set(hearing.on.isoformat()) if hearing.on else on.remove(),
        filed.set(filed_on.isoformat()) if filed_on else filed.remove(),
        court.set(hearing.court) if hearing.court else court.remove(),
        not_needed.set(set(hearing.not_needed)) if hearing.not_needed else not_needed.remove(),
    ]


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
    file = next(iter(only(FileItem, items)), None)
    if file is None:
        return None
    desk = next(iter(only(DeskItem, items)), None)
    holder = desk if desk is not None and desk.officer_id else file
    hearing = _hearing(desk)
    return Case(
        key=key,
        reference=file.reference,
        crime_type=file.crime_type,
        flags=frozenset(file.flags or ()),
        reported_on=date.fromisoformat(file.reported_on),
        officer=_officer(holder),
        officer_since=maybe_day(holder.officer_since),
        officer_before=holder.officer_before or "",
        entries=tuple(_entry(item) for item in only(EntryItem, items)),
        victims=tuple(_victim(item) for item in only(VictimItem, items)),
        updates=tuple(_posted(item) for item in only(UpdateItem, items)),
        events=tuple(_event(item) for item in only(EventItem, items)),
        glass_breaks=tuple(_glass(item) for item in only(GlassItem, items)),
        named=frozenset(OfficerId(n) for n in (desk.named or ()) if desk) if desk else frozenset(),
        court=hearing.court if hearing else file.court,
        next_hearing_on=hearing.on if hearing else maybe_day(file.next_hearing_on),
        hearing=hearing,
        filed_on=maybe_day(file.next_hearing_on),
        plea=_plea(desk),
        version=int(desk.version) if desk else 0,
        changed_at=maybe_moment(desk.changed_at) if desk else None,
    )


def _hearing(desk: DeskItem | None) -> Hearing | None:
    if desk is None or desk.hearing_typed_at is None:
        return None
    not_needed = frozenset(VictimKey(key) for key in desk.not_needed or ())
    return Hearing(
        maybe_day(desk.hearing_on),
        desk.hearing_court,
        not_needed,
        filed_on=maybe_day(desk.hearing_filed_on),
        typed_at=moment(desk.hearing_typed_at),
    )


def _plea(desk: DeskItem | None) -> Plea | None:
    if desk is None or desk.plea_on is None:
        return None
    return Plea(date.fromisoformat(desk.plea_on), desk.plea_court or "")


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
        VictimKey(own_id(item)), item.label, bool(item.enhanced_rights), maybe_day(item.left_on)
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
