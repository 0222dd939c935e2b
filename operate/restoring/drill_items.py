"""The invented force of the restore drill: items of every table, made by the hub's own parts.

Cases come through the importer, as from a case file; questions are asked as victims ask them;
codes, sessions and lines of the audit are put by the stores that put them in the service. Only the
codes open nothing: their keys are chance, since deriving each would take longer than the drill.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from chalicelib.domain.access import CaseReference
from chalicelib.domain.case_file import HEADER
from chalicelib.domain.codes import ACTIVE, CodeItem, CodeRecord
from chalicelib.domain.sessions import VictimSession
from chalicelib.services.ask_officer import ask_officer
from chalicelib.services.import_cases import CASE_FILE, import_cases
from chalicelib.services.victim_sessions import session_key
from chalicelib.stores.imports import ImportStore
from operate.desk import FACE_TO_FACE, THE_VICTIM
from operate.restoring.features import RestoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.services.deps import Deps

CRIME_TYPES = ("burglary", "theft", "vehicle", "robbery", "violence")
OFFICERS, VICTIMS_A_CASE, CASES_A_QUESTION = 20, 2, 3
FIRST_REFERENCE = 100_000
# DynamoDB takes 100 writes in a transaction.
LINES_A_WRITE = 100
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Person:
    """A victim with a code and an open session."""

    session: VictimSession
    code: str


def make_force(deps: Deps, cases: int) -> list[Person]:
    """Return the victims of so many new cases; every third case has a question."""
    references = [f"12/{FIRST_REFERENCE + number:06}/34" for number in range(cases)]
    _import(deps, references)
    people = [_let_in(deps, reference, label) for reference in references for label in _labels()]
    for person in people[:: VICTIMS_A_CASE * CASES_A_QUESTION]:
        ask(deps, person, "When will I hear whether anybody was seen?")
    return people


def _labels() -> Iterator[str]:
    return (f"V{number + 1}" for number in range(VICTIMS_A_CASE))


def _import(deps: Deps, references: Sequence[str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cases.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, HEADER, restval="")
            rows.writeheader()
            for number, reference in enumerate(references):
                rows.writerows(_rows(deps, number, reference))
        report = import_cases(deps, ImportStore.alone(), path, CASE_FILE, lambda *_: None)
    if report.rejected:
        raise RestoreError(f"The drill's own cases are not taken: {report.rejected[0].reason}")


def _rows(deps: Deps, number: int, reference: str) -> Iterator[dict[str, str]]:
    officer = number % OFFICERS
    for label in _labels():
        yield {
            "reference": reference,
            "crime_type": CRIME_TYPES[number % len(CRIME_TYPES)],
            "flags": "",
            "reported_on": deps.today().isoformat(),
            "stage": "investigating",
            "officer_id": f"pc-drill-{officer}",
            "officer_name": f"PC Drill {officer}",
            "officer_number": f"{officer:04}",
            "team": f"drill-{officer % 4}",
            "victim_id": label,
            "enhanced_rights": "no",
        }


def _let_in(deps: Deps, reference: str, label: str) -> Person:
    case = deps.keys.case_key(CaseReference(reference))
    victim, now = deps.keys.victim_key(case, label), deps.now()
    code = session_key(deps.new_token())
    record = CodeRecord(deps.new_id(), code, ACTIVE, THE_VICTIM, FACE_TO_FACE, "drill", now)
    session = VictimSession(session_key(deps.new_token()), case, victim, code, now, now)
    deps.ledger.write(
        [
            deps.access.new_code(CodeItem(code, case, victim, ACTIVE, None, now)),
            deps.threads.keep_code_record(victim, record),
            deps.access.new_session(session, now + A_DAY),
            deps.audited(case, f"victim {victim}", "opened the case"),
        ]
    )
    return Person(session, code)


def ask(deps: Deps, person: Person, text: str) -> None:
    """Let a victim ask their officer."""
    ask_officer(deps, person.session, text, deps.new_id())


def add_lines(deps: Deps, lines: int) -> None:
    """Add so many lines to the audit, one reader each."""
    for start in range(0, lines, LINES_A_WRITE):
        deps.ledger.write(
            [
                deps.audited(f"drill-{number}", "drill", "looked at a list")
                for number in range(start, min(lines, start + LINES_A_WRITE))
            ]
        )
