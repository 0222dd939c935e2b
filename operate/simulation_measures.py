"""A simulated year: measures are wished, talked about, asked and applied for, and decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.measures import PARTLY, REFUSED, next_states
from chalicelib.domain.tellings import WAYS_OF_TELLING
from chalicelib.domain.wishes import view_mark
from chalicelib.rules.measures import load_measures
from chalicelib.services.keep_measures import StepGiven, first_day, keep_step
from chalicelib.services.wish_measures import change_mind, say_view, wish_measures, withdraw_wish
from operate.simulation_lived import Noted
from operate.simulation_news import told_since

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalicelib.domain.cases import CaseKey, VictimKey
    from operate.simulation_scene import Deed, Scene

VIEWS = ("I want to be heard.", "It frightens me.", "I am not sure yet.")
# How often a day, for each victim.
WISHES, SAYS, STEPS, STEPS_WHILE_OPEN = 0.002, 0.006, 0.0015, 0.03


@dataclass
class Measures:
    """Victims say what they wish; officers and witness care record how far it is.

    `_some` are those for whom a measure is there.
    """

    scene: Scene
    _some: set[VictimKey] = field(default_factory=set)

    def deeds(self) -> Iterator[Deed]:
        """Return what becomes of measures on a day."""
        scene = self.scene
        for victim, key in scene.lived.victims.items():
            has_some = victim in self._some
            if scene.happens(WISHES):
                yield scene.deed("wish", partial(self._wish, victim))
            if has_some and scene.happens(SAYS):
                yield scene.deed("say view", partial(self._say, victim))
            if scene.happens(STEPS_WHILE_OPEN if has_some else STEPS):
                yield scene.deed("step", partial(self._step, victim, key))

    def _wish(self, victim: VictimKey) -> None:
        scene, rows = self.scene, list(load_measures().measures)
        session, keys = scene.visit(victim), scene.rng.sample(rows, scene.one_of((1, 1, 2, 4)))
        scene.send(session.case, partial(wish_measures, scene.deps, session, [*keys, "nothing"]))
        self._some.add(victim)

    def _say(self, victim: VictimKey) -> None:
        scene, deps, session = self.scene, self.scene.deps, self.scene.visit(victim)
        measure = scene.one_of(deps.threads.read(victim).measures)
        view, mark = scene.one_of(VIEWS), view_mark(measure.view)
        if scene.happens(0.15):
            mark = view_mark("what stood there before")
        say: Callable[[], object]
        match scene.one_of(("view", "mind", "mind", "withdraw")):
            case "view":
                say = partial(say_view, deps, session, measure.key, view, mark=mark)
            case "mind":
                say = partial(change_mind, deps, session, measure.key)
            case _:
                say = partial(withdraw_wish, deps, session, measure.key)
        scene.send(session.case, say)

    def _step(self, victim: VictimKey, key: CaseKey) -> None:
        scene, deps, rules = self.scene, self.scene.deps, load_measures()
        case, file = scene.case(key), deps.threads.read(victim)
        there = [measure.key for measure in file.measures]
        name = scene.one_of(there if there and scene.happens(0.9) else list(rules.measures))
        measure = file.measure(name)
        state = scene.one_of([row.key for row in next_states(measure, rules)])
        today, first = deps.today(), first_day(case, measure)
        on = max(first, today - timedelta(days=scene.one_of((0, 0, 1, 5))))
        decided = rules.states[state].decided
        told = told_since(scene, on, list(WAYS_OF_TELLING)) if scene.happens(0.5) else None
        seen, is_old = measure.version if measure else 0, scene.happens(0.04)
        given = StepGiven(name, state, on, seen=seen + is_old, told=told if decided else None)
        session = scene.witness_care(case) if scene.happens(0.3) else scene.in_charge(case)
        send = partial(keep_step, deps, session, key, victim, given, form_key=scene.form())
        at = scene.send(key, send)
        scene.must(not is_old, "a step was recorded upon another measure than was seen")
        self._some.add(victim)
        scene.lived.deeds[f"step {state}"] += 1
        if state in {REFUSED, PARTLY}:
            scene.note(at, victim, Noted.REOPENED)
