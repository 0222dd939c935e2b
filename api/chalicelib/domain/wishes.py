"""What a victim wishes of measures on their own page, and never a hint at what waits (D10).

Staff may have recorded a decision that a person tells first, or steps that tell of a charge.
What a victim presses counts by what their page showed them, and answers as if nothing waited.
"""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from chalicelib.domain.dates import in_london
from chalicelib.domain.measures import (
    APPLIED,
    ASKED,
    BY_VICTIM,
    DISCUSSED,
    WISHED,
    WITHDRAWN,
    Measure,
    MeasureStep,
    step_shown,
    with_step,
)
from chalicelib.rules.measures import NEW, MeasureRules

STILL_A_WISH = (WISHED, DISCUSSED, ASKED, APPLIED)
MARK_LETTERS = 16


def may_wish(measure: Measure | None, rules: MeasureRules, *, knows_of_charge: bool) -> bool:
    """Return whether a victim may ask for a measure, by what their page shows of it."""
    shown = step_shown(measure, rules, knows_of_charge=knows_of_charge) if measure else None
    return (shown.state if shown else NEW) in rules.states[WISHED].after


def with_wish(
    measure: Measure | None,
    key: str,
    at: datetime,
    *,
    rules: MeasureRules,
    knows_of_charge: bool,
) -> Measure:
    """Return the measure after its victim asked for it; what waits to be told stays newest."""
    step = wish_step(WISHED, at)
    shown = step_shown(measure, rules, knows_of_charge=knows_of_charge) if measure else None
    if measure is None or shown is measure.current:
        return with_step(measure, key, step)
    read = measure.steps.index(shown) + 1 if shown else 0
    return replace(measure, steps=(*measure.steps[:read], step, *measure.steps[read:]))


def may_withdraw(measure: Measure, rules: MeasureRules, *, knows_of_charge: bool) -> bool:
    """Return whether a victim may withdraw a wish: before a decision that they know of."""
    shown = step_shown(measure, rules, knows_of_charge=knows_of_charge)
    return shown is not None and shown.state in STILL_A_WISH


def withdrawn(measure: Measure, at: datetime) -> Measure:
    """Return the measure after its victim withdrew it."""
    return with_step(measure, measure.key, wish_step(WITHDRAWN, at))


def wish_step(state: str, at: datetime) -> MeasureStep:
    """Return a step that the victim took themselves."""
    return MeasureStep(state, in_london(at).date(), at, BY_VICTIM)


def view_mark(view: str) -> str:
    """Return what tells one view from another, without saying what was changed besides it."""
    return sha256(view.encode("utf-8", "backslashreplace")).hexdigest()[:MARK_LETTERS]
