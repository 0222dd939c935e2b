"""A simulated year: court dates come, move and go, and pleas are recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.cases import COURTS, Hearing, Plea
from chalicelib.services.record_hearing import record_hearing
from chalicelib.services.record_plea import record_plea
from operate.simulation_lived import Noted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from chalicelib.domain.cases import Case, CaseKey, VictimKey
    from chalicelib.domain.staff import StaffSession
    from operate.simulation_scene import Deed, Scene

COURT = "Example Court"
# So many days ahead a date is, mostly far enough to look at the case before it.
AHEAD = (0, 1, 4, 9, 13, 16, 21, 21, 30, 30, 45, 60, 90)
# How often a day, for each case in which somebody is charged; the first date comes soon.
FIRST_DATE, OTHER_DATE, PLEA, PLEA_PUT_RIGHT = 0.08, 0.012, 0.02, 0.001


def court_date(scene: Scene) -> date:
    """Return a day on which a court may sit."""
    return scene.workday(scene.one_of(AHEAD))


@dataclass
class CourtNews:
    """Officers and witness care type what they hear from the court."""

    scene: Scene

    def deeds(self) -> Iterator[Deed]:
        """Return what is heard from the court on a day."""
        for key in self.scene.said:
            chance = self.scene.rng.random()
            if chance < FIRST_DATE:
                yield from self._heard(key, chance)

    def _heard(self, key: CaseKey, chance: float) -> Iterator[Deed]:
        case = self.scene.case(key)
        if self.scene.is_charged(case):
            if chance < (OTHER_DATE if case.next_hearing_on else FIRST_DATE):
                yield self.scene.deed("hearing", partial(self._hearing, key))
            if chance < (PLEA_PUT_RIGHT if case.plea else PLEA):
                yield self.scene.deed("plea", partial(self._plea, key))

    def _hearing(self, key: CaseKey) -> None:
        scene, case = self.scene, self.scene.case(key)
        on = court_date(scene) if scene.happens(0.88) else None
        if scene.happens(0.15):
            # Only who may be needed is another.
            on = case.next_hearing_on
        hearing = Hearing(on, COURT if on else None, self._not_needed(case))
        heard_on = max(case.reported_on, scene.deps.today() - timedelta(scene.one_of((0, 0, 1, 4))))
        seen = case.version - scene.happens(0.03)
        session = self.somebody(case)
        send = partial(record_hearing, scene.deps, session, key, hearing, heard_on=heard_on)
        at = scene.send(key, partial(send, seen=seen))
        scene.typed[key] = hearing, scene.filed(key)
        if on != case.next_hearing_on:
            for victim in case.victims:
                scene.note(at, victim.key, Noted.REOPENED)
        scene.note_dates(at, key)

    def _not_needed(self, case: Case) -> frozenset[VictimKey]:
        return frozenset(v.key for v in case.victims if self.scene.happens(0.15))

    def _plea(self, key: CaseKey) -> None:
        scene, case = self.scene, self.scene.case(key)
        back = scene.deps.today() - timedelta(days=scene.one_of((0, 1, 3, 20)))
        plea = Plea(max(case.reported_on, back), scene.one_of(tuple(COURTS)))
        send = partial(record_plea, scene.deps, self.somebody(case), key, plea)
        scene.send(key, partial(send, seen=case.version))

    def somebody(self, case: Case) -> StaffSession:
        """Return the session of witness care, or of the officer in charge."""
        if self.scene.happens(0.5):
            return self.scene.witness_care(case)
        return self.scene.in_charge(case)
