"""Puts cases and people into any stores, real or in memory, by parts that both know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.case_file import CaseFacts
from chalicelib.domain.cases import FROM_FILE, Officer, OfficerId, StageEntry, TeamId, Victim
from chalicelib.domain.promises import UPDATE, Promise, Working
from chalicelib.services import promises
from tests.builders import OFFICER, SeededCase, next_reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.access import CaseReference
    from chalicelib.domain.cases import Case
    from chalicelib.services.deps import Deps
    from chalicelib.services.import_ports import ImportStore
    from chalicelib.services.ports import Part
    from tests.fakes import FixedClock


@dataclass(frozen=True)
class Hub:
    """Dependencies over one kind of stores, with the clock that they go by."""

    deps: Deps
    imports: ImportStore
    clock: FixedClock

    def write(self, *parts: Part) -> None:
        """Write parts in one transaction."""
        self.deps.ledger.write(parts)

    def seed(
        self,
        *,
        victims: Sequence[str] = ("V1",),
        stage: str = "investigating",
        flags: Sequence[str] = (),
        officer: Officer = OFFICER,
        hearing_on: date | None = None,
        reference: CaseReference | None = None,
    ) -> SeededCase:
        """Put a case as an import would."""
        reference, deps = reference or next_reference(), self.deps
        key = deps.keys.case_key(reference)
        keys = {label: deps.keys.victim_key(key, label) for label in victims}
        reported_on = date(2026, 11, 2)
        facts = CaseFacts(
            "burglary", frozenset(flags), reported_on, stage, None, None, officer, hearing_on
        )
        entry = StageEntry(deps.new_id(), stage, reported_on, deps.now(), FROM_FILE)
        self.write(
            self.imports.new_file(key, reference, facts, "seeded"),
            deps.cases.new_entry(key, entry),
            *(
                self.imports.victim(key, Victim(victim, label, enhanced_rights=False))
                for label, victim in keys.items()
            ),
        )
        return SeededCase(reference, key, keys)

    def case(self, seeded: SeededCase) -> Case:
        """Return a case as it stands."""
        found = self.deps.cases.read(seeded.key)
        assert found is not None
        return found

    def promise(
        self,
        seeded: SeededCase,
        *,
        officer: Officer = OFFICER,
        days: int = 5,
        kind: str = UPDATE,
        subject: str = "",
    ) -> Promise:
        """Make a promise to a case's first victim, due so many days from now."""
        identity, today = self.deps.new_id(), self.deps.today()
        self.clock.forward(seconds=1)
        made = Promise(
            id=identity,
            kind=kind,
            case_key=seeded.key,
            victim=seeded.victim,
            reference=seeded.reference,
            owed="An update",
            due_on=today + timedelta(days=days),
            made_at=self.deps.now(),
            owner=officer.id,
            owner_name=officer.name,
            team=officer.team,
            made_team=officer.team,
            subject=subject or identity,
            working=Working("rhythm.every_5", today, days, "what was agreed"),
        )
        self.write(*promises.make(self.deps, made))
        return self.stored(made)

    def stored(self, promise: Promise) -> Promise:
        """Return a promise as it is stored."""
        owed = self.deps.threads.read(promise.victim).owed
        return next(one for one in owed if one.id == promise.id)


def officer(name: str) -> Officer:
    """Return an officer of a team that nobody else has."""
    return Officer(OfficerId(f"pc-{name}"), f"PC {name}", "0009", TeamId(f"team-{name}"))
