"""What tests of importing do again and again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.domain.promises import TELL
from chalicelib.services.import_cases import CASE_FILE, import_cases
from chalicelib.stores.imports import ImportStore
from chalicelib.stores.tables import AuditTable, CasesTable, ThreadsTable
from tests.builders import SeededCase, next_reference
from tests.unit.domain.import_rows import row, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.access import CaseReference
    from chalicelib.domain.cases import Case
    from chalicelib.domain.import_report import Report
    from chalicelib.domain.promises import Promise
    from chalicelib.services.ports import VictimFile
    from tests.integration.conftest import World

DATA = Path(__file__).parents[1] / "data"
DECIDED = {"stage": "no_further_action", "outcome": "no_suspect_found", "outcome_on": "2026-11-10"}
TOLD = {"told_on": "2026-11-11", "told_how": "phone"}
COLLEAGUE = {"officer_id": "pc-other", "officer_name": "PC Other", "officer_number": "0002"}

Cells = dict[str, str]


def load(world: World, path: Path, form: str = CASE_FILE) -> Report:
    """Import a file and return its report."""
    return import_cases(world.deps, ImportStore.alone(), path, form, lambda *_: None)


def counts(report: Report) -> Mapping[str, int]:
    """Return the counts that are not nought."""
    said = report.as_json()
    numbers = {key: len(n) if isinstance(n, list) else n for key, n in said.items()}
    return {key: n for key, n in numbers.items() if n}


def read_case(world: World, reference: CaseReference) -> Case:
    """Return a case as it stands."""
    found = world.deps.cases.read(world.deps.keys.case_key(reference))
    assert found is not None
    return found


@dataclass
class Records:
    """The records system and one case in it, whose file is imported again and again."""

    world: World
    folder: Path
    reference: CaseReference = field(default_factory=next_reference)

    def say(self, *rows: Cells) -> Mapping[str, int]:
        """Import rows of the case, a minute after whatever happened before; return the counts."""
        return counts(self.report(*rows))

    def report(self, *rows: Cells) -> Report:
        """Import rows of the case and return the whole report."""
        self.world.clock.forward(minutes=1)
        path = self.folder / "cases.csv"
        path.write_text(text_of(row(**{"reference": self.reference} | c) for c in rows))
        return load(self.world, path)

    @property
    def case(self) -> Case:
        """Return the case as it stands."""
        return read_case(self.world, self.reference)

    @property
    def seeded(self) -> SeededCase:
        """Return the case as tests of pages know one."""
        case = self.case
        return SeededCase(self.reference, case.key, {v.label: v.key for v in case.victims})

    def file(self, label: str = "V1") -> VictimFile:
        """Return what passed with a victim."""
        return self.world.deps.threads.read(self.seeded.victims[label])

    def to_tell(self, label: str = "V1") -> list[Promise]:
        """Return the open promises to tell a victim of news."""
        return [p for p in self.file(label).owed if p.kind == TELL and p.is_open]

    def on_list_of(self, officer: str, *kinds: str) -> list[Promise]:
        """Return the rows of this case in an officer's worklist, perhaps of some kinds only."""
        page = self.world.deps.threads.open_of_owner(officer, after=None, limit=100_000)  # type: ignore[arg-type]
        rows = [promise for promise in page.promises if promise.reference == self.reference]
        return [row for row in rows if not kinds or row.kind in kinds]

    def items(self) -> list[str]:
        """Return everything that is stored of the case and its victims."""
        found: list[CasesTable | ThreadsTable] = [*CasesTable.query(self.case.key)]
        for victim in self.case.victims:
            found += list(ThreadsTable.query(victim.key))
        return [repr(item.serialize()) for item in found]

    def audit(self) -> list[AuditTable]:
        """Return the lines of imports that name the case."""
        lines = AuditTable.query("import")
        return [line for line in lines if self.case.key in (line.cases or ())]
