"""A simulated year: cases are looked at before court, well or late or not at all, and again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.errors import NotFoundError, StaleError
from chalicelib.domain.task_people import people_for_tasks, why_not
from chalicelib.services.court_list import open_agenda
from chalicelib.services.give_task import TaskWanted, give_task
from chalicelib.services.review import (
    NotUnderReviewError,
    close_review,
    open_review,
    reopen_review,
    review_stamp,
)
from operate.simulation_lived import Looked, Noted
from operate.simulation_scene import WITNESS_CARE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.cases import CaseKey, TeamId, VictimKey
    from chalicelib.domain.staff import StaffMember, StaffSession
    from chalicelib.services.court_list import AgendaRow
    from operate.simulation_scene import Deed, Scene

TASKS = ("talk", "supporter", "travel", "interpreter", "visit", "letter", "support", "other")
NOW_WE_KNOW, DECISIONS = (
    "Somebody new is with them.",
    ("A screen.", "Travel.", "Nothing is missing."),
)
# Some teams meet and look at most cases in time, some look at few, one hardly meets.
DILIGENCE = (0.6, 0.35, 0.15, 0.05, 0.06)
MEETINGS_A_DAY, REMEMBERED, AGENDA = 0.4, 0.15, timedelta(days=30)
REOPENED, TWO_AT_ONCE, GIVES_A_TASK = 0.08, 0.25, 0.5


@dataclass
class Reviews:
    """Each team's meeting, and witness care's, go through who comes to court."""

    scene: Scene
    _diligence: dict[TeamId, float] = field(default_factory=dict)

    def deeds(self) -> Iterator[Deed]:
        """Return who meets on a day."""
        scene = self.scene
        people = [*scene.officers(), *scene.supervisors(), *scene.with_role(WITNESS_CARE)]
        chairs = {member.team: member for member in people}
        for number, (team, member) in enumerate(sorted(chairs.items())):
            self._diligence.setdefault(team, DILIGENCE[number % len(DILIGENCE)])
            if scene.happens(MEETINGS_A_DAY):
                yield scene.deed("meeting", partial(self._meet, member))

    def _meet(self, member: StaffMember) -> None:
        """Go through the agenda of a team, page by page."""
        session = self.scene.desk(member.id)
        for row in self._agenda(session):
            if row.case is not None:
                self._look(session, row.case.key, row.court.victim)

    def _agenda(self, session: StaffSession) -> list[AgendaRow]:
        """Return the whole list of a team before court, page by page."""
        scene, at, today = self.scene, self.scene.deps.now(), self.scene.deps.today()
        rows: list[AgendaRow] = []
        after, is_more, red = None, True, 0
        while is_more:
            agenda = open_agenda(scene.deps, session, today, today + AGENDA, after)
            rows += agenda.rows
            after, red = agenda.next_after, agenda.red
            is_more = after is not None
        # Witness care does not see a case that nobody is charged in any more.
        if session.role != WITNESS_CARE and scene.happens(REMEMBERED):
            shown = frozenset(row.court.victim for row in rows)
            looked = Looked(at, today + AGENDA, shown, red, self._victims_of(session))
            scene.lived.agendas.append(looked)
        return rows

    def _victims_of(self, session: StaffSession) -> frozenset[VictimKey]:
        """Return the victims of a team's cases."""
        found = self.scene.lived.victims
        team, case = session.member.team, self.scene.case
        return frozenset(v for v, key in found.items() if case(key).officer.team == team)

    def _look(self, session: StaffSession, key: CaseKey, victim: VictimKey) -> None:
        """Look at one person's case: open it, give tasks, close the review or open it again."""
        scene = self.scene
        if not scene.happens(self._diligence[session.member.team]):
            return
        opened = open_review(scene.deps, session, key, victim)
        stamp = review_stamp(opened.file)
        scene.clock.tick()
        if scene.happens(GIVES_A_TASK):
            scene.carry_out("give task", partial(self._give, session, key, victim))
        if opened.court.is_reviewed:
            if scene.happens(REOPENED):
                scene.carry_out("reopen review", partial(self._reopen, session, key, victim))
            return
        scene.clock.tick()
        if opened.court.on is None or opened.court.on < scene.deps.today():
            # It became midnight during the meeting.
            return
        scene.carry_out("close review", partial(self._close, session, key, victim, stamp))
        if scene.happens(TWO_AT_ONCE):
            scene.clock.tick()
            self._close_as_well(key, victim, stamp)

    def _give(self, session: StaffSession, key: CaseKey, victim: VictimKey) -> None:
        scene, deps = self.scene, self.scene.deps
        case, agreements = scene.case(key), deps.threads.read(victim).agreements
        force, today = deps.cases.read_force(), deps.today()
        groups = people_for_tasks(case, force, agreements, today, deps.rules)
        owner = scene.one_of(scene.one_of([people for _, people in groups if people]))
        due_on = today + timedelta(days=scene.one_of((0, 2, 7))) if scene.happens(0.5) else None
        can = [
            task
            for task in TASKS
            if not why_not(deps.rules.tasks[task], owner.id, force, agreements, today, deps.rules)
        ]
        wanted = TaskWanted(scene.one_of(can), "As we said.", owner.id, due_on)
        form = scene.form()
        scene.send(key, lambda: give_task(deps, session, key, victim, wanted, form_key=form))

    def _close(self, session: StaffSession, key: CaseKey, victim: VictimKey, stamp: str) -> None:
        scene = self.scene
        on = scene.case(key).needed_on(victim)
        said = scene.one_of(DECISIONS)
        send = partial(close_review, scene.deps, session, key, victim, decisions=said)
        at = scene.send(key, partial(send, there="Officer, witness care.", seen=stamp))
        scene.note(at, victim, Noted.CLOSED, on)

    def _close_as_well(self, key: CaseKey, victim: VictimKey, stamp: str) -> None:
        """Let somebody else close what they opened before the other closed it: it is refused."""
        scene = self.scene
        session = scene.in_charge(scene.case(key))
        said = {"decisions": "Something else.", "there": "Others.", "seen": stamp}
        try:
            close_review(scene.deps, session, key, victim, **said)
        except StaleError:
            scene.lived.deeds["two closed at once"] += 1
        except (NotFoundError, NotUnderReviewError):
            pass
        else:
            scene.must(is_so=False, otherwise="two people closed one review")

    def _reopen(self, session: StaffSession, key: CaseKey, victim: VictimKey) -> None:
        scene, deps = self.scene, self.scene.deps
        reason = f"{NOW_WE_KNOW} {scene.number()}"
        at = scene.send(key, lambda: reopen_review(deps, session, key, victim, reason))
        scene.note(at, victim, Noted.REOPENED)
