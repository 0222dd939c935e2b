"""By when a case is looked at before court, when it is red, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.agreements import NEEDS, Agreement, View
from chalicelib.domain.applying import NearLimit
from chalicelib.domain.calendar import england_and_wales
from chalicelib.domain.cases import (
    Case,
    CaseKey,
    Officer,
    OfficerId,
    StageEntry,
    TeamId,
    VictimKey,
)
from chalicelib.domain.measures import Measure, MeasureStep
from chalicelib.domain.missing import (
    NO_INTERPRETER,
    NO_NEED,
    NO_SUPPORTER,
    NO_TRAVEL,
    Known,
    missing,
)
from chalicelib.domain.needs import Need, Needs
from chalicelib.domain.reviews import (
    Closing,
    Court,
    is_near,
    is_red,
    is_under_review,
    review_due_on,
    working_days_left,
)
from chalicelib.domain.staff import Force, StaffMember
from chalicelib.domain.task_people import people_for_tasks
from chalicelib.rules import load_rules
from chalicelib.rules.measures import load_measures

RULES, MEASURES = load_rules(), load_measures()
CALENDAR = england_and_wales(RULES.limits.working_day_starts, RULES.limits.receipt_cut_off)
TODAY, NOON = date(2026, 11, 18), datetime(2026, 11, 18, 12, tzinfo=UTC)
HEARING = date(2027, 1, 8)
ONE_DAY = timedelta(days=1)
VICTIM, CASE = VictimKey("v"), CaseKey("c")
COURT = Court(VICTIM, CASE, "12/345678/90", "V1", TeamId("t"), HEARING, high_harm=True)


# --- by when


@pytest.mark.parametrize(
    ("hearing", "due"),
    [
        (date(2026, 12, 11), date(2026, 11, 27)),
        # Christmas Day, its substitute for Boxing Day and New Year's Day are not counted.
        (HEARING, date(2026, 12, 22)),
        (date(2026, 12, 29), date(2026, 12, 11)),
        # Before a Saturday the Friday is one of the ten.
        (date(2026, 12, 12), date(2026, 11, 30)),
    ],
)
def test_ten_working_days_are_left_after_a_review_in_time(hearing: date, due: date) -> None:
    assert review_due_on(hearing, CALENDAR, RULES) == due
    assert working_days_left(due, hearing, CALENDAR) == RULES.limits.review_working_days


def test_a_date_behind_the_last_bank_holiday_that_is_known_has_its_day_as_well() -> None:
    assert review_due_on(date(2031, 6, 2), CALENDAR, RULES) == date(2031, 5, 19)


@given(st.dates(date(2026, 1, 5), date(2028, 12, 1)), st.integers(0, 60))
def test_red_is_what_leaves_fewer_days_than_a_review_has_to(hearing: date, days: int) -> None:
    today = hearing - timedelta(days=days)
    few = working_days_left(today, hearing, CALENDAR) < RULES.limits.review_working_days
    assert is_near(hearing, today, CALENDAR, RULES) == few


# --- red


def _reviewed(court: Court, for_on: date) -> Court:
    return replace(court, closings=(Closing(NOON, "Sgt", for_on, "A screen.", "All"),))


@pytest.mark.parametrize(
    ("court", "today", "red"),
    [
        (COURT, date(2026, 12, 22), False),
        (COURT, date(2026, 12, 23), True),
        (COURT, HEARING, True),
        (COURT, HEARING + ONE_DAY, False),
        (replace(COURT, on=None), date(2026, 12, 23), False),
        (replace(COURT, high_harm=False), date(2026, 12, 23), False),
        (replace(COURT, high_harm=False, has_needs=True), date(2026, 12, 23), True),
        (_reviewed(COURT, HEARING), date(2026, 12, 23), False),
        (_reviewed(COURT, HEARING - ONE_DAY), date(2026, 12, 23), True),
        (
            replace(_reviewed(COURT, HEARING), reopened_why="A need was told."),
            date(2026, 12, 23),
            True,
        ),
    ],
)
def test_red_is_what_is_near_and_not_reviewed(court: Court, today: date, *, red: bool) -> None:
    assert is_red(court, today, CALENDAR, RULES) is red


@pytest.mark.parametrize(
    ("court", "listed"),
    [
        (COURT, True),
        (replace(COURT, high_harm=False), False),
        (replace(COURT, high_harm=False, has_needs=True), True),
        (replace(COURT, on=None, has_needs=True), False),
    ],
)
def test_high_harm_or_a_need_puts_a_date_under_review(court: Court, *, listed: bool) -> None:
    assert is_under_review(court) is listed


# --- what is missing


def _need(*chosen: str) -> Needs:
    words = {"communication_language": "Polish"}
    return Needs((Need("communication", words, chosen, NOON, "victim", 1),), 1)


def _measure(key: str, state: str, **more: object) -> Measure:
    step = MeasureStep(state, TODAY, NOON, "PC Example")
    return replace(Measure(key, (step,)), **more)  # type: ignore[arg-type]


def _agreement(partner: str, view: View | None = None) -> Agreement:
    return Agreement(
        partner,
        VICTIM,
        CASE,
        "12/345678/90",
        frozenset({NEEDS}),
        HEARING,
        NOON,
        "victim",
        view=view,
    )


COMPLETE = Known(
    replace(COURT, supporter="Her sister", travel="By train"), needs=_need("large_print")
)
SCREEN = MEASURES.measures["screen"].name
VIEW = View("She needs a screen.", NOON, "Juniper Example")
LATE_IS_POSSIBLE = "A late application is possible: the court wants to know why."
NEAR = NearLimit(date(2026, 11, 20), 2, is_over=False, waiting=())


@pytest.mark.parametrize(
    ("known", "today", "said"),
    [
        (COMPLETE, TODAY, []),
        (replace(COMPLETE, needs=Needs()), TODAY, [NO_NEED]),
        (replace(COMPLETE, court=COURT), TODAY, [NO_SUPPORTER, NO_TRAVEL]),
        (
            replace(COMPLETE, measures=(_measure("screen", "wished"),)),
            TODAY,
            [f"{SCREEN}: wished, not yet talked about with them."],
        ),
        (
            replace(COMPLETE, measures=(_measure("screen", "discussed"),)),
            TODAY,
            [f"{SCREEN}: talked about, not asked of the prosecutor."],
        ),
        (
            replace(COMPLETE, measures=(_measure("screen", "asked"),)),
            TODAY,
            [f"{SCREEN}: asked of the prosecutor, not applied for."],
        ),
        (replace(COMPLETE, measures=(_measure("screen", "applied"),)), TODAY, []),
        (
            replace(COMPLETE, measures=(_measure("screen", "applied"),)),
            date(2026, 12, 23),
            [f"{SCREEN}: applied for, not decided, and court is near."],
        ),
        (replace(COMPLETE, measures=(_measure("screen", "granted"),)), HEARING, []),
        (replace(COMPLETE, measures=(_measure("screen", "withdrawn"),)), HEARING, []),
        (
            replace(COMPLETE, measures=(_measure("screen", "granted", changed_mind_at=NOON),)),
            TODAY,
            [f"{SCREEN}: they have changed their mind, and nobody has talked with them yet."],
        ),
        (replace(COMPLETE, needs=_need("interpreter")), TODAY, [NO_INTERPRETER]),
        (replace(COMPLETE, needs=_need("bsl")), TODAY, [NO_INTERPRETER]),
        (
            replace(
                COMPLETE,
                needs=_need("interpreter"),
                court=replace(COMPLETE.court, interpreter="Booked"),
            ),
            TODAY,
            [],
        ),
        (
            replace(COMPLETE, agreements=(_agreement("new_era"),)),
            TODAY,
            ["New Era has not said what it thinks."],
        ),
        (replace(COMPLETE, agreements=(_agreement("new_era", VIEW),)), TODAY, []),
        (replace(COMPLETE, agreements=(_agreement("no_longer_there"),)), TODAY, []),
        (
            replace(COMPLETE, near=NEAR),
            TODAY,
            ["The last day to apply for measures is near: Friday 20 November 2026."],
        ),
        (
            replace(COMPLETE, near=replace(NEAR, is_over=True)),
            TODAY,
            [
                f"The court's limit to apply was Friday 20 November 2026. {LATE_IS_POSSIBLE}",
            ],
        ),
        (replace(COMPLETE, measures=(_measure("no_longer_a_row", "wished"),)), TODAY, []),
    ],
)
def test_what_is_missing_is_said_in_words(known: Known, today: date, said: list[str]) -> None:
    assert list(missing(known, today, CALENDAR, RULES, MEASURES)) == said


def test_a_limit_that_is_near_is_said_first() -> None:
    known = replace(Known(COURT), near=NEAR, measures=(_measure("screen", "wished"),))
    said = missing(known, TODAY, CALENDAR, RULES, MEASURES)
    assert said[0].startswith("The last day to apply")
    assert len(said) == 5


# --- to whom something is given

OFFICER = Officer(OfficerId("pc"), "PC Example", "0001", TeamId("stafford"))


def _member(identity: str, team: str, *, active: bool = True) -> StaffMember:
    return StaffMember(OfficerId(identity), identity.title(), "0007", TeamId(team), active)


FORCE = Force(
    staff=(
        _member("pc", "stafford"),
        _member("other", "stafford"),
        _member("sgt", "stafford"),
        _member("far", "stoke"),
        _member("carer", "witness-care"),
        _member("gone", "witness-care", active=False),
        _member("juniper", "new-era"),
        _member("laurel", "staffordshire-womens-aid"),
    ),
    teams=(),
    absences=(),
    roles={
        OfficerId("sgt"): "supervisor",
        OfficerId("far"): "supervisor",
        OfficerId("carer"): "witness_care",
        OfficerId("gone"): "witness_care",
        OfficerId("juniper"): "partner",
        OfficerId("laurel"): "partner",
    },
)


def _people(*flags: str, named: str = "", stage: str = "charged") -> dict[str, list[str]]:
    entry = StageEntry("e", stage, TODAY, NOON, "desk")
    case = Case(
        CASE,
        "12/345678/90",
        "burglary",
        frozenset(flags),
        date(2026, 11, 2),
        OFFICER,
        (entry,),
        (),
        named=frozenset({OfficerId(named)} if named else ()),
    )
    withdrawn = replace(_agreement("staffordshire_womens_aid"), withdrawn_at=NOON)
    agreements = (_agreement("new_era"), withdrawn)
    groups = people_for_tasks(case, FORCE, agreements, TODAY, RULES)
    return {heading: [person.id for person in people] for heading, people in groups}


def test_something_is_given_to_those_who_know_the_case() -> None:
    assert _people() == {
        "Officer in charge": ["pc"],
        "Supervisors of the team": ["sgt"],
        "Witness care": ["carer"],
        "New Era": ["juniper"],
    }


def test_before_a_charge_nothing_is_given_to_witness_care() -> None:
    assert "Witness care" not in _people(stage="investigating")


def test_a_restricted_case_is_known_to_named_people_and_to_whom_the_victim_agreed() -> None:
    assert _people("restricted", named="other") == {
        "Officer in charge": ["pc"],
        "Named people": ["other"],
        "New Era": ["juniper"],
    }
