"""A simulated year: what the records system says of cases, through the real importer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.access import CaseReference
from chalicelib.domain.case_file import CaseFacts, CaseRow
from chalicelib.domain.cases import Officer, Told
from chalicelib.domain.import_report import Report
from chalicelib.domain.statements import Statement
from chalicelib.services.import_writer import Writer
from operate.simulation_court import COURT, court_date
from operate.simulation_lived import Noted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from chalicelib.domain.cases import CaseKey
    from operate.simulation_scene import Scene

CRIME_TYPES = (
    "burglary", "theft", "vehicle", "robbery", "violence", "serious_wounding",
    "stalking_harassment", "rape", "rape", "fraud_cyber", "public_order",
)  # fmt: skip
HIGH_HARM_TYPES = ("serious_wounding", "stalking_harassment", "rape")
HIGH_HARM_FLAGS = ("domestic_abuse", "hate", "child")
FLAGS = (*HIGH_HARM_FLAGS, "restricted", "opposed_victims")
STAGES = ("recorded", "assessing", "investigating")
CHARGED = ("charged", "charged")
DECIDED = (CHARGED, CHARGED, ("no_further_action", "no_suspect_found"))
HOW_MANY_VICTIMS = (1, 1, 1, 2, 2, 3)


@dataclass
class Records:
    """Brings new cases, and says other things of those that are there."""

    scene: Scene

    def bring(self, day: date, arriving: int) -> None:
        """Import so many new cases."""
        statements = [Statement.of(self._new_rows(day)) for _ in range(arriving)]
        report = self._take(statements)
        wanted = sum(len(statement.rows) for statement in statements)
        self.scene.must(report.new == wanted, f"not every new case was taken: {report}")
        for statement in statements:
            key = self.scene.deps.keys.case_key(statement.reference)
            self.scene.said[key] = list(statement.rows)
            self._meet(key)

    def say_again(self, day: date) -> None:
        """Import another officer, a decision, one more victim, or the same as before."""
        scene = self.scene
        key = scene.one_of(list(scene.said))
        rows = scene.said[key]
        facts = rows[0].facts
        match scene.one_of(("officer", "decision", "victim", "court", "court", "flag", "nothing")):
            case "officer":
                facts = replace(facts, officer=self._officer())
            case "decision":
                stage, outcome = scene.one_of(DECIDED)
                facts = replace(facts, stage=stage, outcome=outcome, outcome_on=day)
            case "court" if scene.is_charged(scene.case(key)):
                facts = replace(facts, court=COURT, next_hearing_on=self._court_date())
            case "flag":
                facts = replace(facts, flags=facts.flags | {scene.one_of(HIGH_HARM_FLAGS)})
            case "victim":
                number = len(rows) + 1
                rows = [*rows, replace(rows[-1], line=number, victim_id=f"V{number}", told=None)]
        told = Told(day, "phone") if facts.outcome and scene.happens(0.5) else rows[0].told
        rows = [replace(row, facts=facts, told=told) for row in rows]
        scene.said[key] = rows
        report = self._take([Statement.of(rows)])
        scene.must(not report.rejected, f"a row was rejected: {report}")
        scene.file_speaks(key)
        self._meet(key)

    def _meet(self, key: CaseKey) -> None:
        for victim in self.scene.case(key).victims:
            self.scene.lived.victims[victim.key] = key
            if is_high_harm(self.scene.said[key][0]):
                self.scene.note(self.scene.deps.now(), victim.key, Noted.HARM)
        self.scene.note_dates(self.scene.deps.now(), key)

    def _take(self, statements: Sequence[Statement]) -> Report:
        report = Report()
        scene = self.scene
        Writer(scene.deps, scene.imports, lambda _, said: said, report).take(statements)
        return report

    def _court_date(self) -> date | None:
        return court_date(self.scene) if self.scene.happens(0.8) else None

    def _officer(self) -> Officer:
        member = self.scene.one_of(self.scene.officers())
        return Officer(member.id, member.name, member.number, member.team)

    def _new_rows(self, day: date) -> list[CaseRow]:
        scene, number = self.scene, self.scene.number()
        stage, outcome, decided_on = scene.one_of(STAGES), None, None
        if scene.happens(0.12):
            stage, outcome = scene.one_of(DECIDED)
            decided_on = day
        hearing = self._court_date() if stage == "charged" else None
        facts = CaseFacts(
            crime_type=scene.one_of(CRIME_TYPES),
            flags=frozenset(flag for flag in FLAGS if scene.happens(0.06)),
            reported_on=day - timedelta(days=scene.rng.randrange(4)),
            stage=stage,
            outcome=outcome,
            outcome_on=decided_on,
            officer=self._officer(),
            next_hearing_on=hearing,
            court=COURT if hearing else None,
        )
        reference = CaseReference(f"{number % 90 + 10}/{number:06}/{day.year % 100}")
        return [
            CaseRow(
                line=line,
                reference=reference,
                facts=facts,
                victim_id=f"V{line}",
                enhanced_rights=scene.happens(0.2),
                told=Told(day, "phone") if outcome and scene.happens(0.5) else None,
            )
            for line in range(1, scene.one_of(HOW_MANY_VICTIMS) + 1)
        ]


def is_high_harm(row: CaseRow) -> bool:
    """Return whether the police look at such a case before court whatever else is known."""
    facts = row.facts
    return facts.crime_type in HIGH_HARM_TYPES or not facts.flags.isdisjoint(HIGH_HARM_FLAGS)
