"""What only an import reads and writes: file items, victims, court days, first names of staff."""

import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from chalicelib.domain.access import CaseReference
from chalicelib.domain.case_file import CaseFacts
from chalicelib.domain.cases import (
    Case,
    CaseKey,
    Officer,
    OfficerId,
    StageEntry,
    TeamId,
    Told,
    Victim,
    VictimKey,
)
from chalicelib.domain.promises import Promise
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.domain.statements import FiledCase, FileMark
from chalicelib.stores import thread_items
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.budget import RequestBudget
from chalicelib.stores.cases import case_of, entry_item, told_beside_map, victim_item
from chalicelib.stores.force import FORCE
from chalicelib.stores.ledger import StorePart
from chalicelib.stores.parts import put, update
from chalicelib.stores.tables import (
    CasesTable,
    DeskItem,
    EntryItem,
    FileItem,
    PromiseItem,
    StaffItem,
    TeamItem,
)
from chalicelib.stores.text import maybe_day

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

FILE, DESK = "case#file", "case#desk"


class ImportStore:
    """Reads what earlier imports left and makes the parts that only an import writes."""

    def __init__(self, attempts: Attempts) -> None:
        self._attempts = attempts

    @classmethod
    def alone(cls) -> Self:
        """Return a store for a command: its calls have no request whose time they share."""
        # One command waits alone, so there is nobody to keep out of step with.
        budget = RequestBudget(time.monotonic)
        return cls(Attempts(budget, sleep=time.sleep, jitter=lambda: 1.0))

    def marks(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, FileMark]:
        """Return the marks of those of these cases that are there, by batches of reads."""
        wanted = [(key, sort) for key in keys for sort in (FILE, DESK)]
        items = self._attempts.run(
            lambda: list(
                CasesTable.batch_get(
                    wanted,
                    consistent_read=True,
                    attributes_to_get=["pk", "sk", "kind", "digest"],
                )
            )
        )
        desks = {item.pk for item in items if isinstance(item, DeskItem)}
        return {
            CaseKey(item.pk): FileMark(item.digest, item.pk in desks)
            for item in items
            if isinstance(item, FileItem)
        }

    def read(self, key: CaseKey) -> FiledCase | None:
        """Return a case and what its file said last by one query, or none."""
        items = self._attempts.run(lambda: list(CasesTable.query(key, consistent_read=True)))
        case = case_of(key, items)
        file = next((item for item in items if isinstance(item, FileItem)), None)
        if case is None or file is None:
            return None
        desk = next((item for item in items if isinstance(item, DeskItem)), None)
        return FiledCase(
            case, _facts(file), file.digest, officer_typed=bool(desk and desk.officer_id)
        )

    def new_file(
        self, key: CaseKey, reference: CaseReference, facts: CaseFacts, digest: str
    ) -> StorePart:
        """Put what a file says of a new case; fails where the case is."""
        item = FileItem(key, FILE, reference=reference, digest=digest, **_attributes(facts))
        return put("file", item, FileItem.pk.does_not_exist())

    def file(
        self,
        key: CaseKey,
        facts: CaseFacts,
        digest: str,
        *,
        handed: tuple[date, Officer] | None = None,
    ) -> StorePart:
        """Replace what the file said of a case; fails where there is none.

        `handed` is since when the case has another officer, and who had it before.
        """
        actions: list[Action] = [FileItem.digest.set(digest)]
        for name, value in _attributes(facts).items():
            attribute = getattr(FileItem, name)
            actions.append(attribute.remove() if value is None else attribute.set(value))
        if handed is not None:
            actions.append(FileItem.officer_since.set(handed[0].isoformat()))
            actions.append(FileItem.officer_before.set(handed[1].name))
        return update("file", FileItem(key, FILE), actions, FileItem.pk.exists())

    def finished(self, key: CaseKey, digest: str) -> StorePart:
        """Note that everything that follows from the file is done."""
        actions = [FileItem.digest.set(digest)]
        return update("file", FileItem(key, FILE), actions, FileItem.pk.exists())

    def victim(self, key: CaseKey, victim: Victim) -> StorePart:
        """Put or replace a victim."""
        return put("victim", victim_item(key, victim))

    def entry(self, key: CaseKey, entry: StageEntry, told: Mapping[VictimKey, Told]) -> StorePart:
        """Note on an entry its day and who was told; fails if one of them was noted already."""
        unchanged = EntryItem.stage.exists()
        actions: list[Action] = [EntryItem.since.set(entry.since.isoformat())]
        if entry.told_beside:
            actions.append(EntryItem.told_beside.set(told_beside_map(entry)))
        for victim, heard in told.items():
            noted = EntryItem.told[victim]
            unchanged &= noted.does_not_exist()
            actions.append(noted.set({"on": heard.on.isoformat(), "how": heard.how}))
        return update("told", EntryItem(key, entry_item(key, entry).sk), actions, unchanged)

    def flag(self, promise: Promise, case: Case, *, safe_mode: bool) -> StorePart:
        """Let lists show an open promise as the case's flags ask; fails unless it is open."""
        actions = [
            PromiseItem.restricted.set(case.restricted),
            PromiseItem.opposed.set(case.opposed),
            PromiseItem.safe_mode.set(safe_mode),
        ]
        handle = thread_items.promise_handle(promise)
        return update("promise", handle, actions, PromiseItem.open_owner.exists())

    def new_member(self, member: StaffMember) -> StorePart:
        """Put a member of staff; fails where one is."""
        item = StaffItem(
            FORCE,
            f"staff#{member.id}",
            name=member.name,
            number=member.number,
            team=member.team,
            active=member.active,
        )
        return put("member", item, StaffItem.pk.does_not_exist())

    def new_team(self, team: Team) -> StorePart:
        """Put a team; fails where one is."""
        item = TeamItem(FORCE, f"team#{team.id}", name=team.name)
        return put("team", item, TeamItem.pk.does_not_exist())


def _attributes(facts: CaseFacts) -> dict[str, Any]:
    """Return the facts by the names of the item's attributes."""
    days = (facts.reported_on, facts.outcome_on, facts.next_hearing_on)
    reported, decided, hearing = (day.isoformat() if day else None for day in days)
    return {
        "crime_type": facts.crime_type,
        "flags": set(facts.flags) or None,
        "reported_on": reported,
        "stage": facts.stage,
        "outcome": facts.outcome,
        "outcome_on": decided,
        "officer_id": facts.officer.id,
        "officer_name": facts.officer.name,
        "officer_number": facts.officer.number,
        "team": facts.officer.team,
        "court": facts.court,
        "next_hearing_on": hearing,
    }


def _facts(item: FileItem) -> CaseFacts:
    return CaseFacts(
        crime_type=item.crime_type,
        flags=frozenset(item.flags or ()),
        reported_on=date.fromisoformat(item.reported_on),
        stage=item.stage,
        outcome=item.outcome,
        outcome_on=maybe_day(item.outcome_on),
        officer=Officer(
            OfficerId(item.officer_id), item.officer_name, item.officer_number, TeamId(item.team)
        ),
        next_hearing_on=maybe_day(item.next_hearing_on),
        court=item.court,
    )
