"""What a victim is owed reads as it did while news waits to be told by a person (D10).

A promise that came, went or moved because of that news would tell of it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.cases import Case, StageEntry
from chalicelib.domain.expectations import LEFT
from chalicelib.domain.measures import Measure, untold_since
from chalicelib.domain.promises import LINE, REVIEW, TASK, TELL, Promise
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.rules.measures import load_measures
from chalicelib.services.apply_tasks import APPLY, NOT_WANTED

# Cancelled for what they themselves said: nothing that waits shows in that.
THEIR_OWN = (NOT_WANTED, LEFT)


@frozen
class Hidden:
    """Since when there is news that a victim was not told of, or none.

    `news` is that of the case; `decision` is what a court decided about a measure.
    """

    news: datetime | None
    decision: datetime | None


def hidden_from(case: Case, shown: StageEntry) -> datetime | None:
    """Return since when there is news of the case behind the entry that may be read, or none."""
    # What stands behind the newest entry that may be read is untold; without one, all is.
    known = [entry.id for entry in case.entries].index(shown.id) + 1 if shown.id else 0
    return case.entries[known].recorded_at if known < len(case.entries) else None


def hidden_of(case: Case, shown: StageEntry, measures: Iterable[Measure]) -> Hidden:
    """Return since when which news waits for a victim who may read an entry."""
    rules = load_measures()
    since = (untold_since(measure, rules) for measure in measures)
    decision = min((moment for moment in since if moment is not None), default=None)
    return Hidden(hidden_from(case, shown), decision)


def as_before(owed: Iterable[Promise], hidden: Hidden, rules: Rules) -> list[Promise]:
    """Return what was promised as it stood before hidden news: without what came after it.

    What was cancelled since then stands as open.
    """
    owed = list(owed)
    return [
        _still_owed(promise, since) if (since := _since(promise, hidden, rules)) else promise
        for promise in owed
        if not _came_behind(promise, _since(promise, hidden, rules))
        and not _is_opened_again(promise, owed, hidden.decision)
    ]


def _since(promise: Promise, hidden: Hidden, rules: Rules) -> datetime | None:
    """Return from when on what becomes of a promise would tell of hidden news, or none.

    A hearing that gets a date is harmless, but not before somebody was told of the charge,
    also where a letter told of the hearing. A review names the date that it is for. What is
    done because somebody is charged begins and ends with such news. To apply again is what
    follows a refusal.
    """
    is_told_by = promise.kind in {TELL, REVIEW} or _is_from_charge(promise, rules)
    is_to_apply = promise.kind == TASK and promise.event == APPLY
    since = (hidden.news if is_told_by else None, hidden.decision if is_to_apply else None)
    return min((moment for moment in since if moment is not None), default=None)


def _is_from_charge(promise: Promise, rules: Rules) -> bool:
    rows = {TASK: rules.tasks.get(promise.event), LINE: rules.expectations.get(promise.line)}
    row = rows.get(promise.kind)
    return row is not None and row.from_charge


def _came_behind(promise: Promise, since: datetime | None) -> bool:
    return since is not None and promise.made_at >= since


def _still_owed(promise: Promise, since: datetime) -> Promise:
    closed = promise.closed_at
    if not promise.cancelled_why or closed is None or closed < since:
        return promise
    if promise.cancelled_why in THEIR_OWN:
        return promise
    return replace(promise, cancelled_why="", closed_at=None)


def _is_opened_again(promise: Promise, owed: Iterable[Promise], since: datetime | None) -> bool:
    """Return whether a review was held before its date, and is owed again behind a decision."""
    if promise.kind != REVIEW or not _came_behind(promise, since):
        return False
    reviews = (each for each in owed if each.kind == REVIEW and each.subject == promise.subject)
    return any(each.kept_at is not None and each.made_at < promise.made_at for each in reviews)
