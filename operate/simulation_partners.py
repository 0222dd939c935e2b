"""A simulated year: victims agree to support and think again, and partner agencies work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.agreements import (
    SCOPES,
    Terms,
    agreement_with,
    changed_of,
    last_day,
)
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.promises import LINE, TASK
from chalicelib.services.agree import agree, note_agreement, note_stop, stop_sharing
from chalicelib.services.keep_line import LineDone, keep_own_line
from chalicelib.services.support import open_supported
from chalicelib.services.support_list import open_support_list
from chalicelib.services.support_work import OwnTask, keep_view, mark_done, take_on, view_seen
from operate.simulation_agreed import Agreed
from operate.simulation_scene import PARTNER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalicelib.domain.cases import CaseKey, VictimKey
    from chalicelib.domain.staff import StaffMember, StaffSession
    from chalicelib.services.support import Supported
    from operate.simulation_scene import Deed, Scene

ISVA = "isva_service"
# How often a day, for each victim; who agreed changes or takes it back at times.
AGREES, CHANGES, TAKES_BACK = 0.005, 0.002, 0.003
LISTS_A_DAY, LOOKS, LOOKS_AT_STRANGERS, WRITES = 0.15, 0.1, 0.003, 0.5
DAYS_AGREED = (5, 20, 60, 200, 400)


@dataclass
class Partners:
    """Victims say what partners may see; their people look, and do something for them."""

    scene: Scene

    def __post_init__(self) -> None:
        """Hold all that partners see against what victims said."""
        self._agreed = Agreed(self.scene)

    def deeds(self) -> Iterator[Deed]:
        """Return who agrees to what on a day, and which partner's people are at work."""
        scene, partners = self.scene, list(self.scene.deps.rules.partners)
        for victim, key in scene.lived.victims.items():
            if scene.happens(AGREES):
                # Most support here is that of an ISVA.
                partner = scene.one_of([*partners, ISVA, ISVA])
                yield scene.deed("agree", partial(self._agree, partner, victim, key))
        for partner in partners:
            for victim, terms in self._agreed.said(partner).items():
                key = scene.lived.victims[victim]
                if terms is not None and scene.happens(CHANGES):
                    yield scene.deed("agree", partial(self._agree, partner, victim, key))
                if terms is not None and scene.happens(TAKES_BACK):
                    yield scene.deed("stop", partial(self._stop, partner, victim, key))
        for member in scene.with_role(PARTNER):
            if scene.happens(LISTS_A_DAY):
                yield scene.deed("support", partial(self._support, member))

    # --- victims

    def _agree(self, partner: str, victim: VictimKey, key: CaseKey) -> None:
        scene, deps = self.scene, self.scene.deps
        some = scene.rng.sample(SCOPES, scene.one_of((1, 2, 3, 3)))
        days = timedelta(days=scene.one_of(DAYS_AGREED))
        until = min(deps.today() + days, last_day(deps.today(), deps.rules))
        terms = Terms(frozenset(some), until)
        seen = changed_of(agreement_with(deps.threads.read(victim).agreements, partner))
        if scene.happens(0.05):
            seen = "2025-12-01T09:00:00.000000Z"
        if scene.happens(0.6):
            send = partial(agree, deps, scene.visit(victim), partner, terms, seen=seen)
        else:
            session = scene.in_charge(scene.case(key))
            note = partial(note_agreement, deps, session, key, victim, partner, terms)
            send = partial(note, how="by phone", seen=seen)
        scene.send(key, send)
        self._agreed.said(partner)[victim] = terms

    def _stop(self, partner: str, victim: VictimKey, key: CaseKey) -> None:
        scene, deps = self.scene, self.scene.deps
        if scene.happens(0.6):
            send = partial(stop_sharing, deps, scene.visit(victim), partner)
        else:
            session = scene.in_charge(scene.case(key))
            send = partial(note_stop, deps, session, key, victim, partner, how="by phone")
        theirs = self._tasks_of(partner, victim)
        scene.send(key, send)
        self._agreed.said(partner)[victim] = None
        self._agreed.check_lists(victim)
        officer = scene.case(key).officer.id
        for promise in (p for p in deps.threads.read(victim).owed if p.id in theirs):
            is_over = not promise.is_open and deps.rules.tasks[promise.event].partner_only
            is_back = promise.owner == officer or is_over
            scene.must(is_back, "what a partner was to do is not with the officer in charge")

    def _tasks_of(self, partner: str, victim: VictimKey) -> set[str]:
        """Return what a partner's people are to do for a victim, besides the expectations."""
        team = self.scene.deps.rules.partners[partner].team
        owed = self.scene.deps.threads.read(victim).owed
        return {p.id for p in owed if p.is_open and p.team == team and p.kind == TASK}

    def check(self) -> None:
        """Stop the year if the job of the morning left a partner what ended."""
        self._agreed.check_lists()

    # --- the partner's people

    def _support(self, member: StaffMember) -> None:
        scene, session = self.scene, self.scene.desk(member.id)
        partner = self._partner_of(member)
        page: int | None = 1
        shown: set[VictimKey] = set()
        while page is not None:
            listed = open_support_list(scene.deps, session, page)
            for person in listed.people:
                self._agreed.check_row(partner, person)
                shown.add(person.agreement.victim)
            for task in listed.tasks:
                is_agreed = self._agreed.terms(partner, task.victim) is not None
                scene.must(is_agreed, "a task of who does not agree")
            page = listed.next_page
        said = self._agreed.said(partner)
        agreed = {victim for victim in said if self._agreed.terms(partner, victim) is not None}
        scene.must(shown == agreed, f"{partner} sees other people than those who agreed")
        for victim, key in scene.lived.victims.items():
            if scene.happens(LOOKS if victim in said else LOOKS_AT_STRANGERS):
                scene.clock.tick()
                self._look(session, partner, victim, key)

    def _partner_of(self, member: StaffMember) -> str:
        rows = self.scene.deps.rules.partners.values()
        return next(row.key for row in rows if row.team == member.team)

    def _look(self, session: StaffSession, partner: str, victim: VictimKey, key: CaseKey) -> None:
        scene, terms = self.scene, self._agreed.terms(partner, victim)
        try:
            opened = open_supported(scene.deps, session, key, victim)
        except NotFoundError:
            scene.must(terms is None, "a partner does not see who agreed")
            scene.lived.deeds["support refused"] += 1
            self._try_anyway(session, victim, key)
            return
        if terms is None:
            scene.must(is_so=False, otherwise="a partner sees who does not agree")
            return
        self._agreed.check_page(opened, terms, victim)
        scene.lived.deeds["support opened"] += 1
        if scene.happens(WRITES):
            self._work(session, opened, victim, key)

    def _try_anyway(self, session: StaffSession, victim: VictimKey, key: CaseKey) -> None:
        """Press a button on a page that stayed open: nothing is stored."""
        deps, form = self.scene.deps, self.scene.form()
        own = OwnTask("support", "Ring them.")
        press = self.scene.one_of(
            (
                partial(keep_view, deps, session, key, victim, "Our view.", seen=""),
                partial(take_on, deps, session, key, victim, own, form),
            )
        )
        stored = deps.threads.read(victim)
        try:
            press()
        except NotFoundError:
            self.scene.must(deps.threads.read(victim) == stored, "a refused press left something")
        else:
            self.scene.must(is_so=False, otherwise="a partner wrote for who does not agree")

    def _work(
        self, session: StaffSession, opened: Supported, victim: VictimKey, key: CaseKey
    ) -> None:
        scene, deps = self.scene, self.scene.deps
        tomorrow = deps.today() + timedelta(days=1)
        own = OwnTask("support", "Ring them.", tomorrow if scene.happens(0.3) else None)
        seen, said = view_seen(opened.agreement), f"Our view {scene.number()}."
        form = scene.form()
        scene.clock.tick()
        every: list[tuple[str, Callable[[], object]]] = [
            ("view", partial(keep_view, deps, session, key, victim, said, seen=seen)),
            ("take on", partial(take_on, deps, session, key, victim, own, form)),
        ]
        every += [
            ("done by partner", partial(self._done, session, victim, key, task.id))
            for task in opened.tasks
        ]
        name, do = scene.one_of(every)
        scene.carry_out(name, lambda: scene.send(key, do))

    def _done(
        self, session: StaffSession, victim: VictimKey, key: CaseKey, promise_id: str
    ) -> None:
        deps = self.scene.deps
        owed = deps.threads.read(victim).owed
        kind = next(promise.kind for promise in owed if promise.id == promise_id)
        if kind == LINE:
            done = LineDone(deps.today(), "by phone")
            keep_own_line(deps, session, key, victim, promise_id, done=done)
        else:
            mark_done(deps, session, key, victim, promise_id)
