"""A victim's measures as staff read them: state, whose decision, their view, and what is near."""

from typing import Any

from chalicelib.domain.applying import NearLimit
from chalicelib.domain.cases import Case, Victim
from chalicelib.domain.dates import date_and_time, long_date
from chalicelib.domain.measures import (
    APPLIED,
    ASKED,
    BY_VICTIM,
    DISCUSSED,
    GRANTED,
    WISHED,
    WITHDRAWN,
    Measure,
    MeasureStep,
    is_settled,
    next_states,
)
from chalicelib.domain.tellings import how_told
from chalicelib.rules.measures import load_measures
from chalicelib.services.apply_tasks import near_limit_of
from chalicelib.services.ports import VictimFile
from chalicelib.services.staff_case import StaffCase
from chalicelib.web.measure_parts import ARRANGEMENT, state_words
from chalicelib.web.page import Visit
from chalicelib.web.staff.case_words import in_order, victim_name

# What comes after a state as a rule: its button stands first.
COMES_NEXT = {WISHED: DISCUSSED, DISCUSSED: ASKED, ASKED: APPLIED, APPLIED: GRANTED}
ARRANGED_NEXT = COMES_NEXT | {ASKED: GRANTED}
LATE_IS_POSSIBLE = (
    "A late application is still possible: the court may give more time, and wants to know why "
    "(rule 18.6)."
)


def measures_address(case: Case, victim: Victim) -> str:
    """Return the address of a victim's measures on the desk."""
    return f"/cases/{case.key}/measures?victim={victim.key}"


def measures_section(visit: Visit, opened: StaffCase) -> list[dict[str, Any]]:
    """Return what the case page says of each victim's measures: changed minds first."""
    return [
        measures_of(visit, opened.case, victim, opened.files[victim.key])
        for victim in in_order(opened.case)
    ]


def measures_of(visit: Visit, case: Case, victim: Victim, file: VictimFile) -> dict[str, Any]:
    """Return the lines of one victim's measures, what is near its limit, and where all stand."""
    rules = load_measures()
    return {
        "name": victim_name(victim),
        "victim": victim.key,
        "address": measures_address(case, victim),
        "near": near_words(near_limit_of(visit.deps, case, file.measures)),
        "lines": [
            {
                "name": rules.measures[measure.key].name,
                "changed": _changed(measure),
                "state": _label(measure, measure.current),
                "since": long_date(measure.current.on),
                "view": measure.view,
            }
            for measure in measures_in_order(file)
        ],
    }


def measures_in_order(file: VictimFile) -> list[Measure]:
    """Return the measures with changed minds first, then what is under way, then what is over."""
    rules = load_measures()
    order = list(rules.measures)
    return sorted(
        (measure for measure in file.measures if measure.key in rules.measures),
        key=lambda each: (
            each.changed_mind_at is None,
            is_settled(each, rules),
            order.index(each.key),
        ),
    )


def near_words(near: NearLimit | None) -> str:
    """Return the warning that a limit is near or over and nobody applied yet, or nothing."""
    if near is None:
        return ""
    rows = load_measures().measures
    names = "; ".join(rows[measure.key].name for measure in near.waiting)
    if near.is_over:
        over = f"The limit to apply was {long_date(near.last_day)}"
        return f"{over}, and nobody has applied for: {names}. {LATE_IS_POSSIBLE}"
    left = {0: "Today is the last day", 1: "1 working day is left"}.get(
        near.left, f"{near.left} working days are left"
    )
    return f"{left} to apply, until {long_date(near.last_day)}. Nobody has applied for: {names}."


def measure_words(case: Case, victim: Victim, measure: Measure) -> dict[str, Any]:
    """Return everything that staff read of one measure, with what can be recorded next."""
    row, rules = load_measures().measures[measure.key], load_measures()
    following = (ARRANGED_NEXT if row.kind == ARRANGEMENT else COMES_NEXT).get(measure.state)
    steps = [
        (state_words(row, state).label, step_address(case, victim, measure.key, state.key))
        for state in sorted(
            next_states(measure, rules), key=lambda state: state.key != (following or WITHDRAWN)
        )
    ]
    return {
        "key": measure.key,
        "name": row.name,
        "means": row.means,
        "state": _label(measure, measure.current),
        "since": long_date(measure.current.on),
        "decides": row.who_decides,
        "view": measure.view,
        "changed": _changed(measure),
        "told": told_words(measure),
        "talk": f"/cases/{case.key}/measures/view?victim={victim.key}&measure={measure.key}",
        "first": steps[0] if following else None,
        "others": steps[1:] if following else steps,
        "history": [step_words(measure, step) for step in reversed(measure.steps)],
    }


def step_address(case: Case, victim: Victim, measure: str, to: str) -> str:
    """Return the address of the form that records a step."""
    return f"/cases/{case.key}/measures/step?victim={victim.key}&measure={measure}&to={to}"


def step_words(measure: Measure, step: MeasureStep) -> dict[str, str]:
    """Return one step of the history: what, since when, noted by whom, and its note."""
    by = "the victim" if step.by == BY_VICTIM else step.by
    told = f", told {how_told(step.told.how)} on {long_date(step.told.on)}" if step.told else ""
    return {
        "what": f"{_label(measure, step)}{told}",
        "on": long_date(step.on),
        "noted": f"noted by {by} on {date_and_time(step.at)}",
        "note": step.note,
    }


def told_words(measure: Measure) -> str:
    """Return that a decision waits for a person who tells it, or nothing."""
    state = load_measures().states[measure.state]
    if not state.decided or measure.current.told is not None:
        return ""
    if state.told_first:
        return "Not told yet. Until a person has told them, their page shows the step before."
    return "Not told yet by a person. Their page shows it already."


def _label(measure: Measure, step: MeasureStep) -> str:
    rules = load_measures()
    return state_words(rules.measures[measure.key], rules.states[step.state]).label


def _changed(measure: Measure) -> str:
    if measure.changed_mind_at is None:
        return ""
    return f"They changed their mind on {date_and_time(measure.changed_mind_at)}. Talk with them."
