"""What the police say, in memory, as the cases table keeps it; and what only an import writes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from chalicelib.domain.cases import Case, Event, GlassBreak, StageEntry, Told, Update, Victim
from chalicelib.domain.dates import in_london
from chalicelib.domain.staff import Absence, Away, AwayNote, Force, StaffMember, Team
from chalicelib.domain.statements import FiledCase, FileMark
from tests.fake_ledger import FakePart

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.domain.access import CaseReference
    from chalicelib.domain.case_file import CaseFacts
    from chalicelib.domain.cases import (
        CaseKey,
        Hearing,
        Officer,
        OfficerId,
        Plea,
        TeamId,
        VictimKey,
    )
    from chalicelib.domain.promises import Promise
    from tests.fake_threads import FakeThreads

Moment = tuple["datetime", str]


@dataclass(frozen=True)
class File:
    """What the records system's file says of a case."""

    reference: CaseReference
    facts: CaseFacts
    digest: str
    officer_since: date | None = None
    officer_before: str = ""


@dataclass(frozen=True)
class Desk:
    """What was typed in the hub and holds against the file."""

    version: int = 0
    officer: Officer | None = None
    named: frozenset[OfficerId] = frozenset()
    changed_at: datetime | None = None
    officer_since: date | None = None
    officer_before: str = ""
    hearing: Hearing | None = None
    plea: Plea | None = None


@dataclass
class CasePartition:
    """Everything of one case; `made` is the case that it makes, until something changes."""

    file: File | None = None
    desk: Desk | None = None
    entries: dict[Moment, StageEntry] = field(default_factory=dict)
    victims: dict[VictimKey, Victim] = field(default_factory=dict)
    updates: dict[Moment, Update] = field(default_factory=dict)
    events: dict[Moment, Event] = field(default_factory=dict)
    glass: dict[Moment, GlassBreak] = field(default_factory=dict)
    made: Case | None = None


@dataclass
class ForcePartition:
    """Staff, teams and absences."""

    staff: dict[OfficerId, StaffMember] = field(default_factory=dict)
    roles: dict[OfficerId, str] = field(default_factory=dict)
    teams: dict[TeamId, Team] = field(default_factory=dict)
    absences: dict[str, Absence] = field(default_factory=dict)
    away: AwayNote = field(default_factory=AwayNote)


def _unshared(entry: StageEntry) -> StageEntry:
    return replace(
        entry,
        told=MappingProxyType(dict(entry.told)),
        told_beside=MappingProxyType(dict(entry.told_beside)),
    )


def _case_of(key: CaseKey, of: CasePartition) -> Case | None:
    if of.file is None:
        return None
    desk, facts = of.desk or Desk(), of.file.facts
    holder: Desk | File = desk if desk.officer else of.file
    return Case(
        key=key,
        reference=of.file.reference,
        crime_type=facts.crime_type,
        flags=facts.flags,
        reported_on=facts.reported_on,
        officer=desk.officer or facts.officer,
        officer_since=holder.officer_since,
        officer_before=holder.officer_before,
        entries=tuple(of.entries[at] for at in sorted(of.entries)),
        victims=tuple(of.victims[victim] for victim in sorted(of.victims)),
        updates=tuple(of.updates[at] for at in sorted(of.updates)),
        events=tuple(of.events[at] for at in sorted(of.events)),
        glass_breaks=tuple(of.glass[at] for at in sorted(of.glass)),
        named=desk.named,
        court=desk.hearing.court if desk.hearing else facts.court,
        next_hearing_on=desk.hearing.on if desk.hearing else facts.next_hearing_on,
        hearing=desk.hearing,
        filed_on=facts.next_hearing_on,
        plea=desk.plea,
        version=desk.version,
        changed_at=desk.changed_at,
    )


