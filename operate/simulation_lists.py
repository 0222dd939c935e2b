"""A simulated year: officers work off their lists, some of it late and some of it never."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.cases import CaseKey
from chalicelib.domain.events import is_read_here, ways_of
from chalicelib.domain.promises import (
    LINE,
    REPLY,
    REVIEW,
    TASK,
    TELL,
    UPDATE,
    WELCOME,
    Promise,
)
from chalicelib.domain.reaching import Try
from chalicelib.domain.tellings import FIRST_TRY, WAYS_OF_TELLING, untold_entries
from chalicelib.services.answer_message import Answer, answer_message
from chalicelib.services.keep_line import LineDone, keep_line
from chalicelib.services.keep_task import (
    TaskDone,
    do_task,
    drop_task,
    given_on,
    is_kept_by_measures,
)
from chalicelib.services.nothing_new import say_nothing_new
from chalicelib.services.post_update import Post, post_update
from chalicelib.services.reach_victim import note_try
from chalicelib.services.record_contact import is_kept_by_contact, record_contact, starts_on
from chalicelib.services.record_outcome import record_telling
from chalicelib.services.staff_case import open_staff_case
from chalicelib.services.worklist import open_worklist
from operate.simulation_news import RHYTHMS, told_since
from operate.simulation_scene import WITNESS_CARE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from chalicelib.domain.cases import Case, OfficerId
    from chalicelib.domain.staff import StaffMember, StaffSession
    from operate.simulation_scene import Deed, Scene

# Some work off their list, some do not get to it.
DILIGENCE = (0.35, 0.6, 0.8, 0.95)
ON_A_DAY_OF_REST = 0.04
FORGOTTEN = 0.002
WRONG_FORM = 0.02
DUE_NOW, OVERDUE, DUE_LATER = 0.6, 0.3, 0.08


@dataclass
class Lists:
    """Officers at their worklists."""

    scene: Scene
    _diligence: dict[OfficerId, float] = field(default_factory=dict)
    _forgotten: set[str] = field(default_factory=set)

    def deeds(self, day: date) -> Iterator[Deed]:
        """Return who looks at their list on a day."""
        works = self.scene.deps.calendar.is_working_day(day)
        for member in (*self.scene.officers(), *self.scene.with_role(WITNESS_CARE)):
            diligence = self._diligence.setdefault(member.id, self.scene.one_of(DILIGENCE))
            if self.scene.happens(diligence if works else ON_A_DAY_OF_REST):
                yield self.scene.deed("round", partial(self._round, member))

    def _round(self, member: StaffMember) -> None:
        """Let an officer go through their list and do some of what stands in it."""
        after, is_more, today = None, True, self.scene.deps.today()
        while is_more:
            page = open_worklist(self.scene.deps, self.scene.desk(member.id), after)
            for row in page.rows:
                self._look(row.promise, today)
            after = page.next_after
            is_more = after is not None
            self.scene.clock.tick()

    def _look(self, promise: Promise, today: date) -> None:
        scene = self.scene
        due = scene.lived.due_when_seen.setdefault(promise.id, promise.due_on)
        scene.must(due == promise.due_on, f"the date of {promise.id} moved from {due}")
        left = (promise.due_on - today).days
        share = DUE_NOW if left in {0, 1} else OVERDUE if left < 0 else DUE_LATER
        if scene.happens(FORGOTTEN):
            self._forgotten.add(promise.id)
        # A review is kept in a meeting, and what is owed to the court's limit by applying.
        elsewhere = promise.kind == REVIEW or is_kept_by_measures(promise)
        is_done_here = not elsewhere and promise.id not in self._forgotten
        if is_done_here and scene.happens(share):
            scene.clock.tick()
            scene.carry_out(f"keep {promise.kind}", partial(self._keep, promise))

    def _keep(self, promise: Promise) -> None:
        scene = self.scene
        case = scene.case(CaseKey(promise.case_key))
        # Who covers for somebody of another team leaves it to them.
        session = scene.desk(promise.owner)
        if promise.kind == TASK and promise.event == FIRST_TRY:
            self._try(session, case, promise)
        elif promise.kind in {TASK, LINE}:
            if scene.happens(WRONG_FORM):
                self._contact(session, case, promise)
                scene.must(is_so=False, otherwise=f"a contact kept a {promise.kind}")
            self._do(session, case, promise)
        elif promise.kind == REPLY:
            self._answer(session, case, promise)
        elif promise.kind == TELL and not is_kept_by_contact(case, promise):
            self._tell(session, case, promise)
        elif promise.kind == UPDATE and scene.happens(0.1 if case.opposed else 0.8):
            self._update(session, case, promise)
        else:
            self._contact(session, case, promise)

    def _try(self, session: StaffSession, case: Case, promise: Promise) -> None:
        """Ring them in vain, which keeps the first try of a release."""
        scene, deps, victim = self.scene, self.scene.deps, promise.victim
        attempt = Try(deps.now(), scene.one_of(list(WAYS_OF_TELLING)), session.member.name)
        what = (deps, session, case.key, victim, promise.subject, attempt)
        scene.send(case.key, partial(note_try, *what))
        scene.lived.deeds["try to reach"] += 1

    def _do(self, session: StaffSession, case: Case, promise: Promise) -> None:
        """Record what was done for the review, or of the minimum expectations, or that it fell."""
        scene, deps, victim = self.scene, self.scene.deps, promise.victim
        on = deps.today() - timedelta(days=scene.one_of((0, 0, 0, 1)))
        what = (deps, session, case.key, victim)
        if promise.kind == LINE:
            first = promise.working.counted_from
            done = LineDone(max(on, min(first, deps.today())), "by phone")
            scene.send(case.key, partial(keep_line, *what, promise.id, done=done))
        elif scene.happens(0.2):
            drop = partial(drop_task, *what, "Not needed any more.", promise_id=promise.id)
            scene.send(case.key, drop)
        else:
            done_task = TaskDone(max(on, given_on(promise)), "Done.")
            scene.send(case.key, partial(do_task, *what, done_task, promise_id=promise.id))

    def _answer(self, session: StaffSession, case: Case, promise: Promise) -> None:
        deps = self.scene.deps
        if self.scene.happens(0.7):
            open_staff_case(deps, session, case.key)
            self.scene.clock.tick()
        answer = Answer(promise.victim, int(promise.subject), 0, "We are still looking into it.")
        form = self.scene.form()
        self.scene.send(case.key, lambda: answer_message(deps, session, case.key, answer, form))

    def _tell(self, session: StaffSession, case: Case, promise: Promise) -> None:
        deps, victim = self.scene.deps, promise.victim
        owed = untold_entries(case, victim, deps.threads.read(victim).owed, deps.rules)
        since = next((e.since for e in owed if e.id == promise.subject), deps.today())
        told = told_since(self.scene, since, list(WAYS_OF_TELLING))
        send = partial(record_telling, deps, session, case.key, victim, told)
        at = self.scene.send(case.key, partial(send, entry_id=promise.subject))
        self.scene.note_dates(at, case.key)

    def _update(self, session: StaffSession, case: Case, promise: Promise) -> None:
        deps, victim = self.scene.deps, promise.victim
        if self.scene.happens(0.7):
            send = partial(say_nothing_new, deps, session, case.key, victim, promise.id)
            self.scene.send(case.key, send)
            return
        post = Post("We have spoken to a witness.", frozenset({victim}))
        form = self.scene.form()
        post_update(deps, session, case.key, post, seen=case.version, form_key=form)

    def _contact(self, session: StaffSession, case: Case, promise: Promise) -> None:
        deps = self.scene.deps
        row = deps.rules.code_limits.get(promise.event)
        ways = [way for way in (ways_of(row) if row else WAYS_OF_TELLING) if not is_read_here(way)]
        told = told_since(self.scene, starts_on(case, promise), ways)
        rhythm = self.scene.one_of(("", *RHYTHMS)) if promise.kind == WELCOME else ""
        send = partial(record_contact, deps, session, case.key, promise.victim, told)
        self.scene.send(case.key, partial(send, promise_id=promise.id, rhythm=rhythm))
