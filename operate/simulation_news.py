"""A simulated year: what happens in cases, and what victims and supervisors want."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.cases import Told, is_decided
from chalicelib.domain.events import events_to_record, ways_of
from chalicelib.domain.staff import BulkRequest
from chalicelib.domain.tellings import WAYS_OF_TELLING, outcomes_to_record
from chalicelib.services.ask_officer import ask_officer
from chalicelib.services.board import open_board
from chalicelib.services.bulk_requests import ask_bulk, asking_id, confirm_bulk
from chalicelib.services.choose_rhythm import agree_rhythm, choose_rhythm
from chalicelib.services.hand_over import hand_over
from chalicelib.services.leave_case import record_back, record_left
from chalicelib.services.post_update import Post, post_update
from chalicelib.services.reassign import Reassignment, TooManyError, reassign
from chalicelib.services.record_event import EventNews, record_event
from chalicelib.services.record_outcome import News, record_outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from chalicelib.domain.cases import Case, CaseKey, VictimKey
    from chalicelib.domain.staff import StaffMember
    from operate.simulation_scene import Deed, Scene

RHYTHMS = ("every_5", "every_10", "every_10", "every_20", "every_20", "no_updates")
RELEASED = ("released_bail", "released_rui")
CHARGED = ("charged", "charged")
NO_DECISIONS = (None, None, "suspect_spoken_to", "with_cps")
WHY_GIVEN = "They have more on their list than they can do."
# How often a day, for each victim and for each case.
ASKS, CHOOSES = 0.008, 0.004
BOARD_A_DAY = 0.15


@dataclass
class Victims:
    """Victims ask, and choose how often they hear."""

    scene: Scene

    def deeds(self) -> Iterator[Deed]:
        """Return what victims do on a day."""
        for victim in self.scene.lived.victims:
            if self.scene.happens(ASKS):
                yield self.scene.deed("ask", partial(self._ask, victim))
            if self.scene.happens(CHOOSES):
                yield self.scene.deed("choose rhythm", partial(self._choose, victim))

    def _ask(self, victim: VictimKey) -> None:
        scene, session, form = self.scene, self.scene.visit(victim), self.scene.form()
        scene.send(session.case, lambda: ask_officer(scene.deps, session, "Any news?", form))

    def _choose(self, victim: VictimKey) -> None:
        session, rhythm = self.scene.visit(victim), self.scene.one_of(RHYTHMS)
        self.scene.send(session.case, partial(choose_rhythm, self.scene.deps, session, rhythm))


@dataclass
class Supervisors:
    """Supervisors look at their board and give some of it to others of the team."""

    scene: Scene

    def deeds(self) -> Iterator[Deed]:
        """Return who looks at their board on a day."""
        for member in self.scene.supervisors():
            if self.scene.happens(BOARD_A_DAY):
                yield self.scene.deed("board", partial(self._board, member))

    def _board(self, member: StaffMember) -> None:
        scene, deps = self.scene, self.scene.deps
        board = open_board(deps, scene.desk(member.id), scene.one_of(("", "late", "away")))
        rows = [row.id for row in board.rows if row.shown]
        if not rows:
            return
        chosen = frozenset(rows if scene.happens(0.3) else scene.rng.sample(rows, 1))
        to = scene.one_of([one for one in scene.officers() if one.team == member.team])
        wanted = Reassignment(chosen, to.id, WHY_GIVEN)
        try:
            reassign(deps, scene.desk(member.id), wanted)
            scene.lived.deeds["reassign"] += 1
        except TooManyError as many:
            self._ask_another(member, wanted, many.count)

    def _ask_another(self, member: StaffMember, wanted: Reassignment, number: int) -> None:
        scene, deps = self.scene, self.scene.deps
        request = ask_bulk(deps, scene.desk(member.id), wanted, number)
        scene.clock.tick()
        if isinstance(request, BulkRequest):
            second = scene.one_of([one for one in scene.supervisors() if one.id != member.id])
            confirm_bulk(deps, scene.desk(second.id), request.team, asking_id(request))
            scene.lived.deeds["reassign many"] += 1


@dataclass
class CaseNews:
    """Officers record what happened, and cases change hands."""

    scene: Scene

    def deeds(self) -> Iterator[Deed]:
        """Return what happens in cases on a day."""
        every = (
            (0.01, "event", self._record_event),
            (0.003, "outcome", self._record_outcome),
            (0.003, "post", self._post_words),
            (0.003, "reopen", self._reopen),
            (0.003, "hand over", self._hand_over),
            (0.002, "agree rhythm", self._agree),
            (0.0015, "leave", self._leave),
            (0.01, "come back", self._come_back),
        )
        for key in self.scene.said:
            for share, name, happens in every:
                if self.scene.happens(share):
                    yield self.scene.deed(name, partial(self._in, key, happens))

    def _in(self, key: CaseKey, happens: Callable[[Case], None]) -> None:
        happens(self.scene.case(key))

    def _seen(self, case: Case) -> int:
        """Return the version on a person's page, which somebody may have moved meanwhile."""
        return case.version - self.scene.happens(0.03)

    def _some(self, case: Case) -> list[VictimKey]:
        keys = [victim.key for victim in case.victims]
        return self.scene.rng.sample(keys, self.scene.rng.randrange(1, len(keys) + 1))

    def _record_event(self, case: Case) -> None:
        scene, deps = self.scene, self.scene.deps
        row = scene.one_of(events_to_record(case, deps.rules))
        back = timedelta(days=scene.one_of((0, 0, 1, 4, 12)))
        on = max(case.reported_on, deps.today() - back)
        victims = {
            victim: told_since(scene, on, list(ways_of(row))) if scene.happens(0.4) else None
            for victim in self._some(case)
        }
        news = EventNews(row.key, on, victims, "There is news of this.")
        session, form, seen = scene.in_charge(case), scene.form(), self._seen(case)
        send = partial(record_event, deps, session, case.key, news, seen=seen, form_key=form)
        scene.send(case.key, send)

    def _record_outcome(self, case: Case) -> None:
        scene, deps = self.scene, self.scene.deps
        row = scene.one_of(outcomes_to_record(deps.rules))
        stage, outcome = row.stage, row.key
        if scene.happens(0.4):
            stage, outcome = CHARGED
        elif scene.happens(0.25):
            stage, outcome = scene.one_of(RELEASED), ""
        since = max(case.reported_on, deps.today() - timedelta(days=scene.one_of((0, 0, 2))))
        told = {
            victim: told_since(scene, since, list(WAYS_OF_TELLING))
            for victim in self._some(case)
            if scene.happens(0.5)
        }
        text = "Somebody can explain this to you." if scene.happens(0.3) else ""
        to = frozenset(self._some(case) if text else ())
        news = News(stage, since, outcome or None, told, text, to)
        session, form, seen = scene.in_charge(case), scene.form(), self._seen(case)
        send = partial(record_outcome, deps, session, case.key, news, seen=seen, form_key=form)
        scene.note_dates(scene.send(case.key, send), case.key)

    def _post_words(self, case: Case) -> None:
        stage = self.scene.one_of(NO_DECISIONS)
        if is_decided(case.current, self.scene.deps.rules):
            stage = None
        self._post(case, Post("Here is some news.", frozenset(self._some(case)), stage))

    def _reopen(self, case: Case) -> None:
        if is_decided(case.current, self.scene.deps.rules):
            text = "We look into it again." if self.scene.happens(0.5) else ""
            to = frozenset(self._some(case) if text else ())
            self._post(case, Post(text, to, "investigating"))
            self.scene.lived.deeds["reopen a decided case"] += 1

    def _post(self, case: Case, post: Post) -> None:
        scene = self.scene
        session, form, seen = scene.in_charge(case), scene.form(), self._seen(case)
        send = partial(post_update, scene.deps, session, case.key, post, seen=seen, form_key=form)
        scene.note_dates(scene.send(case.key, send), case.key)

    def _hand_over(self, case: Case) -> None:
        to, session = self.scene.one_of(self.scene.officers()), self.scene.in_charge(case)
        send = partial(hand_over, self.scene.deps, session, case.key, to.id)
        self.scene.send(case.key, partial(send, seen_officer=case.officer.id))

    def _agree(self, case: Case) -> None:
        victim, rhythm = self.scene.one_of(case.victims), self.scene.one_of(RHYTHMS)
        session = self.scene.in_charge(case)
        send = partial(agree_rhythm, self.scene.deps, session, case.key, victim.key, rhythm)
        self.scene.send(case.key, send)

    def _leave(self, case: Case) -> None:
        victim = self.scene.one_of(case.victims)
        session = self.scene.in_charge(case)
        send = partial(record_left, self.scene.deps, session, case.key, victim.key, "by phone")
        self.scene.send(case.key, send)

    def _come_back(self, case: Case) -> None:
        left = [victim for victim in case.victims if victim.left_on is not None]
        if left:
            session = self.scene.in_charge(case)
            send = partial(record_back, self.scene.deps, session, case.key, left[0].key)
            self.scene.send(case.key, send)
            self.scene.lived.deeds["come back after leaving"] += 1


def told_since(scene: Scene, first: date, ways: Sequence[str]) -> Told:
    """Return a telling of today, or of a day or three ago that is noted only now."""
    today = scene.deps.today()
    back = timedelta(days=scene.one_of((0, 0, 0, 1, 3)))
    return Told(max(min(first, today), today - back), scene.one_of(ways))
