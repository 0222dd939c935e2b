"""A simulated year: needs are told once, put right and withdrawn, by victims and with staff."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.services.keep_needs import note_need, tell_need, withdraw_need, withdraw_noted
from chalicelib.services.need_changes import NeedTold
from chalicelib.services.open_needs import open_needs
from operate.simulation_lived import Noted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.cases import CaseKey, VictimKey
    from operate.simulation_scene import Deed, Scene

KINDS = ("health", "access", "communication", "fear", "caring", "times", "faith", "other")
WORDS = ("Mornings are bad.", "A chair with arms.", "Please speak slowly.")
# How often a day, for each victim; who told something puts it right or takes it back at times.
TELLS, CHANGES, READS = 0.0016, 0.006, 0.003


@dataclass
class Needs:
    """Victims and staff keep what is known of needs; `_known` is what was said, and holds."""

    scene: Scene
    _known: defaultdict[VictimKey, dict[str, str]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def deeds(self) -> Iterator[Deed]:
        """Return what is told on a day."""
        scene = self.scene
        for victim, key in scene.lived.victims.items():
            known = self._known[victim]
            if scene.happens(CHANGES if known else TELLS):
                yield scene.deed("need", partial(self._tell, victim, key))
            if known and scene.happens(CHANGES / 2):
                yield scene.deed("need withdrawn", partial(self._withdraw, victim, key))
            if known and scene.happens(READS):
                yield scene.deed("needs read", partial(self._read, victim, key))

    def _tell(self, victim: VictimKey, key: CaseKey) -> None:
        scene, known = self.scene, self._known[victim]
        kind = scene.one_of(KINDS)
        words, chosen = scene.one_of(WORDS), ("interpreter",) if kind == "communication" else ()
        part = scene.deps.rules.need_kinds[kind].parts[0]
        is_old = scene.happens(0.05)
        told = NeedTold(kind, {part: words}, chosen, self._seen(victim, kind) + is_old)
        at = scene.send(key, self._sent(victim, key, told))
        if known.get(kind) != words:
            scene.must(not is_old, "a need was told over another than was seen")
            known[kind] = words
            scene.note(at, victim, Noted.NEED, is_so=True)

    def _sent(self, victim: VictimKey, key: CaseKey, told: NeedTold) -> partial[None]:
        deps, scene = self.scene.deps, self.scene
        if scene.happens(0.5):
            return partial(tell_need, deps, scene.visit(victim), told)
        session = scene.in_charge(scene.case(key))
        return partial(note_need, deps, session, key, victim, told)

    def _withdraw(self, victim: VictimKey, key: CaseKey) -> None:
        scene, deps, known = self.scene, self.scene.deps, self._known[victim]
        if not known:
            return
        kind = scene.one_of(sorted(known))
        is_old = scene.happens(0.05)
        seen = self._seen(victim, kind) + is_old
        if scene.happens(0.5):
            send = partial(withdraw_need, deps, scene.visit(victim), kind, seen)
        else:
            session = scene.in_charge(scene.case(key))
            send = partial(withdraw_noted, deps, session, key, victim, kind, seen)
        at = scene.send(key, send)
        scene.must(not is_old, "a need was withdrawn that is another than was seen")
        del known[kind]
        scene.note(at, victim, Noted.NEED, is_so=bool(known))

    def _seen(self, victim: VictimKey, kind: str) -> int:
        """Return what stands on a form that is opened now."""
        need = self.scene.deps.threads.read(victim).needs.of(kind)
        return need.since if need else 0

    def _read(self, victim: VictimKey, key: CaseKey) -> None:
        scene = self.scene
        open_needs(scene.deps, scene.in_charge(scene.case(key)), key, victim)
