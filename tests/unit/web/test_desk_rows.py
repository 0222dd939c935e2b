"""How a promise stands in a list on a given day, and which addresses are ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.cases import OfficerId, TeamId, VictimKey
from chalicelib.domain.promises import BEFORE_COURT, REPLY, REVIEW, TASK, TELL, Promise, Working
from chalicelib.rules import load_rules
from chalicelib.services.worklist import Group, group_of
from chalicelib.web.staff.desk import our_path
from chalicelib.web.staff.rows import due_alone, row_of

FRIDAY = date(2026, 11, 20)
SATURDAY, SUNDAY, MONDAY = (FRIDAY + timedelta(days=days) for days in (1, 2, 3))


def _promise(due_on: date, kind: str = TELL) -> Promise:
    return Promise(
        id="p1",
        kind=kind,
        case_key="k",
        victim=VictimKey("v"),
        reference="12/345678/90",
        owed="An answer to your question",
        due_on=due_on,
        made_at=datetime(2026, 11, 1, tzinfo=UTC),
        owner=OfficerId("o"),
        team=TeamId("t"),
        subject="1",
        working=Working("contact.reply", due_on, 5, "our standard"),
    )


@pytest.mark.parametrize(
    ("today", "due_on", "group"),
    [
        (FRIDAY, FRIDAY - timedelta(days=1), Group.LATE),
        (FRIDAY, FRIDAY, Group.TODAY),
        (FRIDAY, SATURDAY, Group.THIS_WEEK),
        (FRIDAY, SUNDAY, Group.THIS_WEEK),
        (FRIDAY, MONDAY, Group.LATER),
        (SUNDAY, SUNDAY, Group.TODAY),
        (SUNDAY, MONDAY, Group.LATER),
        (MONDAY, MONDAY + timedelta(days=6), Group.THIS_WEEK),
        (MONDAY, MONDAY + timedelta(days=7), Group.LATER),
    ],
)
def test_a_week_ends_on_sunday(today: date, due_on: date, group: Group) -> None:
    assert group_of(_promise(due_on), today) == group


@pytest.mark.parametrize("days", [0, 1, 30])
def test_a_question_in_time_stands_with_the_questions_whenever_it_is_due(days: int) -> None:
    assert group_of(_promise(FRIDAY + timedelta(days=days), REPLY), FRIDAY) == Group.QUESTIONS


def test_a_late_question_is_late_first_of_all() -> None:
    assert group_of(_promise(FRIDAY - timedelta(days=1), REPLY), FRIDAY) == Group.LATE


@pytest.mark.parametrize(
    ("due_on", "state"),
    [
        (FRIDAY - timedelta(days=1), "Late by 1 day"),
        (FRIDAY - timedelta(days=9), "Late by 9 days"),
        (FRIDAY, "Today"),
        (SATURDAY, ""),
    ],
)
def test_late_and_today_are_said_in_words(due_on: date, state: str) -> None:
    assert row_of(_promise(due_on), FRIDAY).state == state


def _review(due_on: date, hearing: date, **more: Any) -> Promise:
    working = Working(BEFORE_COURT, hearing, 10, "our standard")
    return replace(_promise(due_on, REVIEW), working=working, **more)


@pytest.mark.parametrize(
    ("due_on", "hearing", "note"),
    [
        (MONDAY, FRIDAY + timedelta(days=17), "Court is in 17 days, on Monday 7 December 2026."),
        (
            FRIDAY,
            SATURDAY,
            "Court is tomorrow, on Saturday 21 November 2026, and nobody has closed the review.",
        ),
        (
            FRIDAY,
            FRIDAY,
            "Court is today, on Friday 20 November 2026, and nobody has closed the review.",
        ),
        (
            FRIDAY - timedelta(days=1),
            MONDAY,
            "Court is in 3 days, on Monday 23 November 2026, and nobody has closed the review.",
        ),
        (
            FRIDAY - timedelta(days=9),
            FRIDAY - timedelta(days=1),
            "Court was on Thursday 19 November 2026, and there was no review.",
        ),
    ],
)
def test_a_review_says_how_near_court_is(due_on: date, hearing: date, note: str) -> None:
    row = row_of(_review(due_on, hearing), FRIDAY, load_rules())
    assert (row.what, row.button) == ("Review before court", "Review")
    assert row.address == "/cases/k/review?victim=v"
    assert row.note == note


def test_a_review_that_went_up_says_who_looks_into_it() -> None:
    raised = {"raised_at": datetime(2026, 11, 20, tzinfo=UTC), "raised_to": "Sergeant Example"}
    row = row_of(_review(FRIDAY - timedelta(days=1), MONDAY, **raised), FRIDAY, load_rules())
    assert row.note.endswith("closed the review. Sergeant Example is looking into this.")


@pytest.mark.parametrize(
    ("rule", "address", "button"),
    [
        ("task.supporter", "/cases/k/task?victim=v&promise=p1", "Record it"),
        ("court.apply_crown", "/cases/k/measures?victim=v", "Measures"),
    ],
)
def test_a_task_leads_to_where_it_is_recorded(rule: str, address: str, button: str) -> None:
    working = Working(rule, FRIDAY, 5, "our standard")
    task = replace(
        _promise(MONDAY, TASK), working=working, event="supporter", task="Ask New Era first."
    )
    row = row_of(task, FRIDAY, load_rules())
    assert (row.what, row.note) == ("Find who is with them at court", "Ask New Era first.")
    assert (row.address, row.button) == (address, button)


def test_a_due_date_alone_says_nothing_else() -> None:
    row = due_alone(_promise(FRIDAY, REPLY), FRIDAY)
    assert row.due == "Friday 20 November 2026"
    assert not any((row.what, row.reference, row.address, row.button))


@pytest.mark.parametrize(
    "path",
    ["/", "/team", "/cases/abc/told", "/cases/abc/codes/new?victim=a2&x=1", "/?after=MjA_-%3D"],
)
def test_our_own_paths_are_ours(path: str) -> None:
    assert our_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "team",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/a/../..//evil",
        "/a?b=https://evil.example",
        "/a\r\nb",
        "/a#b",
        "/é",
        "/" + "a" * 500,
    ],
)
def test_whatever_else_is_the_first_page(path: str) -> None:
    assert our_path(path) == "/"
