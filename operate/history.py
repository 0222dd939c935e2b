"""What happened in a demonstration case, done again by the people who did it.

Cases come in with case files, the rest is typed: nothing is shown that the service could not
have done. Every function gets dependencies whose clock stands at the moment of the deed.
"""

from __future__ import annotations

import csv
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.domain.access import CaseReference
from chalicelib.domain.calendar import ONE_DAY, add_working_days
from chalicelib.domain.case_file import HEADER
from chalicelib.domain.cases import OfficerId, Told
from chalicelib.domain.force_forms import AbsenceForm
from chalicelib.domain.promises import TELL, UPDATE, WELCOME
from chalicelib.services.answer_message import Answer, answer_message
from chalicelib.services.ask_officer import ask_officer
from chalicelib.services.follow import open_of
from chalicelib.services.hand_over import hand_over, name_person
from chalicelib.services.import_cases import CASE_FILE, import_cases
from chalicelib.services.keep_force import add_absence
from chalicelib.services.nothing_new import UntoldNewsError, say_nothing_new
from chalicelib.services.open_case import open_case
from chalicelib.services.post_update import Post, post_update
from chalicelib.services.record_contact import record_contact
from chalicelib.services.record_event import EventNews, record_event
from chalicelib.services.record_outcome import record_telling
from chalicelib.services.staff_case import open_staff_case
from chalicelib.services.victim_sessions import find_session, leave
from chalicelib.stores.imports import ImportStore
from operate.demo_force import ADMINISTRATOR, AWAY, BY_PHONE, PEOPLE
from operate.desk import make_code

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from chalicelib.domain.cases import Case, VictimKey
    from chalicelib.domain.promises import Promise
    from chalicelib.domain.sessions import VictimSession
    from chalicelib.domain.staff import StaffSession
    from chalicelib.services.deps import Deps
    from operate.demo_force import DemoCase, Happened, Note, Question, Step
    from operate.hub_home import DemoCode

# An address for documentation (RFC 5737), which no machine has.
ADDRESS = "192.0.2.1"


class DemonstrationError(Exception):
    """A demonstration case does not fit the rules any more; the message says which and why."""


