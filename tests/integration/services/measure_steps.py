"""What tests of measures do again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.cases import CROWN, Plea
from chalicelib.domain.promises import TASK
from chalicelib.services.keep_measures import StepGiven, keep_step
from chalicelib.services.record_plea import record_plea
from tests.integration.services.staff_steps import case_of, file_of, staff

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.measures import Measure
    from chalicelib.domain.promises import Promise
    from tests.builders import SeededCase
    from tests.integration.conftest import World


def step(
    world: World,
    case: SeededCase,
    state: str,
    measure: str = "screen",
    *,
    label: str | None = None,
    form: str = "",
    **given: Any,
) -> None:
    """Record a step upon the measure as it stands, a minute after what was recorded before."""
    world.clock.forward(minutes=1)
    before = file_of(world, case, label).measure(measure)
    given = {"on": world.deps.today(), "seen": before.version if before else 0, **given}
    whose = case.victim if label is None else case.victims[label]
    keep_step(
        world.deps,
        staff(world),
        case.key,
        whose,
        StepGiven(measure, state, **given),
        form_key=form or world.deps.new_id(),
    )


def measure_of(world: World, case: SeededCase, key: str = "screen") -> Measure:
    """Return a measure of the first victim as it stands."""
    found = file_of(world, case).measure(key)
    assert found is not None
    return found


def states(measure: Measure) -> list[str]:
    """Return the states that a measure went through."""
    return [each.state for each in measure.steps]


def plead(world: World, case: SeededCase, on: date, court: str = CROWN) -> None:
    """Record a not-guilty plea upon the case as it stands."""
    world.clock.forward(minutes=1)
    seen = case_of(world, case).version
    record_plea(world.deps, staff(world), case.key, Plea(on, court), seen=seen)


def tasks(world: World, case: SeededCase, task: str, label: str | None = None) -> list[Promise]:
    """Return every promise of a task, open or not."""
    owed = file_of(world, case, label).owed
    return [promise for promise in owed if promise.kind == TASK and promise.event == task]


def open_tasks(
    world: World, case: SeededCase, task: str, label: str | None = None
) -> list[Promise]:
    """Return the open promises of a task."""
    return [promise for promise in tasks(world, case, task, label) if promise.is_open]
