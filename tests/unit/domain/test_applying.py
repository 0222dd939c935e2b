"""By when the prosecutor applies for special measures, and for whom the law opens them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from chalicelib.domain.applying import apply_working, known_facts, near_limit, seems_open
from chalicelib.domain.calendar import england_and_wales
from chalicelib.domain.cases import (
    CROWN,
    MAGISTRATES,
    Case,
    CaseKey,
    Officer,
    OfficerId,
    Plea,
    TeamId,
    Victim,
    VictimKey,
)
from chalicelib.domain.finder import Openness
from chalicelib.domain.measures import Measure, MeasureStep
from chalicelib.domain.needs import Need, Needs
from chalicelib.rules import load_rules
from chalicelib.rules.measures import load_measures

RULES, MEASURES = load_rules(), load_measures()
CALENDAR = england_and_wales(time(8), time(17))
MORNING = datetime(2026, 11, 2, 9, tzinfo=UTC)
OFFICER = Officer(OfficerId("pc-example"), "PC Example", "0001", TeamId("stafford"))
CASE = Case(
    CaseKey("k"),
    "12/100000/34",
    "burglary",
    frozenset(),
    date(2026, 11, 2),
    OFFICER,
    (),
    (Victim(VictimKey("v"), "V1", enhanced_rights=False),),
)


def in_state(state: str, key: str = "screen") -> Measure:
    """Return a measure in a state."""
    return Measure(key, (MeasureStep(state, date(2026, 11, 2), MORNING, "PC Example"),))


def need(kind: str, *chosen: str) -> Needs:
    """Return one need of a kind."""
    return Needs((Need(kind, {}, chosen, MORNING, "victim"),))


@pytest.mark.parametrize(
    ("court", "on", "last_day", "days", "rule"),
    [
        (CROWN, date(2026, 11, 18), date(2026, 12, 2), 10, "court.apply_crown"),
        (MAGISTRATES, date(2026, 11, 18), date(2026, 12, 16), 20, "court.apply_magistrates"),
        # Christmas Day and Boxing Day's substitute are no business days.
        (CROWN, date(2026, 12, 18), date(2027, 1, 6), 10, "court.apply_crown"),
        # A plea on a Saturday: the first business day is Monday.
        (CROWN, date(2026, 11, 21), date(2026, 12, 4), 10, "court.apply_crown"),
    ],
)
def test_the_limit_is_counted_in_business_days_after_the_plea(
    court: str, on: date, last_day: date, days: int, rule: str
) -> None:
    due, working = apply_working(Plea(on, court), CALENDAR, RULES)
    assert due == last_day
    assert (working.rule, working.counted_from, working.working_days) == (rule, on, days)


def test_a_plea_of_long_ago_does_not_run_out_of_the_calendar() -> None:
    plea = Plea(date(1999, 1, 4), CROWN)
    assert apply_working(plea, CALENDAR, RULES)[0] < date(2026, 1, 1)


@pytest.mark.parametrize(
    ("today", "left", "is_over"),
    [
        (date(2026, 11, 27), None, False),  # Monday, Tuesday, Wednesday are left: not near yet
        (date(2026, 11, 28), None, False),  # on a Saturday the same three are left
        (date(2026, 11, 30), 2, False),
        (date(2026, 12, 2), 0, False),
        (date(2026, 12, 3), 0, True),
    ],
)
def test_a_limit_is_near_with_fewer_than_three_business_days_left(
    today: date, left: int | None, *, is_over: bool
) -> None:
    near = near_limit(
        Plea(date(2026, 11, 18), CROWN), [in_state("asked")], today, CALENDAR, RULES, MEASURES
    )
    assert (near.left if near else None) == left
    assert bool(near and near.is_over) == is_over


@pytest.mark.parametrize(
    "measures", [[], [in_state("applied")], [in_state("granted")], [in_state("asked", "supporter")]]
)
def test_no_limit_is_near_where_nothing_waits_to_be_applied_for(measures: list[Measure]) -> None:
    plea, today = Plea(date(2026, 11, 18), CROWN), date(2026, 12, 2)
    assert near_limit(plea, measures, today, CALENDAR, RULES, MEASURES) is None


def test_without_a_plea_there_is_no_limit() -> None:
    today = date(2026, 12, 2)
    assert near_limit(None, [in_state("asked")], today, CALENDAR, RULES, MEASURES) is None


@pytest.mark.parametrize(
    ("crime_type", "flags", "needs", "facts"),
    [
        ("burglary", (), Needs(), ()),
        ("rape", (), Needs(), ("sexual",)),
        ("modern_slavery", (), Needs(), ("slavery",)),
        ("violence", ("domestic_abuse",), Needs(), ("domestic_abuse",)),
        ("violence", ("child",), Needs(), ("under_18",)),
        ("violence", ("sexual",), Needs(), ("sexual",)),
        ("burglary", (), need("health"), ("illness",)),
        ("burglary", (), need("access"), ("disability",)),
        ("burglary", (), need("fear"), ("afraid",)),
        ("burglary", (), need("communication", "bsl"), ("deaf",)),
        ("burglary", (), need("communication", "interpreter"), ()),
        ("burglary", (), need("faith"), ()),
    ],
)
def test_what_a_case_shows_of_a_person(
    crime_type: str, flags: tuple[str, ...], needs: Needs, facts: tuple[str, ...]
) -> None:
    case = replace(CASE, crime_type=crime_type, flags=frozenset(flags))
    assert known_facts(case, needs, RULES) == frozenset(facts)


@pytest.mark.parametrize(
    ("key", "flags", "needs", "openness"),
    [
        ("screen", (), Needs(), Openness.NOT_SHOWN),
        ("screen", ("domestic_abuse",), Needs(), Openness.BY_LAW),
        ("screen", (), need("health"), Openness.IF_SATISFIED),
        ("intermediary", ("domestic_abuse",), Needs(), Openness.NOT_SHOWN),
        ("intermediary", ("child",), Needs(), Openness.BY_LAW),
        ("supporter", (), Needs(), Openness.ANYBODY),
        ("unfit_statement", (), Needs(), Openness.ANYBODY),
    ],
)
def test_how_open_a_measure_seems(
    key: str, flags: tuple[str, ...], needs: Needs, openness: Openness
) -> None:
    case = replace(CASE, flags=frozenset(flags))
    assert seems_open(key, case, needs, RULES, MEASURES).openness == openness


@pytest.mark.parametrize(("labels", "facts"), [(("V1",), {"under_18"}), (("V1", "V2"), set())])
def test_a_child_in_a_case_of_several_makes_nobody_a_child(
    labels: tuple[str, ...], facts: set[str]
) -> None:
    victims = tuple(Victim(VictimKey(label), label, enhanced_rights=False) for label in labels)
    case = replace(CASE, flags=frozenset({"child"}), victims=victims)
    assert known_facts(case, Needs(), RULES) == facts


def test_every_fact_is_one_that_the_rules_know() -> None:
    case = replace(CASE, crime_type="modern_slavery", flags=frozenset({"domestic_abuse", "child"}))
    everything = Needs(
        tuple(
            Need(kind.key, {}, tuple(RULES.need_choices), MORNING, "victim")
            for kind in RULES.need_kinds.values()
        )
    )
    facts = known_facts(case, everything, RULES) | {"sexual"}
    assert facts <= MEASURES.answers.keys()
