"""Days as officers write them: day before month, never in the future, never before they can be."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.domain.dates import read_day
from chalicelib.web.staff.case_fields import length_problem, number_of, past_day

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-04",
        "4/11/2026",
        "04/11/2026",
        "4.11.2026",
        "04-11-2026",
        "4 11 2026",
        " 4/11/2026 ",
    ],
)
def test_a_day_is_read_day_before_month(text: str) -> None:
    assert read_day(text, TODAY) == date(2026, 11, 4)


def test_today_and_the_days_beside_it_are_days() -> None:
    assert read_day("Today", TODAY) == TODAY
    assert read_day("yesterday ", TODAY) == date(2026, 11, 17)
    assert read_day("TOMORROW", TODAY) == date(2026, 11, 19)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4/11/26",
        "31/02/2026",
        "2026-13-01",
        "20261104",
        "2026-W45-3",
        "11/2026",
        "\u0664/11/2026",
    ],
)
def test_what_may_mean_two_days_or_none_is_not_guessed(text: str) -> None:
    assert read_day(text, TODAY) is None
    assert past_day(text, first=TODAY, first_is="the report", today=TODAY).problem


def test_the_first_and_the_last_possible_day_are_possible() -> None:
    for text in ("2026-11-02", "today"):
        field = past_day(text, first=date(2026, 11, 2), first_is="the report", today=TODAY)
        assert field.day is not None
        assert not field.problem


def test_an_earlier_day_is_refused_with_the_day_that_it_is_before() -> None:
    field = past_day("1/11/2026", first=date(2026, 11, 2), first_is="the report", today=TODAY)
    assert field.problem == ("Sunday 1 November 2026 is before the report, Monday 2 November 2026.")


@pytest.mark.parametrize(("length", "words"), [(10, ""), (11, "1 character "), (1_500, "1,490 ")])
def test_how_much_is_too_much_is_said(length: int, words: str) -> None:
    assert words in length_problem("x" * length, 10, "Your answer")


@pytest.mark.parametrize("text", ["", "-1", "1.5", "123456", "\u0661", "x", " 1"])
def test_what_is_no_number_is_one_that_nothing_has(text: str) -> None:
    assert number_of(text) == -1
