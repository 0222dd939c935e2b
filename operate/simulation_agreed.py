"""A simulated year: what partner agencies may see, held against what victims said themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.agreements import SCOPES
from chalicelib.domain.cases import TeamId
from chalicelib.domain.measures import is_from_charge
from chalicelib.domain.promises import LINE
from chalicelib.rules.measures import load_measures
from chalicelib.services.read_case import knows_of_charge
from chalicelib.services.victim_sessions import read_victim

if TYPE_CHECKING:
    from chalicelib.domain.agreements import Terms
    from chalicelib.domain.cases import VictimKey
    from chalicelib.domain.promises import Promise
    from chalicelib.services.support import Supported
    from chalicelib.services.support_list import Person
    from operate.simulation_scene import Scene

NEEDS, DATES, MEASURES = SCOPES
GOES_TO_COURT = ("charged", "court", "closed")


@dataclass
class Agreed:
    """What victims agreed to, and that partners see what holds and nothing else."""

    scene: Scene

    def terms(self, partner: str, victim: VictimKey) -> Terms | None:
        """Return what a victim said that holds today."""
        terms = self.said(partner).get(victim)
        return terms if terms is not None and terms.until >= self.scene.deps.today() else None

    def said(self, partner: str) -> dict[VictimKey, Terms | None]:
        """Return what victims said last of a partner, none for who took it back."""
        return self.scene.lived.agreed.setdefault(partner, {})

    def check_lists(self, of: VictimKey | None = None) -> None:
        """Stop the year if a partner still has something to do for who does not agree.

        Without a victim of all, once the job of the morning has taken back what ended.
        """
        threads = self.scene.deps.threads
        for row in self.scene.deps.rules.partners.values():
            team = TeamId(row.team)
            for promise in threads.open_of_team(team, after=None, limit=10**6).promises:
                is_agreed = self.terms(row.key, promise.victim) is not None
                is_fine = is_agreed or of not in {None, promise.victim}
                self.scene.must(is_fine, f"{row.key} has a promise of who does not agree")

    def check_row(self, partner: str, person: Person) -> None:
        """Stop the year if a row of a partner's list says more than was agreed."""
        scene, terms = self.scene, self.terms(partner, person.agreement.victim)
        scene.must(terms is not None, "a partner lists who does not agree")
        scope = terms.scope if terms else frozenset()
        is_within = (person.needs is None or NEEDS in scope) and (
            not (person.hearing or person.is_red) or DATES in scope
        )
        scene.must(is_within, "a partner's list shows more than was agreed")
        self._check_date(person.agreement.victim, person.hearing)

    def _check_date(self, victim: VictimKey, hearing: object) -> None:
        """Stop the year if a partner reads of a date that the victim's own page does not show."""
        if hearing is not None:
            opened = read_victim(self.scene.deps, self.scene.visit(victim))
            is_told = any(
                e.stage in GOES_TO_COURT and victim in e.told for e in opened.case.entries
            )
            is_known = is_told and opened.shown.next_hearing_on == hearing
            self.scene.must(is_known, "a partner knows more than the victim")

    def check_page(self, opened: Supported, terms: Terms, victim: VictimKey) -> None:
        """Stop the year if a partner's page says more than was agreed, or than the victim knows."""
        scene = self.scene
        scene.must((opened.needs is not None) == (NEEDS in terms.scope), "needs beyond the scope")
        sees_measures = MEASURES in terms.scope
        scene.must((opened.measures is not None) == sees_measures, "measures beyond the scope")
        has_date = bool(opened.hearing or opened.court or opened.is_red)
        scene.must(not has_date or DATES in terms.scope, "dates beyond the scope")
        self._check_date(victim, opened.hearing)
        knows = knows_of_charge(read_victim(scene.deps, scene.visit(victim)), scene.deps.rules)
        told = opened.knows_of_charge or any(map(self._tells_of_charge, opened.tasks))
        rows = load_measures().states
        for measure, step in opened.measures or ():
            told |= is_from_charge(measure.key, rows[step.state], load_measures())
            is_told = step.told is not None or not rows[step.state].told_first
            scene.must(is_told, "a partner reads of a decision before the victim")
        scene.must(knows or not told, "a partner learns of a charge before the victim")

    def _tells_of_charge(self, promise: Promise) -> bool:
        rules = self.scene.deps.rules
        if promise.kind == LINE:
            return rules.expectations[promise.line].from_charge
        return rules.tasks[promise.event].from_charge
