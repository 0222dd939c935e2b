"""After a not-guilty plea somebody sees that the prosecutor applies, in time or with a reason."""

from collections.abc import Iterable
from datetime import date

from chalicelib.domain.applying import APPLY_RULES, NearLimit, apply_working, near_limit
from chalicelib.domain.cases import Case, Plea, Victim
from chalicelib.domain.measures import (
    APPLIED,
    GRANTED,
    PARTLY,
    REFUSED,
    Measure,
    to_apply_for,
)
from chalicelib.domain.promises import TASK, Promise, Working
from chalicelib.rules.measures import load_measures
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.follow import open_of
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.tasks import TaskGiven, task_parts

APPLY = "apply"
AT_COURT = (APPLIED, GRANTED, PARTLY, REFUSED)
BY_APPLICATION = "by an application"
NOT_WANTED = "No special measure is wanted any more."
PLEA_CHANGED = "The plea was put right; the limit is counted anew."


def apply_parts(
    deps: Deps,
    case: Case,
    victim: Victim,
    file: VictimFile,
    measures: Iterable[Measure],
    *,
    on: date | None = None,
) -> list[Part]:
    """Return the writes that owe an application, or no longer do.

    Args:
        deps: rules, clock and calendar.
        case: as it stands afterwards, with its plea.
        victim: whose measures they are.
        file: what stands of them before this transaction.
        measures: theirs, as they stand afterwards.
        on: the day on which nothing was left to apply for, if that is now; today without it.
    """
    measures = tuple(measures)
    waiting, plea = open_applications(file), case.plea
    if plea is None or not to_apply_for(measures, load_measures()):
        return _closed(deps, waiting, measures, on or deps.today())
    if not waiting:
        return _owed(deps, case, victim, plea, measures)
    if all(promise.working == _due(deps, plea)[1] for promise in waiting):
        words = _names(measures)
        return [part for p in waiting for part in promises.note_task(deps, p, words)]
    gone = [part for p in waiting for part in promises.cancel(deps, p, PLEA_CHANGED)]
    return gone + _owed(deps, case, victim, plea, measures)


def open_applications(file: VictimFile) -> list[Promise]:
    """Return what is owed by the limit of the court's rules, and not what a review gave out."""
    return [promise for promise in open_of(file, TASK) if promise.working.rule in APPLY_RULES]


def near_limit_of(deps: Deps, case: Case, measures: Iterable[Measure]) -> NearLimit | None:
    """Return what waits to be applied for so near the limit that a page warns, or none."""
    rules = load_measures()
    return near_limit(case.plea, measures, deps.today(), deps.calendar, deps.rules, rules)


def _owed(
    deps: Deps, case: Case, victim: Victim, plea: Plea, measures: tuple[Measure, ...]
) -> list[Part]:
    given = TaskGiven(APPLY, words=_names(measures), due=_due(deps, plea))
    return task_parts(deps, case, victim, given)


def _names(measures: tuple[Measure, ...]) -> str:
    rules = load_measures()
    return "; ".join(rules.measures[each.key].name for each in to_apply_for(measures, rules))


def _due(deps: Deps, plea: Plea) -> tuple[date, Working]:
    """Return by when it is owed: where the limit is over already, today; late is possible."""
    last_day, working = apply_working(plea, deps.calendar, deps.rules)
    return max(last_day, deps.today()), working


def _closed(
    deps: Deps, waiting: list[Promise], measures: tuple[Measure, ...], on: date
) -> list[Part]:
    """Return the writes that keep what was applied for, and cancel what nobody wants.

    What was applied for before the promise was made keeps none: it was never a part of it.
    """
    kinds, at = load_measures().measures, promises.kept_on(deps, on)
    applied_at = max(
        (
            step.at
            for measure in measures
            if kinds[measure.key].kind == "measure"
            for step in measure.steps
            if step.state in AT_COURT
        ),
        default=None,
    )
    parts: list[Part] = []
    for promise in waiting:
        if applied_at is not None and applied_at >= promise.made_at:
            parts += promises.keep(deps, promise, at, BY_APPLICATION)
        else:
            parts += promises.cancel(deps, promise, NOT_WANTED)
    return parts
