"""What was done on the way to court, done again by the people who did it; see history.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.access import CaseReference
from chalicelib.domain.agreements import Terms, last_day
from chalicelib.domain.cases import OfficerId, Plea
from chalicelib.domain.promises import LINE, TASK
from chalicelib.services import review
from chalicelib.services.agree import agree
from chalicelib.services.give_task import TaskWanted, give_task
from chalicelib.services.keep_line import LineDone, keep_line, keep_own_line
from chalicelib.services.keep_measures import RESULT, StepGiven, keep_step
from chalicelib.services.keep_needs import note_need, tell_need
from chalicelib.services.keep_task import TaskDone, do_task
from chalicelib.services.need_changes import NeedTold
from chalicelib.services.record_plea import record_plea
from chalicelib.services.staff_case import open_staff_case
from chalicelib.services.support_work import keep_view
from chalicelib.services.wish_measures import wish_measures
from operate import demo_court
from operate.demo_force import PARTNER, PEOPLE, Happened
from operate.history import DemonstrationError, History, case_of, victim_of

if TYPE_CHECKING:
    from chalicelib.domain.cases import CaseKey, VictimKey
    from chalicelib.domain.promises import Promise
    from chalicelib.domain.sessions import VictimSession
    from chalicelib.domain.staff import StaffSession
    from chalicelib.services.deps import Deps
    from operate.demo_force import DemoCase

THE_VICTIM = "V1"
PARTNERS = {person.id for person in PEOPLE if person.role == PARTNER}


def happens(deps: Deps, history: History, case: DemoCase, deed: demo_court.Deed) -> None:
    """Do one deed again, by whoever did it."""
    by = _At(deps, history, case)
    match deed:
        case demo_court.Need():
            by.need(deed)
        case demo_court.Wishes():
            wish_measures(deps, by.home, deed.measures)
        case demo_court.MeasureStep():
            by.step(deed)
        case demo_court.NotGuilty():
            plea = Plea(deps.today(), deed.court)
            record_plea(deps, by.desk(), by.key, plea, seen=case_of(deps, case).version)
        case demo_court.DecisionsTold():
            heard = Happened(deed.days_ago, RESULT, deed.days_ago, deed.how)
            history.event_is_told(deps, case, heard)
        case demo_court.Looked():
            open_staff_case(deps, by.desk(deed.by), by.key)
        case demo_court.Agreed():
            terms = Terms(frozenset(deed.scope), last_day(deps.today(), deps.rules))
            agree(deps, by.home, deed.partner, terms, seen="")
        case demo_court.PartnerView():
            keep_view(deps, by.desk(deed.by), by.key, by.victim, deed.text, seen="")
        case demo_court.LineKept():
            by.line(deed)
        case _:
            by.review(deed)


class _At:
    """One case at the moment of a deed."""

    def __init__(self, deps: Deps, history: History, case: DemoCase) -> None:
        self.deps, self._history, self._case = deps, history, case
        self.key: CaseKey = deps.keys.case_key(CaseReference(case.reference))
        self.victim: VictimKey = victim_of(deps, case, THE_VICTIM)

    @property
    def home(self) -> VictimSession:
        """Return the session in which the victim does things on their page."""
        return self._history.at_home[self.victim]

    def desk(self, who: str = "") -> StaffSession:
        """Return who does things at the desk, the officer in charge if nobody is named."""
        return self._history.desk[who or self._case.officer]

    def need(self, deed: demo_court.Need) -> None:
        """Tell a need."""
        told = NeedTold(deed.kind, dict(deed.words), deed.chosen, 0)
        if deed.noted_by:
            note_need(self.deps, self.desk(deed.noted_by), self.key, self.victim, told)
        else:
            tell_need(self.deps, self.home, told)

    def step(self, deed: demo_court.MeasureStep) -> None:
        """Record a step upon the measure as it stands."""
        deps = self.deps
        before = deps.threads.read(self.victim).measure(deed.measure)
        seen = before.version if before else 0
        given = StepGiven(
            deed.measure, deed.state, deps.today(), seen=seen, note=deed.note, view=deed.view
        )
        desk, form_key = self.desk(deed.by), deps.new_id()
        keep_step(deps, desk, self.key, self.victim, given, form_key=form_key)

    def line(self, deed: demo_court.LineKept) -> None:
        """Keep a minimum expectation, as the police or as the service that owes it."""
        keep = keep_own_line if deed.by in PARTNERS else keep_line
        promise, done = self._open(LINE, deed.line), LineDone(self.deps.today(), deed.how)
        keep(self.deps, self.desk(deed.by), self.key, self.victim, promise.id, done=done)

    def review(self, deed: demo_court.InReview) -> None:
        """Do what is done in the meeting, and what came of it."""
        deps, desk = self.deps, self.desk(deed.by)
        whose = (deps, desk, self.key, self.victim)
        file = deps.threads.read(self.victim)
        match deed:
            case demo_court.Coming():
                before = review.coming_of(file.court) if file.court else review.Coming("", "", "")
                now = review.Coming(deed.supporter, deed.travel, "")
                review.keep_coming(*whose, now, seen=review.coming_stamp(before))
            case demo_court.Task():
                wanted = TaskWanted(deed.task, deed.words, OfficerId(deed.owner))
                give_task(*whose, wanted, form_key=deps.new_id())
            case demo_court.TaskDone():
                promise = self._open(TASK, deed.task)
                do_task(*whose, TaskDone(deps.today(), deed.note), promise_id=promise.id)
            case demo_court.Closed():
                seen = review.review_stamp(review.open_review(*whose).file)
                review.close_review(*whose, decisions=deed.decisions, there=deed.there, seen=seen)

    def _open(self, kind: str, row: str) -> Promise:
        for promise in self.deps.threads.read(self.victim).owed:
            if promise.is_open and (promise.kind, promise.event or promise.line) == (kind, row):
                return promise
        raise DemonstrationError(f"{self._case.reference}: {kind} {row} is not owed")
