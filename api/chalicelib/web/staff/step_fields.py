"""What the form of a measure's step asks, and what somebody typed into it."""

from dataclasses import dataclass, field
from datetime import date

from chalicelib.domain.applying import apply_working, seems_open
from chalicelib.domain.cases import Case, Told, Victim
from chalicelib.domain.finder import Openness
from chalicelib.domain.measures import APPLIED, ASKED, DISCUSSED, WISHED, Measure
from chalicelib.domain.tellings import WAYS_OF_TELLING
from chalicelib.rules.measures import Measure as Row
from chalicelib.rules.measures import State, load_measures
from chalicelib.services.keep_measures import WHY_ASKED, StepGiven, first_day
from chalicelib.services.ports import VictimFile
from chalicelib.web.page import Visit
from chalicelib.web.staff.case_fields import length_problem, number_of, past_day, sentence

NOT_YET = "not_yet"
# Why a form was opened, as its address says it, and what its note begins with.
UNWELL = "unwell"
WHY = {UNWELL: "They may be too unwell to come to court."}
# Before a court decided, somebody says why it is asked for although the law seems not to open it.
ON_THE_WAY = (DISCUSSED, ASKED, APPLIED)


@dataclass(slots=True)
class StepForm:
    """A step that somebody is about to record, and what is not right with it yet."""

    visit: Visit
    case: Case
    file: VictimFile
    victim: Victim
    row: Row
    state: State
    errors: list[tuple[str, str]] = field(default_factory=list)

    @property
    def measure(self) -> Measure | None:
        """Return the measure as it stands."""
        return self.file.measure(self.row.key)

    @property
    def asks_view(self) -> bool:
        """Return whether it asks what the victim thinks."""
        return self.state.key in {WISHED, DISCUSSED}

    @property
    def is_charged(self) -> bool:
        """Return whether somebody is charged in the case as it is recorded."""
        return self.visit.deps.rules.stages[self.case.current.stage].from_charge

    @property
    def owes_telling(self) -> bool:
        """Return whether they are owed to hear it: a court decided, and they have not left."""
        return self.state.decided and self.is_charged and self.victim.left_on is None

    @property
    def asks_reason(self) -> bool:
        """Return whether nobody said yet why it is asked for although it seems not open."""
        steps = self.measure.steps if self.measure else ()
        if self.state.key not in ON_THE_WAY or any(WHY_ASKED in each.note for each in steps):
            return False
        rules = self.visit.deps.rules
        found = seems_open(self.row.key, self.case, self.file.needs, rules, load_measures())
        return found.openness == Openness.NOT_SHOWN

    @property
    def last_day(self) -> date | None:
        """Return the last day to apply for it, or none where no limit is counted."""
        if self.case.plea is None or self.row.kind != "measure":
            return None
        deps = self.visit.deps
        return apply_working(self.case.plea, deps.calendar, deps.rules)[0]

    @property
    def is_moved(self) -> bool:
        """Return whether the measure is another one than the form was opened upon."""
        version = self.measure.version if self.measure else 0
        return number_of(self.visit.form.text("version")) != version

    @property
    def typed(self) -> tuple[str, ...]:
        """Return every word that somebody wrote into it."""
        texts = (self.visit.form.text(name).strip() for name in ("note", "reason", "view"))
        return tuple(text for text in texts if text)

    def given(self) -> StepGiven | None:
        """Return what is to be recorded, or none with a sentence for each field not right."""
        text = self.visit.form.text
        on = self._day("on", *self._first_day())
        note, view = self._words("note", "Your note"), self._words("view", "Their view")
        if self.state.key == DISCUSSED and not view:
            self.errors.append(("view", "Write what they think of it, as they said it."))
        self._need_note(note, on)
        reason = self._reason() if self.asks_reason else ""
        told = self._told(on) if self.state.decided and on else None
        if on is None or self.errors:
            return None
        return StepGiven(
            self.row.key,
            self.state.key,
            on,
            seen=number_of(text("version")),
            note=note,
            reason=reason,
            view=view if self.asks_view else None,
            told=told,
        )

    def _first_day(self) -> tuple[date, str]:
        is_first = self.measure is None or self.measure.current.on <= self.case.reported_on
        return first_day(self.case, self.measure), "the report" if is_first else "the last step"

    def _day(self, name: str, first: date, first_is: str) -> date | None:
        today = self.visit.deps.today()
        found = past_day(self.visit.form.text(name), first=first, first_is=first_is, today=today)
        if found.day is None:
            self.errors.append((name, sentence(found.problem)))
        return found.day

    def _words(self, name: str, what: str) -> str:
        text = self.visit.form.text(name).strip()
        too_long = length_problem(text, self.visit.deps.rules.limits.note_characters, what)
        if too_long:
            self.errors.append((name, too_long))
        return text

    def _need_note(self, note: str, on: date | None) -> None:
        if note:
            return
        if self.state.told_first:
            self.errors.append(("note", "Write what was decided and why, as you tell them."))
        last_day = self.last_day
        if self.state.key == APPLIED and on is not None and last_day and on > last_day:
            why = "Say why it is late: the court may give more time for it."
            self.errors.append(("note", why))

    def _reason(self) -> str:
        """Return why it is asked for although the law seems not to open it."""
        reason = self._words("reason", "Your reason")
        if not reason:
            self.errors.append(("reason", "Say why it is asked for all the same."))
        return reason

    def _told(self, decided_on: date) -> Told | None:
        how = self.visit.form.text("how")
        if how == NOT_YET:
            return None
        if how not in WAYS_OF_TELLING:
            self.errors.append(("how", "Say how they were told, or that they were not told yet."))
            return None
        day = self._day("told_on", decided_on, "the decision")
        return Told(day, WAYS_OF_TELLING[how]) if day else None
