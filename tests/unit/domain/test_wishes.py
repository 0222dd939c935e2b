"""What a victim presses counts by what their page showed them, and hints at nothing that waits."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.appointments import calendar_entry
from chalicelib.domain.cases import Told
from chalicelib.domain.measures import Measure, MeasureStep, step_shown, told_of, untold_since
from chalicelib.domain.wishes import may_wish, may_withdraw, view_mark, with_wish, withdrawn
from chalicelib.rules.measures import load_measures

RULES = load_measures()
DAY = date(2026, 11, 18)
MORNING = datetime(2026, 11, 18, 9, tzinfo=UTC)
TOLD = Told(DAY, "by phone")


def measure(*states: str, told: Told | None = None) -> Measure:
    """Return a measure that went through these states."""
    steps = (MeasureStep(s, DAY, MORNING, "PC Example", told=told, event="e") for s in states)
    return Measure("screen", tuple(steps))


@pytest.mark.parametrize(
    ("found", "knows", "may"),
    [
        (None, False, True),
        (measure("wished"), False, False),
        (measure("asked"), False, False),
        (measure("withdrawn"), False, True),
        (measure("withdrawn", "applied"), False, True),  # the application may not be read yet
        (measure("applied"), False, True),  # nothing of it may be read yet
        (measure("asked", "applied"), False, False),
        (measure("applied"), True, False),
        (measure("applied", "refused"), True, False),  # not told: it is asked for already
        (measure("refused"), True, True),  # they read nothing of it yet
        (measure("applied", "refused", told=TOLD), True, True),
    ],
)
def test_who_may_ask_for_a_measure(found: Measure | None, *, knows: bool, may: bool) -> None:
    assert may_wish(found, RULES, knows_of_charge=knows) == may


def _shown(*steps: tuple[str, str, Told | None]) -> str | None:
    rows = (MeasureStep(state, DAY, MORNING, by, told=told) for state, by, told in steps)
    found = step_shown(Measure("screen", tuple(rows)), RULES, knows_of_charge=True)
    return found.state if found else None


def test_what_comes_of_an_untold_refusal_waits_with_it() -> None:
    staff, applied, refused = "PC Example", ("applied", "PC Example", None), "refused"
    untold, told = (refused, staff, None), (refused, staff, TOLD)
    assert _shown(applied, untold) == "applied"
    assert _shown(applied, untold, ("asked", staff, None)) == "applied"
    assert _shown(applied, untold, ("asked", staff, None), ("granted", staff, None)) == "applied"
    assert _shown(applied, untold, ("withdrawn", "victim", None)) == "withdrawn"
    assert _shown(applied, told, ("asked", staff, None)) == "asked"
    # Told of what the court decided in the end, they know that it was asked again.
    assert _shown(applied, untold, applied, ("granted", staff, TOLD)) == "granted"
    assert _shown(applied, untold, applied, told, ("asked", staff, None)) == "asked"
    assert _shown(untold) is None


def test_since_when_a_decision_waits_to_be_told() -> None:
    assert untold_since(measure("applied", "refused"), RULES) == MORNING
    assert untold_since(measure("applied", "granted"), RULES) is None
    assert untold_since(measure("applied", "refused", told=TOLD), RULES) is None


def test_a_wish_stands_where_they_read_and_what_waits_stays_newest() -> None:
    before = measure("asked", "withdrawn", "applied", "granted")
    found = with_wish(before, "screen", MORNING, rules=RULES, knows_of_charge=False)
    states = [step.state for step in found.steps]
    assert states == ["asked", "withdrawn", "wished", "applied", "granted"]
    shown = step_shown(found, RULES, knows_of_charge=False)
    assert shown is not None
    assert shown.state == "wished"


def test_a_wish_after_what_they_read_is_the_newest_step() -> None:
    found = with_wish(measure("withdrawn"), "screen", MORNING, rules=RULES, knows_of_charge=False)
    assert found.state == "wished"
    assert found.current.by == "victim"


@pytest.mark.parametrize(
    ("found", "may"),
    [
        (measure("wished"), True),
        (measure("applied"), True),
        (measure("applied", "refused"), True),  # not told: their page shows it as applied for
        (measure("applied", "granted"), False),
        (measure("applied", "refused", told=TOLD), False),
        (measure("wished", "withdrawn"), False),
    ],
)
def test_a_wish_is_withdrawn_before_a_decision_that_they_know_of(
    found: Measure, *, may: bool
) -> None:
    assert may_withdraw(found, RULES, knows_of_charge=True) == may


def test_who_withdraws_leaves_the_steps_before() -> None:
    assert [s.state for s in withdrawn(measure("wished"), MORNING).steps] == ["wished", "withdrawn"]


def test_the_day_of_a_wish_is_that_of_staffordshire() -> None:
    late = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    found = with_wish(None, "screen", late, rules=RULES, knows_of_charge=False)
    assert found.current.on == date(2026, 6, 2)


def test_a_telling_is_noted_with_the_decisions_of_its_event_alone() -> None:
    other = MeasureStep("granted", DAY, MORNING, "PC Example", event="other")
    found = Measure("screen", (*measure("refused").steps, other))
    assert [step.told for step in told_of(found, "e", TOLD).steps] == [TOLD, None]


def test_a_mark_tells_views_apart() -> None:
    assert view_mark("one") == view_mark("one") != view_mark("two")
    assert view_mark("\ud800")


def test_an_entry_is_a_whole_day_with_lines_that_end_as_they_must() -> None:
    entry = calendar_entry(date(2026, 12, 31), "random", MORNING)
    assert entry.endswith("END:VCALENDAR\r\n")
    assert "\n" not in entry.replace("\r\n", "")
    lines = entry.split("\r\n")
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "DTSTAMP:20261118T090000Z" in lines
    assert "UID:random" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