@dataclass
class FakeCases:
    """Reads cases and makes the parts that change them."""

    partitions: defaultdict[CaseKey, CasePartition] = field(
        default_factory=lambda: defaultdict(CasePartition)
    )
    force: ForcePartition = field(default_factory=ForcePartition)

    def read(self, key: CaseKey) -> Case | None:
        of = self.partitions[key]
        if of.made is None:
            of.made = _case_of(key, of)
        return of.made

    def read_force(self) -> Force:
        force = self.force
        return Force(
            staff=tuple(force.staff[key] for key in sorted(force.staff)),
            teams=tuple(force.teams[key] for key in sorted(force.teams)),
            absences=tuple(force.absences[key] for key in sorted(force.absences)),
            roles=dict(force.roles),
            away=force.away,
        )

    def part(
        self,
        key: CaseKey,
        name: str,
        item: Hashable,
        change: Callable[[CasePartition], None],
        holds: Callable[[CasePartition], bool] = lambda _: True,
    ) -> FakePart:
        """Return a part that changes one case; what was read of it is made anew afterwards."""
        of = self.partitions[key]

        def apply() -> None:
            change(of)
            of.made = None

        return FakePart(name, ("case", key, item), apply, lambda: holds(of))

    def new_entry(self, key: CaseKey, entry: StageEntry) -> FakePart:
        at = (entry.recorded_at, entry.id)
        return self.part(
            key,
            "entry",
            ("entry", at),
            lambda of: of.entries.update({at: _unshared(entry)}),
        )

    def told(self, key: CaseKey, entry: StageEntry, victim: VictimKey, told: Told) -> FakePart:
        at = (entry.recorded_at, entry.id)

        def note(of: CasePartition) -> None:
            heard = {**of.entries[at].told, victim: told}
            of.entries[at] = _unshared(replace(of.entries[at], told=heard))

        return self.part(
            key,
            "told",
            ("entry", at),
            note,
            lambda of: at in of.entries and victim not in of.entries[at].told,
        )

    def new_update(self, key: CaseKey, update: Update) -> FakePart:
        at = (update.posted_at, update.id)
        return self.part(key, "update", ("update", at), lambda of: of.updates.update({at: update}))

    def new_event(self, key: CaseKey, event: Event) -> FakePart:
        at = (event.recorded_at, event.id)
        return self.part(key, "event", ("event", at), lambda of: of.events.update({at: event}))

    def keep_victim(self, key: CaseKey, victim: Victim) -> FakePart:
        return self.part(
            key,
            "victim",
            ("victim", victim.key),
            lambda of: of.victims.update({victim.key: victim}),
            lambda of: victim.key in of.victims,
        )

    def desk_change(
        self,
        case: Case,
        *,
        officer: Officer | None,
        at: datetime,
        hearing: Hearing | None = None,
        plea: Plea | None = None,
        file_holds: bool = False,
    ) -> FakePart:
        typed = replace(hearing, filed_on=case.filed_on, typed_at=at) if hearing else None

        def change(desk: Desk) -> Desk:
            before = None if file_holds else desk.hearing
            desk = replace(desk, hearing=typed or before, plea=plea or desk.plea)
            if officer is None:
                return replace(desk, changed_at=at)
            return replace(
                desk,
                changed_at=at,
                officer=officer,
                officer_since=in_london(at).date(),
                officer_before=case.officer.name,
            )

        return self._desk(case, change)

    def name_person(self, case: Case, officer: OfficerId, at: datetime) -> FakePart:
        return self._desk(
            case, lambda desk: replace(desk, named=desk.named | {officer}, changed_at=at)
        )

    def _desk(self, case: Case, change: Callable[[Desk], Desk]) -> FakePart:
        def apply(of: CasePartition) -> None:
            of.desk = replace(change(of.desk or Desk()), version=case.version + 1)

        def is_unmoved(of: CasePartition) -> bool:
            return (of.desk.version if of.desk else 0) == case.version

        return self.part(case.key, "case", "desk", apply, is_unmoved)

    def glass_break(self, key: CaseKey, glass: GlassBreak) -> FakePart:
        at = (glass.at, glass.by)
        return self.part(key, "glass", ("glass", at), lambda of: of.glass.update({at: glass}))

    # --- the force

    def keep_member(self, member: StaffMember) -> FakePart:
        return FakePart(
            "member",
            ("staff", member.id),
            lambda: self.force.staff.update({member.id: member}),
        )

    def note_role(self, member: OfficerId, role: str) -> FakePart:
        return FakePart("role", ("role", member), lambda: self.force.roles.update({member: role}))

    def keep_team(self, team: Team) -> FakePart:
        return FakePart("team", ("team", team.id), lambda: self.force.teams.update({team.id: team}))

    def keep_absence(self, absence: Absence) -> FakePart:
        return FakePart(
            "absence",
            ("absence", absence.id),
            lambda: self.force.absences.update({absence.id: absence}),
        )

    def end_absence(self, absence: str) -> FakePart:
        def end() -> None:
            self.force.absences.pop(absence, None)

        return FakePart("absence", ("absence", absence), end)

    def note_away(self, seen: AwayNote, now: Iterable[Away]) -> FakePart:
        note = AwayNote(tuple(now), seen.version + 1)

        def put() -> None:
            self.force.away = note

        return FakePart("away", "away", put, lambda: self.force.away.version == seen.version)