@dataclass
class History:
    """Does deeds again; holds who is at the desk and what the deeds made so far.

    `today` is the day on which the force is loaded; the days of the deeds count back from it.
    """

    today: date
    folder: Path
    desk: Mapping[str, StaffSession]
    codes: list[DemoCode] = field(default_factory=list)
    at_home: dict[VictimKey, VictimSession] = field(default_factory=dict)
    _tokens: list[str] = field(default_factory=list)
    _threads: dict[Question, int] = field(default_factory=dict)
    _due: dict[VictimKey, Promise | None] = field(default_factory=dict)

    def day(self, deps: Deps, working_days_ago: int) -> date:
        """Return the working day so many working days before today."""
        day = self.today
        for _ in range(working_days_ago):
            day -= ONE_DAY
            while not deps.calendar.is_working_day(day):
                day -= ONE_DAY
        return day

    def file_arrives(self, deps: Deps, case: DemoCase, step: Step) -> None:
        """Import the case as the records system has it from this day on."""
        path = self.folder / "cases.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, HEADER, restval="")
            rows.writeheader()
            rows.writerows(self._rows(deps, case, step))
        report = import_cases(deps, ImportStore.alone(), path, CASE_FILE, lambda _done, _all: None)
        if report.rejected:
            raise DemonstrationError(f"{case.reference}: {report.rejected[0].reason}")

    def _rows(self, deps: Deps, case: DemoCase, step: Step) -> list[dict[str, str]]:
        # The records system never heard of a hand-over at the desk, which holds against it.
        identity = case.before or case.officer
        officer = next(person for person in PEOPLE if person.id == identity)
        told_now = step.told_days_ago == step.days_ago
        row = {
            "reference": case.reference,
            "crime_type": case.crime_type,
            "flags": ";".join(case.flags),
            "reported_on": self.day(deps, case.steps[0].days_ago).isoformat(),
            "stage": step.stage,
            "outcome": step.outcome,
            "outcome_on": deps.today().isoformat() if step.outcome else "",
            "told_on": deps.today().isoformat() if told_now else "",
            "told_how": step.told_how if told_now else "",
            "officer_id": officer.id,
            "officer_name": officer.name,
            "officer_number": officer.number,
            "team": officer.team,
            "enhanced_rights": "yes" if case.enhanced else "no",
        }
        if case.hearing_in_days and deps.rules.stages[step.stage].from_charge:
            hearing = add_working_days(self.today, case.hearing_in_days, deps.calendar)
            row |= {"next_hearing_on": hearing.isoformat(), "court": case.court}
        return [{**row, "victim_id": victim} for victim in case.victims]

    def codes_are_given(self, deps: Deps, case: DemoCase) -> None:
        """Give each victim a code, with which they open their case; a used code does not die."""
        session = self.desk[case.officer]
        stored = case_of(deps, case)
        for victim in stored.victims:
            code = make_code(deps, session, stored, victim)
            token = open_case(deps, reference=code.reference, code=code.code, address=ADDRESS)
            self.codes.append(code)
            self._tokens.append(token)
            self.at_home[victim.key] = find_session(deps, token)

    def person_is_named(self, deps: Deps, case: DemoCase, who: str) -> None:
        """Let one more person open a restricted case."""
        stored = case_of(deps, case)
        name_person(deps, self.desk[case.officer], stored.key, OfficerId(who), seen=stored.version)

    def update_is_posted(self, deps: Deps, case: DemoCase, note: Note) -> None:
        """Post an update for one victim."""
        stored = case_of(deps, case)
        post = Post(note.text, frozenset({victim_of(deps, case, note.victim)}))
        key = deps.new_id()
        post_update(
            deps, self.desk[case.officer], stored.key, post, seen=stored.version, form_key=key
        )
        self._look_at_rhythm(deps, stored)

    def officer_gets_in_touch(self, deps: Deps, case: DemoCase) -> None:
        """Ring every victim who is owed a first contact, and agree on a rhythm with them."""
        stored = case_of(deps, case)
        told = Told(deps.today(), BY_PHONE)
        for victim in stored.victims:
            for promise in open_of(deps.threads.read(victim.key), WELCOME):
                record_contact(
                    deps,
                    self.desk[case.officer],
                    stored.key,
                    victim.key,
                    told,
                    promise_id=promise.id,
                    rhythm=case.rhythm,
                )
        self._look_at_rhythm(deps, stored)

    def update_is_given(self, deps: Deps, case: DemoCase) -> None:
        """Say on the day on which an update is due that there is nothing new."""
        if not self._is_due(deps, case):
            return
        stored = case_of(deps, case)
        # A decision that came meanwhile ends the rhythm.
        self._look_at_rhythm(deps, stored)
        for victim in stored.victims:
            promise = self._due[victim.key]
            if promise is not None and promise.due_on <= deps.today():
                desk = self.desk[case.officer]
                # Where there is news to tell, an officer does not say that there is none.
                with suppress(UntoldNewsError):
                    say_nothing_new(deps, desk, stored.key, victim.key, promise.id)
        self._look_at_rhythm(deps, stored)

    def _is_due(self, deps: Deps, case: DemoCase) -> bool:
        """Return whether an update is due for anybody, without asking the store."""
        due = [self._due.get(victim_of(deps, case, label)) for label in case.victims]
        return any(promise and promise.due_on <= deps.today() for promise in due)

    def _look_at_rhythm(self, deps: Deps, case: Case) -> None:
        for victim in case.victims:
            waiting = open_of(deps.threads.read(victim.key), UPDATE)
            self._due[victim.key] = waiting[0] if waiting else None

    def event_happens(self, deps: Deps, case: DemoCase, happened: Happened) -> None:
        """Record an event of the Code for one victim, whom nobody has told yet."""
        stored = case_of(deps, case)
        victim = victim_of(deps, case, happened.victim)
        news = EventNews(happened.event, deps.today(), {victim: None})
        desk, key = self.desk[case.officer], deps.new_id()
        record_event(deps, desk, stored.key, news, seen=stored.version, form_key=key)

    def event_is_told(self, deps: Deps, case: DemoCase, happened: Happened) -> None:
        """Note that the victim heard it."""
        stored, victim = case_of(deps, case), victim_of(deps, case, happened.victim)
        told, desk = Told(deps.today(), happened.told_how), self.desk[case.officer]
        for promise in open_of(deps.threads.read(victim), TELL):
            if promise.event == happened.event:
                record_contact(deps, desk, stored.key, victim, told, promise_id=promise.id)
        self._look_at_rhythm(deps, stored)

    def case_is_handed_over(self, deps: Deps, case: DemoCase) -> None:
        """Give the case to the officer who has it now."""
        stored, before = case_of(deps, case), OfficerId(case.before)
        to = OfficerId(case.officer)
        hand_over(deps, self.desk[case.before], stored.key, to, seen_officer=before)

    def question_is_asked(self, deps: Deps, case: DemoCase, question: Question) -> None:
        """Ask the officer."""
        session = self.at_home[victim_of(deps, case, question.victim)]
        receipt = ask_officer(deps, session, question.text, deps.new_id())
        self._threads[question] = receipt.thread

    def case_is_looked_at(self, deps: Deps, case: DemoCase) -> None:
        """Let the officer open the case, who has seen its questions from then on."""
        open_staff_case(deps, self.desk[case.officer], case_of(deps, case).key)

    def question_is_answered(self, deps: Deps, case: DemoCase, question: Question) -> None:
        """Answer it."""
        victim = victim_of(deps, case, question.victim)
        answer = Answer(victim, self._threads[question], 0, question.answer)
        answer_message(
            deps, self.desk[case.officer], case_of(deps, case).key, answer, deps.new_id()
        )

    def news_is_told(self, deps: Deps, case: DemoCase, step: Step) -> None:
        """Note that every victim heard the newest news, on a later day than it was filed."""
        stored = case_of(deps, case)
        told = Told(deps.today(), step.told_how)
        for victim in stored.victims:
            record_telling(
                deps,
                self.desk[case.officer],
                stored.key,
                victim.key,
                told,
                entry_id=stored.current.id,
            )
        self._look_at_rhythm(deps, stored)

    def somebody_is_away(self, deps: Deps) -> None:
        """Let the administrator note who is away and who answers for them."""
        last = add_working_days(deps.today(), AWAY.working_days, deps.calendar)
        days = (deps.today().isoformat(), last.isoformat())
        form = AbsenceForm(AWAY.officer, *days, AWAY.cover)
        add_absence(deps, self.desk[ADMINISTRATOR], form)

    def everybody_leaves(self, deps: Deps) -> None:
        """End the sessions in which victims asked."""
        for token in self._tokens:
            leave(deps, token)


def case_of(deps: Deps, case: DemoCase) -> Case:
    """Return the case as it is stored by now."""
    stored = deps.cases.read(deps.keys.case_key(CaseReference(case.reference)))
    if stored is None:
        raise DemonstrationError(f"{case.reference} is not there")
    return stored


def victim_of(deps: Deps, case: DemoCase, label: str) -> VictimKey:
    """Return the key of a victim of it."""
    return deps.keys.victim_key(deps.keys.case_key(CaseReference(case.reference)), label)
