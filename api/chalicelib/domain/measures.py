"""Special measures and other arrangements of one victim: where each stands, and what they think."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.cases import Told
from chalicelib.frozen import frozen
from chalicelib.rules.measures import MeasureRules, State

BY_VICTIM = "victim"
NEW = "new"
WISHED, DISCUSSED, ASKED, APPLIED = "wished", "discussed", "asked", "applied"
GRANTED, PARTLY, REFUSED, VARIED, WITHDRAWN = "granted", "partly", "refused", "varied", "withdrawn"


@frozen
class MeasureStep:
    """One step of a measure: the state it came to, since which day, noted when and by whom.

    `note` holds the court's reasons or what it decided, in plain words; `event` is the id of
    the Code's event that a decision is, and `told` how the victim heard it from a person.
    """

    state: str
    on: date
    at: datetime
    by: str
    note: str = ""
    told: Told | None = None
    event: str = ""


@frozen
class Measure:
    """A measure or arrangement of one victim, by the key of its row; steps run oldest first.

    `view` is what they think of it in their own words; from `changed_mind_at` on they want
    something else, until somebody has talked with them.
    """

    key: str
    steps: tuple[MeasureStep, ...]
    view: str = ""
    changed_mind_at: datetime | None = None
    version: int = 0

    @property
    def current(self) -> MeasureStep:
        """Return the newest step, told or not: what staff see."""
        return self.steps[-1]

    @property
    def state(self) -> str:
        """Return the key of the state it is in."""
        return self.current.state


def state_of(measure: Measure | None, rules: MeasureRules) -> State | None:
    """Return the state of a measure, or none for one that is not there yet."""
    return rules.states[measure.state] if measure else None


def may_become(measure: Measure | None, state: str, rules: MeasureRules) -> bool:
    """Return whether a measure can come to a state from where it stands."""
    return (measure.state if measure else NEW) in rules.states[state].after


def next_states(measure: Measure | None, rules: MeasureRules) -> tuple[State, ...]:
    """Return the states to which a measure can come, in the order of the rules."""
    return tuple(row for row in rules.states.values() if may_become(measure, row.key, rules))


def with_step(measure: Measure | None, key: str, step: MeasureStep) -> Measure:
    """Return the measure after one more step; a step after talking settles a changed mind."""
    if measure is None:
        return Measure(key, (step,))
    return replace(measure, steps=(*measure.steps, step), changed_mind_at=None)


def told_of(measure: Measure, event: str, told: Told) -> Measure:
    """Return the measure after the victim heard the decisions that are this event."""
    steps = tuple(
        replace(step, told=told) if step.event == event and step.told is None else step
        for step in measure.steps
    )
    return replace(measure, steps=steps)


def is_from_charge(key: str, state: State, rules: MeasureRules) -> bool:
    """Return whether a measure comes to a state only after a charge.

    An arrangement needs no court: who is interviewed by the police has an interpreter too.
    """
    row = rules.measures.get(key)
    is_arranged = state.key == GRANTED and row is not None and row.kind == "arrangement"
    return state.from_charge and not is_arranged


def step_shown(
    measure: Measure, rules: MeasureRules, *, knows_of_charge: bool
) -> MeasureStep | None:
    """Return the newest step that the victim may read, or none (D10).

    What only happens after a charge waits until they were told of one. What a person tells
    first waits until somebody has, and so does what comes of it: after it they read of
    nothing but what they did themselves.
    """
    untold = _first_untold(measure, rules)
    known = len(measure.steps) if untold is None else untold
    readable = [
        step
        for place, step in enumerate(measure.steps)
        if (place < known or step.by == BY_VICTIM)
        and (knows_of_charge or not is_from_charge(measure.key, rules.states[step.state], rules))
        and not _waits(step, rules)
    ]
    return readable[-1] if readable else None


def untold_since(measure: Measure, rules: MeasureRules) -> datetime | None:
    """Return when the decision was noted that a person has yet to tell the victim, or none."""
    untold = _first_untold(measure, rules)
    return measure.steps[untold].at if untold is not None else None


def _first_untold(measure: Measure, rules: MeasureRules) -> int | None:
    """Return the place of the first step that waits, if none after it was told."""
    first = None
    for place, step in enumerate(measure.steps):
        if step.told is not None:
            first = None
        elif first is None and _waits(step, rules):
            first = place
    return first


def _waits(step: MeasureStep, rules: MeasureRules) -> bool:
    return rules.states[step.state].told_first and step.told is None


def to_apply_for(measures: Iterable[Measure], rules: MeasureRules) -> tuple[Measure, ...]:
    """Return the special measures that somebody wants and nobody has applied for yet."""
    wanted = (WISHED, DISCUSSED, ASKED)
    return tuple(
        measure
        for measure in measures
        if measure.state in wanted and rules.measures[measure.key].kind == "measure"
    )


def is_settled(measure: Measure, rules: MeasureRules) -> bool:
    """Return whether the court has decided, or nobody wants it any more."""
    return rules.states[measure.state].decided or measure.state == WITHDRAWN