@dataclass
class FakeImports:
    """What only an import reads and writes, over the same cases and threads."""

    cases: FakeCases
    threads: FakeThreads

    def marks(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, FileMark]:
        found = {key: self.cases.partitions[key] for key in keys}
        return {
            key: FileMark(of.file.digest, of.desk is not None)
            for key, of in found.items()
            if of.file is not None
        }

    def read(self, key: CaseKey) -> FiledCase | None:
        case, of = self.cases.read(key), self.cases.partitions[key]
        if case is None or of.file is None:
            return None
        typed = of.desk is not None and of.desk.officer is not None
        return FiledCase(case, of.file.facts, of.file.digest, officer_typed=typed)

    def new_file(
        self, key: CaseKey, reference: CaseReference, facts: CaseFacts, digest: str
    ) -> FakePart:
        def put(of: CasePartition) -> None:
            of.file = File(reference, facts, digest)

        return self.cases.part(key, "file", "file", put, lambda of: of.file is None)

    def file(
        self,
        key: CaseKey,
        facts: CaseFacts,
        digest: str,
        *,
        handed: tuple[date, Officer] | None = None,
    ) -> FakePart:
        def change(file: File) -> File:
            file = replace(file, facts=facts, digest=digest)
            if handed is None:
                return file
            return replace(file, officer_since=handed[0], officer_before=handed[1].name)

        return self._file(key, change)

    def finished(self, key: CaseKey, digest: str) -> FakePart:
        return self._file(key, lambda file: replace(file, digest=digest))

    def _file(self, key: CaseKey, change: Callable[[File], File]) -> FakePart:
        def put(of: CasePartition) -> None:
            if of.file is not None:
                of.file = change(of.file)

        return self.cases.part(key, "file", "file", put, lambda of: of.file is not None)

    def victim(self, key: CaseKey, victim: Victim) -> FakePart:
        return self.cases.part(
            key,
            "victim",
            ("victim", victim.key),
            lambda of: of.victims.update({victim.key: victim}),
        )

    def entry(self, key: CaseKey, entry: StageEntry, told: Mapping[VictimKey, Told]) -> FakePart:
        at = (entry.recorded_at, entry.id)

        def note(of: CasePartition) -> None:
            stored = of.entries[at]
            beside = entry.told_beside or stored.told_beside
            noted = replace(
                stored, since=entry.since, told_beside=beside, told={**stored.told, **told}
            )
            of.entries[at] = _unshared(noted)

        def none_was_noted(of: CasePartition) -> bool:
            return at in of.entries and not told.keys() & of.entries[at].told.keys()

        return self.cases.part(key, "told", ("entry", at), note, none_was_noted)

    def flag(self, promise: Promise, case: Case, *, safe_mode: bool) -> FakePart:
        return self.threads.flag(promise, case, safe_mode=safe_mode)

    def new_member(self, member: StaffMember) -> FakePart:
        part = self.cases.keep_member(member)
        return replace(part, holds=lambda: member.id not in self.cases.force.staff)

    def new_team(self, team: Team) -> FakePart:
        part = self.cases.keep_team(team)
        return replace(part, holds=lambda: team.id not in self.cases.force.teams)
