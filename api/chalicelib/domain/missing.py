"""What is missing for a victim before court, for those who look at their case together."""

from collections.abc import Iterable
from dataclasses import field
from datetime import date

from chalicelib.domain.agreements import Agreement
from chalicelib.domain.applying import NearLimit
from chalicelib.domain.calendar import WorkingDays
from chalicelib.domain.dates import long_date
from chalicelib.domain.measures import APPLIED, ASKED, DISCUSSED, WISHED, Measure
from chalicelib.domain.needs import Needs
from chalicelib.domain.reviews import Court, is_near
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.rules.measures import MeasureRules

NO_NEED = "No need is recorded: ask once, and write it down."
NOT_YET = {
    WISHED: "wished, not yet talked about with them",
    DISCUSSED: "talked about, not asked of the prosecutor",
    ASKED: "asked of the prosecutor, not applied for",
}
NOT_DECIDED = "applied for, not decided, and court is near"
NO_SUPPORTER = "Nobody is known who is with them at court."
NO_TRAVEL = "How they get to court and home is not known."
NO_INTERPRETER = "They need an interpreter or the like, and nobody is booked."


@frozen
class Known:
    """What is known of a victim before court; `agreements` are those in force.

    `near` is what waits to be applied for near the limit of the court's rules.
    """

    court: Court
    needs: Needs = field(default_factory=Needs)
    measures: tuple[Measure, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    near: NearLimit | None = None


def missing(
    known: Known, today: date, calendar: WorkingDays, rules: Rules, measure_rules: MeasureRules
) -> tuple[str, ...]:
    """Return what is missing before court, each in a sentence for staff, the urgent first."""
    return (
        *_limit_missing(known.near),
        *([] if known.needs else [NO_NEED]),
        *_measures_missing(known, today, calendar, rules, measure_rules),
        *_arrangements_missing(known, rules),
        *_views_missing(known.agreements, rules),
    )


def _limit_missing(near: NearLimit | None) -> Iterable[str]:
    if near is None:
        return
    last = long_date(near.last_day)
    if near.is_over:
        yield (
            f"The court's limit to apply was {last}. A late application is possible: the court "
            "wants to know why."
        )
    else:
        yield f"The last day to apply for measures is near: {last}."


def _measures_missing(
    known: Known, today: date, calendar: WorkingDays, rules: Rules, measure_rules: MeasureRules
) -> Iterable[str]:
    court_is_near = known.court.on is not None and is_near(known.court.on, today, calendar, rules)
    for key, row in measure_rules.measures.items():
        measure = next((each for each in known.measures if each.key == key), None)
        if measure is None:
            continue
        if measure.changed_mind_at is not None:
            yield f"{row.name}: they have changed their mind, and nobody has talked with them yet."
        elif measure.state in NOT_YET:
            yield f"{row.name}: {NOT_YET[measure.state]}."
        elif measure.state == APPLIED and court_is_near:
            yield f"{row.name}: {NOT_DECIDED}."


def _arrangements_missing(known: Known, rules: Rules) -> Iterable[str]:
    court, choices = known.court, rules.need_choices
    chosen = {choice for need in known.needs.needs for choice in need.chosen}
    if not court.supporter:
        yield NO_SUPPORTER
    if not court.travel:
        yield NO_TRAVEL
    needs_one = any(choices[key].interpreter for key in chosen if key in choices)
    if needs_one and not court.interpreter:
        yield NO_INTERPRETER


def _views_missing(agreements: Iterable[Agreement], rules: Rules) -> Iterable[str]:
    for agreement in agreements:
        partner = rules.partners.get(agreement.partner)
        if partner is not None and agreement.view is None:
            yield f"{partner.name} has not said what it thinks."
